"""Observations as annual series: what is a point, what is not, and why."""

from __future__ import annotations

import math
from datetime import date

import pytest

from track.samples import TODAY, indicator, line, seen
from zizhu.ledger import register
from zizhu.ledger.models import Observation
from zizhu.track import settings
from zizhu.track.series import Series, annual, known
from zizhu.vocab import periods

SHARE = indicator(highest=100)


def series(*held: Observation, unit: str = "percent", as_of: date = TODAY) -> Series:
    return annual(held, SHARE, unit, as_of)


def test_a_year_keeps_all_its_values_and_shows_the_best() -> None:
    found = series(seen("2024", 40, quality="low"), seen("2024", 41, quality="high"), seen("2024", 42))
    (point,) = found.points
    assert [s.value for s in point.all] == [41, 42, 40]


def test_of_two_releases_the_later_one_known_on_the_day_stands() -> None:
    first = seen("2020", 2.40, vintage="first", published="2021-09")
    second = seen("2020", 2.36, vintage="revised", published="2023-12")
    assert [series(first, second, as_of=date(y, 6, 1)).points[0].best.value for y in (2022, 2026)] == [
        2.40,
        2.36,
    ]


def test_a_number_goes_before_a_bound_of_a_better_source() -> None:
    found = series(seen("2022", 30, comparator=">", quality="high"), seen("2022", 30.9))
    assert found.points[0].best.value == 30.9
    (only,) = series(seen("2022", 30, comparator=">")).points
    assert (only.best.lower, only.best.upper, only.best.open) == (30, math.inf, True)
    below = series(seen("2022", 30, comparator="<=")).points[0].best
    assert (below.lower, below.upper) == (-math.inf, 30)
    both = series(seen("2022", 30, lower=28, upper=33)).points[0].best
    assert (both.lower, both.upper, both.open) == (28, 33, False)


def test_units_are_brought_together_and_others_are_left_out() -> None:
    found = series(seen("2023", 0.4, unit="share"), seen("2024", 45), seen("2025", 3, unit="million"))
    assert [p.best.value for p in found.points] == [40, 45]
    assert [x.why for x in found.left] == ["in million, which is no percent"]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (seen("2025", 60, status="forecast"), "a forecast"),
        (seen("2027", 60), "its period ends after 2026-06-30"),
        (seen("2025", 60, published="2026-09"), "published after 2026-06-30"),
        (seen("2025", 108), "108 % is more than there can be (100)"),
        (seen("2025", 1.08, unit="share"), "1.08 share (0 to 1) is more than there can be (100)"),
        (seen("2025", -1), "\N{MINUS SIGN}1 % is less than there can be (0)"),
        (seen("2013/2022", 28), "a span of years"),
    ],
)
def test_what_is_no_point_says_why(one: Observation, why: str) -> None:
    found = series(one, seen("2024", 50))
    assert [(x.of, x.why) for x in found.left] == [(one, why)]
    assert found.years == (2024,)


def test_a_share_that_may_pass_its_whole_is_kept() -> None:
    assert annual([seen("2020", 108)], indicator(highest=None), "percent", TODAY).points[0].best.value == 108


def test_parts_of_a_year_stand_beside() -> None:
    found = series(seen("2024", 40), seen("2025-40", 44), seen("2025-01/2025-09", 45), seen("2025-07", 46))
    assert found.years == (2024,)
    assert [s.value for s in found.beside] == [44, 46, 45]


def test_gaps_are_known_and_never_filled() -> None:
    found = series(seen("2015", 1), seen("2018", 2), seen("2019", 3), seen("2022", 4))
    assert found.gaps == (2016, 2017, 2020, 2021)
    assert len(found.points) == 4
    assert series().gaps == ()


def test_repeated_values_are_one_point() -> None:
    twice = [*line(2020, 1, 2, 3), *line(2020, 1, 2, 3, quality="low")]
    assert series(*twice).years == (2020, 2021, 2022)


def test_changes_since_a_year_are_those_of_that_year() -> None:
    held = [seen("2005/2020", -48.4), seen("2021/2024", -9.3), seen("2021/2025", -13.8), seen("2024", -3.4)]
    found = annual(held, indicator(lowest=None), "percent", TODAY, span="2021")
    assert [(p.year, p.best.value) for p in found.points] == [(2024, -9.3), (2025, -13.8)]
    assert {x.why for x in found.left} == {"no change since 2021"}


def test_a_new_definition_splits_the_series() -> None:
    held = [
        o for o in register.observations() if (o.indicator, o.entity) == ("robot_density_per_10000", "CHN")
    ]
    found = annual(
        held, register.indicators()["robot_density_per_10000"], "per 10000 employees", date(2026, 1, 1)
    )
    assert found.years == (2020, 2021, 2022, 2023)
    assert [p.year for p in found.earlier] == [2014, 2016]
    assert [x.of.period for x in found.left] == ["2013"]
    assert found.breaks[0].startswith("from 2020: ")


def test_before_its_first_value_a_new_definition_splits_nothing() -> None:
    held = [
        o for o in register.observations() if (o.indicator, o.entity) == ("robot_density_per_10000", "CHN")
    ]
    then = annual(
        held, register.indicators()["robot_density_per_10000"], "per 10000 employees", date(2018, 1, 1)
    )
    assert (then.years, then.breaks) == ((2014, 2016), ())


@pytest.mark.parametrize("change", settings.changes(), ids=lambda c: f"{c.rule} {c.observation}")
def test_every_change_of_a_series_cites_an_observation_of_it(change: settings.Change) -> None:
    cited = {o.id: o for o in register.observations()}[change.observation]
    assert (cited.indicator, cited.entity) == (change.indicator, change.entity)
    assert (change.rule == "break") == bool(change.period)
    if change.period:
        assert periods.parse(cited.period).start >= periods.parse(change.period).start


def test_what_was_not_published_was_not_known() -> None:
    assert not known(seen("2020", 1, published="2021-09"), date(2021, 9, 29))
    assert known(seen("2020", 1, published="2021-09"), date(2021, 9, 30))
    assert known(seen("2020", 1), date(2020, 12, 31))
    assert not known(seen("2020", 1), date(2020, 12, 30))
