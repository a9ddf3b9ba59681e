"""Content of trade: WWZ and Borin-Mancini of all pairs of countries, from a table in memory.

    python benchmarks/content.py [synth_mrio.py]    # default: ../shared/bench/synth_mrio.py beside the checkout

The script given makes a balanced table of 44 countries x 56 industries (2,464 nodes), which is kept under `out/`.
Timed in a process of its own with one thread: the factorisation of I - A, then for all 44 exporters the sixteen terms
of WWZ, Borin-Mancini by source and by sink, with all sums, by exporting industry and importer (44 x 44 x 56 cells of
25 + 12 + 9 terms). Every run starts from the factorisation. Beside it the peak memory of the process, and by how much
the terms miss gross exports at most.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from pathlib import Path

import numpy as np

from common import OUT, emit, isolated, machine, markdown, peak_rss_mib, print_facts, timed
from zizhu.depend.valueadded.blocks import Exporter, World
from zizhu.depend.valueadded.methods import decomposed
from zizhu.depend.valueadded.terms import values
from zizhu.tables.leontief import Matrix, Vector, factor, value_added_share

COUNTRIES, INDUSTRIES = 44, 56
METHODS = ("wwz", "bm-source", "bm-sink")
RUNS = 5
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "bench" / "synth_mrio.py"


def write(script: Path) -> None:
    """Make the table by `script` and keep Z, Y by destination and x."""
    described = importlib.util.spec_from_file_location("synth", script)
    if described is None or described.loader is None:
        sys.exit(f"{script}: not a Python file.")
    synth = importlib.util.module_from_spec(described)
    described.loader.exec_module(synth)
    made = synth.make(COUNTRIES, INDUSTRIES)
    OUT.mkdir(exist_ok=True)
    np.save(OUT / "content_Z.npy", made["Z"])
    np.save(OUT / "content_Y.npy", made["Y"].reshape(len(made["x"]), COUNTRIES, -1).sum(axis=2))
    np.save(OUT / "content_x.npy", made["x"])


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
        write(Path(sys.argv[2]))
        emit(done=True)
        return
    script = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    if not script.is_file():
        sys.exit(f"{script}: no such file. Give the script that makes the table.")
    isolated(__file__, ["write", str(script)], 1)
    print_facts(machine(("numpy", "scipy")))
    found = isolated(__file__, ["measure"], 1)
    rows = [(n, f"{wall:.2f}", f"{cpu:.2f}", f"{gap:.1e}") for n, (wall, cpu, gap) in found["rows"].items()]
    print(markdown(("all pairs, factorisation included", "seconds", "CPU seconds", "largest gap"), rows))
    print(f"peak {found['peak']:.0f} MiB, of which the table {found['table']:.0f} MiB")


if __name__ == "__main__":
    main()
