"""A second opinion on intervals that assumes no distribution: how far past forecasts of other series were off.

Split conformal prediction (Papadopoulos et al. 2002; Lei et al. 2018, JASA 113), pooled over series: the score of a
forecast is |error| / mean |annual change| of its window, and the interval of a new one reaches as far as the q-quantile
of the scores of windows of the same length n and horizon h. Where series of other kinds are asked for than those that
were pooled, it need not cover: never show it alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zizhu.track.path.transforms import Values

Index = NDArray[np.intp]
Radii = dict[tuple[int, int], float]
"""Half widths in mean annual changes by (n, h)."""

COVERAGE = 0.8
FOLDS = 5


def scores(after: Values, forecast: Values, unit: Values) -> Values:
    """|after - forecast| / unit (W, H) from outcomes and forecasts (W, H) and mean |annual change| (W,)."""
    return np.asarray(np.abs(after - forecast) / unit[:, None])


def radius(score: Values, coverage: float = COVERAGE) -> float:
    """The ceil((k + 1) coverage)-th smallest of k scores, NaN left out; infinite where there are too few."""
    held = np.sort(score[np.isfinite(score)])
    rank = int(np.ceil((len(held) + 1) * coverage))
    return float(held[rank - 1]) if 0 < rank <= len(held) else float("inf")


def radii(score: Values, n: Index, coverage: float = COVERAGE) -> Radii:
    """Half widths by (n, h) from scores (W, H) of windows of n (W,) points; column k is k + 1 years on."""
    return {
        (int(points), k + 1): radius(score[n == points, k], coverage)
        for points in np.unique(n)
        for k in range(score.shape[1])
    }


def half_widths(known: Radii, n: Index, H: int) -> Values:
    """Half widths (W, H) of windows of n (W,) points, of the nearest known n, the shorter of two."""
    lengths = np.array(sorted({points for points, _ in known}))
    nearest = lengths[np.abs(lengths[:, None] - n).argmin(axis=0)]
    return np.array([[known[int(points), k + 1] for k in range(H)] for points in nearest])


def folds(group: Index, count: int = FOLDS, seed: int = 0) -> Index:
    """A fold (W,) for every window, the same for all windows of a series `group` (W,)."""
    names, place = np.unique(group, return_inverse=True)
    return np.asarray(np.random.default_rng(seed).permutation(len(names))[place] % count)


def crossed(score: Values, n: Index, group: Index, coverage: float = COVERAGE, seed: int = 0) -> Values:
    """Half widths (W, H) of every window, learnt from the series of the other folds only."""
    fold = folds(group, seed=seed)
    found = np.full(score.shape, np.nan)
    for k in np.unique(fold):
        away, here = fold != k, fold == k
        found[here] = half_widths(radii(score[away], n[away], coverage), n[here], score.shape[1])
    return found
