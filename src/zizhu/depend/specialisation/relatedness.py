"""Relatedness of products or industries from how often places hold both, and what it says about a next step.

C = M'M with a zero diagonal, s_p = sum_q C_pq, T = sum_p s_p. Normalised (van Eck and Waltman 2009; Steijn 2021;
Balland 2016, R package EconGeo) by
  association  C_pq T / (s_p s_q)
  cosine       C_pq / sqrt(s_p s_q)
  jaccard      C_pq / (s_p + s_q - C_pq)
  probability  C_pq / { T/2 [ s_p/T s_q/(T - s_p) + s_q/T s_p/(T - s_q) ] }: association without drawing a pair twice
Relatedness density of a place: 100 sum_q M_rq phi_qp / sum_q phi_qp, in [0, 100].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from zizhu.tables.leontief import Index, Matrix, Vector, reciprocal

Normalisation = Literal["association", "cosine", "jaccard", "probability"]
_Normalise = Callable[[Matrix, Vector, float], Matrix]


def relatedness(M: Matrix, by: Normalisation) -> Matrix:
    """phi (P, P), symmetric with a zero diagonal; 0 for what no place holds with anything else."""
    C = M.T @ M
    np.fill_diagonal(C, 0.0)
    s = C.sum(axis=1)
    return _BY[by](C, s, float(s.sum()))


def _association(C: Matrix, s: Vector, T: float) -> Matrix:
    return np.asarray(C * (T * np.outer(reciprocal(s), reciprocal(s))))


def _cosine(C: Matrix, s: Vector, _: float) -> Matrix:
    root = np.sqrt(reciprocal(s))
    return np.asarray(C * np.outer(root, root))


def _jaccard(C: Matrix, s: Vector, _: float) -> Matrix:
    return np.asarray(C * reciprocal(s[:, None] + s - C))


def _probability(C: Matrix, s: Vector, T: float) -> Matrix:
    once = np.outer(s, s * reciprocal(T - s))
    return np.asarray(C * reciprocal((once + once.T) / 2))


_BY: Mapping[Normalisation, _Normalise] = {
    "association": _association,
    "cosine": _cosine,
    "jaccard": _jaccard,
    "probability": _probability,
}


def relatedness_density(M: Matrix, phi: Matrix) -> Matrix:
    """Relatedness density (C, P) in percent; 0 for a product that is related to none."""
    return np.asarray(100.0 * (M @ phi) * reciprocal(phi.sum(axis=0)))


def frontier(relatedness: Vector, complexity: Vector) -> Index:
    """The options (n,) that no other beats in both: at least as related and as complex, and more in one of them.

    In ascending order of position; equal options stand together or not at all.
    """
    order = np.lexsort((-complexity, -relatedness))
    best, found = -np.inf, []
    for start, stop in _ties(relatedness[order]):
        alike = order[start:stop]
        top = complexity[alike].max()
        if top > best:
            found += [int(i) for i in alike if complexity[i] == top]
            best = top
    return np.array(sorted(found), dtype=np.intp)


def _ties(values: Vector) -> list[tuple[int, int]]:
    """Where runs of equal values begin and end."""
    ends = [*(np.flatnonzero(np.diff(values)) + 1), len(values)]
    return list(zip([0, *ends[:-1]], ends, strict=True)) if len(values) else []
