"""Structure of the full input-output table: extraction of every node, exposures, paths, influence and centralities.

    python benchmarks/structure.py [runs]      # default: 5 runs of each after a warm-up, one thread

Extraction is held against the naive loop, one solution of the changed table a node in plain NumPy: SAMPLES nodes are
solved and the time is extrapolated to all. The losses of these nodes are compared.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from common import emit, isolated, load, machine, markdown, peak_rss_mib, print_facts, timed
from report import COLUMNS, Row, Sample, merged
from zizhu.depend.structure import centrality, extraction, influence, spa
from zizhu.store import Workspace
from zizhu.tables.content import country_indicator, value_added_content
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO

TABLE, BUYER, PATHS, SAMPLES = "icio-2022", ("USA", "C26"), 50, 3


def sample(call: Callable[[], object], runs: int) -> dict[str, Any]:
    """Wall seconds of each of `runs` calls after a warm-up, and the CPU seconds of all of them."""
    call()
    start = time.process_time()
    _, timing = timed(call, runs)
    return {"seconds": timing.seconds, "cpu": time.process_time() - start}


def naive(A: Matrix, y: Vector, k: int) -> Vector:
    """Output without node k, from the changed table."""
    changed, demand = A.copy(), y.copy()
    changed[k], changed[:, k], demand[k] = 0, 0, 0
    return np.asarray(np.linalg.solve(np.eye(len(y)) - changed, demand))


def far(mrio: MRIO, A: Matrix, y: Vector, nodes: Index) -> float:
    """How far the closed form is from the solutions of the changed tables, as a share of the largest output."""
    L, sales = mrio.lu.inverse, mrio.x - y
    anew = np.stack([mrio.x - naive(A, y, int(k)) for k in nodes], axis=1)
    closed = extraction.every(L, np.eye(mrio.n), mrio.x, sales, "complete")[:, nodes]
    return float(np.abs(closed - anew).max() / mrio.x.max())


def top_paths(mrio: MRIO) -> Callable[[], object]:
    """The PATHS largest paths of value added of China into BUYER, from the factorised table."""
    s = np.where(mrio.nodes.country_index == mrio.nodes.countries.index("CHN"), mrio.v, 0.0)
    w = np.zeros(mrio.n)
    w[mrio.nodes.position[BUYER]] = 1.0
    lu = mrio.lu
    return lambda: spa.paths(spa.columns(mrio.Z, mrio.x), s, lu.solve_transposed(s), w, PATHS)


def measure(runs: int) -> None:
    """All cases on the built-in table; prints one JSON line."""
    mrio = load_mrio(Workspace(), TABLE)
    of, count = mrio.nodes.country_index, len(mrio.nodes.countries)
    lu, v, x = mrio.lu, mrio.v, mrio.x
    found = {
        "content": sample(lambda: value_added_content(lu, v, of, count), runs),
        "paths": sample(top_paths(mrio), runs),
    }
    _, inverted = timed(lambda: lu.inverse, 1)
    L, sales = lu.inverse, np.asarray(mrio.Z.sum(axis=1, dtype=float))
    totals, regions = np.ones((1, mrio.n)), np.vstack([np.ones(mrio.n), v, country_indicator(of, count).T])
    found |= {
        "totals": sample(lambda: extraction.every(L, totals, x, sales, "complete"), runs),
        "regions": sample(lambda: extraction.every(L, regions, x, sales, "complete"), runs),
        "influence": sample(lambda: influence.strongest(*influence.norms(L), mrio.Z, PATHS, x), runs),
        "bridge": sample(lambda: centrality.bridge(lu, mrio.contained, x - sales, of), runs),
    }
    held = peak_rss_mib()
    A, nodes = np.asarray(mrio.Z, dtype=float) / np.where(x > 0, x, 1.0), np.linspace(0, mrio.n - 1, SAMPLES)
    sampled = nodes.astype(np.intp)
    start = time.process_time()
    _, each = timed(lambda: [naive(A, x - sales, int(k)) for k in sampled], 1)
    cpu = time.process_time() - start
    found["naive"] = {"seconds": [each.first / SAMPLES * mrio.n], "cpu": cpu / SAMPLES * mrio.n}
    difference = far(mrio, A, x - sales, sampled)
    emit(**found, inverse=inverted.first, difference=difference, peak=held)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print_facts(machine(("zizhu", "numpy", "scipy")))
    found = isolated(Path(__file__), ["measure", str(runs)], threads=1)

    def ours(case: str) -> Sample:
        return merged([found[case]])

    loop = "naive loop, extrapolated"
    rows = [
        Row("extraction of 4,000 nodes: output", ours("totals"), "s", "<= 0.15 s", ours("naive"), loop),
        Row(
            "the same with value added and 80 countries",
            ours("regions"),
            "s",
            "<= 0.15 s",
            ours("naive"),
            loop,
        ),
        Row("content, 80 sources x 4,000, from the LU", ours("content"), "ms", "<= 200 ms"),
        Row(f"top {PATHS} paths of one buyer, from the LU", ours("paths"), "ms", "< 1,000 ms"),
        Row(f"{PATHS} most influential coefficients of 16 million", ours("influence"), "ms"),
        Row("bridges of all nodes, from the LU", ours("bridge"), "ms"),
    ]
    print(markdown(COLUMNS, [row.cells() for row in rows]))
    print(
        f"Extraction differs from the changed tables by {found['difference']:.1e} of the largest output at most."
    )
    print(f"The inverse took {found['inverse']:.1f} s; peak memory before the loop {found['peak']:.0f} MiB.")
    print(f"Load of the machine after: {load()}.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]))
    else:
        main()
