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
    of, at = state.courses[e], state.layout
    classes = of.parameters.rationing.classes
    theta = np.tile(plan.theta, (classes, 1))
    met = np.asarray((theta < 1.0).any(axis=1))
    kinds = np.where(met[at.kinds[e]], at.kinds[e], -1)
    F, P = np.zeros_like(state.g[e]), np.zeros_like(state.g[e])
    weight = np.broadcast_to(plan.full, theta.shape)
    U, W = weight.astype(at.Z.dtype), (weight * theta).astype(at.Z.dtype)
    kernels.pools(at.Z, at.starts, kinds, U, W, F, P)
    sigma = of.sigma[:, None]
    Q = P + (1.0 - sigma) * (F - P)
    wanted = state.g[e] * Q
    before, now = (np.divide(P, pool, out=np.zeros_like(P), where=pool > 0) for pool in (F, Q))
    return (wanted * (now - before)).sum(axis=1), (wanted * (1.0 - now)).sum(axis=1)
