"""Required against observed pace, in terms that people use: growth for levels, units a year for shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from zizhu.track.path import pace as kernel
from zizhu.track.path.transforms import Scale
from zizhu.vocab import units

GROWTH = "percent per year"


class Pace(NamedTuple):
    """Changes a year: needed to the deadline, observed on average, and the fastest towards the target; NaN unknown."""

    needed: float
    observed: float
    fastest: float
    unit: str

    @property
    def unseen(self) -> bool:
        """Whether more is needed than was ever seen between two points."""
        return abs(self.needed) > self.fastest * math.copysign(1, self.needed)


def pace(
    t: Sequence[float], y: Sequence[float], goal: float, h: float, scale: Scale, unit: str
) -> Pace | None:
    """The pace of points y in years t towards a goal h years after the last; None without any that can be told."""
    on: Scale = "log" if scale == "log" else "none"
    if not t or h <= 0 or (on == "log" and (min(y) <= 0 or goal <= 0)):
        return None
    years, values = np.array([t], dtype=float), np.array([y], dtype=float)
    if len(t) == 1:
        years, values = np.repeat(years, 2, axis=1) - [[1, 0]], np.repeat(values, 2, axis=1)
    found = kernel.pace(values, years, goal, t[-1] + h, on)
    needed, fastest = float(found.required[0]), float(found.fastest[0])
    log = on == "log"
    mean = math.log(y[-1]) - math.log(y[0]) if log else y[-1] - y[0]
    observed = mean / (t[-1] - t[0]) if len(t) > 1 else math.nan
    fastest = fastest if len(t) > 1 else math.nan
    told = [100 * math.expm1(v) if log else v for v in (needed, observed, fastest)]
    return Pace(told[0], told[1], told[2], GROWTH if log else _a_year(unit))


def _a_year(unit: str) -> str:
    return "percentage points a year" if unit == "percent" else f"{units.unit(unit).label} a year"
