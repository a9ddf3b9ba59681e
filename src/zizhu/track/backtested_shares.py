"""The scores of a backtest as means over windows, so that each opens into the windows that it is made of.

A row of the answer is a group of windows (an indicator, or all), a method, and a horizon, a bin, or the targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from zizhu.track import ratios
from zizhu.track.backtested_found import ALL, MIXTURE, Found
from zizhu.track.path import resampled
from zizhu.track.path.backtest import Index
from zizhu.track.path.transforms import Flags, Values

INTERVAL, VERDICT, DECILE, WINDOW = "interval", "verdict", "decile", "window"
TARGETS = "targets"
BOUNDED: Mapping[str, tuple[str, ...]] = {
    INTERVAL: ("coverage",),
    VERDICT: ("brier", "behind"),
    DECILE: ("gap",),
}
"""The means that have bounds."""


class Place(NamedTuple):
    """Which row of an answer."""

    of: str
    family: str
    method: str
    at: str


class Mean(NamedTuple):
    """A mean over windows (W,): the sum of `top` over the sum of `weight`, of how many it is."""

    top: Values
    weight: Values

    @property
    def value(self) -> float:
        """The mean; NaN of nothing."""
        total = float(self.weight.sum())
        return float(self.top.sum()) / total if total else float("nan")

    @property
    def terms(self) -> Values:
        """What every window adds to it (W,)."""
        return np.asarray(self.top / max(float(self.weight.sum()), 1.0))

    def bounds(self, group: Index, seed: int) -> resampled.Bounds:
        """The bounds (1,) when the series `group` (W,) are drawn again."""
        here = self.weight > 0
        of_series = resampled.totals(group[here], np.stack([self.top[here], self.weight[here]], axis=1))
        return resampled.bounds(of_series[:, :1], of_series[:, 1:], seed=seed)


def means(found: Found, place: Place) -> dict[str, Mean]:
    """The means of a row by column; those of which there is nothing are left out."""
    made = {INTERVAL: _interval, VERDICT: _verdict, DECILE: _decile}[place.of](found, place)
    return {column: mean for column, mean in made.items() if mean.weight.any()}


def _interval(found: Found, place: Place) -> dict[str, Mean]:
    o, k = found.outcomes[place.method], found.horizons.index(int(place.at))
    seen = o.seen[:, k] & found.families[place.family]
    outside = o.below | o.above
    tops = {"coverage": ~outside, "below": o.below, "above": o.above, "ase": o.error}
    count = seen.astype(float)
    return {column: Mean(np.where(seen, top[:, k], 0.0), count) for column, top in tops.items()}


def _verdict(found: Found, place: Place) -> dict[str, Mean]:
    said = found.judged(place.method, found.families[place.family])
    there = np.isfinite(said.p)
    met = there & found.goals.attained
    made = {"brier": _of(said.gap**2, there), "attained": _of(met, there)}
    if place.method != MIXTURE:
        ours = found.judged(MIXTURE, found.families[place.family])
        made["behind"] = _of(said.gap**2 - ours.gap**2, there)
    if place.method in ratios.judging_rules():
        called = there & (said.p > 0)
        made["came_true"] = _of(met, called)
    return made


def _decile(found: Found, place: Place) -> dict[str, Mean]:
    p, flat = found.chances[MIXTURE], np.zeros(found.known.size, dtype=bool)
    flat[found.bins[int(place.at) - 1]] = True
    here = flat.reshape(found.known.shape)
    met = found.goals.attained.astype(float)
    return {"predicted": _of(p, here), "attained": _of(met, here), "gap": _of(met - p, here)}


def _of(what: Values | Flags, there: Flags) -> Mean:
    """The mean of something about targets (C, W, Y) where it is there, by window."""
    return Mean(np.where(there, what, 0.0).sum(axis=(0, 2)), there.sum(axis=(0, 2)).astype(float))


def places(found: Found) -> list[Place]:
    """The rows of scores, in the order in which they are read."""
    horizons = [
        Place(INTERVAL, family, method, str(h))
        for family in found.families
        for method in found.outcomes
        for h in found.horizons
    ]
    verdicts = [Place(VERDICT, family, m, TARGETS) for family in found.families for m in found.judges]
    deciles = [Place(DECILE, ALL, MIXTURE, str(k + 1)) for k in range(len(found.bins))]
    return [*horizons, *verdicts, *deciles]
