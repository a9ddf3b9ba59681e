"""Fields of influence: how much the whole Leontief inverse moves with one coefficient (Sonis and Hewings 1989).

For a_ij + e the inverse is L + e F_ij / (1 - e L_ji) with F_ij = L[:, i] L[j, :] (outer product). Its Frobenius norm is
the product of two vector norms, ||L[:, i]|| ||L[j, :]||, so that all n^2 coefficients are ranked without any field.
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import Flows, Index, Matrix, Vector, reciprocal


def norms(L: Matrix) -> tuple[Vector, Vector]:
    """||L[:, i]|| of every column and ||L[j, :]|| of every row, both (n,)."""
    squares = L * L
    return np.sqrt(squares.sum(axis=0)), np.sqrt(squares.sum(axis=1))


def strongest(
    columns: Vector, rows: Vector, Z: Flows, count: int, x: Vector | None = None, apart: Index | None = None
) -> tuple[Index, Index]:
    """Sellers and buyers of the `count` flows above zero whose coefficients have the largest fields.

    Largest first, ties by position. With output `x` (n,) ranked is a_ij ||F_ij||, the effect of a coefficient's whole
    size to first order. Sellers are taken by falling column norm, and none is looked at once no field of it can reach
    the last one kept.
    """
    n, at, size = len(rows), np.empty(0, dtype=np.intp), np.empty(0)
    per_output = None if x is None else reciprocal(x)
    most = rows.max(initial=0.0) * (
        1.0 if per_output is None else (Z.max(axis=0) * per_output).max(initial=0.0)
    )
    for i in np.argsort(-columns, kind="stable"):
        least = size[-1] if len(size) == count else 0.0
        if columns[i] * most < least:
            break
        fields = columns[i] * rows * (1.0 if per_output is None else Z[i] * per_output)
        ranked = (Z[i] > 0) & (fields >= least)
        found = np.flatnonzero(ranked if apart is None else ranked & (apart != apart[i]))
        at, size = np.concatenate([at, i * n + found]), np.concatenate([size, fields[found]])
        first = np.lexsort((at, -size))[:count]
        at, size = at[first], size[first]
    return at // n, at % n
