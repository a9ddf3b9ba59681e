"""Targets on a sum over years: what was seen is added up, what lies ahead is summed over paths, the rest is refused."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from track.samples import asked, inputs, line, seen, target, verdict
from zizhu.ledger.models import Observation, Target
from zizhu.ledger.strategies import Plan
from zizhu.track import cumulated, judged
from zizhu.track.chances import SUMMED
from zizhu.track.path import kinds
from zizhu.track.series import Point, Seen, Series
from zizhu.track.verdicts import NOT
from zizhu.track.worths import _after_next

EUR = {"unit": "billion EUR"}
FLOW = (100.0, 108.0, 114.0, 118.0, 125.0, 132.0, 137.0, 135.0, 150.0)
"""2017 to 2025; the sum from 2021 on is 679."""


def sum_of(**changed: object) -> Target:
    fields: dict[str, object] = {
        **EUR,
        "indicator": "cumulative investment 2021-2028",
        "value": 1100.0,
        "deadline": "2028",
        "price_basis": "nominal",
    }
    return target(**{**fields, **changed})


def test_a_sum_is_judged_by_what_was_seen_and_by_sums_of_paths() -> None:
    v = verdict(sum_of(), *line(2017, *FLOW, **EUR))
    assert v.decisive is not None
    assert v.decisive.told == pytest.approx(679)
    assert v.stage == "ahead"
    expected = kinds.cumulative(np.log([FLOW]), [679.0], ">=", [1100.0], 3, "log")
    assert v.p == pytest.approx(float(expected.p[0]))
    assert v.median == pytest.approx(float(expected.median[0]))
    assert v.verdict == "likely"
    assert 1100 < (v.median or 0.0) < 1200
    assert (v.lower or 0.0) > 679 + 2 * 150


def test_its_pace_is_of_the_running_total() -> None:
    v = verdict(sum_of(), *line(2017, *FLOW, **EUR))
    assert v.pace is not None
    assert v.pace.needed == pytest.approx((1100 - 679) / 3)
    assert v.pace.observed == pytest.approx(679 / 5)
    assert v.pace.fastest == pytest.approx(150)
    assert v.pace.unit == "bn EUR a year"


@pytest.mark.parametrize(
    ("value", "deadline", "expected"),
    [(679.0, "2025", "met"), (679.1, "2025", "missed"), (529.0, "2028", "met early")],
)
def test_a_sum_that_was_seen_is_a_fact(value: float, deadline: str, expected: str) -> None:
    assert verdict(sum_of(value=value, deadline=deadline), *line(2017, *FLOW, **EUR)).verdict == expected


def test_a_limit_on_a_sum_is_kept_only_at_its_deadline() -> None:
    v = verdict(sum_of(value=900.0, comparator="<="), *line(2017, *FLOW, **EUR))
    assert v.stage == "ahead"
    assert (v.verdict, v.p is not None and v.p < 0.05) == ("unlikely", True)


def test_totals_that_were_observed_stand_for_themselves() -> None:
    spans = [seen("2021/2024", 529.0, **EUR), seen("2021/2025", 700.0, **EUR)]
    v = verdict(sum_of(deadline="2025", value=690.0), *spans, *line(2017, *FLOW, **EUR))
    assert (v.verdict, v.decisive and v.decisive.told) == ("met", 700.0)
    ahead = verdict(sum_of(), *spans)
    assert (ahead.verdict, ahead.code) == (NOT, "TOO_FEW")


@pytest.mark.parametrize(
    ("changed", "held", "code", "why"),
    [
        ({}, [*line(2017, *FLOW[:5], **EUR), seen("2023", 137.0, **EUR)], "NO_SERIES", "no value of 2022"),
        ({}, line(2015, *FLOW[:5], **EUR), "NO_SERIES", "no value from 2021 on"),
        (
            {"indicator": "cumulative investment"},
            line(2017, *FLOW, **EUR),
            "BASIS_UNCLEAR",
            "`cumulative total`",
        ),
        (
            {"indicator": "investment", "measure": "cumulative total"},
            line(2017, *FLOW, **EUR),
            "SCALE_UNDEFINED",
            "from what year it is summed",
        ),
        ({}, line(2017, *FLOW[:4], 0.0, *FLOW[5:], **EUR), "SCALE_UNDEFINED", "zero or less"),
        ({"deadline": "2028-06"}, line(2017, *FLOW, **EUR), "SCALE_UNDEFINED", "within a year"),
        ({}, line(2021, *FLOW[4:], **EUR), "TOO_FEW", "5 annual points"),
        ({}, line(2017, *(math.exp(k / 10) for k in range(9)), **EUR), "NO_VARIATION", "every change"),
    ],
)
def test_what_cannot_be_summed_is_refused(
    changed: dict[str, object], held: list[Observation], code: str, why: str
) -> None:
    v = verdict(sum_of(**changed), *held)
    assert (v.verdict, v.code) == (NOT, code)
    assert why in v.why


def test_its_measure_may_be_said_and_its_start_be_that_of_the_plan() -> None:
    goal = sum_of(indicator="investment", measure="cumulative total")
    start = Plan(
        id=goal.plan,
        names="en:Plan",
        kind="plan",
        country="CHN",
        start="2021",
        source="DOC000",
        quality="medium",
    )
    own = inputs(goal, *line(2017, *FLOW, **EUR), plan=start)
    v = own.verdicts[goal.id]
    assert v.decisive is not None
    assert v.decisive.told == pytest.approx(679)


def test_a_stock_that_is_called_cumulative_is_a_level() -> None:
    goal = sum_of(measure="level", deadline="2025", value=150.0)
    assert verdict(goal, *line(2017, *FLOW, **EUR)).verdict == "met"


def test_every_number_of_a_sum_opens() -> None:
    question, result = asked(sum_of(), *line(2017, *FLOW, **EUR))
    for column in ("p", "lower", "median", "upper", "observed", "points", "needed_pace", "observed_pace"):
        opened = judged.explain(question, result, "X1", column)
        assert opened.parts, column
    assert any(SUMMED in p.label for p in judged.explain(question, result, "X1", "p").parts)


def test_the_next_value_makes_the_sum_so_far_longer() -> None:
    v = verdict(sum_of(), *line(2017, *FLOW, **EUR))
    assert v.ask is not None
    (after,) = _after_next([v])
    longer = after[0]
    assert longer.so_far == pytest.approx(679 + longer.y[-1])
    assert (longer.h, len(longer.y)) == (2.0, 10)


def test_bounds_are_summed_with_bounds() -> None:
    held = [*line(2017, *FLOW[:-1], **EUR), seen("2025", 150.0, lower=100.0, upper=160.0, **EUR)]
    v = verdict(sum_of(deadline="2025", value=640.0), *held)
    assert (v.verdict, v.code) == ("bounds straddle", "BOUNDS_STRADDLE")


@examples(25)
@given(st.lists(st.floats(0.1, 1e6), min_size=1, max_size=12), st.integers(0, 5))
def test_running_totals_are_the_sums(values: list[float], before: int) -> None:
    of = seen("2025", 1.0)
    points = tuple(Point(2000 + k, Seen(of, v, v, v), ()) for k, v in enumerate(values))
    first = 2000 + min(before, len(values) - 1)
    found = cumulated.totals(Series("seen", "percent", points), first)
    assert not isinstance(found, str)
    assert [p.best.value for p in found] == pytest.approx(list(np.cumsum(values[first - 2000 :])))


def test_the_day_of_judgement_decides_what_is_summed() -> None:
    v = verdict(sum_of(), *line(2017, *FLOW, **EUR), as_of=date(2024, 6, 30))
    assert v.decisive is not None
    assert v.decisive.told == pytest.approx(125 + 132 + 137)
