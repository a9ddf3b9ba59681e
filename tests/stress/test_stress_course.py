"""How strong a shock of a scenario is on each day: start, ramp, duration, recovery, licences."""

from __future__ import annotations

from typing import Any

import pytest

from stress.scenario.scenarios import scenario
from zizhu.stress.scenario.effects import Course
from zizhu.stress.scenario.resolve import course
from zizhu.stress.scenario.shocks import Recovery
from zizhu.stress.weeks import strength


def on_days(days: int, **said: Any) -> list[float]:
    return strength(Course(**{"start": 0.0, "ramp": 0.0, "end": None, **said}), days).tolist()


def test_a_shock_without_an_end_holds_to_the_last_day() -> None:
    assert on_days(5) == [1, 1, 1, 1, 1]
    assert on_days(5, start=2.0) == [0, 0, 1, 1, 1]
    assert on_days(3, start=9.0) == [0, 0, 0]


def test_a_shock_holds_for_its_duration() -> None:
    assert on_days(6, start=1.0, end=4.0) == [0, 1, 1, 1, 0, 0]


def test_a_ramp_is_part_of_the_duration() -> None:
    """Three days rise by a quarter each, the fourth is the first in full."""
    assert on_days(8, start=1.0, ramp=3.0, end=6.0) == [0, 0.25, 0.5, 0.75, 1, 1, 0, 0]
    assert on_days(6, ramp=4.0, end=4.0) == pytest.approx([0.2, 0.4, 0.6, 0.8, 0, 0])


def test_recoveries_follow_their_curves() -> None:
    """After the last full day k: linear 1 - k / 4, convex (3 / 4)^k, concave half at half of its time."""
    fades = {s: on_days(9, end=2.0, recovery=Recovery(time=4.0, shape=s)) for s in ("linear", "convex")}
    assert fades["linear"] == [1, 1, 0.75, 0.5, 0.25, 0, 0, 0, 0]
    assert fades["convex"] == pytest.approx([1, 1, *(0.75**k for k in range(1, 8))])
    concave = on_days(9, end=2.0, recovery=Recovery(time=4.0, shape="concave"))
    assert concave[3] == pytest.approx(0.5)
    assert concave[2] > 0.99
    assert on_days(3, end=1.0, recovery=Recovery(time=2.0, shape="convex")) == [1, 0.5, 0]


def test_a_licence_stops_all_and_then_what_is_not_granted() -> None:
    assert on_days(6, start=1.0, full_until=3.0, held=0.4) == [0, 1, 1, 0.4, 0.4, 0.4]
    assert on_days(6, start=1.0, end=5.0, full_until=3.0, held=0.4) == [0, 1, 1, 0.4, 0.4, 0]
    assert on_days(4, full_until=0.0, held=0.4) == pytest.approx([0.4] * 4)
    fading = on_days(6, end=3.0, full_until=1.0, held=0.4, recovery=Recovery(time=4.0))
    assert fading == pytest.approx([1, 0.4, 0.4, 0.3, 0.2, 0.1])


def test_a_licence_that_is_never_granted_is_a_ban() -> None:
    """Its delay lasts as long as it does itself, or as the run."""
    assert on_days(4, end=3.0, full_until=3.0, held=0.4) == [1, 1, 1, 0]
    assert on_days(3, full_until=30.0, held=0.4) == [1, 1, 1]


def test_a_licence_of_a_scenario_has_this_course() -> None:
    said = {"kind": "licence", "sender": "CHN:C28", "receiver": "USA", "delay": "14 days", "granted": 0.75}
    one = scenario({**said, "start": "7 days", "duration": "35 days"}).shocks[0]
    assert strength(course(one), 56).reshape(8, 7).mean(axis=1).tolist() == [0, 1, 1, 0.25, 0.25, 0.25, 0, 0]
