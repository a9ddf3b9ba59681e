"""Windows of real annual series beside the checkout, seven families, to hold predictive distributions against."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from zizhu.track.path import backtest
from zizhu.track.path.transforms import Values, scaled

DATA = Path(__file__).resolve().parents[4] / "shared/data/test"
here = pytest.mark.skipif(not DATA.is_dir(), reason="the annual series (../shared/data/test) are not here")

FAMILIES: dict[str, tuple[str, str, int]] = {
    "Chinese provinces": ("china_innovation/cn_province_innovation", "^(rd_|patent)", 240),
    "electric vehicles": ("energy_ev/iea_ev2025", "Historical$", 240),
    "electricity shares": ("energy_ev/owid_datasets_selected", r"% electricity\)$", 140),
    "national accounts": ("macro/pwt1001", "^pwt_", 140),
    "technology costs": ("energy_ev/learning_costs_farmer_lafond", "", 100),
    "development indicators": ("macro/gapminder_macro", "percent_of|patent|total_gdp_us", 140),
    "mines": ("energy_ev/owid_datasets_selected", r"^owid\|Mineral production", 60),
}
"""File, indicators (a regular expression) and number of series drawn of each family."""
POINTS = min(backtest.LENGTHS) + backtest.LEAST_AHEAD


def runs(years: Values, y: Values) -> list[Values]:
    """The logarithm of the longest run of consecutive years with values above zero, if it is long enough and moves."""
    whole = np.split(
        np.arange(len(y)), np.flatnonzero((np.diff(years) != 1) | (y[1:] <= 0) | (y[:-1] <= 0)) + 1
    )
    longest = max(whole, key=len)
    x = scaled(y[longest], "log")
    return [x] if len(x) >= POINTS and backtest.moving(x) else []


def family(name: str, seed: int = 0) -> list[Values]:
    """Series (N,) of a family, drawn at random from all that are long enough."""
    file, pattern, count = FAMILIES[name]
    frame = pl.read_parquet(DATA / f"{file}.parquet").filter(pl.col("indicator").str.contains(pattern))
    frame = frame.with_columns(pl.col("period").cast(pl.Int64)).sort("indicator", "entity", "period")
    frame = frame.unique(["indicator", "entity", "period"], keep="none", maintain_order=True)
    frame = frame.filter(pl.col("value").is_finite())
    found = []
    for (_, _), rows in frame.group_by("indicator", "entity", maintain_order=True):
        found += runs(rows["period"].to_numpy(), rows["value"].to_numpy())
    rng = np.random.default_rng(seed)
    return [found[k] for k in sorted(rng.permutation(len(found))[:count])]


@cache
def real(seed: int = 0) -> backtest.Windows:
    """All windows."""
    series, families = [], []
    for name in FAMILIES:
        found = family(name, seed)
        series += found
        families += [name] * len(found)
    return backtest.windows(series, families, seed=seed)
