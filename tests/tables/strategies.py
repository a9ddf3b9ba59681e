"""Small random input-output tables that balance exactly, and plain dense algebra to hold against the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from zizhu.tables.leontief import Flows, Matrix, Vector
from zizhu.tables.mrio import MRIO, Flags, Nodes

COUNTRIES = ("CHN", "DEU", "USA", "FRA", "VNM")
SECTORS = ("C26", "C28", "B", "J61", "C24B")
FLAGS = Flags(
    years=(2022,),
    has_final_by_destination=False,
    has_rest_of_world=True,
    value_added_is_residual=False,
    balanced=True,
)


def table(
    Z: Flows, x: Vector, countries: Sequence[str], sectors: Sequence[str], flags: Flags = FLAGS
) -> MRIO:
    """The table of these flows and outputs, country-major; value added and sales elsewhere close it."""
    return MRIO(
        ref=f"table:test@{'0' * 32}",
        title="Test table",
        unit="million USD",
        nodes=Nodes(
            tuple(c for c in countries for _ in sectors), tuple(s for _ in countries for s in sectors)
        ),
        Z=Z,
        x=x,
        value_added=x - Z.sum(axis=0, dtype=float),
        sales_elsewhere=x - Z.sum(axis=1, dtype=float),
        final=None,
        flags=flags,
        sources=("test",),
    )


def random_table(
    seed: int,
    countries: int = 4,
    sectors: int = 4,
    inactive: int = 0,
    silent: int = 0,
    single: bool = False,
) -> MRIO:
    """A table with x = Z1 + y and y >= 0, columns of A summing to between .1 and .9.

    `inactive` nodes have no output and no flows; `silent` ones sell nothing to industries. `single` stores
    the flows as Float32.
    """
    rng = np.random.default_rng(seed)
    n = countries * sectors
    A = rng.random((n, n)) * (rng.random((n, n)) < 0.7)
    A[rng.choice(n, silent, replace=False)] = 0
    A *= (0.1 + 0.8 * rng.random(n)) / np.maximum(A.sum(axis=0), 1e-9)
    y = rng.random(n) * 10 ** rng.uniform(0, 4, n)
    off = rng.choice(n, inactive, replace=False)
    A[off], A[:, off], y[off] = 0, 0, 0
    x = np.asarray(np.linalg.solve(np.eye(n) - A, y), dtype=np.float64)
    x[off] = 0
    Z = A * x
    return table(Z.astype(np.float32) if single else Z, x, COUNTRIES[:countries], SECTORS[:sectors])


@st.composite
def mrios(draw: st.DrawFn, countries: int = 5, sectors: int = 5, least: int = 2, gaps: bool = True) -> MRIO:
    """Random tables of at least `least` countries and sectors, in Float32 or Float64, with or without gaps."""
    shape = draw(st.integers(least, countries)), draw(st.integers(least, sectors))
    return random_table(
        draw(st.integers(0, 2**32 - 1)),
        *shape,
        inactive=draw(st.integers(0, 2)) if gaps else 0,
        silent=draw(st.integers(0, 2)) if gaps else 0,
        single=draw(st.booleans()),
    )


@dataclass(frozen=True)
class Dense:
    """A, L, v and y of a table by dense NumPy, nothing shared with the kernels."""

    A: Matrix
    L: Matrix
    v: Vector
    y: Vector


def dense(mrio: MRIO) -> Dense:
    Z = np.asarray(mrio.Z, dtype=float)
    A = np.array([[Z[i, j] / mrio.x[j] if mrio.x[j] else 0.0 for j in range(mrio.n)] for i in range(mrio.n)])
    active = mrio.x != 0
    return Dense(
        A, np.linalg.inv(np.eye(mrio.n) - A), np.where(active, 1 - A.sum(axis=0), 0.0), mrio.x - Z.sum(axis=1)
    )


def of_country(mrio: MRIO, country: str) -> Vector:
    """Ones at the nodes of a country."""
    return np.array([float(c == country) for c in mrio.nodes.country])


def scaled(mrio: MRIO, factor: float, unit: str) -> MRIO:
    """The same table in another unit of money."""
    return replace(
        mrio,
        unit=unit,
        Z=np.asarray(mrio.Z, dtype=float) * factor,
        x=mrio.x * factor,
        value_added=mrio.value_added * factor,
        sales_elsewhere=mrio.sales_elsewhere * factor,
    )


def permuted(mrio: MRIO, order: Sequence[int]) -> MRIO:
    """The same table with its countries in another order."""
    size = len(mrio.nodes.sectors)
    rows = np.array([c * size + s for c in order for s in range(size)])
    return replace(
        mrio,
        nodes=Nodes(tuple(mrio.nodes.country[i] for i in rows), tuple(mrio.nodes.sector[i] for i in rows)),
        Z=mrio.Z[np.ix_(rows, rows)],
        x=mrio.x[rows],
        value_added=mrio.value_added[rows],
        sales_elsewhere=mrio.sales_elsewhere[rows],
    )


def with_destinations(mrio: MRIO, seed: int) -> MRIO:
    """The table with its final sales dealt out to destinations, and known."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(len(mrio.nodes.countries), 0.7), mrio.n)
    sold = mrio.x - np.asarray(mrio.Z, dtype=float).sum(axis=1)
    flags = replace(mrio.flags, has_final_by_destination=True)
    return replace(mrio, final=shares * np.maximum(sold, 0.0)[:, None], flags=flags)
