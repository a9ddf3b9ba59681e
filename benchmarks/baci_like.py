"""Generated trade in the shape of BACI, a year at a time: skewed countries and products, log-normal values.

    python benchmarks/baci_like.py --rows 11000000 --year 2022 --text /tmp/BACI_HS22_Y2022_V202601.csv

The same seed gives the same rows. Used by trade_queries.py, and for the time and memory of reading a year.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.vocab import countries

YEARS = range(1995, 2025)
PRODUCTS = 5_000
SEED = 20_260_122
GROWTH = 1.03
"""Flows of a year to those of the year before it."""
_CHUNK = 1_000_000


def economies() -> list[str]:
    """The ISO3 codes of the economies that BACI has, in alphabetical order."""
    return sorted(c.iso3 for c in countries.countries().values() if c.baci)


def products() -> list[str]:
    """Invented product codes of six digits, in ascending order."""
    return [f"{10_000 + 190 * i:06d}" for i in range(PRODUCTS)]


def typical() -> tuple[str, str]:
    """A product and an importer with much trade, though not the most."""
    product = np.argsort(np.random.default_rng(SEED + 1).permutation(PRODUCTS))[250]
    importer = np.argsort(np.random.default_rng(SEED).permutation(len(economies())))[5]
    return products()[product], economies()[importer]


def sizes(rows: int) -> dict[int, int]:
    """Rows of every year, growing by GROWTH, which add up to `rows`."""
    weight = GROWTH ** np.arange(len(YEARS))
    bound = np.rint(np.concatenate([[0], np.cumsum(weight) / weight.sum()]) * rows).astype(int)
    return {year: int(n) for year, n in zip(YEARS, np.diff(bound), strict=True)}


def cells(year: int, rows: int) -> NDArray[np.int64]:
    """`rows` different cells (product x exporter x importer, packed in that order) in ascending order."""
    rng, n = np.random.default_rng([SEED, year]), len(economies())
    country = np.cumsum(1 / (np.random.default_rng(SEED).permutation(n) + 8.0))
    product = np.cumsum((np.random.default_rng(SEED + 1).permutation(PRODUCTS) + 30.0) ** -0.8)
    found = np.empty(0, dtype=np.int64)
    while found.size < rows:
        drawn = max(rows - found.size, _CHUNK)
        k, i, j = (
            np.searchsorted(c, rng.random(drawn) * c[-1]).astype(np.int64)
            for c in (product, country, country)
        )
        found = np.union1d(found, ((k * n + i) * n + j)[i != j])
    return np.sort(rng.choice(found, rows, replace=False)) if found.size > rows else found


def flows(year: int, rows: int) -> pl.DataFrame:
    """A year in canonical form, in order of hs6, exporter, importer."""
    rng, names = np.random.default_rng([SEED, year, 1]), pl.Series(economies())
    packed, n = cells(year, rows), len(names)
    value = np.maximum(1, np.exp(rng.normal(11.0, 2.5, rows))).astype(np.int64)
    tons = np.round(value / np.exp(rng.normal(8.0, 1.0, rows)), 3)
    tons[rng.random(rows) < 0.02] = np.nan
    return pl.DataFrame(
        {
            "year": pl.repeat(year, rows, dtype=pl.Int16, eager=True),
            "exporter": names.gather(packed // n % n),
            "importer": names.gather(packed % n),
            "hs6": pl.Series(products()).gather(packed // n // n),
            "revision": pl.repeat("HS1992", rows, dtype=pl.String, eager=True),
            "value_usd": value,
            "quantity_t": pl.Series(tons).fill_nan(None),
        }
    )


def parts(rows: int) -> Iterator[pl.DataFrame]:
    """All years in ascending order, `rows` rows together."""
    for year, size in sizes(rows).items():
        yield flows(year, size)


def write_text(path: Path, year: int, rows: int) -> None:
    """The year as CEPII lays it out: t,i,j,k,v,q with v and q padded with blanks, in order of i, j, k."""
    codes = {c.iso3: c.baci[-1] for c in countries.countries().values() if c.baci}
    made = flows(year, rows)
    thousand = (pl.col("value_usd") / 1000).round(3).cast(pl.String)
    made.select(
        t="year",
        i=pl.col("exporter").replace_strict(codes, return_dtype=pl.Int16),
        j=pl.col("importer").replace_strict(codes, return_dtype=pl.Int16),
        k="hs6",
        v=thousand.str.pad_start(13),
        q=pl.col("quantity_t").cast(pl.String).fill_null("NA").str.pad_start(13),
    ).sort("i", "j", "k").write_csv(path, quote_style="never")


def main() -> None:
    """Write one year as text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=11_000_000)
    parser.add_argument("--year", type=int, default=2022)
    parser.add_argument("--text", type=Path, required=True)
    args = parser.parse_args()
    write_text(args.text, args.year, args.rows)
    print(f"{args.text}: {args.rows:,} rows, {args.text.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
