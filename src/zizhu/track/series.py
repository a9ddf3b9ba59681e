"""The observations of an indicator as an annual series, as they were known on a day.

A year keeps all its values side by side; the best of them is the point. What is no point is told with the reason:
forecasts, values of the future or published later, other units, values beyond what the indicator can be, other spans.
Nothing is filled in: gaps stay gaps, and a change of definition splits the series.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from zizhu.ledger.models import Indicator, Observation
from zizhu.track import settings
from zizhu.vocab import periods, units

RANK = {"high": 0, "medium": 1, "low": 2}
"""The place of a quality of sources, the strongest first."""
_YEAR = re.compile(r"\d{4}[~?%]?")


@dataclass(frozen=True)
class Seen:
    """One observation in the unit of its series; a bound that the source leaves open is infinite."""

    of: Observation
    value: float
    lower: float
    upper: float

    @property
    def open(self) -> bool:
        """Whether the source says only that it is more, or less."""
        return not (math.isfinite(self.lower) and math.isfinite(self.upper))


class Point(NamedTuple):
    """A year: the value that stands for it, and the other values of it."""

    year: int
    best: Seen
    rest: tuple[Seen, ...] = ()

    @property
    def all(self) -> tuple[Seen, ...]:
        """All values of the year, the best first."""
        return (self.best, *self.rest)


class Left(NamedTuple):
    """An observation that is no point, and why."""

    of: Observation
    why: str


@dataclass(frozen=True)
class Series:
    """The annual points of one definition in one unit, oldest first.

    `earlier` are the points of other definitions before it, `beside` values of parts of a year, `left` the rest.
    """

    indicator: str
    unit: str
    points: tuple[Point, ...]
    earlier: tuple[Point, ...] = ()
    beside: tuple[Seen, ...] = ()
    left: tuple[Left, ...] = ()
    breaks: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """The years that have a point."""
        return tuple(p.year for p in self.points)

    @property
    def gaps(self) -> tuple[int, ...]:
        """The years between the first and the last point that have none."""
        held = set(self.years)
        return tuple(y for y in range(min(held), max(held)) if y not in held) if held else ()


def annual(
    held: Iterable[Observation], of: Indicator | None, unit: str, as_of: date, span: str = ""
) -> Series:
    """The series known on a day, in `unit`. With `span`, a year, changes since that year are its points."""
    years: dict[int, list[Seen]] = {}
    beside: list[Seen] = []
    left: list[Left] = []
    for o in held:
        why = unfit(o, of, unit, as_of) or _misplaced(o, span)
        if why:
            left.append(Left(o, why))
        elif (year := _year(o, span)) is not None:
            years.setdefault(year, []).append(seen(o, unit))
        else:
            beside.append(seen(o, unit))
    points = [Point(y, *_ordered(years[y])) for y in sorted(years)]
    start, breaks = _last_break(of, points)
    return Series(
        of.id if of else "",
        unit,
        tuple(p for p in points if p.year >= start),
        tuple(p for p in points if p.year < start),
        tuple(sorted(beside, key=lambda s: (end_of(s.of), s.of.id))),
        tuple(left),
        breaks,
    )


def known(o: Observation, as_of: date) -> bool:
    """Whether an observation could be known on a day: its period over, and published if the day of that is known."""
    published = not o.published or periods.parse(o.published, o.id).end <= as_of
    return end_of(o) <= as_of and o.status != "forecast" and published


def seen(o: Observation, unit: str) -> Seen:
    """An observation with its bounds in a unit: `> 13` reaches from 13 to infinity."""
    lower = o.lower if o.lower is not None else -math.inf if o.comparator in ("<", "<=") else o.value
    upper = o.upper if o.upper is not None else math.inf if o.comparator in (">", ">=") else o.value
    if o.unit == unit:
        return Seen(o, o.value, lower, upper)
    return Seen(o, *(units.convert(v, o.unit, unit) for v in (o.value, lower, upper)))


def end_of(o: Observation) -> date:
    """The last day of the period of an observation."""
    return periods.parse(o.period, o.id).end


def vintage(o: Observation) -> str:
    """Which release an observation is of, as far as its source says."""
    when = f"published {o.published}" if o.published else ""
    return o.vintage or when or "release not stated"


def unfit(o: Observation, of: Indicator | None, unit: str, as_of: date) -> str:
    """Why an observation is no point of a series in a unit, known on a day; empty where it is one."""
    if o.status == "forecast":
        return "a forecast"
    if end_of(o) > as_of:
        return f"its period ends after {as_of}"
    if not known(o, as_of):
        return f"published after {as_of}"
    if not units.same_dimension(o.unit, unit):
        return f"in {o.unit}, which is no {unit}"
    if of is not None and (beyond := _beyond(o, of)):
        return beyond
    return next((c.why for c in settings.changes() if c.rule == "left out" and c.observation == o.id), "")


def _beyond(o: Observation, of: Indicator) -> str:
    """What of an observation lies outside of what its indicator can be; bounds of shares are in percent."""
    share = units.unit(o.unit).dimension == "share"
    value = units.convert(o.value, o.unit, "percent") if share else o.value
    if of.highest is not None and value > of.highest:
        return f"{units.quantity(o.value, o.unit)} is more than there can be ({of.highest:g})"
    if of.lowest is not None and value < of.lowest:
        return f"{units.quantity(o.value, o.unit)} is less than there can be ({of.lowest:g})"
    return ""


def _misplaced(o: Observation, span: str) -> str:
    years = periods.parse(o.period, o.id).years
    if span:
        return "" if o.period.startswith(f"{span}/") else f"no change since {span}"
    return "a span of years" if years is not None and years > 1 else ""


def _year(o: Observation, span: str) -> int | None:
    """The year that an observation is the value of; None for a part of a year."""
    if span:
        over = periods.parse(o.period, o.id)
        return over.end.year if over.years is not None else None
    return int(o.period[:4]) if _YEAR.fullmatch(o.period) else None


def _ordered(same_year: Sequence[Seen]) -> tuple[Seen, tuple[Seen, ...]]:
    """The best value of a year and the rest: numbers before bounds, better sources, then later releases, first."""
    released = sorted(
        sorted(same_year, key=lambda s: s.of.id), key=lambda s: s.of.vintage and s.of.published, reverse=True
    )
    ordered = sorted(released, key=lambda s: (s.open, RANK[s.of.quality], s.of.status != "reported"))
    return ordered[0], tuple(ordered[1:])


def _last_break(of: Indicator | None, points: Sequence[Point]) -> tuple[int, tuple[str, ...]]:
    """The first year of the newest definition that has points, and what changed there."""
    if of is None or not points:
        return 0, ()
    entity = points[-1].best.of.entity
    told = sorted(
        (periods.parse(c.period).start.year, c.why)
        for c in settings.changes()
        if (c.rule, c.indicator, c.entity) == ("break", of.id, entity)
    )
    past = [(year, why) for year, why in told if points[0].year < year <= points[-1].year]
    return (past[-1][0], tuple(f"from {y}: {why}" for y, why in past)) if past else (0, ())
