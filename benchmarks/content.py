"""Content of trade: WWZ and Borin-Mancini of all pairs of countries, from a table in memory.

    python benchmarks/content.py

A generated table of 44 countries x 56 industries (2,464 nodes) that balances is kept under `out/`.
Timed in a process of its own with one thread: the factorisation of I - A, then for all 44 exporters the sixteen terms
of WWZ, Borin-Mancini by source and by sink, with all sums, by exporting industry and importer (44 x 44 x 56 cells of
25 + 12 + 9 terms). Every run starts from the factorisation. Beside it the peak memory of the process, and by how much
the terms miss gross exports at most.
"""

from __future__ import annotations

import sys
from functools import partial

import numpy as np

from common import OUT, emit, isolated, machine, markdown, peak_rss_mib, print_facts, timed
from zizhu.depend.valueadded.blocks import Exporter, World
from zizhu.depend.valueadded.methods import decomposed
from zizhu.depend.valueadded.terms import values
from zizhu.tables.leontief import Matrix, Vector, factor, value_added_share

COUNTRIES, INDUSTRIES = 44, 56
METHODS = ("wwz", "bm-source", "bm-sink")
RUNS = 5
SEED = 2_464


def write() -> None:
    """Make the table and keep Z, Y by destination and x: log-normal flows, nine tenths of them at home, x = Z1 + Y1."""
    rng, n = np.random.default_rng(SEED), COUNTRIES * INDUSTRIES
    region = np.repeat(np.arange(COUNTRIES), INDUSTRIES)
    size = rng.lognormal(0, 1.5, n)
    drawn = size[:, None] * rng.lognormal(0, 1, (n, n))
    home = region[:, None] == region
    share = rng.uniform(0.3, 0.7, n)
    A = (
        np.where(home, 0.9 * drawn / (drawn * home).sum(axis=0), 0.1 * drawn / (drawn * ~home).sum(axis=0))
        * share
    )
    sold = size[:, None] * rng.lognormal(0, 1, (n, COUNTRIES))
    Y = np.where(region[:, None] == np.arange(COUNTRIES), 9 * sold, sold / COUNTRIES)
    x = np.linalg.solve(np.eye(n) - A, Y.sum(axis=1))
    OUT.mkdir(exist_ok=True)
    for part, values_ in (("Z", A * x), ("Y", Y), ("x", x)):
        np.save(OUT / f"content_{part}.npy", values_)


def all_pairs(Z: Matrix, Y: Matrix, x: Vector, methods: tuple[str, ...]) -> float:
    """Split the exports of every country; returns the largest gap between terms and exports, relative to the latter."""
    region = np.repeat(np.arange(COUNTRIES), INDUSTRIES)
    world = World(Z, x, value_added_share(Z, x), Y, region, factor(Z, x))
    gap = 0.0
    for s in range(COUNTRIES):
        of = Exporter(world, s)
        for method in methods:
            terms = values(world, s, decomposed(of, method, "country")[0])
            gap = max(gap, float(np.abs(terms["EXGR"] - world.exports[of.rows]).max()))
    return gap / float(world.exports.max()) if methods else 0.0


def measure() -> None:
    """Time every method alone and all together; each includes the factorisation."""
    Z, Y, x = (np.load(OUT / f"content_{part}.npy") for part in "ZYx")
    asked = {"factorisation alone": (), **{m: (m,) for m in METHODS}, "all three": METHODS}
    for methods in asked.values():
        all_pairs(Z, Y, x, methods)
    before = peak_rss_mib()
    rows = {}
    for name, methods in asked.items():
        gap, timing = timed(partial(all_pairs, Z, Y, x, methods), RUNS)
        rows[name] = (timing.median, timing.cpu, gap)
    emit(rows=rows, peak=max(before, peak_rss_mib()), table=(Z.nbytes + Y.nbytes) / 2**20)


def main() -> None:
    if sys.argv[1:2] == ["measure"]:
        measure()
        return
    if sys.argv[1:2] == ["write"]:
        write()
        emit(done=True)
        return
    isolated(__file__, ["write"], 1)
    print_facts(machine(("numpy", "scipy")))
    found = isolated(__file__, ["measure"], 1)
    rows = [(n, f"{wall:.2f}", f"{cpu:.2f}", f"{gap:.1e}") for n, (wall, cpu, gap) in found["rows"].items()]
    print(markdown(("all pairs, factorisation included", "seconds", "CPU seconds", "largest gap"), rows))
    print(f"peak {found['peak']:.0f} MiB, of which the table {found['table']:.0f} MiB")


if __name__ == "__main__":
    main()
