"""Many targets: counts, the number that may be met, what would change most, what changed."""

from __future__ import annotations

import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from track.samples import inputs, line, seen, target
from zizhu.ledger.models import Observation, Target
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.track import judged, portfolio, sums
from zizhu.track.verdicts import Verdict
from zizhu.vocab.problems import CannotAnswer, ZizhuError

DAY = "2026-11-21"
RISING = line(2018, 20.0, 24.0, 27.0, 33.0, 36.0, 42.0, 45.0)
CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


def asked(goal: Target, *held: Observation) -> tuple[portfolio.Inputs, Result]:
    now = inputs(goal, *held)
    whole = portfolio.Inputs(portfolio.Params(country="CHN", as_of=now.params.as_of), now)
    return whole, portfolio.solve(whole)


def china(place: Workspace, **more: str) -> tuple[portfolio.Inputs, Result]:
    question = portfolio.load(place, portfolio.Params(country="CHN", as_of=DAY, **more))
    return question, portfolio.solve(question)


@pytest.fixture(scope="module")
def whole(built_in_tables: Workspace) -> tuple[portfolio.Inputs, Result]:
    return china(built_in_tables)


@given(CHANCES)
def test_one_draw_for_all_keeps_every_chance(p: list[float]) -> None:
    """Sum of k P(k) is the sum of the chances, and P(k or more) the k-th largest chance."""
    of = sums.together(p)
    assert of.sum() == pytest.approx(1)
    assert (of * range(len(of))).sum() == pytest.approx(sum(p))
    for k, chance in enumerate(sorted(p, reverse=True), start=1):
        assert of[k:].sum() == pytest.approx(chance, abs=1e-12)


@given(CHANCES, st.data())
def test_the_number_met_in_groups_is_that_of_every_case_counted(p: list[float], data: st.DataObject) -> None:
    """Each group at every one of its own steps: all combinations, weighted by their chances."""
    group = data.draw(st.lists(st.sampled_from("ab"), min_size=len(p), max_size=len(p)))
    by_group = [sums.together([c for c, g in zip(p, group, strict=True) if g == name]) for name in "ab"]
    cases: dict[int, float] = {}
    for a, b in itertools.product(*(range(len(of)) for of in by_group)):
        cases[a + b] = cases.get(a + b, 0.0) + float(by_group[0][a] * by_group[1][b])
    spread = sums.met(p, group)
    assert spread.expected_met == pytest.approx(sum(k * c for k, c in cases.items()))
    below = sum(c for k, c in cases.items() if k < spread.low)
    above = sum(c for k, c in cases.items() if k > spread.high)
    assert below <= 0.1 + 1e-9
    assert above <= 0.1 + 1e-9
    at_once = sorted(p, reverse=True)  # one draw for all: k or more with the k-th largest chance
    assert sum(at_once[int(spread.lowest) - 1 : int(spread.lowest)]) >= 0.9 - 1e-9 or spread.lowest == 0
    assert sum(at_once[int(spread.highest) : int(spread.highest) + 1]) <= 0.1 + 1e-9
    assert spread.lowest <= spread.highest


def test_independent_targets_spread_less_than_those_of_one_series() -> None:
    """Ten coins: 3 to 7 heads where each is thrown, none or all where one is thrown for all."""
    apart, alike = sums.met([0.5] * 10, range(10)), sums.met([0.5] * 10, ["x"] * 10)
    assert (apart.low, apart.high) == (3, 7)
    assert (alike.low, alike.high) == (apart.lowest, apart.highest) == (0, 10)


def test_counts_of_every_grouping_are_those_of_the_scorecard(
    whole: tuple[portfolio.Inputs, Result], built_in_tables: Workspace
) -> None:
    card = judged.solve(judged.load(built_in_tables, judged.Params(country="CHN", as_of=DAY))).frame
    counted = card.filter(pl.col("counted"))
    frame = whole[1].frame
    for by in portfolio.GROUPS:
        groups = frame.filter(pl.col("by") == by)
        assert groups["targets"].sum() == counted.height
        for word in ("met", "missed", "not_trackable"):
            assert groups[word].sum() == counted.filter(verdict=word.replace("_", " ")).height
    known = counted.filter(pl.col("p").is_not_null())
    assert frame.filter(by="all")["expected_met"][0] == pytest.approx(known["p"].sum())


def test_the_interval_holds_the_facts(whole: tuple[portfolio.Inputs, Result]) -> None:
    for row in whole[1].frame.filter(pl.col("expected_met").is_not_null()).iter_rows(named=True):
        met = row["met"] + row["met_early"]
        rest = row["likely"] + row["even"] + row["unlikely"]
        assert met <= row["lowest"] <= row["highest"] <= met + rest
        assert met <= row["low"] <= row["high"] <= met + rest


def test_numbers_open_into_their_targets(whole: tuple[portfolio.Inputs, Result]) -> None:
    question, result = whole
    opened = portfolio.explain(question, result, "plan|14th FYP", "expected_met")
    assert sum(p.value for p in opened.parts) + opened.remainder == pytest.approx(opened.value)
    counted = portfolio.explain(question, result, "plan|MIC2025", "missed")
    assert [p.ref for p in counted.parts] == ["fact:T010"]
    with pytest.raises(CannotAnswer, match="expected_met is empty"):
        portfolio.explain(question, result, "plan|AI plan 2017", "expected_met")


def row(result: Result, name: str = "X1") -> dict[str, object]:
    return result.row(f"target|{name}")


def test_a_missing_value_of_the_deadline_settles_a_nowcast() -> None:
    question, result = asked(target(deadline="2025"), *RISING)
    found = row(result)
    p = question.now.verdicts["X1"].p
    assert p is not None
    assert found["worth"] == pytest.approx(p * (1 - p))
    assert found["datum"] == "seen: the value of 2025"


def test_the_next_value_ahead_takes_off_less_than_all() -> None:
    """What is learnt on average is more than nothing and less than what the deadline itself would settle."""
    question, result = asked(target(deadline="2028", value=60.0), *RISING)
    v: Verdict = question.now.verdicts["X1"]
    worth = row(result)["worth"]
    assert v.p is not None
    assert isinstance(worth, float)
    assert 0 < worth < v.p * (1 - v.p)
    assert row(result)["datum"] == "seen: the value of 2025"


@pytest.mark.parametrize(
    ("goal", "held", "datum", "worth"),
    [
        (target(deadline="2020"), [seen("2020", 39.0)], "none but a revision by 11 % or more", 0.0),
        (target(deadline="2025"), line(2021, 30.0, 35.0), "seen: the value of 2025", 0.25),
        (target(deadline="2030"), line(2021, 30.0, 45.0), "seen: 4 more annual values", None),
        (target(deadline=""), line(2021, 30.0, 45.0), "a deadline", None),
    ],
    ids=["fact", "passed", "ahead", "undated"],
)
def test_what_would_change_a_verdict_most(
    goal: Target, held: list[Observation], datum: str, worth: float | None
) -> None:
    _, result = asked(goal, *held)
    assert (row(result)["datum"], row(result)["worth"]) == (datum, worth)


def test_without_a_day_verdicts_are_compared_with_those_before_the_newest_value() -> None:
    _, result = asked(target(deadline="2025"), *RISING, seen("2025", 55.0))
    found = row(result)
    before = asked(target(deadline="2025"), *RISING)[0].now.verdicts["X1"]
    assert (found["verdict"], found["was"], found["was_p"]) == ("met", before.verdict, before.p)
    assert found["new"] == "seen 2025"
    _, same = asked(target(deadline="2020"), *line(2019, 30.0, 39.0), seen("2021", 41.0))
    assert row(same)["was"] is None


def test_with_a_day_they_are_compared_with_what_could_be_said_then(built_in_tables: Workspace) -> None:
    question, result = china(built_in_tables, since="2022-12-31")
    found = row(result, "T145")
    assert (found["was"], found["verdict"]) == ("not trackable", "met early")
    assert "nev_sales_share 2022" in str(found["new"])
    assert question.before is not None
    was = question.before.verdicts["T115"]
    assert row(result, "T115")["was_p"] == was.p
    with pytest.raises(ZizhuError, match="is not before"):
        china(built_in_tables, since="2027-01-01")


def test_a_country_without_targets_has_no_portfolio(built_in_tables: Workspace) -> None:
    with pytest.raises(CannotAnswer, match="no targets of DEU"):
        portfolio.solve(portfolio.load(built_in_tables, portfolio.Params(country="DEU", as_of=DAY)))
