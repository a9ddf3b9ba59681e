"""The chance that targets hold at their deadlines, and where their indicators may stand then: many at once.

All paths get the mixture of `path.mixture`, from all of their points; those with gaps are labelled.
Targets that stay reached get the chance of ever reaching them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from zizhu.track import settings
from zizhu.track.path import kinds, mixture
from zizhu.track.path.drift import Student
from zizhu.track.path.transforms import Scale, Values, mark, scaled, stacked, unscaled

HALVES = ("walk with drift (Farmer and Lafond)", "drift that fades")
SUMMED = "sums over whole paths"


@dataclass(frozen=True)
class Ask:
    """Whether a path y (n,) in years t (n,) will be at `goal` or beyond, h years after its last point.

    `up`: from below. `stays`: it is enough to have been there. `whole` is the whole of a share on a logit scale.
    With `so_far` the goal is one of the sum of all values ahead, h whole years, and of what was seen so far.
    """

    t: tuple[float, ...]
    y: tuple[float, ...]
    h: float
    goal: float
    up: bool
    scale: Scale
    whole: float = 1.0
    stays: bool = False
    so_far: float | None = None

    @property
    def regular(self) -> bool:
        """Whether the points are a year apart."""
        return all(b - a == 1 for a, b in zip(self.t, self.t[1:], strict=False))

    def after(self, value: float) -> Ask:
        """What will be asked when the value of the next year is known."""
        so_far = None if self.so_far is None else self.so_far + value
        return replace(self, t=(*self.t, self.t[-1] + 1), y=(*self.y, value), h=self.h - 1, so_far=so_far)


class Half(NamedTuple):
    """A part of the distribution: its chance at the deadline, where it stands, its spread on the scale, its degrees."""

    name: str
    p: float
    location: float
    spread: float
    df: float


@dataclass(frozen=True)
class Chance:
    """The chance p with the interval and median of the path, NaN where the path has no distribution.

    `held` is the chance at the deadline; p is higher where it is enough to have been there before.
    """

    p: float
    held: float
    lower: float
    median: float
    upper: float
    halves: tuple[Half, ...]


def chances(asks: Sequence[Ask]) -> list[Chance]:
    """One chance an ask, in their order; asks alike in scale and form are answered together."""
    groups: dict[tuple[Scale, float, bool, bool, int | None], list[int]] = {}
    for k, a in enumerate(asks):
        paths = a.stays and float(a.h).is_integer()
        summed = a.so_far is not None
        years = int(a.h) if paths or summed else None
        groups.setdefault((a.scale, a.whole, summed and a.up, summed, years), []).append(k)
    found: dict[int, Chance] = {}
    for (*_, summed, years), members in groups.items():
        those = [asks[k] for k in members]
        together = _sums(those, years) if summed and years else _together(those, years)
        found.update(zip(members, together, strict=True))
    return [found[k] for k in range(len(asks))]


def next_values(asks: Sequence[Ask], q: Sequence[float]) -> list[list[float]]:
    """The values one year after the last point of each path at levels `q` of its distribution."""
    groups: dict[tuple[Scale, float], list[int]] = {}
    for k, a in enumerate(asks):
        groups.setdefault((a.scale, a.whole), []).append(k)
    found: dict[int, list[float]] = {}
    for (scale, whole), members in groups.items():
        those = [asks[k] for k in members]
        x, t = stacked([scaled(a.y, scale, whole) for a in those]), stacked([a.t for a in those])
        parts = mixture.predicted(x, 1.0, t=t)
        ends = np.concatenate([unscaled(mixture.quantile(parts, level), scale, whole) for level in q], axis=1)
        found.update(zip(members, ends.tolist(), strict=True))
    return [found[k] for k in range(len(asks))]


def _together(asks: Sequence[Ask], H: int | None) -> list[Chance]:
    first = asks[0]
    x = stacked([scaled(a.y, a.scale, a.whole) for a in asks])
    h = np.array([[a.h] for a in asks])
    t = stacked([a.t for a in asks])
    parts = mixture.predicted(x, h, t=t)
    up = np.array([a.up for a in asks])
    goal = mark([a.goal for a in asks], first.scale, first.whole)
    tails = [_tail(part, goal, up) for part in parts]
    held = np.mean(tails, axis=0)
    p = held if H is None else kinds.reach_by(x, [a.goal for a in asks], H, first.scale, up, first.whole, t=t)
    lower, median, upper = mixture.interval(parts, first.scale, settings.bound("coverage"), first.whole)
    return [
        Chance(
            float(p[k]),
            float(held[k]),
            float(lower[k, 0]),
            float(median[k, 0]),
            float(upper[k, 0]),
            tuple(_half(n, part, tail, k) for n, part, tail in zip(HALVES, parts, tails, strict=True)),
        )
        for k in range(len(asks))
    ]


def _sums(asks: Sequence[Ask], years: int) -> list[Chance]:
    """Chances of sums, all from below or all from above: of annual values without gaps, a year apart."""
    first = asks[0]
    x = stacked([scaled(a.y, a.scale, a.whole) for a in asks])
    found = kinds.cumulative(
        x,
        [a.so_far for a in asks],
        ">=" if first.up else "<=",
        [a.goal for a in asks],
        years,
        first.scale,
        coverage=settings.bound("coverage"),
        whole=first.whole,
    )
    return [
        Chance(p, p, lower, median, upper, (Half(SUMMED, p, median, math.nan, math.nan),))
        for p, lower, median, upper in zip(*(column.tolist() for column in found), strict=True)
    ]


def _tail(part: Student, goal: Values, up: np.ndarray) -> Values:
    """The chance (S,) of one part to be on the side of the goal that is asked for."""
    below = mixture.cdf((part,), goal[:, None])[:, 0]
    return np.where(up, 1 - below, below)


def _half(name: str, part: Student, tail: Values, k: int) -> Half:
    location, spread, df = (float(np.broadcast_to(v, part.location.shape)[k, 0]) for v in part)
    return Half(name, float(tail[k]), location, spread, df)


def certain(p: float) -> Chance:
    """A chance that needs no path: a bound that is open towards the target or away from it."""
    return Chance(p, p, math.nan, math.nan, math.nan, ())
