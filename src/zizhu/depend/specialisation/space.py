"""A product space on paper: which pairs of products are linked, and where every product lies.

Links as in the first published map (Hidalgo et al. 2007, supplement): the maximum spanning tree of proximity, then
the strongest other pairs. Places by stress majorization (Gansner, Koren and North 2004) of the numbers of links between
products, d_ij, with weights d_ij^-2, from the two main axes of classical scaling: the same input gives the same map.
"""

from __future__ import annotations

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path
from scipy.sparse.linalg import eigsh

from zizhu.tables.leontief import Index, Matrix, Vector

Proximity = NDArray[np.float32] | NDArray[np.float64]

STILL = 1e-4
"""Fall of the stress from one step to the next, relative to it, at which a map is finished."""
STEPS = 200


def spanning_tree(phi: Proximity) -> Index:
    """The pairs (P - 1, 2) of the maximum spanning tree of phi (P, P), by Prim's rule; ties go to the first."""
    n = len(phi)
    off = phi.copy()
    np.fill_diagonal(off, -1)
    start = int(np.argmax(off.max(axis=1)))
    best, via = off[start].copy(), np.full(n, start)
    outside = np.ones(n, dtype=bool)
    outside[start] = False
    pairs = []
    for _ in range(n - 1):
        new = int(np.argmax(np.where(outside, best, -np.inf)))
        pairs.append((int(via[new]), new))
        outside[new] = False
        nearer = outside & (off[new] > best)
        best[nearer], via[nearer] = off[new][nearer], new
    return np.sort(np.array(pairs, dtype=np.intp).reshape(-1, 2), axis=1)


def links(phi: Proximity, count: int) -> Index:
    """`count` pairs (count, 2) in ascending order: the spanning tree and then the strongest pairs above zero."""
    tree = spanning_tree(phi)
    i, j = np.triu_indices(len(phi), 1)
    value = phi[i, j]
    value[np.isin(i * len(phi) + j, tree[:, 0] * len(phi) + tree[:, 1])] = 0.0
    more = min(max(count - len(tree), 0), int((value > 0).sum()))
    least = np.partition(value, -more)[-more] if more else np.inf
    near = np.flatnonzero(value >= least)
    near = near[np.argsort(-value[near], kind="stable")][:more]
    both = np.vstack([tree, np.column_stack([i[near], j[near]])])
    return np.asarray(both[np.lexsort((both[:, 1], both[:, 0]))])


def layout(n: int, pairs: Index, seed: int) -> Matrix:
    """Places (n, 2) of the nodes of a connected graph, its longer side from -1 to 1."""
    if n < 3:
        return np.column_stack([np.linspace(-1.0, 1.0, n) if n > 1 else np.zeros(n), np.zeros(n)])
    ones = np.ones(len(pairs))
    graph = csr_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    d = shortest_path(graph, directed=False, unweighted=True)
    places = _majorized(_scaled(d, seed), d)
    places -= (places.max(axis=0) + places.min(axis=0)) / 2
    return np.asarray(places / np.abs(places).max())


def _scaled(d: Matrix, seed: int) -> Matrix:
    """The two main axes (n, 2) of classical scaling; the largest entry of each is positive."""
    square = d**2
    mean = square.mean(axis=0)
    inner = -(square - mean[:, None] - mean + mean.mean()) / 2
    begin = np.random.default_rng(seed).normal(size=len(d))
    values, axes = eigsh(inner, k=2, which="LA", v0=begin) if len(d) > 3 else np.linalg.eigh(inner)
    axes = axes[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.0))
    # equal nodes have equal places there, which no step could part
    axes = axes + 1e-3 * np.random.default_rng(seed).normal(size=axes.shape)
    largest = axes[np.argmax(np.abs(axes), axis=0), [0, 1]]
    return np.asarray(axes * np.where(largest < 0, -1.0, 1.0))


def _majorized(places: Matrix, d: Matrix) -> Matrix:
    """Places (n, 2) of low stress sum d_ij^-2 (|x_i - x_j| - d_ij)^2; each step solves one linear system."""
    with np.errstate(divide="ignore"):
        w = np.where(d > 0, d**-2.0, 0.0)
    laplacian = np.diag(w.sum(axis=1)) - w
    solve = scipy.linalg.cho_factor(laplacian[1:, 1:])
    before = np.inf
    for _ in range(STEPS):
        apart = _distances(places)
        stress = float((w * (apart - d) ** 2).sum())
        if before - stress <= STILL * stress:
            break
        before = stress
        pull = -w * d / np.where(apart > 0, apart, 1.0)
        right = pull @ places - pull.sum(axis=1)[:, None] * places
        places = np.vstack([np.zeros(2), scipy.linalg.cho_solve(solve, right[1:])])
    return places


def _distances(places: Matrix) -> Matrix:
    gap: Vector = places[:, None, 0] - places[:, 0]
    return np.hypot(gap, places[:, None, 1] - places[:, 1])
