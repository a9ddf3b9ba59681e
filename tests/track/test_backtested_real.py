"""The backtest on real series of seven families, from their tables to the numbers that the method must reach."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from track.owning import Row, stored
from track.path import real_series
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.track import backtested

pytestmark = [pytest.mark.slow, real_series.here]


def rows() -> list[Row]:
    """The series that the tests of the kernel draw, each family as one indicator."""
    found: list[Row] = []
    for family in real_series.FAMILIES:
        for k, x in enumerate(real_series.family(family)):
            found += [(f"series {k:03}", family, 1900 + t, float(v), "kt") for t, v in enumerate(np.exp(x))]
    return found


@cache
def workspace(folder: Path) -> Workspace:
    return stored(folder, rows())


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    space = workspace(tmp_path_factory.getbasetemp() / "real")
    return backtested.solve(backtested.load(space, backtested.Params(table="own")))


def intervals(result: Result, method: str = "mixture") -> pl.DataFrame:
    return result.frame.filter(of="interval", method=method).filter(pl.col("at").is_in(["1", "3", "5"]))


def test_there_are_windows_enough(result: Result) -> None:
    first = intervals(result).filter(family="all", at="3").row(0, named=True)
    assert first["windows"] >= 2000
    assert first["series"] >= 700
    assert result.coverage[0].share == 1


def test_the_interval_covers_what_it_says_at_every_horizon_and_in_every_family(result: Result) -> None:
    ours = intervals(result)
    whole, families = ours.filter(family="all"), ours.filter(pl.col("family") != "all")
    assert whole["coverage"].is_between(0.76, 0.85).all(), whole
    assert whole["below"].is_between(0.06, 0.13).all()
    assert whole["above"].is_between(0.06, 0.13).all()
    assert families.height == 3 * len(real_series.FAMILIES)
    assert families["coverage"].is_between(0.70, 0.90).all(), families
    assert (whole["coverage_lower"] < whole["coverage"]).all()
    assert (whole["coverage_upper"] - whole["coverage_lower"]).max() < 0.06
    assert not any(note.startswith("Few") for note in result.notes)


def test_it_is_nearer_than_no_change_and_its_interval_holds_more(result: Result) -> None:
    ours, naive = (intervals(result, m).filter(family="all") for m in ("mixture", "naive"))
    assert (ours["ase"] < naive["ase"]).all()
    assert ((ours["coverage"] - 0.8).abs()[1:] < (naive["coverage"] - 0.8).abs()[1:]).all()


def test_chances_come_true_as_often_as_they_say_and_beat_everything_beside_them(result: Result) -> None:
    verdicts = result.frame.filter(of="verdict", family="all")
    by = {r["method"]: r for r in verdicts.iter_rows(named=True)}
    assert by["mixture"]["brier"] <= 0.165
    for rival in ("climatology", "naive", "open-sdg", "eustat"):
        assert by[rival]["behind_lower"] > 0, rival
    assert 0.4 < by["open-sdg"]["came_true"] < 0.6
    tenths = result.frame.filter(of="decile").sort(pl.col("at").cast(pl.Int64))
    assert (tenths["gap"].abs() <= 0.07).all(), tenths
    assert all(a < b for a, b in pairwise(tenths["attained"]))
