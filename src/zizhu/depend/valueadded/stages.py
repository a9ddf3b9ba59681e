"""The place of industries in production: stages to final use, stages from primary inputs.

  upstreamness    U = (I - diag(x)^-1 Z)^-1 1, mean distance to final use: the forward linkage (Antras, Chor, Fally and
                  Hillberry 2012, Measuring the upstreamness of production and trade flows, NBER Working Paper 17819)
  downstreamness  D = 1'L, mean distance from primary inputs: the backward linkage (Miller and Temurshoev 2017, Output
                  upstreamness and input downstreamness of industries/countries in world production)
  position        U / D: above one is nearer to primary inputs than to final use
Both are at least one, and one for an industry that sells to final use only, or that buys nothing.
"""

from __future__ import annotations

from zizhu.depend.structure.linkages import backward, forward
from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector, coefficients, reciprocal


def upstreamness(lu: LU, x: Vector) -> Vector:
    """U (n,); 1 where x = 0."""
    return forward(lu, x)


def downstreamness(lu: LU) -> Vector:
    """D (n,)."""
    return backward(lu)


def buyers(Z: Flows, x: Vector, U: Vector, nodes: Index) -> Matrix:
    """(k, n): what each buyer adds to the upstreamness of `nodes`: U_i = 1 + sum over j of Z_ij U_j / x_i."""
    return Z[nodes] * reciprocal(x)[nodes, None] * U


def suppliers(Z: Flows, x: Vector, D: Vector, nodes: Index) -> Matrix:
    """(k, n): what each supplier adds to the downstreamness of `nodes`: D_j = 1 + sum over i of D_i A_ij."""
    return coefficients(Z, x, nodes).T * D
