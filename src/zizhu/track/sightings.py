"""What observations say of a target when they are held against it: satisfied, not, or left open by their bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from zizhu.ledger.models import Observation, Target
from zizhu.track.measured import Measured
from zizhu.track.series import Seen, end_of, vintage
from zizhu.track.yardstick import Yardstick, holds, question_of, stays
from zizhu.vocab import periods


class Sighting(NamedTuple):
    """An observation with what it means in the unit of the target, and what it says; None where that is open."""

    of: Observation
    end: date
    told: float
    says: bool | None


def sightings(target: Target, m: Measured) -> tuple[Sighting, ...]:
    """What every known observation says, the earliest first, the best of a period first.

    Values up to the year that a growth or change is counted from say nothing of it.
    """
    if m.yardstick is None or m.series is None:
        return ()
    points = [(s, float(p.year)) for p in m.path for s in p.all]
    if question_of(target) == "level":
        earlier = [(s, float(p.year)) for p in m.series.earlier for s in p.all]
        points = [*earlier, *points, *((s, math.nan) for s in m.series.beside)]
    found = [_sighted(target, m.yardstick, s, year) for s, year in points]
    return tuple(sorted((s for s in found if not math.isnan(s.told)), key=lambda s: s.end))


def _sighted(target: Target, by: Yardstick, s: Seen, year: float) -> Sighting:
    value, low, high = (by.told(v, year) for v in (s.value, s.lower, s.upper))
    says = {holds(target, low), holds(target, high)}
    unclear = len(says) == 2 or target.comparator is None
    return Sighting(s.of, end_of(s.of), value, None if unclear else says.pop())


def at_deadline(target: Target, found: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """The sightings of the period that the deadline ends; a part of its year counts where what is reached stays."""
    due = periods.parse(target.deadline, target.id)
    part = due.years is None or stays(target)
    return tuple(s for s in found if s.end == due.end and (part or _whole(s.of)))


def _whole(o: Observation) -> bool:
    return periods.parse(o.period, o.id).years is not None


def in_time(target: Target, found: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """The sightings up to the deadline; all where there is none."""
    if not target.deadline:
        return tuple(found)
    end = periods.parse(target.deadline, target.id).end
    return tuple(s for s in found if s.end <= end)


class Reached(NamedTuple):
    """When a target was first seen to be satisfied, and when it last was seen not to be any more."""

    first: Sighting | None
    lost: Sighting | None


def reached(target: Target, found: Sequence[Sighting]) -> Reached:
    """The first sighting that satisfies a target, and the last later one that does not.

    Averages over the years to the deadline are not reached before it. Of a period whose sources disagree the best
    speaks.
    """
    if question_of(target) == "growth":
        return Reached(None, None)
    best: dict[date, Sighting] = {}
    for s in found:
        best.setdefault(s.end, s)
    ordered = [best[end] for end in sorted(best)]
    first = next((s for s in ordered if s.says), None)
    if first is None:
        return Reached(None, None)
    lost = [s for s in ordered if s.end > first.end and s.says is False]
    return Reached(first, lost[-1] if lost else None)


def releases_differ(found: Sequence[Sighting]) -> bool:
    """Whether those that say yes and those that say no are different releases, named as such, of one statistic."""
    sides = [{vintage(s.of) for s in found if s.says is side} for side in (True, False)]
    named = any(s.of.vintage or s.of.published for s in found)
    return named and not sides[0] & sides[1]
