"""Hypothetical extraction of every node, and of blocks of nodes, without solving a changed table.

With x = L y and K the extracted nodes (a number k where there is one), output lost is
    complete   L[:, K] L_KK^-1 x_K             rows and columns K of A and y_K are zero: the industry is gone
    backward   (L - I)[:, K] L_KK^-1 x_K       columns K of A are zero: K buys no inputs
    forward    L[:, K] L_KK^-1 (x_K - y_K)     rows K of A are zero: nobody buys from K as input
by the Woodbury identity (for one node Sherman-Morrison; complete extraction of a group as in Temurshoev 2009, backward
and forward as in Dietzenbacher and van der Linden 1997 without imports in the place of what is lost).
Nothing replaces what is lost: it is demand that ends, not the shortage of those who bought.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.threads import one_thread

Kind = Literal["complete", "backward", "forward"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def removed(kind: Kind, x: Vector, sales: Vector) -> Vector:
    """What L_KK^-1 is applied to (n,): output x, or intermediate sales Z1 = x - y when customers are lost."""
    return sales if kind == "forward" else x


def every(L: Matrix, weights: Matrix, x: Vector, sales: Vector, kind: Kind) -> Matrix:
    """Losses (m, n) of m sums of nodes, weights (m, n), when each node alone is extracted.

    `weights` may be ones (output of the table), country indicators (output by country) or value-added shares.
    """
    with one_thread():
        per_unit = np.asarray(weights @ L)
    if kind == "backward":
        per_unit -= weights
    return per_unit * (removed(kind, x, sales) / L.diagonal())


def others(L: Matrix, x: Vector, sales: Vector, kind: Kind, width: int = 256) -> Vector:
    """Output (n,) that all other nodes together lose when each node alone is extracted, added up without its own."""
    n = len(x)
    off_diagonal = np.empty(n)
    for first in range(0, n, width):
        part = np.array(L[:, first : first + width])
        part[np.arange(first, first + part.shape[1]), np.arange(part.shape[1])] = 0.0
        off_diagonal[first : first + width] = part.sum(axis=0)
    return off_diagonal * (removed(kind, x, sales) / L.diagonal())


def block(U: Matrix, K: Index, x: Vector, sales: Vector, kind: Kind) -> Vector:
    """Output (n,) that every node loses when the k nodes `K` are extracted together; U = L[:, K] (n, k)."""
    with one_thread():
        weight = np.linalg.solve(U[K], removed(kind, x, sales)[K])
        lost = np.asarray(U @ weight)
    if kind == "backward":
        lost[K] -= weight
    return lost
