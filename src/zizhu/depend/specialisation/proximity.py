"""Proximity of products, and sums over it that never form the matrix of all pairs.

phi_pq = (M'M)_pq / max(u_p, u_q), diagonal 1 (Hidalgo et al. 2007): the smaller of the two conditional probabilities.
density_cp = sum_q M_cq phi_qp / sum_q phi_qp, in [0, 1].

(W phi)_cp = sum_d M_dp [ sum_{u_q <= u_p} W_cq M_dq / u_p + sum_{u_q > u_p} W_cq M_dq / u_q ], and u takes at most C
values. So the sums need 8 C^2 P operations in place of the 2 C P^2 of a product with phi: for 230 places and 5,000
products a seventh of one such product, and no P x P matrix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.leontief import Matrix, Vector

ROWS = 256
"""Rows of phi that are made at once, so that they are divided while still in the cache."""


def proximity(M: Matrix) -> NDArray[np.float32]:
    """phi (P, P) in single precision: counts are exact, the ratio is rounded once; of M' it is that of places."""
    m = M.astype(np.float32)
    u = m.sum(axis=0)
    phi = np.empty((m.shape[1], m.shape[1]), dtype=np.float32)
    for start in range(0, len(u), ROWS):
        part = slice(start, start + ROWS)
        np.matmul(m[:, part].T, m, out=phi[part])
        phi[part] /= np.maximum(u[part, None], u)
    return phi


def near(W: Matrix, M: Matrix) -> Matrix:
    """W phi (R, P) for weights W (R, P) of products."""
    u = M.sum(axis=0)
    levels = [np.flatnonzero(u == level) for level in np.unique(u)]
    out = np.empty(W.shape)
    below, above = np.zeros((len(W), len(M))), np.zeros((len(W), len(M)))
    for at in levels:
        below += W[:, at] @ M[:, at].T
        out[:, at] = (below / u[at[0]]) @ M[:, at]
    for at in reversed(levels):
        out[:, at] += above @ M[:, at]
        above += (W[:, at] / u[at[0]]) @ M[:, at].T
    return out


def total(M: Matrix) -> Vector:
    """sum_q phi_qp (P,), at least 1."""
    return np.asarray(near(np.ones((1, M.shape[1])), M)[0])


def density(M: Matrix) -> Matrix:
    """density (C, P): how much of what is near a product a place has already; 1 for a place that has everything."""
    sums = near(np.vstack([np.ones((1, M.shape[1])), M]), M)
    # a sum made in another order may lie one rounding above the whole
    return np.asarray(np.minimum(sums[1:] / sums[0], 1.0))


def of_product(M: Matrix, p: int) -> Vector:
    """phi_p (P,), the proximity of all products to one."""
    u = M.sum(axis=0)
    return np.asarray((M[:, p] @ M) / np.maximum(u[p], u))
