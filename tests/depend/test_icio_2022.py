"""What the built-in tables say about dependence: measured once, so that a change of method is noticed.

The numbers of the input-output table are upper bounds of domestic and lower bounds of foreign content (it has
no rest of the world); none of them is printed by its producer.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from zizhu.depend import domestic, exposure, position
from zizhu.depend.turning import Turn, turning_point
from zizhu.tables.audit import audit
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab.sectors import manufacturing

REE = "284690"


def test_the_audit_finds_no_fault(icio: MRIO) -> None:
    findings = audit(icio)
    assert not [f for f in findings if f.fault]
    assert any(f.what.startswith("51 nodes without output") for f in findings)


def test_every_active_node_contains_one_unit_of_value_added(icio: MRIO) -> None:
    content = icio.contained.sum(axis=0)
    assert np.abs(content[icio.x > 0] - 1).max() < 1e-12
    assert (content[icio.x == 0] == 0).all()


def test_chinese_manufacturing_is_domestic_by_more_than_seven_tenths(icio: MRIO, baci: Trade) -> None:
    result = domestic.solve(domestic.Inputs(domestic.Params(country="CHN"), icio, baci))
    made = result.frame.filter(pl.col("sector").is_in([s.code for s in manufacturing()]))
    assert made.height == 19
    assert (made["value_added_content"] > 0.70).all()
    lowest = made.sort("value_added_content").row(0, named=True)
    assert lowest["sector"] == "C26"
    assert lowest["value_added_content"] == pytest.approx(0.7435, abs=5e-4)


@pytest.mark.parametrize(("buyer", "content"), [("VNM:MANUF", 0.1540), ("DEU:MANUF", 0.0313)])
def test_chinese_value_added_in_manufacturing_abroad(
    buyer: str, content: float, icio: MRIO, baci: Trade
) -> None:
    asked = exposure.Inputs(exposure.Params(buyers=(buyer,), sources=("CHN",)), icio, baci)
    result = exposure.solve(asked)
    assert result.row(f"{buyer}|CHN")["value_added_content"] == pytest.approx(content, abs=5e-4)
    opened = exposure.explain(asked, result, f"{buyer}|CHN", "value_added_content", icio.n)
    assert opened.remainder == pytest.approx(0, abs=1e-12)


def test_a_group_is_a_view_and_its_members_add_up(icio: MRIO, baci: Trade) -> None:
    sources = ("G7", "CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA")
    asked = exposure.Params(buyers=("CHN:C26",), sources=sources)
    found = exposure.solve(exposure.Inputs(asked, icio, baci)).frame
    shares = dict(zip(found["source"], found["value_added_content"], strict=True))
    assert shares.pop("G7") == pytest.approx(sum(shares.values()), rel=1e-12)


def test_china_turned_from_exporter_to_importer_of_rare_earth_compounds(baci: Trade) -> None:
    result = position.solve(position.Inputs(position.Params(reporter="CHN", products=(REE,)), baci))
    path = {r["year"]: r for r in result.frame.iter_rows(named=True)}
    assert path[2010]["export_share"] == pytest.approx(0.6445, abs=5e-5)
    assert path[2024]["export_share"] == pytest.approx(0.1593, abs=5e-5)
    assert path[2024]["import_share"] == pytest.approx(0.569, abs=5e-4)
    assert turning_point(result.frame) == Turn(2020, "importer")
