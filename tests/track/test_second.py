"""What stands beside the years ahead and decides nothing: scenarios of curves, and an interval from pooled errors."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import numpy as np
import pytest

from track.samples import indicator, inputs, line, target
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.track import ahead, course, second
from zizhu.track.path import conformal, mixture, scenarios
from zizhu.track.path.transforms import scaled, unscaled
from zizhu.vocab.packfiles import pack

TOOL = Path(__file__).parents[2] / "tools" / "pool_radii.py"
SPREAD = 100 * np.r_[0.05, scenarios.bass_onward(scenarios.Bass(0.03, 0.38), 0.05, 7)]


def asked(*values: float, **changed: object) -> tuple[course.Inputs, Result]:
    question = inputs(
        target(**{"value": 90.0, "deadline": "2026"} | changed),
        *line(2016, *values),
        of=indicator(highest=100.0),
    )
    whole = course.Inputs(course.Params(target="X1", as_of=question.params.as_of), question)
    return whole, course.solve(whole)


def test_a_bass_curve_is_found_again_from_the_shares_that_it_makes() -> None:
    found = scenarios.bass_of(SPREAD / 100)
    assert found == pytest.approx((0.03, 0.38))
    assert scenarios.bass_onward(found, 0.05, 7)[-1] == pytest.approx(SPREAD[-1] / 100)


@pytest.mark.parametrize(
    "shares",
    [
        [0.1, 0.2, 0.3],
        [0.5, 0.4, 0.3, 0.2],
        [0.1, 0.3, 0.6, 1.0],
        [0.2, 0.2, 0.2, 0.2],
        [0.1, 0.5, 0.6, 0.61],
    ],
    ids=["few", "falling", "the whole", "still", "slowing"],
)
def test_what_does_not_spread_has_no_bass_curve(shares: list[float]) -> None:
    with pytest.raises(ValueError, match=r"Bass curve|spread"):
        scenarios.bass_of(shares)


def test_scenarios_are_named_as_such_and_what_is_not_drawn_says_what_it_needs() -> None:
    _, result = asked(*SPREAD)
    drawn = result.frame.filter(kind=course.SCENARIO)
    assert set(drawn["of"]) == {ahead.LOGISTIC, ahead.BASS}
    assert drawn["lower"].null_count() == drawn.height
    told = {r["scenario"]: r for r in result.lists["scenarios"].iter_rows(named=True)}
    assert told[ahead.BASS]["assumes"] == "innovation 0.030, imitation 0.380; all adopt in the end"
    assert told[ahead.BASS]["leads to"].endswith("in 2026")
    assert told[ahead.WRIGHT]["not drawn: it needs"].startswith("a cost")
    assert not told[ahead.BASS]["not drawn: it needs"]


def test_no_scenario_and_no_second_interval_stands_beside_a_fact() -> None:
    _, result = asked(*SPREAD, deadline="2023")
    assert not {"scenarios", "second"} & set(result.lists)


def test_the_second_interval_reaches_as_far_as_pooled_errors_did() -> None:
    question, result = asked(*SPREAD)
    v = question.verdict
    rows = result.lists["second"].rows(named=True)
    with pack("policy/pooled_radii.csv").open(encoding="utf-8") as file:
        radii = {(int(r["points"]), int(r["years"])): float(r["radius"]) for r in csv.DictReader(file)}
    unit = np.abs(np.diff(scaled(v.ask.y, "logit", 100.0))).mean() if v.ask else np.nan
    for h, row in enumerate(rows, 1):
        x = scaled([row["lower"], row["upper"]], "logit", 100.0)
        assert x[1] - x[0] == pytest.approx(2 * radii[8, h] * unit)
        step = next(s for s in question.steps if s.of == ahead.MIXTURE and s.h == h)
        assert float(unscaled(x.mean(), "logit", 100.0)) == pytest.approx(step.median)
    assert [r["target"] for r in rows][:-1] == ["", ""]
    assert rows[-1]["target"] in ("inside", "outside")


def test_with_gaps_or_beyond_five_years_there_is_no_second_interval() -> None:
    far, _ = asked(*SPREAD, deadline="2035")
    assert [r["period"] for r in second.opinions(far.verdict, far.steps)][-1] == "2028"
    question = inputs(target(value=90.0, deadline="2026"), *line(2012, 5.0, 7.0), *line(2016, *SPREAD[:4]))
    whole = course.Inputs(course.Params(target="X1", as_of=question.params.as_of), question)
    assert second.opinions(whole.verdict, whole.steps) == []


@pytest.mark.slow
def test_the_pooled_radii_are_those_of_the_built_in_table(built_in_tables: Workspace) -> None:
    of = runpy.run_path(str(TOOL))["windows"](built_in_tables)
    median = mixture.quantile(mixture.predicted(of.x, np.arange(1.0, of.after.shape[1] + 1)), 0.5)
    found = conformal.radii(conformal.scores(of.after, median, of.unit), of.n)
    with pack("policy/pooled_radii.csv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            assert float(r["radius"]) == pytest.approx(found[int(r["points"]), int(r["years"])], abs=1e-4)
