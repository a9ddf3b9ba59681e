"""Income that goes with a product and with a basket (Hausmann, Hwang and Rodrik 2007).

PRODY_p = sum_c w_cp y_c, w_cp = RCA_cp / sum_c RCA_cp; EXPY_c = sum_p (x_cp / x_c) PRODY_p; y is GDP per head.
Places whose y is not known are left out before RCA is made.
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import Matrix, Vector, reciprocal


def weights(R: Matrix) -> Matrix:
    """w (C, P): shares of places in the sum of RCA of every product."""
    return np.asarray(R * reciprocal(R.sum(axis=0)))


def prody(R: Matrix, y: Vector) -> Vector:
    """PRODY (P,) in the unit of y (C,); 0 for a product that nobody sells."""
    return np.asarray(y @ weights(R))


def expy(X: Matrix, prody: Vector) -> Vector:
    """EXPY (C,) in the unit of PRODY (P,)."""
    return np.asarray((X @ prody) * reciprocal(X.sum(axis=1)))
