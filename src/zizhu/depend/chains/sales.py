"""Where the output of a node ends: the sales side of exposure.

With B = diag(x)^-1 Z the shares of output sold to industries and G = (I - B)^-1 (Ghosh 1958, read as accounting of
quantities at given prices and not as a model of supply), one unit of output of j ends, after all processing, in the
sales that leave the industries: G diag(x)^-1 s, with s what each node sells to final demand. Split by region it is

    D_jr = (1 / x_j) (L S)_jr,   S (n, C) final sales by region, S1 = s,

since G diag(x)^-1 = diag(x)^-1 L; where x = Z1 + s every row of an active node sums to one, so nothing is counted
twice.
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector, reciprocal


def absorbed(lu: LU, x: Vector, final: Matrix) -> Matrix:
    """D (n, C): share of the output of each node that ends in the final sales (n, C) of each region."""
    return np.asarray(lu.solve(final) * reciprocal(x)[:, None])


def by_seller(sales: Vector, region: Index, regions: int) -> Matrix:
    """S (n, C) where final sales (n,) are known by seller alone: each ends where its last producer stands."""
    final = np.zeros((len(sales), regions), order="F")
    final[np.arange(len(sales)), region] = sales
    return final


def direct(Z: Flows, x: Vector, region: Index, regions: int) -> Matrix:
    """(n, C): share of output that goes to the industries of each region as inputs."""
    sold = np.stack([Z[:, region == r].sum(axis=1, dtype=float) for r in range(regions)], axis=1)
    return np.asarray(sold * reciprocal(x)[:, None])
