"""Exposure of buyers to sources on random tables: against dense algebra, and identities that always hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from examples import examples
from tables.stored import trade
from tables.strategies import dense, mrios, of_country, permuted, random_table, scaled, table
from zizhu.depend import exposure
from zizhu.ledger.result import Result
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.tables.selection import select
from zizhu.vocab.problems import CannotAnswer, ZizhuError

NO_TRADE = trade((1995, "CHN", "USA", "284690", 1, None))
TABLE = random_table(7, 5, 4)


def ask(mrio: MRIO, *buyers: str, **options: Any) -> Result:
    return exposure.solve(inputs(mrio, *buyers, **options))


def inputs(mrio: MRIO, *buyers: str, **options: Any) -> exposure.Inputs:
    return exposure.Inputs(exposure.Params(buyers=buyers, **options), mrio, NO_TRADE)


def nodes_with_output(mrio: MRIO) -> list[str]:
    return [mrio.nodes.label(int(i)) for i in np.flatnonzero(mrio.x > 0)]


def column(result: Result, name: str, buyer: str) -> dict[str, float]:
    rows = result.frame.filter(pl.col("buyer") == buyer)
    return dict(zip(rows["source"], rows[name], strict=True))


@examples(25)
@given(mrios())
def test_every_number_is_that_of_dense_algebra(mrio: MRIO) -> None:
    buyers = nodes_with_output(mrio)
    result, full = ask(mrio, *buyers, gross=True), dense(mrio)
    for buyer in buyers:
        j = mrio.nodes.position[tuple(buyer.split(":"))]  # type: ignore[index]
        for source in mrio.nodes.countries:
            R = of_country(mrio, source)
            row = result.row(f"{buyer}|{source}")
            share, face = R * full.v @ full.L[:, j], R @ full.A[:, j]
            assert row["value_added_content"] == pytest.approx(share, rel=1e-9, abs=1e-12)
            assert row["face_value"] == pytest.approx(face, rel=1e-9, abs=1e-12)
            assert row["gross_look_through"] == pytest.approx(R @ full.L[:, j] - R[j], rel=1e-9, abs=1e-10)
            if source == mrio.nodes.country[j]:
                assert (row["hidden"], row["multiple"]) == (None, None)
            else:
                assert row["hidden"] == pytest.approx(share - face, rel=1e-9, abs=1e-12)
                assert (row["multiple"] is None) == (face == 0)


@examples(25)
@given(mrios(gaps=False))
def test_contents_of_all_sources_add_up_to_one(mrio: MRIO) -> None:
    result = ask(mrio, *nodes_with_output(mrio), "WLD", mrio.nodes.countries[0])
    totals = result.frame.group_by("buyer").agg(pl.col("value_added_content").sum())
    assert_allclose(totals["value_added_content"], 1.0, rtol=1e-10)


@given(mrios(least=4, gaps=False))
def test_a_group_of_sources_is_the_sum_of_its_members(mrio: MRIO) -> None:
    members = [c for c in ("DEU", "FRA") if c in mrio.nodes.countries]
    result = ask(mrio, "USA:C26", sources=(*members, "EU27"), gross=True)
    for name in ("value_added_content", "face_value", "gross_look_through", "hidden"):
        of = column(result, name, "USA:C26")
        assert of["EU27"] == pytest.approx(sum(of[m] for m in members), rel=1e-10)


@examples(25)
@given(mrios(least=4, gaps=False))
def test_a_group_of_buyers_is_the_output_weighted_mean_of_its_nodes(mrio: MRIO) -> None:
    nodes = [mrio.nodes.label(int(i)) for i in select(mrio, "EU27:MANUF").index]
    result = ask(mrio, *nodes, "EU27:MANUF")
    size = np.array([mrio.x[mrio.nodes.position[tuple(n.split(":"))]] for n in nodes])  # type: ignore[index]
    for name in ("value_added_content", "face_value"):
        by_node = [column(result, name, n) for n in nodes]
        for source, value in column(result, name, "EU27:MANUF").items():
            mean = sum(s * b[source] for s, b in zip(size, by_node, strict=True)) / size.sum()
            assert value == pytest.approx(mean, rel=1e-10)


def test_a_group_that_holds_the_buyer_is_a_source_without_it() -> None:
    named = inputs(TABLE, "DEU:C26", sources=("EU27", "FRA", "DEU", "WLD"), gross=True, tiers=True)
    result = exposure.solve(named)
    every = ask(TABLE, "DEU:C26", gross=True, tiers=True)
    for name in ("value_added_content", "face_value", "gross_look_through", "tier_1", "beyond"):
        shares = column(every, name, "DEU:C26")
        abroad = sum(v for c, v in shares.items() if c != "DEU")
        found = column(result, name, "DEU:C26")
        assert found["EU27"] == pytest.approx(shares["FRA"])
        assert found["WLD"] == pytest.approx(abroad)
        assert found["DEU"] == pytest.approx(shares["DEU"])
    hidden = column(result, "hidden", "DEU:C26")
    assert {s for s, v in hidden.items() if v is None} == {"DEU"}
    assert "EU27 holds the buyer's own economy: as a source it is meant without it (DEU)." in result.notes
    assert exposure.OWN in result.notes
    assert not {exposure.OWN} & set(ask(TABLE, "DEU:C26", sources=("EU27",)).notes)
    opened = exposure.explain(named, result, "DEU:C26|EU27", "value_added_content", top=99)
    assert not any("DEU:" in p.ref.partition(",")[0] for p in opened.parts if "own value" in p.label)
    assert sum(p.value for p in opened.parts) == pytest.approx(hidden["EU27"] + result.frame["face_value"][0])


def test_a_group_that_is_all_buyer_is_its_own_economy() -> None:
    result = ask(TABLE, "EU27:C26", sources=("EU27", "DEU"))
    assert column(result, "hidden", "EU27:C26") == {"EU27": None, "DEU": None}
    assert column(result, "value_added_content", "EU27:C26")["EU27"] > 0.3
    assert result.figure().title == "Value-added content of the own economy"


def test_a_plan_sector_is_weighted_by_its_parts_and_says_what_it_shows() -> None:
    result = ask(TABLE, "CHN:MIC2025.next_gen_it", "CHN:C26", "CHN:J61")
    assert any("C26" in n for n in result.notes)
    part = select(TABLE, "CHN:MIC2025.next_gen_it")
    weight = part.part * TABLE.x[part.index]
    both = [column(result, "face_value", n)["USA"] for n in ("CHN:C26", "CHN:J61")]
    found = column(result, "face_value", "CHN:MIC2025.next_gen_it")["USA"]
    assert found == pytest.approx(np.average(both, weights=weight))


@examples(25)
@given(mrios(gaps=False), st.data())
def test_money_and_order_change_no_share(mrio: MRIO, data: st.DataObject) -> None:
    buyers = nodes_with_output(mrio)
    order = data.draw(st.permutations(range(len(mrio.nodes.countries))))
    one = ask(mrio, *buyers, gross=True).table()
    for other in (scaled(mrio, 1000.0, "thousand USD"), permuted(mrio, order)):
        again = ask(other, *buyers, gross=True).table()
        assert again.select("buyer", "source").equals(one.select("buyer", "source"))
        for name in ("value_added_content", "face_value", "gross_look_through"):
            assert_allclose(again[name], one[name], rtol=1e-9, atol=1e-13)


# --- opening a number ---


@examples(25)
@given(mrios(gaps=False), st.integers(1, 30))
def test_parts_and_remainder_add_up_to_the_number(mrio: MRIO, top: int) -> None:
    asked = inputs(mrio, "CHN:C26", "WLD")
    result = exposure.solve(asked)
    for key in (f"{b}|{s}" for b in ("CHN:C26", "WLD:TOTAL") for s in mrio.nodes.countries):
        for name in ("value_added_content", "face_value"):
            opened = exposure.explain(asked, result, key, name, top)
            values = [p.value for p in opened.parts]
            assert opened.value == result.row(key)[name]
            assert sum(values) + opened.remainder == pytest.approx(opened.value, rel=1e-12)
            assert len(values) <= top
            assert opened.remainder >= -1e-12
            if top > mrio.n:
                assert opened.remainder == pytest.approx(0, abs=1e-12)
                assert sum(p.share or 0 for p in opened.parts) == pytest.approx(float(opened.value > 0))
            bought = [p.value for p in opened.parts if p.label != "own value added"]
            assert bought == sorted(bought, reverse=True)


def test_parts_of_a_purchase_are_the_cells_of_the_table() -> None:
    asked = inputs(TABLE, "USA:C26")
    opened = exposure.explain(asked, exposure.solve(asked), "USA:C26|CHN", "face_value", 100)
    j = TABLE.nodes.position["USA", "C26"]
    cells = {f"{TABLE.ref}#{TABLE.nodes.label(i)},USA:C26": TABLE.Z[i, j] / TABLE.x[j] for i in range(4)}
    assert {p.ref: p.value for p in opened.parts} == pytest.approx({k: v for k, v in cells.items() if v})


def test_own_value_added_comes_first_and_only_at_home() -> None:
    asked = inputs(TABLE, "USA:C26")
    result = exposure.solve(asked)
    home = exposure.explain(asked, result, "USA:C26|USA", "value_added_content")
    j = TABLE.nodes.position["USA", "C26"]
    assert home.parts[0].label == "own value added"
    assert home.parts[0].value == pytest.approx(TABLE.v[j])
    away = exposure.explain(asked, result, "USA:C26|CHN", "value_added_content")
    assert all(p.label.startswith("through purchases from ") for p in away.parts)


@examples(25)
@given(mrios(gaps=False), st.integers(1, 30))
def test_ratios_differences_and_gross_numbers_open_exactly_too(mrio: MRIO, top: int) -> None:
    asked = inputs(mrio, "CHN:C26", "CHN", gross=True)
    result, full = exposure.solve(asked), dense(mrio)
    for row in result.frame.iter_rows(named=True):
        key = f"{row['buyer']}|{row['source']}"
        for name in (n for n in ("hidden", "multiple", "gross_look_through") if row[n] is not None):
            opened = exposure.explain(asked, result, key, name, top)
            values = [p.value for p in opened.parts]
            assert sum(values) + opened.remainder == pytest.approx(row[name], rel=1e-12, abs=1e-12)
            if not opened.left_out:
                assert sum(values) == pytest.approx(row[name], rel=1e-9, abs=1e-11)
    j = mrio.nodes.position["CHN", "C26"]
    gross = exposure.explain(
        asked, result, f"CHN:C26|{mrio.nodes.countries[-1]}", "gross_look_through", mrio.n
    )
    R = of_country(mrio, mrio.nodes.countries[-1])
    by_hand = {mrio.nodes.label(k): full.A[k, j] * (R @ full.L[:, k]) for k in range(mrio.n)}
    found = {p.ref.partition("#")[2].partition(",")[0]: p.value for p in gross.parts}
    assert found == pytest.approx({k: v for k, v in by_hand.items() if v > 0}, rel=1e-8, abs=1e-12)


def test_a_hidden_part_opens_into_the_numbers_that_it_is_the_difference_of() -> None:
    asked = inputs(TABLE, "USA:C26")
    result = exposure.solve(asked)
    row = result.row("USA:C26|CHN")
    opened = exposure.explain(asked, result, "USA:C26|CHN", "hidden")
    assert [(p.ref, p.value) for p in opened.parts] == [
        (result.ref(row, "value_added_content"), row["value_added_content"]),
        (result.ref(row, "face_value"), -row["face_value"]),
    ]
    assert opened.inputs == (TABLE.ref,)


def test_a_number_that_is_null_and_a_row_that_is_not_there_are_said() -> None:
    asked = inputs(TABLE, "USA:C26", gross=True)
    result = exposure.solve(asked)
    for name in ("hidden", "multiple"):
        with pytest.raises(CannotAnswer, match=f"{name} has no value"):
            exposure.explain(asked, result, "USA:C26|USA", name)
    with pytest.raises(ZizhuError, match=r"no row 'USA:C26\|BRA'"):
        exposure.explain(asked, result, "USA:C26|BRA", "face_value")


# --- the question ---


def test_gross_look_through_is_given_on_request_and_marked() -> None:
    assert "gross_look_through" not in ask(TABLE, "USA:C26").frame.columns
    asked = ask(TABLE, "USA:C26", gross=True)
    assert "gross_look_through" in asked.units
    assert any("counts trade repeatedly" in n for n in asked.notes)


def test_every_numeric_column_has_a_unit() -> None:
    result = ask(TABLE, "USA:C26", gross=True)
    numeric = [c for c, t in result.frame.schema.items() if t.is_numeric()]
    assert set(numeric) == set(result.units)


def test_a_buyer_whose_imports_the_table_sees_by_less_than_half_is_refused_unless_told() -> None:
    dark = trade((2022, "SAU", "USA", "270900", 10**15, None), (2022, "CHN", "DEU", "284690", 1, None))
    asked = exposure.Params(buyers=("USA:C26",))
    closed = replace(TABLE, flags=replace(TABLE.flags, has_rest_of_world=False))
    with pytest.raises(CannotAnswer, match="the table sees 0%"):
        exposure.solve(exposure.Inputs(asked, closed, dark))
    told = exposure.solve(exposure.Inputs(asked.model_copy(update={"insist": True}), closed, dark))
    assert told.coverage[0].share is not None
    assert told.coverage[0].share < 0.5
    other = exposure.solve(exposure.Inputs(exposure.Params(buyers=("DEU:C26",)), closed, dark))
    assert other.coverage[0].share == 1.0


def test_a_question_without_a_buyer_is_refused() -> None:
    with pytest.raises(ZizhuError, match="at least 1"):
        exposure.Params(buyers=())


@pytest.mark.parametrize(
    ("buyers", "sources", "what"),
    [
        (("USA:C62",), (), "unknown sector 'C62'"),
        (("CNH:C26",), (), "unknown country or group 'CNH'"),
        (("USA:C26",), ("CNH",), "unknown country or group 'CNH'"),
    ],
)
def test_unknown_codes_are_named(buyers: tuple[str, ...], sources: tuple[str, ...], what: str) -> None:
    with pytest.raises(ZizhuError, match=what):
        ask(TABLE, *buyers, sources=sources)


def test_a_source_outside_the_table_cannot_be_answered() -> None:
    with pytest.raises(CannotAnswer, match="BRA is not in Test table"):
        ask(TABLE, "USA:C26", sources=("BRA",))


@pytest.mark.parametrize("source", ["WLD", "G20", "usa", "eu27"])
def test_groups_and_small_letters_name_sources_too(source: str) -> None:
    result = ask(TABLE, "USA:C26", sources=(source,))
    assert result.frame["source"].to_list() == [source.upper()]


def test_the_run_depends_on_the_question_and_its_output_on_the_answer() -> None:
    one, same = ask(TABLE, "USA:C26"), ask(TABLE, "USA:C26")
    assert one.run == same.run
    assert ask(TABLE, "USA:C28").run.id != one.run.id
    assert one.run.inputs == (TABLE.ref, NO_TRADE.ref)
    other = ask(random_table(8, 5, 4), "USA:C26")
    assert other.run.output != one.run.output


def split_table() -> MRIO:
    """China in two parts, and the United States; two industries each."""
    rng = np.random.default_rng(5)
    Z = rng.random((6, 6))
    made = table(Z, Z.sum(axis=0) + 2.0, ("CN1", "CN2", "USA"), ("C26", "D"))
    whole = ("CHN", "CHN", "CHN", "CHN", "USA", "USA")
    nodes = Nodes(made.nodes.country, made.nodes.sector, whole)
    return replace(made, nodes=nodes, flags=replace(made.flags, has_rest_of_world=True))


def test_parts_of_a_country_are_merged_after_the_inversion() -> None:
    mrio = split_table()
    asked = exposure.Params(buyers=("CHN:C26", "CN1:C26", "CN2:C26"))
    answer = exposure.solve(exposure.Inputs(asked, mrio, NO_TRADE))
    assert answer.frame["source"].unique().sort().to_list() == ["CHN", "USA"]
    L = np.linalg.inv(np.eye(6) - mrio.Z / mrio.x)
    contained = (mrio.v[:, None] * L)[:4].sum(axis=0)
    weights = mrio.x[[0, 2]] / mrio.x[[0, 2]].sum()
    for buyer, value in (("CHN", weights @ contained[[0, 2]]), ("CN1", contained[0]), ("CN2", contained[2])):
        row = answer.row(f"{buyer}:C26|CHN")
        assert row["value_added_content"] == pytest.approx(value, rel=1e-12)
        assert row["hidden"] is None
    opened = exposure.explain(
        exposure.Inputs(asked, mrio, NO_TRADE), answer, "CN1:C26|USA", "value_added_content"
    )
    assert sum(p.value for p in opened.parts) + opened.remainder == pytest.approx(opened.value)


def test_a_part_of_a_country_is_no_source() -> None:
    asked = exposure.Params(buyers=("USA:C26",), sources=("CN1",))
    with pytest.raises(CannotAnswer, match="CN1 is a part of CHN"):
        exposure.solve(exposure.Inputs(asked, split_table(), NO_TRADE))


def test_each_industry_of_a_buyer_has_rows_of_its_own_and_a_map_of_what_is_hidden() -> None:
    each = ask(TABLE, "CHN", each_industry=True)
    industries = [b for b in nodes_with_output(TABLE) if b.startswith("CHN:")]
    assert each.frame["buyer"].unique(maintain_order=True).to_list() == industries
    assert each.frame.equals(ask(TABLE, *industries).frame)
    figure = each.figure()
    assert (figure.kind, figure.title) == ("heatmap", "Hidden exposure")
    assert len(figure.rows) == len(industries) * (len(TABLE.nodes.countries) - 1)
    assert {r["hidden"] for r in figure.rows} == set(each.frame["hidden"].drop_nulls())


@pytest.mark.parametrize("name", ["content", "face"])
def test_a_heat_map_of_another_measure_has_its_numbers(name: str) -> None:
    result = ask(TABLE, "CHN", each_industry=True)
    measure = {"content": "value_added_content", "face": "face_value"}[name]
    figure = result.figure(name)
    assert figure.title != result.figure().title
    held = {result.ref(row, measure): row[measure] for row in result.frame.iter_rows(named=True)}
    assert figure.rows
    assert all(row[measure] == held[row["ref"]] for row in figure.rows)


def test_industries_compared_open_with_a_source_abroad() -> None:
    each = ask(TABLE, "CHN", each_industry=True)
    ranked = exposure.ranked(each)
    abroad = each.frame.drop_nulls("hidden")
    assert ranked["hidden"][0] is not None
    assert ranked["value_added_content"][0] == abroad["value_added_content"].max()
    assert ranked["hidden"][abroad.height :].null_count() == each.frame.height - abroad.height
    alone = exposure.ranked(ask(TABLE, "CHN:C26"))
    assert alone["value_added_content"].to_list() == sorted(alone["value_added_content"], reverse=True)


# --- what the table sees, said with the answer and below the picture ---


def closed_with_final_sales(followed: float) -> MRIO:
    """The table without a rest of the world, of whose sales `followed` go to industries."""
    sales = TABLE.Z.sum(axis=1, dtype=float)
    flags = replace(TABLE.flags, has_rest_of_world=False)
    return replace(TABLE, flags=flags, sales_elsewhere=sales * (1 / followed - 1))


def test_sales_of_a_single_source_decide_whether_the_answer_is_given() -> None:
    mrio = closed_with_final_sales(0.32)
    told = "the table sees 32% of the sales of China to electronics and optics of the United States"
    with pytest.raises(CannotAnswer, match=told):
        ask(mrio, "USA:C26", sources=("CHN",))
    seen = ask(mrio, "USA:C26", sources=("CHN",), insist=True).coverage[-1]
    assert seen.share == pytest.approx(0.32)
    assert seen.assumed
    assert ask(closed_with_final_sales(0.6), "USA:C26", sources=("CHN",)).coverage[-1].gate


@pytest.mark.parametrize("buyers", [("USA:C26",), ("USA:C26", "DEU:C28")])
def test_of_several_sources_the_one_least_covered_is_said(buyers: tuple[str, ...]) -> None:
    mrio = closed_with_final_sales(0.6)
    more = np.where(np.array(mrio.nodes.country) == "FRA", 4.0, 1.0)
    mrio = replace(mrio, sales_elsewhere=mrio.sales_elsewhere * more)
    result = ask(mrio, *buyers, sources=("CHN", "FRA", "VNM", "WLD"))
    lowest = [c for c in result.coverage if c.what.startswith("the sales of")]
    assert [c.what.partition(" to ")[0] for c in lowest] == ["the sales of France"]
    assert lowest[0].share == pytest.approx(0.6 / (0.6 + 4 * 0.4))
    assert not lowest[0].gate
    assert lowest[0].statement.startswith(f"The lowest of {len(buyers) * result.frame['source'].n_unique()}.")


@pytest.mark.parametrize(
    ("buyers", "options", "told"),
    [
        (
            ("USA:C26",),
            {},
            "Bought directly against contained in electronics and optics of the United States",
        ),
        (("USA:C26",), {"sources": ("CHN",)}, "Bought directly from China against contained in electronics"),
        (
            ("USA",),
            {"sources": ("CHN",), "each_industry": True},
            "against contained in industries of the United",
        ),
    ],
    ids=["buyer", "pair", "industries"],
)
def test_a_picture_names_its_buyer_and_carries_what_the_answer_says(
    buyers: tuple[str, ...], options: dict[str, Any], told: str
) -> None:
    result = ask(closed_with_final_sales(0.7), *buyers, **options)
    figure = result.figure()
    assert told in figure.sentence
    assert set(figure.notes) >= {*result.notes, *(f"{c.measured} {c.statement}" for c in result.coverage)}
    assert "unseen" not in figure.encoding
    assert {name for row in figure.rows for name in row} == {"who", "face", "content", "ref_face", "ref"}


def test_what_a_picture_leaves_out_is_said() -> None:
    result = ask(TABLE, *nodes_with_output(TABLE), sources=("CHN", "USA"))
    figure = result.figure()
    assert len(figure.rows) == 15
    abroad = result.frame["hidden"].count()
    assert f"Drawn: 15 of {abroad} rows, those with most content." in figure.notes


def test_the_basis_names_the_table_and_its_year() -> None:
    assert ask(TABLE, "USA:C26").basis == f"{exposure.BASIS}, {exposure.in_table('', TABLE)[2:]}"
    titled = replace(TABLE, title="Flows of 2022")
    assert max(titled.flags.years) == 2022
    assert exposure.in_table("per unit", titled) == "per unit, Flows of 2022"
    assert exposure.in_table("per unit", replace(TABLE, title="Flows")) == "per unit, 2022, Flows"
