"""Domestic content of industries on random tables, and how it opens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from examples import examples
from tables.stored import trade
from tables.strategies import dense, mrios, of_country, random_table
from zizhu.depend import domestic
from zizhu.ledger.result import Result
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer, ZizhuError

NO_TRADE = trade((1995, "CHN", "USA", "284690", 1, None))
TABLE = random_table(7, 5, 4)


def inputs(mrio: MRIO, country: str) -> domestic.Inputs:
    return domestic.Inputs(domestic.Params(country=country), mrio, NO_TRADE)


def ask(mrio: MRIO, country: str) -> Result:
    return domestic.solve(inputs(mrio, country))


@given(mrios())
def test_every_number_is_that_of_dense_algebra(mrio: MRIO) -> None:
    home = of_country(mrio, "CHN")
    active = np.flatnonzero(home * (mrio.x > 0))
    assume(active.size)
    result, full = ask(mrio, "CHN"), dense(mrio)
    assert result.frame["sector"].to_list() == [mrio.nodes.sector[j] for j in active]
    for j, row in zip(active, result.frame.iter_rows(named=True), strict=True):
        content = home * full.v @ full.L[:, j]
        used = full.A[:, j].sum()
        assert row["value_added_content"] == pytest.approx(content, rel=1e-9)
        assert row["own_value_added"] == pytest.approx(full.v[j], rel=1e-9)
        assert row["upstream_at_home"] == pytest.approx(content - full.v[j], abs=1e-10)
        assert row["domestic_inputs"] == pytest.approx(home @ full.A[:, j] / used if used else 0.0, abs=1e-10)
        assert row["output"] == mrio.x[j]
        assert 0 < row["own_value_added"] <= row["value_added_content"] + 1e-12 <= 1 + 1e-9


@examples(25)
@given(mrios(gaps=False))
def test_a_group_is_home_to_all_its_members(mrio: MRIO) -> None:
    alone = {c: ask(mrio, c).frame for c in mrio.nodes.countries}
    world = ask(mrio, "WLD").frame
    assert world["value_added_content"].to_list() == pytest.approx([1.0] * len(mrio.nodes.sectors))
    assert world["domestic_inputs"].to_list() == pytest.approx([1.0] * len(mrio.nodes.sectors))
    for frame in alone.values():
        assert (frame["value_added_content"] <= 1 + 1e-9).all()


def test_inputs_within_a_group_are_domestic() -> None:
    bloc, members = ask(TABLE, "EU27").frame, [ask(TABLE, c).frame for c in ("DEU", "FRA")]
    size = np.array([m["output"] for m in members])
    mean = sum(
        m["value_added_content"].to_numpy() * s for m, s in zip(members, size, strict=True)
    ) / size.sum(axis=0)
    assert (bloc["value_added_content"].to_numpy() > mean).all()
    assert bloc["output"].to_list() == pytest.approx(size.sum(axis=0).tolist())


@examples(25)
@given(mrios(gaps=False))
def test_parts_and_remainder_add_up_to_the_number(mrio: MRIO) -> None:
    for country in ("CHN", "WLD"):
        asked = inputs(mrio, country)
        result = domestic.solve(asked)
        for row in result.frame.iter_rows(named=True):
            key = f"{country}|{row['sector']}"
            opened = domestic.explain(asked, result, key, "value_added_content", mrio.n + 1)
            assert opened.parts[0].label == "own value added"
            assert opened.parts[0].value == pytest.approx(row["own_value_added"])
            assert opened.remainder == pytest.approx(0, abs=1e-12)
            few = domestic.explain(asked, result, key, "value_added_content", 2)
            assert len(few.parts) <= 2
            assert sum(p.value for p in few.parts) + few.remainder == pytest.approx(opened.value)


@examples(25)
@given(mrios(), st.integers(1, 30))
def test_every_other_number_opens_into_suppliers_or_members(mrio: MRIO, top: int) -> None:
    for country in ("CHN", "EU27"):
        home = np.isin(mrio.nodes.country, ["CHN"] if country == "CHN" else ["DEU", "FRA"])
        assume((mrio.x[home] > 0).any())
        asked = inputs(mrio, country)
        result, full = domestic.solve(asked), dense(mrio)
        for row in result.frame.iter_rows(named=True):
            own = np.flatnonzero(home & (np.array(mrio.nodes.sector) == row["sector"]))
            bought = full.A[:, own] @ (mrio.x[own] / mrio.x[own].sum())
            by_hand = {
                "upstream_at_home": bought * ((home * full.v) @ full.L),
                "domestic_inputs": bought * home / (bought.sum() or 1),
                "own_value_added": np.where(home, full.v * mrio.x / mrio.x[own].sum(), 0)[own],
                "output": mrio.x[own],
            }
            for column, parts in by_hand.items():
                opened = domestic.explain(asked, result, f"{country}|{row['sector']}", column, top)
                largest = sorted(parts[parts != 0], reverse=True)[:top]
                found = [p.value for p in opened.parts if p.value]
                assert found == pytest.approx(largest, rel=1e-8, abs=1e-12)
                assert sum(found) + opened.remainder == pytest.approx(row[column], rel=1e-9, abs=1e-11)
                assert opened.unit == result.units[column]
                assert opened.inputs == (mrio.ref,)


def test_a_table_without_the_rest_of_the_world_says_upper_bound() -> None:
    assert ask(TABLE, "CHN").notes == ()
    partial = replace(TABLE, flags=replace(TABLE.flags, has_rest_of_world=False))
    assert ask(partial, "CHN").notes[0].startswith("Upper bound: the table has no rest of the world")


def test_what_cannot_be_answered_is_said() -> None:
    asked = inputs(TABLE, "CHN")
    with pytest.raises(ZizhuError, match=r"no row 'CHN\|C62'"):
        domestic.explain(asked, domestic.solve(asked), "CHN|C62", "own_value_added")
    with pytest.raises(ZizhuError, match="unknown country or group 'CNH'"):
        ask(TABLE, "CNH")
    idle = np.array([c == "CHN" for c in TABLE.nodes.country])
    with pytest.raises(CannotAnswer, match="no output in the table"):
        ask(replace(TABLE, x=np.where(idle, 0.0, TABLE.x), Z=TABLE.Z * ~idle * ~idle[:, None]), "CHN")
