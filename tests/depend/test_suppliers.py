"""Suppliers and customers of a product against frames computed by hand, and how the numbers open."""

from __future__ import annotations

from typing import Any

import pytest

from tables.stored import Flow, trade
from zizhu.depend import suppliers
from zizhu.ledger.result import Result
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


@pytest.mark.parametrize("column", ["value_usd", "share", "quantity_t"])
def test_a_number_opens_into_the_flows_of_the_members(column: str) -> None:
    asked = inputs()
    result = suppliers.solve(asked)
    key = f"EU27|imports|{REE}|2022|CHN"
    opened = suppliers.explain(asked, result, key, column)
    assert opened.value == result.row(key)[column]
    assert sum(p.value for p in opened.parts) == pytest.approx(opened.value)
    assert opened.remainder == pytest.approx(0)
    assert opened.parts[0].ref == f"{TRADE.ref}#2022,CHN,DEU,{REE}"
    assert [p.ref.split(",")[2] for p in opened.parts] == ["DEU", "FRA"]


def test_the_concentration_opens_into_squared_shares() -> None:
    asked = inputs()
    opened = suppliers.explain(asked, suppliers.solve(asked), f"EU27|imports|{REE}|2022|USA", "hhi")
    assert [p.value for p in opened.parts] == pytest.approx([0.64, 0.04])
    assert sum(p.share or 0 for p in opened.parts) == pytest.approx(1)


def test_what_does_not_open_is_said() -> None:
    asked = inputs()
    result = suppliers.solve(asked)
    with pytest.raises(CannotAnswer, match="unit_value is a ratio"):
        suppliers.explain(asked, result, f"EU27|imports|{REE}|2022|CHN", "unit_value")
    with pytest.raises(CannotAnswer, match="the tonnes are not known"):
        suppliers.explain(asked, result, f"EU27|imports|{REE}|2021|CHN", "quantity_t")


def test_all_that_is_wrong_with_a_question_is_said_at_once() -> None:
    with pytest.raises(ZizhuError) as caught:
        ask(products=("28469", "280461", REE), first=2023, last=2021)
    assert [p.what for p in caught.value.problems] == [
        "unknown HS 1992 product '28469'",
        "no trade in 280461 in this table",
        "years 2023-2021",
    ]


@pytest.mark.parametrize(("first", "last"), [(2020, None), (None, 2023), (2022, 2021)])
def test_years_outside_the_table_are_refused(first: int | None, last: int | None) -> None:
    with pytest.raises(ZizhuError, match="within 2021-2022"):
        ask(first=first, last=last)


def test_no_trade_cannot_be_answered_and_an_unknown_reporter_is_named() -> None:
    with pytest.raises(CannotAnswer, match=f"no exports of {GRA}"):
        ask("DEU", (GRA,), direction="exports")
    with pytest.raises(ZizhuError, match="unknown country or group 'DUE'") as caught:
        ask("DUE")
    assert "DEU" in caught.value.problems[0].remedy
