"""The experience curve of Wright: what every doubling takes off a cost, and where that leads."""

from __future__ import annotations

import math
from itertools import accumulate

import polars as pl
import pytest

from track.samples import TODAY, indicator, inputs, line, target
from zizhu.ledger.models import Observation
from zizhu.track import ahead, course
from zizhu.track.learning import Learning, learning, quantities
from zizhu.track.series import annual

MADE = (100.0, 150.0, 225.0, 337.5, 506.25)
"""Half more every year from 2020 to 2024."""
SLOPE = math.log2(1 - 0.2)
COSTS = [900.0 * (total / 100) ** SLOPE for total in accumulate(MADE)]
"""A fifth less with every doubling of all that was made."""


def cost(first: int = 2020, values: list[float] = COSTS) -> list[Observation]:
    return line(first, *values, unit="USD", indicator="seen")


def made(
    first: int = 2020, values: tuple[float, ...] = MADE, unit: str = "thousand units"
) -> list[Observation]:
    return [
        o.model_copy(update={"id": f"made.{o.period}"})
        for o in line(first, *values, unit=unit, indicator="made")
    ]


def learned(costs: list[Observation], quantity: list[Observation]) -> Learning:
    return learning(annual(costs, None, "USD", TODAY).points, quantities(quantity, None, TODAY))


def test_a_fifth_less_with_every_doubling() -> None:
    found = learned(cost(), made())
    assert found.curve.learning_rate == pytest.approx(0.2)
    assert found.growth == pytest.approx(0.5)
    onward = list(accumulate((*MADE, 506.25 * 1.5, 506.25 * 1.5**2)))
    assert [found.cost(1), found.cost(2)] == pytest.approx([900 * (x / 100) ** SLOPE for x in onward[-2:]])
    assert found.cost(0) == pytest.approx(COSTS[-1])
    assert found.said.startswith("every doubling of what was made since 2020 takes 20.0% off")
    assert {o.indicator for o in found.rests_on} == {"seen", "made"}
    assert len(found.rests_on) == 10


def test_quantities_that_are_known_beyond_the_costs_are_taken() -> None:
    found = learned(cost(values=COSTS[:4]), made())
    assert found.cost(1) == pytest.approx(COSTS[4])


@pytest.mark.parametrize(
    ("costs", "quantity", "why"),
    [
        (cost(), made(unit="percent"), "years add to"),
        (cost(), made(values=(1.0, 2.0, 0.0, 2.0, 3.0)), "every year"),
        (cost(), [o for o in made() if o.period != "2022"], "every year"),
        (cost(), made(first=2010), "three costs"),
        (cost(first=2021), made(), "the last of them"),
    ],
    ids=["a share", "none made", "a gap", "other years", "the last cost beyond"],
)
def test_what_is_missing_is_told(costs: list[Observation], quantity: list[Observation], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        learned(costs, quantity)


def asked(quantity: list[Observation]) -> tuple[course.Inputs, pl.DataFrame]:
    goal = target(indicator="price", comparator="<=", value=200.0, unit="USD", deadline="2030")
    of, other = indicator(higher_is="other"), indicator(id="made", label="What was made", higher_is="size")
    question = inputs(goal, *cost(2019, [999.0, *COSTS]), *quantity, of=of, more=(other,))
    whole = course.Inputs(course.Params(target=goal.id, as_of=question.params.as_of, made="made"), question)
    return whole, course.solve(whole).frame


def test_the_curve_is_a_scenario_beside_the_chance_and_opens_into_costs_and_quantities() -> None:
    whole, frame = asked(made())
    curve = frame.filter(pl.col("of") == ahead.WRIGHT).sort("year")
    assert curve["kind"].unique().to_list() == [course.SCENARIO]
    assert curve["period"].to_list() == [str(y) for y in range(2025, 2031)]
    assert curve["value"][0] == pytest.approx(learned(cost(), made()).cost(1))
    result = course.solve(whole)
    opened = course.explain(whole, result, f"2030|{ahead.WRIGHT}", "value")
    assert {p.ref for p in opened.parts} >= {f"fact:{o.id}" for o in made()}
    assert ahead.WRIGHT in result.lists["scenarios"].filter(pl.col("leads to") != "")["scenario"].to_list()


def test_a_curve_that_cannot_be_drawn_says_what_it_lacks() -> None:
    whole, _ = asked(made(unit="percent"))
    row = course.solve(whole).lists["scenarios"].filter(pl.col("scenario") == ahead.WRIGHT).row(0, named=True)
    assert "years add to" in row["not drawn: it needs"]
