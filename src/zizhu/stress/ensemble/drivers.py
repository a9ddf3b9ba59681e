"""Which uncertain input moves the answer most: squared standardised rank regression coefficients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.leontief import Matrix, Vector

ENOUGH = 2
"""Draws a parameter, below which a ranking means nothing."""
SURE = 0.95
"""How sure a coefficient is to be more than chance."""


def drivers(draws: Matrix, outcome: Vector) -> tuple[Vector, float]:
    """The share of the spread of `outcome` (M,) that each column of `draws` (M, k) explains, and what none does.

    Ranks stand for values, so any steady course counts, not only a straight one (Iman and Conover 1979). In a
    Latin hypercube the columns are nearly independent, so the squared coefficients are shares of the variance of
    the ranks and the rest is curvature and interplay. No number for a column whose coefficient chance alone may give:
    Student's t of the regression of all within its central 95 %. The shares are those of the regression of the others.
    A rest of one where the outcome does not move.

    Raises ValueError with fewer than 2 draws a column.
    """
    count, k = draws.shape
    if count < ENOUGH * k + 1:
        raise ValueError(f"{count} draws of {k} parameters: at least {ENOUGH * k + 1}")
    found = np.full(k, np.nan)
    ranked = _standardised(np.column_stack([ranks(c) for c in draws.T])) if k else np.empty((count, 0))
    y = _standardised(ranks(outcome)[:, None])[:, 0]
    told = _told_apart(ranked, y)
    if not told.any():
        return found, 1.0
    coefficients = np.linalg.lstsq(ranked[:, told], y, rcond=None)[0]
    explained = 1.0 - float(np.sum((y - ranked[:, told] @ coefficients) ** 2) / np.sum(y**2))
    found[told] = coefficients**2 * (explained / np.sum(coefficients**2))
    return found, 1.0 - explained


def _told_apart(ranked: Matrix, y: Vector) -> NDArray[np.bool_]:
    """Which columns (k,) have a coefficient beyond what chance gives in 19 of 20 regressions; constant ones never."""
    from scipy.special import stdtrit

    count, k = ranked.shape
    moves = ranked.any(axis=0)
    if not moves.any() or not y.any():
        return np.zeros(k, dtype=bool)
    X, free = ranked[:, moves], count - int(moves.sum()) - 1
    coefficients = np.linalg.lstsq(X, y, rcond=None)[0]
    variance = np.sum((y - X @ coefficients) ** 2) / free * np.diag(np.linalg.pinv(X.T @ X))
    told = np.zeros(k, dtype=bool)
    told[moves] = np.abs(coefficients) > stdtrit(free, (1.0 + SURE) / 2.0) * np.sqrt(variance)
    return told


def ranks(values: Vector) -> Vector:
    """Ranks with ties at their mean."""
    import polars as pl

    return pl.Series(values).rank("average").to_numpy()


def _standardised(columns: Matrix) -> Matrix:
    centred = columns - columns.mean(axis=0)
    spread = centred.std(axis=0)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))
