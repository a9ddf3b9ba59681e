"""Draws of what is uncertain: a Latin hypercube, so that few draws cover each band evenly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zizhu.tables.leontief import Matrix


def drawn(bands: Sequence[tuple[float, float]], count: int, seed: int) -> Matrix:
    """Draws (count, k), each column uniform in its band: McKay, Beckman and Conover (1979).

    The same seed, bands and count give the same draws on every machine.
    """
    if not count or not bands:
        return np.empty((count, len(bands)))
    low, high = np.array(bands, dtype=float).T
    random = np.random.default_rng(seed)
    strata = random.permuted(np.tile(np.arange(count), (len(bands), 1)), axis=1).T
    unit = (strata + random.random((count, len(bands)))) / count
    return np.asarray(low + unit * (high - low))
