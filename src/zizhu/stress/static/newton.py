"""A longer step towards the least fixed point of rationing: Newton's method for a convex, non-decreasing map.

Between two changes of what binds, the shares u of orders that sellers leave unserved follow u' = T(u) linearly, with
the gradient N >= 0. From u <= T(u) the step u + d with (I - N) d = T(u) - u stays below the least fixed point u* if T
is convex and the spectral radius of N is below one: T(u*) - T(u) >= N (u* - u), so (I - N)(u* - u) >= (I - N) d, and
the inverse of I - N has no negative entry. The radius is below one when (I - N) w = 1 has a solution w > 0 (M-matrices,
Berman and Plemmons), and w says how near one it is. So losses still only rise, and where plain steps creep, one step
goes the whole way.
"""

from __future__ import annotations

import numpy as np

from zizhu.stress.static.stopped import Stopped
from zizhu.tables.leontief import Flows, Index, Matrix, Vector
from zizhu.tables.threads import one_thread

NEAREST = 1e6
"""Largest w of a safe step: where the radius is one, other fixed points lie above and rounding could jump there."""


def further(
    Z: Flows,
    stop: Stopped,
    product: Index,
    cost: Matrix,
    binding: Index,
    slope: Vector,
    short: Vector,
    plain: Vector,
) -> Vector:
    """`short` (n,) after a Newton step, or after the plain step T(short) = `plain` (n,) where Newton's is not safe.

    cost (K, n): share of output that one unit of a product lacking costs its buyer; binding (n,): the product that
    binds a node, -1 where its capacity does; slope (n,): of a seller's share unserved in its own loss of output.
    """
    S = np.flatnonzero(plain > 0)
    N = _open(Z, stop, S).T
    bound = binding[S]
    N *= (product[S] == bound[:, None]) * (slope[S] * cost[bound, S])[:, None]
    right = np.stack([plain[S] - short[S], np.ones(len(S))], axis=1)
    try:
        with one_thread():
            d, w = np.linalg.solve(np.eye(len(S)) - N, right).T
    except np.linalg.LinAlgError:
        return plain
    if not ((w > 0) & (w < NEAREST)).all():
        return plain
    longer = plain.copy()
    longer[S] = np.clip(short[S] + d, plain[S], 1.0)
    return longer


def _open(Z: Flows, stop: Stopped, S: Index) -> Matrix:
    """The flows between the nodes `S` that have not stopped (k, k)."""
    left = np.array(Z[np.ix_(S, S)], dtype=float)
    place = np.full(len(Z), -1)
    place[S] = np.arange(len(S))
    rows, columns = place[stop.rows], place[stop.columns]
    left[np.ix_(rows[rows >= 0], columns[columns >= 0])] -= stop.flows[np.ix_(rows >= 0, columns >= 0)]
    return left
