"""Anderson's acceleration of a fixed point z = G(z) (Anderson 1965; type II of Walker and Ni 2011).

The next point is the combination of the last few images whose residual G(z) - z is least. The least squares are solved
by normal equations of unit diagonal: with a few thousand unknowns a QR would cost more than a sweep of the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zizhu.tables.leontief import Matrix, Vector

Step = Callable[[Vector], tuple[Vector, float]]
"""z -> G(z) and the residual by which the caller judges z."""

MEMORY = 10
LONGEST = 5.0
TINY = 1e-300
_RIDGE = 1e-13 * np.eye(MEMORY)
"""Added to normal equations of unit diagonal, so that rounding cannot make them singular."""
PATIENCE = 200
"""Sweeps within which the best residual must halve."""


@dataclass(frozen=True)
class Found:
    """The best point, its residual, the sweeps made and whether the residual is within the tolerance."""

    z: Vector
    residual: float
    sweeps: int
    converged: bool


class _History:
    """Differences of the last images and residuals, and the products of the latter."""

    def __init__(self, n: int) -> None:
        self.df, self.dg = np.zeros((MEMORY, n)), np.zeros((MEMORY, n))
        self.gram = np.zeros((MEMORY, MEMORY))
        self.count = 0

    def add(self, df: Vector, dg: Vector) -> None:
        slot = self.count % MEMORY
        self.df[slot], self.dg[slot] = df, dg
        self.count += 1
        used = min(self.count, MEMORY)
        self.gram[slot, :used] = self.gram[:used, slot] = self.df[:used] @ df

    def extrapolated(self, g: Vector, f: Vector) -> Vector:
        used = min(self.count, MEMORY)
        diagonal = self.gram.diagonal()[:used]
        size = 1.0 / np.sqrt(np.maximum(diagonal, TINY))
        products: Matrix = self.gram[:used, :used] * size * size[:, None] + _RIDGE[:used, :used]
        weights = np.linalg.solve(products, (self.df[:used] @ f) * size) * size
        return np.asarray(g - weights @ self.dg[:used])


def fixed_point(step: Step, z: Vector, tol: float, limit: int, longest: float = LONGEST) -> Found:
    """The fixed point from `z` (n,), or the best point after `limit` sweeps or once the residual no longer falls.

    An extrapolation that leaves its image by more than `longest` is not believed, and the past forgotten.
    """
    past = _History(len(z))
    last: tuple[Vector, Vector] | None = None
    best, at, mark, since = np.inf, z, np.inf, 0
    for k in range(1, limit + 1):
        g, residual = step(z)
        if residual <= tol:
            return Found(z, residual, k, True)
        if residual < best:
            best, at = residual, z
        if residual < mark / 2:
            mark, since = residual, k
        if k - since > PATIENCE:
            break
        if not (np.isfinite(residual) and np.isfinite(g).all()):
            if last is None:
                break
            z, past, last = last[0], _History(len(z)), None
            continue
        f = g - z
        if last is not None:
            past.add(f - last[1], g - last[0])
        last = g, f
        z = past.extrapolated(g, f) if past.count else g
        if not np.abs(z - g).max() < longest:
            z, past = g, _History(len(z))
    return Found(at, best, k, False)
