"""The quarterly model of a scenario: both sides against tables that are changed and solved anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stress.scenario.scenarios import scenario
from tables.strategies import SECTORS, dense, mrios, random_table, with_destinations
from zizhu.stress.quarters import MOVED, Quarters
from zizhu.stress.rows import PICKED, quarterly, totals
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.resolve import resolve
from zizhu.tables.leontief import Vector
from zizhu.tables.mrio import MRIO, Nodes

TABLE = random_table(5, 4, 4)
BAN: dict[str, Any] = {"kind": "export_ban", "sender": "CHN:C28", "receiver": "USA", "share": 0.6}
STOP: dict[str, Any] = {"kind": "capacity", "at": "DEU:C26", "share": 0.5}


def quarters(*shocks: dict[str, Any], table: MRIO = TABLE, **said: Any) -> Quarters:
    one = scenario(*shocks, **{"horizons": ["quarters"], **said})
    return Quarters(one, table, resolve(one, Ground(table, None)))


def node(label: str, table: MRIO = TABLE) -> int:
    country, _, sector = label.partition(":")
    return table.nodes.position[country, sector]


def of(table: MRIO, country: str) -> Any:
    return np.flatnonzero(np.array(table.nodes.country) == country)


def without(table: MRIO, *cuts: tuple[Any, Any, float]) -> Any:
    """Coefficients of the table after shares of flows stop, one cut after the other."""
    Z = np.array(table.Z, dtype=float)
    for rows, columns, share in cuts:
        Z[np.ix_(rows, columns)] *= 1 - share
    return Z * np.divide(1, table.x, out=np.zeros(table.n), where=table.x > 0)


def solved(table: MRIO, A: Any, cut: float | Vector = 0.0) -> Vector:
    """Output that the table's final demand, less `cut`, calls for with the coefficients A."""
    return np.asarray(np.linalg.solve(np.eye(table.n) - A, dense(table).y - cut))


def close(found: Vector, wanted: Vector, table: MRIO = TABLE) -> None:
    assert np.allclose(found, wanted, rtol=0, atol=1e-9 * table.x.max())


# --- the sender's side ---


@given(mrios(least=2), st.floats(0.05, 1))
def test_lost_sales_are_those_of_the_changed_table(table: MRIO, share: float) -> None:
    sender, receiver = table.nodes.countries[:2]
    rows, columns = of(table, sender), of(table, receiver)
    if not np.asarray(table.Z)[np.ix_(rows, columns)].any():
        return
    ban = {"kind": "export_ban", "sender": sender, "receiver": receiver, "share": share}
    found = quarters(ban, table=table).central.sales
    wanted = solved(table, dense(table).A) - solved(table, without(table, (rows, columns, share)))
    assert np.allclose(found, wanted, rtol=0, atol=1e-7 * table.x.max())


@given(mrios(least=2), st.floats(0.05, 1))
def test_what_passes_through_is_value_that_no_longer_reaches_the_buyer(table: MRIO, share: float) -> None:
    """Value added content of a unit of output before and after, times output."""
    sender, receiver = table.nodes.countries[:2]
    rows, columns = of(table, sender), of(table, receiver)
    if not np.asarray(table.Z)[np.ix_(rows, columns)].any():
        return
    ban = {"kind": "export_ban", "sender": sender, "receiver": receiver, "share": share}
    found = quarters(ban, table=table).central.through
    before = dense(table)
    after = np.linalg.inv(np.eye(table.n) - without(table, (rows, columns, share)))
    wanted = table.x * (before.v @ before.L - before.v @ after)
    assert np.allclose(found, wanted, rtol=0, atol=1e-7 * table.x.max())


def test_shares_of_one_sale_compound_as_over_weeks() -> None:
    """Bans may overlap: each takes its share of what the other leaves."""
    other = {**BAN, "sender": "CHN", "share": 0.5}
    found = quarters(BAN, other, combine="largest").central.sales
    cuts = (
        (np.array([node("CHN:C28")]), of(TABLE, "USA"), 0.6),
        (of(TABLE, "CHN"), of(TABLE, "USA"), 0.5),
    )
    close(found, TABLE.x - solved(TABLE, without(TABLE, *cuts)))


def test_an_embargo_stops_both_ways() -> None:
    found = quarters({**BAN, "kind": "embargo"}).central.sales
    cuts = (
        (np.array([node("CHN:C28")]), of(TABLE, "USA"), 0.6),
        (np.array([node("USA:C28")]), of(TABLE, "CHN"), 0.6),
    )
    close(found, TABLE.x - solved(TABLE, without(TABLE, *cuts)))


def test_final_sales_stop_where_the_table_knows_their_buyers() -> None:
    table = with_destinations(TABLE, 3)
    assert table.final is not None
    i, rows = node("CHN:C28"), np.array([node("CHN:C28")])
    gone = np.zeros(table.n)
    gone[i] = 0.6 * table.final[i, 2]
    found = quarters(BAN, table=table)
    close(found.central.sales, table.x - solved(table, without(table, (rows, of(table, "USA"), 0.6)), gone))
    twice = quarters(BAN, {**BAN, "share": 0.5}, table=table).central.sales
    gone[i] = (1 - 0.4 * 0.5) * table.final[i, 2]
    close(twice, table.x - solved(table, without(table, (rows, of(table, "USA"), 0.8)), gone))


@pytest.mark.parametrize("change", [-0.4, 0.3, -1.0])
def test_demand_changes_what_is_called_for(change: float) -> None:
    found = quarters({"kind": "demand", "sector": "WLD:C28", "change": change}).central
    cut = np.where(np.array(TABLE.nodes.sector) == "C28", -change * dense(TABLE).y, 0.0)
    close(found.sales, TABLE.x - solved(TABLE, dense(TABLE).A, cut))
    for none in (found.through, found.first, found.shortage, found.gained):
        assert not none.any()


# --- the receiver's side ---


def test_the_first_tier_is_the_share_of_the_input_that_stops_and_is_not_replaced() -> None:
    """Every input is essential: USA loses in output the share of C28 that it lacks."""
    found = quarters(BAN, substitution={"default": 0}).central
    Z, rows = np.asarray(TABLE.Z), np.flatnonzero(np.array(TABLE.nodes.sector) == "C28")
    lacks = 0.6 * Z[node("CHN:C28")] / Z[rows].sum(axis=0)
    close(found.first, TABLE.x * np.where(np.array(TABLE.nodes.country) == "USA", lacks, 0.0))
    assert not found.gained.any()


def test_an_important_input_counts_half_and_one_that_is_not_critical_nothing() -> None:
    """INPUT:USER, for one user; the others stay."""
    plain = quarters(BAN, substitution={"default": 0}).central.first
    said = {"important": ["C28:C26"], "non_critical": ["C28:B"]}
    found = quarters(BAN, substitution={"default": 0}, needs=said).central.first
    factor = np.array([{"C26": 0.5, "B": 0.0}.get(s, 1.0) for s in TABLE.nodes.sector])
    close(found, plain * factor)


def test_lost_capacity_and_what_its_users_lack_are_the_first_tier() -> None:
    """Half of Germany's electronics: every user lacks the half of what it bought there, all that it is of its C26."""
    found = quarters(STOP, substitution={"default": 0}).central
    Z, i = np.asarray(TABLE.Z), node("DEU:C26")
    bought = Z[np.flatnonzero(np.array(TABLE.nodes.sector) == "C26")].sum(axis=0)
    lacks = 0.5 * np.divide(Z[i], bought, out=np.zeros(TABLE.n), where=bought > 0)
    lacks[i] = max(lacks[i], 0.5)
    close(found.first, TABLE.x * lacks)
    assert (np.delete(found.first, i) > 1e-3 * TABLE.x.max()).any()
    assert not found.sales.any()
    assert not found.gained.any()
    assert (found.shortage >= found.first - 1e-9 * TABLE.x.max()).all()


def test_others_step_in_for_lost_capacity() -> None:
    """At most the share that may be replaced, and within their spare capacity; the rest is what its users lack."""
    none, some = (quarters(STOP, substitution={"default": s}).losses(s, 1.25, 1.0) for s in (0.0, 0.5))
    i = node("DEU:C26")
    assert some.gained.sum() > 0
    assert some.gained.sum() <= 0.5 * 0.5 * np.asarray(TABLE.Z)[i].sum() + 1e-9 * TABLE.x.max()
    assert some.gained[i] == 0
    assert some.first.sum() < none.first.sum()
    assert some.first[i] == none.first[i] == 0.5 * TABLE.x[i]


def test_what_a_seller_may_not_sell_to_one_serves_the_others() -> None:
    """The ban leaves it more goods than its lost capacity takes: nobody but the buyer lacks any."""
    ban, hit = {**BAN, "share": 1.0}, {"kind": "capacity", "at": "CHN:C28", "share": 0.05}
    both, alone = (quarters(*s, substitution={"default": 0}).central.first for s in ((ban, hit), (ban,)))
    i, usa = node("CHN:C28"), of(TABLE, "USA")
    assert np.asarray(TABLE.Z)[i, usa].sum() > 0.05 * TABLE.x[i]
    others = np.delete(np.arange(TABLE.n), i)
    close(both[others], alone[others])
    assert both[i] == pytest.approx(0.05 * TABLE.x[i])


def test_capacity_losses_meet_as_the_scenario_says() -> None:
    other = {"kind": "capacity", "at": "DEU", "share": 0.3}
    here, i = of(TABLE, "DEU"), node("DEU:C26")
    compound = quarters(STOP, other).capacity_lost(1.0)
    largest = quarters(STOP, other, combine="largest").capacity_lost(1.0)
    for found, at_both in ((compound, 1 - 0.5 * 0.7), (largest, 0.5)):
        wanted = np.zeros(TABLE.n)
        wanted[here] = 0.3
        wanted[i] = at_both
        assert found == pytest.approx(wanted)
    assert quarters(STOP).capacity_lost(5.0).max() == 1


def test_destruction_is_a_matter_of_weeks() -> None:
    """As the notes of such a scenario say: quarters do nothing with it."""
    destroyed = {"kind": "destruction", "at": "DEU:C26", "share": 0.5}
    found = quarters({**destroyed, "rebuilt_by": {"B": 1}, "rebuilding": "1 year"}, BAN)
    assert not found.capacity_lost(1.0).any()
    assert any("destruction DEU:C26" in note for note in found.effects.notes)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shocks", [(BAN,), (STOP,), (BAN, STOP)], ids=["ban", "stop", "both"])
def test_the_shortage_is_no_less_than_its_first_tier_and_grows_with_the_shock(
    seed: int, shocks: tuple[dict[str, Any], ...]
) -> None:
    model = quarters(*shocks, table=random_table(seed, 4, 4))
    before = np.zeros(16)
    for size in (0.25, 0.5, 0.75, 1.0):
        found = model.losses(0.0, 1.0, size)
        scale = 1e-9 * model.mrio.x.max()
        assert (found.shortage >= found.first - scale).all()
        assert (found.shortage <= model.mrio.x + scale).all()
        assert (found.shortage >= before - scale).all()
        before = found.shortage


@given(st.integers(0, 200), st.floats(0, 1), st.floats(1, 1.5))
def test_what_is_gained_is_what_is_replaced_and_within_spare_capacity(
    seed: int, sigma: float, overproduction: float
) -> None:
    model = quarters(BAN, STOP, table=random_table(seed, 4, 4))
    found = model.losses(sigma, overproduction, 1.0)
    scale = model.mrio.x.max()
    replaced = model.replacement(sigma, overproduction, 1.0).replaced.sum()
    assert found.gained.sum() == pytest.approx(replaced, abs=1e-9 * scale)
    assert found.gained.sum() <= sigma * model.lacking_at(1.0).flows.sum() + 1e-9 * scale
    assert (found.gained <= (overproduction - 1) * model.mrio.x + 1e-9 * scale).all()


def test_an_industry_that_is_hit_has_nothing_to_spare() -> None:
    """The one that delivers most instead, unless it has itself lost capacity."""
    alone = quarters(BAN).central
    i = int(alone.gained.argmax())
    assert alone.gained[i] > 0
    hit = {"kind": "capacity", "at": TABLE.nodes.label(i), "share": 0.3}
    for share in (0.3, 0.1):
        assert quarters(BAN, {**hit, "share": share}).losses(1.0, 1.25, 1.0).gained[i] == 0


@pytest.mark.parametrize("seed", range(12))
def test_mild_is_no_worse_than_central_and_central_than_severe(seed: int) -> None:
    model = quarters(BAN, STOP, table=random_table(seed, 4, 4))
    ends = (model.ends.mild, model.central, model.ends.severe)
    scale = 1e-9 * model.mrio.x.max()
    for name in ("sales", "through", "first", "shortage"):
        mild, central, severe = (getattr(one, name) for one in ends)
        assert (mild <= central + scale).all(), name
        assert (central <= severe + scale).all(), name


def test_the_ends_are_those_of_what_is_drawn() -> None:
    """Mild: most substitution and overproduction, the smallest shocks. What the scenario fixes stays."""
    model = quarters(BAN, STOP)
    band = model.scenario.band
    assert MOVED == ("substitution", "overproduction", "shock_size")
    mild = model.losses(band("substitution")[1], band("overproduction")[1], band("shock_size")[0])
    assert np.array_equal(model.ends.mild.shortage, mild.shortage)
    fixed = quarters(BAN, STOP, substitution={"default": 0.3})
    severe = fixed.losses(0.3, band("overproduction")[0], band("shock_size")[1])
    assert np.array_equal(fixed.ends.severe.shortage, severe.shortage)
    none = quarters(BAN, STOP, draws=0)
    assert none.ends.mild is none.ends.severe is none.central


def test_sectors_of_substitution_are_those_of_the_product() -> None:
    """A share for the product that stops counts; one for another product does not."""
    own, other = (quarters(BAN, substitution={s: 0.9}).losses(0.0, 1.5, 1.0) for s in ("C28", "B"))
    assert own.gained.sum() > 0
    assert not other.gained.any()


def turned(table: MRIO) -> MRIO:
    """The same table with the sectors of the second country in reverse order."""
    order = np.arange(table.n)
    order[4:8] = order[7:3:-1]
    nodes = Nodes(tuple(table.nodes.country[i] for i in order), tuple(table.nodes.sector[i] for i in order))
    return replace(
        table,
        nodes=nodes,
        Z=np.asarray(table.Z)[np.ix_(order, order)],
        x=table.x[order],
        value_added=table.value_added[order],
        sales_elsewhere=table.sales_elsewhere[order],
    )


def test_products_are_told_by_their_sector_and_not_by_their_place() -> None:
    other = turned(TABLE)
    assert other.nodes.sector[4:8] == tuple(reversed(SECTORS[:4]))
    one, two = quarters(BAN, STOP).central, quarters(BAN, STOP, table=other).central
    place = [other.nodes.position[pair] for pair in TABLE.nodes]
    for name in PICKED.values():
        close(getattr(two, name)[place], getattr(one, name))


# --- the rows ---


def test_rows_hold_the_central_value_between_their_ends() -> None:
    """Sales gained are largest somewhere between: the band holds all three cases."""
    model = quarters(BAN, STOP, {"kind": "demand", "sector": "WLD:B", "change": 0.2})
    frame = quarterly(TABLE, model.scenario, model.ends)
    assert set(frame["period"]) == {"a year"}
    assert (frame["lower"] <= frame["loss"]).all()
    assert (frame["loss"] <= frame["upper"]).all()
    world = totals(TABLE, np.stack([one.gained for one in model.ends]))[:, -1]
    row = frame.filter((frame["measure"] == "gained sales") & (frame["country"] == "WLD"))
    assert row["loss"].item() == pytest.approx(world[0])
    assert (row["lower"].item(), row["upper"].item()) == pytest.approx((world.min(), world.max()))
