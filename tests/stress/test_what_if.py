"""The two-sided ledger of a cut on random tables, recomputed by solving the changed table in full."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from examples import examples
from tables.strategies import dense, mrios, random_table, scaled, table
from zizhu.ledger.result import Result
from zizhu.stress import what_if
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import select
from zizhu.vocab.names import told
from zizhu.vocab.problems import CannotAnswer, ZizhuError

TABLE = random_table(7, 5, 4)


def inputs(mrio: MRIO, sender: str, receiver: str, **options: Any) -> what_if.Inputs:
    params = what_if.Params(sender=sender, receiver=receiver, **({"insist": True} | options))
    return what_if.Inputs(params, mrio)


def ask(mrio: MRIO, sender: str, receiver: str, **options: Any) -> Result:
    return what_if.solve(inputs(mrio, sender, receiver, **options))


def in_full(mrio: MRIO, sender: str, receiver: str, share: float) -> tuple[Matrix, Vector, Vector]:
    """Flows cut (n, n), output lost and output carried, by inverting the table without these flows."""
    full, a, b = dense(mrio), select(mrio, sender), select(mrio, receiver)
    cut = np.zeros((mrio.n, mrio.n))
    for i, own in zip(a.index, a.part, strict=True):
        for j, other in zip(b.index, b.part, strict=True):
            cut[i, j] = float(mrio.Z[i, j]) * own * other * share
    gone = np.array([[c / x if x else 0.0 for c, x in zip(row, mrio.x, strict=True)] for row in cut])
    L = np.linalg.inv(np.eye(mrio.n) - (full.A - gone))
    return cut, mrio.x - L @ full.y, mrio.x * (full.v @ full.L - full.v @ L)


def assert_ledger(mrio: MRIO, result: Result, expected: tuple[Matrix, Vector, Vector]) -> None:
    cut, lost, carried = expected
    slack = 1e-9 * mrio.x.max()
    used = mrio.x * (1 - dense(mrio).v)
    for row in result.frame.filter(pl.col("sector") != "TOTAL").iter_rows(named=True):
        i = mrio.nodes.position[row["country"], row["sector"]]
        receives = row["side"] == "receiver"
        direct = cut[:, i].sum() if receives else cut[i].sum()
        tiers = carried[i] if receives else lost[i]
        assert row["direct"] == pytest.approx(direct, rel=1e-9)
        assert row["all_tiers"] == pytest.approx(tiers, rel=1e-8, abs=slack)
        assert row["of_output"] == pytest.approx(direct / mrio.x[i], rel=1e-9)
        assert row["all_tiers_of_output"] == pytest.approx(tiers / mrio.x[i], rel=1e-8, abs=1e-9)
        if receives and used[i] > slack:
            assert row["of_inputs"] == pytest.approx(direct / used[i], rel=1e-6)
        if not receives:
            assert row["of_inputs"] is None


CUTS = [
    ("CHN:C26", "USA"),
    ("CHN", "USA:C28"),
    ("USA:C28", "EU27"),
    ("CHN:MIC2025.next_gen_it", "DEU:MANUF"),
    ("USA:C28", "CHN:MIC2025.next_gen_it"),
]


@pytest.mark.parametrize(("sender", "receiver"), CUTS)
@given(mrio=mrios(least=4, gaps=False), share=st.floats(0.01, 1.0))
def test_both_sides_are_those_of_the_changed_table(
    sender: str, receiver: str, mrio: MRIO, share: float
) -> None:
    assume(len(select(mrio, sender).index) <= mrio.n / 4)
    expected = in_full(mrio, sender, receiver, share)
    assume(expected[0].any())
    assert_ledger(mrio, ask(mrio, sender, receiver, cut=share), expected)


def test_nodes_without_output_are_left_out_and_change_nothing() -> None:
    for seed in range(20):
        mrio = random_table(seed, 4, 4, inactive=2, silent=2)
        expected = in_full(mrio, "CHN", "USA", 1.0)
        if expected[0].any():
            result = ask(mrio, "CHN", "USA")
            assert_ledger(mrio, result, expected)
            nodes = {f"{r['country']}:{r['sector']}" for r in result.frame.iter_rows(named=True)}
            idle = {mrio.nodes.label(int(i)) for i in np.flatnonzero(mrio.x == 0)}
            assert not nodes & idle


def test_totals_are_those_of_each_side_and_of_everybody_else() -> None:
    result = ask(TABLE, "CHN:C26", "USA")
    cut, lost, carried = in_full(TABLE, "CHN:C26", "USA", 1.0)
    of = np.array(TABLE.nodes.country)
    sent, received, others = (
        result.row(k) for k in ("sender|CHN|TOTAL", "receiver|USA|TOTAL", "others|TOTAL|TOTAL")
    )
    assert sent["direct"] == pytest.approx(cut.sum())
    assert received["direct"] == pytest.approx(cut.sum())
    assert others["direct"] == 0
    assert sent["all_tiers"] == pytest.approx(lost[of == "CHN"].sum())
    assert received["all_tiers"] == pytest.approx(carried[of == "USA"].sum())
    assert others["all_tiers"] == pytest.approx(lost[(of != "CHN") & (of != "USA")].sum())
    assert sent["all_tiers_of_output"] == pytest.approx(sent["all_tiers"] / TABLE.x[of == "CHN"].sum())
    assert result.frame.height == 4 + 1 + 4 + 1 + 1


def test_a_group_has_one_total_and_all_its_nodes() -> None:
    frame = ask(TABLE, "CHN:C26", "EU27").frame.filter(pl.col("side") == "receiver")
    assert sorted(frame["country"]) == ["DEU"] * 4 + ["FRA"] * 4 + ["TOTAL"]
    assert frame["sector"][0] == "TOTAL"
    assert frame["all_tiers"][1:].is_sorted(descending=True)
    assert frame.filter(pl.col("sector") == "TOTAL").height == 1


def test_two_countries_leave_no_others() -> None:
    result = ask(random_table(3, 2, 4), "CHN:C26", "DEU")
    assert result.row("others|TOTAL|TOTAL")["all_tiers"] == 0


def test_same_input_is_the_sender_s_part_in_purchases_of_the_same_product() -> None:
    result = ask(TABLE, "CHN:C26", "USA", cut=0.5)
    sellers = [TABLE.nodes.position[c, "C26"] for c in TABLE.nodes.countries]
    for sector in TABLE.nodes.sectors:
        j = TABLE.nodes.position["USA", sector]
        bought = TABLE.Z[sellers, j]
        found = result.row(f"receiver|USA|{sector}")["same_input"]
        assert found == pytest.approx(bought[0] / bought.sum() if bought.sum() else None)


@given(mrios(least=4, gaps=False), st.floats(0.05, 0.95))
def test_a_smaller_cut_costs_less_on_both_sides(mrio: MRIO, share: float) -> None:
    assume(mrio.Z[mrio.nodes.of(["CHN"], ["C26"])][:, mrio.nodes.of(["USA"])].any())
    more, less = ask(mrio, "CHN:C26", "USA").frame, ask(mrio, "CHN:C26", "USA", cut=share).frame
    assert_allclose(less["direct"], more["direct"] * share, rtol=1e-12)
    assert (less["all_tiers"] <= more["all_tiers"] + 1e-9 * mrio.x.max()).all()


@given(mrios(least=4, gaps=False))
def test_a_unit_of_money_changes_no_share(mrio: MRIO) -> None:
    assume(mrio.Z[mrio.nodes.of(["CHN"], ["C26"])][:, mrio.nodes.of(["USA"])].any())
    one, other = (ask(m, "CHN:C26", "USA").frame for m in (mrio, scaled(mrio, 1000.0, "thousand USD")))
    for name in ("of_output", "same_input", "all_tiers_of_output"):
        assert_allclose(other[name].fill_null(-1), one[name].fill_null(-1), rtol=1e-8, atol=1e-11)
    assert_allclose(other["direct"], one["direct"] * 1000, rtol=1e-12)


# --- opening a number ---


@pytest.mark.parametrize("column", ["direct", "of_inputs", "of_output"])
@pytest.mark.parametrize("key", ["receiver|USA|C28", "receiver|USA|TOTAL"])
def test_a_receiver_s_number_opens_into_the_flows_that_are_cut(key: str, column: str) -> None:
    asked = inputs(TABLE, "CHN", "USA", cut=0.5)
    result = what_if.solve(asked)
    opened = what_if.explain(asked, result, key, column, 100)
    assert opened.value == result.row(key)[column]
    assert sum(p.value for p in opened.parts) == pytest.approx(opened.value)
    assert opened.remainder == pytest.approx(0, abs=1e-9 * opened.value)
    assert sum(p.share or 0 for p in opened.parts) == pytest.approx(1)
    for part in opened.parts:
        seller, _, buyer = part.ref.removeprefix(f"{TABLE.ref}#").partition(",")
        assert seller.startswith("CHN:")
        assert buyer.startswith("USA:")
        if column == "direct":
            i, j = (TABLE.nodes.position[tuple(n.split(":"))] for n in (seller, buyer))  # type: ignore[index]
            assert part.value == pytest.approx(TABLE.Z[i, j] * 0.5)
    few = what_if.explain(asked, result, key, column, 2)
    assert len(few.parts) <= 2
    assert sum(p.value for p in few.parts) + few.remainder == pytest.approx(opened.value)


def test_a_sender_s_number_opens_into_its_sales() -> None:
    asked = inputs(TABLE, "CHN", "EU27")
    opened = what_if.explain(asked, what_if.solve(asked), "sender|CHN|C26", "of_output", 100)
    assert {p.ref.partition("#")[2].partition(",")[0] for p in opened.parts} == {"CHN:C26"}
    assert sum(p.value for p in opened.parts) == pytest.approx(opened.value)


def part_by_part(mrio: MRIO, cut: Matrix) -> tuple[Any, Any]:
    """What each cut flow alone is worth in the table after the cut, by solving that table twice for each.

    The sale that stops is put back as a final demand, and the purchase that stops as a primary input.
    """
    full = dense(mrio)
    gone = np.array([[c / x if x else 0.0 for c, x in zip(row, mrio.x, strict=True)] for row in cut])
    after = np.eye(mrio.n) - (full.A - gone)

    def lost(i: int, a: int, j: int) -> float:
        with_sale = full.y + cut[a, j] * np.eye(mrio.n)[a]
        return float((np.linalg.solve(after, with_sale) - np.linalg.solve(after, full.y))[i])

    def carried(i: int, a: int, j: int) -> float:
        with_input = full.v + gone[a, j] * np.eye(mrio.n)[j]
        both = np.linalg.solve(after.T, np.stack([with_input, full.v], axis=1))
        return float((both[i, 0] - both[i, 1]) * mrio.x[i])

    return lost, carried


@pytest.mark.parametrize(("sender", "receiver"), CUTS)
@examples(15)
@given(mrio=mrios(least=4, gaps=False), share=st.floats(0.01, 1.0))
def test_all_tiers_of_a_node_split_exactly_over_the_cut_flows(
    sender: str, receiver: str, mrio: MRIO, share: float
) -> None:
    assume(len(select(mrio, sender).index) <= mrio.n / 4)
    flows = in_full(mrio, sender, receiver, share)[0]
    assume(flows.any())
    asked = inputs(mrio, sender, receiver, cut=share)
    result, (lost, carried) = what_if.solve(asked), part_by_part(mrio, flows)
    for row in result.frame.filter(pl.col("sector") != "TOTAL").iter_rows(named=True):
        key = "|".join(row[k] for k in what_if.KEY)
        i = mrio.nodes.position[row["country"], row["sector"]]
        alone = carried if row["side"] == "receiver" else lost
        for column, scale in (("all_tiers", 1.0), ("all_tiers_of_output", mrio.x[i])):
            opened = what_if.explain(asked, result, key, column, mrio.n**2)
            assert opened.value == row[column]
            assert (opened.left_out, opened.unit) == (0, result.units[column])
            assert sum(p.value for p in opened.parts) == pytest.approx(row[column], rel=1e-9)
            for part in opened.parts[:2]:
                ends = part.ref.removeprefix(f"{mrio.ref}#").split(",")
                a, j = (mrio.nodes.position[tuple(n.split(":"))] for n in ends)  # type: ignore[index]
                assert part.value * scale == pytest.approx(alone(i, a, j), rel=1e-6, abs=1e-9 * mrio.x.max())
                assert part.share == pytest.approx(part.value / row[column])


@pytest.mark.parametrize("side", ["sender|CHN", "receiver|USA", "others|TOTAL"])
def test_a_total_of_all_tiers_opens_into_the_nodes_of_its_side(side: str) -> None:
    asked = inputs(TABLE, "CHN:C26", "USA", cut=0.5)
    result, (_, lost, carried) = what_if.solve(asked), in_full(TABLE, "CHN:C26", "USA", 0.5)
    of = {"sender|CHN": ["CHN"], "receiver|USA": ["USA"], "others|TOTAL": ["DEU", "FRA", "VNM"]}[side]
    truth = carried if side.startswith("receiver") else lost
    nodes = np.flatnonzero(np.isin(TABLE.nodes.country, of))
    expected = {told(TABLE.nodes.label(i)): truth[i] for i in nodes}
    output = TABLE.x[np.isin(TABLE.nodes.country, of)].sum()
    for column, scale in (("all_tiers", 1.0), ("all_tiers_of_output", output)):
        opened = what_if.explain(asked, result, f"{side}|TOTAL", column, 100)
        assert {p.label: p.value * scale for p in opened.parts} == pytest.approx(expected, rel=1e-7)
        assert opened.remainder == pytest.approx(0, abs=1e-9 * opened.value)
        few = what_if.explain(asked, result, f"{side}|TOTAL", column, 2)
        assert few.left_out == len(expected) - 2
        assert sum(p.value for p in few.parts) + few.remainder == pytest.approx(opened.value, rel=1e-12)
        for part in few.parts:
            node = part.label.rpartition("(")[2].removesuffix(")")
            row = f"{side.partition('|')[0]}|{node.replace(':', '|')}"
            there = TABLE.ref if side.startswith("others") else f"run:{result.run.id}"
            assert part.ref.startswith(f"{there}#")
            assert part.ref.endswith(node if side.startswith("others") else f"{row},all_tiers")


def test_same_input_opens_into_the_sender_s_sales_uncut() -> None:
    asked = inputs(TABLE, "CHN:C26", "USA", cut=0.5)
    opened = what_if.explain(asked, what_if.solve(asked), "receiver|USA|TOTAL", "same_input")
    everybody = TABLE.Z[TABLE.nodes.of(TABLE.nodes.countries, ["C26"])][:, TABLE.nodes.of(["USA"])]
    ours = TABLE.Z[TABLE.nodes.position["CHN", "C26"], TABLE.nodes.of(["USA"])] / everybody.sum()
    assert [p.value for p in opened.parts] == pytest.approx(sorted(ours[ours > 0], reverse=True))


def test_others_have_a_direct_number_of_zero_and_no_parts() -> None:
    asked = inputs(TABLE, "CHN:C26", "USA")
    for column in ("direct", "of_output"):
        opened = what_if.explain(asked, what_if.solve(asked), "others|TOTAL|TOTAL", column)
        assert (opened.value, opened.parts, opened.remainder) == (0.0, (), 0.0)


def test_a_number_that_is_null_is_said() -> None:
    asked = inputs(TABLE, "CHN", "USA")
    for key, column in (("sender|CHN|C26", "of_inputs"), ("others|TOTAL|TOTAL", "same_input")):
        with pytest.raises(CannotAnswer, match=f"{column} has no value"):
            what_if.explain(asked, what_if.solve(asked), key, column)


# --- the question ---


def test_below_half_of_the_sales_an_answer_is_refused_unless_told() -> None:
    Z = np.zeros((4, 4))
    Z[0, 2], Z[2, 0], Z[2, 2] = 40.0, 10.0, 5.0
    mrio = table(Z, np.array([100.0, 10.0, 100.0, 10.0]), ("CHN", "USA"), ("C26", "B"))
    with pytest.raises(CannotAnswer, match="the table sees 40%"):
        ask(mrio, "CHN:C26", "USA", insist=False)
    assert ask(mrio, "CHN:C26", "USA").coverage[0].share == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("sender", "receiver"), [("CHN", "CHN:C26"), ("EU27", "DEU"), ("FRA:C26", "EU27:C28")]
)
def test_nobody_stops_sales_to_itself(sender: str, receiver: str) -> None:
    with pytest.raises(ZizhuError, match="on both sides"):
        ask(TABLE, sender, receiver)


def test_a_cut_of_nothing_cannot_be_answered() -> None:
    Z = TABLE.Z.copy()
    Z[np.ix_(TABLE.nodes.of(["CHN"], ["C26"]), TABLE.nodes.of(["USA"]))] = 0
    quiet = table(np.asarray(Z, dtype=float), TABLE.x, TABLE.nodes.countries, TABLE.nodes.sectors)
    with pytest.raises(CannotAnswer, match="no sales to cut"):
        ask(quiet, "CHN:C26", "USA")


@pytest.mark.parametrize("share", [0.0, -0.1, 1.01, float("nan"), float("inf")])
def test_a_cut_is_a_share_above_zero(share: float) -> None:
    with pytest.raises(ZizhuError):
        what_if.Params(sender="CHN", receiver="USA", cut=share)


def test_a_cut_too_small_for_the_table_is_refused_with_the_reason() -> None:
    for share in (1e-320, 0.99e-6):
        with pytest.raises(ZizhuError, match=r"at least 0\.000001: a smaller cut is lost in the error"):
            what_if.Params(sender="CHN", receiver="USA", cut=share)
    assert what_if.Params(sender="CHN", receiver="USA", cut=1e-6).cut == 1e-6


def test_a_colon_without_a_sector_is_refused_on_both_sides_at_once() -> None:
    with pytest.raises(ZizhuError) as caught:
        what_if.Params(sender="CHN:", receiver="美国： ")
    assert [p.what.partition(":")[0] for p in caught.value.problems] == ["sender", "receiver"]
    assert all("no sector follows the colon" in p.what for p in caught.value.problems)


@pytest.mark.parametrize(
    ("sender", "receiver", "what"),
    [("CNH:C26", "USA", "unknown country or group 'CNH'"), ("CHN:C62", "USA", "unknown sector 'C62'")],
)
def test_unknown_codes_are_named(sender: str, receiver: str, what: str) -> None:
    with pytest.raises(ZizhuError, match=what):
        ask(TABLE, sender, receiver)


def test_a_cut_of_more_than_a_quarter_of_sellers_and_of_buyers_is_refused() -> None:
    full, cut_off = dense(TABLE), np.ix_(TABLE.nodes.of(["DEU", "FRA"]), TABLE.nodes.of(["USA"]))
    changed = full.A.copy()
    changed[cut_off] = 0
    lost = TABLE.x - np.linalg.solve(np.eye(TABLE.n) - changed, full.y)
    totals = ask(TABLE, "EU27", "USA").table().filter(side="sender", sector="TOTAL")
    assert totals["all_tiers"].to_list() == [pytest.approx(lost[cut_off[0].ravel()].sum(), rel=1e-10)]
    with pytest.raises(CannotAnswer, match="a cut of 8 of 20 rows"):
        ask(TABLE, "EU27", "RCEP")


def test_the_ledger_by_size_has_its_totals_apart_and_each_side_by_size() -> None:
    result = ask(TABLE, "CHN:C26", "USA")
    totals, *sides = what_if.by_size(result)
    assert totals["side"].to_list() == ["sender", "receiver", "others"]
    assert totals["sector"].unique().to_list() == ["TOTAL"]
    for side, part in zip(("sender", "receiver"), sides, strict=True):
        assert part["side"].unique().to_list() == [side]
        assert part["direct"].to_list() == sorted(part["direct"], reverse=True)
        every = result.frame.filter(pl.col("side") == side, pl.col("sector") != "TOTAL")
        assert sorted(part["sector"]) == sorted(every.filter(pl.col("all_tiers") != 0)["sector"])
    assert set(sides[1].columns) - set(sides[0].columns) == {"of_inputs", "same_input"}
    assert result.frame.filter(pl.col("side") == "sender").select("of_inputs", "same_input").null_count().row(
        0
    ) == (5, 5)


def test_every_numeric_column_has_a_unit() -> None:
    result = ask(TABLE, "CHN:C26", "USA")
    numeric = {c for c, t in result.frame.schema.items() if t.is_numeric()}
    assert numeric == set(result.units)
    assert any("never added" in n for n in result.notes)


def test_it_says_what_the_table_has_of_the_rest_of_the_world() -> None:
    (said,) = (n for n in ask(TABLE, "CHN:C26", "USA").notes if "rest of the world" in n)
    assert said.startswith("Every economy is in it: ")
    without = replace(TABLE, flags=replace(TABLE.flags, has_rest_of_world=False))
    (said,) = (n for n in ask(without, "CHN:C26", "USA").notes if "rest of the world" in n)
    assert said.startswith("The table has no rest of the world: what countries outside its 5 economies buy")


def test_the_sentence_and_the_bars_name_what_is_hit_most_on_both_sides() -> None:
    result = ask(TABLE, "CHN:C26", "USA", cut=0.5)
    told, drawn = result.figure().sentence, result.figure("industries")
    assert told.startswith("What is at risk if 50 % of the sales of electronics and optics of China")
    for side in ("receiver", "sender"):
        total = result.row(f"{side}|{'USA' if side == 'receiver' else 'CHN'}|TOTAL")
        assert f"{total['all_tiers']:,.0f} " in told
        nodes = result.frame.filter(pl.col("side") == side, pl.col("sector") != "TOTAL")
        assert nodes["all_tiers"].max() in [row["output"] for row in drawn.rows]
