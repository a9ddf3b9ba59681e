"""The chance that a product is flagged next year, from how measures of the same entity have moved before.

On a scale without bounds (log odds for shares and indices, logarithms for ratios and money) a measure z of a product
goes back a part phi of the way to its own past mean and then changes by a residual:

    z_(t+1) = z_t + phi (mean of z up to t - z_t) + e_(t+1)

phi is the least-squares slope over all products, and e is drawn from the residuals of products of about the same size
of imports, all measures of a product together: the distribution is empirical and keeps how measures move together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zizhu.depend.concentration.measures import MEASURES, NO_EXPORTS
from zizhu.depend.concentration.rule import Cut, margin, windowed

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


def bounded(name: str, scaled: Values) -> Values:
    """The measure of a value of `unbounded`; a share or an index at its edge is at its bound."""
    if MEASURES[name] in ("ratio", "USD"):
        return np.asarray(np.exp(scaled))
    value = np.asarray(1 / (1 + np.exp(-scaled)))
    value[value <= EDGE], value[value >= 1 - EDGE] = 0.0, 1.0
    return value


def next_year(
    measures: Mapping[str, Values],
    cuts: Sequence[Cut],
    years: int,
    at_least: int,
    draws: int,
    rng: np.random.Generator,
) -> Values:
    """The chance (P,) that the window ending next year is flagged, from measures (P, T); NaN without imports now.

    The cuts stand as they are. Raises ValueError where nothing can be learnt.
    """
    if not can_learn(measures["imports_usd"]):
        raise ValueError(f"no product is imported in {LEAST} successive years")
    names = [c.measure for c in cuts]
    scaled = np.stack([unbounded(n, measures[n]) for n in names], axis=2)
    ahead = _ahead(scaled, np.log(np.asarray(measures["imports_usd"], float)), draws, rng)
    after = margin({n: bounded(n, ahead[..., k]) for k, n in enumerate(names)}, cuts)
    past = margin(measures, cuts)[:, scaled.shape[1] - years + 1 :, None]
    window = np.concatenate([np.broadcast_to(past, (*past.shape[:2], draws)), after[:, None, :]], axis=1)
    flagged = windowed(window, years, at_least)[:, 0] > 1
    return np.where(np.isfinite(scaled[:, -1]).all(axis=1), flagged.mean(axis=1), np.nan)


def can_learn(imports: Values) -> bool:
    """Whether some product is imported in LEAST successive years, from imports (P, T) with NaN where there are none."""
    if imports.shape[1] < LEAST:
        return False
    runs = np.lib.stride_tricks.sliding_window_view(np.isfinite(imports), LEAST, axis=1)
    return bool(runs.all(axis=-1).any())


def _ahead(scaled: Values, size: Values, draws: int, rng: np.random.Generator) -> Values:
    """Next year's measures (P, draws, K) from those of the past (P, T, K) and log imports (P, T)."""
    counted = np.maximum(np.cumsum(np.isfinite(scaled), axis=1), 1)
    away = np.cumsum(np.nan_to_num(scaled), axis=1) / counted - scaled
    change, before = np.diff(scaled, axis=1), away[:, :-1]
    whole: Values = np.asarray(np.isfinite(change).all(axis=2))
    whole[:, 0] = False  # in the first year the mean is the value itself
    phi = _slope(before[whole], change[whole])
    residuals, sizes = (change - phi * before)[whole].astype(np.float32), size[:, :-1][whole]
    picked = _picked(residuals, sizes, size[:, -1], draws, rng)
    return np.asarray((scaled[:, -1] + phi * away[:, -1]).astype(np.float32)[:, None, :] + picked)


def _slope(x: Values, y: Values) -> Values:
    """The slope through the origin of every column (K,), kept within [0, 1]."""
    squares = (x**2).sum(axis=0)
    slope = np.divide((x * y).sum(axis=0), squares, out=np.zeros_like(squares), where=squares > 0)
    return np.asarray(np.clip(slope, 0, 1))


def _picked(residuals: Values, sizes: Values, now: Values, draws: int, rng: np.random.Generator) -> Values:
    """Residuals (P, draws, K) for products of size `now` (P,), drawn from those of their class of size."""
    edges = np.quantile(sizes, np.arange(1, CLASSES) / CLASSES)
    of, mine = np.searchsorted(edges, sizes), np.searchsorted(edges, np.nan_to_num(now))
    found = np.empty((len(now), draws, residuals.shape[1]), np.float32)
    for k in np.unique(mine):
        pool = residuals[of == k] if (of == k).any() else residuals
        found[mine == k] = pool[rng.integers(len(pool), size=(np.count_nonzero(mine == k), draws))]
    return found
