"""Input that a chance cannot be made of, or not at once: each has a verdict with its reason, or a refusal that says
what to do."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from track.samples import TODAY, indicator, inputs, line, seen, target
from zizhu.ledger.models import Indicator, Observation
from zizhu.ledger.strategies import Plan
from zizhu.track import course, judged
from zizhu.track.verdicts import NOT
from zizhu.vocab.problems import ZizhuError

TONNES: dict[str, object] = {"unit": "t", "indicator": "output", "measure": "level"}
GROWTH: dict[str, object] = {
    "unit": "percent per year",
    "indicator": "average annual growth",
    "measure": "average growth",
    "value": 7.0,
    "baseline_period": "2020",
}
RISING = (10.0, 12.0, 14.0, 17.0, 19.0, 22.0, 25.0)
MONEY = line(2018, *RISING, unit="billion CNY")
UNBOUND = indicator(lowest=None)
NOMINAL = indicator(basis="level", note="current prices")


class Odd(NamedTuple):
    """Odd input, and what is said of it: the verdict, its reason code, and words of its reason or its notes."""

    goal: dict[str, object]
    held: list[Observation]
    verdict: str
    code: str | None
    said: str
    of: Indicator | None = None


ODD = {
    "no point": Odd({}, [], NOT, "NO_SERIES", "no observation of What was seen"),
    "one point": Odd({}, line(2024, 20.0), NOT, "TOO_FEW", "1 annual point; a chance needs 6"),
    "two points": Odd({}, line(2023, 20.0, 25.0), NOT, "TOO_FEW", "2 annual points; a chance needs 6"),
    "constant": Odd(
        {}, line(2016, *[20.0] * 8), NOT, "NO_VARIATION", "every change of the series is the same"
    ),
    "zero on a log": Odd(
        TONNES, line(2018, 0.0, *RISING[:6], unit="t"), NOT, "SCALE_UNDEFINED", "which has no logarithm"
    ),
    "negative on a log": Odd(
        TONNES,
        line(2018, -1.0, *RISING[:6], unit="t"),
        NOT,
        "SCALE_UNDEFINED",
        "a value is zero or less, which has no logarithm",
        UNBOUND,
    ),
    "negative where nothing is": Odd(
        TONNES,
        line(2018, -1.0, *RISING[:6], unit="t"),
        "even",
        None,
        "values beyond what can be are left out",
    ),
    "another unit": Odd(TONNES, line(2018, *RISING, unit="GW"), NOT, "NO_SERIES", "in GW, which is no t"),
    "one value in another unit": Odd(
        TONNES,
        [*line(2017, *RISING, unit="t"), seen("2025", 30.0, unit="GW")],
        "even",
        None,
        "values in GW are left out",
    ),
    "another currency": Odd(
        {**TONNES, "unit": "billion CNY"},
        [*MONEY, seen("2025", 4.0, unit="billion USD")],
        "even",
        None,
        "values in billion USD are left out",
    ),
    "gaps": Odd(
        {"deadline": "2027"},
        [seen(str(y), v) for y, v in zip((2010, 2012, 2013, 2016, 2019, 2022, 2024), RISING, strict=True)],
        "unlikely",
        None,
        "no value of 2011, 2014, 2015, 2017, 2018 and 3 more years is held, and none is filled in",
    ),
    "two values of a year": Odd(
        {},
        [*line(2018, *RISING), seen("2024", 31.0, quality="low")],
        "even",
        None,
        "sources have other values for 2024, which stand beside and are no points",
    ),
    "a year to come": Odd(
        {},
        [*line(2018, *RISING), seen("2029", 70.0)],
        "even",
        None,
        "forecasts and values of days to come are left out",
    ),
    "a day of publication to come": Odd(
        {},
        [*line(2018, *RISING), seen("2025", 70.0, published="2028-01-01")],
        "even",
        None,
        "forecasts and values of days to come are left out",
    ),
    "years to come alone": Odd({}, [seen("2029", 70.0)], NOT, "NO_SERIES", f"its period ends after {TODAY}"),
    "more than all": Odd(
        {},
        [*line(2018, *RISING), seen("2025", 108.0)],
        "even",
        None,
        "values beyond what can be are left out",
    ),
    "a target of more than all": Odd(
        {"value": 120.0},
        line(2018, *RISING),
        NOT,
        "SCALE_UNDEFINED",
        "the target is a share at nothing, at the whole",
    ),
    "no deadline": Odd(
        {"deadline": ""}, line(2018, *RISING), NOT, "NO_DEADLINE", "it may be met and is never missed"
    ),
    "growth in unstated prices": Odd(
        {**GROWTH, "price_basis": "not stated", "deadline": "2024"},
        MONEY,
        "met",
        None,
        "prices: prices of the series not stated, the plan does not say",
        indicator(basis="level"),
    ),
    "growth in other prices": Odd(
        {**GROWTH, "price_basis": "real"},
        MONEY,
        NOT,
        "BASIS_UNCLEAR",
        "the target is real, the series nominal",
        NOMINAL,
    ),
    "growth from nowhere": Odd(
        {**GROWTH, "baseline_period": ""},
        MONEY,
        NOT,
        "SCALE_UNDEFINED",
        "neither the plan nor the series says from what level it is counted",
        indicator(basis="level"),
    ),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_input_has_a_verdict_with_its_reason(odd: Odd) -> None:
    question = inputs(target(**{"deadline": "2032", **odd.goal}), *odd.held, of=odd.of)
    row = judged.solve(question).row("X1")
    assert (row["verdict"], row["code"]) == (odd.verdict, odd.code)
    assert row["p"] is not None or row["code"]
    assert odd.said in f"{row['why'] or ''}; {row['notes'] or ''}"


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_input_is_shown_with_every_value_and_why_it_is_no_point(odd: Odd) -> None:
    question = inputs(target(**{"deadline": "2032", **odd.goal}), *odd.held, of=odd.of)
    params = course.Params(target="X1", as_of=question.params.as_of)
    frame = course.solve(course.Inputs(params, question)).frame
    kept = frame.filter(frame["kind"].is_in([course.FORECAST, course.SCENARIO]).not_())
    assert kept.filter(kept["kind"] == course.LEFT)["why"].null_count() == 0
    assert {o.id for o in odd.held} == set(kept["of"])


def announced(**changed: Any) -> judged.Inputs:
    """A target of a plan of May 2020."""
    fields = {"id": "Plan", "names": {"en": "Plan"}, "kind": "plan", "country": "CHN", "quality": "medium"}
    plan = Plan.model_validate({**fields, "issued": "2020-05", "source": "DOC000"})
    goal, held = changed.pop("goal"), changed.pop("held")
    return inputs(target(**goal), *held, plan=plan)


@pytest.mark.parametrize(
    ("goal", "held", "verdict"),
    [
        ({"deadline": "2025"}, line(2018, 55.0, 56.0, 57.0, 58.0, 60.0, 61.0, 62.0, 65.0), "met"),
        ({"deadline": "2030"}, line(2018, 55.0, 56.0, 57.0, 58.0, 60.0, 61.0, 62.0, 65.0), "likely"),
        (
            {"deadline": "2030", "unit": "GW", "indicator": "installed capacity"},
            line(2018, 55.0, 56.0, 57.0, unit="GW"),
            "met",
        ),
    ],
    ids=["share, passed", "share, ahead", "stock, ahead"],
)
def test_what_held_when_it_was_announced_is_not_met_early(
    goal: dict[str, object], held: list[Observation], verdict: str
) -> None:
    row = judged.solve(announced(goal=goal, held=held)).row("X1")
    assert row["verdict"] == verdict
    assert "already satisfied when it was announced" in row["notes"]


@pytest.mark.parametrize("deadline", ["soon", "2030-13", "30", "May"])
def test_a_deadline_without_a_year_is_refused_with_the_forms_that_are_read(deadline: str) -> None:
    with pytest.raises(ZizhuError, match=f"'{deadline}' is no period") as error:
        judged.solve(inputs(target(deadline=deadline), *line(2018, *RISING)))
    (problem,) = error.value.problems
    assert problem.where == "X1"
    assert "2024-07" in problem.expected
    assert problem.remedy
