"""What a target asks for, as a value on the path of its series, and what a value of the path says of the target.

A growth target is a level: x0 (1 + g)^n. A multiple is x0 k, a change x0 (1 + c), where x0 is the value of the base
year; spans of changes and chained annual changes are an index that is 1 in the base year. A total is the sum of the
annual values since its first year.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from zizhu.ledger.models import Measure, Target
from zizhu.track.path.kinds import growth_between, growth_level, points_level, relative_level
from zizhu.vocab import periods, units

Question = Literal["level", "growth", "multiple", "change", "points", "total"]
"""points: a change in the unit of the series itself, such as cubic metres since 2005."""

_CHANGE = re.compile(r"cumulative change|change from|increase from")
_SUM = re.compile(r"\bcumulative\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AS_IT_STANDS = ("level", "total")
_BY_DIMENSION: dict[str, Measure] = {
    "growth per year": "average growth",
    "multiple": "multiple",
    "rank": "rank",
    "share": "share",
    "count": "count",
    "yes or no": "yes or no",
}


@dataclass(frozen=True)
class Yardstick:
    """A question about a path, in the unit of the target; `base` is the value of the path in `base_year`."""

    question: Question
    unit: str
    base: float = math.nan
    base_year: float = math.nan

    def goal(self, value: float, year: float) -> float:
        """The value of the path in a year that `value` of the target means."""
        if self.question in _AS_IT_STANDS:
            return value
        if self.question == "points":
            return float(points_level(self.base, value))
        part = value * self._one
        if self.question == "growth":
            return float(growth_level(self.base, part, year - self.base_year))
        return float(self.base * part if self.question == "multiple" else relative_level(self.base, part))

    def told(self, path: float, year: float) -> float:
        """What a value of the path in a year means in the unit of the target; NaN where nothing follows from it."""
        if self.question in _AS_IT_STANDS:
            return path
        if year <= self.base_year:
            return math.nan
        if self.question == "points" or not math.isfinite(path):
            return _rounded(path - self.base)
        if self.question == "growth":
            part = float(growth_between(self.base, path, year - self.base_year))
        else:
            part = path / self.base - (self.question == "change")
        return _rounded(part / self._one)

    @property
    def _one(self) -> float:
        """One of the unit as a plain number: .01 for percent."""
        return float(units.unit(self.unit).scale)


def _rounded(value: float) -> float:
    """A value without the digits that turning it into an index and back leaves behind."""
    return float(f"{value:.12g}")


def kind_of(target: Target) -> Measure:
    """What kind of measure a target is; its unit and wording tell where its row does not."""
    if target.measure is not None:
        return target.measure
    if _CHANGE.search(target.indicator):
        return "cumulative change"
    if _SUM.search(target.indicator):
        return "cumulative total" if units.unit(target.unit).summable else "cumulative change"
    return _BY_DIMENSION.get(units.unit(target.unit).dimension, "level")


def question_of(target: Target) -> Question:
    """What a target asks of a path."""
    kind = kind_of(target)
    if kind == "average growth":
        return "growth"
    if kind == "multiple":
        return "multiple"
    if kind == "cumulative total":
        return "total"
    if kind == "cumulative change":
        return "change" if units.unit(target.unit).dimension in ("share", "excess") else "points"
    return "level"


def unclear(target: Target) -> str:
    """Why a target that is called cumulative may be a sum or a stock; empty where its row or its years tell."""
    if target.measure is not None or kind_of(target) != "cumulative total" or _YEAR.search(target.indicator):
        return ""
    return (
        "cumulative may be a sum of annual values (measure `cumulative total`) or a stock (measure `level`)"
    )


def first_summed(target: Target, plan_start: str = "") -> int | None:
    """The first year of a total: that of its wording, else that in which the plan starts; None where neither says."""
    if found := _YEAR.search(target.indicator):
        return int(found.group())
    return periods.parse(plan_start).start.year if plan_start else None


def span_start(target: Target) -> str:
    """The year that the wording of a change or a growth begins with: `cumulative change 2021-2025`; empty for none."""
    found = _YEAR.search(target.indicator)
    return found.group() if found else ""


def base_year(target: Target, plan_start: str = "") -> float:
    """The year that a change or growth is counted from; NaN where neither target nor plan has one.

    `from 2005` counts from 2005; `2021-2025`, and a plan that starts in 2021, from 2020.
    """
    if found := _YEAR.findall(target.indicator):
        return int(found[0]) - (len(found) > 1)
    if target.baseline_period:
        return periods.parse(target.baseline_period, target.id).end.year
    return periods.parse(plan_start).start.year - 1 if plan_start else math.nan


def stays(target: Target) -> bool:
    """Whether reaching the value early settles it: counts, stocks and sums that are to grow stay, shares may fall."""
    stock = units.unit(target.unit).dimension in ("count", "power") and "annual" not in target.indicator
    return (stock or question_of(target) == "total") and target.comparator not in ("<", "<=")


def downward(target: Target) -> bool:
    """Whether less is asked for; `about` and ranges lead away from the baseline, or below zero."""
    if target.comparator in (">", ">="):
        return False
    if target.comparator in ("<", "<=") or kind_of(target) in ("rank", "net zero"):
        return True
    start = target.baseline_value if not target.baseline_unit else None
    return target.value < (0.0 if start is None or question_of(target) != "level" else start)


def holds(target: Target, value: float) -> bool:
    """Whether a value in the unit of the target satisfies it; of a range the nearer bound decides."""
    if target.comparator in (">", "<") and value == target.value:
        return False
    return value <= target.value if downward(target) else value >= target.value
