"""A table of the size of the OECD's ICIO read from its CSV, by zizhu and by pymrio: time and memory as ratios.

    python benchmarks/reading.py [--runs 3]          # writes the file first, 90 MB; a minute or two
    python benchmarks/reading.py ours FILE           # one case, one JSON line: ours, stored, pymrio, difference

Every case is one process: `imports` are the modules it needs, `read` goes from the file to the parsed table
(zizhu: flows, final demand, value added, taxes and output, checked; pymrio: its IOSystem). `stored` goes on to the
data frames that the store writes. Peak memory is that of the whole process. Both sides read the same file of 81
economies and 50 industries, the built-in table of 2022 with a rest of the world and final demand made up.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import OUT, emit, isolated, load, machine, markdown, peak_rss_mib, print_facts

NAME = "ICIO2023_2022.csv"
"""A name that both sides know."""
TESTS = Path(__file__).resolve().parents[1] / "tests" / "sources"


def write(path: Path) -> None:
    """The built-in flows to four decimals, one more economy, and final demand that closes the rows."""
    import numpy as np

    sys.path.insert(0, str(TESTS))
    layouts = importlib.import_module("layouts")
    from zizhu.sources.readers.io_table import IOTable
    from zizhu.store import Workspace
    from zizhu.tables.load import load_mrio

    mrio = load_mrio(Workspace(), "icio-2022")
    sectors = mrio.nodes.sectors
    country, sector = (*mrio.nodes.country, *["ROW"] * len(sectors)), (*mrio.nodes.sector, *sectors)
    n, buyers = len(country), (*mrio.nodes.countries, "ROW")
    rng = np.random.default_rng(2022)
    Z = np.zeros((n, n))
    Z[: mrio.n, : mrio.n] = np.round(np.asarray(mrio.Z, float), 4)
    Z[mrio.n :], Z[:, mrio.n :] = Z[: len(sectors)], Z[:, : len(sectors)]
    final = np.round(rng.gamma(0.2, 50.0, (n, len(buyers), 6)) * (rng.random((n, len(buyers), 6)) < 0.6), 4)
    output = np.round(Z.sum(axis=0) + Z.sum(axis=1) + final.sum(axis=(1, 2)), 4)
    final[:, 0, 4] = np.round(output - Z.sum(axis=1) - final.sum(axis=(1, 2)) + final[:, 0, 4], 4)
    value_added = np.round(output - Z.sum(axis=0), 4)
    parts = (Z, final, buyers, layouts.ICIO_CATEGORIES, value_added, np.zeros(n), output)
    table = IOTable(2022, "million USD", country, sector, country, *parts, True, {})
    layouts.icio(path, table)
    emit(written=str(path))


def read(path: Path) -> Any:
    """The table by zizhu's reader."""
    from zizhu.sources.catalogue import read_entry
    from zizhu.sources.files.archive import members
    from zizhu.sources.readers.io_files import by_year
    from zizhu.sources.readers.oecd_sml import Names, read_year
    from zizhu.sources.reading import Request
    from zizhu.vocab.packfiles import pack

    request = Request(read_entry(pack("catalogue/oecd-icio.yaml")), members(path))
    return read_year(by_year(request)[0], Names.of(request.entry.parameters))


def ours(path: Path) -> None:
    """From the file to the table."""
    start = time.perf_counter()
    importlib.import_module("zizhu.sources.readers.oecd_sml")
    ready, base = time.perf_counter(), peak_rss_mib()
    table = read(path)
    _report(start, ready, base, table.Z.shape)


def stored(path: Path) -> None:
    """From the file to the frames that the store writes."""
    start = time.perf_counter()
    io_table = importlib.import_module("zizhu.sources.readers.io_table")
    ready, base = time.perf_counter(), peak_rss_mib()
    made = io_table.source_tables(read(path), "oecd-icio-2022", "ICIO", ("oecd-icio",))
    _report(start, ready, base, len(made))


def pymrio(path: Path) -> None:
    """From the file to the peer's IOSystem."""
    warnings.filterwarnings("ignore")
    start = time.perf_counter()
    peer = importlib.import_module("pymrio")
    ready, base = time.perf_counter(), peak_rss_mib()
    system = peer.parse_oecd(str(path))
    _report(start, ready, base, system.Z.shape)


def _report(start: float, ready: float, base: float, size: object) -> None:
    end = time.perf_counter()
    cpu = time.process_time()
    emit(
        imports=ready - start,
        read=end - ready,
        whole=end - start,
        cpu=cpu,
        base=base,
        peak=peak_rss_mib(),
        size=size,
    )


def difference(path: Path) -> None:
    """The largest difference of a flow or of final demand between the two sides; 0 when every cell is equal."""
    import numpy as np

    warnings.filterwarnings("ignore")
    table, system = read(path), importlib.import_module("pymrio").parse_oecd(str(path))
    Z = system.Z.reindex(index=system.Z.columns)
    labels = list(zip(table.country, table.sector, strict=True))
    Y = system.Y.loc[labels, [(b, c) for b in table.buyers for c in table.categories]]
    apart = np.abs(Z.loc[labels, labels].to_numpy() - table.Z).max()
    emit(difference=float(max(apart, np.abs(Y.to_numpy() - table.final.reshape(len(labels), -1)).max())))


CASES: dict[str, Callable[[Path], None]] = {
    "ours": ours,
    "stored": stored,
    "pymrio": pymrio,
    "difference": difference,
    "write": write,
}


def compare(path: Path, runs: int, threads: int) -> list[list[str]]:
    """Medians of the cases by turns, and the ratio of the peer to each of ours."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ("ours", "stored", "pymrio")}
    for _ in range(runs):
        for name, reports in found.items():
            reports.append(isolated(__file__, [name, str(path)], threads))
    middle = {
        name: {
            k: statistics.median(r[k] for r in reports)
            for k in ("imports", "read", "whole", "cpu", "base", "peak")
        }
        for name, reports in found.items()
    }
    peer = middle["pymrio"]
    rows = []
    for name, m in middle.items():
        gain = [f"{peer[k] / m[k]:.1f}" for k in ("read", "whole", "peak")]
        net = (peer["peak"] - peer["base"]) / (m["peak"] - m["base"])
        shown = [f"{m[k]:.2f}" for k in ("imports", "read", "whole", "cpu")]
        rows.append([name, *shown, f"{m['base']:.0f}", f"{m['peak']:.0f}", *gain, f"{net:.1f}"])
    return rows


COLUMNS = ["case", "imports s", "read s", "whole s", "CPU s", "MiB before", "peak MiB"]
RATIOS = ["read x", "whole x", "peak x", "peak without imports x"]

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in CASES:
        CASES[sys.argv[1]](Path(sys.argv[2]))
    else:
        options = argparse.ArgumentParser(description=__doc__)
        options.add_argument("--runs", type=int, default=3)
        options.add_argument("--threads", type=int, default=2)
        chosen = options.parse_args()
        OUT.mkdir(exist_ok=True)
        file = OUT / NAME
        if not file.exists():
            isolated(__file__, ["write", str(file)], chosen.threads)
        print_facts(machine(("zizhu", "numpy", "polars", "pymrio", "pandas")))
        print(markdown(COLUMNS + RATIOS, compare(file, chosen.runs, chosen.threads)))
        same = isolated(__file__, ["difference", str(file)], chosen.threads)["difference"]
        print(
            f"\nLargest difference of a cell: {same}. File: {file.stat().st_size / 1e6:.0f} MB. Load: {load()}."
        )
