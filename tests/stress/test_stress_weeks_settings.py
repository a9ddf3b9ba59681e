"""The settings of a scenario, the parts of a table and the draws reach the weekly kernel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from stress.weekly import (
    BAN,
    STEPS,
    STOP,
    TABLE,
    USA,
    USUAL,
    assert_same,
    by_hand,
    flat,
    found_values,
    node,
    usual,
    weeks,
)
from tables.strategies import SECTORS, with_destinations
from zizhu.stress.ario.economy import economy
from zizhu.stress.ario.rationing import FINAL_FIRST, INTERMEDIATES_FIRST, PROPORTIONAL, key_sectors
from zizhu.stress.ario.run import simulate
from zizhu.stress.ario.shocks import CapacityLoss, Restriction, Shocks
from zizhu.stress.scenario.parameters import UNCERTAIN, parameters
from zizhu.tables.mrio import MRIO, Nodes


def test_parameters_are_those_of_the_scenario() -> None:
    """By sector where it says so, its default elsewhere, and the central value where it says nothing."""
    found = weeks(
        BAN,
        stocks={"default": "21 days", "C28": "2 weeks"},
        substitution={"C28": 0.125},
        uncertain={"restocking": [20, 50], "stock_share_needed": [0.6, 0.6]},
    )
    asked = usual(
        inventory=np.array([3.0, 2.0, 3.0, 3.0]),
        sigma=np.array([0.5, 0.125, 0.5, 0.5]),
        tau_inventory=5.0,
        psi=0.6,
    )
    rows = np.array([node("CHN:C28")])
    assert_same(found, by_hand(Shocks(restrictions=(Restriction(rows, USA, 0.6, flat()),)), asked))


def test_what_is_drawn_takes_the_place_of_what_is_usual() -> None:
    found = weeks(BAN, draws=4, stocks={"default": "30 days"})
    assert "stocks" not in found.scenario.drawn
    assert "capital_to_value_added" not in found.scenario.drawn
    values = np.arange(1.0, 1.0 + len(found.scenario.drawn))
    named = found.named(values)
    assert named == {**USUAL, "stocks": 30.0, **dict(zip(found.scenario.drawn, values, strict=True))}


def test_a_band_that_does_not_hold_what_is_usual_has_its_middle() -> None:
    assert weeks(BAN, uncertain={"overproduction": [1.5, 1.7]}).named(found_values(weeks(BAN))[0])[
        "overproduction"
    ] == pytest.approx(USUAL["overproduction"])
    alone = weeks(BAN, uncertain={n: [v, v] for n, v in USUAL.items()} | {"overproduction": [1.5, 1.7]})
    assert alone.scenario.central("overproduction") == pytest.approx(1.6)
    assert alone.scenario.drawn == ("overproduction",)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"rationing": "proportional"}, PROPORTIONAL),
        ({"rationing": "final_first"}, FINAL_FIRST),
        ({"rationing": "intermediates_first"}, INTERMEDIATES_FIRST),
        ({"rationing": "priority", "priority": ["B", "C26"]}, key_sectors((2, 0))),
    ],
    ids=["proportional", "final", "intermediates", "priority"],
)
def test_rules_of_rationing(said: dict[str, Any], rule: Any) -> None:
    found = weeks(STOP, stocks={"default": "10 days"}, **said)
    loss = CapacityLoss(np.array([node("DEU:C26")]), 0.5, flat())
    assert_same(found, by_hand(Shocks((loss,)), usual(rationing=rule, inventory=10 / 7)))


def test_needs_are_of_the_input_by_the_user() -> None:
    """INPUT:USER: C26 is not critical to C28, whose own product C26 still needs; all need half of B."""
    found = weeks(
        STOP,
        {**STOP, "at": "USA:C28"},
        stocks={"default": "10 days"},
        needs={"non_critical": ["C26:C28"], "important": ["B"]},
    )
    wanted = np.ones((4, 4))  # [buying sector, input]
    wanted[:, SECTORS.index("B")] = 0.5
    wanted[SECTORS.index("C28"), SECTORS.index("C26")] = 0.0
    losses = tuple(CapacityLoss(np.array([node(n)]), 0.5, flat()) for n in ("DEU:C26", "USA:C28"))
    assert_same(found, by_hand(Shocks(losses), usual(criticality=wanted, inventory=10 / 7)))
    turned = by_hand(Shocks(losses), usual(criticality=wanted.T, inventory=10 / 7))
    assert (
        np.abs(
            turned.production
            - by_hand(Shocks(losses), usual(criticality=wanted, inventory=10 / 7)).production
        ).max()
        > 1e-3
    )


# --- a country in parts ---


def in_parts(table: MRIO) -> MRIO:
    """The table with its first two countries as parts of one: the last column of final demand is theirs."""
    country = tuple({"CHN": "CN1", "DEU": "CN2"}.get(c, c) for c in table.nodes.country)
    whole = tuple({"CN1": "CHN", "CN2": "CHN"}.get(c, c) for c in country)
    final = None
    if table.final is not None:
        final = np.column_stack([table.final[:, :2].sum(axis=1), table.final[:, 2:]])
    return replace(table, nodes=Nodes(country, table.nodes.sector, whole), final=final)


def test_parts_of_a_country_are_countries_of_the_model_and_one_in_the_answer() -> None:
    table = in_parts(TABLE)
    found = weeks({"kind": "export_ban", "sender": "CHN:C28", "receiver": "USA", "share": 0.6}, table=table)
    rows = np.array([1, 5])
    wanted = by_hand(Shocks(restrictions=(Restriction(rows, USA, 0.6, flat()),)))
    batch = found.batch(found_values(found))
    lost = TABLE.x * 7 / 365 - wanted.production
    assert np.allclose(batch["nodes"][0], lost.sum(axis=0), rtol=0, atol=1e-10 * TABLE.x.max())
    assert batch["countries"].shape == (1, STEPS, 3)
    assert np.allclose(
        batch["countries"][0, :, 0], lost[:, :8].sum(axis=1), rtol=0, atol=1e-10 * TABLE.x.max()
    )


def test_final_buyers_of_a_country_in_parts_are_barred_together() -> None:
    """The kernel knows a destination a block: those of the whole country stand in its first part's."""
    table = in_parts(with_destinations(TABLE, 3))
    found = weeks({"kind": "export_ban", "sender": "FRA:C28", "receiver": "CHN", "share": 0.6}, table=table)
    assert table.final is not None
    blocks = np.column_stack([table.final[:, 0], np.zeros(table.n), table.final[:, 1:]])
    rows = np.array([node("FRA:C28", table)])
    both = (
        Restriction(rows, np.arange(8), 0.6, flat()),
        Restriction(rows, np.zeros(0, dtype=np.intp), 0.6, flat(), np.array([0])),
    )
    of = economy(np.asarray(table.Z), table.x, blocks, 4, steps_per_year=365 / 7)
    wanted = simulate(of, usual(), Shocks(restrictions=both), STEPS)
    lost = table.x * 7 / 365 - wanted.production
    assert np.abs(lost).max() > 0
    assert np.allclose(found.central().lost, lost, rtol=0, atol=1e-10 * table.x.max())


def test_runs_side_by_side_are_those_alone() -> None:
    found = weeks(STOP, BAN, draws=5)
    values = np.array([[found.scenario.band(n)[k % 2] for n in found.scenario.drawn] for k in range(3)])
    together = found.batch(values)
    for k, row in enumerate(values):
        alone = found.batch(row[None])
        for name, array in alone.items():
            assert np.array_equal(array[0], together[name][k]), name
    assert np.allclose(
        together["quarters"].sum(axis=1), together["nodes"], rtol=1e-5, atol=1e-6 * TABLE.x.max()
    )


@pytest.mark.parametrize("name", UNCERTAIN)
def test_a_band_as_wide_as_the_model_can_take_runs_and_a_wider_one_is_refused(name: str) -> None:
    least, most = parameters()[name].least, parameters()[name].most
    destroyed = {
        "kind": "destruction",
        "at": "DEU:C26",
        "share": 0.2,
        "rebuilt_by": {"B": 1},
        "rebuilding": "4 weeks",
    }
    found = weeks(destroyed, BAN, uncertain={name: [least, most]}, draws=1)
    ends = [
        [{name: end}.get(n, found.scenario.central(n)) for n in found.scenario.drawn] for end in (least, most)
    ]
    assert np.isfinite(found.batch(np.array(ends))["nodes"]).all()
    for band in ([least - 0.01, most], [least, most * 1.01], [most, least]):
        with pytest.raises(ValidationError, match=f"the band of {name}"):
            weeks(BAN, uncertain={name: band})
