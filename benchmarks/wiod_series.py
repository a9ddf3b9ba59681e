"""Seventeen years of an inter-country table: reading, calibration, and the domestic content of all countries.

    python benchmarks/wiod_series.py [folder]      # default: ../shared/data/test/wiod2013 beside the checkout

The folder holds the WIOD tables of the 2013 release as long Parquet tables (Z, F, labels; printed output in X).
They are committed to a temporary workspace first, which is not timed as part of the series. Timed is what a user waits
for: `load_mrio`, `calibrate` for Leontief models, and the share of value added at home in the final demand of each of
the 41 countries, for every year.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from common import machine, markdown, peak_rss_mib, print_facts, timed
from zizhu.sources.readers.io_table import IOTable, source_tables
from zizhu.store import Workspace
from zizhu.tables.audit import check_table
from zizhu.tables.calibrate import calibrate
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO

YEARS = range(1995, 2012)
CATEGORIES = ("households", "non-profit", "government", "fixed capital", "inventories")
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "test" / "wiod2013"


def read(folder: Path, year: int) -> IOTable:
    """The table of a year as printed: integers without decimals, so rows fall short of output."""
    of_year = pl.col("year") == year
    labels = pl.read_parquet(folder / "labels.parquet").sort("i")
    flows, sales, output = (
        pl.scan_parquet(folder / f"{part}.parquet").filter(of_year).collect() for part in "ZFX"
    )
    countries = tuple(dict.fromkeys(labels["iso3"]))
    Z = np.zeros((labels.height, labels.height))
    Z[flows["i"], flows["j"]] = flows["v"]
    final = np.zeros((labels.height, len(countries), len(CATEGORIES)))
    final[sales["i"], sales["dest"], sales["cat"]] = sales["v"]
    x = output.sort("i")["output"].cast(pl.Float64).to_numpy()
    return IOTable(
        year=year,
        unit="million USD",
        country=tuple(labels["iso3"]),
        sector=tuple(labels["sector"]),
        whole=tuple(labels["iso3"]),
        Z=Z,
        final=final,
        buyers=countries,
        categories=CATEGORIES,
        value_added=x - Z.sum(axis=0),
        taxes=np.zeros_like(x),
        output=x,
        rest_of_world=True,
        sections={},
    )


def commit(workspace: Workspace, folder: Path, year: int) -> str:
    """Write the three tables of a year; returns the name of the flows."""
    name = f"wiod-2013-{year}"
    tables = source_tables(read(folder, year), name, f"WIOD 2013 release, {year}", ("wiod-2013",))
    digests: dict[str, str] = {}
    for part in (f"{name}-nodes", f"{name}-final", name):
        described = tables[part].describe.model_dump()
        key = described.pop("key")
        described["parts"] = {r: f"table:{p}@{digests[p]}" for r, p in described["parts"].items()}
        digests[part] = workspace.commit(part, tables[part].frame, key, described)
    return name


def domestic_content(mrio: MRIO) -> NDArray[np.float64]:
    """Share (C,) of value added at home in every country's final demand."""
    assert mrio.final is not None
    home = np.einsum("cj,jc->c", mrio.contained, mrio.final)
    return np.asarray(home / mrio.final.sum(axis=0))


def series(workspace: Workspace) -> NDArray[np.float64]:
    """The shares of all years (17, C)."""
    tables = (load_mrio(workspace, f"wiod-2013-{year}") for year in YEARS)
    return np.stack(
        [domestic_content(calibrate(t, "leontief", keep_negative_value_added=True).mrio) for t in tables]
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    if not folder.is_dir():
        sys.exit(f"{folder}: no such folder. Give the folder of the WIOD tables.")
    print_facts(machine(("numpy", "scipy", "polars")))
    with tempfile.TemporaryDirectory() as place:
        workspace = Workspace(root=Path(place))
        _, written = timed(lambda: [commit(workspace, folder, year) for year in YEARS], 1)
        shares, read_and_solved = timed(lambda: series(workspace), 3)
        found, audited = timed(lambda: [check_table(workspace, f"wiod-2013-{y}") for y in YEARS], 1)
        china = load_mrio(workspace, "wiod-2013-2011").nodes.countries.index("CHN")
    rows = [
        ("commit 17 years", f"{written.median:.1f}"),
        ("load, calibrate, content of 41 countries, 17 years", f"{read_and_solved.median:.1f}"),
        ("audit of 17 years", f"{audited.median:.1f}"),
    ]
    print(markdown(("what", "seconds"), rows))
    print(
        f"China, 1995 and 2011: {shares[0, china]:.4f}, {shares[-1, china]:.4f}; peak {peak_rss_mib():.0f} MiB"
    )
    print(f"faults: {sum(f.fault for each in found for f in each)}")


if __name__ == "__main__":
    main()
