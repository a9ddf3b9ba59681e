"""From the form of a date to EDTF, against the document's day and the dates mentioned before."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import NamedTuple

from zizhu.read.dates.forms import WHOLE, Count, Form, Part, Point, Weekday, Year
from zizhu.vocab.periods import Period, edtf, parse
from zizhu.vocab.problems import ZizhuError

_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_DAYS = {"day": 1, "week": 7, "this week": 7}
_DECADE = 10
_SOON = 31
_QUARTER = 92
_LOOKS_BACK = 3
"""The last month in which a year is summed up that has ended."""
_FINE = {"day", "week", "this week", "month", "quarter"}


class Anchor(NamedTuple):
    """The document's day as far as it is known: `level` 1 year, 2 month, 3 day."""

    day: date
    level: int
    text: str


def anchored(text: str | None) -> Anchor | None:
    """The anchor that an EDTF text gives, its last day if it is a month or a year; None without one."""
    try:
        return Anchor(parse(text).end, text.count("-") + 1, text) if text else None
    except ZizhuError:
        return None


def resolved(form: Form, anchor: Anchor | None, before: Period | None) -> tuple[Period, str | None] | None:
    """The period of a form and what it was resolved against; None where that cannot be said."""
    try:
        if isinstance(form, Point):
            return _point(form, anchor, before)
        if isinstance(form, Count):
            return _count(form, anchor, before)
        if isinstance(form, Weekday):
            return _weekday(form, anchor)
        return _interval(*form, anchor, before)
    except (ValueError, OverflowError):
        return None


def written(period: Period) -> str:
    """EDTF of a period; years and months, the most frequent ones, without search."""
    a, b = period.start, period.end
    if period.years == 1:
        return f"{a.year:04d}"
    if (a.year, a.month) == (b.year, b.month) and a.day == 1 and b.day == _last_day(b.year, b.month):
        return f"{a:%Y-%m}"
    return edtf(period)


def _point(point: Point, anchor: Anchor | None, before: Period | None) -> tuple[Period, str | None] | None:
    found = _year(point, anchor, before)
    if found is None:
        return None
    year, against = found
    return _of(year, point.part), against


def _year(point: Point, anchor: Anchor | None, before: Period | None) -> tuple[int, str | None] | None:
    base, number = point.year
    if base == "fixed":
        return number, None
    if base == "chained" and before is not None:
        return before.end.year + number, written(before)
    if anchor is None:
        return None
    if base in ("anchor", "chained"):
        return anchor.day.year + number, anchor.text
    if base == "decade":
        return anchor.day.year // _DECADE * _DECADE + number, anchor.text
    if base == "closed":
        return anchor.day.year - sums_up(anchor), anchor.text
    return _nearest(point.part, base == "ahead", anchor.day), anchor.text


def sums_up(anchor: Anchor) -> bool:
    """Whether a document is of the months in which the year before is summed up."""
    return anchor.level > 1 and anchor.day.month <= _LOOKS_BACK


def _nearest(part: Part, ahead: bool, day: date) -> int:
    """The year in which the part last began before that day, or next ends after it.

    Nobody calls a month of eleven months ago by its name alone, so one that begins within a month is that one.
    """
    if ahead:
        return day.year + (part.last < day.month)
    for year in (day.year + 1, day.year):
        whole = _of(year, part)
        days = (whole.start - day).days
        if days <= (_SOON if part.first == part.last else 0) and not _under_way(whole, day):
            return year
    return day.year - 1


def _under_way(period: Period, day: date) -> bool:
    """Whether a long part of a year is far from over: `January to June` in April was the year before."""
    return (period.end - period.start).days > _QUARTER and (period.end - day).days > _SOON


def _of(year: int, part: Part) -> Period:
    end_year = year + (part.last < part.first)
    start = date(year, part.first, part.day or 1)
    if part.day and not part.until and part.first == part.last:
        return Period(start, start)
    return Period(start, date(end_year, part.last, part.until or _last_day(end_year, part.last)))


def _interval(
    first: Point, last: Point, anchor: Anchor | None, before: Period | None
) -> tuple[Period, str | None] | None:
    end = _point(last, anchor, before)
    start = _point(first, anchor, before)
    if start is None or end is None:
        return None
    if end[0].end < start[0].start:
        raise ValueError("ends before it starts")
    return Period(start[0].start, end[0].end), end[1] or start[1]


def _count(count: Count, anchor: Anchor | None, before: Period | None) -> tuple[Period, str | None] | None:
    if count.chained and before is not None:
        years = before.end.year - before.start.year
        part = (
            count.unit == "year" and not count.stretch and (years == 0 or (years == 1 and before.years == 2))
        )
        moved = _same_part(before, count.number) if part else _moved(before.end, count)
        return moved, written(before)
    if anchor is None or (count.unit in _FINE and anchor.level < 2 + (count.unit in _DAYS)):
        return None
    if count.unit == "closed year":
        year = anchor.day.year - 1
        return Period(date(year, 1, 1), date(year + (not sums_up(anchor)), 12, 31)), anchor.text
    return _moved(anchor.day, count), anchor.text


def _same_part(before: Period, years: int) -> Period:
    """The same quarter, month, day or financial year some years away: `in 2024-25, from 5 percent a year earlier`."""
    return Period(_in_year(before.start, years), _in_year(before.end, years))


def _in_year(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, _last_day(year, day.month)))


def _moved(day: date, count: Count) -> Period:
    if count.unit == "this week":
        monday = day + timedelta(days=7 * count.number + 1 - day.isoweekday())
        return Period(monday, monday + timedelta(days=6))
    if count.unit == "this decade":
        first = (day.year // 10 + count.number) * 10
        return Period(date(first, 1, 1), date(first + 9, 12, 31))
    if count.unit in _DAYS:
        other = day + timedelta(days=count.number * _DAYS[count.unit])
        low, high = sorted((day, other))
        return Period(low, high) if count.stretch else Period(other, other)
    months = day.year * 12 + day.month - 1 + count.number * _MONTHS[count.unit]
    year, month = divmod(months, 12)
    fine = count.unit in _FINE
    ends = [(year, month + 1), (day.year, day.month)] if count.stretch else [(year, month + 1)] * 2
    (y0, m0), (y1, m1) = sorted(ends)
    if not fine:
        return Period(date(y0, 1, 1), date(y1, 12, 31))
    if count.unit == "quarter" and not count.stretch:
        m0 = 3 * ((m0 - 1) // 3) + 1
        m1 = m0 + 2
    return Period(date(y0, m0, 1), date(y1, m1, _last_day(y1, m1)))


def _weekday(form: Weekday, anchor: Anchor | None) -> tuple[Period, str | None] | None:
    if anchor is None or anchor.level < 3:
        return None
    today = anchor.day.isoweekday()
    back = (today - form.day) % 7
    if form.shift < 0 and back == 0:
        back = 7
    days = -back if form.shift <= 0 else ((form.day - today) % 7 or 7)
    day = anchor.day + timedelta(days=days)
    return Period(day, day), anchor.text


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def whole(year: int) -> Point:
    """A calendar year."""
    return Point(Year("fixed", year), WHOLE)
