"""Content of trade as it is answered: sums, perspectives, refusals, and every number opened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose

from depend.exporting import exporting, exporting_table
from examples import examples
from tables import wiod2013
from tables.stored import trade
from tables.strategies import permuted, scaled
from zizhu.depend import content
from zizhu.ledger.result import Result
from zizhu.show.render import render
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.tables.trade import Trade
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, ZizhuError

NO_TRADE = trade((1995, "CHN", "USA", "284690", 1, None))
TABLE = exporting_table(7, 5, 4)
METHODS = ("bm-source", "bm-sink", "kww", "wwz", "tiva", "intermediates")
CELL = ["exporter", "partner", "sector"]


def inputs(mrio: MRIO, *exporters: str, trade: Trade = NO_TRADE, **asked: Any) -> content.Inputs:
    return content.Inputs(content.Params(exporters=exporters, **asked), mrio, trade)


def ask(mrio: MRIO, *exporters: str, **asked: Any) -> Result:
    return content.solve(inputs(mrio, *exporters, **asked))


def value(result: Result, key: str) -> float:
    return float(result.row(key)["value"])


def parted(mrio: MRIO) -> MRIO:
    """The same table with Germany as a part of China: one country in two parts."""
    country = tuple({"CHN": "CN1", "DEU": "CN2"}.get(c, c) for c in mrio.nodes.country)
    whole = tuple({"CN1": "CHN", "CN2": "CHN"}.get(c, c) for c in country)
    assert mrio.final is not None
    final = np.column_stack([mrio.final[:, :2].sum(axis=1), mrio.final[:, 2:]])
    return replace(mrio, nodes=Nodes(country, mrio.nodes.sector, part_of=whole), final=final)


# --- sums ---


@examples(15)
@given(exporting())
def test_parts_add_up_to_what_they_are_a_part_of(mrio: MRIO) -> None:
    for method in METHODS:
        frame = ask(mrio, mrio.nodes.countries[0], method=method).frame
        assert frame["value"].is_finite().all()
        parts = frame.filter(pl.col("part_of") != "").group_by("part_of").agg(pl.col("value").sum())
        of = dict(zip(frame["term"], frame["value"], strict=True))
        largest = max(abs(v) for v in of.values())
        for parent, added in parts.iter_rows():
            assert added == pytest.approx(of[parent], rel=1e-9, abs=1e-10 * largest)


@pytest.mark.parametrize("method", ["bm-source", "bm-sink", "wwz", "tiva", "intermediates"])
def test_industries_and_partners_add_up_to_all(method: str) -> None:
    whole = ask(TABLE, "CHN", method=method).frame.sort("term")
    for split in ({"by_sector": True}, {"by_partner": True}, {"by_sector": True, "by_partner": True}):
        frame = ask(TABLE, "CHN", method=method, **split).frame
        added = frame.group_by("term").agg(pl.col("value").sum()).sort("term")
        assert_allclose(added["value"], whole["value"], rtol=1e-9)
        total = frame.filter(pl.col("part_of") == "").select(*CELL, "value")
        held = frame.filter(pl.col("share").is_not_null())
        first = held.group_by(CELL, maintain_order=True).agg(pl.col("value").first().alias("exports"))
        shares = held.join(first, on=CELL)
        assert_allclose(shares["share"] * shares["exports"], shares["value"], rtol=1e-9, atol=1e-9)
        assert total.height >= first.height


@settings(max_examples=10)
@given(exporting(least=3))
def test_neither_the_order_nor_the_unit_of_a_table_matters(mrio: MRIO) -> None:
    order = list(reversed(range(len(mrio.nodes.countries))))
    assert mrio.final is not None
    size = len(mrio.nodes.sectors)
    rows = np.array([c * size + s for c in order for s in range(size)])
    other = replace(permuted(mrio, order), final=mrio.final[np.ix_(rows, order)])
    bigger = replace(scaled(mrio, 1000.0, "thousand USD"), final=mrio.final * 1000.0)
    for method in ("bm-sink", "wwz"):
        one, two, three = (
            ask(m, "DEU", method=method, by_partner=True).frame.sort("partner", "term")
            for m in (mrio, other, bigger)
        )
        scale = one["value"].max()
        assert isinstance(scale, float)
        assert_allclose(two["value"], one["value"], rtol=1e-9, atol=1e-11 * scale)
        assert_allclose(three["value"], 1000 * one["value"], rtol=1e-9, atol=1e-8 * scale)


def test_countries_in_parts_answer_as_one() -> None:
    """Parts merged after the inversion are a group of two countries; their trade with each other is no export."""
    for method in METHODS:
        apart = ask(parted(TABLE), "CHN", method=method).frame["value"]
        assert_allclose(apart, _group_of_two(method), rtol=1e-9)


def _group_of_two(method: str) -> list[float]:
    from zizhu.depend.sides import Side, cuts

    params = content.Params(exporters=("CHN",), method=method)  # type: ignore[arg-type]
    (cut,) = cuts(TABLE, [Side("CHN", (0, 1))], [], False, {})
    return content._rows(TABLE, cut, params)["value"].to_list()


# --- perspectives ---


def test_a_group_leaves_out_its_internal_trade_and_says_so() -> None:
    group = ask(TABLE, "EU27")
    members = ask(TABLE, "EU27", perspective="country", by_partner=True)
    exports = members.frame.filter(pl.col("term") == "bm-source.EXGR")
    inside = exports.filter(pl.col("partner").is_in(["DEU", "FRA"]))["value"].sum()
    assert members.frame["exporter"].unique().sort().to_list() == ["DEU", "FRA"]
    assert value(group, "EU27|WLD|TOTAL|bm-source.EXGR") == pytest.approx(exports["value"].sum() - inside)
    assert any("trade among its members is left out" in n for n in group.notes)
    assert "perspective: group" in group.basis
    assert any("exports to other members are in" in n for n in members.notes)


def test_a_group_of_partners_is_one_importer_without_the_exporter() -> None:
    one = ask(TABLE, "DEU", partners=("EU27",))
    other = ask(TABLE, "DEU", partners=("FRA",))
    assert_allclose(one.frame["value"], other.frame["value"], rtol=1e-12)
    each = ask(TABLE, "CHN", partners=("EU27",), perspective="country")
    assert each.frame["partner"].unique().sort().to_list() == ["DEU", "FRA"]


def test_from_the_world_foreign_value_added_is_counted_before() -> None:
    source = ask(TABLE, "CHN", perspective="world")
    assert value(source, "CHN|WLD|TOTAL|bm-source.FVA") == 0
    assert any("any border" in n for n in source.notes)
    sink, country = ask(TABLE, "CHN", method="bm-sink", perspective="world"), ask(TABLE, "CHN", method="kww")
    for term in ("FVA", "FDC"):
        assert value(sink, f"CHN|WLD|TOTAL|bm-sink.{term}") == pytest.approx(
            value(country, f"CHN|WLD|TOTAL|kww.{term}"), rel=1e-9
        )


# --- what the table does not have ---


def test_without_final_demand_by_destination_it_names_what_is_missing(icio: MRIO, baci: Trade) -> None:
    for method in ("bm-source", "bm-sink", "kww", "wwz", "tiva"):
        with pytest.raises(CannotAnswer, match=r"final demand by destination is not known.*oecd-icio"):
            ask(icio, "CHN", trade=baci, method=method)


def test_an_estimate_of_final_demand_is_refused() -> None:
    guessed = replace(TABLE, flags=replace(TABLE.flags, final_is_estimated=True))
    with pytest.raises(CannotAnswer, match="is estimated"):
        ask(guessed, "CHN")


def test_the_built_in_table_answers_on_inputs(icio: MRIO, baci: Trade) -> None:
    result = ask(icio, "CHN", trade=baci, method="intermediates")
    of = {r["term"]: r for r in result.frame.iter_rows(named=True)}
    home = icio.nodes.of(["CHN"])
    abroad = np.setdiff1d(np.arange(icio.n), home)
    sold = icio.Z[np.ix_(home, abroad)].sum(axis=1, dtype=float)
    assert of["intermediates.EXGR_INT"]["value"] == pytest.approx(sold.sum(), rel=1e-6)
    position = icio.nodes.countries.index("CHN")
    domestic = icio.contained[position, home] @ sold
    assert of["intermediates.DC"]["value"] == pytest.approx(domestic, rel=1e-6)
    assert of["intermediates.DC"]["share"] + of["intermediates.FC"]["share"] == pytest.approx(1, rel=1e-9)
    assert any("inputs only" in n for n in result.notes)
    assert any("upper bound" in n for n in result.notes)
    assert [c.gate for c in result.coverage] == [True, False]


def test_stages_of_exports_of_the_built_in_table(icio: MRIO, baci: Trade) -> None:
    result = ask(icio, "CHN", "AUS", trade=baci, method="position")
    assert result.units == {"value": "stages"}
    assert "exports of inputs" in result.basis
    for who in ("CHN", "AUS"):
        up, down, place = (value(result, f"{who}|WLD|TOTAL|position.{t}") for t in content.STAGES)
        assert place == pytest.approx(up / down)
    up = {w: value(result, f"{w}|WLD|TOTAL|position.upstreamness") for w in ("CHN", "AUS")}
    assert up["AUS"] > up["CHN"]  # ores against machines


def test_taxes_that_a_table_keeps_apart_are_a_term_of_their_own() -> None:
    taxes = 0.1 * TABLE.value_added
    mrio = replace(TABLE, value_added=TABLE.value_added - taxes, primary=taxes)
    for method in METHODS:
        frame = ask(mrio, "CHN", method=method).frame
        plain = ask(TABLE, "CHN", method=method).frame
        other = frame.filter(pl.col("term") == f"{method}.OTHER")
        assert other["share"][0] == pytest.approx(0.1, rel=1e-9)
        total = plain["value"][0]
        leaves = frame.filter(~pl.col("term").is_in(frame["part_of"].implode()) & (pl.col("part_of") != ""))
        inside = leaves.filter(~pl.col("part_of").str.ends_with(".GVC"))
        assert inside["value"].sum() == pytest.approx(total, rel=1e-9)


def test_rows_that_fall_short_of_output_leave_exports_as_they_are() -> None:
    short = replace(TABLE, x=TABLE.x * 1.01)
    result = ask(short, "CHN", method="wwz")
    assert value(result, "CHN|WLD|TOTAL|wwz.EXGR") == pytest.approx(
        value(ask(TABLE, "CHN", method="wwz"), "CHN|WLD|TOTAL|wwz.EXGR")
    )
    assert any("counts as final sales at home" in n for n in result.notes)


def test_sales_to_an_industry_without_output_are_final() -> None:
    """Nothing goes further from there: exports to it are exports, and all terms still add up."""
    idle = TABLE.nodes.position["USA", "B"]
    x = TABLE.x.copy()
    x[idle] = 0.0
    mrio = replace(TABLE, x=x)
    for method in METHODS[:-1]:
        frame = ask(mrio, "CHN", method=method).frame
        home = TABLE.nodes.country_index == 0
        assert TABLE.final is not None
        exports = TABLE.Z[np.ix_(home, ~home)].sum() + TABLE.final[home, 1:].sum()
        assert frame["value"][0] == pytest.approx(exports, rel=1e-9)
        parts = frame.filter(pl.col("part_of") == f"{method}.EXGR")["value"].sum()
        assert parts == pytest.approx(exports, rel=1e-9)


# --- questions that cannot be answered ---


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"method": "kww", "partners": ("USA",)}, "Ask for wwz"),
        ({"method": "kww", "by_sector": True}, "Ask for wwz"),
        ({"method": "wwz", "perspective": "world"}, "wwz has no perspective of the world"),
        ({"partners": ("USA",), "by_partner": True}, "partners are named and all are asked for"),
        ({"partners": ("CHN",)}, "no partner is left"),
        ({"partners": ("DEU", "EU27")}, "DEU and EU27 overlap"),
    ],
)
def test_questions_that_make_no_sense_are_refused(asked: dict[str, Any], what: str) -> None:
    with pytest.raises(ZizhuError, match=what):
        ask(TABLE, "CHN", **asked)


def test_the_world_exports_to_nobody() -> None:
    with pytest.raises(ZizhuError, match="nobody is left to export to"):
        ask(TABLE, "WLD")
    assert ask(TABLE, "WLD", perspective="country").frame["exporter"].n_unique() == 5


def test_unknown_countries_and_parts_are_named() -> None:
    with pytest.raises(ZizhuError, match="unknown country or group 'CHM'"):
        ask(TABLE, "CHM")
    with pytest.raises(CannotAnswer, match="CN1 is a part of CHN"):
        ask(parted(TABLE), "CN1")


# --- opened ---


ALL: dict[str, Any] = {}
INDUSTRIES: dict[str, Any] = {"by_sector": True}
FLOWS: dict[str, Any] = {"by_sector": True, "partners": ("EU27", "USA")}


@pytest.mark.parametrize(
    ("method", "split"),
    [("kww", ALL)]
    + [(m, split) for m in METHODS if m != "kww" for split in (ALL, FLOWS)]
    + [("wwz", INDUSTRIES), ("tiva", INDUSTRIES), ("position", ALL), ("position", FLOWS)],
    ids=str,
)
def test_every_number_opens_into_parts_that_add_up(method: str, split: dict[str, Any]) -> None:
    asked = inputs(TABLE, "CHN", "USA" if not split else "VNM", method=method, **split)
    result = content.solve(asked)
    step = 7 if split else 1  # every term and every kind of cell, not all of their pairs
    for row in result.frame.gather_every(step).iter_rows(named=True):
        key = "|".join(str(row[c]) for c in content.KEY)
        for column in result.units:
            if row[column] is None:
                continue
            opened = content.explain(asked, result, key, column, top=10**6)
            assert opened.left_out == 0
            assert opened.remainder == pytest.approx(0, abs=1e-9 * max(1.0, abs(row[column])))
            few = content.explain(asked, result, key, column, top=2)
            assert len(few.parts) <= 2
            assert sum(p.value for p in few.parts) + few.remainder == pytest.approx(row[column], abs=1e-12)


def test_a_flow_opens_into_its_buyers() -> None:
    asked = inputs(TABLE, "CHN", method="bm-source", by_sector=True, partners=("USA",))
    opened = content.explain(asked, content.solve(asked), "CHN|USA|C26|bm-source.EXGR", "value", top=100)
    assert TABLE.final is not None
    cells = {p.ref.partition("#")[2]: p.value for p in opened.parts}
    i, r = TABLE.nodes.position["CHN", "C26"], TABLE.nodes.countries.index("USA")
    assert cells["CHN:C26"] == pytest.approx(TABLE.final[i, r])
    for j in TABLE.nodes.of(["USA"]):
        if TABLE.Z[i, j]:
            assert cells[f"CHN:C26,{TABLE.nodes.label(int(j))}"] == pytest.approx(TABLE.Z[i, j])


def test_a_share_of_nothing_has_no_number() -> None:
    silent = TABLE.nodes.position["CHN", "C26"]
    Z, final = np.array(TABLE.Z, dtype=float), np.array(TABLE.final)
    abroad = TABLE.nodes.country_index != 0
    home = Z[silent, abroad].sum() + final[silent, 1:].sum()
    Z[silent, abroad], final[silent, 1:] = 0.0, 0.0
    final[silent, 0] += home
    mrio = replace(TABLE, Z=Z, final=final)
    asked = inputs(mrio, "CHN", method="tiva", by_sector=True)
    result = content.solve(asked)
    row = result.row("CHN|WLD|C26|tiva.FFD_DVA")
    assert row["value"] > 0
    assert row["share"] is None
    with pytest.raises(CannotAnswer, match="an industry that exports"):
        content.explain(asked, result, "CHN|WLD|C26|tiva.FFD_DVA", "share")
    assert any("no share" in n for n in result.notes)


# --- drawn ---


@pytest.mark.parametrize("method", [*METHODS, "position"])
def test_every_method_draws(method: str) -> None:
    result = ask(TABLE, "CHN", "USA", method=method)
    figure = result.figure()
    drawn = pl.DataFrame(figure.rows)
    assert figure.kind == "bars"
    assert "<svg" in render(figure)
    assert drawn["who"].n_unique() == 2
    if method != "position":
        assert_allclose(drawn.group_by("who").agg(pl.col("amount").sum())["amount"], 1.0, rtol=1e-9)


@pytest.mark.parametrize("method", [*METHODS, "position"])
def test_a_picture_of_several_exports_speaks_of_them_all(method: str) -> None:
    result = ask(TABLE, "CHN", "USA", "DEU", method=method)
    figure = result.figure()
    term, column = ("position.upstreamness", "value") if method == "position" else (f"{method}.FC", "share")
    if method == "tiva":
        term = "tiva.EXGR_FVA"
    found = result.frame.filter(pl.col("term") == term).sort(column)
    for row in (found.row(0, named=True), found.row(-1, named=True)):
        said = f"{row['value']:.1f}" if method == "position" else f"{row['share']:.1%}"
        assert said in figure.sentence
        assert f"{names.name(row['exporter'])} to the world" in figure.sentence


def test_a_picture_says_how_many_exports_it_leaves_out() -> None:
    result = ask(TABLE, "CHN", by_partner=True, by_sector=True)
    cells = result.frame.n_unique(["partner", "sector"])
    assert f"Drawn: 12 of {cells} exports, the largest." in result.figure().notes


# --- a real table ---


@wiod2013.needed
def test_china_in_2011() -> None:
    """The two ways of Borin and Mancini agree for China and differ by partner; electronics hold most foreign value."""
    mrio = wiod2013.table(2011)
    source, sink = (ask(mrio, "CHN", method=m, by_partner=True).frame for m in ("bm-source", "bm-sink"))

    def term(frame: pl.DataFrame, name: str) -> pl.Series:
        return frame.filter(pl.col("term").str.ends_with(f".{name}")).sort("partner")["value"]

    for name in ("DVA", "VAX", "REF", "DDC", "FVA", "FDC"):
        assert term(source, name).sum() == pytest.approx(term(sink, name).sum(), rel=1e-9)
    assert np.abs(term(source, "DVA") - term(sink, "DVA")).max() > 100
    by_sector = ask(mrio, "CHN", by_sector=True).frame.filter(pl.col("term") == "bm-source.FC")
    assert by_sector.sort("value", descending=True)["sector"][0] == "c14"
