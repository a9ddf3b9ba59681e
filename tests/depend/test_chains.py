"""Tiers, markets and circulation on random tables and WIOD: against dense algebra, and sums that must close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars.selectors as cs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from tables import wiod2013
from tables.stored import trade
from tables.strategies import dense, mrios, random_table, with_destinations
from zizhu.depend import circulation, content, exposure, markets
from zizhu.ledger.result import Result
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import countries_of
from zizhu.vocab.problems import CannotAnswer

NO_TRADE = trade((1995, "CHN", "USA", "284690", 1, None))


def buyers(mrio: MRIO) -> tuple[str, ...]:
    return tuple(mrio.nodes.label(int(i)) for i in np.flatnonzero(mrio.x > 0))


def exposed(mrio: MRIO, **options: Any) -> tuple[exposure.Inputs, Result]:
    params = exposure.Params(buyers=buyers(mrio), tiers=True, own_denominators=True, **options)
    inputs = exposure.Inputs(params, mrio, NO_TRADE)
    return inputs, exposure.solve(inputs)


@examples(25)
@given(mrios())
def test_tiers_are_powers_of_the_coefficients(mrio: MRIO) -> None:
    _, result = exposed(mrio)
    full = dense(mrio)
    for row in result.frame.iter_rows(named=True):
        j = mrio.nodes.position[tuple(row["buyer"].split(":"))]  # type: ignore[index]
        at = np.array([c == row["source"] for c in mrio.nodes.country])
        value = np.where(at, full.v, 0.0)
        assert row["tier_1"] == pytest.approx(value @ full.A[:, j], rel=1e-9, abs=1e-12)
        assert row["tier_2"] == pytest.approx(value @ full.A @ full.A[:, j], rel=1e-9, abs=1e-12)
        later = value @ (full.L - np.eye(mrio.n) - full.A - full.A @ full.A)[:, j]
        assert row["beyond"] == pytest.approx(later, rel=1e-8, abs=1e-10)


def test_shares_of_inputs_add_up_to_one_and_open() -> None:
    inputs, result = exposed(random_table(3))
    sums = result.frame.group_by("buyer").agg(cs.float().sum())
    for column in ("face_of_inputs", "look_of_inputs"):
        np.testing.assert_allclose(sums[column], 1.0)
    assert "gross_look_through" not in result.frame.columns
    row = result.frame.row(1, named=True)
    key = f"{row['buyer']}|{row['source']}"
    for column in ("tier_1", "tier_2"):
        opened = exposure.explain(inputs, result, key, column, top=3)
        assert sum(p.value for p in opened.parts) + opened.remainder == pytest.approx(row[column])
        whole = exposure.explain(inputs, result, key, column, top=99)
        assert whole.remainder == pytest.approx(0, abs=1e-15)
    for column in ("beyond", "face_of_inputs", "look_of_inputs"):
        assert exposure.explain(inputs, result, key, column).value == row[column]


def sold(mrio: MRIO, **options: Any) -> tuple[markets.Inputs, Result]:
    inputs = markets.Inputs(markets.Params(sellers=buyers(mrio), insist=True, **options), mrio)
    return inputs, markets.solve(inputs)


@examples(25)
@given(mrios(), st.booleans())
def test_output_ends_somewhere_once(mrio: MRIO, destinations: bool) -> None:
    table = with_destinations(mrio, 1) if destinations else mrio
    _, result = sold(table)
    sold_to = np.divide(
        table.Z, table.x[:, None], out=np.zeros((table.n, table.n)), where=table.x[:, None] > 0
    )
    ghosh = np.linalg.inv(np.eye(table.n) - sold_to)
    for row in result.frame.iter_rows(named=True):
        j = table.nodes.position[tuple(row["seller"].split(":"))]  # type: ignore[index]
        c = table.nodes.countries.index(row["market"])
        if table.final is not None:
            ends = table.final[:, c]
        else:
            ends = np.where(table.nodes.country_index == c, table.sales_elsewhere, 0.0)
        share = np.divide(ends, table.x, out=np.zeros(table.n), where=table.x > 0)
        assert row["absorbed"] == pytest.approx(ghosh[j] @ share, rel=1e-8, abs=1e-10)
    sums = result.frame.group_by("seller").agg(cs.float().sum())["absorbed"]
    np.testing.assert_allclose(sums, 1.0, rtol=1e-9)


@pytest.mark.parametrize("destinations", [False, True])
def test_market_shares_open_into_sales(destinations: bool) -> None:
    table = with_destinations(random_table(5), 2) if destinations else random_table(5)
    inputs, result = sold(table)
    for row in list(result.frame.iter_rows(named=True))[:6]:
        for column in ("face_value", "absorbed"):
            opened = markets.explain(inputs, result, f"{row['seller']}|{row['market']}", column, top=999)
            assert opened.value == row[column]
            assert opened.remainder == pytest.approx(0, abs=1e-12)
        hidden = markets.explain(inputs, result, f"{row['seller']}|{row['market']}", "hidden")
        assert sum(p.value for p in hidden.parts) == pytest.approx(row["hidden"])
    assert (result.coverage[0].share == 1.0) == destinations


def test_a_group_of_sellers_is_weighted_by_output() -> None:
    table = random_table(6)
    whole = markets.solve(markets.Inputs(markets.Params(sellers=("CHN",), insist=True), table)).frame
    each = markets.solve(
        markets.Inputs(
            markets.Params(sellers=tuple(b for b in buyers(table) if b.startswith("CHN:")), insist=True),
            table,
        )
    ).frame
    size = {table.nodes.label(i): table.x[i] for i in range(table.n)}
    for market in table.nodes.countries:
        own = each.filter(market=market)
        weight = np.array([size[s] for s in own["seller"]])
        assert whole.filter(market=market)["absorbed"][0] == pytest.approx(
            float(own["absorbed"].to_numpy() @ weight / weight.sum())
        )


def test_the_least_followed_of_many_sellers_is_said_and_a_single_one_decides() -> None:
    mrio = random_table(9, 5, 3)
    mrio = replace(mrio, sales_elsewhere=mrio.Z.sum(axis=1) * np.linspace(0.2, 4.0, len(mrio.x)))
    x = mrio.Z.sum(axis=1) + mrio.sales_elsewhere
    mrio = replace(mrio, x=x)
    share = dict(zip(mrio.nodes.labels(np.arange(mrio.n)), mrio.Z.sum(axis=1) / x, strict=True))

    def asked(*sellers: str, insist: bool = False) -> Result:
        return markets.solve(markets.Inputs(markets.Params(sellers=sellers, insist=insist), mrio))

    seen = asked(*share).coverage[0]
    assert seen.share == pytest.approx(min(share.values()))
    assert seen.statement.startswith(f"The lowest of {len(share)}.")
    least = min(share, key=lambda s: share[s])
    with pytest.raises(CannotAnswer, match="the table sees"):
        asked(least)
    assert asked(least, insist=True).frame.height == len(mrio.nodes.countries)


def circled(mrio: MRIO, country: str) -> tuple[circulation.Inputs, Result]:
    inputs = circulation.Inputs(circulation.Params(country=country), mrio)
    return inputs, circulation.solve(inputs)


@examples(20)
@given(st.integers(0, 10_000))
def test_circulations_add_up_to_value_added(seed: int) -> None:
    table = with_destinations(random_table(seed, 4, 3), seed)
    full = dense(table)
    for country in table.nodes.countries:
        _, result = circled(table, country)
        total = result.row(f"{country}|TOTAL")
        assert total["at_home"] + total["returning"] + total["abroad"] == pytest.approx(total["value_added"])
        home = np.flatnonzero(np.array(table.nodes.country) == country)
        local = np.linalg.inv(np.eye(len(home)) - full.A[np.ix_(home, home)])
        assert table.final is not None
        own = table.final[home, table.nodes.countries.index(country)]
        assert total["at_home"] == pytest.approx(full.v[home] @ local @ own)
        assert total["returning"] >= -1e-9 * total["value_added"]


def test_circulation_opens_into_who_calls_for_it() -> None:
    inputs, result = circled(with_destinations(random_table(8), 3), "DEU")
    for row in result.frame.iter_rows(named=True):
        for column in ("value_added", "at_home", "returning", "abroad"):
            opened = circulation.explain(inputs, result, f"DEU|{row['sector']}", column, top=99)
            assert sum(p.value for p in opened.parts) == pytest.approx(row[column], rel=1e-9, abs=1e-9)
        shown = circulation.explain(inputs, result, f"DEU|{row['sector']}", "share_abroad")
        assert {p.share for p in shown.parts} == {None}


def test_a_table_without_destinations_is_refused() -> None:
    with pytest.raises(CannotAnswer, match="oecd-icio"):
        circled(random_table(1), "CHN")
    guessed = with_destinations(random_table(1), 1)
    estimated = replace(guessed, flags=replace(guessed.flags, final_is_estimated=True))
    with pytest.raises(CannotAnswer, match="oecd-icio"):
        circled(estimated, "CHN")


def test_what_rows_lack_counts_at_home_and_is_said() -> None:
    table = with_destinations(random_table(4, 4, 3, inactive=1), 4)
    assert table.final is not None
    short = replace(table, final=0.9 * table.final)
    for country in (*table.nodes.countries, "EU27"):
        _, result = circled(short, country)
        for row in result.frame.iter_rows(named=True):
            called = row["at_home"] + row["returning"] + row["abroad"]
            assert called == pytest.approx(row["value_added"], rel=1e-9)
        own = np.isin(short.nodes.country, list(countries_of(short, country)))
        stated = short.Z.sum(axis=1) + short.final.sum(axis=1)
        seen = result.coverage[0]
        assert seen.share == pytest.approx(1 - np.abs(short.x - stated)[own].sum() / short.x[own].sum())
        assert any("Rows of the table differ from output" in n for n in result.notes)
    assert not any("Rows of" in n for n in circled(table, "CHN")[1].notes)
    with pytest.raises(CannotAnswer, match=r"the table sees \d+% of the buyers of China's output"):
        circled(replace(table, Z=0.1 * table.Z, final=0.1 * table.final), "CHN")


@wiod2013.needed
def test_external_circulation_is_the_value_added_that_exports_contain() -> None:
    table = wiod2013.table(2011, closed=False)
    for country in ("CHN", "USA", "EU27"):
        inputs, result = circled(table, country)
        total = result.row(f"{country}|TOTAL")
        called = total["at_home"] + total["returning"] + total["abroad"]
        assert called == pytest.approx(total["value_added"], rel=1e-9)
        asked = content.Params(exporters=(country,), method="kww")
        exports = content.solve(content.Inputs(asked, table, NO_TRADE))
        assert total["abroad"] == pytest.approx(
            exports.row(f"{country}|WLD|TOTAL|kww.VAX")["value"], rel=1e-9
        )
        assert inputs.stated is table.final


@wiod2013.needed
def test_china_turned_outward_and_back() -> None:
    """External circulation of China rose after 2001 and fell after 2007, as in every study of those years."""
    shares = {}
    for year in (2001, 2007, 2009):
        table = wiod2013.table(year)
        _, result = circled(table, "CHN")
        total = result.row("CHN|TOTAL")
        assert total["at_home"] + total["returning"] + total["abroad"] == pytest.approx(
            total["value_added"], rel=1e-9
        )
        shares[year] = total["share_abroad"]
    assert shares[2007] > shares[2001] + 0.05
    assert shares[2009] < shares[2007]
