"""A cut of flows as a low-rank change of the Leontief inverse (Woodbury), on plain arrays.

Cut are the flows from the k rows I to the m columns J: A' = A - E_I D E_J' with D = theta * A[I, J] (k, m).
By rows U = L[:, I] and W = D, or by columns U = L E_I D and W = I_m, whichever are fewer; with K = I + W U[J],
    L' = L - U K^-1 W L[J, :].
Both sides below need U (min(k, m) solves, or columns of a held inverse) and one more solve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.tables.leontief import LU, Index, Matrix, Vector
from zizhu.tables.threads import one_thread
from zizhu.vocab.problems import CannotAnswer, Problem

LARGEST_RANK = 0.25
"""Above this rank, as a share of n, a new factorisation is cheaper than the update."""


@dataclass(frozen=True)
class Cut:
    """Effects of a cut, per node (n,), in the money of the table.

    lost_output: x - (I - A')^-1 y, output no longer called for when the purchases stop and nothing replaces
    them (sender's side: hypothetical extraction of the link).
    carried: x_j ((v'L)_j - (v'L')_j), value of j's output that passed through the cut flows, all tiers
    (receiver's side; equal to the Ghosh downstream effect with primary inputs held).
    """

    lost_output: Vector
    carried: Vector


def cut(
    lu: LU,
    x: Vector,
    v: Vector,
    D: Matrix,
    rows: Index,
    columns: Index,
    final_cut: Vector | None = None,
) -> Cut:
    """Effects of removing the coefficients D (k, m) from rows `rows` and columns `columns`.

    `v` are value-added shares with v'L = 1' on active nodes, or any other row quantity. `final_cut` (n,), in money,
    are final sales that stop as well: with z = L final_cut the output lost is z + U K^-1 W (x - z)_J; nothing of
    them is carried. Raises CannotAnswer for a rank above a quarter of n.
    """
    if rank(rows, columns) > LARGEST_RANK * lu.n:
        raise CannotAnswer(
            Problem(
                f"a cut of {rank(rows, columns)} of {lu.n} rows",
                "cut",
                f"at most {LARGEST_RANK:.0%} of the rows, or of the columns",
                "Split the scenario, or solve the changed table anew.",
            )
        )
    U, W = _low_rank(lu, D, rows, columns)
    z = np.zeros(lu.n) if final_cut is None else lu.solve(final_cut)
    with one_thread():
        K = np.eye(len(W)) + W @ U[columns]
        lost = z + U @ np.linalg.solve(K, W @ (x - z)[columns])
        weight = np.linalg.solve(K.T, U.T @ v) @ W
    return Cut(lost, x * _row_combination(lu, weight, columns))


def rank(rows: Index, columns: Index) -> int:
    """Rank of the change: rows or columns, whichever are fewer."""
    return min(len(rows), len(columns))


def _low_rank(lu: LU, D: Matrix, rows: Index, columns: Index) -> tuple[Matrix, Matrix]:
    """U (n, r) and W (r, m) with L E_I D = U W, r the rank of the change."""
    if len(rows) <= len(columns):
        return inverse_columns(lu, rows), D
    if "inverse" in lu.__dict__:
        with one_thread():
            return np.asarray(lu.inverse[:, rows] @ D), np.eye(len(columns))
    bought = np.zeros((lu.n, len(columns)), order="F")
    bought[rows] = D
    return lu.solve(bought), np.eye(len(columns))


def inverse_columns(lu: LU, rows: Index) -> Matrix:
    """L[:, rows] (n, k): read from the inverse where it is held, else solved for."""
    if "inverse" in lu.__dict__:
        return lu.inverse[:, rows]
    unit = np.zeros((lu.n, len(rows)), order="F")
    unit[rows, np.arange(len(rows))] = 1.0
    return lu.solve(unit)


def _row_combination(lu: LU, weight: Vector, columns: Index) -> Vector:
    if "inverse" in lu.__dict__:
        with one_thread():
            return np.asarray(weight @ lu.inverse[columns])
    b = np.zeros(lu.n)
    b[columns] = weight
    return lu.solve_transposed(b)
