"""Extraction, network, influence, paths and points as answers: identities on random tables, and what opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from examples import examples
from tables import wiod2013
from tables.stored import trade
from tables.strategies import dense, mrios, of_country, random_table
from zizhu.depend import exposure, extract, influence, network, paths, points
from zizhu.depend.structure.extraction import KINDS, Kind
from zizhu.ledger.result import Result
from zizhu.show.spec import spec
from zizhu.tables.cut import cut
from zizhu.tables.leontief import Vector, reciprocal
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.tables.trade import Trade
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, ZizhuError

NO_TRADE = trade((1995, "CHN", "USA", "284690", 1, None))
TABLE = random_table(7, 5, 4, inactive=2, silent=2)


def extraction(mrio: MRIO, **options: Any) -> extract.Inputs:
    return extract.Inputs(extract.Params(**options), mrio, NO_TRADE)


def chains(mrio: MRIO, **options: Any) -> paths.Inputs:
    return paths.Inputs(paths.Params(**options), mrio, NO_TRADE)


def suppliers(mrio: MRIO, **options: Any) -> points.Inputs:
    return points.Inputs(points.Params(**options), mrio, NO_TRADE)


def standing(mrio: MRIO, **options: Any) -> network.Inputs:
    return network.Inputs(network.Params(**options), mrio)


def hanging(mrio: MRIO, **options: Any) -> influence.Inputs:
    return influence.Inputs(influence.Params(**options), mrio)


def active(mrio: MRIO) -> list[str]:
    return [mrio.nodes.label(int(i)) for i in np.flatnonzero(mrio.x > 0)]


def lost_anew(mrio: MRIO, K: list[int], kind: Kind) -> Vector:
    """Output lost, by solving the changed table."""
    full = dense(mrio)
    A, y = full.A.copy(), full.y.copy()
    if kind != "forward":
        A[:, K] = 0
    if kind != "backward":
        A[K] = 0
    if kind == "complete":
        y[K] = 0
    return np.asarray(mrio.x - np.linalg.solve(np.eye(mrio.n) - A, y))


# --- extraction ---


@pytest.mark.parametrize("kind", KINDS)
@examples(15)
@given(mrio=mrios(least=3))
def test_losses_are_those_of_the_changed_table(kind: Kind, mrio: MRIO) -> None:
    codes = (active(mrio)[0], "CHN", "EU27")
    result = extract.solve(extraction(mrio, extracted=codes, kind=kind, insist=True))
    slack = 1e-9 * mrio.x.max()
    for code in codes:
        K = [int(i) for i in extract.nodes_of(mrio, code)]
        lost = lost_anew(mrio, K, kind)
        at_home = np.isin(mrio.nodes.country_index, mrio.nodes.country_index[K])
        for country in ("TOTAL", *result.frame.filter(pl.col("country") != "TOTAL")["country"].unique()):
            here = np.ones(mrio.n) if country == "TOTAL" else of_country(mrio, country)
            row = result.row(f"{code}|{country}")
            assert row["output_lost"] == pytest.approx(here @ lost, abs=slack)
            assert row["value_added_lost"] == pytest.approx(here * dense(mrio).v @ lost, abs=slack)
            assert row["output_lost_abroad"] == pytest.approx(here @ np.where(at_home, 0, lost), abs=slack)
            others = np.delete(lost * here, K).sum()
            assert row["output_lost_others"] == pytest.approx(others, abs=slack)
            assert row["share_of_output"] == pytest.approx(here @ lost / (here @ mrio.x), abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5)  # each with every industry and every country
@given(mrio=mrios(least=2))
def test_all_at_once_is_each_on_its_own(kind: Kind, mrio: MRIO) -> None:
    for each in ("industry", "country"):
        together = extract.solve(extraction(mrio, each=each, kind=kind))
        for row in together.frame.iter_rows(named=True):
            alone = extract.solve(extraction(mrio, extracted=(row["extracted"],), kind=kind, insist=True))
            for column, value in row.items():
                found = alone.row(f"{row['extracted']}|TOTAL")[column]
                assert found == (
                    pytest.approx(value, abs=1e-9 * mrio.x.max()) if column in together.units else value
                )


def test_every_industry_with_output_is_extracted_once() -> None:
    frame = extract.solve(extraction(TABLE)).frame
    assert frame["extracted"].to_list() == active(TABLE)
    assert not frame.select(pl.exclude("extracted", "country")).to_numpy().ravel().tolist().count(np.nan)


def test_a_plan_sector_is_refused_with_the_industries_to_name() -> None:
    with pytest.raises(ZizhuError, match="parts of industries") as error:
        extract.solve(extraction(TABLE, extracted=("CHN:MIC2025.next_gen_it",)))
    assert "C26" in error.value.problems[0].remedy


def test_what_has_no_output_is_refused() -> None:
    silent = next(TABLE.nodes.label(i) for i in range(TABLE.n) if TABLE.x[i] == 0)
    with pytest.raises(CannotAnswer, match="no output"):
        extract.solve(extraction(TABLE, extracted=(silent,)))


def test_parts_of_a_country_are_extracted_together() -> None:
    nodes = TABLE.nodes
    part = tuple(c if c not in ("CHN", "DEU") else "CHN" for c in nodes.country)
    names = tuple({"CHN": "CN1", "DEU": "CN2"}.get(c, c) for c in nodes.country)
    split = replace(TABLE, nodes=Nodes(names, nodes.sector, part))
    result = extract.solve(extraction(split, extracted=("CHN",), insist=True))
    K = [i for i, c in enumerate(nodes.country) if c in ("CHN", "DEU")]
    lost = lost_anew(TABLE, K, "complete")
    assert result.row("CHN|TOTAL")["output_lost"] == pytest.approx(lost.sum(), rel=1e-9)
    assert result.row("CHN|CHN")["output_lost_others"] == pytest.approx(0, abs=1e-9)


def test_the_meaning_is_said_with_the_answer() -> None:
    for kind, words in (("complete", "gone"), ("backward", "buys no inputs"), ("forward", "nobody buys")):
        result = extract.solve(extraction(TABLE, kind=kind))
        assert words in result.basis
        assert any("not the shortage" in n for n in result.notes)


# --- network ---


@examples(15)
@given(mrios(least=3))
def test_the_network_is_that_of_dense_algebra(mrio: MRIO) -> None:
    result, full = network.solve(standing(mrio)), dense(mrio)
    T = full.L - np.eye(mrio.n)
    for i in np.flatnonzero(mrio.x > 0):
        row = result.row("|".join(mrio.nodes.label(int(i)).split(":")))
        abroad = mrio.nodes.country_index != mrio.nodes.country_index[i]
        expected = {
            "backward": full.L[:, i].sum(),
            "forward": full.L[i] @ mrio.x / mrio.x[i],
            "katz": full.L[i].sum(),
            "outdegree": full.A[i].sum(),
            "betweenness": (full.v @ T[:, i]) * (T[i] @ full.y),
            "bridge": (full.v * abroad @ T[:, i]) * (T[i] @ (full.y * abroad)),
        }
        for column, value in expected.items():
            assert row[column] == pytest.approx(value, rel=1e-6, abs=1e-9 * mrio.x.max())


def test_shown_countries_are_measured_against_the_whole_table() -> None:
    everybody, some = (network.solve(standing(TABLE, countries=c)) for c in ((), ("EU27",)))
    assert set(some.frame["country"]) == {"DEU", "FRA"}
    for row in some.frame.iter_rows(named=True):
        assert everybody.row(f"{row['country']}|{row['sector']}") == row


def test_walks_are_there_when_asked_for_and_null_outside_the_group() -> None:
    result = network.solve(standing(TABLE, random_walk=True))
    assert "closeness" not in network.solve(standing(TABLE)).frame.columns
    missing = result.frame["closeness"].null_count()
    assert 0 < missing < result.frame.height
    assert any(n.startswith(f"{missing} of the industries are outside") for n in result.notes)
    assert any("Ghosh" in n for n in result.notes)


# --- influence ---


@examples(20)
@given(mrios(), st.booleans(), st.booleans())
def test_the_most_influential_coefficients(mrio: MRIO, per_unit: bool, abroad: bool) -> None:
    result, full = influence.solve(hanging(mrio, count=6, per_unit=per_unit, abroad=abroad)), dense(mrio)
    norms = np.outer(np.linalg.norm(full.L, axis=0), np.linalg.norm(full.L, axis=1))
    of = mrio.nodes.country_index
    wanted = (np.asarray(mrio.Z) > 0) & ((of[:, None] != of) | (not abroad))
    sizes = np.sort((norms if per_unit else norms * full.A)[wanted])[::-1][:6]
    column = "influence" if per_unit else "effect"
    assert_allclose(influence.by_size(result)[column], sizes, rtol=1e-6)


# --- paths ---


@examples(25)
@given(mrios(), st.integers(1, 60), st.integers(0, 6))
def test_paths_and_tiers_add_up_to_the_exposure(mrio: MRIO, count: int, tiers: int) -> None:
    buyer, source = active(mrio)[-1], mrio.nodes.countries[0]
    try:
        result = paths.solve(
            chains(mrio, buyer=buyer, sources=(source,), count=count, tiers=tiers, insist=True)
        )
    except CannotAnswer:
        assert dense(mrio).v * of_country(mrio, source) @ dense(mrio).L[:, mrio.n - 1] < 1e-12
        return
    asked = exposure.Params(buyers=(buyer,), sources=(source,), insist=True)
    content = exposure.solve(exposure.Inputs(asked, mrio, NO_TRADE)).frame["value_added_content"][0]
    total = result.row("TOTAL")["value_added_content"]
    assert total == pytest.approx(content, rel=1e-9)
    for kind in ("path", "tier"):
        rows = result.frame.filter(pl.col("kind") == kind)
        assert rows["value_added_content"].sum() == pytest.approx(total, rel=1e-12)
        assert rows["share"].sum() == pytest.approx(1, rel=1e-12)
    assert result.row("OTHERS")["value_added_content"] >= -1e-12 * total


@pytest.mark.slow
def test_paths_from_abroad_are_those_of_all_other_countries() -> None:
    abroad = paths.solve(chains(TABLE, buyer="USA", abroad=True, count=10_000))
    others = tuple(c for c in TABLE.nodes.countries if c != "USA")
    named = paths.solve(chains(TABLE, buyer="USA", sources=others, count=10_000))
    assert abroad.frame.equals(named.frame)
    assert "all other countries" in abroad.figure().sentence
    whole = paths.solve(chains(TABLE, buyer="USA", count=10_000))
    assert abroad.row("TOTAL")["value_added_content"] < whole.row("TOTAL")["value_added_content"]


def test_a_path_is_drawn_in_words_with_a_country_where_it_enters_one() -> None:
    result = paths.solve(chains(TABLE, buyer="USA:C26", abroad=True, count=200))
    largest = next(paths.by_size(result))
    for row, shown in zip(result.figure().rows, largest.iter_rows(named=True), strict=False):
        steps = [code.partition(":") for code in shown["path"].split(">")]
        said = row["name"].split(" > ")
        entered = [i == 0 or steps[i - 1][0] != who for i, (who, *_) in enumerate(steps)]
        assert [": " in step for step in said] == entered


def test_a_group_that_buys_weighs_its_industries() -> None:
    result = paths.solve(chains(TABLE, buyer="EU27:C26", sources=("CHN", "USA"), count=30))
    ends = {
        row.rsplit(">", 1)[-1] for row in result.frame.filter(pl.col("purchases") >= 1)["path"] if ">" in row
    }
    assert ends == {"DEU:C26", "FRA:C26"}
    assert result.row("OTHERS")["value_added_content"] > 0


def test_flows_below_zero_have_a_bound_or_are_refused() -> None:
    Z = np.array(TABLE.Z, dtype=float)
    i, j = np.argwhere(Z > 0)[3]
    Z[i, j] *= -1
    mended = replace(TABLE, Z=Z, value_added=TABLE.x - Z.sum(axis=0))
    result = paths.solve(chains(mended, buyer=TABLE.nodes.label(int(j)), count=200, tiers=3))
    assert result.frame["value_added_content"].min() < 0
    total = result.row("TOTAL")["value_added_content"]
    tiers = result.frame.filter(pl.col("kind") == "tier")["value_added_content"].sum()
    assert tiers == pytest.approx(total, rel=1e-12)
    signs = np.where(np.arange(TABLE.n) % 2, 3.0, -3.0)
    unbounded = replace(TABLE, Z=np.array(TABLE.Z, dtype=float) * signs)
    with pytest.raises(CannotAnswer, match="without a bound"):
        paths.solve(chains(unbounded, buyer=active(TABLE)[0]))


def test_a_source_that_reaches_nobody_is_refused() -> None:
    alone = replace(
        TABLE, Z=np.where(TABLE.nodes.country_index[:, None] == TABLE.nodes.country_index, TABLE.Z, 0)
    )
    with pytest.raises(CannotAnswer, match="no value added"):
        paths.solve(chains(alone, buyer="USA:C28", sources=("CHN",), insist=True))


# --- points ---


@examples(25)
@given(mrios(least=3), st.floats(0.05, 0.9), st.booleans())
def test_points_are_the_suppliers_above_the_cut(mrio: MRIO, cut: float, home: bool) -> None:
    buyer = active(mrio)[0]
    result, full = points.solve(suppliers(mrio, buyer=buyer, cut=cut, home=home, insist=True)), dense(mrio)
    labels = [mrio.nodes.label(i) for i in range(mrio.n)]
    j = labels.index(buyer)
    bought, added = full.A[:, j], full.v * full.L[:, j]
    sector = np.array(mrio.nodes.sector)
    found = {}
    for i in range(mrio.n):
        alike = sector == sector[i]
        shares = [a[i] / a[alike].sum() if a[alike].sum() > 0 else 0.0 for a in (bought, added)]
        if max(shares) > cut and (home or mrio.nodes.country[i] != mrio.nodes.country[j]):
            found[mrio.nodes.label(i)] = shares
    assert set(result.frame["supplier"]) == set(found)
    for row in result.frame.iter_rows(named=True):
        assert (row["direct"] or 0.0) == pytest.approx(found[row["supplier"]][0], rel=1e-6, abs=1e-12)
        assert (row["look_through"] or 0.0) == pytest.approx(found[row["supplier"]][1], rel=1e-6, abs=1e-12)
        assert max(row["direct"] or 0, row["look_through"] or 0) > cut
        alike = [k for k in range(mrio.n) if sector[k] == row["input"] and labels[k] != row["supplier"]]
        for amounts, share, who in (
            (bought, "next_direct", "next_seller"),
            (added, "next_look_through", "next_maker"),
        ):
            total = amounts[sector == row["input"]].sum()
            if total <= 0:
                assert (row[share], row[who]) == (None, None)
            elif not max((amounts[k] for k in alike), default=0.0) > 0:
                assert (row[share], row[who]) == (0.0, None)
            else:
                assert row[share] == pytest.approx(max(amounts[k] for k in alike) / total, rel=1e-6)
                assert amounts[labels.index(row[who])] / total == pytest.approx(row[share], rel=1e-6)


def test_small_inputs_are_left_out_when_asked() -> None:
    every, some = (points.solve(suppliers(TABLE, buyer="USA:C28", cut=0.3, least=a)) for a in (0.0, 0.1))
    large = every.frame.filter(pl.max_horizontal("purchases", "contained") >= 0.1)
    assert 0 < some.frame.height < every.frame.height
    assert some.frame.equals(large)


def test_a_buyer_without_points_has_an_empty_answer() -> None:
    result = points.solve(suppliers(TABLE, buyer="USA:C28", cut=0.999))
    assert result.frame.is_empty()
    assert result.frame.schema == points.solve(suppliers(TABLE, buyer="USA:C28", cut=0.2)).frame.schema
    below = points.solve(suppliers(TABLE, buyer="USA:C28", cut=0.0)).frame
    shares = {
        r["supplier"]: max(r["direct"] or 0, r["look_through"] or 0) for r in below.iter_rows(named=True)
    }
    nearest = max(shares, key=lambda s: shares[s])
    figure = result.figure()
    assert [r["value"] for r in figure.rows] == [pytest.approx(shares[nearest])]
    assert f"None above 99.9 %: the nearest is {names.node(nearest)}, {shares[nearest]:.1%}." in figure.notes
    assert figure.sentence.startswith("No supplier has more than 99.9 %")
    assert spec(figure)["$schema"]


def test_without_any_supplier_there_is_none_to_draw() -> None:
    j = TABLE.nodes.position["USA", "C28"]
    Z = TABLE.Z.copy()
    Z[:, j] = 0
    result = points.solve(suppliers(replace(TABLE, Z=Z), buyer="USA:C28", cut=0.5, insist=True))
    assert "None above 50 %: no supplier." in result.notes
    assert [r["value"] for r in result.figure().rows] == [None]


def test_cuts_of_nothing_and_of_all_can_be_asked() -> None:
    every, none = (points.solve(suppliers(TABLE, buyer="USA:C28", cut=c)).frame for c in (0.0, 1.0))
    assert none.is_empty()
    assert (every.select(pl.max_horizontal("direct", "look_through")).to_series() > 0).all()


@pytest.mark.parametrize("by", ["bridge", "pagerank", "backward", "forward", "output", "katz"])
def test_the_network_is_drawn_by_what_orders_it(by: str) -> None:
    result = network.drawn_by(network.solve(standing(TABLE)), by)
    figure = result.figure()
    largest = result.frame[by].sort(descending=True).head(20).to_list()
    assert [r["value"] for r in figure.rows] == largest
    assert figure.unit == result.units[by]
    assert figure.rows[0]["ref"].endswith(f",{by}")


def test_parts_of_a_country_are_one_supplier() -> None:
    part = tuple("CHN" if c == "DEU" else c for c in TABLE.nodes.country)
    names = tuple({"CHN": "CN1", "DEU": "CN2"}.get(c, c) for c in TABLE.nodes.country)
    split = replace(TABLE, nodes=Nodes(names, TABLE.nodes.sector, part))
    whole = points.solve(suppliers(split, buyer="USA:C28", cut=0.05)).frame
    apart = points.solve(suppliers(TABLE, buyer="USA:C28", cut=1e-9)).frame
    for row in whole.filter(pl.col("supplier").str.starts_with("CHN")).iter_rows(named=True):
        both = apart.filter(pl.col("input") == row["input"], pl.col("supplier").str.contains("CHN|DEU"))
        assert row["look_through"] == pytest.approx(both["look_through"].sum(), rel=1e-9)


# --- what opens ---

Ask = Callable[[MRIO], Any]
ASKED: dict[str, tuple[ModuleType, Ask]] = {
    "extract named": (extract, lambda m: extraction(m, extracted=("CHN:C26", "EU27"))),
    "extract backward": (extract, lambda m: extraction(m, kind="backward", extracted=("USA",))),
    "extract every": (extract, lambda m: extraction(m, kind="forward")),
    "network": (network, lambda m: standing(m, random_walk=True)),
    "influence": (influence, lambda m: hanging(m, count=5)),
    "paths": (paths, lambda m: chains(m, buyer="EU27:C28", sources=("CHN",), count=10, tiers=2)),
    "paths of all": (paths, lambda m: chains(m, buyer="CHN:C26", count=4, tiers=0)),
    "points": (points, lambda m: suppliers(m, buyer="USA:C28", cut=0.2, home=True)),
}


@pytest.mark.parametrize("name", ASKED)
def test_every_number_opens_into_parts_that_make_it(name: str) -> None:
    """Summands add up to the number; factors, which have no share, multiply to it."""
    module, ask = ASKED[name]
    inputs = ask(TABLE)
    result: Result = module.solve(inputs)
    for row in result.frame.head(8).iter_rows(named=True):
        key = "|".join(str(row[k]) for k in result.key)
        for column in result.units:
            if row[column] is None:
                with pytest.raises(CannotAnswer):
                    module.explain(inputs, result, key, column)
                continue
            whole, few = (module.explain(inputs, result, key, column, top) for top in (10**6, 2))
            summands = [p.value for p in whole.parts if p.share is not None]
            assert whole.value == row[column]
            assert len(few.parts) <= 2
            assert len(few.parts) + few.left_out == len(whole.parts)
            if summands:
                left = max(0.0, whole.value) if column == "pagerank" else 0.0
                assert sum(summands) + left * 0 + whole.remainder == pytest.approx(
                    whole.value, rel=1e-9, abs=1e-12
                )
                assert column == "pagerank" or whole.remainder == pytest.approx(
                    0, abs=1e-8 * abs(whole.value) + 1e-12
                )
            elif whole.parts and column not in ("purchases", "closeness", "counting"):
                assert np.prod([p.value for p in whole.parts]) == pytest.approx(whole.value, rel=1e-9)


@pytest.mark.parametrize("name", ASKED)
def test_every_answer_is_drawn_and_has_no_nan(name: str) -> None:
    module, ask = ASKED[name]
    result: Result = module.solve(ask(TABLE))
    numbers = result.frame.select(pl.col(*result.units).cast(pl.Float64))
    assert not numbers.select(pl.any_horizontal(pl.all().is_nan().any())).item()
    assert spec(result.figure())["$schema"]


# --- real tables ---


def everything(mrio: MRIO) -> list[Result]:
    return [
        extract.solve(extraction(mrio, insist=True)),
        extract.solve(extraction(mrio, each="country", kind="backward", insist=True)),
        network.solve(standing(mrio, random_walk=True)),
        influence.solve(hanging(mrio)),
        paths.solve(chains(mrio, buyer="USA", sources=("CHN",))),
        points.solve(suppliers(mrio, buyer="CHN", cut=0.3)),
    ]


@pytest.mark.slow
@wiod2013.needed
def test_wiod_without_a_warning() -> None:
    """Warnings are errors here; the table has negative final sales and industries without output."""
    extracted, countries, standings, *_ = everything(wiod2013.table(2011))
    assert countries.frame.height == wiod2013.COUNTRIES
    assert standings.frame["kind"].n_unique() == 4
    assert extracted.frame.filter(~pl.col("value_added_lost").is_finite()).is_empty()


@pytest.mark.slow
@wiod2013.needed
@pytest.mark.parametrize("year", wiod2013.YEARS)
def test_every_year_of_wiod_without_a_warning(year: int) -> None:
    for result in everything(wiod2013.table(year)):
        assert result.frame.height > 0


def test_the_built_in_table_without_final_demand_by_destination(icio: MRIO, baci: Trade) -> None:
    """Forward extraction is a cut of the rows, complete extraction leaves nothing, paths add up to the exposure."""
    assert icio.final is None
    K = icio.nodes.of(["TWN"], ["C26"])
    gone = extract.Inputs(extract.Params(extracted=("TWN:C26",)), icio, baci).lost(K)
    assert gone[K[0]] == pytest.approx(icio.x[K[0]], rel=1e-12)
    unsold = extract.Inputs(extract.Params(extracted=("TWN:C26",), kind="forward"), icio, baci).lost(K)
    D = np.asarray(icio.Z[K], dtype=float) * reciprocal(icio.x)
    same = cut(icio.lu, icio.x, icio.v, D, K, np.arange(icio.n)).lost_output
    assert_allclose(unsold, same, rtol=1e-9, atol=1e-9)
    result = paths.solve(paths.Inputs(paths.Params(buyer="USA:C26", sources=("CHN",)), icio, baci))
    content = icio.contained[icio.nodes.countries.index("CHN"), icio.nodes.position["USA", "C26"]]
    assert result.row("TOTAL")["value_added_content"] == pytest.approx(content, rel=1e-12)
    assert result.frame.filter(pl.col("kind") == "path").height == 51


def test_the_rest_of_the_world_is_said_to_be_no_single_supplier() -> None:
    mrio = random_table(1)
    rest = tuple("ROW" if c == "CHN" else c for c in mrio.nodes.country)
    named = replace(mrio, nodes=Nodes(rest, mrio.nodes.sector))
    asked = points.Params(buyer="USA", cut=0.01, insist=True)
    told = [points.solve(points.Inputs(asked, of, NO_TRADE)).notes for of in (mrio, named)]
    assert [any("no single suppliers" in note for note in notes) for notes in told] == [False, True]


@pytest.mark.parametrize("name", ASKED)
def test_every_answer_says_what_it_covers(name: str) -> None:
    module, ask = ASKED[name]
    result: Result = module.solve(ask(TABLE))
    assert result.coverage
    assert all(c.share is not None and c.statement for c in result.coverage)


@pytest.mark.parametrize("each", ["industry", "country"])
def test_losses_of_all_industries_are_refused_where_most_imports_are_not_in_the_table(each: str) -> None:
    """Saudi Arabia, which is not in the table, sells more than all of its economies sell each other."""
    open_ended = replace(TABLE, flags=replace(TABLE.flags, has_rest_of_world=False))
    ask = extract.Inputs(
        extract.Params(each=each), open_ended, trade((2022, "SAU", "USA", "270900", 10**15, None))
    )
    with pytest.raises(CannotAnswer, match="the imported inputs of the economies of the table"):
        extract.solve(ask)
    told = extract.solve(replace(ask, params=ask.params.model_copy(update={"insist": True}))).coverage
    assert told[0].share is not None
    assert told[0].share < 0.5
