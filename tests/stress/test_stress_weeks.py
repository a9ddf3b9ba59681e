"""From a scenario to the weekly model: every setting reaches the kernel as a direct call would give it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from stress.scenario.scenarios import scenario
from tables.strategies import SECTORS, random_table, with_destinations
from zizhu.stress.ario.economy import economy
from zizhu.stress.ario.parameters import Parameters
from zizhu.stress.ario.rationing import FINAL_FIRST, INTERMEDIATES_FIRST, PROPORTIONAL, key_sectors
from zizhu.stress.ario.run import Paths, simulate
from zizhu.stress.ario.shocks import CapacityLoss, DemandShift, Rebuilding, Restriction, Shocks
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.parameters import UNCERTAIN, parameters
from zizhu.stress.scenario.resolve import resolve
from zizhu.stress.weeks import Weeks
from zizhu.tables.leontief import Vector
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.vocab.problems import CannotAnswer

TABLE = random_table(11, 4, 4)
CHN, DEU, USA, FRA = (np.arange(4) + 4 * c for c in range(4))
USUAL = {name: p.value for name, p in parameters().items()}
STOP: dict[str, Any] = {"kind": "capacity", "at": "DEU:C26", "share": 0.5}
BAN: dict[str, Any] = {"kind": "export_ban", "sender": "CHN:C28", "receiver": "USA", "share": 0.6}
STEPS = 10


def span(text: str) -> int:
    return int(text.split()[0])


def weeks(*shocks: dict[str, Any], table: MRIO = TABLE, **said: Any) -> Weeks:
    one = scenario(*shocks, **{"length": "10 weeks", "draws": 0, "horizons": ["weeks"], **said})
    return Weeks.of(one, resolve(one, Ground(table, None)), table)


def usual(step: float = 7.0, **changed: Any) -> Parameters:
    """The central parameters of a scenario that says nothing, as a caller of the kernel would write them."""
    given: dict[str, Any] = {
        "alpha_base": 1.0,
        "alpha_max": USUAL["overproduction"],
        "tau_alpha": USUAL["overproduction_time"] / step,
        "inventory": USUAL["stocks"] / step,
        "tau_inventory": USUAL["restocking"] / step,
        "psi": USUAL["stock_share_needed"],
        "sigma": USUAL["substitution"],
    }
    return Parameters(**(given | changed))


def by_hand(
    shocks: Shocks,
    asked: Parameters | None = None,
    table: MRIO = TABLE,
    step: float = 7.0,
    steps: int = STEPS,
) -> Paths:
    blocks = table.n // len(table.nodes.sectors)
    of = economy(np.asarray(table.Z), table.x, table.final, blocks, steps_per_year=365 / step)
    return simulate(of, asked or usual(step), shocks, steps)


def assert_same(found: Weeks, wanted: Paths, table: MRIO = TABLE, step: float = 7.0) -> None:
    """Losses of the central run against those of the direct call; they are not zero."""
    lost = table.x * step / 365 - wanted.production
    batch = found.batch(found_values(found))
    assert np.abs(lost).max() > 1e-4 * table.x.max() * step / 365
    scale = table.x.max()
    assert np.allclose(batch["nodes"][0], lost.sum(axis=0), rtol=0, atol=1e-10 * scale)
    assert np.allclose(batch["unmet"][0], wanted.unmet.sum(axis=0), rtol=0, atol=1e-10 * scale)
    assert np.allclose(found.central().lost, lost, rtol=0, atol=1e-11 * scale)
    of_country = np.stack([lost[:, table.nodes.country_index == c].sum(axis=1) for c in range(4)], axis=1)
    assert np.allclose(batch["countries"][0], of_country, rtol=0, atol=1e-10 * scale)


def found_values(of: Weeks) -> Any:
    return np.array([[of.scenario.central(n) for n in of.scenario.drawn]])


def flat(steps: int = STEPS, size: float = 1.0) -> Vector:
    return np.full(steps, size)


def node(label: str, table: MRIO = TABLE) -> int:
    country, _, sector = label.partition(":")
    return table.nodes.position[country, sector]


# --- the steps of time ---


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
    one = replace(found.effects.restrictions[0], rows=CHN, columns=np.arange(4, TABLE.n), cut=cut)
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


def test_parameters_are_those_of_the_scenario() -> None:
    """By sector where it says so, its default elsewhere, and the central value where it says nothing."""
    found = weeks(
        BAN,
        stocks={"default": "21 days", "C28": "2 weeks"},
        substitution={"C28": 0.125},
        uncertain={"restocking": [20, 50], "stock_share_needed": [0.6, 0.6]},
        orders="fixed",
    )
    asked = usual(
        inventory=np.array([3.0, 2.0, 3.0, 3.0]),
        sigma=np.array([0.5, 0.125, 0.5, 0.5]),
        tau_inventory=5.0,
        psi=0.6,
        order="noalt",
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
