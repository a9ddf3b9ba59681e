"""One predictive distribution for the interval and for the verdict: F = (F1 + F2) / 2 of two Student distributions.

Notation: `parts` Student distributions that broadcast to (S, H), z on the scale of the series. The q-quantile of a
mixture lies between the q-quantiles of its parts, so that every root is bracketed before it is sought.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from scipy import special

from zizhu.track.path.drift import TEMPERED, Prior, Student, damped, degenerate, farmer_lafond
from zizhu.track.path.transforms import Flags, Scale, Values, mark, unscaled

Comparator = Literal[">", ">=", "<", "<=", "~", "range"]
Parts = Sequence[Student]

TESTED = 5
"""Years ahead up to which the distribution was held against what came true."""
LEAST_CHANGES = 5
"""Changes below which there is no probability."""
STEPS = 60
"""Halvings that bring any bracket to the last digit."""
CLOSE = 1e-13
"""Width of a bracket, relative to its scale, at which a root is found."""


def predicted(x: Values, h: Any, prior: Prior = TEMPERED, t: Values | None = None) -> tuple[Student, Student]:
    """The two parts (S, H) of series x (S, N): Farmer-Lafond and damped drift; scale NaN where `enough` is false.

    t (S, N) are the years of the points, where some are missing.
    """
    lacking = ~enough(x, t)[:, None]
    first, second = farmer_lafond(x, h, prior, t=t), damped(x, h, prior, t=t)
    return _without(first, lacking), _without(second, lacking)


def _without(part: Student, lacking: Flags) -> Student:
    return part._replace(scale=np.where(lacking, np.nan, part.scale))


def enough(x: Values, t: Values | None = None) -> Flags:
    """Series (S,) with at least LEAST_CHANGES changes that are not all the same: the others have no probability."""
    m = np.isfinite(np.diff(x, axis=1)).sum(axis=1)
    return np.asarray((m >= LEAST_CHANGES) & ~degenerate(x, t))


def beyond_tested(h: Any) -> Flags:
    """Horizons (H,) beyond those that were tested."""
    return np.asarray(np.atleast_1d(h) > TESTED)


def cdf(parts: Parts, z: Any) -> Values:
    """F (S, H) at z, the mean of T_df((z - location) / scale)."""
    z = np.asarray(z, dtype=float)
    with np.errstate(invalid="ignore"):
        return np.asarray(sum(special.stdtr(p.df, (z - p.location) / p.scale) for p in parts) / len(parts))


def density(parts: Parts, z: Any) -> Values:
    """F' (S, H) at z."""
    found = np.zeros(())
    for p in parts:
        u = (np.asarray(z, dtype=float) - p.location) / p.scale
        norm = special.beta(p.df / 2, 0.5) * np.sqrt(p.df) * p.scale
        found = found + (1 + u**2 / p.df) ** (-(p.df + 1) / 2) / norm
    return np.asarray(found / len(parts))


def quantile(parts: Parts, q: float) -> Values:
    """z (S, H) with F(z) = q, 0 < q < 1: Newton steps inside a bracket that every step shrinks, all series at once."""
    ends = np.stack(np.broadcast_arrays(*(p.location + p.scale * _student(p.df, q) for p in parts)))
    low, high = ends.min(axis=0), ends.max(axis=0)
    z, size = (low + high) / 2, np.broadcast_to(sum(p.scale for p in parts), low.shape)
    for _ in range(STEPS):
        gap = cdf(parts, z) - q
        low, high = np.where(gap < 0, z, low), np.where(gap > 0, z, high)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            newton = z - gap / density(parts, z)
        inside = (newton >= low) & (newton <= high)
        moved = np.where(gap == 0, z, np.where(inside, newton, (low + high) / 2))
        done = not (np.abs(moved - z) > CLOSE * size).any()
        z = moved
        if done:
            break
    return np.asarray(z)


def _student(df: Values, q: float) -> Values:
    """The q-quantile of T_df, sought once for every df that occurs."""
    values, place = np.unique(df, return_inverse=True)
    found = np.full(values.shape, np.nan)
    real = values > 0
    found[real] = special.stdtrit(values[real], q)
    return np.asarray(found[place].reshape(np.shape(df)))


def holds(parts: Parts, comparator: Comparator, low: Any, high: Any = np.nan) -> Values:
    """The chance (S, H) that the value ahead satisfies a comparator, with marks `low`, `high` on the scale.

    > and >= : 1 - F(low); < and <= : F(low); ~ and range: F(high) - F(low), with the ends of what counts as about.
    The distribution is continuous, so bounds that belong and bounds that do not are alike.
    """
    below = cdf(parts, low)
    if comparator in (">", ">="):
        return np.asarray(1 - below)
    if comparator in ("<", "<="):
        return below
    return np.asarray(cdf(parts, high) - below)


def about(value: Any, tolerance: float) -> tuple[Values, Values]:
    """The ends of "about `value`" (...), value -+ tolerance in the unit of the value."""
    found = np.asarray(value, dtype=float)
    return found - tolerance, found + tolerance


def interval(
    parts: Parts, scale: Scale, coverage: float = 0.8, whole: float = 1.0
) -> tuple[Values, Values, Values]:
    """Lower end, median and upper end (S, H) in the unit of the indicator; the ends cut off equal tails."""
    tail = (1 - coverage) / 2
    lower, middle, upper = (unscaled(quantile(parts, q), scale, whole) for q in (tail, 0.5, 1 - tail))
    return lower, middle, upper


def attained(
    parts: Parts, comparator: Comparator, value: Any, scale: Scale, high: Any = np.nan, whole: float = 1.0
) -> Values:
    """`holds` for a target in the unit of the indicator, `value` and `high` of a range."""
    return holds(parts, comparator, mark(value, scale, whole), mark(high, scale, whole))
