"""What a number in a Chinese sentence measures: the measure word in front of it in its part of the sentence.

`硬质合金产量4.6万吨，增长5%`: 产量, and behind the comma the growth of the same. Parts end at marks.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.vocab.countries import countries

_SMALL = 4
"""Characters that words such as 比上年 or 其中 leave, at most."""
_MARKS = frozenset("，；。：、,;:()（）！？!?\n")


class Measured(NamedTuple):
    """A measure with the thing right before it, the whole of a share, and whether the number is its change."""

    measure: str = ""
    thing: str = ""
    whole: str = ""
    counted: str = ""
    changed: bool = False
    same: bool = False
    """Whether the part names no measure: the number goes on about what the one before it measured."""


def measured(read: Reading, first: int, last: int) -> Measured:
    """What the number at tokens first to last measures."""
    part = _part(read, first, last)
    series = of_two(read, first)
    if series:
        return series._replace(changed=_changed(read, part, _pair(read, first)[0]))
    marks = [m for m in read.concepts if part[0] <= m.first and m.last <= part[1]]
    before = [m for m in marks if m.last <= first]
    behind = [m for m in marks if m.first >= last]
    said = _last(before, "measure") or _first(behind, "measure")
    counted = _last(before, "counted") or _first(behind, "counted")
    share = _share(read, part, marks, first)
    thing = _thing(before if said in before else behind, said) if said else None
    changed = _changed(read, part, first)
    grown = [m for m in before if said and m.tag == "measure" and m.last <= said.first]
    if said and said.value == "growth_rate" and grown:
        said, changed = grown[-1], True
    elif said and said.value == "share" and grown:
        said = grown[-1]  # 增加值占GDP比重
    return Measured(
        _partner(read, said, part) if said else "",
        thing.value if thing else "",
        share,
        counted.value if counted else "",
        changed,
        not said and not counted and not _unknown(read, (part[0], first)),
    )


def of_two(read: Reading, first: int) -> Measured | None:
    """The series of a number of a pair behind a word that names two: `产销分别完成30万辆和31万辆，增长3%和4%`."""
    named = read.tagged("two_series", (0, first))
    pair = _pair(read, first) if named else ()
    if not pair:
        return None
    thing = next((m.value for m in read.concepts if m.tag == "object" and m.last == named[-1].first), "")
    return Measured(named[-1].value.split()[pair.index(first)], thing)


def _pair(read: Reading, first: int) -> tuple[int, ...]:
    """The first tokens of two numbers of one unit that stand side by side, the one at a token among them."""
    for one, other in pairwise(read.numbers):
        starts = read.at(one.span.start), read.at(other.span.start)
        joined = read.text[one.span.end : other.span.start].strip() in words_tagged("joins_two")
        if first in starts and joined and one.unit == other.unit:
            return starts
    return ()


def _unknown(read: Reading, of: Range) -> bool:
    """Whether the words before a number name a thing that no list has, so that it does not go on about another."""
    known = {
        k
        for found in (*read.cues.values(), read.concepts, read.names)
        for m in found
        for k in range(m.first, m.last)
    }
    left = [k for k in range(*of) if read.tokens[k].han and k not in known and k not in read.within_dates]
    return len(left) > _SMALL


def _partner(read: Reading, said: Mark, part: Range) -> str:
    """A measure of trade with the place that it is with: 对欧盟出口."""
    with_it = [m for m in read.names if m.tag == "place" and part[0] < m.first and m.last == said.first]
    if (
        said.value in ("exports", "imports")
        and with_it
        and read.tokens[with_it[0].first - 1].text in "对向自从"
    ):
        code = with_it[0].value
        way = "from" if said.value == "imports" else "to"
        return f"{said.value}_{way}_{countries()[code].iso2 if code in countries() else code}".lower()
    return said.value


def _part(read: Reading, first: int, last: int) -> Range:
    """The tokens between the marks around a number."""
    start = next((k + 1 for k in range(first - 1, -1, -1) if read.tokens[k].text in _MARKS), 0)
    if start and read.tokens[start - 1].text in ")）":
        opened = next((k for k in range(start - 1, -1, -1) if read.tokens[k].text in "(（"), 0)
        start = next((k + 1 for k in range(opened - 1, -1, -1) if read.tokens[k].text in _MARKS), 0)
    end = next((k for k in range(last, len(read.tokens)) if read.tokens[k].text in _MARKS), len(read.tokens))
    return start, end


def _last(marks: list[Mark], role: str) -> Mark | None:
    return next((m for m in reversed(marks) if m.tag == role), None)


def _first(marks: list[Mark], role: str) -> Mark | None:
    return next((m for m in marks if m.tag == role), None)


def _thing(marks: list[Mark], measure: Mark) -> Mark | None:
    """The thing whose name touches a measure: 新能源汽车 before 产量; or behind it: 进口 机床."""
    touching = [
        m for m in marks if m.tag == "object" and (m.last == measure.first or m.first == measure.last)
    ]
    return touching[0] if touching else None


def _share(read: Reading, part: Range, marks: list[Mark], first: int) -> str:
    """The whole between 占 and a number: 占全国的比重."""
    at = next((k for k in range(first - 1, part[0] - 1, -1) if read.tokens[k].text == "占"), -1)
    if at < 0:
        return ""
    held = [m for m in marks if m.tag == "whole" and at < m.first < first + 1]
    return held[0].value if held else "all"


def _changed(read: Reading, part: Range, first: int) -> bool:
    """Whether a verb of change without 到 stands between the beginning of a part and its number."""
    named = {k for m in read.concepts for k in range(m.first, m.last)}  # 增加 in 增加值
    near = [m for m in read.cues.get("change", ()) if part[0] <= m.first < first and m.first not in named]
    before = first - 1
    while before > part[0] and (before in read.within_dates or read.tokens[before].text == "的"):
        before -= 1  # 提高到2030年的50%
    back = read.tokens[before].text in words_tagged("reaches") if first else False
    return bool(near) and not back
