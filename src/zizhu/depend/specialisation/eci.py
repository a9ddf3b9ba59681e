"""Economic complexity of places and products: the second eigenvector on the side of the places.

Notation (Hidalgo and Hausmann 2009): M (C, P) of zeros and ones, k = M1 > 0, u = M'1 > 0.
ECI is the second eigenvector of D^-1 M U^-1 M' (D = diag(k), U = diag(u)), that is D^-1/2 times the second
eigenvector of the symmetric S S', S = D^-1/2 M U^-1/2; places are few, so nothing larger than C x C is decomposed.
PCI = U^-1 M' ECI / lambda with the second eigenvalue lambda, which solves the problem on the side of the products
and makes the mean PCI of a place's products its ECI: D^-1 M PCI = ECI.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

LEAST_GAP = 1e-10
"""Distance of the second eigenvalue from its neighbours below which rounding, not M, decides on the vector."""
ASK_ANOTHER = "Change the filters, the years or the level of the products."


@dataclass(frozen=True)
class Complexity:
    """ECI (C,) and PCI (P,), and the second eigenvalue with its neighbour below."""

    eci: Vector
    pci: Vector
    second: float
    third: float


def blocks(M: Matrix) -> list[Index]:
    """The places (rows) of every block of M that shares no product with the others, the largest block first."""
    left, found = np.ones(len(M), dtype=bool), []
    while left.any():
        inside = np.zeros(len(M), dtype=bool)
        inside[np.argmax(left)] = True
        size = 0
        while size < inside.sum():
            size = int(inside.sum())
            inside = M[:, M[inside].any(axis=0)].any(axis=1) | inside
        found.append(np.flatnonzero(inside))
        left &= ~inside
    return sorted(found, key=lambda block: (-len(block), block[0]))


def eci_pci(M: Matrix) -> Complexity:
    """ECI and PCI with D^-1 M PCI = ECI, turned so that more diverse places have the higher ECI; no scale yet.

    Raises CannotAnswer where the second eigenvalue is not simple or zero: for one place, for places alike, for
    blocks that share no product.
    """
    k, u = M.sum(axis=1), M.sum(axis=0)
    S = M / np.sqrt(k)[:, None] / np.sqrt(u)
    values, vectors = np.linalg.eigh(S @ S.T)
    first, second, third = [*values[::-1][:3], 0.0, 0.0][:3]
    if min(first - second, second - third, second) < LEAST_GAP:
        raise CannotAnswer(_not_simple(len(M), float(second), float(third)))
    eci = vectors[:, -2] / np.sqrt(k)
    eci *= _sign(eci, k)
    return Complexity(eci, (eci @ M) / u / second, float(second), float(third))


def _not_simple(places: int, second: float, third: float) -> Problem:
    if second < LEAST_GAP:
        what = f"{places} {'place' if places == 1 else 'places'} with the same products: there is nothing to rank"
    elif second > 1 - LEAST_GAP:
        what = "places in blocks that share no product: the second eigenvalue is one again"
    else:
        what = f"a second eigenvalue that is not simple ({second:.12g}, then {third:.12g})"
    expected = "a second eigenvalue between zero and one that stands alone"
    return Problem(what, "complexity", expected, ASK_ANOTHER)


def _sign(eci: Vector, k: Vector) -> float:
    """The sign that makes ECI rise with diversity; where it does neither, the first of the largest entries is positive.

    What is below LEAST_GAP of its size is rounding and decides nothing.
    """
    apart, more = eci - eci.mean(), k - k.mean()
    with_diversity = float(apart @ more)
    if abs(with_diversity) <= LEAST_GAP * np.linalg.norm(apart) * np.linalg.norm(more):
        size = np.abs(eci)
        with_diversity = float(eci[np.argmax(size >= size.max() * (1 - LEAST_GAP))])
    return 1.0 if with_diversity > 0 else -1.0


def atlas(of: Complexity) -> Complexity:
    """ECI with mean 0 and standard deviation 1 (over places, ddof 0), PCI with the mean and deviation of ECI.

    The rows of D^-1 M add up to one, so the mean PCI of a place's products stays exactly its ECI.
    """
    mean, sd = of.eci.mean(), of.eci.std()
    return Complexity((of.eci - mean) / sd, (of.pci - mean) / sd, of.second, of.third)
