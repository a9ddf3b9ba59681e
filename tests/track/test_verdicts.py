"""Verdicts on small cases that leave no other reading, bad input among them."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from track.samples import TODAY, indicator, inputs, line, seen, target, verdict
from zizhu.ledger import register
from zizhu.ledger.models import Observation
from zizhu.ledger.strategies import Plan
from zizhu.track import judged, settings, soundness, told
from zizhu.track.measured import Reading
from zizhu.track.path import mixture
from zizhu.track.verdicts import CHANCES, NOT, OUT, Verdict
from zizhu.vocab.problems import ZizhuError

LEVEL = {"unit": "t", "indicator": "output", "measure": "level"}


def said(v: Verdict) -> tuple[str, str]:
    return v.verdict, v.code


@pytest.mark.parametrize(
    ("goal", "held", "expected"),
    [
        ({}, [seen("2025", 50.0)], ("met", "")),
        ({}, [seen("2025", 49.9)], ("missed", "")),
        ({"comparator": ">"}, [seen("2025", 50.0)], ("missed", "")),
        ({"comparator": "<="}, [seen("2025", 40.0)], ("met", "")),
        ({}, [seen("2025", 51.0), seen("2025", 49.0, quality="high")], ("disputed", "SOURCES_DISAGREE")),
        (
            {},
            [seen("2025", 51.0, vintage="first"), seen("2025", 49.0, vintage="revised")],
            ("vintage-dependent", "VINTAGES_DISAGREE"),
        ),
        ({}, [seen("2025", 51.0, vintage="first"), seen("2025", 52.0, vintage="revised")], ("met", "")),
        ({}, [seen("2025", 60.0, comparator=">")], ("met", "")),
        ({}, [seen("2025", 45.0, comparator=">")], ("bounds straddle", "BOUNDS_STRADDLE")),
        ({}, [seen("2025", 50.0, lower=48.0, upper=52.0)], ("bounds straddle", "BOUNDS_STRADDLE")),
        ({}, [seen("2025", 49.0, lower=48.0, upper=49.5)], ("missed", "")),
        ({}, [seen("2024", 60.0)], (NOT, "TOO_FEW")),
        ({}, [], (NOT, "NO_SERIES")),
        ({"trackable_by": ""}, [seen("2025", 60.0)], (NOT, "NO_SERIES")),
        ({}, [seen("2025", 70.0, status="forecast")], (NOT, "NO_SERIES")),
        ({"deadline": ""}, [seen("2025", 60.0)], (NOT, "NO_DEADLINE")),
        ({"comparator": None}, [seen("2025", 60.0)], (NOT, "SCALE_UNDEFINED")),
        ({"status": "withdrawn"}, [seen("2025", 60.0)], ("withdrawn", "NO_TARGET")),
        ({"status": "restatement", "same_as": "X0"}, [seen("2025", 60.0)], ("restatement", "NO_TARGET")),
        ({"basis": "location"}, [seen("2025", 60.0)], (NOT, "BASIS_UNCLEAR")),
        ({"basis": "home market share"}, [seen("2025", 60.0)], ("met", "")),
        ({"value": -40.0, "high": -45.0, "comparator": "range"}, [], (NOT, "NO_SERIES")),
        ({"unit": "million", "value": 2.0}, [seen("2025", 1370, unit="thousand units")], ("missed", "")),
        ({"comparator": "~", "value": 20.0}, [seen("2025", 47.9)], ("met", "")),
        ({"comparator": "~", "value": 20.0, "baseline_value": 30.0}, [seen("2025", 25.0)], ("missed", "")),
    ],
)
def test_each_verdict(goal: dict[str, object], held: list[Observation], expected: tuple[str, str]) -> None:
    assert said(verdict(target(**goal), *held)) == expected


def test_a_target_reached_before_its_deadline_is_met_early_and_a_reversal_is_shown() -> None:
    kept = verdict(target(), seen("2023", 55.0), seen("2025", 56.0))
    lost = verdict(target(), seen("2023", 55.0), seen("2024", 48.0), seen("2025", 49.0))
    again = verdict(target(), seen("2023", 55.0), seen("2024", 48.0), seen("2025", 51.0))
    assert [v.verdict for v in (kept, lost, again)] == ["met early", "missed", "met early"]
    first = [v.reached.first.of.period for v in (kept, lost, again) if v.reached.first]
    gone = [v.reached.lost and v.reached.lost.of.period for v in (kept, lost, again)]
    assert (first, gone) == (["2023"] * 3, [None, "2025", "2024"])


def test_a_stock_reached_early_is_met_and_a_share_is_not() -> None:
    stock = target(value=1200.0, unit="GW", deadline="2030", indicator="installed capacity")
    assert said(verdict(stock, seen("2024", 1407.0, unit="GW"))) == ("met early", "")
    share = target(deadline="2030")
    assert said(verdict(share, seen("2024", 80.0))) == (NOT, "TOO_FEW")


def test_a_stock_without_a_deadline_can_be_met_and_is_never_missed() -> None:
    bases = target(value=10.0, unit="count", deadline="", indicator="bases")
    assert said(verdict(bases, seen("2024", 12.0, unit="count"))) == ("met", "")
    assert said(verdict(bases, seen("2024", 9.0, unit="count"))) == (NOT, "NO_DEADLINE")


def test_a_target_already_passed_when_it_was_announced_is_not_met_early() -> None:
    plan = Plan(
        id="Plan",
        names="en:Plan",
        kind="plan",
        country="CHN",
        issued="2021-03",
        source="DOC000",
        quality="high",
    )
    question = inputs(target(), seen("2020", 55.0), seen("2025", 60.0), plan=plan)
    assert said(question.verdicts["X1"]) == ("met", "")
    assert question.verdicts["X1"].from_start
    own = verdict(target(baseline_value=53.0, baseline_period="2020"), seen("2023", 55.0), seen("2025", 60.0))
    assert (own.verdict, own.from_start) == ("met", True)
    after = inputs(target(), seen("2022", 55.0), seen("2025", 60.0), plan=plan)
    assert said(after.verdicts["X1"]) == ("met early", "")


def test_a_deadline_that_is_no_date_is_refused() -> None:
    with pytest.raises(ZizhuError, match="is no period"):
        verdict(target(deadline="soon"), seen("2025", 60.0))


def test_a_cumulative_change_is_read_from_its_own_base_year() -> None:
    goal = target(value=-18.0, comparator="<=", indicator="cumulative change 2021-2025")
    change = indicator(basis="change", lowest=None)
    other_base = seen("2005/2025", -50.0)
    assert said(verdict(goal, other_base, of=change)) == (NOT, "NO_SERIES")
    held = (other_base, seen("2021/2025", -13.8))
    assert said(verdict(goal, *held, of=change)) == ("missed", "")
    halves = target(
        value=-40.0, high=-45.0, comparator="range", indicator="change from 2005", deadline="2020"
    )
    assert said(verdict(halves, seen("2005/2020", -48.4), of=change)) == ("met", "")


def test_annual_changes_are_multiplied_up() -> None:
    """Four years of -4 % and one of -3 % make -17.6 %: the target of -17 is met, and would not be by adding to -18."""
    change = indicator(basis="change", lowest=None)
    goal = target(value=-17.0, comparator="<=", indicator="cumulative change 2021-2025")
    found = verdict(goal, *line(2021, -4, -4, -4, -4, -3), of=change)
    assert found.verdict == "met"
    assert found.decisive is not None
    assert found.decisive.told == pytest.approx(100 * (0.96**4 * 0.97 - 1))
    steeper = target(value=-18.0, comparator="<=", indicator="cumulative change 2021-2025")
    assert verdict(steeper, *line(2021, -4, -4, -4, -4, -3), of=change).verdict == "missed"
    short = verdict(goal, *line(2023, -4, -4, -4), of=change)
    assert short.code == "SCALE_UNDEFINED"
    assert "back to 2020" in short.why


GROWTH: dict[str, object] = {
    "unit": "percent per year",
    "indicator": "average annual growth",
    "measure": "average growth",
    "value": 7.0,
    "baseline_value": 100.0,
    "baseline_unit": "t",
    "baseline_period": "2020",
}


def test_a_growth_target_is_a_level() -> None:
    tonnes = indicator(basis="level")
    for last, word in ((141.0, "met"), (140.0, "missed")):  # 100 x 1.07^5 = 140.26
        found = verdict(
            target(**GROWTH), seen("2022", 120.0, unit="t"), seen("2025", last, unit="t"), of=tonnes
        )
        assert found.verdict == word
        assert found.decisive is not None
        assert found.decisive.told == pytest.approx(100 * ((last / 100) ** 0.2 - 1))
        assert found.reached.first is None  # an average to the deadline is not reached before it
    ahead = target(**{**GROWTH, "deadline": "2027"})
    levels = [100 * 1.06**k * (1 + 0.01 * (-1) ** k) for k in range(-2, 6)]
    found = verdict(ahead, *line(2018, *levels, unit="t"), of=tonnes)
    assert found.goal == pytest.approx(100 * 1.07**7)
    assert found.verdict in CHANCES


def test_average_growth_of_annual_rates() -> None:
    """1.08 x 1.07 x 1.07 x 1.06 x 1.07 is 6.998 % a year, and 7 % on average of the rates themselves."""
    rates = indicator(basis="change", lowest=None)
    goal = {k: v for k, v in GROWTH.items() if not k.startswith("baseline")}
    goal["indicator"] = "average annual growth 2021-2025"
    found = verdict(target(**goal), *line(2021, 8.0, 7.0, 7.0, 6.0, 7.0), of=rates)
    assert found.verdict == "missed"
    assert found.decisive is not None
    assert found.decisive.told == pytest.approx(100 * ((1.08 * 1.07**3 * 1.06) ** 0.2 - 1))


def test_a_growth_target_without_prices_says_so() -> None:
    money = {**GROWTH, "baseline_unit": "billion CNY", "price_basis": "not stated"}
    current = indicator(basis="level", note="current prices")
    found = verdict(target(**money), seen("2025", 150.0, unit="billion CNY"), of=current)
    assert (found.verdict, found.measured.prices) == ("met", "nominal, the plan does not say")
    silent = verdict(target(**money), seen("2025", 150.0, unit="billion CNY"), of=indicator(basis="level"))
    assert silent.measured.prices == "prices of the series not stated, the plan does not say"
    real = verdict(
        target(**{**money, "price_basis": "real"}), seen("2025", 150.0, unit="billion CNY"), of=current
    )
    assert said(real) == (NOT, "BASIS_UNCLEAR")
    unknown = target(**{**money, "price_basis": "real"})
    unsure = verdict(unknown, seen("2025", 150.0, unit="billion CNY"), of=indicator(basis="level"))
    assert unsure.measured.prices == "real in the plan, prices of the series not stated"
    assert not soundness.sound(unsure)
    assert soundness.sound(found)
    empty = verdict(
        target(**{**money, "price_basis": ""}), seen("2025", 150.0, unit="billion CNY"), of=current
    )
    assert empty.measured.prices == "nominal, the plan does not say"
    assert not verdict(target(**GROWTH), seen("2025", 150.0, unit="t")).measured.prices


@pytest.mark.parametrize(
    ("goal", "values", "words"),
    [
        (
            {},
            (60, 62, 63, 65),
            "satisfied, and stays so down to −5 percentage points a year; 1.67 on average",
        ),
        (
            {"comparator": "<="},
            (42, 40, 39, 35),
            "satisfied, and stays so up to 5 percentage points a year; ",
        ),
        ({}, (32, 34, 35, 38), "needs 4 percentage points a year; 2 on average, 3 at most"),
    ],
    ids=["above", "below", "to go"],
)
def test_a_satisfied_target_needs_no_pace(
    goal: dict[str, object], values: tuple[float, ...], words: str
) -> None:
    found = verdict(target(**goal, deadline="2028"), *line(2022, *values))
    assert told.paces(found).startswith(words)


def test_growth_from_nowhere_has_no_scale() -> None:
    lost = {k: v for k, v in GROWTH.items() if not k.startswith("baseline")}
    found = verdict(target(**lost), seen("2025", 150.0, unit="t"), of=indicator(basis="level"))
    assert said(found) == (NOT, "SCALE_UNDEFINED")
    nothing = verdict(target(**{**GROWTH, "baseline_value": 0.0}), seen("2025", 5.0, unit="t"))
    assert said(nothing) == (NOT, "SCALE_UNDEFINED")


def test_a_multiple_is_of_its_baseline() -> None:
    twice = target(
        **{**GROWTH, "unit": "times", "measure": "multiple", "value": 2.0, "indicator": "multiple"}
    )
    for last, word in ((200.0, "met"), (199.0, "missed")):
        found = verdict(twice, seen("2025", last, unit="t"), of=indicator(basis="level"))
        assert found.verdict == word
        assert found.decisive is not None
        assert found.decisive.told == pytest.approx(last / 100)


def test_a_change_in_the_unit_of_the_series_is_added_to_its_base() -> None:
    more = target(unit="billion m3", indicator="increase from 2005", measure="cumulative change", value=6.0)
    held = [seen("2005", 13.0, unit="billion m3"), seen("2025", 19.0, unit="billion m3")]
    assert verdict(more, *held, of=indicator(basis="level")).verdict == "met"


RISING = (40.0, 41.0, 43.0, 42.0, 44.0, 46.0, 47.0)


def test_six_points_have_a_chance_and_five_have_none() -> None:
    goal = target(value=50.0, deadline="2028")
    assert verdict(goal, *line(2020, *RISING[:6])).verdict in CHANCES
    five = verdict(goal, *line(2021, *RISING[:5]))
    assert (five.p, five.code) == (None, "TOO_FEW")


def test_the_chance_is_that_of_the_mixture() -> None:
    """The probability of 48 t or more two years on, and the interval, straight from the kernels."""
    goal = target(**LEVEL, value=48.0, deadline="2027")
    found = verdict(goal, *line(2019, *RISING, unit="t"))
    x = np.log([RISING])
    parts = mixture.predicted(x, 2.0)
    assert found.p == pytest.approx(float(mixture.attained(parts, ">=", 48.0, "log")[0, 0]), rel=1e-12)
    ends = [float(e[0, 0]) for e in mixture.interval(parts, "log")]
    assert [found.lower, found.median, found.upper] == pytest.approx(ends, rel=1e-12)
    assert (found.stage, found.horizon, found.transform) == ("ahead", "ahead, 2 years", "log")


def test_a_share_stays_inside_its_whole() -> None:
    found = verdict(target(value=99.0, deadline="2031"), *line(2019, 70, 75, 82, 85, 90, 93, 95))
    assert found.transform == "logit"
    assert found.upper is not None
    assert found.upper < 100
    assert (
        "beyond tested"
        not in verdict(target(value=99.0, deadline="2030"), *line(2019, 1, 2, 3, 4, 5, 6, 8)).horizon
    )


def test_passed_and_not_observed_is_a_nowcast() -> None:
    found = verdict(target(value=50.0, deadline="2025"), *line(2017, *RISING))
    assert (found.stage, found.horizon) == ("nowcast", "nowcast, 2 years")
    assert found.verdict in CHANCES


def test_years_after_the_deadline_do_not_enter_a_nowcast() -> None:
    before = verdict(target(value=50.0, deadline="2025"), *line(2017, *RISING))
    after = verdict(target(value=50.0, deadline="2025"), *line(2017, *RISING), seen("2026-01", 90.0))
    assert after.p == before.p


def test_gaps_make_a_chance_irregular() -> None:
    held = [o for o in line(2015, *RISING, 47.5, 49.0) if o.period not in ("2017", "2020")]
    found = verdict(target(value=52.0, deadline="2026"), *held, as_of=date(2026, 6, 30))
    assert found.verdict in CHANCES
    assert "irregular" in found.horizon


def test_beyond_the_tested_horizon_it_is_even_unless_the_interval_excludes_the_target() -> None:
    held = line(2018, 100, 104, 107, 113, 116, 122, 126, 131, unit="t")
    far = [verdict(target(**LEVEL, value=v, deadline="2035"), *held) for v in (10000.0, 190.0, 101.0)]
    assert [v.verdict for v in far] == ["unlikely", "even", "likely"]
    assert all("beyond tested horizon" in v.horizon for v in far)
    assert all(v.p is not None for v in far)


def test_bounds_of_the_last_value_give_two_chances() -> None:
    level = line(2018, 40, 41, 43, 42, 44, 46, unit="t")
    near = seen("2024", 47.0, unit="t", lower=46.5, upper=47.5)
    wide = seen("2024", 47.0, unit="t", lower=30.0, upper=70.0)
    goal = target(**LEVEL, value=60.0, deadline="2027")
    one, both = verdict(goal, *level, near), verdict(goal, *level, wide)
    assert one.verdict in CHANCES
    assert said(both) == ("bounds straddle", "BOUNDS_STRADDLE")
    opened = verdict(goal, *level, seen("2024", 47.0, unit="t", comparator=">"))
    assert said(opened) == ("bounds straddle", "BOUNDS_STRADDLE")
    reached = verdict(
        target(**LEVEL, value=30.0, deadline="2027"), *level, seen("2024", 47.0, unit="t", comparator=">")
    )
    assert reached.verdict == "likely"


def test_a_bound_in_the_middle_of_a_series_is_a_gap() -> None:
    held = line(2016, 40, 41, 43, 42, 44, 46, 47, 49, unit="t")
    held[3] = seen("2019", 42.0, unit="t", comparator=">")
    found = verdict(target(**LEVEL, value=52.0, deadline="2026"), *held)
    assert [p.year for p in found.path] == [2016, 2017, 2018, 2020, 2021, 2022, 2023]
    assert "irregular" in found.horizon


@pytest.mark.parametrize(
    ("held", "verdict_", "needed"),
    [
        ([], NOT, None),
        (line(2025, 20.0), NOT, 10.0),
        (line(2024, 20.0, 21.0), NOT, 29 / 3),
        (line(2023, 19.0, 20.0, 21.0), OUT, 29 / 3),
        (line(2023, 9.0, 20.0, 31.0), NOT, 19 / 3),
    ],
    ids=["none", "one", "two", "three slow", "three fast"],
)
def test_few_points_have_a_pace_or_a_distance_alone(
    held: list[Observation], verdict_: str, needed: float | None
) -> None:
    found = verdict(target(deadline="2028"), *held)
    assert (found.verdict, found.p) == (verdict_, None)
    assert found.code == ("TOO_FEW" if held else "NO_SERIES")
    assert (found.pace.needed if found.pace else None) == (
        pytest.approx(needed if len(held) != 1 else 10.0) if needed is not None else None
    )


def test_a_target_that_the_last_of_few_values_satisfies_is_not_out_of_reach() -> None:
    falling = verdict(target(deadline="2028"), *line(2023, 58.0, 56.0, 55.0))
    assert said(falling) == (NOT, "TOO_FEW")


def test_a_constant_series_has_no_chance() -> None:
    still = verdict(target(deadline="2028"), *line(2018, *[40.0] * 8))
    steady = verdict(
        target(**LEVEL, value=900.0, deadline="2028"), *line(2018, *(2.0**k for k in range(8)), unit="t")
    )
    assert [said(v) for v in (still, steady)] == [(NOT, "NO_VARIATION")] * 2


@pytest.mark.parametrize(
    ("goal", "values", "why"),
    [
        ({**LEVEL, "value": 9.0}, (1, 2, 0, 3, 4, 5, 6), "zero or less"),
        ({**LEVEL, "value": 9.0}, (1, 2, -3, 3, 4, 5, 6), "zero or less"),
        ({**LEVEL, "value": 0.0, "comparator": "<="}, (7, 6, 5, 4, 3, 2, 1), "the target is zero"),
        ({}, (0, 1, 2, 3, 5, 6, 7), "a share at nothing"),
        ({"value": 100.0}, (80, 85, 86, 90, 91, 93, 95), "the target is a share"),
    ],
)
def test_what_a_scale_does_not_reach_is_refused(
    goal: dict[str, object], values: tuple[float, ...], why: str
) -> None:
    held = line(2019, *values, unit=str(goal.get("unit", "percent")))
    of = indicator(lowest=None, highest=None) if "unit" in goal else None
    found = verdict(target(**{**goal, "deadline": "2028"}), *held, of=of)
    assert said(found) == (NOT, "SCALE_UNDEFINED")
    assert why in found.why


def test_net_zero_is_on_no_scale() -> None:
    goal = target(unit="Mt CO2", measure="net zero", value=0.0, comparator="<=", deadline="2030")
    found = verdict(goal, *line(2018, 12, 11, 9.5, 9, 7, 6.5, 5, 4, unit="Mt CO2"))
    assert (found.transform, found.verdict in CHANCES) == ("none", True)


def test_a_rank_is_better_when_it_is_lower() -> None:
    goal = target(
        unit="rank", measure="rank", value=10.0, comparator="<=", deadline="2027", indicator="place"
    )
    ranks = line(2018, 17, 14, 14, 12, 11, 12, 11, 10, unit="rank")
    found = verdict(goal, *ranks)
    assert (found.transform, found.verdict) == ("log, whole numbers", found.verdict)
    harder = verdict(goal.model_copy(update={"value": 5.0}), *ranks)
    assert found.p is not None
    assert harder.p is not None
    assert harder.p < 0.3 < found.p


def test_the_rank_of_china_among_innovators() -> None:
    """14th in 2020 and 10th in 2025, with gaps: no target of the register, so one is made."""
    held = [o for o in register.observations() if (o.indicator, o.entity) == ("gii_rank", "CHN")]
    goal = target(
        unit="rank", measure="rank", basis="rank", value=8.0, comparator="<=", trackable_by="gii_rank"
    )
    question = inputs(
        goal.model_copy(update={"deadline": "2027"}), *held, more=(register.indicators()["gii_rank"],)
    )
    found = question.verdicts["X1"]
    assert [p.best.value for p in found.path if p.year in (2020, 2025)] == [14, 10]
    assert "irregular" in found.horizon
    assert found.transform == "log, whole numbers"
    assert found.p is not None
    assert found.upper is not None
    assert 0.1 < found.p < 0.9
    assert inputs(goal, *held, more=(register.indicators()["gii_rank"],)).verdicts["X1"].verdict == "missed"


def test_a_number_that_is_to_fall_does_not_stay() -> None:
    fewer = target(unit="count", value=10.0, comparator="<=", deadline="2030", indicator="foreign suppliers")
    assert said(verdict(fewer, seen("2024", 9.0, unit="count"), seen("2025", 11.0, unit="count"))) == (
        NOT,
        "TOO_FEW",
    )


def test_counts_stand_for_what_rounds_to_them() -> None:
    goal = target(unit="count", measure="level", indicator="annual approvals", value=60.0, deadline="2027")
    held = line(2018, 20, 24, 23, 30, 33, 40, 41, 48, unit="count")
    found = verdict(goal, *held)
    parts = mixture.predicted(np.log([[20, 24, 23, 30, 33, 40, 41, 48]]), 2.0)
    assert found.p == pytest.approx(float(mixture.attained(parts, ">=", 59.5, "log")[0, 0]), rel=1e-12)


def test_what_stays_reached_is_at_least_as_likely_as_holding_it_at_the_deadline() -> None:
    held = line(2018, 20, 24, 23, 30, 33, 35, 34, 36, unit="GW")
    stock = target(unit="GW", value=40.0, deadline="2029", indicator="installed capacity", measure="level")
    found = verdict(stock, *held)
    assert found.chance is not None
    assert found.chance.p > found.chance.held
    assert found.p == found.chance.p


@given(
    values=st.lists(st.floats(1, 99), min_size=0, max_size=9),
    value=st.floats(1, 99),
    deadline=st.integers(2024, 2040),
    comparator=st.sampled_from([">", ">=", "<", "<=", "~"]),
)
def test_every_series_has_a_reasoned_verdict(
    values: list[float], value: float, deadline: int, comparator: str
) -> None:
    goal = target(value=value, deadline=str(deadline), comparator=comparator)
    found = verdict(goal, *line(2025 - len(values) + 1, *values))
    assert found.p is not None or found.code in settings.codes()
    assert all((found.transform, found.horizon, found.vintage, found.stage))
    if found.p is not None:
        assert 0 <= found.p <= 1
    if found.median is not None:
        assert 0 <= found.lower <= found.median <= found.upper <= 100  # type: ignore[operator]


@given(value=st.floats(20, 80))
def test_at_least_and_at_most_share_all_chances(value: float) -> None:
    held = line(2018, 40, 41, 43, 42, 44, 46, 47, 49, unit="t")
    more, less = (
        verdict(target(**LEVEL, value=value, deadline="2028", comparator=c), *held).p for c in (">=", "<=")
    )
    assert more is not None
    assert less is not None
    assert more + less == pytest.approx(1, abs=1e-12)


def test_a_nearer_target_is_more_likely() -> None:
    held = line(2018, 40, 41, 43, 42, 44, 46, 47, 49, unit="t")
    p = [verdict(target(**LEVEL, value=v, deadline="2028"), *held).p for v in (45.0, 50.0, 55.0, 60.0)]
    assert p == sorted(p, key=lambda q: -(q or math.nan))


def test_nothing_later_than_the_day_of_judgement_is_known() -> None:
    held = [seen("2025", 60.0)]
    assert said(verdict(target(), *held, as_of=date(2025, 6, 30))) == (NOT, "NO_SERIES")
    assert said(verdict(target(), *held, as_of=date(2026, 1, 1))) == ("met", "")


def test_an_unreviewed_target_is_judged_and_not_counted() -> None:
    question = inputs(target(status="unreviewed"), seen("2025", 60.0))
    assert question.verdicts["X1"].verdict == "met"
    assert question.as_of == TODAY
    assert question.registered is question.verdicts
    assert question.params.reading == Reading()


def test_bounds_of_words_and_codes_have_a_source() -> None:
    assert settings.bound("likely") + settings.bound("unlikely") == pytest.approx(0.99)
    assert all(r.source and r.why for r in settings.rules().values())
    assert settings.bound("full_points") == mixture.LEAST_CHANGES + 1
    assert {
        "NO_SERIES",
        "PROXY_ONLY",
        "TOO_FEW",
        "SCALE_UNDEFINED",
        "NO_DEADLINE",
        "BASIS_UNCLEAR",
        "CLOSED_DATA",
    } <= {*settings.codes()}


@pytest.mark.parametrize(
    ("comparator", "said_"),
    [
        (">=", "satisfied, and stays so down to 0 t a year; 1 on average"),
        (">", "needs any pace above 0 t a year; 1 on average"),
    ],
)
def test_a_target_that_the_last_value_just_reaches(comparator: str, said_: str) -> None:
    net = {
        "unit": "t",
        "indicator": "balance",
        "measure": "net zero",
        "comparator": comparator,
        "value": 10.0,
    }
    found = verdict(target(**net, deadline="2027"), *line(2022, 7.0, 9.0, 8.0, 10.0, unit="t"))
    assert told.paces(found) == said_


def test_values_of_any_size_that_may_be_held_are_judged() -> None:
    for values in ((1e30, 1e-30) * 4, (1e-30, 1e30) * 4, (5.0, -1e30, 1e30, 1.0, 2.0, 3.0)):
        for deadline in ("2027", "2045"):
            goal = target(**LEVEL, value=1e3, deadline=deadline)
            question = inputs(goal, *line(2018, *values, unit="t"))
            row = judged.solve(question).row("X1")
            assert row["p"] is not None or row["code"] is not None
            assert all(math.isfinite(row[c]) for c in ("lower", "median", "upper") if row[c] is not None)
