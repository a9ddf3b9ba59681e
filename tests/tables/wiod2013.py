"""The WIOD tables of 1995 to 2011 from the shared test data; what needs them is skipped without."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO, Flags, Nodes

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "test"
FOLDER = SHARED / "wiod2013"
YEARS = range(1995, 2012)
COUNTRIES, SECTORS, CATEGORIES = 41, 35, 5

needed = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="WIOD is not beside the checkout: ../shared/data/test"
)


@cache
def _labels() -> Nodes:
    labels = pl.read_parquet(FOLDER / "labels.parquet").sort("i")
    return Nodes(tuple(labels["iso3"]), tuple(labels["sector"]))


def final_by_category(year: int) -> Matrix:
    """Final demand (n, C, 5) of a year, as printed."""
    found = pl.scan_parquet(FOLDER / "F.parquet").filter(pl.col("year") == year).collect()
    F = np.zeros((COUNTRIES * SECTORS, COUNTRIES, CATEGORIES))
    F[found["i"], found["dest"], found["cat"]] = found["v"]
    return F


def table(year: int, closed: bool = True) -> MRIO:
    """The table of a year; `closed` sets x = Z1 + F1, else output is as printed and rows fall short of it."""
    flows = pl.scan_parquet(FOLDER / "Z.parquet").filter(pl.col("year") == year).collect()
    n = COUNTRIES * SECTORS
    Z = np.zeros((n, n), dtype=np.float32)
    Z[flows["i"], flows["j"]] = flows["v"]
    final = final_by_category(year).sum(axis=2)
    printed = pl.scan_parquet(FOLDER / "X.parquet").filter(pl.col("year") == year).sort("i").collect()
    x = Z.sum(axis=1, dtype=float) + final.sum(axis=1) if closed else printed["output"].cast(float).to_numpy()
    return MRIO(
        ref=f"table:wiod-2013-{year}@{'0' * 32}",
        title=f"WIOD 2013 release, {year}",
        unit="million USD",
        nodes=_labels(),
        Z=Z,
        x=x,
        value_added=x - Z.sum(axis=0, dtype=float),
        sales_elsewhere=final.sum(axis=1),
        final=final,
        flags=Flags((year,), True, True, False, closed),
        sources=("wiod",),
    )
