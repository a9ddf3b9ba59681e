"""Products that industries cannot do without are sectors of the table, and a shock to them takes all that they sell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tables.stored import Flow, trade
from tables.strategies import table
from zizhu.stress.scenario.effects import Effects
from zizhu.stress.scenario.ground import Ground, grounded
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.resolve import resolve
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab.problems import CannotAnswer, ZizhuError

RARE = ("280530", "284690")
COUNTRIES, SECTORS = ("CHN", "DEU", "USA"), ("B08", "C20", "C26", "C27")
FLOWS: tuple[Flow, ...] = (
    (2022, "CHN", "DEU", "280530", 4_000_000, None),
    (2022, "CHN", "DEU", "284690", 2_000_000, None),
    (2022, "CHN", "USA", "284690", 50_000_000, None),
    (2022, "USA", "DEU", "284690", 1_000_000, None),
    (2022, "CHN", "DEU", "250410", 3_000_000, None),
    (2021, "CHN", "DEU", "284690", 9_000_000, None),
    (2022, "CHN", "FRA", "284690", 8_000_000, None),
)


def small() -> MRIO:
    """Every industry sells 10 to every industry at home and 5 abroad, of an output of 200."""
    home = np.kron(np.eye(3), np.ones((4, 4)))
    return table(5.0 + 5.0 * home, np.full(12, 200.0), COUNTRIES, SECTORS)


def ground(*flows: Flow) -> Ground:
    return Ground(small(), trade(*(flows or FLOWS)))


def shock(**told: Any) -> dict[str, Any]:
    held = {"kind": "export_ban", "sender": "CHN", "receiver": "DEU", "products": RARE, "needed_by": ["C26"]}
    return held | told


def scenario(*shocks: dict[str, Any]) -> Scenario:
    return Scenario.model_validate({"id": "own", "title": "Own inputs", "shocks": list(shocks)})


def resolved(*shocks: dict[str, Any], on: Ground | None = None) -> tuple[MRIO, Effects]:
    asked = scenario(*shocks)
    made = grounded(asked, on or ground())
    return made.mrio, resolve(asked, made)


def stopped(mrio: MRIO, effects: Effects, k: int = 0) -> float:
    """Money of the sales that a restriction stops."""
    one = effects.restrictions[k]
    return float((mrio.Z[np.ix_(one.rows, one.columns)] * one.cut).sum())


def test_the_trade_stops_and_nothing_else() -> None:
    """6 million of both products are sold, above the 5 that C26 of Germany buys of China's chemicals."""
    mrio, effects = resolved(shock())
    assert mrio.nodes.sectors == (*SECTORS, "HS280530+1")
    one = effects.restrictions[0]
    assert mrio.nodes.labels(one.rows) == ["CHN:HS280530+1"]
    assert one.cut.min() == one.cut.max() == 1
    assert not one.barred.size
    assert stopped(mrio, effects) == pytest.approx(5)
    assert effects.coverage[0].share == pytest.approx(5 / 6)
    assert any("280530" in note and "upper bound" in note for note in effects.notes)


def test_more_users_see_all_of_it() -> None:
    mrio, effects = resolved(shock(needed_by=["C26", "C27"]))
    assert stopped(mrio, effects) == pytest.approx(6)
    assert effects.coverage[0].share == pytest.approx(1)
    user = mrio.nodes.position["DEU", "C27"]
    assert mrio.Z[mrio.nodes.position["CHN", "HS280530+1"], user] == pytest.approx(3)


def test_shares_of_the_sender_and_of_home_are_said() -> None:
    """Germany exports none: of 6 + 1 that its C26 and C27 buy, China sells 6 and nobody at home."""
    _, effects = resolved(shock(needed_by=["C26", "C27"]))
    assert any("86% come from the sender, and nothing is taken" in note for note in effects.notes)


def test_half_of_it() -> None:
    mrio, effects = resolved(shock(share=0.5, needed_by=["C26", "C27"]))
    assert stopped(mrio, effects) == pytest.approx(3)


def test_an_embargo_binds_both_ways() -> None:
    both = ground(*FLOWS, (2022, "DEU", "USA", "284690", 2_000_000, None))
    told = shock(kind="embargo", sender="DEU", receiver="USA", needed_by=["C26", "C27"])
    mrio, effects = resolved(told, on=both)
    assert [stopped(mrio, effects, k) for k in (0, 1)] == pytest.approx([2, 1])
    rows = [mrio.nodes.labels(one.rows) for one in effects.restrictions]
    assert rows == [["DEU:HS280530+1"], ["USA:HS280530+1"]]


def test_products_of_two_industries_are_two_inputs() -> None:
    mrio, effects = resolved(shock(products=["284690", "250410"]))
    assert mrio.nodes.sectors == (*SECTORS, "HS250410", "HS284690")
    assert mrio.nodes.labels(effects.restrictions[0].rows) == ["CHN:HS250410", "CHN:HS284690"]
    assert stopped(mrio, effects) == pytest.approx(2 + 3)


def test_the_same_products_and_users_are_one_input() -> None:
    again = shock(receiver="USA", products=RARE[::-1], needed_by=["C27", "C26", "C26"])
    asked = scenario(shock(needed_by=["C26", "C27"]), again)
    made = grounded(asked, ground())
    assert made.mrio.n == 15
    assert len(made.inputs) == 1
    assert grounded(asked, made) is made


def test_what_was_taken_out_of_a_user_is_a_user() -> None:
    """Graphite leaves mining; chemicals that mining needs are needed by graphite mining too."""
    first = shock(products=["250410"], needed_by=["C27"])
    mrio, _ = resolved(first, shock(products=["284690"], needed_by=["B08"], home_supply=1))
    sold = mrio.Z[mrio.nodes.position["CHN", "HS284690"]]
    assert sold[mrio.nodes.position["CHN", "B08"]] > 0
    assert sold[mrio.nodes.position["CHN", "HS250410"]] > 0
    assert sold[mrio.nodes.position["CHN", "C27"]] == 0


def test_without_needed_by_the_table_stays() -> None:
    bare = ground()
    assert grounded(scenario(shock(needed_by=[])), bare) is bare


def test_final_buyers_do_not_buy_it() -> None:
    mrio = small()
    final = np.full((12, 3), (mrio.x - mrio.Z.sum(axis=1))[:, None] / 3)
    base = Ground(MRIO(**{**vars(mrio), "final": final}), trade(*FLOWS))
    made, effects = resolved(shock(), on=base)
    restricted = effects.restrictions[0]
    assert made.final is not None
    assert restricted.goods.final is not None
    assert not restricted.barred.size
    assert not made.final[restricted.rows].any()


# --- what is refused ---


def test_needed_by_needs_products() -> None:
    with pytest.raises(ValueError, match="needed_by"):
        scenario(shock(products=[]))


def test_all_unknown_codes_at_once() -> None:
    wrong = scenario(
        shock(products=["284690", "999999"], needed_by=["C26", "C99"]),
        shock(),
        shock(receiver="USA", needed_by=["Q1", "C27"], products=["250410"]),
    )
    with pytest.raises(ZizhuError) as raised:
        grounded(wrong, ground())
    said = [str(p) for p in raised.value.problems]
    assert len(said) == 3
    for part, line in zip(("999999", "'C99'", "'Q1'"), said, strict=True):
        assert part in line
    assert "shock 1" in said[0]
    assert "shock 3" in said[2]


def test_a_product_of_two_groups_is_refused() -> None:
    for other in (shock(needed_by=["C27"]), shock(products=["284690"])):
        with pytest.raises(ZizhuError, match="284690 in another shock"):
            grounded(scenario(shock(), other), ground())


def test_without_a_trade_table() -> None:
    with pytest.raises(CannotAnswer, match="no trade table"):
        grounded(scenario(shock()), Ground(small(), None))


def test_users_that_buy_none_of_it() -> None:
    with pytest.raises(CannotAnswer, match="no sales of CHN to DEU:C27"):
        resolved(shock(receiver="DEU:C27"))


def test_a_table_that_was_not_divided() -> None:
    with pytest.raises(ZizhuError, match="in no sector of Test table"):
        resolve(scenario(shock()), ground())


# --- the built-in tables ---


def test_rare_earths_of_china_on_the_built_in_tables(icio: MRIO, baci: Trade) -> None:
    """All of the trade of 2022 fits into what the users in Japan buy of Chinese chemicals, and it stops."""
    codes = ["280530", "284610", "284690"]
    told = shock(receiver="JPN", products=codes, needed_by=["C20", "C24B", "C26", "C27", "C28", "C29"])
    mrio, effects = resolved(told, on=Ground(icio, baci))
    rows = baci.of(codes).filter(year=2022, exporter="CHN", importer="JPN")
    assert effects.coverage[0].share == pytest.approx(1, abs=1e-6)
    assert stopped(mrio, effects) == pytest.approx(rows["value_usd"].sum() / 1e6, rel=1e-6)
