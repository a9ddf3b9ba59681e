"""Acceptance cases of projection: drift intervals, ratios, S-curves, an experience curve, growth, and the backtest."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from cases.reading import ABSENT, SHARED, Row, rows
from track.path import real_series
from zizhu.track.path import backtest, drift, kinds, mixture, pace, scenarios
from zizhu.track.path.drift import PLAIN

CASE = SHARED / "cases" / "track"
here = pytest.mark.skipif(not CASE.is_dir(), reason=ABSENT)


def every(_: str) -> bool:
    return True


def series(name: str) -> list[dict[str, str]]:
    with (CASE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@here
@pytest.mark.parametrize("row", rows("track", "drift_interval", every))
def test_standard_deviations_of_forecasts(row: Row) -> None:
    given = dict(part.split("=") for part in row.entity.split())
    h = np.array(float(given["h"]))
    sd = np.sqrt(drift.walked(h, h, np.array(float(given["m"])), float(given["theta"])))
    row.check(float(given["K"]) * float(sd))


@here
@pytest.mark.parametrize("row", rows("track", "cagr_rule", every))
def test_ratios(row: Row) -> None:
    ratio = pace.cagr_ratio if row.quantity == "CAGR ratio" else pace.linear_ratio
    row.check(float(ratio(20, 2015, 40, 2020, 70, 2025)))


@here
@pytest.mark.parametrize("row", rows("track", "logistic", every))
def test_logistic(row: Row) -> None:
    curve = scenarios.logistic_through(0, 0.1, 3, 0.3, C=1.0)
    row.check(curve.r if row.quantity == "growth rate r" else float(curve.when(0.8)))


@here
@pytest.mark.parametrize("row", rows("track", "bass", every))
def test_bass(row: Row) -> None:
    bass = scenarios.Bass(0.03, 0.38)
    row.check(float(bass.share(float(row.quantity[2:-1]))) if row.quantity.startswith("F(") else bass.peak())


@here
@pytest.mark.parametrize("row", rows("track", "pv_learning", every))
def test_learning_of_solar_modules(row: Row) -> None:
    points = series("pv_learning.csv")
    curve = scenarios.experience(
        [float(p["cumulative_capacity_mw"]) for p in points],
        [float(p["unit_cost_usd_per_w"]) for p in points],
    )
    row.check({"n": len(points), "wright exponent": curve.b}.get(row.quantity, curve.learning_rate))


@here
@pytest.mark.parametrize("row", rows("track", "rd_targets", lambda q: q.startswith("nominal CAGR")))
def test_growth_of_research_spending(row: Row) -> None:
    value = {
        p["period"]: float(p["value"]) for p in series("rd_china.csv") if p["indicator"] == "rd_expenditure"
    }
    row.check(100 * float(kinds.growth_between(value["2020"], value["2025"], 5)))


@pytest.mark.slow
@here
@real_series.here
@pytest.mark.parametrize("row", rows("track", "backtest_gate", lambda q: q.startswith("coverage")))
def test_coverage_of_the_published_formula(row: Row) -> None:
    of = real_series.real()
    h = float(row.quantity.split()[-1])
    part = drift.farmer_lafond(of.x, np.arange(1.0, backtest.AHEAD + 1), PLAIN)
    row.check(float(backtest.scores(of, (part, part)).coverage[int(h) - 1]))


@pytest.mark.slow
@here
@real_series.here
@pytest.mark.parametrize("row", rows("track", "backtest_gate", lambda q: q.startswith("Brier")))
def test_the_verdict_beats_the_climatology_of_the_case(row: Row) -> None:
    found = backtest.verdicts(real_series.real(), mixture.predicted)
    assert backtest.brier(found.p, found.attained) < float(row.printed)
