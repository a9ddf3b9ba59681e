"""From stored tables to what the kernels take; what does not fit together is refused by name."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given

from examples import examples
from tables.stored import FLAGS, node_frame, store, store_flows, store_nodes, trade, workspace
from tables.strategies import mrios, random_table
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.vocab.problems import ZizhuError


@examples(20)
@given(mrio=mrios())
def test_a_table_comes_back_as_it_was(mrio: MRIO, tmp_path_factory: pytest.TempPathFactory) -> None:
    space = workspace(tmp_path_factory.mktemp("load"))
    made = store(space, mrio)
    found = load_mrio(space, "small")
    assert found.ref == f"table:small@{made}"
    assert found.unit == "million USD"
    assert (found.nodes, found.Z.dtype) == (mrio.nodes, mrio.Z.dtype)
    for part in ("Z", "x", "value_added", "sales_elsewhere"):
        assert np.array_equal(getattr(found, part), getattr(mrio, part))
    assert dataclasses.asdict(found.flags) == {
        "years": (2022,),
        "has_final_by_destination": False,
        "has_rest_of_world": True,
        "balanced": True,
        "value_added_is_residual": False,
        "relative_error": 1e-6,
        "final_is_estimated": False,
        "edition": "",
        "derived": False,
    }


def test_nodes_are_put_in_order_and_marks_are_read(tmp_path: Path) -> None:
    space, mrio = workspace(tmp_path), random_table(1)
    nodes = node_frame(mrio).with_columns(value_added_estimated=pl.col("idx").is_in([2, 5]))
    store_flows(space, mrio, store_nodes(space, nodes.reverse()))
    found = load_mrio(space, "small")
    assert found.nodes == mrio.nodes
    assert found.estimated == (mrio.nodes.label(2), mrio.nodes.label(5))


def test_an_old_table_keeps_its_old_nodes(tmp_path: Path) -> None:
    space, one, two = workspace(tmp_path), random_table(1), random_table(2)
    old, _ = store(space, one), store(space, two)
    assert np.array_equal(load_mrio(space, "small", old[:8]).x, one.x)
    assert np.array_equal(load_mrio(space, "small").x, two.x)
    pinned = space.pinned([f"table:small@{old}"])
    assert np.array_equal(load_mrio(pinned, "small").x, one.x)


@pytest.mark.parametrize(
    ("flags", "what"),
    [
        (FLAGS | {"kind": "trade"}, "a table of kind 'trade'"),
        ({}, "a table of kind None"),
        (FLAGS | {"blanced": True}, "unknown flag 'blanced'"),
        ({k: v for k, v in FLAGS.items() if k != "balanced"}, "no balanced"),
        ({k: v for k, v in FLAGS.items() if k != "years"}, "no years"),
        (FLAGS | {"years": []}, "no years"),
    ],
)
def test_flags_that_are_not_those_of_a_table_are_named(
    flags: dict[str, Any], what: str, tmp_path: Path
) -> None:
    space = workspace(tmp_path)
    store(space, random_table(1), flags)
    with pytest.raises(ZizhuError) as caught:
        load_mrio(space, "small")
    assert [p.what for p in caught.value.problems] == [what]


def test_a_table_without_its_nodes_is_refused(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store_flows(space, random_table(1), None)
    with pytest.raises(ZizhuError, match=r"an input-output table .* with its nodes"):
        load_mrio(space, "small")


def test_nodes_that_are_gone_are_named(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store_flows(space, random_table(1), f"table:small-nodes@{'0' * 32}")
    with pytest.raises(ZizhuError, match="unknown table 'small-nodes'"):
        load_mrio(space, "small")


@pytest.mark.parametrize(
    ("nodes", "what"),
    [
        (node_frame(random_table(1, 3, 4)), "shape (16, 16) with 12 nodes"),
        (node_frame(random_table(1)).with_columns(pl.col("idx") + 1), "gaps in idx"),
        (node_frame(random_table(1)).drop("residual"), "no column 'residual'"),
        (node_frame(random_table(1)).with_columns(sector=pl.lit("C26")), "nodes are not unique pairs"),
    ],
)
def test_nodes_that_do_not_fit_are_refused(nodes: pl.DataFrame, what: str, tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store_flows(space, random_table(1), store_nodes(space, nodes))
    with pytest.raises(ZizhuError) as caught:
        load_mrio(space, "small")
    assert [p.what for p in caught.value.problems] == [what]


def test_damaged_flows_are_refused(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store(space, random_table(1))
    path = space.read("small").path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ZizhuError, match="the data of small"):
        load_mrio(space, "small")


def test_trade_comes_back_and_what_is_no_trade_is_refused(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    flows = trade((2021, "CHN", "USA", "284690", 5, 1.0), (2022, "USA", "CHN", "250410", 7, None))
    meta = {"title": "T", "sources": ("test",), "units": {"value_usd": "USD", "quantity_t": "t"}}
    made = space.commit("trade", flows.frame, ("year", "exporter", "importer", "hs6"), meta)
    found = load_trade(space, "trade")
    assert found.ref == f"table:trade@{made}"
    assert found.frame.sort("year").equals(flows.frame.sort("year"))
    store(space, random_table(1))
    with pytest.raises(ZizhuError) as caught:
        load_trade(space, "small-nodes")
    assert len(caught.value.problems) == 7  # every missing column
    with pytest.raises(ZizhuError, match="a table of kind None"):
        load_mrio(space, "trade")


def test_nodes_know_their_places() -> None:
    nodes = Nodes(("CHN", "CHN", "USA"), ("C26", "B", "C26"))
    assert (nodes.countries, nodes.sectors, len(nodes)) == (("CHN", "USA"), ("C26", "B"), 3)
    assert nodes.country_index.tolist() == [0, 0, 1]
    assert nodes.of(["USA", "CHN"], ["C26"]).tolist() == [0, 2]
    assert nodes.of(["USA"], ["B"]).tolist() == []
    assert nodes.of(["CHN"], []).tolist() == []
    assert nodes.label(1) == "CHN:B"
    with pytest.raises(ZizhuError) as caught:
        nodes.of(["CNH", "USA"], ["C27", "B"])
    assert [p.what for p in caught.value.problems] == ["unknown country 'CNH'", "unknown sector 'C27'"]
    assert caught.value.problems[0].remedy == "Nearest: CHN."


@pytest.mark.parametrize("columns", [(("A", "A"), ("x", "x")), (("A",), ("x", "y"))])
def test_nodes_are_unique_pairs(columns: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    with pytest.raises(ZizhuError, match="not unique pairs"):
        Nodes(*columns)
