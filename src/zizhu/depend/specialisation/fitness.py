"""Fitness of places and complexity of products by the nonlinear iteration of Tacchella et al. (2012).

F <- M Q, Q <- 1 / (M' (1 / F_old)), both divided by their means after every update, from F = Q = 1.
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem


def fitness(M: Matrix, updates: int) -> tuple[Vector, Vector]:
    """F (C,) and Q (P,), both > 0 with mean 1, after so many updates; M has no empty row or column.

    The numbers depend on `updates`: name it with them. Raises CannotAnswer where they leave the range of numbers.
    """
    F, Q = np.ones(M.shape[0]), np.ones(M.shape[1])
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for _ in range(updates):
            F, Q = M @ Q, 1.0 / ((1.0 / F) @ M)
            F, Q = F / F.mean(), Q / Q.mean()
    if not (np.isfinite(F).all() and np.isfinite(Q).all() and F.min() > 0 and Q.min() > 0):
        what = f"fitness leaves the range of numbers within {updates} updates"
        raise CannotAnswer(Problem(what, "fitness", "fewer updates", "Ask for fewer updates."))
    return F, Q
