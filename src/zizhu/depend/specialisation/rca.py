"""Revealed comparative advantage: what a country sells more of than the world does, in relation to its size.

Notation: X (C, P) sales of places (rows) in products (columns), not below zero; x_c, x_p, x its sums;
RCA_cp = (x_cp / x_c) / (x_p / x) (Balassa 1965), which for places and industries is the location quotient;
M = [RCA >= 1]; k_c = M1 diversity, u_p = M'1 ubiquity (Hidalgo and Hausmann 2009).
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import Index, Matrix
from zizhu.vocab.problems import Problem, ZizhuError

SPECIALISED = 1.0
"""RCA from which a place is specialised in a product: as much of it as in the world (definition of M)."""


def check(X: Matrix, where: str) -> None:
    """Raise ZizhuError with all that keeps X from being a matrix of sales: its form, NaN, infinity, values below 0."""
    if X.ndim != 2:
        raise ZizhuError(Problem(f"an array of {X.ndim} axes", where, "places x products", "Give a matrix."))
    faults = {
        "are no numbers (NaN)": np.isnan(X),
        "are infinite": np.isinf(X),
        "are below 0": X < 0,
    }
    remedy = "Correct the table: `zizhu data check` finds such rows."
    problems = [
        Problem(f"{int(bad.sum()):,} cells {what}", where, "values of 0 or more", remedy)
        for what, bad in faults.items()
        if bad.any()
    ]
    if problems:
        raise ZizhuError(problems)


def rca(X: Matrix) -> Matrix:
    """RCA (C, P); 0 in the rows of places and the columns of products without sales."""
    own, world = X.sum(axis=1), X.sum(axis=0)
    share = X / np.where(own > 0, own, 1.0)[:, None]
    # divided and not multiplied by inverses: a place alone has an RCA of exactly one
    share /= np.where(world > 0, world, 1.0) / (own.sum() or 1.0)
    return share


def specialised(R: Matrix) -> Matrix:
    """M (C, P) of zeros and ones: RCA >= 1."""
    return (R >= SPECIALISED).astype(float)


def trimmed(M: Matrix, min_ubiquity: float = 1) -> tuple[Index, Index]:
    """The rows and columns of M that stay when products below `min_ubiquity` and then empty places are left out.

    A place that leaves takes from the ubiquity of its products, so this is repeated until nothing changes.
    """
    rows, columns = np.arange(M.shape[0]), np.arange(M.shape[1])
    while True:
        held = M[np.ix_(rows, columns)]
        enough = held.sum(axis=0) >= max(min_ubiquity, 1)
        some = held[:, enough].any(axis=1)
        if enough.all() and some.all():
            return rows, columns
        rows, columns = rows[some], columns[enough]
