"""How predictive distributions did where the future is known: windows of real series, coverage, scores, calibration.

A window is n points of a series and what came after. Notation: x (W, N) windows as in `transforms.stacked`, after
(W, H) the values 1 to H years on, NaN where the series has ended, unit (W,) the mean |annual change| of the window,
group (W,) the series each window is of: windows of one series overlap, so that only series are independent.
Synthetic targets are (C, W, Y): of C paces, W windows and Y years ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zizhu.track.path import mixture
from zizhu.track.path.drift import changes
from zizhu.track.path.transforms import Flags, Values, stacked

Index = NDArray[np.intp]
Method = Callable[[Values, Values], mixture.Parts]
"""From windows x (W, N) and horizons h (H,) to the parts of a predictive distribution (W, H)."""

LENGTHS = (6, 8, 10, 15)
AHEAD = 5
LEAST_AHEAD = 3
"""Years that must follow a window."""
LARGEST_ERROR = 20.0
"""Errors in mean annual changes are cut off here: series that hardly move would carry every mean."""
PACES = (0.5, 0.75, 1.0, 1.25, 1.5)
"""Paces of synthetic targets, in mean annual changes a year."""
TARGET_YEARS = (3, 4, 5)
LEAST_MOVING = 0.7
"""Share of changes that are not zero in a series that is used."""


@dataclass(frozen=True)
class Windows:
    """Windows x (W, N) with what followed (W, H), the series `group` (W,) and the `family` (W,) they belong to.

    `end` (W,) is the place in the series one past the last point.
    """

    x: Values
    after: Values
    group: Index
    family: NDArray[np.str_]
    end: Index

    @property
    def unit(self) -> Values:
        """Mean |annual change| within the window (W,)."""
        d, there, _ = changes(self.x)
        return np.asarray(np.abs(d).sum(axis=1) / there.sum(axis=1))

    @property
    def n(self) -> Index:
        """Points of every window (W,)."""
        return np.asarray(np.isfinite(self.x).sum(axis=1))

    def where(self, chosen: Flags) -> Windows:
        """The chosen windows."""
        return Windows(*(column[chosen] for column in vars(self).values()))


def moving(x: Values) -> bool:
    """Whether a series (N,) changes often enough to be used, and its values are finite."""
    d = np.diff(x)
    return bool(len(d) and np.isfinite(x).all() and np.count_nonzero(d) >= LEAST_MOVING * len(d))


def windows(
    series: Sequence[Values],
    families: Sequence[str],
    lengths: Sequence[int] = LENGTHS,
    seed: int = 0,
    ahead: int = AHEAD,
    every: bool = False,
) -> Windows:
    """One window of every length in every series (N,) of consecutive years, at a random place, or `every` window.

    `ahead` years follow it where the series is long enough, else LEAST_AHEAD or more. Windows that never move are left
    out. Raises ValueError where no series is long enough.
    """
    rng, least = np.random.default_rng(seed), min(LEAST_AHEAD, ahead)
    x, after, found = [], [], []
    for k, one in enumerate(series):
        for n in lengths:
            last = range(n, len(one) - least + 1)
            for end in last if every else _drawn(last, max(len(one) - ahead, n), rng):
                if np.diff(one[end - n : end]).any():
                    x.append(one[end - n : end])
                    after.append(one[end : end + ahead])
                    found.append((k, end))
    if not x:
        raise ValueError("no series is long enough for a window")
    then = np.stack([np.pad(a.astype(float), (0, ahead - len(a)), constant_values=np.nan) for a in after])
    group, ends = np.array(found).T
    return Windows(stacked(x), then, group, np.asarray(families, dtype=np.str_)[group], ends)


def _drawn(ends: range, last: int, rng: np.random.Generator) -> tuple[int, ...]:
    """One of the ends up to `last`, or none where too little would follow any."""
    return (int(rng.integers(ends.start, last + 1)),) if ends else ()


def halves(group: Index, seed: int = 0) -> Flags:
    """Windows (W,) of one half of the series, drawn at random: methods are fixed on it and judged on the others."""
    names = np.unique(group)
    return np.asarray(np.isin(group, np.random.default_rng(seed).permutation(names)[: len(names) // 2]))


class Outcomes(NamedTuple):
    """Of every window and horizon (W, H): the interval and median, and what came: `seen` where both are there.

    `below` and `above` the interval; `error` |outcome - median| and `width` of the interval in units.
    """

    low: Values
    mid: Values
    high: Values
    seen: Flags
    below: Flags
    above: Flags
    error: Values
    width: Values


def outcomes(of: Windows, parts: mixture.Parts, coverage: float = 0.8) -> Outcomes:
    """What came beside the interval that cuts off equal tails, and the median."""
    tail = (1 - coverage) / 2
    low, mid, high = (mixture.quantile(parts, q) for q in (tail, 0.5, 1 - tail))
    seen, unit = np.isfinite(of.after) & np.isfinite(high - low), of.unit[:, None]
    error = np.minimum(np.abs(of.after - mid) / unit, LARGEST_ERROR)
    below, above = (of.after < low) & seen, (of.after > high) & seen
    return Outcomes(low, mid, high, seen, below, above, error, (high - low) / unit)


class Scores(NamedTuple):
    """Of the interval and the median at every horizon (H,)."""

    windows: Index
    coverage: Values
    below: Values
    above: Values
    ase: Values
    width: Values


def scores(of: Windows, parts: mixture.Parts, coverage: float = 0.8) -> Scores:
    """Share of outcomes inside the interval, below and above it; mean |error| of the median and median width in units.

    Windows without an outcome or a distribution at a horizon do not count there.
    """
    return summed(outcomes(of, parts, coverage))


def summed(of: Outcomes) -> Scores:
    """The scores of outcomes."""
    middle = (
        float(np.median(w[s])) if s.any() else np.nan for w, s in zip(of.width.T, of.seen.T, strict=True)
    )
    return Scores(
        of.seen.sum(axis=0),
        1 - _mean(of.below | of.above, of.seen),
        _mean(of.below, of.seen),
        _mean(of.above, of.seen),
        _mean(of.error, of.seen),
        np.array(list(middle)),
    )


def _mean(what: Values | Flags, seen: Flags) -> Values:
    """Mean of every column over what is seen; NaN where nothing is."""
    total, count = np.where(seen, what, 0.0).sum(axis=0), seen.sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def by_family(of: Windows, method: Method, coverage: float = 0.8) -> dict[str, Scores]:
    """The scores of every family."""
    h = np.arange(1.0, AHEAD + 1)
    found = {}
    for name in np.unique(of.family):
        part = of.where(of.family == name)
        found[str(name)] = scores(part, method(part.x, h), coverage)
    return found


class Targets(NamedTuple):
    """Synthetic targets: `value` and whether it was `attained`, (C, W, Y); the windows (W, 1) whose targets lie `up`.

    `known` (C, W, Y) are the targets whose outcome is known; windows that went nowhere have none.
    """

    years: Index
    value: Values
    attained: Flags
    known: Flags
    up: Flags

    def where(self, chosen: Flags) -> Targets:
        """The targets of the chosen windows (W,)."""
        value, attained, known = self.value[:, chosen], self.attained[:, chosen], self.known[:, chosen]
        return Targets(self.years, value, attained, known, self.up[chosen])


def targets(of: Windows, years: Sequence[int] = TARGET_YEARS) -> Targets:
    """Targets x_n + sign(mu) c unit h along the past trend, c in PACES, h in `years`.

    They lie on the side to which the series moved and are no policy targets: reversals are untested.
    """
    h = np.array(years)
    after = of.after[:, h - 1]
    d, _, _ = changes(of.x)
    sign = np.sign(d.sum(axis=1))[:, None]
    way = np.array(PACES)[:, None, None] * of.unit[:, None] * h
    value = of.x[:, -1:] + sign * way
    attained = np.where(sign > 0, after >= value, after <= value)
    known = np.broadcast_to(np.isfinite(after) & (sign != 0), value.shape)
    return Targets(h, value, attained, known, sign > 0)


def chances(of: Windows, goals: Targets, method: Method) -> Values:
    """The chance (C, W, Y) that every target is attained; NaN where the method has none."""
    below = mixture.cdf(method(of.x, goals.years.astype(float)), goals.value)
    return np.where(goals.up, 1 - below, below)


class Verdicts(NamedTuple):
    """Probabilities p (V,) of synthetic targets, whether each was attained, its series and its family, each (V,)."""

    p: Values
    attained: Flags
    group: Index
    family: NDArray[np.str_]


def verdicts(of: Windows, method: Method) -> Verdicts:
    """The targets (V,) of `targets` whose outcome is known, and how likely they looked."""
    goals = targets(of)
    p = chances(of, goals, method)
    seen = goals.known & np.isfinite(p)
    group = np.broadcast_to(of.group[:, None], seen.shape)
    family = np.broadcast_to(of.family[:, None], seen.shape)
    return Verdicts(p[seen], goals.attained[seen], group[seen], family[seen])


def brier(p: Any, attained: Any) -> float:
    """Mean (p - attained)^2: Brier (1950)."""
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(attained, dtype=float)) ** 2))


def climatology(attained: Flags) -> float:
    """The Brier score of one who always says how often targets are attained: r (1 - r)."""
    r = float(np.mean(attained))
    return r * (1 - r)


class Bin(NamedTuple):
    """Targets of similar probability: how many, the mean probability and the share that was attained."""

    targets: int
    predicted: float
    attained: float


def binned(p: Values, bins: int = 10) -> list[Index]:
    """The places of probabilities (V,) in bins of equal numbers, the least likely first."""
    return np.array_split(np.argsort(p, kind="stable"), bins)


def reliability(p: Values, attained: Flags, bins: int = 10) -> list[Bin]:
    """Targets in bins of equal numbers by probability, the least likely first."""
    return [Bin(len(k), float(p[k].mean()), float(attained[k].mean())) for k in binned(p, bins)]
