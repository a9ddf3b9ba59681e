"""Trade by product against frames computed by hand, and concentration against closed forms."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tables.stored import trade
from zizhu.tables.trade import (
    by_partner,
    concentration,
    with_shares,
    world_share,
)

REE, GRA = "284690", "250410"
FLOWS = trade(
    (2022, "CHN", "DEU", REE, 60, 6.0),
    (2022, "CHN", "FRA", REE, 20, None),
    (2022, "USA", "DEU", REE, 20, 1.0),
    (2022, "FRA", "DEU", REE, 50, 5.0),  # inside the EU
    (2022, "DEU", "FRA", REE, 10, 1.0),  # inside the EU
    (2022, "DEU", "USA", REE, 30, None),
    (2022, "USA", "CHN", REE, 0, 3.0),  # no value: no flow
    (2021, "CHN", "DEU", REE, 10, None),
    (2021, "DEU", "FRA", REE, 5, 1.0),
    (2022, "CHN", "USA", GRA, 7, 2.0),
)
EU = ("DEU", "FRA")
PARTNER = {
    "year": pl.Int16,
    "hs6": pl.String,
    "partner": pl.String,
    "value_usd": pl.Int64,
    "quantity_t": pl.Float64,
    "weighed_usd": pl.Int64,
}


def assert_rows(found: pl.DataFrame, columns: list[str], rows: list[tuple[object, ...]]) -> None:
    expected = pl.DataFrame(rows, schema={c: found.schema[c] for c in columns}, orient="row")
    assert_frame_equal(found.select(columns), expected, rel_tol=1e-14, abs_tol=0)


def test_imports_of_a_bloc_by_partner() -> None:
    found = by_partner(FLOWS.frame, EU, "imports")
    assert found.schema == PARTNER
    assert found.rows() == [
        (2021, REE, "CHN", 10, None, 0),
        (2022, REE, "CHN", 80, 6.0, 60),
        (2022, REE, "USA", 20, 1.0, 20),
    ]


def test_imports_of_one_member_take_in_the_trade_inside_the_bloc() -> None:
    found = by_partner(FLOWS.frame, ["DEU"], "imports").filter(pl.col("year") == 2022)
    assert found.select("partner", "value_usd", "quantity_t").rows() == [
        ("CHN", 60, 6.0),
        ("FRA", 50, 5.0),
        ("USA", 20, 1.0),
    ]


def test_exports_by_partner_leave_out_flows_without_value() -> None:
    assert by_partner(FLOWS.frame, EU, "exports").rows() == [(2022, REE, "USA", 30, None, 0)]
    assert by_partner(FLOWS.frame, ["USA"], "exports").rows() == [(2022, REE, "DEU", 20, 1.0, 20)]


def test_shares_and_unit_values_over_flows_with_known_tonnes() -> None:
    found = with_shares(by_partner(FLOWS.frame, EU, "imports"))
    assert_rows(
        found,
        ["year", "partner", "share", "unit_value"],
        [(2021, "CHN", 1.0, None), (2022, "CHN", 0.8, 10.0), (2022, "USA", 0.2, 20.0)],
    )


def test_concentration_by_hand() -> None:
    found = concentration(by_partner(FLOWS.frame, EU, "imports"))
    columns = [
        "year",
        "hs6",
        "value_usd",
        "quantity_t",
        "partners",
        "hhi",
        "lead",
        "lead_share",
        "effective",
        "unit_value",
    ]
    assert set(found.columns) == set(columns)
    assert_rows(
        found,
        columns,
        [
            (2021, REE, 10, None, 1, 1.0, "CHN", 1.0, 1.0, None),
            (2022, REE, 100, 7.0, 2, 0.68, "CHN", 0.8, 1 / 0.68, 80 / 7),
        ],
    )


def test_a_tie_for_the_lead_goes_to_the_first_name() -> None:
    flows = trade((2022, "USA", "DEU", REE, 5, None), (2022, "CHN", "DEU", REE, 5, None))
    assert concentration(by_partner(flows.frame, ["DEU"], "imports"))["lead"].to_list() == ["CHN"]


def test_share_of_world_trade_leaves_out_what_stays_in_the_bloc() -> None:
    found = world_share(FLOWS.frame, EU).filter(pl.col("hs6") == REE)
    assert_rows(
        found,
        ["year", "export_share", "import_share", "exports_usd", "imports_usd", "world_usd"],
        [(2021, 0.0, 1.0, 0, 10, 10), (2022, 30 / 130, 100 / 130, 30, 100, 130)],
    )
    assert_rows(
        found,
        ["exports_t", "imports_t", "export_unit_value", "import_unit_value"],
        [(None, None, None, None), (None, 7.0, None, 80 / 7)],
    )


def test_share_of_world_trade_of_one_country() -> None:
    found = world_share(FLOWS.frame, ["DEU"]).filter(pl.col("year") == 2022, pl.col("hs6") == REE)
    assert_rows(
        found,
        ["exports_usd", "imports_usd", "world_usd", "exports_t", "export_unit_value"],
        [(40, 130, 190, 1.0, 10.0)],
    )


def test_a_country_without_trade_in_a_product_has_a_share_of_zero() -> None:
    found = world_share(FLOWS.frame, EU).filter(pl.col("hs6") == GRA)
    assert found.select("export_share", "import_share", "world_usd").rows() == [(0.0, 0.0, 7)]


def test_imports_from_outside_a_table() -> None:
    assert FLOWS.outside_share(EU, ["DEU", "FRA", "USA"], 2022, FLOWS.products) == (80.0, 100.0)
    assert FLOWS.outside_share(EU, ["DEU", "FRA", "USA", "CHN"], 2022, FLOWS.products) == (0.0, 100.0)
    assert FLOWS.outside_share(EU, ["DEU"], 1999, FLOWS.products) == (0.0, 0.0)
    assert FLOWS.outside_share(EU, ["DEU"], 2022, ["010121"]) == (0.0, 0.0)


def test_products_are_found_once_and_those_without_trade_left_out() -> None:
    assert FLOWS.products == (GRA, REE)
    assert FLOWS.years() == (2021, 2022)
    assert FLOWS.of([GRA, GRA, "999999"]).rows() == FLOWS.frame.filter(pl.col("hs6") == GRA).rows()
    assert FLOWS.of([]).is_empty()
    assert FLOWS.of(["999999"]).schema == FLOWS.frame.schema


VALUES = st.lists(st.integers(0, 10**12), min_size=1, max_size=12)


def suppliers(values: list[int]) -> pl.DataFrame:
    """Imports of USA, one flow a supplier."""
    flows = trade(*((2022, f"S{i:02}", "USA", REE, v, None) for i, v in enumerate(values)))
    return by_partner(flows.frame, ["USA"], "imports")


@given(VALUES.filter(any))
def test_hhi_lies_between_equal_shares_and_one(values: list[int]) -> None:
    (row,) = concentration(suppliers(values)).iter_rows(named=True)
    positive = [v for v in values if v]
    shares = [v / sum(positive) for v in positive]
    assert row["partners"] == len(positive)
    assert row["hhi"] == pytest.approx(sum(s * s for s in shares), rel=1e-12)
    assert 1 / len(positive) - 1e-12 <= row["hhi"] <= 1 + 1e-12
    assert row["lead_share"] == pytest.approx(max(shares))
    assert row["effective"] == pytest.approx(1 / row["hhi"])


@pytest.mark.parametrize("count", range(1, 30))
def test_equal_suppliers_have_an_hhi_of_one_over_their_number(count: int) -> None:
    (row,) = concentration(suppliers([7] * count)).iter_rows(named=True)
    assert row["hhi"] == pytest.approx(1 / count, rel=1e-14)
    assert row["effective"] == pytest.approx(count, rel=1e-14)


@given(VALUES.filter(any), st.integers(0, 99))
def test_shares_add_up_to_one_in_any_order_of_flows(values: list[int], seed: int) -> None:
    frame = suppliers(values)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    assert with_shares(frame)["share"].sum() == pytest.approx(1, abs=1e-12)
    assert concentration(shuffled).equals(concentration(frame))


@given(VALUES.filter(any), st.integers(2, 1000))
def test_a_unit_of_money_changes_no_share(values: list[int], factor: int) -> None:
    one, other = concentration(suppliers(values)), concentration(suppliers([v * factor for v in values]))
    assert other["hhi"][0] == pytest.approx(one["hhi"][0], rel=1e-12)
    assert other["lead"][0] == one["lead"][0]


@given(VALUES.filter(any), VALUES.filter(any))
def test_two_blocs_shares_of_the_world_add_up_when_they_are_the_world(a: list[int], b: list[int]) -> None:
    flows = trade(
        *((2022, "CHN", f"S{i:02}", REE, v, None) for i, v in enumerate(a)),
        *((2022, f"S{i:02}", "CHN", REE, v, None) for i, v in enumerate(b)),
    )
    others = [f"S{i:02}" for i in range(12)]
    one, rest = world_share(flows.frame, ["CHN"]), world_share(flows.frame, others)
    assert sum([*one["export_share"], *rest["export_share"]]) == pytest.approx(1)
    assert one["export_share"].equals(rest["import_share"].rename("export_share"))
    assert one["world_usd"].sum() == sum(a) + sum(b)
