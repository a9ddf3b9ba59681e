"""How far a score could have come out otherwise: series drawn again with replacement (bootstrap over series).

Windows of one series overlap and its years hang together, so that a series is drawn whole or not at all (Efron 1979,
Annals of Statistics 7; the cluster bootstrap of Field and Welsh 2007, JRSS B 69).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zizhu.track.path.transforms import Values

Index = NDArray[np.intp]
DRAWS = 1000
SHARE = 0.95
"""Share of the draws that lie within the bounds."""
AT_ONCE = 1 << 22
"""Numbers that are drawn at a time."""


class Bounds(NamedTuple):
    """Lower and upper bound, each of the shape of one draw."""

    lower: Values
    upper: Values


def totals(group: Index, values: Values) -> Values:
    """Sums (S, K) of values (W, K) over the windows of each of S series, in order of their numbers; NaN counts as 0."""
    _, place = np.unique(group, return_inverse=True)
    found = np.zeros((int(place.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(found, place, np.nan_to_num(values))
    return found


def bounds(top: Values, count: Values, draws: int = DRAWS, seed: int = 0, share: float = SHARE) -> Bounds:
    """Bounds (K,) of means, the sum of `top` (S, K) over that of `count` (S, K), when the S series are drawn again.

    Draws of nothing do not count; NaN where no draw has anything.
    """
    rng, S = np.random.default_rng(seed), len(top)
    both = np.concatenate(np.broadcast_arrays(top, count), axis=1)
    step = max(AT_ONCE // max(S, 1), 1)
    sums = [_times(rng, S, min(step, draws - start)) @ both for start in range(0, draws, step)]
    drawn, counted = np.split(np.concatenate(sums), 2, axis=1)
    means = np.divide(drawn, counted, out=np.full(drawn.shape, np.nan), where=counted > 0)
    known = np.isfinite(means).any(axis=0)
    tail = (1 - share) / 2
    found = np.full((2, top.shape[1]), np.nan)
    found[:, known] = np.nanquantile(means[:, known], (tail, 1 - tail), axis=0)
    return Bounds(*found)


def _times(rng: np.random.Generator, S: int, draws: int) -> Values:
    """How often each of S series is drawn (draws, S) when S are drawn with replacement."""
    drawn = rng.integers(0, S, (draws, S)) + S * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * S).reshape(draws, S).astype(float)
