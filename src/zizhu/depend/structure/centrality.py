"""Centralities of nodes in the network of flows, by closed forms on the factorised table.

Measures that the literature on chokepoints and production networks uses, on Z (n, n), seller i to buyer j:
    strength            what a node sells and buys (weighted degree)
    outdegree           A 1, the node's share in the outlays of its customers, added up (Acemoglu et al. 2012; for
                        choke points of trade Korniyenko, Pinat and Dew 2017)
    katz                L 1, Katz-Bonacich at attenuation one: the outdegree of all tiers
    eigenvector         the positive e with A e = lambda e (Bonacich 1972)
    pagerank            a walker goes from a buyer to one of its suppliers in proportion to what it buys (Cerina et
                        al. 2015 for world input-output networks)
    betweenness         (f'T)_i (T y)_i with T = L - I: value that passes through i between where it is added (f) and
                        the final product it ends in (y), once each time it passes (Liang, Qu and Xu 2016)
    random walk         both measures of Bloechl, Theis, Vega-Redondo and Fisher 2011, for networks with self-loops
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zizhu.tables import leontief
from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector, reciprocal
from zizhu.tables.threads import one_thread

LEAST_CYCLE = 1e-2
"""An eigenvalue of A below this may be a zero that rounding has moved (by the k-th root in a chain of k nodes)."""
DIGITS = 12
"""Digits after the point of an eigenvector that sums to one; further ones differ from machine to machine."""


class Strength(NamedTuple):
    """Sales to industries and purchases from them (n,), in the money of the table."""

    sales: Vector
    purchases: Vector


def strength(Z: Flows) -> Strength:
    return Strength(Z.sum(axis=1, dtype=float), Z.sum(axis=0, dtype=float))


def outdegree(Z: Flows, x: Vector) -> Vector:
    """A 1 (n,)."""
    per_output = reciprocal(x)
    with one_thread():
        return np.concatenate(
            [np.asarray(Z[i : i + 512], dtype=float) @ per_output for i in range(0, len(Z), 512)]
        )


def katz(lu: LU, y: Vector) -> Vector:
    """L y (n,), with ones for y; where nodes are parts of one industry, their parts in one unit of its final demand."""
    return np.asarray(lu.solve(y))


def eigenvector(lu: LU) -> tuple[Vector, float] | None:
    """(e, lambda): the dominant right eigenvector of A (n,), summing to one, and its eigenvalue.

    A and L have the same eigenvectors, and those of L lie further apart. None where A has no cycle of flows, or fewer
    than three nodes (ARPACK).
    """
    from scipy.sparse.linalg import LinearOperator, eigs

    n = lu.n
    if n < 3:
        return None
    inverse = LinearOperator((n, n), matvec=lu.solve, dtype=float)
    values, vectors = eigs(inverse, k=1, which="LM", v0=np.ones(n))
    eigenvalue = 1 - 1 / float(values[0].real)
    if eigenvalue < LEAST_CYCLE:
        return None
    e = np.abs(vectors[:, 0].real)
    return np.round(e / e.sum(), DIGITS), eigenvalue


def pagerank(Z: Flows, purchases: Vector, damping: float, jumps: Vector) -> Vector:
    """p (n,), summing to one: p = d Z diag(purchases)^-1 p + (1 - d) q, a node without purchases going to q.

    q is `jumps` (n,) over its sum: ones go anywhere alike. With A = d Z diag(purchases)^-1 it is one Leontief system;
    what nodes without purchases lose is spread by q, which is a multiple of the same solution.
    """
    p = leontief.factor(Z, purchases / damping).solve(jumps)
    return np.asarray(p / p.sum())


def betweenness(lu: LU, f: Vector, y: Vector) -> tuple[Vector, Vector]:
    """(f'T, T y), both (n,): their product is the betweenness.

    f'T: value per unit of output that came with purchases; T y: output that goes on as an input, towards `y`.
    """
    return lu.solve_transposed(f) - f, lu.solve(y) - y


def bridge(lu: LU, content: Matrix, y: Vector, of: Index) -> tuple[Vector, Vector]:
    """The two factors (n,) of betweenness across borders: f abroad and y of producers abroad, seen from each node.

    content (C, n) is value added of countries per unit of output, `of` (n,) the country of every node. T = L where f
    and y have a zero, so the first factor is foreign content and the second L y without the columns at home.
    """
    n, each = len(of), np.arange(len(of))
    foreign = content.sum(axis=0) - content[of, each]
    by_producer = np.zeros((n, len(content)), order="F")
    by_producer[each, of] = y
    called = lu.solve(by_producer)
    return foreign, called.sum(axis=1) - called[each, of]


class RandomWalk(NamedTuple):
    """Measures (n,) of a walk along sales, NaN outside the largest group of nodes that all reach each other.

    closeness: n / sum_i H(i, j), H being the mean number of steps from i to the first arrival at j;
    counting: mean number of visits over all ordered pairs of a start and a different goal.
    """

    closeness: Vector
    counting: Vector


def random_walk(Z: Flows) -> RandomWalk:
    """Random-walk centrality and counting betweenness from one inverse.

    With P the shares of sales and G = (I - P + 1u')^-1, u = 1/n, the stationary distribution is pi' = u'G and
    H(i, j) = (g_jj - g_ij) / pi_j, as the rows of G sum to one (Hunter 1982). All sums over starts and goals then
    need only pi and the diagonal of G.
    """
    group = largest_group(Z)
    closeness, counting = np.full((2, len(Z)), np.nan)
    if len(group) > 1:
        P = np.asarray(Z[np.ix_(group, group)], dtype=float)
        P *= reciprocal(P.sum(axis=1))[:, None]
        closeness[group], counting[group] = _walk(P)
    return RandomWalk(closeness, counting)


def _walk(P: Matrix) -> tuple[Vector, Vector]:
    """Both measures (n,) of an irreducible row-stochastic P.

    Expected visits to i on the way from s to t are pi_i (H(s,t) + H(t,i) - H(s,i)); a visit counts half for arriving
    and half for leaving to a node other than t, the start once more for one half, and the goal once.
    """
    n = len(P)
    with one_thread():
        G = np.linalg.inv(np.eye(n) - P + 1 / n)
        pi, diagonal = G.mean(axis=0), G.diagonal().copy()
        h = n * (diagonal / pi - 1)
        last_steps = P @ h - h + n * (1 / pi - 1)
    visits = pi * (h.sum() - last_steps / 2)
    return n / h, (visits + (n - 1) * 1.5) / (n * (n - 1))


def largest_group(Z: Flows) -> Index:
    """The largest set of nodes that all reach each other along flows above zero; the first of several."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    linked: NDArray[np.bool_] = np.asarray(Z > 0)
    _, group = connected_components(csr_array(linked), directed=True, connection="strong")
    return np.flatnonzero(group == np.bincount(group).argmax())
