"""Suppliers and customers of a product against frames computed by hand, and how the numbers open."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.stored import Flow, trade
from zizhu.depend import suppliers
from zizhu.ledger.result import Result
from zizhu.tables.trade import Trade
from zizhu.vocab.problems import CannotAnswer, ZizhuError

REE, GRA = "284690", "250410"
FLOWS: tuple[Flow, ...] = (
    (2022, "CHN", "DEU", REE, 60, 6.0),
    (2022, "CHN", "FRA", REE, 20, None),
    (2022, "USA", "DEU", REE, 20, 1.0),
    (2022, "FRA", "DEU", REE, 50, 5.0),
    (2022, "DEU", "USA", REE, 30, None),
    (2022, "CHN", "USA", GRA, 7, 2.0),
    (2021, "CHN", "DEU", REE, 10, None),
)
TRADE = trade(*FLOWS)
Weighed = tuple[int, float | None]
EU = ("AUT", "BEL", "DEU", "ESP", "FRA", "ITA", "NLD")
WEIGHED = st.lists(
    st.tuples(st.integers(1, 10**9), st.none() | st.decimals(0, 5, places=3).map(float) | st.floats(2, 1e6)),
    min_size=1,
    max_size=len(EU),
)


def inputs(reporter: str = "EU27", products: tuple[str, ...] = (REE,), **options: Any) -> suppliers.Inputs:
    return suppliers.Inputs(suppliers.Params(reporter=reporter, products=products, **options), TRADE)


def ask(reporter: str = "EU27", products: tuple[str, ...] = (REE,), **options: Any) -> Result:
    return suppliers.solve(inputs(reporter, products, **options))


def test_suppliers_of_a_bloc() -> None:
    frame = ask().frame
    assert frame.rows() == [
        ("EU27", "imports", REE, 2021, "CHN", 10, None, 1.0, None, 1.0),
        ("EU27", "imports", REE, 2022, "CHN", 80, 6.0, 0.8, 10.0, pytest.approx(0.68)),
        ("EU27", "imports", REE, 2022, "USA", 20, 1.0, 0.2, 20.0, pytest.approx(0.68)),
    ]
    assert set(suppliers.UNITS) == {c for c in frame.columns if c not in suppliers.KEY}


def test_customers_and_years() -> None:
    assert ask("CHN", (REE, GRA), direction="exports", first=2022).frame.select(
        "hs6", "year", "partner", "value_usd"
    ).rows() == [(GRA, 2022, "USA", 7), (REE, 2022, "DEU", 60), (REE, 2022, "FRA", 20)]
    assert ask(last=2021).frame["year"].unique().to_list() == [2021]


@pytest.mark.parametrize(
    ("column", "values"),
    [("value_usd", [60.0, 20.0]), ("share", [0.6, 0.2]), ("quantity_t", [6.0]), ("unit_value", [10.0])],
)
def test_a_number_opens_into_the_flows_of_the_members(column: str, values: list[float]) -> None:
    asked = inputs()
    result = suppliers.solve(asked)
    key = f"EU27|imports|{REE}|2022|CHN"
    opened = suppliers.explain(asked, result, key, column)
    assert opened.value == result.row(key)[column]
    assert [p.value for p in opened.parts] == pytest.approx(values)
    assert opened.remainder == pytest.approx(0)
    assert sum(p.share or 0 for p in opened.parts) == pytest.approx(1)
    refs = [f"{TRADE.ref}#2022,{REE},CHN,{to}" for to in ("DEU", "FRA")]
    assert [p.ref for p in opened.parts] == refs[: len(values)]
    few = suppliers.explain(asked, result, key, column, 1)
    assert few.left_out == len(values) - 1
    assert few.parts[0].value + few.remainder == pytest.approx(opened.value)


@given(WEIGHED)
def test_a_unit_value_is_dollars_over_the_tonnes_of_the_flows_weighed(flows: list[Weighed]) -> None:
    held = trade(*((2022, "CHN", to, REE, usd, t) for to, (usd, t) in zip(EU, flows, strict=False)))
    asked = suppliers.Inputs(suppliers.Params(reporter="EU27", products=(REE,)), held)
    result = suppliers.solve(asked)
    key = f"EU27|imports|{REE}|2022|CHN"
    weighed = {to: (usd, t) for to, (usd, t) in zip(EU, flows, strict=False) if t is not None}
    tonnes = sum(t for _, t in weighed.values())
    if tonnes == 0:
        with pytest.raises(CannotAnswer, match="unit_value has no value"):
            suppliers.explain(asked, result, key, "unit_value")
        return
    opened = suppliers.explain(asked, result, key, "unit_value")
    assert opened.value == pytest.approx(sum(usd for usd, _ in weighed.values()) / tonnes)
    found = {p.ref.split(",")[3]: p.value for p in opened.parts}
    assert found == pytest.approx({to: usd / tonnes for to, (usd, _) in weighed.items()})
    assert sum(found.values()) + opened.remainder == pytest.approx(opened.value, rel=1e-12)
    small = sum(usd for usd, t in weighed.values() if t < 1) / sum(usd for usd, _ in weighed.values())
    assert ("Caution" in opened.sentence) == (small > 0.1)
    assert ("Left out" in opened.sentence) == (len(weighed) < len(flows))


def test_a_unit_value_says_both_totals_and_what_has_no_tonnes() -> None:
    asked = inputs()
    opened = suppliers.explain(asked, suppliers.solve(asked), f"EU27|imports|{REE}|2022|CHN", "unit_value")
    assert "60 USD over 6 t. Left out: 20 USD whose tonnes are not known." in opened.sentence
    assert opened.parts[0].label == "China to Germany, 2022: 60 USD over 6 t, 10 USD/t there; adds"
    assert opened.unit == "USD/t"


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ([(50, 0.999)], "Caution: 100 % of these dollars come in flows below 1 t"),
        ([(50, 1.0)], ""),
        ([(206250, 0.001), (87457, 2.801), (3112, 0.004)], "Caution: 71 % of these dollars"),
        ([(10, 0.5), (90, 2.0)], ""),
        ([(11, 0.5), (89, 2.0)], "Caution: 11 % of these dollars"),
    ],
)
def test_dollars_on_hardly_any_tonnes_are_cautioned_against(flows: list[Weighed], told: str) -> None:
    held = trade(*((2022, "CHN", to, REE, usd, t) for to, (usd, t) in zip(EU, flows, strict=False)))
    asked = suppliers.Inputs(suppliers.Params(reporter="EU27", products=(REE,)), held)
    key = f"EU27|imports|{REE}|2022|CHN"
    sentence = suppliers.explain(asked, suppliers.solve(asked), key, "unit_value").sentence
    assert told in sentence
    assert ("Caution" in sentence) == bool(told)


def test_below_the_threshold_unit_values_jump_far_more_often(baci: Trade) -> None:
    flow = ("hs6", "exporter", "importer")
    weighed = baci.frame.filter(pl.col("quantity_t") > 0).sort(*flow, "year")
    u, t = pl.col("value_usd") / pl.col("quantity_t"), pl.col("quantity_t")
    steps = (
        weighed.with_columns(
            u.alias("u"), t.alias("t"), u.shift(1).alias("u_before"), t.shift(1).alias("t_before")
        )
        .filter(pl.col("year").diff() == 1, *(pl.col(c) == pl.col(c).shift(1) for c in flow))
        .select(
            ((pl.col("u") / pl.col("u_before")).log10().abs() > 1).alias("tenfold"),
            (pl.min_horizontal("t", "t_before") < suppliers.SMALL_TONNES).alias("small"),
        )
    )
    jumps = dict(steps.group_by("small").agg(pl.col("tenfold").mean()).iter_rows())
    assert jumps[True] == pytest.approx(0.17, abs=0.005)
    assert jumps[False] == pytest.approx(0.027, abs=0.0005)


def test_the_concentration_opens_into_squared_shares() -> None:
    asked = inputs()
    opened = suppliers.explain(asked, suppliers.solve(asked), f"EU27|imports|{REE}|2022|USA", "hhi")
    assert [p.value for p in opened.parts] == pytest.approx([0.64, 0.04])
    assert sum(p.share or 0 for p in opened.parts) == pytest.approx(1)


def test_what_does_not_open_is_said() -> None:
    asked = inputs()
    result = suppliers.solve(asked)
    for column in ("unit_value", "quantity_t"):
        with pytest.raises(CannotAnswer, match=f"{column} has no value"):
            suppliers.explain(asked, result, f"EU27|imports|{REE}|2021|CHN", column)


def test_all_that_is_wrong_with_a_question_is_said_at_once() -> None:
    with pytest.raises(ZizhuError) as caught:
        ask(products=("28469", "280461", REE), first=2023, last=2021)
    assert [p.what for p in caught.value.problems] == [
        "unknown product '28469'",
        "no trade in 280461 in this table",
        "years 2023-2021",
    ]


@pytest.mark.parametrize(("first", "last"), [(2020, None), (None, 2023), (2022, 2021)])
def test_years_outside_the_table_are_refused(first: int | None, last: int | None) -> None:
    with pytest.raises(ZizhuError, match="within 2021-2022"):
        ask(first=first, last=last)


def test_the_world_has_no_partners() -> None:
    for direction in ("imports", "exports"):
        with pytest.raises(CannotAnswer, match="the world has no partners"):
            ask("World", direction=direction)


def test_no_trade_cannot_be_answered_and_an_unknown_reporter_is_named() -> None:
    with pytest.raises(CannotAnswer, match=f"no exports of {GRA}"):
        ask("DEU", (GRA,), direction="exports")
    with pytest.raises(ZizhuError, match="unknown country or group 'DUE'") as caught:
        ask("DUE")
    assert "DEU" in caught.value.problems[0].remedy
