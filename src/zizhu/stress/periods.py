"""The periods of an answer by name: all of a weekly run, its quarters, its steps; the year of the quarterly answer."""

from __future__ import annotations

from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import QUARTERS
from zizhu.stress.scenario.spans import DAYS

ALL, A_YEAR = "all", "a year"
"""The run of the weekly model and the new equilibrium; the year that the horizon of quarters is about."""
QUARTER = DAYS["year"] / 4
LEAST = 13 * DAYS["week"]
"""Days that a shock holds at least to have an answer over quarters: what is gone sooner, stocks bridge."""


def lasting(scenario: Scenario) -> float:
    """The days that the longest of the shocks which act over quarters holds; infinite where one has no end."""
    spans = [s.duration for s in scenario.shocks if QUARTERS in s.acts]
    return max((float("inf") if span is None else span for span in spans), default=0.0)


def shorter_than_a_year(scenario: Scenario) -> dict[float, list[str]]:
    """The shocks that act over quarters and hold for less than a year, by their days."""
    found: dict[float, list[str]] = {}
    for s in scenario.shocks:
        if QUARTERS in s.acts and s.duration is not None and s.duration < DAYS["year"]:
            found.setdefault(s.duration, []).append(s.label)
    return found


def quarters(scenario: Scenario) -> dict[str, range]:
    """The steps of each quarter of the run, such as `weeks 01-13`."""
    count = max(1, round(scenario.length / QUARTER))
    starts = sorted({k * scenario.steps // count for k in range(count)})
    spans = [range(a, b) for a, b in zip(starts, [*starts[1:], scenario.steps], strict=True)]
    return {f"weeks {_week(scenario, s.start) + 1:02d}-{_week(scenario, s.stop):02d}": s for s in spans}


def steps(scenario: Scenario) -> dict[str, range]:
    """The steps, named by their week or the day that they begin with."""
    return {_step(scenario, t): range(t, t + 1) for t in range(scenario.steps)}


def ends(scenario: Scenario) -> dict[str, float]:
    """The week in which each step ends, counted from the first day of the run."""
    return {
        name: round(span.stop * scenario.step / DAYS["week"], 2) for name, span in steps(scenario).items()
    }


def periods(scenario: Scenario) -> dict[str, range]:
    """The steps of every period."""
    return {ALL: range(scenario.steps)} | quarters(scenario) | steps(scenario)


def _step(scenario: Scenario, t: int) -> str:
    return f"week {t + 1:02d}" if scenario.step == DAYS["week"] else f"day {round(t * scenario.step) + 1:03d}"


def _week(scenario: Scenario, step: int) -> int:
    return max(1, round(step * scenario.step / DAYS["week"])) if step else 0
