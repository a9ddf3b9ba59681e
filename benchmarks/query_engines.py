"""Which engine should stand behind `store.query`? DuckDB, the seam on Polars SQL, and Polars' lazy API.

    python benchmarks/query_engines.py                     # 50 M rows, every case, 2 threads and 1
    python benchmarks/query_engines.py --rows 2000000 --threads 2 --cases product-importer,hhi-all

Needs duckdb (dependency group `bench`). Every case runs in a process of its own, and the answers of the
engines must be equal. The rows are made once, by a fixed seed, and kept in benchmarks/out.
The result is in docs/decisions/query-engine.md.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs
from numpy.typing import NDArray

from common import OUT, emit, installed, isolated, load, machine, markdown, peak_rss_mib, print_facts, timed
from zizhu.store import Table, Workspace
from zizhu.store.meta import Meta

YEARS = range(1995, 2025)
COUNTRIES = 230
PRODUCTS = 5_000
SEED = 20_250_101
ROWS = 50_000_000
REPEATS = {"hhi-all": 3}
"""Runs of a case; 5 where nothing else is said."""

SCHEMA = {
    "year": pl.Int16,
    "exporter": pl.String,
    "importer": pl.String,
    "hs6": pl.String,
    "value_usd": pl.Int64,
    "quantity_t": pl.Float64,
}


def codes() -> tuple[list[str], list[str]]:
    """Invented country codes of three letters and six-digit product codes, both in ascending order."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    countries = [letters[i // 26] + letters[i % 26] + "X" for i in range(COUNTRIES)]
    return countries, [f"{10_000 + 190 * i:06d}" for i in range(PRODUCTS)]


def product_sizes(rows: int) -> list[int]:
    """Rows of each product in a random order of the products: a Zipf-like law with a flattened head."""
    weight = (np.arange(PRODUCTS) + 30.0) ** -0.8
    size = np.maximum(1, np.floor(weight / weight.sum() * rows)).astype(int)
    size[0] += rows - size.sum()
    return [int(n) for n in np.random.default_rng(SEED).permutation(size)]


def country_shares() -> NDArray[np.float64]:
    """How often a country exports or imports: a Zipf-like law in a random order of the countries."""
    weight = 1 / (np.random.default_rng(SEED).permutation(COUNTRIES) + 8.0)
    share: NDArray[np.float64] = weight / weight.sum()
    return share


def product_rows(rng: np.random.Generator, size: int, share: NDArray[np.float64]) -> pl.DataFrame:
    """`size` different (exporter, importer, year) of one product, sorted, with values and quantities."""
    cells = np.empty(0, dtype=np.int64)
    while cells.size < size:
        drawn = 2 * size
        exporter, importer = rng.choice(COUNTRIES, drawn, p=share), rng.choice(COUNTRIES, drawn, p=share)
        cell = (exporter * COUNTRIES + importer) * len(YEARS) + rng.integers(len(YEARS), size=drawn)
        cells = np.union1d(cells, cell[exporter != importer])
    cells = np.sort(rng.choice(cells, size, replace=False))
    pair, year = np.divmod(cells, len(YEARS))
    value = np.maximum(1_000, np.exp(rng.normal(11.0, 2.5, size))).astype(np.int64)
    quantity = value / np.exp(rng.normal(8.0, 1.0, size))
    quantity[rng.random(size) < 0.1] = np.nan
    return pl.DataFrame(
        {
            "year": (year + YEARS[0]).astype(np.int16),
            "exporter": (pair // COUNTRIES).astype(np.int16),
            "importer": (pair % COUNTRIES).astype(np.int16),
            "value_usd": value,
            "quantity_t": quantity,
        }
    )


def batches(rows: int, batch: int = 1_000_000) -> Iterator[pl.DataFrame]:
    """Frames of about `batch` rows in the order (hs6, exporter, importer, year); the same on every machine."""
    countries, products = (pl.Series(c) for c in codes())
    rng = np.random.default_rng(SEED)
    share = country_shares()
    held: list[pl.DataFrame] = []
    for code, size in zip(products, product_sizes(rows), strict=True):
        held.append(product_rows(rng, size, share).with_columns(pl.lit(code).alias("hs6")))
        if sum(map(len, held)) >= batch or code == products[-1]:
            yield pl.concat(held).select(
                "year",
                *(
                    pl.col(c).replace_strict(pl.Series(range(COUNTRIES)), countries)
                    for c in ("exporter", "importer")
                ),
                "hs6",
                "value_usd",
                pl.col("quantity_t").fill_nan(None),
            )
            held = []


def generate(path: Path, rows: int) -> None:
    """Write the rows to `path` as the store does (zstd 9), one batch in memory at a time."""
    from polars.io.plugins import register_io_source

    def source(_columns: Any, _predicate: Any, _rows: Any, _size: Any) -> Iterator[pl.DataFrame]:
        yield from batches(rows)

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    lazy = register_io_source(source, schema=SCHEMA)
    lazy.sink_parquet(part, compression="zstd", compression_level=9, statistics=True)
    part.replace(path)


CASES = {
    "product-importer": "one product and one importer, all years",
    "hhi-importer-year": "supplier HHI of every product, one importer and year",
    "rca-year": "RCA matrix of one year",
    "sum-exporter-year": "full scan: sum by year and exporter",
    "hhi-all": "supplier HHI of all importers x products x years",
    "join-groups": "full scan joined with a table of countries, sum by group and year",
}

SQL = {
    "product-importer": """
        SELECT year, exporter, value_usd, quantity_t FROM trade
        WHERE hs6 = $product AND importer = $importer""",
    "hhi-importer-year": """
        SELECT hs6, SUM(POWER(CAST(value_usd AS DOUBLE), 2)) / POWER(CAST(SUM(value_usd) AS DOUBLE), 2) AS hhi
        FROM trade WHERE importer = $importer AND year = $year GROUP BY hs6""",
    "rca-year": """
        WITH cell AS (SELECT exporter, hs6, CAST(SUM(value_usd) AS DOUBLE) AS v FROM trade
                      WHERE year = $year GROUP BY exporter, hs6)
        SELECT exporter, hs6, (v / SUM(v) OVER (PARTITION BY exporter))
             / (SUM(v) OVER (PARTITION BY hs6) / (SELECT SUM(v) FROM cell)) AS rca FROM cell""",
    "sum-exporter-year": """
        SELECT year, exporter, CAST(SUM(value_usd) AS BIGINT) AS value_usd FROM trade GROUP BY year, exporter""",
    "hhi-all": """
        SELECT importer, hs6, year,
               SUM(POWER(CAST(value_usd AS DOUBLE), 2)) / POWER(CAST(SUM(value_usd) AS DOUBLE), 2) AS hhi
        FROM trade GROUP BY importer, hs6, year""",
    "join-groups": """
        SELECT c.grouping_name, t.year, CAST(SUM(t.value_usd) AS BIGINT) AS value_usd
        FROM trade t JOIN countries c ON t.exporter = c.iso3 GROUP BY c.grouping_name, t.year""",
}


def constants() -> dict[str, Any]:
    """What the queries ask about: the product with the most rows, the largest importer, a year."""
    countries, products = codes()
    product = products[int(np.argmax(product_sizes(ROWS)))]
    return {"product": product, "importer": countries[int(np.argmax(country_shares()))], "year": 2022}


def parameters(case: str) -> dict[str, Any]:
    """The constants that the SQL of a case names."""
    return {name: value for name, value in constants().items() if f"${name}" in SQL[case]}


def country_table(folder: Path) -> Path:
    """A small table of countries, each in one of ten groups."""
    path = folder / "countries.parquet"
    countries, _ = codes()
    groups = [f"group {i % 10}" for i in range(COUNTRIES)]
    pl.DataFrame({"iso3": countries, "grouping_name": groups}).write_parquet(path)
    return path


class Generated(Workspace):
    """A workspace of the two generated files, as if they had been committed."""

    def __init__(self, **files: Path) -> None:
        super().__init__()
        self.files = files

    def names(self) -> list[str]:
        return sorted(self.files)

    def read(self, name: str, digest: str | None = None) -> Table:
        path = self.files[name]
        columns = {c: str(t) for c, t in pl.read_parquet_schema(path).items()}
        meta = Meta(
            title=name,
            key=("year", "exporter", "importer", "hs6") if name == "trade" else ("iso3",),
            units={"value_usd": "USD", "quantity_t": "t"} if name == "trade" else {},
            sources=("generated",),
            name=name,
            digest=digest or "0" * 32,
            rows=1,
            bytes=path.stat().st_size,
            sha256="0" * 64,
            columns=columns,
        )
        return Table(meta, path)


def with_store_query(case: str, trade: Path, countries: Path) -> pl.DataFrame:
    """What users call: the same SQL text, checked, bound and run on the streaming engine."""
    return Generated(trade=trade, countries=countries).query(SQL[case], **parameters(case))


def with_duckdb(case: str, trade: Path, countries: Path) -> pl.DataFrame:
    """One connection a query, as a store would do; the result comes over Arrow's C stream, without pyarrow."""
    import duckdb

    threads = os.environ["POLARS_MAX_THREADS"]
    options = {"threads": threads, "memory_limit": "4GB", "preserve_insertion_order": "false"}
    with duckdb.connect(config=options) as connection:
        connection.execute(f"CREATE VIEW trade AS FROM read_parquet('{trade}')")
        connection.execute(f"CREATE VIEW countries AS FROM read_parquet('{countries}')")
        return pl.DataFrame(connection.sql(SQL[case], params=parameters(case)))


def with_polars_lazy(case: str, trade: Path, countries: Path) -> pl.DataFrame:
    """The same questions written as expressions, on the streaming engine."""
    lazy = LAZY[case](pl.scan_parquet(trade), pl.scan_parquet(countries), **constants())
    return lazy.collect(engine="streaming")


def _hhi() -> pl.Expr:
    value = pl.col("value_usd").cast(pl.Float64)
    return ((value**2).sum() / pl.col("value_usd").sum().cast(pl.Float64) ** 2).alias("hhi")


def _rca(trade: pl.LazyFrame, year: int) -> pl.LazyFrame:
    cell = (
        trade.filter(pl.col("year") == year)
        .group_by("exporter", "hs6")
        .agg(pl.col("value_usd").sum().cast(pl.Float64).alias("v"))
    )
    v = pl.col("v")
    share = v / v.sum().over("exporter")
    return cell.select("exporter", "hs6", (share / (v.sum().over("hs6") / v.sum())).alias("rca"))


LAZY: dict[str, Callable[..., pl.LazyFrame]] = {
    "product-importer": lambda t, _c, product, importer, **_: t.filter(
        (pl.col("hs6") == product) & (pl.col("importer") == importer)
    ).select("year", "exporter", "value_usd", "quantity_t"),
    "hhi-importer-year": lambda t, _c, importer, year, **_: (
        t.filter((pl.col("importer") == importer) & (pl.col("year") == year)).group_by("hs6").agg(_hhi())
    ),
    "rca-year": lambda t, _c, year, **_: _rca(t, year),
    "sum-exporter-year": lambda t, _c, **_: t.group_by("year", "exporter").agg(pl.col("value_usd").sum()),
    "hhi-all": lambda t, _c, **_: t.group_by("importer", "hs6", "year").agg(_hhi()),
    "join-groups": lambda t, c, **_: (
        t.join(c, left_on="exporter", right_on="iso3")
        .group_by("grouping_name", "year")
        .agg(pl.col("value_usd").sum())
    ),
}

ENGINES = {"store.query": with_store_query, "duckdb": with_duckdb, "polars-lazy": with_polars_lazy}


def fingerprint(answer: pl.DataFrame) -> dict[str, float]:
    """Row count and, for each measure, its sum weighted by a hash of the other columns: equal for equal answers.

    The weights tie every value to its key, so that the order of rows does not matter but a swap does.
    """
    measures = [c for c in answer.columns if c in ("hhi", "rca", "value_usd", "quantity_t")]
    keys = answer.select(pl.exclude(measures)).with_columns(cs.integer().cast(pl.Int64))
    weight = keys.hash_rows(seed=1) % 1_009 + 1
    sums = {m: float((answer[m].cast(pl.Float64) * weight).sum()) for m in measures}
    return {"rows": answer.height, "weights": float(weight.sum())} | sums


def run_case(engine: str, case: str, rows: int) -> None:
    """In the process of one case: time it and print what was found. Imports are not part of the time."""
    if engine == "duckdb":
        importlib.import_module("duckdb")
    trade, countries = trade_file(rows), country_table(OUT)

    def call() -> pl.DataFrame:
        return ENGINES[engine](case, trade, countries)

    timed(call, 1)
    peak = peak_rss_mib()  # of one call: allocators keep some of it for the next
    answer, timing = timed(call, REPEATS.get(case, 5))
    emit(median=timing.median, cpu=timing.cpu, peak=peak, fingerprint=fingerprint(answer))


def trade_file(rows: int) -> Path:
    """The generated rows, made on first use."""
    path = OUT / f"trade-{rows}.parquet"
    if not path.is_file():
        print(f"writing {rows:,} rows to {path}", file=sys.stderr)
        generate(path, rows)
    return path


def agree(answers: list[dict[str, float]]) -> bool:
    """Whether all fingerprints are the same up to the rounding of sums."""
    first = answers[0]
    return all(
        a.keys() == first.keys() and np.allclose([*a.values()], [*first.values()], rtol=1e-9) for a in answers
    )


def compare(case: str, engines: list[str], rows: int, threads: int) -> list[str]:
    """One row of the report; raises RuntimeError when the engines disagree."""
    found = [isolated(__file__, ["--run", e, case, "--rows", str(rows)], threads) for e in engines]
    if not agree([f["fingerprint"] for f in found]):
        raise RuntimeError(f"{case}: the answers differ: {[f['fingerprint'] for f in found]}")
    cells = [f"{f['median']:.2f} s, {f['cpu']:.2f} CPU, {f['peak']:,.0f} MiB" for f in found]
    return [CASES[case], f"{found[0]['fingerprint']['rows']:,}", str(threads), *cells]


def footprint(package: str) -> str:
    """Size on disk and median time of the import in a new process."""
    files = [Path(str(f.locate())) for f in metadata.files(package) or []]
    size = sum(f.stat().st_size for f in files if f.is_file()) / 2**20
    bare, full = (_start_up(code) for code in ("", f"import {package}"))
    return f"{package}: {size:.0f} MiB on disk, import {full - bare:.2f} s"


def _start_up(code: str) -> float:
    """Median seconds of a new Python process that runs `code`."""
    return timed(lambda: subprocess.run([sys.executable, "-c", code], check=True), 7)[1].median


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--cases", default=",".join(CASES), help="names separated by commas")
    parser.add_argument("--engines", default=",".join(ENGINES), help="names separated by commas")
    parser.add_argument("--threads", default="2,1", help="numbers separated by commas")
    parser.add_argument("--run", nargs=2, metavar=("ENGINE", "CASE"), help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    if asked.run:
        engine, case = asked.run
        run_case(engine, case, asked.rows)
        return
    engines = [e for e in asked.engines.split(",") if e != "duckdb" or installed("duckdb")]
    cases = asked.cases.split(",")
    trade_file(asked.rows)
    print_facts(machine(["polars", "duckdb", "numpy"]))
    print(footprint("duckdb") if installed("duckdb") else "duckdb is not installed and left out")
    table = [compare(c, engines, asked.rows, int(t)) for t in asked.threads.split(",") for c in cases]
    print(markdown(["case", "rows of the answer", "threads", *engines], table))
    print(
        f"Cells: median seconds, CPU seconds, peak memory of a process after one call; load at the end {load()}."
    )


if __name__ == "__main__":
    main()
