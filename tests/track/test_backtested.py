"""A backtest of one's own series: its scores against those of the kernel, its words, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from track.owning import Row, stored, walks
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.track import backtested
from zizhu.track.backtested_told import answer
from zizhu.track.path import backtest, mixture, rivals
from zizhu.vocab.problems import CannotAnswer, ZizhuError


def asked(workspace: Workspace, **more: object) -> tuple[backtested.Inputs, Result]:
    inputs = backtested.load(workspace, backtested.Params.model_validate({"table": "own", **more}))
    return inputs, backtested.solve(inputs)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return stored(tmp_path_factory.mktemp("own"), walks(15))


def scores(result: Result, **key: str) -> pl.DataFrame:
    return result.frame.filter(**key).sort(pl.col("at").cast(pl.Int64, strict=False))


def test_scores_are_those_of_the_kernel(space: Workspace) -> None:
    inputs, result = asked(space)
    of, h = inputs.found.whole, np.arange(1.0, 6)
    for name, method in (("mixture", mixture.predicted), ("naive", rivals.naive)):
        found = backtest.scores(of, method(of.x, h))
        rows = scores(result, of="interval", family="all", method=name)
        for column in ("windows", "coverage", "below", "above", "ase", "width"):
            np.testing.assert_allclose(rows[column], getattr(found, column), err_msg=column)
    verdicts = backtest.verdicts(of, mixture.predicted)
    rows = scores(result, of="verdict", family="all")
    by = {r["method"]: r for r in rows.iter_rows(named=True)}
    assert by["mixture"]["brier"] == pytest.approx(backtest.brier(verdicts.p, verdicts.attained))
    assert by["climatology"]["brier"] == pytest.approx(backtest.climatology(verdicts.attained))
    assert by["naive"]["behind"] == pytest.approx(by["naive"]["brier"] - by["mixture"]["brier"])
    tenths = scores(result, of="decile")
    for row, bin_ in zip(
        tenths.iter_rows(named=True), backtest.reliability(verdicts.p, verdicts.attained), strict=True
    ):
        assert (row["targets"], row["predicted"], row["attained"]) == pytest.approx(tuple(bin_))


def test_indicators_are_families_and_add_up(space: Workspace) -> None:
    _, result = asked(space)
    rows = scores(result, of="interval", method="mixture", at="3")
    whole, *parts = (rows.filter(family=f).row(0, named=True) for f in ("all", "output", "share"))
    assert whole["windows"] == sum(p["windows"] for p in parts)
    inside = sum(p["coverage"] * p["windows"] for p in parts)
    assert whole["coverage"] == pytest.approx(inside / whole["windows"])
    _, alone = asked(space, indicators=("share",))
    assert set(scores(alone, of="interval")["family"]) == {"all"}


def test_bounds_hold_the_score_and_grow_with_fewer_series(tmp_path: Path) -> None:
    _, result = asked(stored(tmp_path / "many", walks(60)))
    _, fewer = asked(stored(tmp_path / "few", walks(10)), indicators=("output",))
    many, few = (
        scores(r, of="interval", family="all", method="mixture").row(2, named=True) for r in (result, fewer)
    )
    for row in (many, few):
        assert row["coverage_lower"] <= row["coverage"] <= row["coverage_upper"]
    assert few["coverage_upper"] - few["coverage_lower"] > many["coverage_upper"] - many["coverage_lower"]
    assert any(note.startswith("Few: 40 windows of 10 series.") for note in fewer.notes)


def test_fewer_than_ten_series_have_no_bounds_and_say_so(tmp_path: Path) -> None:
    _, result = asked(stored(tmp_path, walks(1)), indicators=("output",))
    assert result.frame["coverage_lower"].null_count() == result.frame.height
    assert result.notes[0].startswith("Few: 4 windows of 1 series. That is an example and no test")
    assert result.figure().sentence.endswith(result.notes[0])
    assert "In 4 windows of 1 series" in answer(result.frame)


def test_rules_are_judged_by_the_targets_that_they_call_on_track(space: Workspace) -> None:
    inputs, result = asked(space)
    found = inputs.found
    for rule in ("open-sdg", "eustat"):
        row = scores(result, of="verdict", family="all", method=rule).row(0, named=True)
        called = found.known & (found.chances[rule] == 1)
        assert row["came_true"] == pytest.approx(found.goals.attained[called].mean())
        wrong = np.where(called, ~found.goals.attained, found.goals.attained)[found.known]
        assert row["brier"] == pytest.approx(wrong.mean())
        assert any(f"{row['came_true']:.0%} came true" in note for note in result.notes)


def test_series_that_return_to_their_mean_are_called_a_bad_case(tmp_path: Path) -> None:
    """Where the method is worse than no change, the answer says so."""
    rng, rows = np.random.default_rng(5), list[Row]()
    for k in range(30):
        rows += [
            (f"p{k}", "level", 1990 + t, float(v), "kt")
            for t, v in enumerate(np.exp(rng.normal(size=30) / 5))
        ]
    _, result = asked(stored(tmp_path, rows))
    behind = scores(result, of="verdict", method="naive")["behind"][0]
    assert behind < 0
    told = answer(result.frame).partition("worse than ")[2].partition(" (")[0].split(" and ")
    assert {"the base rate", "no change"} <= set(told)


def test_the_same_question_has_the_same_answer_and_another_seed_other_windows(space: Workspace) -> None:
    _, one = asked(space)
    _, again = asked(space)
    _, other = asked(space, seed=1)
    assert one.run == again.run
    windows = [set(r.frame.filter(of="window")["at"]) for r in (one, other)]
    assert windows[0] != windows[1]
    _, every = asked(space, every=True)
    assert windows[0] | windows[1] <= set(every.frame.filter(of="window")["at"])


def test_horizons_lengths_and_scales_are_obeyed(space: Workspace) -> None:
    inputs, result = asked(space, horizons=(7, 1, 1), min_points=9)
    assert scores(result, of="interval", family="all", method="mixture")["at"].to_list() == ["1", "7"]
    assert set(inputs.found.of.n) == {9, 10, 15}
    assert any("Horizons 7 are beyond" in note for note in result.notes)
    assert inputs.found.goals.years.tolist() == [7]
    near, _ = asked(space, horizons=(1, 2))
    assert near.found.goals.years.tolist() == [2]


def test_windows_that_grow_by_the_same_share_every_year_do_not_count(tmp_path: Path) -> None:
    rows: list[Row] = [("x", "it", 2000 + t, float(2**t), "kt") for t in range(20)]
    _, result = asked(stored(tmp_path, rows))
    assert scores(result, of="interval", family="all")["windows"].to_list() == [0] * 10
    assert any("have no distribution" in note for note in result.notes)
    assert answer(result.frame).startswith("No window")


def test_what_cannot_be_answered_says_why_of_every_reason(tmp_path: Path) -> None:
    rows: list[Row] = [("x", "short", 2000 + t, 1.0 + t, "kt") for t in range(5)]
    rows += [("x", "below", 2000 + t, -1.0 - t, "kt") for t in range(20)]
    rows += [("y", "below", 2000 + t, -1.0 - t, "kt") for t in range(20)]
    with pytest.raises(CannotAnswer) as raised:
        asked(stored(tmp_path, rows))
    below, short = raised.value.problems
    assert "no logarithm" in below.what
    assert "x and 1 more" in below.where
    assert "--scale none" in below.remedy
    assert "fewer than 9" in short.what


def test_wrong_questions_are_refused(space: Workspace) -> None:
    with pytest.raises(ZizhuError, match="unknown indicator 'outputt'"):
        asked(space, indicators=("outputt",))
    with pytest.raises(ZizhuError, match="unknown table"):
        backtested.load(space, backtested.Params(table="none"))
    for wrong in ({"min_points": 5}, {"horizons": (0,)}, {"horizons": ()}, {"scale": "sqrt"}):
        with pytest.raises(ZizhuError):
            backtested.Params(table="own", **wrong)  # type: ignore[arg-type]


def test_a_score_opens_into_windows_and_a_window_into_points(space: Workspace) -> None:
    inputs, result = asked(space)
    row = scores(result, of="interval", family="all", method="mixture").row(2, named=True)
    opened = backtested.explain(inputs, result, "interval|all|mixture|3", "ase", 10**6)
    assert sum(p.value for p in opened.parts) == pytest.approx(row["ase"])
    assert len(opened.parts) == row["windows"]
    key = opened.parts[0].ref.partition("#")[2].rpartition(",")[0]
    window = backtested.explain(inputs, result, key, "ase", 10**6)
    came = [p for p in window.parts if p.share is not None]
    points = [p for p in window.parts if p.share is None]
    assert (len(came), len(points)) == (5, result.row(key)["points"])
    frame = space.read("own").frame
    for part in points:
        indicator, entity, period, _ = part.ref.partition("#")[2].split(",")
        assert frame.filter(indicator=indicator, entity=entity, period=period)["value"][0] == part.value
    missed = backtested.explain(inputs, result, "interval|all|mixture|3", "coverage", 10**6)
    outside = [p for p in missed.parts if p.value == 0]
    assert len(outside) == round((row["below"] + row["above"]) * row["windows"])
    assert missed.parts[: len(outside)] == tuple(outside)
    assert all(p.label.endswith((": above", ": below")) for p in outside)


def test_an_empty_cell_is_told(space: Workspace) -> None:
    inputs, result = asked(space)
    with pytest.raises(CannotAnswer, match="brier is empty"):
        backtested.explain(inputs, result, "interval|all|mixture|3", "brier")
