"""What a table is about: its industries by name, its countries and the parts of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tables.stored import node_frame, store, store_flows, store_nodes, workspace
from tables.strategies import random_table, table
from zizhu.store import Workspace
from zizhu.tables.axes import Axes, load_axes, owner
from zizhu.tables.mrio import MRIO
from zizhu.vocab.industries import classifications
from zizhu.vocab.problems import ZizhuError


def of_codes(codes: Sequence[str]) -> MRIO:
    """A table of China with these industries."""
    n = len(codes)
    return table(np.eye(n), np.full(n, 2.0), ("CHN",), tuple(codes))


def axes(space: Workspace, codes: Sequence[str], sections: Sequence[str] = ()) -> Axes:
    """The axes of a stored table of one country, with or without the sections of its industries."""
    mrio = of_codes(codes)
    nodes = node_frame(mrio)
    if sections:
        nodes = nodes.with_columns(pl.Series("section", sections))
    store_flows(space, mrio, store_nodes(space, nodes))
    return load_axes(space, "small")


@pytest.mark.parametrize("listed", ["nbs-42-2012", "nbs-42-2017", "wiod-2013", "wiod-2016", "icio-2021"])
def test_industries_are_named_as_in_the_list_with_their_codes_and_sections(
    listed: str, tmp_path: Path
) -> None:
    known = classifications()[listed]
    found = axes(workspace(tmp_path), list(known), [i.section for i in known.values()])
    assert [(i.code, i.name) for i in found.industries] == [(c, i.name) for c, i in known.items()]
    assert found.named


def test_numbers_mean_nothing_without_sections(tmp_path: Path) -> None:
    """The two lists of 42 Chinese industries have the same codes, and so have older ones that are not known."""
    codes = [f"{i:02d}" for i in range(1, 43)]
    for sections in ((), [""] * 42):
        found = axes(workspace(tmp_path), codes, sections)
        assert not found.named
        assert [i.name for i in found.industries] == codes


def test_other_codes_decide_without_sections_or_go_by_the_name_they_have_elsewhere(tmp_path: Path) -> None:
    whole = axes(workspace(tmp_path), list(classifications()["wiod-2013"]))
    assert whole.industries[0].name == classifications()["wiod-2013"][whole.industries[0].code].name
    some = axes(workspace(tmp_path), ["C26", "mining of moons"])
    assert [i.name for i in some.industries] == ["Electronics and optics", "mining of moons"]


def test_a_part_of_a_country_says_of_which(tmp_path: Path) -> None:
    space, mrio = workspace(tmp_path), table(np.eye(3), np.full(3, 2.0), ("CN1", "CN2", "USA"), ("C26",))
    nodes = node_frame(mrio).with_columns(whole=pl.Series(["CHN", "CHN", "USA"]))
    store_flows(space, mrio, store_nodes(space, nodes))
    assert load_axes(space, "small").countries == (
        ("CHN", "China", ""),
        ("USA", "United States", ""),
        ("CN1", "CN1", "CHN"),
        ("CN2", "CN2", "CHN"),
    )


def test_a_part_finds_the_table_that_it_belongs_to(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store(space, random_table(1))
    first = space.read("small-nodes")
    store(space, random_table(2))
    assert owner(space, space.read("small-nodes"), "nodes").digest == space.read("small").meta.digest
    assert owner(space, first, "nodes").parts["nodes"] == first.meta.ref
    with pytest.raises(ZizhuError, match="no input-output table has small as its part"):
        owner(space, space.read("small"), "final")


def test_a_table_of_another_kind_has_no_axes(built_in_tables: Workspace) -> None:
    with pytest.raises(ZizhuError, match="a table of kind 'trade'"):
        load_axes(built_in_tables, "baci-raw-materials")
