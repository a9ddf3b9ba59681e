"""Dependency flags on the built-in trade table against two other programs' counts and lists."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from cases.reading import ABSENT, SHARED, Row, rows
from zizhu.depend.concentration import rule
from zizhu.depend.concentration.measures import observed
from zizhu.depend.concentration.presets import presets
from zizhu.depend.flag_flows import Reader, Window
from zizhu.store import Workspace
from zizhu.tables.load import load_trade

NAMES = {
    "ec2021_no_ecosystem": "ec2021",
    "geodep_c1_c3": "geodep",
    "bottle": "bottleneck",
    "merics_standin": "merics",
    "oecd": "oecd",
}
AT = " at HHI cut "


@cache
def flagged(entity: str, year: int, name: str, hhi_cut: float | None = None) -> frozenset[str]:
    """The products that meet the conditions in that one year."""
    measures, products = figures(entity, year)
    cuts = presets()[NAMES[name]].cuts
    if hhi_cut is not None:
        cuts = tuple(replace(c, at=hhi_cut) if c.measure == "hhi_imports" else c for c in cuts)
    return frozenset(p for p, flag in zip(products, rule.holds(measures, cuts), strict=True) if flag)


@cache
def reader(year: int) -> Reader:
    """All products in one year; what every entity's flags rest on is read once."""
    baci = load_trade(Workspace(), "baci-raw-materials")
    return Reader(baci, Window(baci.products, (year,), len(baci.products)))


@cache
def figures(entity: str, year: int) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    of = reader(year)
    touching = of.touching([entity])
    return observed(of.traded(entity, of.world(entity, touching), touching)), of.window.products


@pytest.mark.parametrize("row", rows("depend", "baci_flags", lambda q: q.startswith("flags ")))
def test_counts_of_flags(row: Row) -> None:
    entity, year = row.entity.split(" ")
    name, _, cut = row.quantity.removeprefix("flags ").partition(AT)
    row.check(float(len(flagged(entity, int(year), name, float(cut) if cut else None))))


@pytest.mark.parametrize("entity", ["EU27", "CHN", "USA", "JPN"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.skipif(not SHARED.joinpath("cases").is_dir(), reason=ABSENT)
def test_the_same_products_are_flagged(entity: str, name: str) -> None:
    path = SHARED / "cases" / "depend" / "baci_flags_2022_full.csv"
    listed = pl.read_csv(path, schema_overrides={"hs6": pl.String}).filter(entity=entity).filter(pl.col(name))
    assert flagged(entity, 2022, name) == set(listed["hs6"].str.zfill(6))
