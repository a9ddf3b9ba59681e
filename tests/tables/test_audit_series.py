"""What is a series, and what the audit of one leaves alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from tables.stored import workspace
from zizhu.store import Workspace
from zizhu.tables.audit import check_table
from zizhu.tables.audit_series import is_series


def put(space: Workspace, frame: pl.DataFrame, key: tuple[str, ...], **units: str) -> None:
    space.commit("series", frame, key, {"title": "S", "sources": ("test",), "units": units})


def walk(seed: int, entities: int, years: int) -> pl.DataFrame:
    """Levels of very different size that move by some per cent a year."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0.02, 0.1, (entities, years)).cumsum(axis=1)
    values = 10 ** rng.uniform(-3, 9, (entities, 1)) * np.exp(steps)
    e, y = np.indices(values.shape).reshape(2, -1)
    return pl.DataFrame({"entity": [f"E{i}" for i in e], "year": 2000 + y, "v": values.ravel()})


@examples(25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 12))
def test_what_moves_little_by_little_has_no_finding(
    tmp_path_factory: pytest.TempPathFactory, seed: int, entities: int, years: int
) -> None:
    space = workspace(tmp_path_factory.mktemp("series"))
    put(space, walk(seed, entities, years), ("entity", "year"), v="tonnes")
    assert [f.what for f in check_table(space, "series") if f.fault] == []


def test_tables_of_other_kinds_are_no_series(built_in_tables: Workspace) -> None:
    kinds = {name: is_series(built_in_tables.read(name).meta) for name in built_in_tables.names()}
    assert [name for name, series in kinds.items() if series] == [
        "baci-raw-materials",
        "wgi-political-stability",
    ]


def test_a_saturated_series_is_not_filled(tmp_path: Path) -> None:
    """Electricity for all: 100 per cent, year after year; and one that stays at 0."""
    space = workspace(tmp_path)
    rise = [80.0, 85.5, 91.25, 97.5, *[100.0] * 6]
    frame = pl.DataFrame(
        {"entity": ["A"] * 10 + ["B"] * 10, "year": [*range(10)] * 2, "v": [*rise, *rise[:4], *([0.0] * 6)]}
    )
    put(space, frame, ("entity", "year"), v="percent")
    assert [f.what for f in check_table(space, "series") if not f.fine] == []


def test_small_per_cent_are_told_and_no_fault(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    frame = walk(1, 4, 5).with_columns(pl.col("v").rank() / 25)
    put(space, frame, ("entity", "year"), v="percent of GDP")
    (note,) = (f for f in check_table(space, "series") if "no value above 1 in percent of GDP" in f.what)
    assert not note.fault


def test_years_and_quarters_are_held_apart(tmp_path: Path) -> None:
    """A year is the sum of its quarters, and so far above them."""
    rows = [
        (f"E{i}", p, 10.0 * i + q)
        for i in range(1, 13)
        for q, p in enumerate(("2001-Q1", "2001-Q2", "2002-Q1"))
    ]
    rows += [(f"E{i}", p, 4000.0 * i + q) for i in range(1, 13) for q, p in enumerate(("2001", "2002"))]
    frame = pl.DataFrame(rows, schema=("entity", "period", "v"), orient="row")
    space = workspace(tmp_path)
    put(space, frame, ("entity", "period"), v="tonnes")
    assert [f.what for f in check_table(space, "series") if not f.fine] == []
