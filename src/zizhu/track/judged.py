"""What can be judged: every target by what its own numbers allow to be said today.

  met, missed      the deadline value, or an earlier one that already satisfies the target, was observed
  disputed         sources of the same period disagree on which of the two it is
  not observed     the deadline has passed and no value of its period is held
  observed         the deadline lies ahead and at least six annual points on the target's basis are held
  too few points   the deadline lies ahead and fewer are held
  other measure    a series exists but measures another thing than the target (level for growth, units for multiple)
  no series, no deadline, withdrawn, restatement, description
Nothing is projected here: passed and observed is a fact, everything else is said to be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from zizhu.ledger import register
from zizhu.ledger.models import Observation, Record, Target
from zizhu.ledger.result import Evidence, Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.track import draw
from zizhu.vocab import periods, units
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "track.judged"
KEY = ("target",)
ENOUGH_POINTS = 6
"""Annual points below which a path says nothing about where it leads (register note of 2026)."""

DECIDED = ("met", "missed", "disputed")
REASONS = (
    *DECIDED,
    "not observed",
    "observed",
    "too few points",
    "other measure",
    "no series",
    "no deadline",
    "withdrawn",
    "restatement",
    "description",
)
NOT_COUNTED = ("withdrawn", "restatement", "description")
"""Rows that are no target of their own."""
TODAYS_TARGETS = (
    "The day of judgement decides which observations are known and which deadlines have passed. The register does "
    "not date plans: the targets are all that it holds today, those of plans issued later than that day included."
)
_COLUMNS = {
    **dict.fromkeys(("target", "plan", "sector", "item", "indicator", "comparator"), pl.String()),
    "assumed": pl.Boolean(),
    "value": pl.Float64(),
    **dict.fromkeys(("unit", "deadline", "reason"), pl.String()),
    "counted": pl.Boolean(),
    "points": pl.Int64(),
    "observed": pl.Float64(),
    **dict.fromkeys(("observed_period", "observation", "quality"), pl.String()),
    "sound": pl.Boolean(),
    "target_quality": pl.String(),
}
"""Columns of the answer: on an early day some hold nothing but nulls."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Params(Record):
    """What is asked: the targets of `country` as they stand on the date `as_of` (ISO 8601)."""

    country: str
    as_of: str


@dataclass(frozen=True)
class Inputs:
    """The register's targets of the country and its observations by indicator."""

    params: Params
    targets: tuple[Target, ...]
    observations: Mapping[str, tuple[Observation, ...]]

    @property
    def as_of(self) -> date:
        """The day of judgement."""
        return date.fromisoformat(self.params.as_of)

    def held(self, target: Target) -> tuple[Observation, ...]:
        """The observations of a target's indicator."""
        return self.observations.get(target.trackable_by, ())


@dataclass(frozen=True)
class Verdict:
    """The reason for one target and the observation that carries it, if one does."""

    reason: str
    points: int = 0
    decisive: Observation | None = None


def load(workspace: Workspace, params: Params) -> Inputs:
    """The register's rows for the country; the workspace holds none of them yet."""
    del workspace
    by_indicator: dict[str, tuple[Observation, ...]] = {}
    for o in register.observations():
        if o.entity == params.country:
            by_indicator[o.indicator] = (*by_indicator.get(o.indicator, ()), o)
    mine = tuple(t for t in register.targets().values() if t.country == params.country)
    return Inputs(params, mine, by_indicator)


def solve(inputs: Inputs) -> Result:
    """One row a target. Raises CannotAnswer when the register holds no plan of the country."""
    if not inputs.targets:
        raise CannotAnswer(
            Problem(
                f"no targets of {inputs.params.country}",
                "register",
                f"one of {', '.join(sorted({t.country for t in register.targets().values()}))}",
                "The register holds the plans of these countries only.",
            )
        )
    rows = [_row(t, judge(t, inputs.held(t), inputs.as_of)) for t in inputs.targets]
    frame = pl.DataFrame(rows, schema=_COLUMNS).sort(KEY)
    run = make_run(METHOD, inputs.params, tuple(f"fact:{t.id}" for t in inputs.targets), frame, KEY)
    units_of = {"value": "see unit", "observed": "see unit", "points": "count"}
    basis = "the target's own indicator; no projection"
    return Result(
        frame,
        KEY,
        units_of,
        basis,
        run,
        notes=(TODAYS_TARGETS,),
        draw=lambda r: draw.judged(r, REASONS),
        evidence=partial(_evidence, inputs),
    )


def judge(target: Target, held: Sequence[Observation], as_of: date) -> Verdict:
    """The verdict on one target from the observations of its indicator, in the order of the module's list."""
    if target.status != "active":
        return Verdict(target.status)
    if not target.deadline:
        return Verdict("no deadline")
    if not held:
        return Verdict("no series")
    known, comparable = _known(target, held, as_of)
    if not comparable:
        return Verdict("other measure" if known else "no series", len(_annual(known)))
    return _decide(target, comparable, as_of)


def _known(
    target: Target, held: Sequence[Observation], as_of: date
) -> tuple[list[Observation], list[Observation]]:
    """The observations known on a day, and those of them that measure what the target does."""
    known = [o for o in held if _end(o) <= as_of and o.status != "forecast"]
    return known, [o for o in known if _same_measure(target, o)]


def _decide(target: Target, held: Sequence[Observation], as_of: date) -> Verdict:
    deadline = periods.parse(target.deadline, target.id).end
    points = len(_annual(held))
    in_time = sorted((o for o in held if _end(o) <= deadline), key=_by_end)
    last = [o for o in in_time if _end(o) == _end(in_time[-1])]
    says = {_satisfies(target, o) for o in last} - {None}
    at_deadline = bool(last) and _end(last[0]) == deadline
    if says == {True} and (at_deadline or _stays(target)):
        return Verdict("met", points, _best(last))
    if at_deadline and len(says) == 2:
        return Verdict("disputed", points, _best(last))
    if at_deadline and says == {False}:
        return Verdict("missed", points, _best(last))
    if deadline < as_of:
        return Verdict("not observed", points, _best(last) if last else None)
    return Verdict(
        "observed" if points >= ENOUGH_POINTS else "too few points", points, _best(last) if last else None
    )


def _same_measure(target: Target, o: Observation) -> bool:
    """Same dimension, and for a cumulative change the same base year."""
    if not units.same_dimension(target.unit, o.unit):
        return False
    if not re.search(r"cumulative|change from|increase from", target.indicator):
        return "/" not in o.period
    base = _YEAR.search(target.indicator)
    return base is None or o.period.startswith(f"{base.group()}/")


def _satisfies(target: Target, o: Observation) -> bool | None:
    """Whether the observation satisfies the target; None when its comparator leaves it open."""
    seen, goal = units.convert(o.value, o.unit, target.unit), target.value
    down = target.comparator in ("<", "<=") or (target.comparator in ("~", "range") and goal < 0)
    reached = seen <= goal if down else seen >= goal
    if target.comparator in (">", "<"):
        reached = reached and seen != goal
    bounds = {">": not down, ">=": not down, "<": down, "<=": down}
    if o.comparator in bounds and bounds[o.comparator] != reached:
        return None
    return reached if target.comparator is not None else None


def _stays(target: Target) -> bool:
    """Whether reaching the value early settles it: counts and stocks stay, shares and rates may fall back."""
    return units.unit(target.unit).dimension in ("count", "power") and "annual" not in target.indicator


def _annual(held: Iterable[Observation]) -> list[Observation]:
    """The best observation of every year that has one, latest first."""
    years: dict[str, list[Observation]] = {}
    for o in held:
        if re.fullmatch(r"\d{4}", o.period):
            years.setdefault(o.period, []).append(o)
    return [_best(years[y]) for y in sorted(years, reverse=True)]


def _best(same_period: Sequence[Observation]) -> Observation:
    rank = {"high": 0, "medium": 1, "low": 2}
    return min(same_period, key=lambda o: (rank[o.quality], o.status != "reported", o.id))


def _end(o: Observation) -> date:
    return periods.parse(o.period, o.id).end


def _by_end(o: Observation) -> tuple[date, str]:
    return _end(o), o.id


def _row(t: Target, v: Verdict) -> dict[str, object]:
    o = v.decisive
    return {
        "target": t.id,
        "plan": t.plan,
        "sector": t.sector,
        "item": t.item,
        "indicator": t.indicator,
        "comparator": t.comparator,
        "assumed": t.comparator_assumed,
        "value": t.value,
        "unit": t.unit,
        "deadline": t.deadline or None,
        "reason": v.reason,
        "counted": v.reason not in NOT_COUNTED,
        "points": v.points,
        "observed": units.convert(o.value, o.unit, t.unit) if o else None,
        "observed_period": o.period if o else None,
        "observation": o.id if o else None,
        "quality": o.quality if o else None,
        "sound": "low" not in (t.quality, o.quality) and o.status != "derived" if o else False,
        "target_quality": t.quality,
    }


def goal(target: Target) -> str:
    """What a target promises, in a line: `MIC2025: industrial robots, domestic market share, >= 50 % by 2020`."""
    sign = target.comparator if target.comparator not in (None, "=", "range") else ""
    most = "" if target.high is None else f" to {units.quantity(target.high, target.unit)}"
    value = units.number(target.value) if most else units.quantity(target.value, target.unit)
    when = f" by {periods.label(periods.parse(target.deadline))}" if target.deadline else ""
    assumed = " (comparator assumed)" if sign and target.comparator_assumed else ""
    promise = f"{sign} {value}{most}".strip()
    return f"{target.plan}: {target.item}, {target.indicator}, {promise}{when}{assumed}"


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a target's observed value into its series, its points into their years, its value into the target.

    A series is no sum: what decides comes first, the rest latest first, in the target's unit. Raises
    CannotAnswer for a column that is empty.
    """
    row = result.row(key)
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} is empty", f"target {key}", "a value", f"Reason: {row['reason']}.")
        )
    target = next(t for t in inputs.targets if t.id == key)
    known, comparable = _known(target, inputs.held(target), inputs.as_of)
    behind: list[Observation] = []
    if column == "observed":
        behind = _deciding(comparable, row["observation"])
        parts, told = _series(target, comparable, behind), "What decides comes first."
    elif column == "points":
        behind = _annual(comparable or known)[: row["points"]]
        parts, told = _years(behind), "Years with a value."
    else:
        parts, told = (Part(f"fact:{key}", f"{key}, {goal(target)}", target.value, None),), "The target."
    shown, value = parts[:top], float(row[column])
    return Explanation(
        ref=result.ref(row, column),
        value=value,
        unit=target.unit if column != "points" else "count",
        sentence=f"{goal(target)}: {row['reason']}. {told}",
        parts=shown,
        remainder=value - len(shown) if column == "points" else 0.0,
        inputs=(f"fact:{key}", *(f"fact:{o.id}" for o in behind)),
        left_out=len(parts) - len(shown),
    )


def _deciding(comparable: Sequence[Observation], decisive: str | None) -> list[Observation]:
    """The observation that carries a verdict, then the others of its period."""
    end = next((_end(o) for o in comparable if o.id == decisive), None)
    return sorted((o for o in comparable if _end(o) == end), key=lambda o: (o.id != decisive, o.id))


def _series(
    target: Target, comparable: Sequence[Observation], first: Sequence[Observation]
) -> tuple[Part, ...]:
    rest = sorted((o for o in comparable if o not in first), key=_by_end, reverse=True)
    return tuple(
        Part(f"fact:{o.id}", _told(o, target.unit), units.convert(o.value, o.unit, target.unit), None)
        for o in (*first, *rest)
    )


def _years(annual: Sequence[Observation]) -> tuple[Part, ...]:
    return tuple(Part(f"fact:{o.id}", _told(o), 1.0, 1 / len(annual)) for o in annual)


def _told(o: Observation, unit: str = "") -> str:
    """The series, period and publisher of an observation, with its own words where `unit` does not give them."""
    sign = "" if o.comparator == "=" else f"{o.comparator} "
    value = f", {sign}{units.quantity(o.value, o.unit)}" if sign or o.unit != unit else ""
    label, publisher = register.indicators()[o.indicator].label, register.sources()[o.source].producer
    period = periods.label(periods.parse(o.period))
    told = f"{label}, {period}{value}: {publisher}, {o.status}, quality {o.quality}"
    return f"{told} ({o.note})" if o.note else told


def _evidence(inputs: Inputs, result: Result, row: Mapping[str, Any]) -> Evidence:
    """A target with the observations of the period that decides on it."""
    target = next(t for t in inputs.targets if t.id == row["target"])
    _, comparable = _known(target, inputs.held(target), inputs.as_of)
    behind = _deciding(comparable, row["observation"])
    ref = result.ref(row, "observed") if row["observed"] is not None else f"fact:{target.id}"
    facts = (f"fact:{target.id}", *(f"fact:{o.id}" for o in behind))
    return Evidence(f"{target.id}, {goal(target)}", ref, facts)
