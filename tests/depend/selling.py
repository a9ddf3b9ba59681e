"""A small table of sales with a ranking, stored as a user's trade table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from tables.stored import workspace
from zizhu.store import Workspace

COUNTRIES = ("AUS", "BRA", "CHN", "DEU", "FRA", "IND", "JPN", "KOR", "MEX", "NGA", "USA", "VNM")
CODES = ("010110", "010210", "270900", "710812", "840734", "840810", "847130", "854211", "854219", "870323")
OPEN = {"min_population": 0, "min_exports_usd": 0, "min_product_trade_usd": 0}
USD = {"value_usd": "USD, current prices", "quantity_t": "metric tons"}
Flow = tuple[int, str, str, str, str, int]


def flows(years: tuple[int, ...] = (2020, 2021)) -> list[Flow]:
    """Sales of every country to the next two, with what it is good at."""
    rng, found = np.random.default_rng(5), []
    for year in years:
        for c, country in enumerate(COUNTRIES):
            for p, code in enumerate(CODES):
                if rng.random() < 1 / (1 + np.exp(0.9 * (p - c - 2))):
                    usd = int(rng.integers(1, 10**7))
                    found += [
                        (year, country, COUNTRIES[(c + k) % 12], code, "HS1992", usd * k) for k in (1, 2)
                    ]
    return found


def store(
    root: Path, rows: list[Flow], name: str = "sales", revision: str = "HS1992", products: str = "all"
) -> Workspace:
    columns = {"year": pl.Int16(), "exporter": pl.String(), "importer": pl.String(), "hs6": pl.String()}
    columns |= {"revision": pl.String(), "value_usd": pl.Int64()}
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        quantity_t=pl.lit(None, dtype=pl.Float64)
    )
    ws = workspace(root)
    described = {
        "title": "Test sales",
        "sources": ("cepii-baci-hs92",),
        "units": USD,
        "flags": {"kind": "trade", "revision": revision, "products": products},
    }
    ws.commit(name, frame, ("year", "hs6", "exporter", "importer"), described)
    return ws
