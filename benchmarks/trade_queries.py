"""Trade of all products in a workspace: committing it in parts, and two questions about it.

    python benchmarks/trade_queries.py                    # 50 M rows, 2 threads
    python benchmarks/trade_queries.py --rows 2000000

Commits generated rows (baci_like.py) through `Workspace.batch().add_parts` into a workspace under /tmp, which is
removed at the end, and asks, each in a process of its own: the flows of one product to one importer in all years,
and the concentration (HHI) of the suppliers of every importer, product and year, a year at a time.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

import baci_like
from common import emit, isolated, machine, markdown, peak_rss_mib, print_facts, timed
from zizhu.store import Workspace

TABLE = "baci-hs92"
KEY = ("year", "hs6", "exporter", "importer")
META = {
    "title": "Generated trade in the shape of BACI",
    "units": {"value_usd": "USD", "quantity_t": "metric tons"},
    "sources": ["generated"],
}
POINT = f"""
    SELECT year, exporter, value_usd, quantity_t FROM "{TABLE}"
    WHERE hs6 = :product AND importer = :importer ORDER BY year, exporter
"""
HHI = f"""
    SELECT hs6, importer,
           SUM(POWER(CAST(value_usd AS DOUBLE), 2)) / POWER(CAST(SUM(value_usd) AS DOUBLE), 2) AS hhi
    FROM "{TABLE}" WHERE year = :year GROUP BY hs6, importer
"""


def commit(root: Path, rows: int) -> None:
    """Commit the rows in parts; the time of making them is taken out."""
    spent = [0.0]

    def made() -> Iterator[pl.DataFrame]:
        source = baci_like.parts(rows)
        while True:
            start = time.perf_counter()
            part = next(source, None)
            spent[0] += time.perf_counter() - start
            if part is None:
                return
            yield part

    start = time.perf_counter()
    with Workspace(root).batch() as batch:
        meta = batch.add_parts(TABLE, made(), KEY, META)
    seconds = time.perf_counter() - start - spent[0]
    emit(seconds=seconds, rows=meta.rows, size=meta.bytes, peak=peak_rss_mib())


def point(root: Path) -> None:
    """One product and one importer, all years."""
    product, importer = baci_like.typical()
    answer, timing = timed(lambda: Workspace(root).query(POINT, product=product, importer=importer), 5)
    emit(seconds=timing.median, rows=answer.height, peak=peak_rss_mib())


def hhi(root: Path) -> None:
    """The concentration of suppliers of every importer, product and year; every year's answer is dropped."""

    def call() -> int:
        workspace = Workspace(root)
        return sum(workspace.query(HHI, year=year).height for year in baci_like.YEARS)

    rows, timing = timed(call, 2)
    emit(seconds=timing.median, rows=rows, peak=peak_rss_mib())


CASES: dict[str, Callable[[Path], None]] = {"point": point, "hhi": hhi}
TITLES = {
    "commit": "commit in parts",
    "point": "one product, one importer, all years",
    "hhi": "supplier HHI of every importer x product x year",
}


def main() -> None:
    """Commit, ask, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--case", choices=["commit", *CASES])
    parser.add_argument("--root", type=Path)
    args = parser.parse_args()
    if args.case == "commit":
        commit(args.root, args.rows)
    elif args.case:
        CASES[args.case](args.root)
    else:
        measure(args.rows, args.threads)


def measure(rows: int, threads: int) -> None:
    """Every case in a process of its own, on a workspace that is removed afterwards."""
    print_facts(machine(["polars", "numpy"]))
    lines = []
    with tempfile.TemporaryDirectory(prefix="zizhu-trade-") as folder:
        for case in ("commit", *CASES):
            told = isolated(__file__, ["--case", case, "--root", folder, "--rows", str(rows)], threads)
            lines.append(
                (TITLES[case], f"{told['rows']:,}", f"{told['seconds']:.2f}", f"{told['peak']:,.0f}")
            )
    print(markdown(("case", "rows", "seconds", "peak MiB"), lines))


if __name__ == "__main__":
    main()
