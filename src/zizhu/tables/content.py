"""What one unit of output contains: value added, purchases and gross output of every source country.

Notation as in `zizhu.tables.leontief`; R (n, C) has a 1 where node i belongs to country r.
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector, reciprocal


def country_indicator(country_index: Index, countries: int) -> Matrix:
    """R (n, C), Fortran order."""
    R = np.zeros((len(country_index), countries), order="F")
    R[np.arange(len(country_index)), country_index] = 1.0
    return R


def value_added_content(lu: LU, v: Vector, country_index: Index, countries: int) -> Matrix:
    """H (C, n): H[r, j] = sum over i in r of v_i L_ij, value added of r in one unit of output of j.

    With v = 1 - 1'A every column of an active node sums to one (v'L = 1').
    """
    R = country_indicator(country_index, countries)
    return lu.solve_transposed(R * v[:, None]).T


def gross_look_through(lu: LU, country_index: Index, countries: int) -> Matrix:
    """G (C, n): G[r, j] = sum over i in r of (L - I)_ij, gross output of r behind one unit of j, all tiers.

    It counts a product again each time it is traded on, so columns sum to more than one
    (FIR of Baldwin, Freeman and Theodorakopoulos 2023).
    """
    R = country_indicator(country_index, countries)
    return (lu.solve_transposed(R) - R).T


def face_value(Z: Flows, x: Vector, country_index: Index, countries: int) -> Matrix:
    """F (C, n): F[r, j] = sum over i in r of A_ij, purchases from r per unit of output of j."""
    bought = np.empty((countries, len(x)))
    for r in range(countries):
        bought[r] = Z[country_index == r].sum(axis=0, dtype=float)
    return bought * reciprocal(x)
