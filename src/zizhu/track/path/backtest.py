"""How predictive distributions did where the future is known: windows of real series, coverage, scores, calibration.

A window is n points of a series and what came after. Notation: x (W, N) windows as in `transforms.stacked`, after
(W, H) the values 1 to H years on, NaN where the series has ended, unit (W,) the mean |annual change| of the window,
group (W,) the series each window is of: windows of one series overlap, so that only series are independent.
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
    """Windows x (W, N) with what followed (W, H), the series `group` (W,) and the `family` (W,) they belong to."""

    x: Values
    after: Values
    group: Index
    family: NDArray[np.str_]

    @property
    def unit(self) -> Values:
        """Mean |annual change| within the window (W,)."""
        d, _, m = changes(self.x)
        return np.asarray(np.abs(d).sum(axis=1) / m)

    @property
    def n(self) -> Index:
        """Points of every window (W,)."""
        return np.asarray(np.isfinite(self.x).sum(axis=1))

    def where(self, chosen: Flags) -> Windows:
        """The chosen windows."""
        return Windows(self.x[chosen], self.after[chosen], self.group[chosen], self.family[chosen])


def moving(x: Values) -> bool:
    """Whether a series (N,) changes often enough to be used, and its values are finite."""
    d = np.diff(x)
    return bool(len(d) and np.isfinite(x).all() and np.count_nonzero(d) >= LEAST_MOVING * len(d))


def windows(
    series: Sequence[Values], families: Sequence[str], lengths: Sequence[int] = LENGTHS, seed: int = 0
) -> Windows:
    """One window of every length in every series (N,) of consecutive years, at a random place.

    AHEAD years follow it where the series is long enough, else LEAST_AHEAD or more. Windows that never move are left
    out. Raises ValueError where no series is long enough.
    """
    rng = np.random.default_rng(seed)
    x, after, group = [], [], []
    for k, one in enumerate(series):
        for n in lengths:
            end = _end(len(one), n, rng)
            if end is None or not np.diff(one[end - n : end]).any():
                continue
            x.append(one[end - n : end])
            after.append(one[end : end + AHEAD])
            group.append(k)
    if not x:
        raise ValueError("no series is long enough for a window")
    ahead = np.stack([np.pad(a.astype(float), (0, AHEAD - len(a)), constant_values=np.nan) for a in after])
    place = np.array(group)
    return Windows(stacked(x), ahead, place, np.asarray(families, dtype=np.str_)[place])


def _end(points: int, n: int, rng: np.random.Generator) -> int | None:
    """One past the last point of a window, or None where too little would follow."""
    if points < n + LEAST_AHEAD:
        return None
    return int(rng.integers(n, max(points - AHEAD, n) + 1))


def halves(group: Index, seed: int = 0) -> Flags:
    """Windows (W,) of one half of the series, drawn at random: methods are fixed on it and judged on the others."""
    names = np.unique(group)
    return np.asarray(np.isin(group, np.random.default_rng(seed).permutation(names)[: len(names) // 2]))


class Scores(NamedTuple):
    """Of the 80 % interval and the median at every horizon (H,)."""

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
    tail = (1 - coverage) / 2
    low, mid, high = (mixture.quantile(parts, q) for q in (tail, 0.5, 1 - tail))
    seen = np.isfinite(of.after) & np.isfinite(high - low)
    unit = of.unit[:, None]
    error = np.minimum(np.abs(of.after - mid) / unit, LARGEST_ERROR)
    below, above = (of.after < low) & seen, (of.after > high) & seen
    return Scores(
        seen.sum(axis=0),
        1 - _mean(below | above, seen),
        _mean(below, seen),
        _mean(above, seen),
        _mean(error, seen),
        np.array(
            [
                np.median(w[s]) if s.any() else np.nan
                for w, s in zip((high - low).T / of.unit, seen.T, strict=True)
            ]
        ),
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


class Verdicts(NamedTuple):
    """Probabilities p (V,) of synthetic targets, whether each was attained, its series and its family, each (V,)."""

    p: Values
    attained: Flags
    group: Index
    family: NDArray[np.str_]


def verdicts(of: Windows, method: Method) -> Verdicts:
    """Targets x_n + sign(mu) c unit h along the past trend, c in PACES, h in TARGET_YEARS, and how likely they looked.

    They lie on the side to which the series moved and are no policy targets: reversals are untested.
    """
    h = np.array(TARGET_YEARS, dtype=float)
    parts = method(of.x, h)
    after = of.after[:, np.array(TARGET_YEARS) - 1]
    d, _, _ = changes(of.x)
    sign = np.sign(d.sum(axis=1))[:, None]
    found = [_judged(of, parts, after, sign, c * of.unit[:, None] * h) for c in PACES]
    whole = [np.concatenate(column) for column in zip(*found, strict=True)]
    return Verdicts(*whole)


def _judged(of: Windows, parts: mixture.Parts, after: Values, sign: Values, way: Values) -> Verdicts:
    """The targets a `way` (W, 3) ahead, one a window and year."""
    target = of.x[:, -1:] + sign * way
    below = mixture.cdf(parts, target)
    p = np.where(sign > 0, 1 - below, below)
    met = np.where(sign > 0, after >= target, after <= target)
    seen = np.isfinite(after) & np.isfinite(p) & (sign != 0)
    group = np.broadcast_to(of.group[:, None], seen.shape)
    family = np.broadcast_to(of.family[:, None], seen.shape)
    return Verdicts(p[seen], met[seen], group[seen], family[seen])


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


def reliability(p: Values, attained: Flags, bins: int = 10) -> list[Bin]:
    """Targets in bins of equal numbers by probability, the least likely first."""
    order = np.argsort(p, kind="stable")
    return [Bin(len(k), float(p[k].mean()), float(attained[k].mean())) for k in np.array_split(order, bins)]
