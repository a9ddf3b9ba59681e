"""Random tables of any number of nodes, with gaps and disconnected blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tables.strategies import table
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO


def of_flows(Z: Matrix, x: Vector) -> MRIO:
    """The table of these flows, its nodes being the sectors s0, s1, ... of one country."""
    return table(Z, x, ("CHN",), [f"s{i}" for i in range(len(x))])


def made(n: int, seed: int, blocks: int, inactive: int, silent: int, density: float = 0.6) -> MRIO:
    """A table of n nodes in `blocks` groups without flows between them; x = Z1 + y exactly up to rounding.

    `inactive` nodes have neither output nor flows, `silent` ones sell nothing to industries.
    """
    rng = np.random.default_rng(seed)
    group = rng.integers(0, blocks, n)
    A = rng.random((n, n)) * (rng.random((n, n)) < density) * (group[:, None] == group)
    A[rng.choice(n, min(silent, n), replace=False)] = 0
    A *= (0.1 + 0.8 * rng.random(n)) / np.maximum(A.sum(axis=0), 1e-9)
    y = rng.random(n) * 10 ** rng.uniform(0, 4, n)
    off = rng.choice(n, min(inactive, n - 1), replace=False)
    A[off], A[:, off], y[off] = 0, 0, 0
    x = np.asarray(np.linalg.solve(np.eye(n) - A, y), dtype=np.float64)
    x[off] = 0
    return of_flows(A * x, x)


@st.composite
def any_table(draw: st.DrawFn, most: int = 60, least: int = 2) -> MRIO:
    return made(
        draw(st.integers(least, most)),
        draw(st.integers(0, 2**32 - 1)),
        draw(st.integers(1, 3)),
        draw(st.integers(0, 2)),
        draw(st.integers(0, 2)),
        draw(st.sampled_from([0.1, 0.6, 1.0])),
    )


@st.composite
def node_sets(draw: st.DrawFn) -> tuple[MRIO, Index]:
    """A table and one to all of its nodes."""
    mrio = draw(any_table(most=30))
    nodes = draw(st.lists(st.integers(0, mrio.n - 1), min_size=1, max_size=mrio.n, unique=True))
    return mrio, np.array(sorted(nodes), dtype=np.intp)
