"""What the predictive distribution is held against: no change, and rules that statistical offices use.

Notation as in `backtest`: windows x (W, N), synthetic targets (C, W, Y).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zizhu.track.path.backtest import Targets, Windows
from zizhu.track.path.drift import Student, changes, years
from zizhu.track.path.transforms import Flags, Scale, Values, unscaled

Ratio = Callable[[Any, Any, Any, Any, Any, Any], Values]
"""From baseline, latest value and target, each with its year, to a ratio of paces: see `pace`."""


def naive(x: Values, h: Any) -> tuple[Student]:
    """The last value stays: location x_n, sd = sqrt(sum d^2 / m) sqrt(h), m degrees of freedom."""
    d, there, _ = changes(x)
    m = there.sum(axis=1).astype(float)
    size, ahead = np.sqrt((d**2).sum(axis=1) / m), years(h)
    return (Student(x[:, -1:] + 0 * ahead, size[:, None] * np.sqrt(ahead), m[:, None]),)


def ratios(of: Windows, goals: Targets, ratio: Ratio, scale: Scale) -> Values:
    """A ratio of two points (C, W, Y): the first point of the window as baseline, the last one as the latest value.

    Ratios of paces are those of values and of shares of any whole alike. NaN where values are not above zero.
    """
    n, row = of.n, np.arange(len(of.x))
    first, last = of.x[row, of.x.shape[1] - n], of.x[:, -1]
    y0, y = (unscaled(v, scale)[:, None] for v in (first, last))
    t = (n - 1.0)[:, None]
    return ratio(y0, 0.0, y, t, unscaled(goals.value, scale), t + goals.years)


def said(ratio: Values, bound: float, inclusive: bool) -> tuple[Flags, Flags]:
    """Where a rule says that the target will be met (C, W, Y), and where it says anything at all."""
    there = np.isfinite(ratio)
    with np.errstate(invalid="ignore"):
        return (ratio >= bound if inclusive else ratio > bound) & there, there
