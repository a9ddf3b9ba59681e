"""Dependency flags with 500 draws on generated trade in the shape of BACI: one importer, and many.

    python benchmarks/flags.py                            # 5,000 products, 6 years of 8 M flows
    python benchmarks/flags.py --rows 1000000 --many 5

Commits generated rows (baci_like.py) into a workspace under /tmp, which is removed at the end. Beside each stands what
the machine needs to read those flows once: a sum over the columns that flags are made of, compared by CPU seconds.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import baci_like
from common import emit, isolated, machine, markdown, peak_rss_mib, print_facts, timed
from zizhu.depend import flags
from zizhu.store import Workspace
from zizhu.tables.trade import TRADE_KEY

TABLE = "baci-like"
YEARS = range(2019, 2025)
META = {
    "title": "Generated trade in the shape of BACI",
    "units": {"value_usd": "USD", "quantity_t": "metric tons"},
    "sources": ["cepii-baci-hs92"],
    "flags": {"kind": "trade", "revision": "HS1992"},
}


def commit(root: Path, rows: int) -> None:
    """Commit `rows` flows of every year."""
    with Workspace(root).batch() as batch:
        meta = batch.add_parts(TABLE, (baci_like.flows(y, rows) for y in YEARS), TRADE_KEY, META)
    emit(rows=meta.rows, peak=peak_rss_mib())


def ask(root: Path, many: int) -> None:
    """Flags of the largest importers, `many` of them."""
    workspace = Workspace(root)
    sums = f'SELECT importer, SUM(value_usd) AS usd FROM "{TABLE}" WHERE year = {YEARS[-1]} GROUP BY importer'
    largest = workspace.query(f"{sums} ORDER BY usd DESC LIMIT {many}")["importer"]
    params = flags.Params(trade=TABLE, importers=tuple(largest))
    result, timing = timed(lambda: flags.solve(flags.load(workspace, params)), 1)
    emit(seconds=timing.first, cpu=timing.cpu, rows=result.frame.height, peak=peak_rss_mib())


SCAN = f"""
    SELECT year, COUNT(DISTINCT hs6) AS products, COUNT(DISTINCT exporter) AS sellers,
           COUNT(DISTINCT importer) AS buyers, SUM(value_usd) AS usd
    FROM "{TABLE}" GROUP BY year
"""


def scan(root: Path) -> None:
    """Every flow read once."""
    workspace = Workspace(root)
    found, timing = timed(lambda: workspace.query(SCAN), 1)
    emit(seconds=timing.first, cpu=timing.cpu, rows=found.height, peak=peak_rss_mib())


def measure(rows: int, many: int, threads: int) -> None:
    """Every case in a process of its own, on a workspace that is removed afterwards."""
    print_facts(machine(["polars", "numpy", "scipy"]))
    lines = []
    with tempfile.TemporaryDirectory(prefix="zizhu-flags-") as folder:

        def told(case: str, count: int = 1) -> dict[str, Any]:
            asked = ["--case", case, "--root", folder, "--rows", str(rows), "--many", str(count)]
            return isolated(__file__, asked, threads)

        told("commit")
        limit = sorted(float(told("scan")["cpu"]) for _ in range(3))[1]
        for name, count in (("one importer", 1), (f"{many} importers", many)):
            runs = [told("ask", count) for _ in range(3)]
            seconds, cpu, peak = (
                sorted(float(run[k]) for run in runs)[1] for k in ("seconds", "cpu", "peak")
            )
            lines.append(
                (
                    name,
                    f"{runs[0]['rows']:,}",
                    f"{seconds:.2f}",
                    f"{cpu:.2f}",
                    f"{cpu / limit:.1f}",
                    f"{peak:,.0f}",
                )
            )
    print(
        markdown(
            ("case", "rows of the answer", "seconds", "CPU seconds", "to reading once", "peak MiB"), lines
        )
    )


def main() -> None:
    """Commit, ask, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=8_000_000, help="flows of a year")
    parser.add_argument("--many", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--case", choices=["commit", "ask", "scan"])
    parser.add_argument("--root", type=Path)
    args = parser.parse_args()
    if args.case == "commit":
        commit(args.root, args.rows)
    elif args.case == "scan":
        scan(args.root)
    elif args.case:
        ask(args.root, args.many)
    else:
        measure(args.rows, args.many, args.threads)


if __name__ == "__main__":
    main()
