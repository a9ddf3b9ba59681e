"""The audit finds every planted fault, names where it is, and finds none in a clean table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.stored import FLAGS, Flow, node_frame, store, store_flows, store_nodes, trade, workspace
from tables.strategies import mrios, random_table
from zizhu.tables.audit import Finding, audit, check_table
from zizhu.tables.audit_mrio import TOLERATED
from zizhu.tables.leontief import Flows, Matrix
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import ZizhuError

Plant = Callable[[MRIO, int], MRIO]


def changed(values: Flows, where: int | tuple[int, int], to: float) -> Matrix:
    """A copy with one cell changed."""
    copy = np.array(values, dtype=float)
    copy[where] = to
    return copy


def negative_cell(m: MRIO, i: int) -> MRIO:
    return replace(m, Z=changed(m.Z, (i, i), -1.0))


def unbalanced_row(m: MRIO, i: int) -> MRIO:
    return replace(m, sales_elsewhere=changed(m.sales_elsewhere, i, m.sales_elsewhere[i] + 1e-4 * m.x[i]))


def unbalanced_column(m: MRIO, i: int) -> MRIO:
    return replace(m, value_added=changed(m.value_added, i, m.value_added[i] - 1e-4 * m.x[i]))


def inputs_above_output(m: MRIO, i: int) -> MRIO:
    Z = np.array(m.Z, dtype=float)
    Z[i, i] += 1.1 * m.x[i]
    return replace(m, Z=Z, value_added=m.x - Z.sum(axis=0), sales_elsewhere=m.x - Z.sum(axis=1))


def negative_output(m: MRIO, i: int) -> MRIO:
    return replace(m, x=changed(m.x, i, -m.x[i]))


def flows_without_output(m: MRIO, i: int) -> MRIO:
    return replace(m, x=changed(m.x, i, 0.0))


PLANTED: dict[str, tuple[Plant, str]] = {
    "negative flows, first {0} to {0}": (negative_cell, "negative flows, first {0} to {0}"),
    "row": (unbalanced_row, "1 nodes whose row does not add up (largest gap"),
    "column": (unbalanced_column, "1 nodes whose column does not add up (largest gap"),
    "inputs above output": (inputs_above_output, "inputs above output: {0}"),
    "negative output": (negative_output, "1 nodes with negative output: {0}"),
    "flows without output": (flows_without_output, "whose column does not add up"),
}


def faults(mrio: MRIO) -> list[str]:
    return [f.what for f in audit(mrio) if f.fault]


def test_a_region_that_is_no_country_is_told_with_its_weight() -> None:
    mrio = random_table(1)
    renamed = tuple("GER" if c == "DEU" else c for c in mrio.nodes.country)
    told = [
        f for f in audit(replace(mrio, nodes=replace(mrio.nodes, country=renamed))) if "no group" in f.what
    ]
    assert [(f.what, f.fault) for f in told] == [
        ("no country of the vocabulary, so in no group, WLD included: GER", False)
    ]
    part = mrio.x[[c == "DEU" for c in mrio.nodes.country]].sum() / mrio.x.sum()
    assert told[0].weight == pytest.approx(part)
    assert not [f for f in audit(mrio) if "no group" in f.what]


@given(mrios())
def test_a_clean_table_has_no_fault(mrio: MRIO) -> None:
    found = audit(mrio)
    assert faults(mrio) == []
    assert [f.what.partition(",")[0] for f in found if f.fine] == [
        "rows add up to output",
        "columns add up to output",
    ]


@pytest.mark.parametrize("fault", PLANTED)
@given(mrio=mrios(), data=st.data())
def test_a_planted_fault_is_found_and_named(fault: str, mrio: MRIO, data: st.DataObject) -> None:
    plant, said = PLANTED[fault]
    large = np.flatnonzero(
        mrio.x > max(1e-3, 2 * TOLERATED * mrio.x.sum())
    )  # below, a fault is worth knowing only
    node = data.draw(st.sampled_from(large.tolist()))
    label = mrio.nodes.label(node)
    found = faults(plant(mrio, node))
    assert any(said.format(label) in what and label in what for what in found), found


@pytest.mark.parametrize("part", ["Z", "x", "value_added", "sales_elsewhere"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_found_wherever_it_is(part: str, bad: float) -> None:
    mrio = random_table(1)
    where = (2, 3) if part == "Z" else 2
    planted: dict[str, Any] = {part: changed(getattr(mrio, part), where, bad)}
    found = faults(replace(mrio, **planted))
    assert found[0] == "cells that are not finite numbers"


def test_nodes_without_output_are_worth_knowing_and_no_fault() -> None:
    mrio = random_table(1, inactive=2)
    names = ", ".join(mrio.nodes.label(int(i)) for i in np.flatnonzero(mrio.x == 0))
    told = [f for f in audit(mrio) if not f.fault and not f.fine]
    assert [f.what for f in told] == [f"2 nodes without output: their coefficients are set to 0: {names}"]


def test_a_gap_within_the_loss_that_the_table_declares_is_no_fault() -> None:
    exact = random_table(1)
    gap = unbalanced_row(exact, 3)
    assert faults(gap)
    assert not faults(replace(gap, flags=replace(gap.flags, relative_error=1e-4)))


def test_a_table_that_says_it_is_not_balanced_is_not_said_to_add_up() -> None:
    gap = unbalanced_row(random_table(1), 3)
    (row, column) = audit(replace(gap, flags=replace(gap.flags, balanced=False)))
    assert (row.fault, row.fine) == (False, False)
    assert "row does not add up, as the table states of itself" in row.what
    assert column.fine


def test_an_estimated_column_may_miss_its_output_and_others_may_not() -> None:
    mrio = random_table(1)
    label = mrio.nodes.label(3)
    marked = replace(unbalanced_column(mrio, 3), estimated=(label,))
    assert faults(marked) == []
    assert any(f"({label} are estimated)" in f.what for f in audit(marked))
    assert faults(replace(marked, estimated=(mrio.nodes.label(4),)))


def test_many_faults_are_counted_and_the_worst_are_named() -> None:
    mrio = random_table(1)
    gap = np.linspace(1e-3, 1e-2, mrio.n) * mrio.x
    (what,) = faults(replace(mrio, value_added=mrio.value_added + gap))
    worst = mrio.nodes.label(int(np.argmax(gap)))
    assert what.startswith(f"{mrio.n} nodes whose column does not add up")
    assert f": {worst}, " in what
    assert what.endswith(f"and {mrio.n - 5} more")


# --- stored tables ---


def test_a_stored_table_is_verified_and_audited(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    made = store(space, random_table(1))
    found = check_table(space, "small")
    assert not any(f.fault for f in found)
    assert found[0] == Finding("small", f"256 rows, digest {made[:12]} verified", fine=True)
    assert len(found) == 3
    (only,) = check_table(space, "small-nodes")
    assert only.fine


def test_a_fault_that_was_stored_is_found(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store(space, unbalanced_column(random_table(1), 3))
    assert any(f.fault and "column does not add up" in f.what for f in check_table(space, "small"))


def test_nodes_without_a_number_are_found(tmp_path: Path) -> None:
    space, mrio = workspace(tmp_path), random_table(1)
    nodes = node_frame(mrio).with_columns(residual=pl.when(pl.col("idx") != 3).then("residual"))
    store_flows(space, mrio, store_nodes(space, nodes), FLAGS)
    assert [f.what for f in check_table(space, "small") if f.fault] == ["cells that are not finite numbers"]


def test_damaged_bytes_are_a_finding_and_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store(space, random_table(1))
    path = space.read("small").path
    path.write_bytes(path.read_bytes()[:-1])
    (finding,) = check_table(space, "small")
    assert finding.fault
    assert "is not the file that was written" in finding.what
    with pytest.raises(ZizhuError, match="unknown table 'smal'"):
        check_table(space, "smal")


def test_content_that_has_another_digest_than_it_says_is_a_fault(tmp_path: Path) -> None:
    """A file replaced together with its hash, which only the digest can tell."""
    space = workspace(tmp_path)
    store(space, random_table(1))
    table = space.read("small")
    table.frame.with_columns(pl.col("v") * 2).write_parquet(table.path)
    from zizhu.store.files import sha256_of

    meta = table.path.with_name("meta.json")
    text = meta.read_text().replace(table.meta.sha256, sha256_of(table.path))
    meta.write_text(text.replace(f'"bytes": {table.meta.bytes}', f'"bytes": {table.path.stat().st_size}'))
    found = check_table(space, "small")
    assert found[0].fault
    assert found[0].what.endswith(f"recorded as {table.meta.digest}")


def test_a_trade_table_is_described_and_its_faults_found(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    described = {
        "title": "Trade",
        "sources": ("test",),
        "units": {"value_usd": "USD", "quantity_t": "t"},
    }
    key = ("year", "exporter", "importer", "hs6")
    clean = trade((2021, "CHN", "USA", "284690", 5, 1.0), (2022, "CHN", "USA", "250410", 5, None))
    space.commit("trade", clean.frame, key, described)
    said = [f.what for f in check_table(space, "trade")]
    assert said[0] == "1 flows without tonnes: unit values leave them out"
    assert said[-1] == "2 years, 2 products"
    bad = trade(
        (2021, "CHN", "CHN", "284690", 5, 1.0),
        (2021, "CHN", "USA", "284690", -5, 1.0),
        (2021, "USA", "CHN", "284690", 5, -1.0),
    )
    space.commit("trade", bad.frame, key, described)
    found = [f.what for f in check_table(space, "trade") if f.fault]
    assert found == [
        "1 flows of a country to itself, 100 % of the value: goods that came back, or domestic sales",
        "2 negative flows",
    ]


def test_flows_far_off_the_price_are_counted_and_the_heaviest_are_named(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    described = {"title": "Trade", "sources": ("test",), "units": {"value_usd": "USD", "quantity_t": "t"}}
    key = ("year", "exporter", "importer", "hs6")
    usual: list[Flow] = [(2022, "AUS", f"X{i:02}", "260900", 50_000, 5.0) for i in range(40)]
    bad: list[Flow] = [(2022, "SLE", f"Y{i}", "260900", 1_000_000 - i, 10_000.0) for i in range(7)]

    def said(flows: list[Flow]) -> list[str]:
        space.commit("trade", trade(*flows).frame, key, described)
        return [f.what for f in check_table(space, "trade") if not f.fine and not f.fault]

    assert said(usual) == []
    (one,) = said([*usual, bad[0]])
    assert one == (
        "1 flows of 0.5 % or more of a year's world trade in their product have a unit value more than 20 times "
        "off the product's median: value, tonnes or code may be wrong. Largest: SLE to Y0, HS 260900, 2022, "
        "100 USD/t against 10,000 (33 % of world trade)"
    )
    usual = [(y, a, b, h, 500_000, 50.0) for y, a, b, h, _, _ in usual]
    (many,) = said([*bad, *usual])
    assert many.startswith("7 flows")
    assert re.findall(r"SLE to (Y\d)", many) == ["Y0", "Y1", "Y2", "Y3", "Y4"]
    assert many.endswith("; and 2 more")
