"""A cut of flows as a low-rank change of the Leontief inverse (Woodbury), on plain arrays.

Cut are the flows from the k rows I to the m columns J: A' = A - E_I D E_J' with D = theta * A[I, J] (k, m).
With U = L[:, I] and K = I_k + D U[J] (k, k),
    L' = L - U K^-1 D L[J, :].
Both sides below need U (k solves, or columns of a held inverse) and one more solve.
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


def cut(lu: LU, x: Vector, v: Vector, D: Matrix, rows: Index, columns: Index) -> Cut:
    """Effects of removing the coefficients D (k, m) from rows `rows` and columns `columns`.

    `v` are value-added shares with v'L = 1' on active nodes, or any other row quantity. Raises CannotAnswer
    for a rank above a quarter of n.
    """
    if len(rows) > LARGEST_RANK * lu.n:
        raise CannotAnswer(
            Problem(
                f"a cut of {len(rows)} of {lu.n} rows",
                "cut",
                f"at most {LARGEST_RANK:.0%} of the rows",
                "Split the scenario, or solve the changed table anew.",
            )
        )
    U = inverse_columns(lu, rows)
    with one_thread():
        K = np.eye(len(rows)) + D @ U[columns]
        lost = U @ np.linalg.solve(K, D @ x[columns])
        weight = np.linalg.solve(K.T, U.T @ v) @ D
    return Cut(lost, x * _row_combination(lu, weight, columns))


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
