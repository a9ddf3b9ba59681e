"""What is taken of a table of observations, and what is left out and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from track.owning import Row, stored
from zizhu.store import Workspace
from zizhu.track import own_series
from zizhu.track.own_series import Left, Stretch
from zizhu.vocab.problems import ZizhuError

NEEDED = 9


def series(values: list[float], unit: str = "kt", first: int = 2000, entity: str = "x") -> list[Row]:
    return [(entity, "it", first + t, v, unit) for t, v in enumerate(values)]


def taken(
    folder: Path, rows: list[Row], asked: own_series.Asked = "auto", **more: object
) -> tuple[list[Stretch], list[Left]]:
    held = own_series.rows(stored(folder, rows, **more).read("own"))
    return own_series.stretches(held.frame, asked, NEEDED)


RISING = [float(2**t) for t in range(12)]


def test_a_series_is_taken_with_the_rows_it_is_of(tmp_path: Path) -> None:
    (one,), left = taken(tmp_path, series(RISING))
    assert not left
    assert (one.indicator, one.entity, one.unit, one.scale, one.first, one.cut) == (
        "it",
        "x",
        "kt",
        "log",
        2000,
        False,
    )
    np.testing.assert_allclose(one.x, np.log(RISING))
    assert one.keys[3] == "it,x,2003,2025"


def test_shares_are_on_log_odds_of_their_unit(tmp_path: Path) -> None:
    (one,), _ = taken(tmp_path, series([20.0 + 3 * t for t in range(12)], "percent"))
    assert (one.scale, one.whole) == ("logit", 100)
    np.testing.assert_allclose(one.x[0], np.log(0.2 / 0.8))
    (other,), _ = taken(tmp_path, series([20.0 + 3 * t for t in range(12)], "percent"), "log")
    assert other.scale == "log"


def test_the_longest_stretch_without_a_gap_is_taken(tmp_path: Path) -> None:
    rows = [*series(RISING[:9]), *series(RISING[:10], first=2010)]
    (one,), _ = taken(tmp_path, rows)
    assert (one.first, len(one.y), one.cut) == (2010, 10, True)
    assert any("longest stretch" in said for said in own_series.told([one], []))


@pytest.mark.parametrize(
    ("rows", "asked", "why"),
    [
        pytest.param(series(RISING[:8]), "auto", "fewer than 9 annual values", id="short"),
        pytest.param(
            [*series(RISING[:6]), *series(RISING[:6], first=2007)],
            "auto",
            "gaps: never 9 years in a row",
            id="gaps",
        ),
        pytest.param(series([*RISING[:5], 0.0, *RISING[:5]]), "auto", "values of zero or less", id="zero"),
        pytest.param(series([-v for v in RISING]), "auto", "values of zero or less", id="negative"),
        pytest.param(series([50.0] * 3 + [100.0] * 9, "percent"), "auto", "shares at nothing", id="whole"),
        pytest.param(series([5.0] * 11 + [6.0]), "auto", "it hardly moves", id="still"),
        pytest.param(series(RISING), "logit", "in 'kt', which is no share", id="no-share"),
        pytest.param(
            [*series(RISING[:6]), *series(RISING[6:], "USD", 2006)],
            "auto",
            "values in 'USD' and 'kt'",
            id="mixed",
        ),
        pytest.param(
            [*series(RISING[:6], "sacks"), *series(RISING[6:], "bags", 2006)],
            "auto",
            "values in 'bags'",
            id="strange",
        ),
    ],
)
def test_what_cannot_be_used_is_left_with_its_reason(
    rows: list[Row], asked: own_series.Asked, why: str, tmp_path: Path
) -> None:
    used, (left,) = taken(tmp_path, rows, asked)
    assert not used
    assert left.why.startswith(why)
    assert left.points == len(rows)
    assert any(why in said for said in own_series.told(used, [left]))


def test_an_indicator_that_can_be_negative_has_no_logarithms(tmp_path: Path) -> None:
    rows = [*series(RISING), *series([*RISING[:-1], -1.0], entity="y")]
    used, left = taken(tmp_path, rows)
    assert not used
    assert {one.entity: one.why for one in left}["x"] == own_series.SIGNED
    assert len(taken(tmp_path, rows, "none")[0]) == 2


def test_units_of_one_dimension_are_brought_to_one(tmp_path: Path) -> None:
    rows = [*series(RISING[:8]), *series([1000 * v for v in RISING[8:]], "t", 2008)]
    (one,), _ = taken(tmp_path, rows)
    assert one.unit == "kt"
    np.testing.assert_allclose(one.y, RISING)


def test_negative_values_need_no_scale_where_none_is_asked_for(tmp_path: Path) -> None:
    (one,), _ = taken(tmp_path, series([-v for v in RISING]), "none")
    np.testing.assert_array_equal(one.x, one.y)


def test_the_last_vintage_counts_and_forecasts_and_months_do_not(tmp_path: Path) -> None:
    rows = [*series(RISING), *series([v + 1 for v in RISING])]
    held = own_series.rows(
        stored(tmp_path, rows, vintage=pl.Series(["2024"] * 12 + ["2025"] * 12)).read("own")
    )
    assert held.frame["value"].to_list() == [v + 1 for v in RISING]
    assert "12 values of earlier vintages are not used." in held.notes
    status = pl.Series(["reported"] * 11 + ["forecast", "reported"])
    rows = [*series(RISING), ("x", "it", "2012-03", 5.0, "kt")]
    held = own_series.rows(stored(tmp_path, rows, status=status).read("own"))
    assert held.frame.height == 11
    assert len(held.notes) == 2


def test_a_panel_has_a_series_a_column(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"entity": "x", "period": [str(2000 + t) for t in range(12)], "a": RISING, "b": RISING}
    )
    workspace = Workspace(tmp_path / "ws")
    described = {
        "title": "Panel",
        "units": {"a": "t", "b": "percent"},
        "sources": ("s",),
        "flags": {"kind": "panel"},
    }
    workspace.commit("panel", frame, ("entity", "period"), described)
    held = own_series.rows(workspace.read("panel")).frame
    assert held.group_by("indicator", "unit").len().sort("indicator").rows() == [
        ("a", "t", 12),
        ("b", "percent", 12),
    ]


def test_a_table_without_series_is_refused(built_in_tables: Workspace) -> None:
    with pytest.raises(ZizhuError, match="kind 'trade'"):
        own_series.rows(built_in_tables.read("baci-raw-materials"))


def test_years_after_the_release_are_no_observations(tmp_path: Path) -> None:
    held = own_series.rows(stored(tmp_path, series(RISING, first=2018), vintage="2025-06-30").read("own"))
    assert held.frame["year"].max() == 2025
    assert "4 values of years after that of their release are no observations." in held.notes
