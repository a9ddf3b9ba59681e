"""Plans by their Chinese titles, with ids of the place and the title: `CN-HB-湖北省生物医药产业发展规划`.

A title stands in 《》, in quotation marks if it ends in a word such as 战略, or is the line that opens a document. The
general five-year plan of a place goes by its number (`CN-SC-FYP14`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.plans import ordinals, short_code
from zizhu.read.rules.tokens import Token

_LONGEST = 60
_SHORTEST = 5
_GENERAL = "国民经济"
"""What the title of a general five-year plan has in it; so has one without a word for a sector."""
_BEFORE = 2
"""Tokens before a title among which the place ends whose it is: 欧盟《净零工业法案》."""


def titled(
    found: Sequence[Token], places: Sequence[Mark], sectors: Sequence[Mark], home: str, opens: bool
) -> Iterator[Mark]:
    """Titles of plans in a sentence; `opens` says that it is a line at the head of the document."""
    for first, last in _ranges(found, opens):
        name = "".join(t.text for t in found[first:last])
        if _bare(name).endswith(_heads()) and len(name) >= _SHORTEST:
            yield Mark(first, last, "plan", _id(found[first:last], first, places, sectors, home))


@cache
def _heads() -> tuple[str, ...]:
    """The Chinese words in which titles end."""
    return tuple(h for h in words_tagged("plan_head") if h[0] >= "\u3400")


def of_one_title(names: Sequence[tuple[Mark, ...]]) -> list[tuple[Mark, ...]]:
    """Names in which one title is one plan: that of the place beside which it stands first."""
    first: dict[str, str] = {}
    for mark in (m for of in names for m in of if m.tag == "plan" and m.value[-1] >= "\u3400"):
        first.setdefault(mark.value.rpartition("-")[2], mark.value)
    if not first:
        return list(names)
    return [tuple(m._replace(value=first.get(_title(m), m.value)) for m in of) for of in names]


def _title(mark: Mark) -> str:
    return mark.value.rpartition("-")[2] if mark.tag == "plan" else ""


def _ranges(found: Sequence[Token], opens: bool) -> Iterator[tuple[int, int]]:
    """The token ranges of titles: within 《》, else a whole line that opens the document."""
    quoted, opened = False, -1
    for at, token in enumerate(found):
        if token.text in "《“":
            opened = at
        elif token.text in "》”" and 0 <= opened < at - 2:
            quoted = quoted or token.text == "》"
            yield opened + 1, at
            opened = -1
    if (
        opens
        and not quoted
        and found
        and found[0].han
        and len(found) <= _LONGEST
        and found[-1].text not in "。！？；"
    ):
        end = next((k for k, t in enumerate(found) if t.text in "，："), len(found))
        yield 0, end


def _bare(name: str) -> str:
    """A title without what stands in brackets at its end, and without `notice of`."""
    for opened, closed in ("（）", "()"):
        while name.endswith(closed) and opened in name:
            name = name[: name.rindex(opened)]
    return name.removesuffix("的通知").rstrip("0123456789年")


def _id(
    name: Sequence[Token], offset: int, places: Sequence[Mark], sectors: Sequence[Mark], home: str
) -> str:
    last = offset + len(name)
    inside = [m.value for m in places if offset <= m.first and m.last <= last]
    before = [m.value for m in places if offset - _BEFORE <= m.last <= offset]
    issuer = short_code((inside or before or [home])[0])
    title = _bare("".join(t.text for t in name))
    five = next((number for _, end, number in ordinals(name) if _five_year(name, end)), 0)
    of_sector = any(offset <= m.first and m.last <= last for m in sectors) or "产业" in title
    if five and (_GENERAL in title or not of_sector):
        return f"{issuer}-FYP{five}"
    return f"{issuer}-{title}" if issuer else title


def _five_year(name: Sequence[Token], at: int) -> bool:
    """Whether 五 or 个五年 follows an ordinal: 十四五, 第十四个五年规划."""
    after = "".join(t.text for t in name[at : at + 3])
    return after.startswith(("五", "个五年"))
