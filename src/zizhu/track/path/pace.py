"""How fast a target has to be approached, and how fast it has been: required against observed pace, and ratios of both.

Notation: baseline y0 in year t0, latest value y in year t, target y1 in year t1; all in one unit and broadcasting.
Ratios compare two points with a straight or exponential line and know nothing of variance: on real series, half of
what a ratio of growth rates of .95 and more called on track came true. They stand beside a verdict, never for it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zizhu.track.path.drift import years
from zizhu.track.path.kinds import growth_between
from zizhu.track.path.transforms import Flags, Scale, Values, mark, scaled


def cagr_ratio(y0: Any, t0: Any, y: Any, t: Any, y1: Any, t1: Any) -> Values:
    """Observed over required compound growth, ((y/y0)^(1/(t-t0)) - 1) / ((y1/y0)^(1/(t1-t0)) - 1).

    NaN where a value is not above zero or nothing is required.
    """
    observed = growth_between(y0, y, np.asarray(t, float) - t0)
    return _over(observed, growth_between(y0, y1, np.asarray(t1, float) - t0))


def linear_ratio(y0: Any, t0: Any, y: Any, t: Any, y1: Any, t1: Any) -> Values:
    """Observed over required change a year, ((y - y0)/(t - t0)) / ((y1 - y0)/(t1 - t0)); NaN where none is required."""
    t0 = np.asarray(t0, float)
    return _over((np.asarray(y, float) - y0) / (t - t0), (np.asarray(y1, float) - y0) / (t1 - t0))


def extrapolated_ratio(y0: Any, t0: Any, y: Any, t: Any, y1: Any, t1: Any) -> Values:
    """Change up to t1 at constant growth over required change, (y (y/y0)^((t1-t)/(t-t0)) - y0) / (y1 - y0)."""
    g = growth_between(y0, y, np.asarray(t, float) - t0)
    ahead = np.asarray(y, float) * (1 + g) ** (np.asarray(t1, float) - t)
    return _over(ahead - y0, np.asarray(y1, float) - y0)


def _over(top: Values, bottom: Values) -> Values:
    top, bottom = np.broadcast_arrays(np.asarray(top, float), np.asarray(bottom, float))
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0))


class Pace(NamedTuple):
    """Changes a year on the scale of the series: what the target takes (S,), what was seen between points (S, N - 1).

    `fastest` (S,) is the largest observed one in the direction of the target, `unseen` whether more is required.
    """

    required: Values
    observed: Values
    fastest: Values
    unseen: Flags


def pace(y: Values, t: Values, target: Any, deadline: Any, scale: Scale, whole: float = 1.0) -> Pace:
    """The pace of series y (S, N) at years t (S, N), NaN where there is no point, of at least two points each.

    A target beyond the reach of its scale (zero for a logarithm) requires an infinite pace. A target that is reached
    requires none: its pace points back, and nothing is unseen.
    """
    x, end = scaled(y, scale, whole), mark(target, scale, whole)
    with np.errstate(invalid="ignore"):
        observed = np.diff(x, axis=1) / np.diff(t, axis=1)
    required = (end - x[:, -1]) / (years(deadline) - t[:, -1])
    sign = np.sign(required)
    along = np.where(np.isfinite(observed), sign[:, None] * observed, -np.inf)
    fastest = along.max(axis=1)
    return Pace(required, observed, sign * fastest, np.abs(required) > fastest)


def growth_of(change: Values) -> Values:
    """Growth a year that a change a year of logarithms means: exp(change) - 1."""
    return np.asarray(np.expm1(change))
