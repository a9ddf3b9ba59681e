"""Supply risk on tables whose answer is arithmetic, and how it opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.stored import workspace
from zizhu.depend import risk
from zizhu.depend.concentration.supply_risk import governance_risk, import_risk
from zizhu.store import Workspace
from zizhu.tables.herfindahl import hhi
from zizhu.tables.trade import TRADE_KEY
from zizhu.vocab.problems import CannotAnswer, ZizhuError

NICKEL = "260400"
AMOUNTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=8)


@given(AMOUNTS, st.floats(0, 1e6))
def test_the_risk_of_imports_lies_between_nought_and_that_of_the_worst(
    tonnes: list[float], own: float
) -> None:
    risks = np.linspace(0, 1, len(tonnes))
    found = import_risk(np.array(tonnes), risks, own)
    if own + sum(tonnes) == 0:
        assert np.isnan(found)
    else:
        assert 0 <= found <= 1 + 1e-12
        assert import_risk(np.array(tonnes), np.zeros(len(tonnes)), own) == 0


def test_governance_runs_from_best_to_worst() -> None:
    np.testing.assert_allclose(governance_risk(np.array([2.5, 0.0, -2.5, -9.0])), [0, 0.5, 1, 1])
    assert hhi(np.array([1.0, 1.0, 2.0]))[0] == pytest.approx(6 / 16)
    with pytest.raises(ValueError, match="between 0 and 1"):
        import_risk(np.array([1.0]), np.array([np.nan]), 0.0)
    with pytest.raises(ValueError, match="below zero"):
        import_risk(np.array([-1.0]), np.array([0.5]), 0.0)


def store(tmp_path: Path) -> Workspace:
    """Nickel made by three countries, bought by one of them from the two others, one without governance."""
    space = workspace(tmp_path)
    trade = pl.DataFrame(
        [(2022, NICKEL, "RUS", "USA", 600, 30.0), (2022, NICKEL, "AUS", "USA", 400, 20.0)],
        schema=["year", "hs6", "exporter", "importer", "value_usd", "quantity_t"],
        orient="row",
    ).with_columns(pl.lit("HS1992").alias("revision"), pl.col("value_usd").cast(pl.Int64))
    units = {"value_usd": "USD", "quantity_t": "t"}
    flags = {"kind": "trade", "revision": "HS1992"}
    space.commit(
        "trade", trade, TRADE_KEY, {"title": "Trade", "sources": ("test",), "units": units, "flags": flags}
    )
    made = pl.DataFrame(
        [(2022, "USA", NICKEL, 50.0), (2022, "RUS", NICKEL, 100.0), (2022, "AUS", NICKEL, 50.0)],
        schema=["year", "country", "product", "quantity"],
        orient="row",
    ).with_columns(pl.lit("t").alias("unit"))
    flags = {"kind": "production", "basis": "territorial", "classification": "HS1992"}
    about = {"title": "Made", "sources": ("test",), "units": {"quantity": "row by row"}, "flags": flags}
    space.commit("made", made, ("year", "country", "product"), about)
    governed = pl.DataFrame({"iso3": ["RUS"], "year": [2022], "estimate": [-1.0]})
    about = {
        "title": "WGI",
        "sources": ("test",),
        "units": {"estimate": "z-score"},
        "flags": {"kind": "indicator"},
    }
    space.commit("governed", governed, ("iso3", "year"), about)
    return space


def asked(space: Workspace, **options: Any) -> risk.Inputs:
    params = {"production": "made", "trade": "trade", "governance": "governed", "importer": "USA"}
    return risk.load(space, risk.Params(**(params | options)))


def test_the_score_is_arithmetic_and_opens(tmp_path: Path) -> None:
    inputs = asked(store(tmp_path))
    result = risk.solve(inputs)
    row = result.row(f"USA|{NICKEL}|2022")
    assert row["production_hhi"] == pytest.approx(6 / 16)
    assert row["import_risk"] == pytest.approx(
        (30 * 0.7 + 20 * 0.7) / (50 + 50)
    )  # Australia as the mean of the others
    assert row["score"] == pytest.approx(6 / 16 * 0.35)
    assert (row["price"], row["midpoint"]) == (20.0, pytest.approx(20 * 6 / 16 * 0.35))
    for column in result.units:
        opened = risk.explain(inputs, result, f"USA|{NICKEL}|2022", column)
        assert opened.value == row[column]
        if opened.parts[0].share is not None:
            assert sum(p.value for p in opened.parts) == pytest.approx(row[column])


def test_the_price_opens_into_dollars_and_tonnes(tmp_path: Path) -> None:
    inputs = asked(store(tmp_path))
    result = risk.solve(inputs)
    parts = risk.explain(inputs, result, f"USA|{NICKEL}|2022", "price").parts
    assert [(p.value, p.unit) for p in parts] == [(1000.0, "USD"), (50.0, "t")]
    assert all(p.share is None for p in parts)
    dollars = risk.explain(inputs, result, f"USA|{NICKEL}|2022", "imports_usd")
    assert {(p.value, p.share) for p in dollars.parts} == {(600.0, 0.6), (400.0, 0.4)}


def test_notes_say_what_is_assumed_and_only_that(tmp_path: Path) -> None:
    space = store(tmp_path)
    said = risk.solve(asked(space)).notes
    assert [n for n in said if "governance" in n] == [
        "Suppliers without a governance estimate count as the mean of the others: Australia (up to 40.0% of imports)."
    ]
    assert not any("counts as no" in n or "exceed" in n for n in said)
    governed = pl.DataFrame({"iso3": ["AUS", "RUS"], "year": [2022, 2022], "estimate": [1.0, -1.0]})
    about = {
        "title": "W",
        "sources": ("test",),
        "units": {"estimate": "z-score"},
        "flags": {"kind": "indicator"},
    }
    space.commit("all-governed", governed, ("iso3", "year"), about)
    assert not any("governance" in n for n in risk.solve(asked(space, governance="all-governed")).notes)


def test_no_row_of_production_counts_as_none_and_says_so(tmp_path: Path) -> None:
    space = store(tmp_path)
    made = space.read("made")
    others = made.frame.filter(pl.col("country") != "USA")
    about = {"title": "M", "sources": made.meta.sources, "units": dict(made.meta.units)}
    space.commit("foreign", others, ("year", "country", "product"), about | {"flags": dict(made.meta.flags)})
    result = risk.solve(asked(space, production="foreign"))
    assert result.frame["own_t"].to_list() == [0]
    assert f"No row in foreign counts as no production: the United States of {NICKEL}." in result.notes


def test_imports_above_the_production_of_the_world_are_doubted(tmp_path: Path) -> None:
    space = store(tmp_path)
    made = space.read("made")
    metal = made.frame.with_columns(pl.col("quantity") / 10)
    about = {"title": "M", "sources": made.meta.sources, "units": dict(made.meta.units)}
    space.commit("metal", metal, ("year", "country", "product"), about | {"flags": dict(made.meta.flags)})
    doubts = [n for n in risk.solve(asked(space, production="metal")).notes if "exceed" in n]
    assert len(doubts) == 1
    assert "50 t against 20 t" in doubts[0]


def test_what_cannot_be_answered_is_said(tmp_path: Path) -> None:
    space = store(tmp_path)
    with pytest.raises(CannotAnswer, match="no product with production"):
        risk.solve(asked(space, importer="JPN"))
    with pytest.raises(CannotAnswer, match="2021"):
        risk.solve(asked(space, year=2021))
    with pytest.raises(ZizhuError, match="a table of kind 'trade'"):
        asked(space, production="trade")
