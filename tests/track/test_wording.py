"""What is said of targets by their state: deadlines that passed, marks, ages of series, sources by their strength."""

from __future__ import annotations

from datetime import date

import pytest

from track.samples import TODAY, indicator, inputs, line, seen, target, verdict
from zizhu.ledger.models import Assessment
from zizhu.track import comparisons, judged, others, scorecard, told

STEEP = line(2015, 10.0, 11.0, 12.0, 13.0)


@pytest.mark.parametrize(
    ("deadline", "said"),
    [("2021", "out of reach when last seen (2018)"), ("2027", "out of reach")],
    ids=["passed", "ahead"],
)
def test_out_of_reach_is_told_by_the_state_of_the_deadline(deadline: str, said: str) -> None:
    goal = target(value=90.0, deadline=deadline)
    v = verdict(goal, *STEEP)
    assert (v.verdict, told.short(v)) == ("out of reach", said)
    question = inputs(goal, *STEEP)
    words = scorecard.sentence(question, judged.solve(question))
    assert f"1 {said.partition(' (')[0]}" in words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (60.0, "it holds in the latest value and may be lost again"),
        (40.0, "it does not hold in the latest value"),
    ],
)
def test_without_a_deadline_it_is_told_whether_it_holds_now(value: float, said: str) -> None:
    v = verdict(target(deadline=""), seen("2024", value))
    assert v.code == "NO_DEADLINE"
    assert v.why.startswith(said)
    assert said in "; ".join(told.remarks(v))


def test_an_assumed_comparator_has_a_mark_and_the_list_a_legend() -> None:
    goal = target(comparator_assumed=True)
    assert told.promise(goal) == ">= 50 % by 2025*"
    assert told.legend([goal]) == ("* The source names no comparator: this one is assumed.",)
    assert told.legend([target(), target(comparator="=", comparator_assumed=True)]) == ()
    question = inputs(goal, seen("2025", 60.0))
    assert judged.solve(question).notes[0] == told.legend([goal])[0]


def test_a_newer_series_of_the_same_thing_and_basis_is_named() -> None:
    goal = target(item="robots", note="see seen_ifr")
    old = line(2018, 20.0, 25.0, 30.0)
    new = [seen("2024", 47.0, id="n", indicator="seen_ifr")]
    of = indicator(id="seen_ifr", label="Robots (IFR)")
    question = inputs(goal, *old, *new, more=(of,))
    (said,) = comparisons.newer(question, question.verdicts["X1"])
    assert (
        said == "the series ends in 2020; Robots (IFR) reaches to 2024 on the same basis: --series seen_ifr"
    )
    other = inputs(goal, *old, *new, more=(of.model_copy(update={"basis": "location"}),))
    assert comparisons.newer(other, other.verdicts["X1"]) == ()
    decided = inputs(target(deadline="2020", note="see seen_ifr"), *old, *new, more=(of,))
    assert comparisons.newer(decided, decided.verdicts["X1"]) == ()
    early = inputs(goal, *old, *new, more=(of,), as_of=date(2021, 1, 1))
    assert comparisons.newer(early, early.verdicts["X1"]) == ()


def test_the_strongest_sources_stand_first() -> None:
    def says(key: str, quality: str) -> Assessment:
        return Assessment.model_validate(
            {
                "id": key,
                "kind": "assessment",
                "country": "CHN",
                "speaker": key,
                "date": "2024",
                "subject": "robots",
                "indicator": "share",
                "comparator": "=",
                "value": 39.0,
                "unit": "percent",
                "source": "DOC004",
                "quality": quality,
            }
        )

    v = verdict(target(), seen("2024", 40.0), as_of=TODAY)
    found = others.beside(v, [says("A1", "low"), says("A2", "high"), says("A3", "medium")])
    assert [o.of.id for o in found] == ["A2", "A3", "A1"]


@pytest.mark.parametrize(
    ("changed", "of", "values", "said"),
    [
        ({}, [("2023", 10.0), ("2024", 10.0), ("2024", 11.0)], None, "sources have other values for 2024"),
        ({}, [("2024", 10.0), ("2028", 60.0)], None, "forecasts and values of days to come are left out"),
        (
            {"value": 0.0, "unit": "GW", "comparator": "<="},
            [(str(y), 9.0 - y % 3) for y in range(2018, 2025)],
            "GW",
            "`net zero`",
        ),
    ],
    ids=["twice", "future", "zero"],
)
def test_what_is_odd_about_the_input_is_told(
    changed: dict[str, object], of: list[tuple[str, float]], values: str | None, said: str
) -> None:
    held = [seen(period, value, unit=values or "percent") for period, value in of]
    v = verdict(target(deadline="2030", **changed), *held)
    assert said in "; ".join((v.why, *told.notes(v)))


def test_out_of_reach_says_by_which_pace_and_whose() -> None:
    """From 13 % in 2018 to 90 % in 2027: 77 points in nine years, where one a year was the most."""
    question = inputs(target(value=90.0, deadline="2027"), *STEEP)
    v = question.verdicts["X1"]
    assert v.why.endswith(
        "needs 8.56 percentage points a year, more than China was ever seen to make in this series (1 at most)"
    )
    result = judged.solve(question)
    assert result.frame["why"].to_list() == [v.why]
    assert told.BY_PACE in result.notes
    assert told.BY_PACE not in judged.solve(inputs(target(value=13.5, deadline="2027"), *STEEP)).notes


def test_no_verdict_is_lost_between_the_sentence_and_the_rows() -> None:
    """A chance whose bounds leave it open is ahead, and neither likely nor unlikely."""
    held = [*line(2015, *(10.0 + k for k in range(10))), seen("2025", 22.0, lower=18.0, upper=26.0)]
    question = inputs(target(deadline="2027", value=23.0), *held)
    assert [(v.verdict, v.stage) for v in question.verdicts.values()] == [("bounds straddle", "ahead")]
    assert "ahead: 1 bounds straddle" in scorecard.sentence(question, judged.solve(question))


def test_a_chance_that_rests_mostly_on_weak_sources_is_marked() -> None:
    """The latest value is sound; four of the six points behind the chance are not."""
    weak = line(2019, 10.0, 12.0, 13.0, 15.0, quality="low")
    question = inputs(target(deadline="2027"), *weak, *line(2023, 16.0, 18.0))
    result = judged.solve(question)
    row = result.row("X1")
    assert row["sound"] is False
    assert "4 of 6 points that decide are from weak sources or derived" in row["notes"]
    listed = scorecard.lines(question, result)
    assert listed["verdict"][0].startswith("(unlikely, ")
    assert "4 of 6 points" in listed["remarks"][0]


def test_a_fact_rests_on_the_value_that_decides_alone() -> None:
    weak = line(2019, 10.0, 12.0, 13.0, 15.0, quality="low")
    row = judged.solve(inputs(target(), *weak, seen("2025", 60.0))).row("X1")
    assert (row["verdict"], row["sound"]) == ("met", True)
