"""The built-in governance estimates against the reference table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from zizhu.store import Table


@pytest.fixture
def estimates(built_in: Callable[[str], Table]) -> pl.DataFrame:
    return built_in("wgi-political-stability").frame


def test_keys_range_and_years(estimates: pl.DataFrame, built_in: Callable[[str], Table]) -> None:
    assert estimates.height == 5391
    assert estimates.select("iso3", "year").is_unique().all()
    assert estimates["iso3"].n_unique() == 216
    assert estimates["estimate"].abs().max() < 3.5  # type: ignore[operator]
    years = built_in("wgi-political-stability").meta.flags["years"]
    assert years == [1996, 1998, 2000, *range(2002, 2025)]


def test_the_two_editions_are_told_apart(estimates: pl.DataFrame) -> None:
    blocks = estimates.group_by("edition_block").agg(first=pl.col("year").min(), last=pl.col("year").max())
    assert sorted(blocks.rows()) == [("1996-2022", 1996, 2022), ("2023-2024", 2023, 2024)]


def test_guyana_is_the_row_that_stands_in_its_place(estimates: pl.DataFrame) -> None:
    found = estimates.filter((pl.col("iso3") == "GUY") & (pl.col("year") == 1996))
    assert found["estimate"].to_list() == [-0.26641353964805603]


def test_rows_equal_the_reference(estimates: pl.DataFrame, shared: Path) -> None:
    key = ["iso3", "year"]
    reference = pl.read_parquet(shared / "wgi" / "political_stability.parquet").drop("name")
    assert estimates.select(reference.columns).sort(key).equals(reference.sort(key))
