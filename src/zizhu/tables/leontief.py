"""Leontief algebra on plain arrays: coefficients, one factorisation, many solves.

Notation (Miller and Blair 2009, ch. 2): Z (n, n) flows, row sells to column; x (n,) output;
A = Z diag(x)^-1; L = (I - A)^-1; v = 1 - 1'A. Columns with x = 0 have A = 0 and v = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.linalg.lapack as lapack
from numpy.typing import NDArray

from zizhu.tables.threads import one_thread
from zizhu.vocab.problems import CannotAnswer, Problem

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Flows = NDArray[np.float32] | NDArray[np.float64]
Index = NDArray[np.intp]

SMALLEST_PIVOT = 1e-12
"""A pivot of I - A below this is a zero that rounding has hidden (I has pivots of one)."""


def reciprocal(x: Vector) -> Vector:
    """1/x (n,), with 0 where x = 0."""
    return np.asarray(np.divide(1.0, x, out=np.zeros_like(x, dtype=float), where=x != 0))


def value_added_share(Z: Flows, x: Vector) -> Vector:
    """v (n,): what is left of one unit of output after intermediate inputs, v = 1 - 1'A; 0 where x = 0."""
    return np.where(x != 0, 1.0 - Z.sum(axis=0, dtype=float) * reciprocal(x), 0.0)


def coefficients(Z: Flows, x: Vector, columns: Index) -> Matrix:
    """A[:, columns] (n, k): inputs per unit of output."""
    return np.asarray(Z[:, columns], dtype=float) * reciprocal(x)[columns]


@dataclass(frozen=True)
class LU:
    """LU factors of (I - A)', kept in place of the matrix: 8 n^2 bytes.

    `factors` is the Fortran-ordered result of LAPACK getrf, `pivots` its row exchanges.
    """

    factors: Matrix
    pivots: NDArray[np.int32]

    @property
    def n(self) -> int:
        return int(self.factors.shape[0])

    def solve(self, b: Matrix | Vector) -> Matrix:
        """L b: the output needed for final demand `b`, shapes (n,) or (n, k)."""
        return self._solve(b, transposed=1)

    def solve_transposed(self, b: Matrix | Vector) -> Matrix:
        """L' b: what one unit of each buyer contains of the row quantity `b`, shapes (n,) or (n, k)."""
        return self._solve(b, transposed=0)

    def _solve(self, b: Matrix | Vector, transposed: int) -> Matrix:
        # getrs counts the row exchanges from one for as long as it runs, in the very array, while other threads go on
        with one_thread():
            solved, info = lapack.dgetrs(self.factors, self.pivots.copy(), b, trans=transposed)
        if info != 0:
            raise ValueError(f"getrs: argument {-info} is not valid")
        return np.asarray(solved)

    @cached_property
    def inverse(self) -> Matrix:
        """L (n, n), Fortran order, made once and kept: 8 n^2 bytes more and about three times the factorisation."""
        return self.solve(np.eye(self.n, order="F"))


def factor(Z: Flows, x: Vector) -> LU:
    """LU factors of I - A.

    (I - A) is written row by row; read by columns, that memory is its transpose, which LAPACK factors in
    place: a copy into column order would double the time. Raises CannotAnswer when I - A is singular.
    """
    matrix = np.empty(Z.shape, dtype=float)
    np.multiply(Z, -reciprocal(x), out=matrix)
    matrix.flat[:: len(x) + 1] += 1.0
    with one_thread():
        factors, pivots, info = lapack.dgetrf(matrix.T, overwrite_a=True)
    pivot = np.abs(factors.diagonal())
    if info != 0 or pivot.min() < SMALLEST_PIVOT:
        raise CannotAnswer(
            Problem(
                f"I - A is singular at node {int(pivot.argmin())}",
                "factor",
                "intermediate inputs below output in every closed group of nodes",
                "Check the column sums of the table with `zizhu data check`.",
            )
        )
    return LU(factors, pivots)
