"""From a scenario to the weekly model: every setting reaches the kernel as a direct call would give it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stress.weekly import (
    BAN,
    CHN,
    DEU,
    STOP,
    TABLE,
    USA,
    USUAL,
    assert_same,
    by_hand,
    flat,
    node,
    span,
    weeks,
)
from tables.strategies import SECTORS, with_destinations
from zizhu.stress.ario.shocks import CapacityLoss, DemandShift, Rebuilding, Restriction, Shocks
from zizhu.stress.scenario.effects import Piece
from zizhu.tables.mrio import Nodes
from zizhu.vocab.problems import CannotAnswer


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("1 day", [0.0] * 3 + [1.0] * 10 + [0.0] * 47),
        ("10 days", [0.7, 0.3, 0, 0, 0, 0]),
        ("30 days", [1 / 3, 0]),
    ],
)
def test_a_step_feels_the_mean_of_its_days(step: str, wanted: list[float]) -> None:
    found = weeks({**STOP, "start": "3 days", "duration": "10 days"}, step=step, length="60 days")
    assert found.path(found.effects.losses[0].course) == pytest.approx(wanted)


@pytest.mark.parametrize("days", [1.0, 7.0, 30.0])
def test_times_are_those_of_the_kernel_in_steps(days: float) -> None:
    steps = round(210 / days)
    found = weeks(STOP, step=f"{days:g} days", length="210 days")
    loss = CapacityLoss(np.array([node("DEU:C26")]), 0.5, flat(steps))
    assert_same(found, by_hand(Shocks((loss,)), step=days, steps=steps), step=days)


@pytest.mark.parametrize("step", ["1 day", "7 days", "30 days"])
@pytest.mark.parametrize("stock", ["0 days", "3 days", "40 days"])
def test_nothing_is_lost_before_anything_happens(step: str, stock: str) -> None:
    """Also where stocks are said to last less than a step, which would stop production by rounding alone."""
    last = {**STOP, "start": "89 days"}
    found = weeks(last, step=step, length="210 days", stocks={"default": stock}).central()
    begun = 89 // span(step)
    assert np.abs(found.lost[:begun]).max() < 1e-9 * TABLE.x.max()
    assert found.lost[begun:].max() > 0


def test_a_table_that_does_not_balance_stands_still() -> None:
    """What its rows lack is taken to be sold at home."""
    whole = with_destinations(TABLE, 3)
    assert whole.final is not None
    short = replace(whole, final=whole.final * np.linspace(0.7, 1.2, whole.n)[:, None])
    found = weeks({**STOP, "start": "8 weeks"}, table=short).central().lost
    assert np.abs(found[:8]).max() < 1e-9 * TABLE.x.max()
    assert found[8].max() > 0


def test_countries_need_the_same_sectors() -> None:
    sector = (*TABLE.nodes.sector[:-1], "J62")
    other = replace(TABLE, nodes=Nodes(TABLE.nodes.country, sector))
    with pytest.raises(CannotAnswer, match="not the same sectors"):
        weeks(STOP, table=other)


# --- what happens ---


def test_capacity_is_lost_and_losses_meet_as_the_scenario_says() -> None:
    more = {"kind": "capacity", "at": "DEU", "share": 0.3}
    paths = (
        CapacityLoss(np.array([node("DEU:C26")]), 0.5, flat()),
        CapacityLoss(DEU, 0.3, flat()),
    )
    assert_same(weeks(STOP, more), by_hand(Shocks(paths)))
    assert_same(weeks(STOP, more, combine="largest"), by_hand(Shocks(paths, combine="max")))


def test_shock_size_scales_what_the_scenario_says_and_no_share_exceeds_one() -> None:
    found = weeks(STOP, BAN, uncertain={"shock_size": [0.4, 0.4]})
    half = Shocks(
        (CapacityLoss(np.array([node("DEU:C26")]), 0.2, flat()),),
        (Restriction(np.array([node("CHN:C28")]), USA, 0.24, flat()),),
    )
    assert_same(found, by_hand(half))
    whole = Shocks(
        (CapacityLoss(np.array([node("DEU:C26")]), 1.0, flat()),),
        (Restriction(np.array([node("CHN:C28")]), USA, 1.0, flat()),),
    )
    assert_same(weeks(STOP, BAN, uncertain={"shock_size": [3, 3]}), by_hand(whole))


def test_a_ban_bars_the_receiver_alone() -> None:
    rows = np.array([node("CHN:C28")])
    assert_same(weeks(BAN), by_hand(Shocks(restrictions=(Restriction(rows, USA, 0.6, flat()),))))


def test_a_quota_leaves_what_its_limit_says() -> None:
    quota = {"kind": "quota", "sender": "CHN:C28", "receiver": "USA", "limit": 0.25}
    rows = np.array([node("CHN:C28")])
    assert_same(weeks(quota), by_hand(Shocks(restrictions=(Restriction(rows, USA, 0.75, flat()),))))


def test_an_embargo_bars_both_ways() -> None:
    found = weeks({"kind": "embargo", "sender": "CHN:C28", "receiver": "USA", "share": 0.5})
    there = Restriction(np.array([node("CHN:C28")]), USA, 0.5, flat())
    back = Restriction(np.array([node("USA:C28")]), CHN, 0.5, flat())
    assert_same(found, by_hand(Shocks(restrictions=(there, back))))


def test_shares_that_differ_by_buyer_reach_the_right_buyers() -> None:
    """Products are another share of the sales to each country: as a restriction for every buyer would have it."""
    found = weeks(BAN)
    cut = np.random.default_rng(2).choice([0.0, 0.3, 0.9], (4, TABLE.n - 4))
    one = replace(found.effects.restrictions[0], rows=CHN, columns=np.arange(4, TABLE.n), stops=1.0)
    one = replace(one, goods=Piece(("some",), cut, None))
    made = replace(found, effects=replace(found.effects, restrictions=(one,)))
    alone = [Restriction(CHN, np.array([4 + j]), share, flat()) for j, share in enumerate(cut.T)]
    assert_same(made, by_hand(Shocks(restrictions=tuple(alone))))


def test_demand_changes() -> None:
    found = weeks({"kind": "demand", "sector": "WLD:C28", "change": -0.4})
    rows = np.flatnonzero(np.array(TABLE.nodes.sector) == "C28")
    assert_same(found, by_hand(Shocks(demand=(DemandShift(rows, -0.4, flat()),))))


def test_a_buyers_demand_is_its_part_of_the_final_sales() -> None:
    table = with_destinations(TABLE, 3)
    assert table.final is not None
    found = weeks({"kind": "demand", "sector": "DEU:C28", "buyer": "USA", "change": -0.4}, table=table)
    i = node("DEU:C28")
    part = table.final[i, 2] / table.final[i].sum()
    wanted = Shocks(demand=(DemandShift(np.array([i]), -0.4 * part, flat()),))
    assert_same(found, by_hand(wanted, table=table), table)


def test_final_buyers_are_barred_where_the_table_knows_them() -> None:
    table = with_destinations(TABLE, 3)
    rows = np.array([node("CHN:C28")])
    nobody = np.zeros(0, dtype=np.intp)
    both = (
        Restriction(rows, USA, 0.6, flat()),
        Restriction(rows, nobody, 0.6, flat(), np.array([2])),
    )
    assert_same(weeks(BAN, table=table), by_hand(Shocks(restrictions=both), table=table), table)
    industry = weeks({**BAN, "receiver": "USA:C26"}, table=table)
    alone = Restriction(rows, np.array([node("USA:C26")]), 0.6, flat())
    assert_same(industry, by_hand(Shocks(restrictions=(alone,)), table=table), table)


def test_destruction_takes_capacity_and_orders_what_rebuilds_it() -> None:
    shares = {"C26": 0.25, "B": 0.75}
    found = weeks(
        {
            "kind": "destruction",
            "at": "DEU",
            "share": 0.2,
            "start": "7 days",
            "duration": "14 days",
            "rebuilt_by": shares,
            "rebuilding": "70 days",
        }
    )
    capital = USUAL["capital_to_value_added"] * np.maximum(TABLE.value_added[DEU], 0)
    order = np.array([SECTORS.index("C26"), SECTORS.index("B")])
    harm = Rebuilding(DEU, 0.2 * capital, capital, order, np.array([0.25, 0.75]), 10.0, 1, 3)
    assert_same(found, by_hand(Shocks(rebuilding=(harm,))))


def test_destruction_begins_to_be_rebuilt_at_once_where_no_duration_is_said() -> None:
    one = {"kind": "destruction", "at": "DEU", "share": 0.2, "rebuilt_by": {"B": 1}, "rebuilding": "4 weeks"}
    made = weeks({**one, "start": "2 weeks"}).shocks(dict(USUAL)).rebuilding[0]
    assert (made.onset, made.start, made.tau) == (2, 2, 4)


# --- how industries behave ---


def test_substitution_limits_who_steps_in_for_lost_capacity_as_for_a_ban() -> None:
    """Others gain from what Germany does not make, and the more the more of its orders they may take over."""
    gains = []
    for sigma in (0.0, 0.25, 0.5, 1.0):
        found = weeks({**STOP, "share": 0.9}, substitution={"default": sigma}, stocks={"default": "1 year"})
        lost = found.central().lost.sum(axis=0)
        gains.append(-lost[[node(f"{c}:C26") for c in ("CHN", "USA", "FRA")]].sum())
    assert gains[0] < gains[1] < gains[2] < gains[3]
