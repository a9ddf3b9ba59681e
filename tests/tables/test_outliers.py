"""Planted faults are found, clean tables raise no alarm, and known bad rows of the built-in table are seen."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.stored import Flow, trade
from zizhu.tables.outliers import FACTOR, FEWEST, SETTLED, SHARE, outliers, resting_on_outliers
from zizhu.tables.trade import Trade

TIN, GOLD = "260900", "710812"
PRICE = {TIN: 10_000.0, GOLD: 40_000_000.0}
YEARS = range(2010, 2022)
LANDS = ("AUS", "BOL", "CHN", "DEU", "IDN", "MYS")
BAD: Flow = (2015, "SLE", "CHN", TIN, 2_000_000, 20_000.0)


def table(seed: int = 1, spread: float = 1.5, growth: float = 1.3) -> list[Flow]:
    """Thirty flows a product and year at a price that rises and that differs by up to `spread` between pairs."""
    dice = random.Random(seed)
    pairs = [(a, b) for a in LANDS for b in LANDS if a != b]
    rows: list[Flow] = []
    for hs6, price in PRICE.items():
        for year in YEARS:
            for exporter, importer in pairs:
                usd = dice.randint(10_000, 1_000_000)
                paid = price * growth ** (year - YEARS[0]) * spread ** dice.uniform(-1, 1)
                rows.append((year, exporter, importer, hs6, usd, usd / paid))
    return rows


def found(rows: list[Flow]) -> list[tuple[int, str, str, str]]:
    return outliers(trade(*rows).frame).select("year", "exporter", "importer", "hs6").rows()


@given(st.integers(0, 999), st.floats(1, 4), st.floats(0.7, 1.6))
def test_a_clean_table_raises_no_alarm(seed: int, spread: float, growth: float) -> None:
    assert found(table(seed, spread, growth)) == []


@given(st.integers(0, 999), st.integers(0, len(table()) - 1), st.sampled_from([0.001, 0.02, 50.0, 1000.0]))
def test_a_planted_error_in_tonnes_is_found_where_it_carries_weight(seed: int, at: int, times: float) -> None:
    rows = table(seed)
    year, exporter, importer, hs6, usd, tonnes = rows[at]
    assert tonnes
    rows[at] = (year, exporter, importer, hs6, usd, tonnes * times)
    world = sum(r[4] for r in rows if (r[0], r[3]) == (year, hs6))
    assert found(rows) == ([(year, exporter, importer, hs6)] if usd >= SHARE * world else [])


def test_the_factor_the_share_and_the_median_are_those_of_a_calculation_by_hand() -> None:
    (row,) = outliers(trade(*table(spread=1, growth=1), BAD).frame).iter_rows(named=True)
    assert (row["exporter"], row["unit_value"]) == ("SLE", 100)
    assert row["median"] == pytest.approx(10_000)
    assert row["factor"] == pytest.approx(100)
    world = sum(r[4] for r in table(spread=1, growth=1) if (r[0], r[3]) == (2015, TIN)) + BAD[4]
    assert row["share"] == pytest.approx(BAD[4] / world)


def test_a_flow_larger_than_all_others_is_not_its_own_measure() -> None:
    bad = (2015, "SLE", "CHN", TIN, 10**9, 10**7)
    assert found([*table(), bad]) == [(2015, "SLE", "CHN", TIN)]


def test_the_largest_share_comes_first() -> None:
    small = (2016, "SLE", "CHN", TIN, 1_000_000, 10_000.0)
    assert [f[0] for f in found([*table(), small, BAD])] == [2015, 2016]


@pytest.mark.parametrize(("years", "flagged"), [(SETTLED - 1, SETTLED - 1), (SETTLED, 0)])
def test_what_a_pair_trades_every_year_is_another_grade(years: int, flagged: int) -> None:
    grade: list[Flow] = [(year, "SLE", "CHN", TIN, 500_000, 5_000.0) for year in YEARS[:years]]
    assert len(found([*table(growth=1), *grade])) == flagged


def test_a_product_of_many_grades_is_measured_by_its_own_spread() -> None:
    rows: list[Flow] = [
        (y, a, b, h, usd, t * (1000.0 if a in LANDS[:3] else 1.0))
        for y, a, b, h, usd, t in table()
        if t and h == TIN
    ]
    assert found(rows) == []


@pytest.mark.parametrize(("others", "flagged"), [(FEWEST - 2, 0), (FEWEST - 1, 1)])
def test_a_year_of_few_flows_has_no_median(others: int, flagged: int) -> None:
    rows: list[Flow] = [(2015, "AUS", f"X{i:02}", TIN, 1_000_000, 100.0) for i in range(others)]
    assert len(found([*rows, BAD])) == flagged


def test_flows_without_tonnes_or_value_are_left_alone() -> None:
    odd: list[Flow] = [
        (2015, "SLE", "CHN", TIN, 10**6, None),
        (2015, "SLE", "DEU", TIN, 10**6, 0.0),
        (2015, "SLE", "BOL", TIN, 10**6, float("nan")),
        (2015, "SLE", "AUS", TIN, -(10**6), 1.0),
    ]
    assert found([*table(), *odd]) == []
    assert found([]) == []


def test_the_part_of_a_trade_that_rests_on_outliers() -> None:
    flows: list[Flow] = [r for r in table() if (r[0], r[2], r[3]) != (2015, "CHN", TIN)]
    made = trade(*flows, BAD, (2015, "AUS", "CHN", TIN, 3_000_000, 80.0), (2015, "DEU", "CHN", TIN, 5, None))
    bad = outliers(made.frame)
    total = 5_000_005
    assert resting_on_outliers(made.frame, bad, ["CHN"], "imports", TIN, 2015) == 2_000_000 / total
    assert resting_on_outliers(made.frame, bad, ["SLE"], "exports", TIN, 2015) == 1
    assert resting_on_outliers(made.frame, bad, ["CHN"], "exports", TIN, 2015) == 0
    assert resting_on_outliers(made.frame, bad, ["CHN"], "imports", TIN, 2014) == 0
    assert resting_on_outliers(made.frame, bad, ["CHN"], "imports", GOLD, 2015) == 0
    assert resting_on_outliers(made.frame, bad, ["FRA"], "imports", TIN, 2015) == 0
    assert resting_on_outliers(made.frame, bad, ["CHN", "SLE"], "imports", TIN, 2015) == 0
    assert resting_on_outliers(made.frame, bad, ["CHN", "DEU"], "imports", TIN, 2015) < 2 / 5


# --- the built-in table ---


@pytest.fixture(scope="module")
def real(baci: Trade) -> pl.DataFrame:
    return outliers(baci.frame)


@pytest.mark.parametrize(
    "flow",
    [
        (2014, "SLE", "CHN", TIN),  # 2.9 Mt, ten times the tin that the world mines in a year
        (2013, "MMR", "CHN", TIN),  # 604,000 USD/t, 25 times the price of tin metal
        (2005, "CHN", "USA", "252922"),  # fluorspar at 193,000 USD/t
        (2007, "NAM", "CAN", "261210"),  # 477,000 t of uranium ore from a country that mines 3,000 t a year
        (2014, "SAU", "TWN", "270900"),  # crude oil at 100,000 USD a barrel: tonnes short by a thousand
    ],
)
def test_known_bad_rows_are_found(real: pl.DataFrame, flow: tuple[int, str, str, str]) -> None:
    assert flow in real.select("year", "exporter", "importer", "hs6").rows()


@pytest.mark.parametrize(
    ("exporter", "importer", "hs6"),
    [
        ("AUS", "MYS", "280530"),  # rare-earth concentrate to the refinery at Gebeng, every year
        ("CAN", "JPN", "261690"),  # gold in copper concentrate
    ],
)
def test_a_settled_trade_in_another_grade_is_none(
    real: pl.DataFrame, exporter: str, importer: str, hs6: str
) -> None:
    assert real.filter(exporter=exporter, importer=importer, hs6=hs6).is_empty()


def test_few_rows_are_found_and_all_far_off(real: pl.DataFrame, baci: Trade) -> None:
    assert 0 < real.height < baci.frame.height / 1000
    assert real["factor"].min() > FACTOR  # type: ignore[operator]
    assert real["share"].min() >= SHARE  # type: ignore[operator]


@pytest.mark.parametrize(("year", "share"), [(2012, 0.0), (2013, 0.801), (2014, 0.885), (2019, 0.0)])
def test_the_hump_of_tin_ores_rests_on_two_rows(
    real: pl.DataFrame, baci: Trade, year: int, share: float
) -> None:
    resting = resting_on_outliers(baci.frame, real, ["CHN"], "imports", TIN, year)
    assert resting == pytest.approx(share, abs=0.0005)
