"""Tables made from tables: what was done is beside them, and what they are made from stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from sources.layouts import generated
from tables.stored import store, workspace
from tables.strategies import random_table
from zizhu.sources.readers.io_table import source_tables
from zizhu.store import Workspace
from zizhu.store.meta import Describe
from zizhu.tables.calibrate import DRAWN_DOWN, apply
from zizhu.tables.derived import keep_calibrated, keep_converted, keep_reconciled
from zizhu.tables.final_demand import NOTE
from zizhu.tables.load import load_final, load_mrio, load_trade
from zizhu.vocab.problems import ZizhuError

USD = {"value_usd": "USD, current prices"}


def put(space: Workspace, name: str, rows: list[dict[str, Any]], key: tuple[str, ...], **flags: Any) -> None:
    frame = pl.DataFrame(rows)
    units = {c: u for c, u in (USD | {"quantity_t": "metric tons"}).items() if c in frame.columns}
    space.commit(name, frame, key, {"title": name, "sources": ("test",), "units": units, "flags": flags})


def mrio(space: Workspace) -> None:
    """A stored table with final demand by category, of which some cells are negative."""
    table = generated(("CHN", "USA", "ROW"), ("C26", "D"), seed=3)
    table.final[[0, 3], [1, 0], 4] = -5_000.0
    table.output[:] = table.Z.sum(axis=1) + table.final.sum(axis=(1, 2))
    table.value_added[:] = table.output - table.Z.sum(axis=0) - table.taxes
    with space.batch() as batch:
        refs: dict[str, str] = {}
        made = source_tables(table, "t", "A table", ("test",))
        for name, one in sorted(made.items(), key=lambda item: len(item[1].describe.parts)):
            parts = {role: refs[part] for role, part in one.describe.parts.items()}
            described = one.describe.model_dump() | {"parts": parts}
            refs[name] = batch.add(name, one.frame, one.describe.key, described).ref


def test_a_calibrated_table_is_kept_with_every_changed_cell(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    mrio(space)
    before = load_mrio(space, "t")
    assert before.final is not None
    negative = int((load_final(space, space.read("t"), 6).values.sum(axis=2) < 0).sum())
    assert negative == 2
    made = keep_calibrated(space, "t", "trade_equilibrium", keep_negative=True)
    after = load_mrio(space, "t-calibrated")
    changes = space.read("t-calibrated-changes").frame
    assert changes.filter(pl.col("after") == 0, pl.col("before") < 0).height == negative
    rebuilt = apply(before, changes.sort("part", "seller", "buyer"))
    for part in ("x", "value_added", "sales_elsewhere", "final"):
        np.testing.assert_array_equal(getattr(rebuilt, part), getattr(after, part), part)
    np.testing.assert_array_equal(before.Z, after.Z)
    assert after.flags.derived
    assert before.ref in made.said
    assert before.ref in " ".join(after.notes)
    assert load_mrio(space, "t").ref == before.ref
    assert space.remove("t-calibrated") == [m.name for m in made.metas]


def noted(space: Workspace, name: str) -> tuple[str, str]:
    meta = space.read(name).meta
    return " ".join(meta.notes), " ".join(meta.history)


def test_what_is_noted_of_a_calibrated_table_holds_of_it(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    mrio(space)
    held = space.read("t")
    described = held.meta.model_dump(include=set(Describe.model_fields))
    old = "2 cells of final demand are negative."
    space.commit("t", held.frame, (), described | {"notes": (*held.meta.notes, old)})
    keep_calibrated(space, "t", "trade_equilibrium", keep_negative=True)
    changed = space.read("t-calibrated-changes").frame
    for name in ("t-calibrated", "t-calibrated-final", "t-calibrated-changes"):
        notes, history = noted(space, name)
        assert old not in notes
        assert f"t@{space.read('t').meta.short}: {old}" in history
    notes, _ = noted(space, "t-calibrated")
    assert "in the order of t-calibrated-nodes" in notes
    assert "in the order of t-nodes" not in notes
    cut = changed.filter(reason=DRAWN_DOWN).height
    assert f"final, {cut} cells: {DRAWN_DOWN}." in noted(space, "t-calibrated-changes")[0]
    assert cut == 2


def test_an_estimate_takes_the_place_of_the_note_that_there_is_none(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    table = random_table(2)
    codes = tuple(s.replace("J61", "D").replace("B", "B05") for s in table.nodes.sector)
    store(space, replace(table, nodes=replace(table.nodes, sector=codes)))
    held = space.read("small")
    described = held.meta.model_dump(include=set(Describe.model_fields))
    unknown = "Final demand is known by producer only."
    space.commit("small", held.frame, (), described | {"notes": (unknown,)})
    keep_calibrated(space, "small", "leontief", estimate=True)
    for name in ("small-calibrated", "small-calibrated-final"):
        notes, history = noted(space, name)
        assert NOTE in notes
        assert unknown not in notes
        assert unknown in history


def test_answers_on_an_earlier_calibration_stay(tmp_path: Path) -> None:
    """The flows are the same in both, what belongs to them is not."""
    space = workspace(tmp_path)
    mrio(space)
    first = keep_calibrated(space, "t", "trade_equilibrium", keep_negative=True).metas[0]
    x = load_mrio(space, "t-calibrated").x
    final = space.read("t-final")
    described = final.meta.model_dump(include=set(Describe.model_fields))
    whole = space.read("t").meta.model_dump(include=set(Describe.model_fields))
    with space.batch() as batch:
        other = batch.add("t-final", final.frame * 2.0, (), described)
        batch.add("t", space.read("t").frame, (), whole | {"parts": {**whole["parts"], "final": other.ref}})
    second = keep_calibrated(space, "t", "trade_equilibrium", keep_negative=True).metas[0]
    assert first.digest == second.digest
    assert first.ref != second.ref
    np.testing.assert_array_equal(load_mrio(space, "t-calibrated", first.version).x, x)
    assert (load_mrio(space, "t-calibrated", second.version).x != x).any()


def test_a_table_that_a_model_can_take_is_not_made_again(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store(space, random_table(2))
    with pytest.raises(ZizhuError, match="nothing to change"):
        keep_calibrated(space, "small", "leontief")
    assert not [n for n in space.names() if "calibrated" in n]


def flow(year: int, hs6: str, usd: int, revision: str) -> dict[str, Any]:
    key = {"year": year, "exporter": "CHN", "importer": "USA", "hs6": hs6, "revision": revision}
    return {**key, "value_usd": usd, "quantity_t": 10.0}


def test_a_converted_table_keeps_its_total_and_its_weights(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    key = ("year", "hs6", "exporter", "importer")
    flows = [
        flow(2021, "850110", 101, "HS2022"),
        flow(2022, "850110", 50, "HS2022"),
        flow(2022, "010121", 7, "HS2022"),
    ]
    put(space, "new", flows, key, kind="trade", revision="HS2022", years=[2021, 2022])
    old = [flow(2020, "850120", 3, "HS1992"), flow(2020, "850130", 1, "HS1992")]
    put(space, "old", old, key, kind="trade", revision="HS1992", years=[2020])
    pairs = [{"source": "850110", "target": t} for t in ("850120", "850130")]
    put(space, "pairs", pairs, ("source", "target"), kind="concordance", source="HS2022", target="HS1992")
    made = keep_converted(space, "new", "pairs", "old")
    trade = load_trade(space, "new-in-hs1992")
    assert trade.revision == "HS1992"
    assert trade.frame.select("year", "hs6", "value_usd").rows() == [
        (2021, "850120", 76),
        (2022, "850120", 38),
        (2021, "850130", 25),
        (2022, "850130", 12),
    ]
    assert space.read("new-in-hs1992-weights").frame["weight"].to_list() == [0.75, 0.25]
    assert "95.6 % of the value went to one of several codes" in made.said
    assert "4.4 % has a code that the concordance lacks" in made.said
    back = keep_converted(space, "old", "pairs", None)
    assert load_trade(space, back.metas[0].name).of(["850110"])["value_usd"].to_list() == [4]
    with pytest.raises(ZizhuError, match="new is in HS2022"):
        keep_converted(space, "new", "pairs", "new")


def test_a_reconciled_table_keeps_every_step(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    both = (("CHN", "USA", "export", 100), ("USA", "CHN", "import", 100))
    reports = [
        {"year": y, "reporter": r, "partner": p, "flow": f, "hs6": "850110", "revision": "HS2022"}
        | {"value_usd": usd, "quantity_t": 1.0, "valuation": "FOB"}
        for y in (2021, 2022)
        for r, p, f, usd in both
    ]
    key = ("year", "reporter", "partner", "flow", "hs6", "revision")
    put(space, "reports", reports, key, kind="reported-trade", revision=["HS2022"], years=[2021, 2022])
    made = keep_reconciled(space, "reports")
    assert [m.name for m in made.metas] == [
        "reports-reconciled",
        "reports-reconciled-factors",
        "reports-reconciled-discrepancies",
        "reports-reconciled-reliability",
    ]
    trade = load_trade(space, "reports-reconciled")
    assert trade.frame["value_usd"].to_list() == [100, 100]
    assert trade.revision == "HS2022"
    assert space.read("reports-reconciled-discrepancies").frame["discrepancy"].to_list() == [0.0, 0.0]
    assert space.read("reports-reconciled").meta.flags["derived"]
    with pytest.raises(ZizhuError, match="reported-trade"):
        keep_reconciled(space, "reports-reconciled")
    put(
        space, "mixed", reports, key, kind="reported-trade", revision=["HS2017", "HS2022"], years=[2021, 2022]
    )
    with pytest.raises(ZizhuError, match="reports in HS2017, HS2022"):
        keep_reconciled(space, "mixed")
    pairs = [{"source": "850110", "target": t} for t in ("850120", "850130")]
    put(space, "pairs", pairs, ("source", "target"), kind="concordance", source="HS2022", target="HS1992")
    turned = keep_converted(space, "reports-reconciled", "pairs", None).metas[0]
    assert load_trade(space, turned.name).frame["value_usd"].sum() == 200
    assert "exporter_report" not in turned.columns
