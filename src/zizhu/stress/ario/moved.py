"""Orders that restrictions turn away: how much finds another supplier of the product, and how much finds none."""

from __future__ import annotations

import numpy as np

from zizhu.stress.ario import kernels
from zizhu.stress.ario.course import Plan
from zizhu.stress.ario.step import Ensemble
from zizhu.tables.leontief import Vector


def redirected(state: Ensemble, e: int, plan: Plan) -> tuple[Vector, Vector]:
    """By product (S,), of the orders of the step just made: moved to other suppliers, and not placed at all.

    A buyer that wants m has pools F without and P under the restrictions, and Q = P + (1 - sigma)(F - P) in between.
    It would have placed m P / F with those who may still sell and places m P / Q; m (1 - P / Q) is not placed.
    """
    at, barred = state.layout, state.restricted
    sigma = state.courses[e].sigma[:, None]
    F, P = np.zeros_like(state.g[e]), np.zeros_like(state.g[e])
    if any(strength > 0 for strength in barred.strength[e]):
        kernels.pools(at.Z, at.starts, barred.cells, barred.now, e, plan.turning.astype(at.Z.dtype), F, P)
    Q = P + (1.0 - sigma) * (F - P)
    wanted = state.g[e] * Q
    before, now = (np.divide(P, pool, out=np.zeros_like(P), where=pool > 0) for pool in (F, Q))
    return (wanted * (now - before)).sum(axis=1), (wanted * (1.0 - now)).sum(axis=1)
