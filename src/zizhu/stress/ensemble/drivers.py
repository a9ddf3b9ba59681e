"""Which uncertain input moves the answer most: squared standardised rank regression coefficients."""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import Matrix, Vector

ENOUGH = 2
"""Draws a parameter, below which a ranking means nothing."""


def drivers(draws: Matrix, outcome: Vector) -> tuple[Vector, float]:
    """The share of the spread of `outcome` (M,) that each column of `draws` (M, k) explains, and what none does.

    Ranks stand for values, so any steady course counts, not only a straight one (Iman and Conover 1979). In a
    Latin hypercube the columns are nearly independent, so the squared coefficients are shares of the variance of
    the ranks and the rest is curvature and interplay. All zero, and a rest of one, where the outcome does not move.

    Raises ValueError with fewer than 2 draws a column.
    """
    count, k = draws.shape
    if count < ENOUGH * k + 1:
        raise ValueError(f"{count} draws of {k} parameters: at least {ENOUGH * k + 1}")
    ranked = _standardised(np.column_stack([_ranks(c) for c in draws.T])) if k else np.empty((count, 0))
    y = _standardised(_ranks(outcome)[:, None])[:, 0]
    if not y.any() or not k:
        return np.zeros(k), 1.0
    coefficients = np.linalg.lstsq(ranked, y, rcond=None)[0]
    share = coefficients**2
    explained = 1.0 - float(np.sum((y - ranked @ coefficients) ** 2) / np.sum(y**2))
    return np.asarray(share * (explained / share.sum() if share.sum() > 0 else 0.0)), 1.0 - explained


def _ranks(values: Vector) -> Vector:
    """Ranks with ties at their mean."""
    import polars as pl

    return pl.Series(values).rank("average").to_numpy()


def _standardised(columns: Matrix) -> Matrix:
    centred = columns - columns.mean(axis=0)
    spread = centred.std(axis=0)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))
