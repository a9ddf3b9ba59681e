"""Scenarios on tables: codes become rows and shares, held against the stored files; all that does not fit is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from stress.scenario.scenarios import BAN, scenario
from tables.strategies import random_table, table
from zizhu.store.workspace import builtin_root
from zizhu.stress.scenario.effects import Effects, Restriction
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.resolve import resolve, stood
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

TABLE = random_table(1, 5, 4)
"""CHN, DEU, USA, FRA and VNM by C26, C28, B and J61."""
GRAPHITE = ("250410", "250490")


def on(mrio: MRIO, *shocks: dict[str, Any], trade: Trade | None = None, **settings: Any) -> Effects:
    return resolve(scenario(*shocks, **settings), Ground(mrio, trade))


def refused_on(
    mrio: MRIO, *shocks: dict[str, Any], trade: Trade | None = None, **settings: Any
) -> list[Problem]:
    with pytest.raises(ZizhuError) as caught:
        on(mrio, *shocks, trade=trade, **settings)
    assert all(
        p.what and p.where.startswith("one: ") and p.expected and p.remedy for p in caught.value.problems
    )
    return caught.value.problems


def flows(of: Restriction, n: int) -> Any:
    """The cut as a share of every flow (n, n)."""
    full = np.zeros((n, n))
    full[np.ix_(of.rows, of.columns)] = of.cut
    return full


def nodes(mrio: MRIO, countries: list[str], sectors: list[str] | None = None) -> Any:
    return mrio.nodes.of(countries, sectors)


# --- what a shock does ---


def test_a_ban_cuts_the_sender_s_sector_and_an_embargo_both_directions() -> None:
    (ban,) = on(TABLE, {**BAN, "sender": "CHN:C26", "share": 0.25}).restrictions
    expected = np.zeros((TABLE.n, TABLE.n))
    expected[np.ix_(nodes(TABLE, ["CHN"], ["C26"]), nodes(TABLE, ["USA"]))] = 0.25
    assert_allclose(flows(ban, TABLE.n), expected, rtol=0)
    there, back = on(TABLE, {**BAN, "kind": "embargo", "sender": "CHN:C26"}).restrictions
    assert set(there.rows) == set(nodes(TABLE, ["CHN"], ["C26"]))
    assert set(back.rows) == set(nodes(TABLE, ["USA"], ["C26"]))
    assert set(back.columns) == set(nodes(TABLE, ["CHN"]))


@pytest.mark.parametrize(
    ("shock", "share", "until", "held"),
    [
        ({"kind": "quota", "limit": 0.6}, 0.4, None, 1.0),
        ({"kind": "licence", "granted": 0.7, "delay": "5 weeks", "start": "1 week"}, 1.0, 42.0, 0.3),
    ],
    ids=["quota", "licence"],
)
def test_a_quota_and_a_licence_fix_what_is_sold(
    shock: dict[str, Any], share: float, until: float | None, held: float
) -> None:
    (cut,) = on(TABLE, {**BAN, **shock}).restrictions
    assert cut.cut.max() == cut.cut.min() == pytest.approx(share)
    assert cut.course.full_until == until
    assert cut.course.held == pytest.approx(held)


def test_the_receiver_world_is_everybody_else_and_the_rest_of_the_world_too() -> None:
    (ban,) = on(TABLE, {**BAN, "receiver": "WLD"}).restrictions
    assert set(ban.columns) == set(range(TABLE.n)) - set(nodes(TABLE, ["CHN"]))
    rest = table(
        np.asarray(TABLE.Z, dtype=float), TABLE.x, ("CHN", "DEU", "USA", "FRA", "ROW"), TABLE.nodes.sectors
    )
    (ban,) = on(rest, {**BAN, "receiver": "WLD:C26"}).restrictions
    assert set(ban.columns) == set(nodes(rest, ["DEU", "USA", "FRA", "ROW"], ["C26"]))
    (loss,) = on(rest, {"kind": "capacity", "at": "WLD:B", "share": 0.1}).losses
    assert set(loss.rows) == set(nodes(rest, ["CHN", "DEU", "USA", "FRA", "ROW"], ["B"]))
    (change,) = on(rest, {"kind": "demand", "sector": "CHN:C26", "change": -0.2}).demands
    assert_allclose(change.change, [-0.2])


def test_a_receiver_that_holds_the_sender_is_everybody_else_of_it() -> None:
    (ban,) = on(TABLE, {**BAN, "sender": "DEU:C28", "receiver": "EU27"}).restrictions
    assert set(ban.columns) == set(nodes(TABLE, ["FRA"]))


def test_demand_of_one_buyer_is_its_share_of_what_is_sold_to_final_buyers() -> None:
    rng = np.random.default_rng(3)
    final = rng.random((TABLE.n, 5))
    measured = replace(TABLE, final=final, flags=replace(TABLE.flags, has_final_by_destination=True))
    (change,) = on(measured, {"kind": "demand", "sector": "WLD:C28", "buyer": "USA", "change": 0.5}).demands
    rows = nodes(TABLE, list(TABLE.nodes.countries), ["C28"])
    buyer = TABLE.nodes.countries.index("USA")
    assert_allclose(change.change, 0.5 * final[rows, buyer] / final[rows].sum(axis=1))


def test_those_who_rebuild_are_shares_of_the_table_s_sectors() -> None:
    shock = {
        "kind": "destruction",
        "at": "VNM:C26",
        "share": 0.5,
        "rebuilding": "1 year",
        "rebuilt_by": {"C28": 1},
    }
    (loss,) = on(TABLE, shock, horizons=["weeks"]).losses
    assert loss.rebuilt is not None
    assert dict(zip(TABLE.nodes.sectors, loss.rebuilt, strict=True)) == {"C26": 0, "C28": 1, "B": 0, "J61": 0}
    assert loss.rebuilding == 365.0


def test_what_a_horizon_does_not_see_is_said() -> None:
    tariff = {"kind": "tariff", "sender": "CHN", "receiver": "USA", "rate": 0.25, "name": "duty"}
    told = on(TABLE, BAN, tariff, horizons=["weeks"])
    assert "At the horizon of weeks nothing is done with: duty." in told.notes
    assert len(told.restrictions) == 1


# --- products, held against the stored files ---


def stored(name: str) -> pl.DataFrame:
    (path,) = (Path(builtin_root()) / "tables" / name).glob("*/data.parquet")
    return pl.read_parquet(path)


def test_the_share_of_graphite_in_what_japan_buys_of_china_s_mines_is_that_of_the_files(
    icio: MRIO, baci: Trade
) -> None:
    ban = {"kind": "export_ban", "sender": "CHN", "receiver": "JPN", "products": list(GRAPHITE)}
    told = on(icio, ban, trade=baci)
    (cut,) = told.restrictions
    sold = stored("baci-raw-materials").filter(
        pl.col("year") == 2022,
        pl.col("exporter") == "CHN",
        pl.col("importer") == "JPN",
        pl.col("hs6").is_in(GRAPHITE),
    )
    graphite = sold["value_usd"].sum() / 1e6
    places = stored("icio-2022-nodes").sort("idx")
    cells = stored("icio-2022").to_series().to_numpy().reshape(places.height, places.height)
    (mine,) = places.filter(pl.col("iso3") == "CHN", pl.col("sector") == "B08")["idx"].to_list()
    japan = places.filter(pl.col("iso3") == "JPN")["idx"].to_list()
    row = cells[mine].astype(float)
    elsewhere = max(places["final_plus_row_sales"][mine], 0.0)
    all_sales = row[japan].sum() * (1 + elsewhere / row.sum())
    assert cut.rows.tolist() == [mine]
    assert sorted(cut.columns) == japan
    assert_allclose(cut.cut, min(graphite / all_sales, 1.0), rtol=1e-6)
    assert told.coverage[0].share == pytest.approx(
        min(graphite / all_sales, 1.0) * row[japan].sum() / graphite, rel=1e-6
    )
    assert f"{graphite:,.4g} million USD in 2022" in told.coverage[0].statement


@pytest.mark.parametrize(
    ("products", "what"),
    [(["854211"], "no trade in '854211'"), (["284691"], "unknown HS 1992 product '284691'")],
    ids=["no raw material", "no product"],
)
def test_a_product_that_the_trade_table_does_not_have(
    products: list[str], what: str, icio: MRIO, baci: Trade
) -> None:
    (problem,) = refused_on(icio, {**BAN, "products": products}, trade=baci)
    assert problem.what.startswith(what)
    assert problem.where == "one: shock 1 (export_ban CHN to USA): products"
    assert "zizhu data list --products baci-raw-materials" in problem.remedy


def test_products_need_a_trade_table_and_an_industry_that_the_table_has(baci: Trade) -> None:
    (problem,) = refused_on(TABLE, {**BAN, "products": ["250410"]})
    assert problem.what.startswith("no trade table")
    (problem,) = refused_on(TABLE, {**BAN, "products": ["250410"]}, trade=baci)
    assert "(HS 250410) is made in B08" in problem.what


def test_an_embargo_binds_the_direction_in_which_something_is_sold_and_says_which_it_is(
    icio: MRIO, baci: Trade
) -> None:
    embargo = {"kind": "embargo", "products": ["284690"]}
    told = on(icio, {**embargo, "sender": "CHN", "receiver": "ISL"}, trade=baci)
    (way,) = told.restrictions
    assert {icio.nodes.country[i] for i in way.rows} == {"CHN"}
    assert any("no sales of ISL to CHN" in note for note in told.notes)
    with pytest.raises(CannotAnswer, match="no sales of STP to ISL"):
        on(icio, {**embargo, "sender": "STP", "receiver": "ISL"}, trade=baci)


# --- what does not fit ---


def test_every_code_that_a_table_does_not_have_is_said_at_once() -> None:
    problems = refused_on(
        TABLE,
        {**BAN, "sender": "CNH"},
        {**BAN, "receiver": "USA:C62"},
        {"kind": "capacity", "at": "JPN:C26", "share": 0.1},
        {"kind": "destruction", "at": "CHN", "share": 0.1, "rebuilt_by": {"F": 1}, "rebuilding": "1 year"},
        substitution={"default": 0.5, "C27": 0.1},
        stocks={"default": "9 weeks", "C25": "1 week"},
        rationing="priority",
        priority=["C26", "Q"],
        needs={"important": ["C26:X"], "non_critical": ["B", "K"]},
    )
    told = [(p.where, p.what.partition(" in ")[0]) for p in problems]
    assert told == [
        ("one: shock 1 (export_ban CNH to USA): country or group", "unknown country or group 'CNH'"),
        ("one: shock 2 (export_ban CHN to USA:C62): USA:C62", "unknown sector 'C62'"),
        ("one: shock 3 (capacity JPN:C26): JPN", "JPN is not"),
        ("one: shock 4 (destruction CHN): rebuilt_by", "unknown sector 'F'"),
        ("one: substitution", "unknown sector 'C27'"),
        ("one: stocks", "unknown sector 'C25'"),
        ("one: priority", "unknown sector 'Q'"),
        ("one: needs.important", "unknown sector 'X'"),
        ("one: needs.non_critical", "unknown sector 'K'"),
    ]


def test_every_code_of_one_shock_is_said_at_once_and_what_users_need_too(icio: MRIO, baci: Trade) -> None:
    one = {**BAN, "sender": "CNH", "receiver": "USA:C99", "products": ["999999"], "needed_by": ["C98", "C26"]}
    quota = {"kind": "quota", "sender": "CHN:C26", "receiver": "USA", "limit": 0.5}
    need = {**BAN, "sender": "CHN", "receiver": "JPN", "products": ["284690"], "needed_by": ["C26"]}
    with pytest.raises(ZizhuError) as caught:
        stood(
            scenario(one, quota, {**BAN, "name": "ban"}, need, stocks={"C97": "1 week"}), Ground(icio, baci)
        )
    told = [(p.where.removeprefix("one: "), p.what.partition(" (")[0]) for p in caught.value.problems]
    assert told == [
        ("shock 1 (export_ban CNH to USA:C99): products", "no trade in '999999'"),
        ("shock 1 (export_ban CNH to USA:C99): country or group", "unknown country or group 'CNH'"),
        ("shock 1 (export_ban CNH to USA:C99): USA:C99", "unknown sector 'C99'"),
        ("shock 1 (export_ban CNH to USA:C99): needed_by", "unknown sector 'C98'"),
        ("stocks", "unknown sector 'C97'"),
        ("shocks", "quota CHN:C26 to USA and ban say two things of the same sales at the same time"),
    ]
    assert stood(scenario(need), Ground(icio, baci)).inputs


@pytest.mark.parametrize(
    ("sender", "receiver"), [("CHN", "CHN"), ("CHN:C26", "CHN:B"), ("EU27", "EU27"), ("WLD", "WLD")]
)
def test_nobody_restricts_sales_to_itself(sender: str, receiver: str) -> None:
    (problem,) = refused_on(TABLE, {**BAN, "sender": sender, "receiver": receiver})
    assert problem.what.endswith("on both sides")


def test_a_buyer_s_demand_needs_a_table_that_knows_who_buys() -> None:
    with pytest.raises(CannotAnswer, match="has final demand by seller only") as caught:
        on(TABLE, {"kind": "demand", "sector": "CHN:C26", "buyer": "USA", "change": -0.5})
    assert caught.value.problems[0].remedy == "Add one: `zizhu data add oecd-icio`."


def test_only_what_the_tables_lack_makes_an_answer_impossible() -> None:
    lacking = {"kind": "demand", "sector": "CHN:C26", "buyer": "USA", "change": -0.5}
    with pytest.raises(CannotAnswer):
        on(TABLE, lacking, {**BAN, "receiver": "JPN"})
    with pytest.raises(ZizhuError) as caught:
        on(TABLE, lacking, {**BAN, "receiver": "JPM"})
    assert not isinstance(caught.value, CannotAnswer)


# --- two rules for the same sales ---

QUOTA = {"kind": "quota", "sender": "CHN:C26", "receiver": "USA", "limit": 0.5, "name": "quota"}
LICENCE = {"kind": "licence", "sender": "USA", "receiver": "CHN", "granted": 0.5, "name": "licence"}


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (QUOTA, {**BAN, "kind": "embargo"}, True),
        (QUOTA, {**BAN, "name": "ban"}, True),
        (LICENCE, {**BAN, "kind": "embargo"}, True),
        (QUOTA, LICENCE, False),
        (QUOTA, {**BAN, "sender": "CHN:C28"}, False),
        (QUOTA, {**BAN, "receiver": "DEU"}, False),
        (QUOTA, {**BAN, "receiver": "WLD:C26"}, True),
        ({**QUOTA, "duration": "9 weeks"}, {**BAN, "start": "9 weeks"}, False),
        ({**QUOTA, "duration": "10 weeks"}, {**BAN, "start": "9 weeks"}, True),
        ({**BAN, "share": 0.5}, {**BAN, "kind": "embargo"}, False),
    ],
    ids=[
        "embargo",
        "ban",
        "back",
        "directions",
        "sectors",
        "receivers",
        "world",
        "after",
        "while",
        "two bans",
    ],
)
def test_a_quota_or_licence_is_the_only_rule_for_its_sales(
    one: dict[str, Any], other: dict[str, Any], clash: bool
) -> None:
    if not clash:
        assert len(on(TABLE, one, other).restrictions) >= 2
        return
    (problem,) = refused_on(TABLE, one, other)
    assert "say two things of the same sales at the same time" in problem.what


def test_licences_of_different_products_of_one_industry_do_not_meet(icio: MRIO, baci: Trade) -> None:
    first = {**LICENCE, "sender": "CHN", "receiver": "USA", "products": ["284690"], "name": "a"}
    other = {**first, "products": ["280530"], "name": "b"}
    assert len(on(icio, first, other, trade=baci).restrictions) == 2
    (problem,) = refused_on(icio, first, {**other, "products": ["280530", "284690"]}, trade=baci)
    assert problem.what.startswith("a and b say two things")


def test_a_scenario_names_its_shocks_in_messages() -> None:
    one = scenario({**BAN, "name": "my ban", "sender": "XYZ"})
    assert isinstance(one, Scenario)
    with pytest.raises(ZizhuError, match=r"one: shock 1 \(my ban\)"):
        resolve(one, Ground(TABLE, None))
