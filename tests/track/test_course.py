"""One target: its series with releases and sources, the years ahead, and what competes with its verdict."""

from __future__ import annotations

import math

import polars as pl
import pytest

from track.samples import indicator, inputs, line, seen, target
from zizhu.ledger.models import Observation, Target
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.track import course, judged
from zizhu.vocab.problems import CannotAnswer, ZizhuError

DAY = "2026-11-21"
RISING = line(2018, 20.0, 24.0, 27.0, 33.0, 36.0, 42.0, 45.0)


def asked(goal: Target, *held: Observation, **reading: str) -> tuple[course.Inputs, Result]:
    question = inputs(goal, *held, **reading)
    params = course.Params(target=goal.id, as_of=question.params.as_of, **reading)
    whole = course.Inputs(params, question)
    return whole, course.solve(whole)


def of_register(place: Workspace, name: str, **reading: str) -> Result:
    return course.solve(course.load(place, course.Params(target=name, as_of=DAY, **reading)))


def test_years_ahead_end_in_the_interval_of_the_verdict() -> None:
    question, result = asked(target(deadline="2030"), *RISING)
    ahead = result.frame.filter(pl.col("kind") == course.FORECAST).sort("year")
    assert ahead["period"].to_list() == [str(y) for y in range(2025, 2031)]
    v, last = question.verdict, ahead.row(-1, named=True)
    assert (last["lower"], last["value"], last["upper"]) == pytest.approx((v.lower, v.median, v.upper))
    width = (ahead["upper"] - ahead["lower"]).to_list()
    assert width == sorted(width)
    assert ahead["lower"].min() > 0
    assert ahead["upper"].max() < 100


def test_a_growth_target_is_shown_on_the_level_that_it_means() -> None:
    """From 100 in 2020, growth of 7 % a year to 2025 is 100 x 1.07^5 = 140.26."""
    rising = line(2016, 70.0, 77.0, 83.0, 92.0, 100.0, 110.0, 118.0, 130.0, unit="100 million CNY")
    goal = target(
        indicator="average annual growth 2021-2025", comparator=">", value=7.0, unit="percent per year"
    )
    _, result = asked(goal, *rising)
    figure = result.figure()
    assert figure.unit == "100 million CNY"
    assert {round(r["goal"], 2) for r in figure.rows if "goal" in r} == {140.26}


def test_an_s_curve_is_a_scenario_and_needs_the_points_of_a_chance() -> None:
    """Through 20 % in 2018 and 45 % in 2024: the log odds rise evenly."""
    _, result = asked(target(deadline="2030"), *RISING)
    curve = result.frame.filter(pl.col("kind") == course.SCENARIO).sort("year")
    rate = (math.log(45 / 55) - math.log(20 / 80)) / 6
    odds = 45 / 55 * math.exp(6 * rate)
    assert curve["value"][-1] == pytest.approx(100 * odds / (1 + odds))
    assert curve["lower"].null_count() == curve.height
    _, few = asked(target(deadline="2030"), *RISING[-4:])
    assert set(few.frame["kind"]) == {course.POINT}


def test_a_fact_has_no_years_ahead_and_other_values_stand_beside() -> None:
    again = seen("2020", 57.0, quality="low", vintage="first release")
    _, result = asked(target(deadline="2020"), seen("2019", 40.0), seen("2020", 55.0), again)
    assert dict(result.frame.select("value", "kind").iter_rows()) == {
        40.0: course.POINT,
        55.0: course.POINT,
        57.0: course.BESIDE,
    }
    figure = result.figure()
    assert [r["value"] for r in figure.rows if r.get("beside")] == [57.0]
    assert "other releases" in figure.encoding["x_title"]


def test_what_is_no_point_is_told_with_the_reason() -> None:
    held = [*line(2019, 30.0, 40.0), seen("2024-40", 90.0), seen("2021", 108.0), seen("2030", 50.0)]
    question = inputs(target(deadline="2030"), *held)
    whole = course.Inputs(course.Params(target="X1", as_of=question.params.as_of), question)
    kinds = dict(course.solve(whole).frame.select("period", "kind").iter_rows())
    assert kinds["2024-40"] == course.PART
    assert kinds["2021"] == kinds["2030"] == course.LEFT


def test_every_number_opens_into_its_observation_or_its_points(built_in_tables: Workspace) -> None:
    question = course.load(built_in_tables, course.Params(target="T101", as_of=DAY))
    result = course.solve(question)
    for row in result.frame.iter_rows(named=True):
        opened = course.explain(question, result, f"{row['period']}|{row['of']}", "value")
        assert opened.value == row["value"]
        if row["kind"] == course.FORECAST:
            assert [p.unit for p in opened.parts[:2]] == ["probability"] * 2
        else:
            assert opened.parts[0].ref == f"fact:{row['of']}"
    exact = result.frame.filter(pl.col("lower").is_null()).row(0, named=True)
    with pytest.raises(CannotAnswer, match="lower is empty"):
        course.explain(question, result, f"{exact['period']}|{exact['of']}", "lower")


def test_another_series_is_judged_and_the_verdict_of_the_register_is_kept(built_in_tables: Workspace) -> None:
    own = of_register(built_in_tables, "T010", series="robot_domestic_brand_share_ifr").lists["verdicts"]
    assert own["reading"].to_list() == ["as asked", "of the register"]
    assert own["verdict"][1] == "missed"
    assert own["verdict"][0].startswith("not trackable: too few points")
    alone = of_register(built_in_tables, "T010").lists["verdicts"]
    assert alone["reading"].to_list() == ["of the register"]


def test_another_basis_alone_finds_the_series_that_the_target_names(built_in_tables: Workspace) -> None:
    """Chips by Chinese firms instead of chips made in China, as the note of the target says; nothing looser."""
    own = of_register(built_in_tables, "T008", basis="ownership").lists["verdicts"]
    assert own["indicator"].to_list() == [
        "ic_local_company_share_of_china_market",
        "ic_production_share_of_china_market",
    ]
    offered = of_register(built_in_tables, "T017").lists["series"]["series"].to_list()
    assert "passenger_car_domestic_brand_share" in offered
    world = of_register(built_in_tables, "T017", basis="world share").lists["verdicts"]
    assert world["verdict"][0].startswith("not trackable: basis unclear")


def test_a_target_without_a_series_is_shown_with_what_comes_near_or_nothing(
    built_in_tables: Workspace,
) -> None:
    near = of_register(built_in_tables, "T147")
    assert set(near.frame["kind"]) == {course.NEAREST}
    none = of_register(built_in_tables, "T043")
    assert none.frame.height == 0
    with pytest.raises(CannotAnswer, match="no figure"):
        none.figure()


def test_what_competes_stands_beside(built_in_tables: Workspace) -> None:
    lists = of_register(built_in_tables, "T008").lists
    assert lists["wordings"]["target"].to_list() == ["T008", "T007"]
    assert lists["assessments"]["speaker"].to_list() == ["IC Insights"]
    assert set(lists["rules"]["rule"]) == {"open-sdg", "eustat"}
    assert lists["series"].height > 0
    assert lists["sources"].height > 1


def test_wrong_names_are_told(built_in_tables: Workspace) -> None:
    with pytest.raises(ZizhuError, match="unknown target 'T0171'"):
        of_register(built_in_tables, "T0171")
    with pytest.raises(ZizhuError, match="unknown basis 'brnd'"):
        of_register(built_in_tables, "T017", basis="brnd")


def test_only_what_is_asked_for_is_judged(built_in_tables: Workspace) -> None:
    def found(**chosen: str) -> list[dict[str, object]]:
        params = judged.Params(country="CHN", as_of=DAY, **chosen)
        return judged.solve(judged.load(built_in_tables, params)).frame.to_dicts()

    assert {r["verdict"] for r in found(verdict="missed")} == {"missed"}
    assert {r["code"] for r in found(verdict="TOO_FEW")} == {"TOO_FEW"}
    assert {r["series"] for r in found(indicator="non_fossil_share")} == {"non_fossil_share"}
    assert {r["plan"] for r in found(plan="14fyp")} > {"14th FYP", "Robot plan 2021"}
    assert {r["target"] for r in found(plan="mic2025", sector="robots")} == {"T010", "T011"}
    with pytest.raises(CannotAnswer, match="no target of CHN with plan 'MIC2025', verdict 'met'"):
        found(plan="MIC2025", verdict="met")
    with pytest.raises(ZizhuError, match="unknown verdict 'mist'"):
        found(verdict="mist")


def test_units_that_are_no_share_have_no_whole() -> None:
    """A count without bounds grows on logarithms and has no S-curve."""
    rising = line(2018, 10.0, 12.0, 15.0, 17.0, 22.0, 25.0, 29.0, unit="GW")
    goal = target(indicator="installed capacity", value=60.0, unit="GW", deadline="2030")
    whole = inputs(goal, *rising, of=indicator())
    asked_of = course.Inputs(course.Params(target="X1", as_of=whole.params.as_of), whole)
    kinds = set(course.solve(asked_of).frame["kind"])
    assert kinds == {course.POINT, course.FORECAST}


@pytest.mark.parametrize(
    ("deadline", "at", "said"),
    [("2025", 2025.5, "the end of 2025"), ("2026-40", 2026.0, "2026-06-30")],
)
def test_a_deadline_is_drawn_where_its_period_ends(deadline: str, at: float, said: str) -> None:
    _, result = asked(target(deadline=deadline), *RISING)
    drawn = result.figure()
    due = next(r for r in drawn.rows if r.get("event"))
    assert due["event"] == f"deadline: {said}"
    assert due["year"] == pytest.approx(at, abs=0.01)
    assert all(r["year"] <= at for r in drawn.rows)
