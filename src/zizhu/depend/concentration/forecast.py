"""The chance that a product is flagged next year, from how measures of the same entity have moved before.

On a scale without bounds (log odds for shares and indices, logarithms for ratios and money) a measure z of a product
goes back a part phi of the way to its own past mean and then changes by a residual:

    z_(t+1) = z_t + phi (mean of z up to t - z_t) + e_(t+1)

phi is the least-squares slope over all products, and e is drawn from the residuals of products of about the same size
of imports, all measures of a product together: the distribution is empirical and keeps how measures move together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zizhu.depend.concentration.measures import MEASURES, NO_EXPORTS
from zizhu.depend.concentration.rule import Cut, holds

Values = NDArray[Any]

EDGE = 1e-4
"""Shares and indices within this of 0 or 1 count as there."""
CLASSES = 4
"""Classes of size of imports, of equal numbers of residuals."""
LEAST = 3
"""Years of measures without which nothing can be learnt."""


def unbounded(name: str, values: Values) -> Values:
    """A measure on a scale from minus to plus infinity; NaN stays."""
    if MEASURES[name] in ("ratio", "USD"):
        return np.asarray(np.log(np.maximum(values, 1 / NO_EXPORTS)))
    inside = np.clip(values, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))


@dataclass(frozen=True)
class Ahead:
    """Measures of the year after, in draws, on the scale without bounds: `base[:, k] + residuals[picked, k]`.

    `names` (K) measures, `base` (P, K) with NaN where a product is not imported now, `residuals` (N, K), `picked`
    (P, D). One draw is the same future for all measures.
    """

    names: tuple[str, ...]
    base: Values
    residuals: Values
    picked: Values

    @classmethod
    def of(
        cls, measures: Mapping[str, Values], names: Sequence[str], draws: int, rng: np.random.Generator
    ) -> Ahead:
        """The year after measures (P, T); raises ValueError where nothing can be learnt."""
        imports = np.asarray(measures["imports_usd"], float)
        if not can_learn(imports):
            raise ValueError(f"no product is imported in {LEAST} successive years")
        scaled, size = np.stack([unbounded(n, measures[n]) for n in names], axis=2), np.log(imports)
        counted = np.maximum(np.cumsum(np.isfinite(scaled), axis=1), 1)
        away = np.cumsum(np.nan_to_num(scaled), axis=1) / counted - scaled
        change, before = np.diff(scaled, axis=1), away[:, :-1]
        whole: Values = np.asarray(np.isfinite(change).all(axis=2))
        whole[:, 0] = False  # in the first year the mean is the value itself
        phi = _slope(before[whole], change[whole])
        residuals = (change - phi * before)[whole]
        picked = _picked(size[:, :-1][whole], size[:, -1], draws, rng)
        base = scaled[:, -1] + phi * away[:, -1]
        return cls(tuple(names), base.astype(np.float32), residuals.astype(np.float32), picked)

    def meets(self, cut: Cut) -> NDArray[np.bool_]:
        """Whether each product meets the cut as it stands (P, D)."""
        k = self.names.index(cut.measure)
        drawn = np.take(np.ascontiguousarray(self.residuals[:, k]), self.picked)
        drawn += self.base[:, k, None]
        return np.asarray(drawn > np.float32(unbounded(cut.measure, np.array(cut.at))))


def next_year(
    ahead: Ahead, measures: Mapping[str, Values], cuts: Sequence[Cut], years: int, at_least: int
) -> Values:
    """The chance (P,) that the window ending next year is flagged; NaN without imports now.

    `measures` (P, T) are those of the years seen, of which the window holds the last `years` - 1.
    """
    met = ahead.meets(cuts[0])
    for cut in cuts[1:]:
        met &= ahead.meets(cut)
    held = holds(measures, cuts)
    past = held[:, held.shape[1] - years + 1 :].sum(axis=1)
    flagged = met if years == 1 else past[:, None] + met >= at_least
    return np.where(np.isfinite(ahead.base).all(axis=1), flagged.mean(axis=1), np.nan)


def can_learn(imports: Values) -> bool:
    """Whether some product is imported in LEAST successive years, from imports (P, T) with NaN where there are none."""
    if imports.shape[1] < LEAST:
        return False
    runs = np.lib.stride_tricks.sliding_window_view(np.isfinite(imports), LEAST, axis=1)
    return bool(runs.all(axis=-1).any())


def _slope(x: Values, y: Values) -> Values:
    """The slope through the origin of every column (K,), kept within [0, 1]."""
    squares = (x**2).sum(axis=0)
    slope = np.divide((x * y).sum(axis=0), squares, out=np.zeros_like(squares), where=squares > 0)
    return np.asarray(np.clip(slope, 0, 1))


def _picked(sizes: Values, now: Values, draws: int, rng: np.random.Generator) -> Values:
    """Numbers of residuals (P, draws) for products of size `now` (P,), drawn from those of their class of size (N,)."""
    edges = np.quantile(sizes, np.arange(1, CLASSES) / CLASSES)
    of, mine = np.searchsorted(edges, sizes), np.searchsorted(edges, np.nan_to_num(now))
    found = np.empty((len(now), draws), np.int32)
    for k in np.unique(mine):
        pool = (
            np.flatnonzero(of == k).astype(np.int32)
            if (of == k).any()
            else np.arange(len(of), dtype=np.int32)
        )
        found[mine == k] = pool[
            rng.integers(len(pool), size=(np.count_nonzero(mine == k), draws), dtype=np.int32)
        ]
    return found
