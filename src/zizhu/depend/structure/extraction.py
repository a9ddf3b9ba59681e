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

    `weights` may be ones (output of the table) or value-added shares.
    """
    with one_thread():
        per_unit = np.asarray(weights @ L)
    if kind == "backward":
        per_unit -= weights
    return per_unit * (removed(kind, x, sales) / L.diagonal())


def others(L: Matrix, x: Vector, sales: Vector, kind: Kind, of: Index) -> tuple[Vector, Vector]:
    """Output (n,) that all other nodes lose when each node alone is extracted, and that those of other groups lose.

    `of` (n,) is the group of every node, its country. Both are added up without the nodes that they leave out.
    """
    n = len(x)
    elsewhere, abroad = np.empty(n), np.empty(n)
    for group in range(int(of.max(initial=-1)) + 1):
        own = np.flatnonzero(of == group)
        part = np.array(L[:, own])
        part[own, np.arange(len(own))] = 0.0
        elsewhere[own] = part.sum(axis=0)
        part[own] = 0.0
        abroad[own] = part.sum(axis=0)
    per_unit = removed(kind, x, sales) / L.diagonal()
    return elsewhere * per_unit, abroad * per_unit


def block(U: Matrix, K: Index, x: Vector, sales: Vector, kind: Kind) -> Vector:
    """Output (n,) that every node loses when the k nodes `K` are extracted together; U = L[:, K] (n, k)."""
    with one_thread():
        weight = np.linalg.solve(U[K], removed(kind, x, sales)[K])
        lost = np.asarray(U @ weight)
    if kind == "backward":
        lost[K] -= weight
    return lost
