"""Every pair of countries is the two-sided ledger of that cut, and opens into the flows that stop."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables.strategies import mrios, random_table
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.stress import pairs, what_if
from zizhu.tables.mrio import MRIO
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, ZizhuError

TABLE = random_table(23, 4, 5)


def ask(mrio: MRIO, **said: Any) -> Result:
    return pairs.solve(pairs.Inputs(pairs.Params(**({"insist": True} | said)), mrio))


def ledger(mrio: MRIO, sender: str, receiver: str, **said: Any) -> dict[str, dict[str, Any]]:
    params = what_if.Params(sender=sender, receiver=receiver, insist=True, **said)
    frame = what_if.solve(what_if.Inputs(params, mrio)).frame.filter(pl.col("sector") == "TOTAL")
    return {row["side"]: row for row in frame.iter_rows(named=True)}


@pytest.mark.slow
@given(mrios(countries=5, sectors=4, least=4), st.floats(0.01, 1))
@settings(max_examples=8, deadline=None)
def test_a_pair_is_the_ledger_of_its_cut(mrio: MRIO, cut: float) -> None:
    for row in ask(mrio, cut=cut).frame.iter_rows(named=True):
        sides = ledger(mrio, row["sender"], row["receiver"], cut=cut)
        scale = 1e-9 * mrio.x.max()
        assert row["direct"] == pytest.approx(sides["sender"]["direct"], rel=1e-9)
        assert row["sender_lost"] == pytest.approx(sides["sender"]["all_tiers"], rel=1e-8, abs=scale)
        assert row["receiver_carried"] == pytest.approx(sides["receiver"]["all_tiers"], rel=1e-8, abs=scale)
        assert row["receiver_share"] == pytest.approx(
            sides["receiver"]["all_tiers_of_output"], rel=1e-8, abs=1e-9
        )
        if "others" in sides:
            assert row["others_lost"] == pytest.approx(sides["others"]["all_tiers"], rel=1e-7, abs=scale)


def test_one_industry_is_cut() -> None:
    row = ask(TABLE, sector="C26").row("CHN|DEU")
    assert row["direct"] == pytest.approx(ledger(TABLE, "CHN:C26", "DEU")["sender"]["direct"])
    assert row["direct"] < ask(TABLE).row("CHN|DEU")["direct"]


@pytest.mark.parametrize(
    "column", ["direct", "sender_lost", "sender_share", "others_lost", "receiver_carried"]
)
def test_a_number_opens_into_the_flows_that_stop(column: str) -> None:
    result = ask(TABLE)
    inputs = pairs.Inputs(pairs.Params(insist=True), TABLE)
    opened = pairs.explain(inputs, result, "USA|FRA", column, 100)
    assert opened.value == result.row("USA|FRA")[column]
    assert abs(opened.remainder) < 1e-9 * abs(opened.value)
    assert all("#USA:" in p.ref and ",FRA:" in p.ref for p in opened.parts)


def test_the_map_has_every_pair_of_a_small_table() -> None:
    figure = ask(TABLE).figure()
    assert figure.kind == "heatmap"
    assert len([r for r in figure.rows if r["ref"]]) == ask(TABLE).frame.height == 12


@pytest.mark.slow
def test_the_map_has_one_order_for_both_sides_and_the_largest_shares(built_in_tables: Workspace) -> None:
    result = pairs.solve(pairs.load(built_in_tables, pairs.Params()))
    figure = result.figure()
    sides = [list(dict.fromkeys(r[side] for r in figure.rows)) for side in pairs.KEY]
    assert sides[0] == sides[1]
    assert len(sides[0]) == pairs.MOST
    assert len(figure.rows) == pairs.MOST**2
    assert {r["sender"] for r in figure.rows if r["ref"] is None and r["share"] is None} == set(sides[0])
    largest = result.frame.sort("receiver_share", descending=True).head(10)
    drawn = {r["ref"] for r in figure.rows}
    assert {result.ref(r, "receiver_share") for r in largest.iter_rows(named=True)} <= drawn


def test_a_map_without_room_for_a_pair_is_filled_with_the_largest_traders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pairs, "MOST", 3)
    result = ask(TABLE)
    best = pairs.ranked(result.frame, "receiver_share").row(0, named=True)
    traded = {
        c: result.frame.filter((pl.col("sender") == c) | (pl.col("receiver") == c))["direct"].sum()
        for c in result.frame["sender"].unique()
    }
    third = {r["sender"] for r in result.figure().rows} - {names.name(best[side]) for side in pairs.KEY}
    others = [c for c in traded if c not in (best["sender"], best["receiver"])]
    second = pairs.ranked(result.frame, "receiver_share").row(1, named=True)
    fits = {best["sender"], best["receiver"], second["sender"], second["receiver"]}
    wanted = (
        fits - {best["sender"], best["receiver"]} if len(fits) == 3 else {max(others, key=traded.__getitem__)}
    )
    assert third == {names.name(c) for c in wanted}


def test_an_unknown_industry_is_refused() -> None:
    with pytest.raises(ZizhuError, match="unknown sector 'C99'"):
        ask(TABLE, sector="C99")


def test_half_of_the_sales_must_be_seen() -> None:
    seen = ask(TABLE).coverage[0].share
    assert seen is not None
    if seen < 0.5:
        with pytest.raises(CannotAnswer, match="sees"):
            ask(TABLE, insist=False)
