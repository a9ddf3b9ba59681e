"""Dates and spans in a subset of EDTF (ISO 8601-2): `2024`, `2024-07`, `2024-40`, `2013/2022`, `2021-01~`.

Understood are a year, a month, a day, a quarter (33 to 36 in the place of the month), a half year (40, 41), the same
as SDMX writes them (`2019-Q1`, `2019-S2`), an interval of two of these, and the marks `~` (about), `?` (uncertain) and
`%` (both), read as "about".
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, total_ordering

from zizhu.vocab.problems import Problem, ZizhuError

_SDMX = re.compile(r"(\d{4})-([QS])([1-4])([~?%]?)")
_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)")
_QUARTER, _HALF = 33, 40
_CODES = (0, *range(1, 13), *range(_QUARTER, _QUARTER + 4), _HALF, _HALF + 1)
_ORDINALS = ("first", "second", "third", "fourth")


@total_ordering
@dataclass(frozen=True)
class Period:
    """All days from `start` to `end`, both included; ordered by the end, then by the start."""

    start: date
    end: date
    approximate: bool = False

    def __lt__(self, other: Period) -> bool:
        return (self.end, self.start, self.approximate) < (other.end, other.start, other.approximate)

    @property
    def years(self) -> int | None:
        """The number of whole calendar years covered, or None when the period is not made of whole years."""
        whole = (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)
        return self.end.year - self.start.year + 1 if whole else None


@cache
def parse(text: str, where: str = "") -> Period:
    """The period that `text` names.

    Raises ZizhuError for a text that is none, for a day that does not exist and for an interval that ends
    before it starts.

    >>> parse("2024-40").end
    datetime.date(2024, 6, 30)
    """
    parts = text.split("/")
    if len(parts) > 2:
        raise _bad(text, where)
    first, last = _simple(parts[0], text, where), _simple(parts[-1], text, where)
    if last.start < first.start:
        raise _bad(text, where)
    return Period(first.start, last.end, first.approximate or last.approximate)


def edtf(period: Period) -> str:
    """The shortest text that `parse` reads as this period."""
    mark = "~" if period.approximate else ""
    single = _as_one(period.start, period.end)
    if single:
        return single + mark
    first, last = _ends(period)
    return f"{first}{mark}/{last}{mark}"


def label(period: Period) -> str:
    """The period in words: `first half of 2024`, `July 2025`, `2013 to 2022`, `about 2021`.

    >>> label(parse("2024-40"))
    'first half of 2024'
    """
    single = _as_one(period.start, period.end)
    words = _words(single) if single else " to ".join(map(_words, _ends(period)))
    return f"about {words}" if period.approximate else words


def _season(found: re.Match[str]) -> str:
    """A quarter or half year as SDMX writes it (2019-Q1) in the form of EDTF (2019-33)."""
    first = _QUARTER if found[2] == "Q" else _HALF
    return f"{found[1]}-{first + int(found[3]) - 1}{found[4]}"


def _simple(part: str, text: str, where: str) -> Period:
    match = _FORM.fullmatch(_SDMX.sub(_season, part))
    if match is None:
        raise _bad(text, where)
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if (match[2] and not month) or (match[3] and not day):
        raise _bad(text, where)
    try:
        start, end = _span(year, month, day)
    except ValueError:
        raise _bad(text, where) from None
    return Period(start, end, bool(match[4]))


def _span(year: int, month: int, day: int) -> tuple[date, date]:
    if day:
        return date(year, month, day), date(year, month, day)
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if _QUARTER <= month < _QUARTER + 4:
        return _months(year, 3 * (month - _QUARTER) + 1, 3)
    if _HALF <= month < _HALF + 2:
        return _months(year, 6 * (month - _HALF) + 1, 6)
    return _months(year, month, 1)


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _as_one(start: date, end: date) -> str:
    year = f"{start.year:04d}"
    for code in _CODES:
        if _span(start.year, code, 0) == (start, end):
            return f"{year}-{code:02d}" if code else year
    return f"{year}-{start:%m-%d}" if start == end else ""


def _ends(period: Period) -> tuple[str, str]:
    start, end = period.start, period.end
    first, last = f"{start.year:04d}", f"{end.year:04d}"
    if period.years:
        return first, last
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        return f"{first}-{start:%m}", f"{last}-{end:%m}"
    return f"{first}-{start:%m-%d}", f"{last}-{end:%m-%d}"


def _words(code: str) -> str:
    year, _, rest = code.partition("-")
    month, _, day = rest.partition("-")
    if not month:
        return year
    number = int(month)
    if number >= _HALF:
        return f"{_ORDINALS[number - _HALF]} half of {year}"
    if number >= _QUARTER:
        return f"{_ORDINALS[number - _QUARTER]} quarter of {year}"
    words = f"{calendar.month_name[number]} {year}"
    return f"{int(day)} {words}" if day else words


def _bad(text: str, where: str) -> ZizhuError:
    return ZizhuError(
        Problem(
            f"{text!r} is no period",
            where or "period",
            "2024, 2024-07, 2024-07-31, 2024-33 (first quarter), 2024-40 (first half), 2013/2022, 2021-01~",
            "Write the year first, then month and day, each with two digits.",
        )
    )
