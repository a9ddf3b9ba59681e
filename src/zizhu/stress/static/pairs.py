"""All embargoes of one country against another at once, with the inverse held.

For the exporter p, U = L[:, p] serves every receiver q: with D = A[p, q] and K = I + D U[q],
    output lost    R'U K^-1 D x_q                  by country, R (n, C) the country indicator
    value carried  v'U K^-1 D (L diag(x) R)[q]     by country
so that a pair costs O(S^3 + S^2 C) for S nodes a country and nothing of size n. Each number is that of
`zizhu.tables.cut.cut` for the pair, summed by country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.content import country_indicator
from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector, reciprocal
from zizhu.tables.threads import one_thread

Cube = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """What the embargo of country p against country q does, in money; p = q is zero.

    sales (C, C) [p, q]: sales of inputs that stop. lost (C, C, C) [p, q, r]: output of country r no longer called for.
    carried (C, C, C) [p, q, r]: value of r's output that passed through these sales.
    """

    sales: Matrix
    lost: Cube
    carried: Cube


def every(
    lu: LU,
    Z: Flows,
    x: Vector,
    v: Vector,
    country: Index,
    count: int,
    share: float = 1.0,
    sellers: NDArray[np.bool_] | None = None,
) -> Pairs:
    """All ordered pairs of the `count` countries of `country` (n,), which may have unequal numbers of nodes.

    `share` of the flows stops; `sellers` (n,) leaves only these nodes' sales in the embargo. `v` are value-added
    shares with v'L = 1'. Makes `lu.inverse` where it is not held yet.
    """
    L, R = lu.inverse, country_indicator(country, count)
    members = [np.flatnonzero(country == c) for c in range(count)]
    with one_thread():
        through = L @ (x[:, None] * R)
        found = Pairs(np.zeros((count, count)), *(np.zeros((count,) * 3) for _ in range(2)))
        for p, nodes in enumerate(members):
            rows = nodes if sellers is None else nodes[sellers[nodes]]
            U, A = np.ascontiguousarray(L[:, rows]), share * (Z[rows] * reciprocal(x))
            of_country, value = R.T @ U, v @ U
            for q, columns in enumerate(members):
                if p != q and len(rows):
                    D = A[:, columns]
                    bought = D @ x[columns]
                    K = np.eye(len(rows)) + D @ U[columns]
                    found.sales[p, q] = bought.sum()
                    found.lost[p, q] = of_country @ np.linalg.solve(K, bought)
                    found.carried[p, q] = np.linalg.solve(K.T, value) @ D @ through[columns]
    return found
