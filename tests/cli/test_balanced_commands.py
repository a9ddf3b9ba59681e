"""`zizhu depend sufficiency` and `risk` on production of one's own, as a user runs them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from cli.running import within
from zizhu.store import Workspace

REE = "284690"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose workspace has production of rare earths, in USD alone."""
    folder = tmp_path_factory.mktemp("balanced")
    made = pl.DataFrame({"year": [2022], "country": ["CHN"], "product": [REE], "value_usd": [5_200_000_000]})
    none = {"quantity": pl.lit(None, pl.Float64), "unit": pl.lit(None, pl.String)}
    stated = {"classification": pl.lit("HS1992"), "basis": pl.lit("territorial")}
    flags = {"kind": "production", "basis": "territorial", "classification": "HS1992"}
    units = {"value_usd": "USD", "quantity": "row by row"}
    about = {"title": "Made", "sources": ("test",), "units": units, "flags": flags}
    frame = made.with_columns(**none, **stated)
    Workspace(folder / "ws").commit("made", frame, ("year", "country", "product"), about)
    return folder


def test_what_no_row_says_is_no_column(place: Path) -> None:
    told = within("depend", "sufficiency", "--reporter", "CHN", "--production", "made", place=place).stdout
    assert "self_" in told
    assert "oddity" not in told


def test_another_measure_than_that_of_the_table_cannot_be_answered(place: Path) -> None:
    asked = ("--reporter", "CHN", "--production", "made", "--measure", "units")
    said = within("depend", "sufficiency", *asked, place=place, expect=3).stderr
    assert "no production in tonnes" in said
    said = within("depend", "risk", "--importer", "CHN", "--production", "made", place=place, expect=3).stderr
    assert "no product with production in tonnes" in said


def test_the_figure_of_one_year_has_no_months(place: Path) -> None:
    asked = ("--reporter", "CHN", "--production", "made", "--plot", "one.svg")
    within("depend", "sufficiency", *asked, place=place)
    drawn = (place / "one.svg").read_text(encoding="utf-8")
    assert "in 2022" in drawn
    assert "Jan" not in drawn
