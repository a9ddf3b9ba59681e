"""Targets on a sum over years, such as investment of 1,100 bn from 2021 to 2028: what was seen so far, and the rest.

The path is the running total since the first year that is summed. What lies ahead is asked of the annual values: whole
paths are summed, since ends of intervals of single years may not be added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from zizhu.track.series import Point, Seen, Series


def totals(series: Series, first: int) -> tuple[Point, ...] | str:
    """Running totals of annual values from the year `first` on, bounds with bounds; or what of a sum is lacking."""
    points = [p for p in series.points if p.year >= first]
    if not points:
        return f"no value from {first} on, with which the sum begins"
    lacking = sorted(set(range(first, points[-1].year)) - {p.year for p in points})
    if lacking:
        years = ", ".join(map(str, lacking))
        return f"no value of {years}, without which the sum since {first} is not known"
    before = [Seen(points[0].best.of, 0.0, 0.0, 0.0), *accumulate((p.best for p in points), _with)]
    return tuple(
        Point(p.year, _with(so_far, p.best), tuple(_with(so_far, s) for s in p.rest))
        for p, so_far in zip(points, before, strict=False)
    )


def _with(so_far: Seen, s: Seen) -> Seen:
    """A running total with one more value, which it is seen by."""
    return Seen(s.of, so_far.value + s.value, so_far.lower + s.lower, so_far.upper + s.upper)


def yearly(series: Series, path: Sequence[Point]) -> tuple[Point, ...]:
    """The annual values behind running totals up to the last; none where the totals themselves were observed."""
    if series.points == tuple(path) and len(path) > 1:
        return ()
    return tuple(p for p in series.points if path and p.year <= path[-1].year)


def rates(path: Sequence[Point]) -> tuple[list[int], list[float]]:
    """Years and running totals from nothing before the first year on, from which a pace is taken."""
    return [path[0].year - 1, *(p.year for p in path)], [0.0, *(p.best.value for p in path)]


def summable(values: Sequence[float]) -> bool:
    """Whether paths of values can be summed: on logarithms, so above zero."""
    return all(v > 0 for v in values if math.isfinite(v))
