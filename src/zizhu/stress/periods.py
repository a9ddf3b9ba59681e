"""The periods of a weekly run by name: all of it, its quarters, its steps."""

from __future__ import annotations

from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import QUARTERS
from zizhu.stress.scenario.spans import DAYS

ALL = "all"
QUARTER = DAYS["year"] / 4


def lasting(scenario: Scenario) -> float:
    """The days that the longest of the shocks which act over quarters holds; infinite where one has no end."""
    spans = [s.duration for s in scenario.shocks if QUARTERS in s.acts]
    return max((float("inf") if span is None else span for span in spans), default=0.0)


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
