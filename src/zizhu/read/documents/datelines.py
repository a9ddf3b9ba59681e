"""The day of publication where no line states it: the dateline of a report, and the address of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zizhu.read.dates import dates
from zizhu.read.documents.signs import Found, signs

LINES = 12
"""Lines from the beginning among which a report begins."""
WIDEST = 120
"""Characters of a line in which its dateline stands."""
ENDS = 3_000
"""Characters at either end of a text in which the year of its copyright is looked for."""
_ADDRESS = re.compile(
    r"/[a-z]?(?P<y>(?:19|20)\d\d)(?P<s>[/-]?)(?P<m>0[1-9]|1[0-2])(?:(?P=s)(?P<d>0[1-9]|[12]\d|3[01]))?(?=[/_.-]|\Z)"
)
_PLACE = re.compile(r"[^\W\d_][\w .,'’/-]{1,60}?[,.] ?\Z")
_BEHIND = re.compile(r"\.?,? ?(?:\([^()]{1,40}\) ?)?(?:-{1,2}|[–—])")
_MARK = re.compile(r"\d,? ?(?:\([^()]{1,40}\) ?)?(?:-{1,2}|[–—]) |日[电讯]")
"""What may end a dateline."""
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff]{2,16}\Z")
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright|版权所有)\D{0,20}?(?:(?:19|20)\d\d ?[-–] ?)?((?:19|20)\d\d)(?!\d)", re.IGNORECASE
)


def in_address(name: str) -> Iterator[Found]:
    """The day or month in the address of a page: `https://example.org/2024/03/05/ports.html`."""
    places = list(_ADDRESS.finditer(name)) if "://" in name[:12] else []
    if places:
        found = next((place for place in places if place["d"]), places[0])
        day = "-".join(part for part in found.group("y", "m", "d") if part)
        yield Found("published", day, f"address {name[:80]!r}", signs("address")[""].confidence)


def in_dateline(text: str) -> Iterator[Found]:
    """The day of `LIMA, March 5 (Agency) -` or `利马3月5日电`; a year that it leaves out is that of the copyright."""
    lines = (line.strip() for line in text[: LINES * 1_000].splitlines() if line.strip())
    for line, _ in zip(lines, range(LINES), strict=False):
        start = line[:WIDEST]
        if not _MARK.search(start):
            continue
        rights = _rights(text)
        for when in dates(start, anchor=f"{rights}-12-31" if rights else None)[:1]:
            if when.edtf.count("-") == 2 and "/" not in when.edtf and _is_one(start, *when.span):
                told = f", year of the copyright {rights}" if when.resolved_against else ""
                sure = signs("dateline")["year" if told else ""].confidence
                yield Found("published", when.edtf, f"dateline {start[:60]!r}{told}", sure)
                return


def _is_one(start: str, first: int, last: int) -> bool:
    """Whether what stands around a date at the beginning of a line makes a dateline of it."""
    before = start[:first]
    if start[last : last + 1] in ("电", "讯") and not start[last + 1 : last + 2].isalnum():
        return bool(_HAN_BEFORE.fullmatch(before) or not before)
    return bool(_PLACE.fullmatch(before) and before[0].isupper() and _BEHIND.match(start, last))


def _rights(text: str) -> str:
    """The latest year for which a copyright is claimed at the beginning or end of a text."""
    ends = (text,) if len(text) <= 2 * ENDS else (text[:ENDS], text[-ENDS:])
    return max((found[1] for end in ends for found in _RIGHTS.finditer(end)), default="")
