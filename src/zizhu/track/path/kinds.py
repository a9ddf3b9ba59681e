"""What targets ask for, as a value at the deadline or a chance over paths: growth, sums, counts, ranks, dates.

Notation: y the indicator in its unit, x (S, N) its series on the scale of its kind, one target a series.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zizhu.track.path import mixture, paths
from zizhu.track.path.mixture import Comparator
from zizhu.track.path.transforms import Scale, Values, mark, unscaled

HALF = 0.5
"""Whole numbers stand for what rounds to them: at least k is above k - 1/2."""


def growth_level(y0: Any, g: Any, years: Any) -> Values:
    """The level y0 (1 + g)^years that average growth of g a year after the baseline y0 means (g = .07 for 7 %)."""
    return np.asarray(np.asarray(y0, float) * (1 + np.asarray(g, float)) ** np.asarray(years, float))


def growth_between(y0: Any, y: Any, years: Any) -> Values:
    """Average growth a year from y0 to y: (y / y0)^(1 / years) - 1; NaN unless both are above zero."""
    y0, y = np.asarray(y0, float), np.asarray(y, float)
    good = (y0 > 0) & (y > 0)
    ratio = np.divide(y, y0, out=np.ones(np.broadcast(y, y0).shape), where=good)
    return np.asarray(np.where(good, ratio ** (1 / np.asarray(years, float)) - 1, np.nan))


def relative_level(baseline: Any, change: Any) -> Values:
    """The level that a change relative to a baseline means: baseline (1 + change), -.65 for a cut by 65 %."""
    return np.asarray(np.asarray(baseline, float) * (1 + np.asarray(change, float)))


def points_level(baseline: Any, points: Any) -> Values:
    """The level that a change in points means: baseline + points."""
    return np.asarray(np.asarray(baseline, float) + np.asarray(points, float))


def whole_bound(comparator: Comparator, value: Any) -> Values:
    """The value that a bound on a whole number, a count or a rank, means for what rounds to it.

    >= k: k - 1/2, > k: k + 1/2, <= k: k + 1/2, < k: k - 1/2. For ~ and range take >= of the lower end and <= of the
    upper one. Not backtested: label it so.
    """
    found = np.asarray(value, dtype=float)
    return np.asarray(found + (HALF if comparator in (">", "<=") else -HALF))


def reach_by(
    x: Values,
    value: Any,
    H: int,
    scale: Scale,
    above: Any = True,
    whole: float = 1.0,
    draws: int = paths.DRAWS,
    seed: int = 0,
    t: Values | None = None,
) -> Values:
    """The chance (S,) that `value` is reached in one of the years up to H, whether or not it is kept.

    Years, not days, are looked at: what is reached and lost within a year does not count. Never below the chance
    that it holds at the deadline. t (S, N) are the years of the points, where some are missing.
    """
    at = np.broadcast_to(mark(value, scale, whole), len(x))
    up = np.broadcast_to(np.asarray(above, dtype=bool), len(x))
    below = mixture.cdf(mixture.predicted(x, H, t=t), at[:, None])[:, 0]
    return paths.reached(x, at, H, np.where(up, 1 - below, below), up, draws, seed, t)


class Sum(NamedTuple):
    """Of a total at the deadline: chance that the target is met, lower end, median and upper end, each (S,)."""

    p: Values
    lower: Values
    median: Values
    upper: Values


def cumulative(
    x: Values,
    observed: Any,
    comparator: Comparator,
    value: Any,
    H: int,
    scale: Scale,
    high: Any = np.inf,
    coverage: float = 0.8,
    whole: float = 1.0,
    draws: int = paths.DRAWS,
    seed: int = 0,
) -> Sum:
    """A target on the sum over years: `observed` (S,) so far plus the H years ahead, from paths.

    Ends of intervals of single years may not be added: bad years do not all come together. NaN where there is no
    distribution. ~ and range take both ends, `value` and `high`.
    """
    sums = paths.totals(x, H, lambda path: unscaled(path, scale, whole), draws, seed)
    total = sums + np.broadcast_to(np.asarray(observed, float), len(x))[:, None]
    low, top = (np.broadcast_to(np.asarray(v, float), len(x))[:, None] for v in (value, high))
    met = {
        ">": total > low,
        ">=": total >= low,
        "<": total < low,
        "<=": total <= low,
    }.get(comparator, (total >= low) & (total <= top))
    known = np.isfinite(total).all(axis=1)
    tail = (1 - coverage) / 2
    ends = np.quantile(np.where(known[:, None], total, 0.0), (tail, 0.5, 1 - tail), axis=1)
    p, *band = (np.where(known, found, np.nan) for found in (met.mean(axis=1), *ends))
    return Sum(p, *band)
