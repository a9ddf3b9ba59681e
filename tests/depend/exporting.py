"""Random tables with final demand by destination, and decompositions of exports written as in their papers.

Nothing is shared with the kernels: dense inverses, blocks and loops over countries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from tables.strategies import mrios, random_table, with_destinations
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO


def exporting_table(seed: int, countries: int = 4, sectors: int = 3) -> MRIO:
    """A table with final demand by destination."""
    return with_destinations(random_table(seed, countries, sectors), seed)


@st.composite
def exporting(draw: st.DrawFn, least: int = 2) -> MRIO:
    """Random tables with final demand by destination, with and without gaps."""
    mrio = draw(mrios(countries=4, sectors=4, least=least, gaps=draw(st.booleans())))
    return with_destinations(mrio, draw(st.integers(0, 2**32 - 1)))


@dataclass(frozen=True)
class Blocks:
    """A, B and Y in blocks, V by country; x = B Y 1."""

    A: Matrix
    B: Matrix
    Y: Matrix
    v: Vector
    of: Index

    @classmethod
    def dense(cls, mrio: MRIO, of: Index) -> Blocks:
        """The blocks of regions `of` (n,), the columns of final demand merged alike."""
        Z, x = np.asarray(mrio.Z, dtype=float), mrio.x
        A = np.array([[Z[i, j] / x[j] if x[j] else 0.0 for j in range(mrio.n)] for i in range(mrio.n)])
        v = np.where(x != 0, 1 - A.sum(axis=0), 0.0)
        assert mrio.final is not None
        Y = np.zeros((mrio.n, of.max() + 1))
        home = mrio.nodes.country_index
        for c in range(mrio.final.shape[1]):
            Y[:, of[home == c][0]] += mrio.final[:, c]
        Y[np.arange(mrio.n), of] += x - Z.sum(axis=1) - mrio.final.sum(axis=1)
        return cls(A, np.linalg.inv(np.eye(mrio.n) - A), Y, v, of)

    @property
    def regions(self) -> range:
        return range(self.Y.shape[1])

    @property
    def x(self) -> Vector:
        return np.asarray(self.B @ self.Y.sum(axis=1))

    def rows(self, s: int) -> Index:
        return np.flatnonzero(self.of == s)

    def a(self, s: int, r: int) -> Matrix:
        return self.A[np.ix_(self.rows(s), self.rows(r))]

    def b(self, s: int, r: int) -> Matrix:
        return self.B[np.ix_(self.rows(s), self.rows(r))]

    def y(self, s: int, r: int) -> Vector:
        return self.Y[self.rows(s), r]

    def va(self, s: int) -> Vector:
        return self.v[self.rows(s)]

    def local(self, s: int) -> Matrix:
        return np.linalg.inv(np.eye(len(self.rows(s))) - self.a(s, s))

    def e(self, s: int, r: int) -> Vector:
        return np.asarray(self.a(s, r) @ self.x[self.rows(r)] + self.y(s, r))

    def all_e(self, s: int) -> Vector:
        return np.asarray(sum(self.e(s, r) for r in self.regions if r != s))

    def without_exported_inputs(self, s: int) -> Matrix:
        """The inverse of I - A when s sells no inputs abroad."""
        A = self.A.copy()
        A[np.ix_(self.rows(s), np.flatnonzero(self.of != s))] = 0
        return np.asarray(np.linalg.inv(np.eye(len(A)) - A))


def borin_mancini(k: Blocks, s: int, r: int) -> dict[str, Vector]:
    """Vectors over the exporting industries of s of the terms of its exports to r, source (1) and sink (2)."""
    here, there = k.rows(s), k.rows(r)
    V, L, B, T = k.va(s), k.local(s), k.b(s, s), k.without_exported_inputs(s)
    A, E = k.a(s, r), k.e(s, r)
    others = [t for t in k.regions if t != s]
    foreign = sum(k.va(t) @ k.b(t, s) for t in others)
    once = sum(k.va(t) @ T[np.ix_(k.rows(t), here)] for t in others)
    back = (k.B @ k.Y[:, s])[there]
    again = T[np.ix_(there, here)] @ k.all_e(s)
    away, home = k.Y.copy(), k.Y.copy()
    away[here] = 0.0
    home[np.ix_(k.of != s, np.arange(k.Y.shape[1]) != s)] = 0.0
    home[here] = 0.0
    home[here, s] = k.y(s, s)
    last = (T @ (away.sum(axis=1) + home[:, s] * (k.of == s)))[there]
    returns = (T @ home[:, s])[there]
    return {
        "1 DVA": V @ L * E,
        "1 REF": V @ L * (A @ back),
        "1 DDC": V @ (B - L) * E,
        "1 FVA": once * E,
        "1 FDC": (foreign - once) * E,
        "1 GVCF": V @ L * (E - k.y(s, r) - A @ k.local(r) @ k.y(r, r)),
        "2 DVA": V @ B * (k.y(s, r) + A @ last),
        "2 REF": V @ B * (A @ returns),
        "2 DDC": V @ B * (A @ again),
        "2 FVA": foreign * (k.y(s, r) + A @ last),
        "2 FDC": foreign * (A @ again),
    }


def wwz(k: Blocks, s: int, r: int) -> dict[str, Vector]:
    """Vectors over the exporting industries of s of the sixteen terms of its exports to r."""
    third = [t for t in k.regions if t not in (s, r)]
    V, L, A = k.va(s), k.local(s), k.a(s, r)
    first, every = V @ L, V @ k.b(s, s)
    zero = np.zeros(len(k.rows(r)))
    importer = k.va(r) @ k.b(r, s)
    other = sum((k.va(t) @ k.b(t, s) for t in third), np.zeros(len(k.rows(s))))
    kept, passed = A @ k.local(r) @ k.y(r, r), A @ k.local(r) @ k.all_e(r)
    return {
        "DVA_FIN": every * k.y(s, r),
        "DVA_INT": first * (A @ k.b(r, r) @ k.y(r, r)),
        "DVA_INTrexI1": first * (A @ sum((k.b(r, t) @ k.y(t, t) for t in third), zero)),
        "DVA_INTrexF": first * (A @ k.b(r, r) @ sum((k.y(r, t) for t in third), zero)),
        "DVA_INTrexI2": first
        * (A @ sum((k.b(r, t) @ k.y(t, u) for t in third for u in k.regions if u not in (s, t)), zero)),
        "RDV_FIN": first * (A @ k.b(r, r) @ k.y(r, s)),
        "RDV_FIN2": first * (A @ sum((k.b(r, t) @ k.y(t, s) for t in third), zero)),
        "RDV_INT": first * (A @ k.b(r, s) @ k.y(s, s)),
        "DDC_FIN": first * (A @ k.b(r, s) @ sum(k.y(s, t) for t in k.regions if t != s)),
        "DDC_INT": (every - first) * (A @ k.x[k.rows(r)]),
        "MVA_FIN": importer * k.y(s, r),
        "OVA_FIN": other * k.y(s, r),
        "MVA_INT": importer * kept,
        "OVA_INT": other * kept,
        "MDC": importer * passed,
        "ODC": other * passed,
    }


def kww(k: Blocks, s: int) -> dict[str, float]:
    """The nine terms of all exports of s."""
    V, L = k.va(s), k.local(s)
    others = [t for t in k.regions if t != s]
    foreign = sum(k.va(t) @ k.b(t, s) for t in others)
    y = sum(k.y(s, r) for r in others)
    loop = sum(k.b(s, r) @ k.a(r, s) for r in others) @ L
    return {
        "DVA_FIN": float(V @ k.b(s, s) @ y),
        "DVA_INT": float(sum(V @ k.b(s, r) @ k.y(r, r) for r in others)),
        "DVA_INTrex": float(sum(V @ k.b(s, r) @ k.y(r, t) for r in others for t in others if t != r)),
        "RDV_FIN": float(sum(V @ k.b(s, r) @ k.y(r, s) for r in others)),
        "RDV_INT": float(V @ loop @ k.y(s, s)),
        "DDC": float(V @ loop @ k.all_e(s)),
        "FVA_FIN": float(foreign @ y),
        "FVA_INT": float(foreign @ sum(k.a(s, r) @ k.local(r) @ k.y(r, r) for r in others)),
        "FDC": float(foreign @ sum(k.a(s, r) @ k.local(r) @ k.all_e(r) for r in others)),
    }
