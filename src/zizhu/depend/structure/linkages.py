"""Backward and forward linkages, their indices and the four kinds of industry, on plain arrays.

Notation as in `zizhu.tables.leontief`. Backward linkages are column sums of L (Rasmussen 1957, demand-driven). Forward
linkages are row sums of the Ghosh inverse G = (I - B)^-1, B = diag(x)^-1 Z, and G = diag(x)^-1 L diag(x), so that one
solve gives them (Miller and Blair 2009, ch. 12). They say how far a unit of an industry's primary inputs is passed on
at unchanged shares of sales; read as quantities they would mean output without inputs (Dietzenbacher 1997).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.leontief import LU, Vector, reciprocal

KINDS = ("weak", "forward", "backward", "key")
"""Of an industry, by which of its two indices are above one: none, forward, backward, both."""


def backward(lu: LU) -> Vector:
    """1'L (n,): output of all nodes that one unit of final demand for each node calls for, its own included."""
    return lu.solve_transposed(np.ones(lu.n))


def forward(lu: LU, x: Vector) -> Vector:
    """G1 (n,): output of all nodes that a unit of each node's primary inputs is passed on to; 1 where x = 0."""
    return np.where(x != 0, lu.solve(x) * reciprocal(x), 1.0)


def index(linkage: Vector, weights: Vector) -> Vector:
    """The linkage over its mean over industries with output (n,): above one is above average.

    `weights` (n,) are one for each of them, or a node's part in one, and zero for others. Of backward linkages it is
    Rasmussen's power of dispersion.
    """
    return np.asarray(linkage / np.average(linkage, weights=weights))


def kind(backward_index: Vector, forward_index: Vector) -> NDArray[np.intp]:
    """The position in KINDS of every node (n,)."""
    return np.asarray(2 * (backward_index > 1) + (forward_index > 1), dtype=np.intp)
