"""The band of an answer over its draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LOWER, UPPER = 0.05, 0.95
"""Quantiles: nine draws of ten lie in the band."""


class Band(NamedTuple):
    """The ends of the band, each of the shape of one draw."""

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def band(draws: NDArray[np.floating]) -> Band:
    """The 5 % and 95 % quantiles over the first axis, by linear interpolation (type 7 of Hyndman and Fan 1996)."""
    lower, upper = np.quantile(np.asarray(draws, dtype=float), (LOWER, UPPER), axis=0)
    return Band(np.asarray(lower), np.asarray(upper))
