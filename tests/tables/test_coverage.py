"""How much of a question a table sees, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tables.stored import trade
from tables.strategies import FLAGS, scaled, table
from zizhu.ledger.result import require_coverage
from zizhu.tables.coverage import flow_coverage, import_coverage, sales_coverage, world_coverage
from zizhu.vocab.problems import CannotAnswer, ZizhuError

# USA buys 20 million from CHN and 5 at home, CHN 10 from USA; CHN sells 30 elsewhere, USA 85
TABLE = replace(
    table(np.array([[0.0, 20.0], [10.0, 5.0]]), np.array([50.0, 100.0]), ("CHN", "USA"), ("C26",)),
    flags=replace(FLAGS, has_rest_of_world=False),
)
OUTSIDE = trade(
    (2022, "SAU", "USA", "270900", 5_000_000, None),
    (2022, "CHN", "USA", "284690", 3_000_000, None),
    (2022, "USA", "CHN", "284690", 9_000_000, None),
    (2021, "SAU", "USA", "270900", 900_000_000, None),
)


def test_imports_that_the_table_can_contain() -> None:
    found = import_coverage(TABLE, OUTSIDE, "USA")
    assert found.share == pytest.approx(20 / (20 + 5))
    assert (found.gate, found.assumed) == (True, False)
    assert found.what == "the imported inputs of the United States"
    assert import_coverage(TABLE, OUTSIDE, "CHN").share == 1.0


def test_a_bloc_s_own_trade_is_no_import() -> None:
    assert import_coverage(TABLE, OUTSIDE, "G20").share == 0.0  # both countries: nothing foreign is seen
    inside = trade((2022, "CHN", "USA", "284690", 3_000_000, None))
    assert import_coverage(TABLE, inside, "G20").share is None


def test_the_unit_of_the_table_does_not_matter() -> None:
    found = import_coverage(scaled(TABLE, 1000.0, "thousand USD"), OUTSIDE, "USA")
    assert found.share == pytest.approx(0.8, rel=1e-12)


def test_a_table_in_another_currency_is_not_compared() -> None:
    with pytest.raises(ZizhuError, match="cannot be turned into USD"):
        import_coverage(replace(TABLE, unit="million CNY"), OUTSIDE, "USA")


def test_a_year_without_trade_is_not_known_and_does_not_decide() -> None:
    early = replace(TABLE, flags=replace(TABLE.flags, years=(1995,)))
    found = import_coverage(early, OUTSIDE, "USA")
    assert (found.share, found.gate) == (None, False)
    assert "in 1995" in found.statement
    require_coverage((found,), insist=False, where="test")


def test_sales_that_the_table_follows() -> None:
    """China sells 20 to industries and 30 elsewhere; the United States 15 and 85."""
    both = np.array([0, 1])
    found = sales_coverage(TABLE, both, both, np.array([20.0, 0.0]), "CHN", "USA", gate=True)
    assert found.share == pytest.approx(20 / 50)
    assert found.assumed
    mixed = sales_coverage(TABLE, both, both, np.array([30.0, 10.0]), "CHN", "USA", gate=True)
    assert mixed.share == pytest.approx((30 * 0.4 + 10 * 0.15) / 40)
    assert sales_coverage(TABLE, both, both, np.zeros(2), "CHN", "USA", gate=True).share == 0.0


def test_sales_are_measured_where_final_demand_is_known_by_destination() -> None:
    """China sells 20 to industries of the United States, and 5 to final demand there (a fall in stocks is no sale)."""
    known = replace(
        TABLE,
        flags=replace(TABLE.flags, has_final_by_destination=True),
        Z=np.array([[0.0, 20.0], [10.0, 5.0]]),
        final=np.array([[25.0, 5.0], [90.0, -5.0]]),
    )
    found = sales_coverage(known, np.array([0]), np.array([1]), np.array([20.0]), "CHN", "USA", gate=True)
    assert (found.share, found.assumed) == (pytest.approx(20 / 25), False)
    back = sales_coverage(known, np.array([1]), np.array([0]), np.array([10.0]), "USA", "CHN", gate=True)
    assert back.share == pytest.approx(10 / 100)
    guessed = replace(known, flags=replace(known.flags, final_is_estimated=True))
    assert sales_coverage(guessed, np.array([0]), np.array([1]), np.array([20.0]), "CHN", "USA", True).assumed


def test_what_is_not_followed_is_said_as_the_table_has_it() -> None:
    """Sales outside the table exist only where it has no rest of the world."""
    one = (np.array([0]), np.array([1]), np.array([20.0]), "China", "the United States", True)
    outside = "capital goods, other final sales, and sales of any kind to economies outside it."
    assert outside in sales_coverage(TABLE, *one).statement
    whole = replace(TABLE, flags=replace(TABLE.flags, has_rest_of_world=True))
    assert "the rest are capital goods and other final sales." in sales_coverage(whole, *one).statement
    known = replace(
        TABLE,
        flags=replace(TABLE.flags, has_final_by_destination=True),
        final=np.array([[25.0, 5.0], [90.0, -5.0]]),
    )
    said = sales_coverage(known, *one).statement
    assert said.startswith("80% of the sales of China to the United States are intermediate inputs")
    both = sales_coverage(known, np.array([0]), np.array([0, 1]), *one[2:]).statement
    assert " to the 2 countries of the buyer are " in both


def test_a_table_with_the_rest_of_the_world_sees_all_imports() -> None:
    whole = replace(TABLE, flags=replace(FLAGS, has_rest_of_world=True))
    assert import_coverage(whole, OUTSIDE, "USA").share == 1.0


def test_a_table_of_one_country_sees_imports_only_when_it_keeps_them_apart() -> None:
    """Of 100 of output 40 are bought at home and 25 abroad: 35 are value added."""
    alone = table(np.array([[40.0]]), np.array([100.0]), ("CHN",), ("C26",))
    alone = replace(alone, unit="million CNY", flags=replace(FLAGS, has_rest_of_world=False))
    assert import_coverage(alone, OUTSIDE, "CHN").share == 0.0
    imports = np.array([25.0])
    apart = replace(alone, imports=imports, primary=imports, value_added=np.array([35.0]))
    assert import_coverage(apart, OUTSIDE, "CHN").share == 1.0
    assert apart.v == pytest.approx([0.35])
    assert apart.contained == pytest.approx(0.35 / 0.6)
    assert alone.contained == pytest.approx(1.0)


def test_sales_elsewhere_below_zero_do_not_count_as_followed() -> None:
    """A fall in stocks larger than final sales leaves x below intermediate sales."""
    Z, x = np.array([[60.0, 0.0], [0.0, 0.0]]), np.array([50.0, 10.0])
    found = sales_coverage(
        table(Z, x, ("CHN", "USA"), ("C26",)),
        np.array([0]),
        np.array([0]),
        np.array([60.0]),
        "CHN",
        "USA",
        gate=True,
    )
    assert found.share == 1.0


@pytest.mark.parametrize(("usd", "refused"), [(19_999_999, False), (20_000_001, True)])
def test_an_answer_that_sees_less_than_half_is_refused_unless_told(usd: int, refused: bool) -> None:
    coverage = (import_coverage(TABLE, trade((2022, "SAU", "USA", "270900", usd, None)), "USA"),)
    require_coverage(coverage, insist=True, where="test")
    if not refused:
        require_coverage(coverage, insist=False, where="test")
        return
    with pytest.raises(CannotAnswer, match="the table sees 50% of the imported inputs") as caught:
        require_coverage(coverage, insist=False, where="test")
    assert "--insist" in caught.value.problems[0].remedy


def test_a_share_that_does_not_decide_refuses_nothing() -> None:
    low = sales_coverage(TABLE, np.array([1]), np.array([0]), np.array([1.0]), "USA", "CHN", gate=False)
    assert low.share == pytest.approx(0.15)
    require_coverage((low,), insist=False, where="test")


def test_the_imports_of_all_economies_of_a_table() -> None:
    """They buy 30 million of each other and raw materials for 5 from outside; what members sell is inside."""
    found = world_coverage(TABLE, OUTSIDE)
    assert found.share == pytest.approx(30 / 35)
    assert (found.gate, found.assumed) == (True, False)
    unknown = world_coverage(TABLE, trade((2022, "CHN", "USA", "284690", 3_000_000, None)))
    assert (unknown.share, unknown.gate) == (None, False)
    whole = replace(TABLE, flags=replace(FLAGS, has_rest_of_world=True))
    assert world_coverage(whole, OUTSIDE).share == 1.0
    alone = table(np.array([[40.0]]), np.array([100.0]), ("CHN",), ("C26",))
    alone = replace(alone, flags=replace(FLAGS, has_rest_of_world=False))
    assert world_coverage(alone, OUTSIDE).share == 0.0


def test_the_sales_that_all_industries_of_a_table_make_to_industries() -> None:
    """35 of 150 million; a fall in stocks is no sale."""
    found = flow_coverage(TABLE)
    assert found.share == pytest.approx(35 / 150)
    assert (found.gate, found.assumed) == (False, False)
    assert found.statement.startswith("35 of 150 million USD are intermediate inputs")
    less = replace(TABLE, sales_elsewhere=np.array([30.0, -85.0]))
    assert flow_coverage(less).share == pytest.approx(35 / 65)
