"""Static stress kernels on the full input-output table: every pair of countries, unions of cuts, shortages.

    python benchmarks/stress_static.py [runs]      # default: 5 runs of each after a warm-up, one thread

The naive side of an embargo is one solution of the changed table in plain NumPy, which finds the sender's side alone:
SAMPLES pairs are solved and the time is extrapolated to all. The losses of these pairs are compared.
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
from zizhu.store import Workspace
from zizhu.stress.static.demand import anew, effects
from zizhu.stress.static.pairs import Pairs, every
from zizhu.stress.static.stopped import Block, Stopped, stopped
from zizhu.stress.static.substitution import replace
from zizhu.stress.static.supply import Needs, Shock, shortage
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO

TABLE, SAMPLES = "icio-2022", (("TWN", "CHN"), ("DEU", "USA"), ("ISL", "VNM"))


def sample(call: Callable[[], object], runs: int) -> dict[str, Any]:
    """Wall seconds of each of `runs` calls after a warm-up, and the CPU seconds of all of them."""
    call()
    start = time.process_time()
    _, timing = timed(call, runs)
    return {"seconds": timing.seconds, "cpu": time.process_time() - start}


def naive(mrio: MRIO, A: Matrix, y: Vector, sender: str, receiver: str) -> Vector:
    """Output lost by country, from the changed table."""
    changed = A.copy()
    changed[np.ix_(mrio.nodes.of([sender]), mrio.nodes.of([receiver]))] = 0
    lost = mrio.x - np.linalg.solve(np.eye(mrio.n) - changed, y)
    by_country = np.bincount(mrio.nodes.country_index, weights=lost, minlength=len(mrio.nodes.countries))
    return np.asarray(by_country, dtype=float)


def far(mrio: MRIO, found: Pairs, solved: list[Vector]) -> float:
    """How far the pairs are from the changed tables, as a share of the largest country's output."""
    place = mrio.nodes.countries.index
    each = [
        np.abs(found.lost[place(p), place(q)] - lost).max()
        for (p, q), lost in zip(SAMPLES, solved, strict=True)
    ]
    return float(max(each) / np.bincount(mrio.nodes.country_index, weights=mrio.x).max())


def both_ways(mrio: MRIO, one: str, other: str) -> Stopped:
    """All sales of inputs between two countries."""
    a, b = mrio.nodes.of([one]), mrio.nodes.of([other])
    return stopped(mrio.Z, [Block(a, b), Block(b, a)])


def needs_of(mrio: MRIO) -> Needs:
    """Every input is essential."""
    order = {s: k for k, s in enumerate(mrio.nodes.sectors)}
    product = np.array([order[s] for s in mrio.nodes.sector], dtype=np.intp)
    shape = len(order), mrio.n
    return Needs(mrio.Z, mrio.x, product, np.ones(shape), np.zeros(shape))


def from_the_lu(mrio: MRIO, runs: int) -> tuple[dict[str, Any], int]:
    """What needs no inverse, and the steps of the shortage."""
    Z, x, v, lu, of = mrio.Z, mrio.x, mrio.leftover, mrio.lu, mrio.nodes.country_index
    needs, war = needs_of(mrio), both_ways(mrio, "USA", "CHN")
    shock = Shock(stop=stopped(Z, [Block(mrio.nodes.of(["TWN"], ["C26"]), mrio.nodes.of(["CHN"]))]))
    found = {
        "war": sample(lambda: effects(Z, x, lu, v, war), runs),
        "anew": sample(lambda: anew(Z, x, lu, v, war), runs),
        "shortage": sample(lambda: shortage(needs, shock), runs),
        "replace": sample(lambda: replace(Z, war, needs.product, of, 0.25 * x, 0.5), runs),
    }
    return found, shortage(needs, shock).steps


def measure(runs: int) -> None:
    """All cases on the built-in table; prints one JSON line."""
    mrio = load_mrio(Workspace(), TABLE)
    of, count, Z, x, v = mrio.nodes.country_index, len(mrio.nodes.countries), mrio.Z, mrio.x, mrio.leftover
    found, steps = from_the_lu(mrio, runs)
    lu = mrio.lu
    _, inverted = timed(lambda: lu.inverse, 1)
    found["pairs"] = sample(lambda: every(lu, Z, x, v, of, count), runs)
    pairs, held = every(lu, Z, x, v, of, count), peak_rss_mib()
    A = np.asarray(Z, dtype=float) / np.where(x > 0, x, 1.0)
    y = x - np.asarray(Z.sum(axis=1, dtype=float))
    start = time.process_time()
    solved, each = timed(lambda: [naive(mrio, A, y, p, q) for p, q in SAMPLES], 1)
    scale = count * (count - 1) / len(SAMPLES)
    found["naive"] = {"seconds": [each.first * scale], "cpu": (time.process_time() - start) * scale}
    emit(**found, inverse=inverted.first, difference=far(mrio, pairs, solved), peak=held, steps=steps)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print_facts(machine(("zizhu", "numpy", "scipy")))
    found = isolated(Path(__file__), ["measure", str(runs)], threads=1)

    def ours(case: str) -> Sample:
        return merged([found[case]])

    loop = "naive loop, extrapolated"
    rows = [
        Row("6,320 embargoes, inverse held, by country", ours("pairs"), "s", "<= 5 s", ours("naive"), loop),
        Row("all trade of two countries, from the LU", ours("war"), "ms", "", ours("anew"), "factored anew"),
        Row(f"shortage, {found['steps']} steps of rationing", ours("shortage"), "ms"),
        Row("other suppliers for all trade of two countries", ours("replace"), "ms"),
    ]
    print(markdown(COLUMNS, [row.cells() for row in rows]))
    print(f"Pairs differ from the changed tables by {found['difference']:.1e} of the largest output at most.")
    print(f"The inverse took {found['inverse']:.1f} s; peak memory before the loop {found['peak']:.0f} MiB.")
    print(f"Load of the machine after: {load()}.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]))
    else:
        main()
