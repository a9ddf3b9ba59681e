"""What the rules of statistical offices would say: ratios of two points, beside a verdict and never for it."""

from __future__ import annotations

import math
from typing import NamedTuple

from zizhu.track.path import pace as kernel
from zizhu.track.path import rules
from zizhu.track.series import Point
from zizhu.track.verdicts import Verdict
from zizhu.track.yardstick import question_of
from zizhu.vocab import periods, units

RATIO_OF = {"cagr_ratio": kernel.cagr_ratio, "extrapolated_ratio": kernel.extrapolated_ratio}


class Ratios(NamedTuple):
    """Observed over required growth from the baseline to the latest value, each (year, value); what rules say of it.

    `first` is the point that serves as the baseline where the target states none.
    """

    cagr: float
    said: dict[str, str]
    baseline: tuple[float, float]
    latest: Point | None = None
    first: Point | None = None
    goal: float = math.nan


NO_RATIOS = Ratios(math.nan, {}, (math.nan, math.nan))


def judging_rules() -> tuple[str, ...]:
    """The rules that compare with a target; the others know the trend alone."""
    return tuple(name for name, bands in rules.rules().items() if bands[0].measure in RATIO_OF)


def of(v: Verdict) -> Ratios:
    """Ratios from the target's own baseline, else from the first point, to the latest point up to the deadline.

    A baseline of a year that the series does not hold may be of another series: then it is the first point too.
    """
    if not v.target.deadline or v.measured.yardstick is None:
        return NO_RATIOS
    due = periods.parse(v.target.deadline).end
    path = [p for p in v.measured.path if p.year <= due.year and not p.best.open]
    if not path or v.target.comparator is None:
        return NO_RATIOS
    stated = _baseline(v)
    if stated and question_of(v.target) == "level" and stated[0] not in {p.year for p in path}:
        stated = None
    t0, y0 = stated or (float(path[0].year), path[0].best.value)
    t, y = float(path[-1].year), path[-1].best.value
    goal = v.measured.yardstick.goal(v.target.value, due.year)
    if t <= t0 or due.year <= t0 or goal == y0:
        return NO_RATIOS
    found = {name: float(ratio(y0, t0, y, t, goal, due.year)) for name, ratio in RATIO_OF.items()}
    said = {rule: rules.said(rule, found[rules.rules()[rule][0].measure]) for rule in judging_rules()}
    return Ratios(found["cagr_ratio"], said, (t0, y0), path[-1], None if stated else path[0], goal)


def _baseline(v: Verdict) -> tuple[float, float] | None:
    """The year and path value that the target itself starts from, where its row has both."""
    t, by = v.target, v.measured.yardstick
    if question_of(t) != "level":
        return None if by is None or math.isnan(by.base_year) else (by.base_year, by.base)
    if t.baseline_value is None or not t.baseline_period:
        return None
    unit = t.baseline_unit or t.unit
    if not units.same_dimension(unit, t.unit):
        return None
    return float(periods.parse(t.baseline_period).end.year), units.convert(t.baseline_value, unit, t.unit)
