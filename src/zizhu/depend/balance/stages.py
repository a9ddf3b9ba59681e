"""The stage of a country in a product by its trade balance index, over time.

    TBI = (X - M) / (X + M), in [-1, 1]      (Lafay 1992)

The stage of a year is that of the mean of the index over the years up to it, so that one odd year makes none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Index = NDArray[np.intp]


def balance_index(X: Vector, M: Vector) -> Vector:
    """TBI of exports X and imports M (...), NaN without trade."""
    both = X + M
    return np.asarray(np.divide(X - M, both, out=np.full_like(both, np.nan, dtype=float), where=both > 0))


def smoothed(values: Vector, years: int) -> Vector:
    """The mean of up to `years` values that end at each (T,), of those that are known; NaN where none is."""
    known = np.isfinite(values)
    sums, counts = (
        np.convolve(side, np.ones(years))[: len(values)] for side in (np.where(known, values, 0.0), known)
    )
    return np.asarray(np.divide(sums, counts, out=np.full(len(values), np.nan), where=counts > 0))


def stage_of(balance: Vector, begins: Sequence[float]) -> Index:
    """The number of the stage of each balance (T,), `begins` being where stages begin, ascending; -1 where unknown."""
    place = np.searchsorted(np.asarray(begins[1:]), np.nan_to_num(balance), side="right")
    return np.where(np.isfinite(balance), place, -1)


def since(stages: Index) -> Index:
    """The position of the first year of the run of equal stages that each year belongs to (T,)."""
    first = np.concatenate([[True], stages[1:] != stages[:-1]]) if len(stages) else np.empty(0, bool)
    return np.maximum.accumulate(np.where(first, np.arange(len(stages)), 0))
