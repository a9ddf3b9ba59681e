"""The table after a cut of sales, by which every number of all tiers opens into the flows that are cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.tables.cut import inverse_columns
from zizhu.tables.leontief import Index, Matrix, Vector, reciprocal
from zizhu.tables.mrio import MRIO
from zizhu.tables.threads import one_thread


@dataclass(frozen=True)
class After:
    """What the table after the cut of the flows f (k, m) from rows I to columns J says, L' being its inverse.

    Output meets final demand and the sales that stop, x = L'(y + f 1), so x - L'y = L'[:, I] f 1: the sale f_aj
    has the part L'_ia f_aj in the output that node i loses. In value, v'L = v'L' + p'D L'[J] with p = (v'L)_I and
    D = f diag(x_J)^-1, so the purchase f_aj has the part p_a D_aj L'_ji x_i in what node i's output carries.

    flows: f; sold: L'[:, I] (n, k); columns: J; per_output: D (k, m); worth: p (k,), one where nothing is missing.
    """

    flows: Matrix
    sold: Matrix
    columns: Index
    per_output: Matrix
    worth: Vector

    @property
    def lost_by_node(self) -> Vector:
        """The output (n,) that the nodes lose."""
        return np.asarray(self.sold @ self.flows.sum(axis=1))

    def lost(self, i: int) -> Matrix:
        """The part (k, m) of every cut flow in the output that node i loses."""
        return np.asarray(self.sold[i][:, None] * self.flows)

    def carried(self, mrio: MRIO, i: int) -> Matrix:
        """The part (k, m) of every cut flow in what the output of node i carries."""
        unit = np.zeros(mrio.n)
        unit[i] = 1.0
        called = mrio.lu.solve(unit)[self.columns]
        called = called - self.sold[self.columns] @ (self.per_output @ called)
        return np.asarray(self.worth[:, None] * self.per_output * (called * mrio.x[i]))


def after(mrio: MRIO, rows: Index, columns: Index, flows: Matrix) -> After:
    """L'[:, I] = U K^-1 with U = L[:, I] and K = 1 + D U[J] (`zizhu.tables.cut`)."""
    U, D = inverse_columns(mrio.lu, rows), flows * reciprocal(mrio.x[columns])
    with one_thread():
        K = np.eye(len(rows)) + D @ U[columns]
        sold = np.asarray(np.linalg.solve(K.T, U.T).T, dtype=float)
        worth = np.asarray(U.T @ mrio.leftover)
    return After(flows, sold, columns, D, worth)
