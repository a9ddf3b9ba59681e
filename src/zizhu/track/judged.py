"""Every target of a country with an honest verdict: one row a target, what decides it, and what others say.

Passed and observed is a fact, passed and unobserved a nowcast, ahead a chance with its interval, everything else is
said to be not trackable, with the reason. `zizhu.track.verdicts` has the words.

An analyst who disagrees names a `target` with another `series` or `basis`: the verdict is made again on these, and the
register's own stands beside it in the columns that begin with `register_`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from zizhu.ledger import finding, kin, register
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Assessment, Observation, Record, Target
from zizhu.ledger.result import Explanation, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.track import draw, opened, scorecard, settings, told
from zizhu.track.judged_rows import COLUMNS, UNITS, counts, row
from zizhu.track.measured import Reading, measured, siblings
from zizhu.track.verdicts import VERDICTS, Case, Verdict, judge
from zizhu.vocab import periods
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "track.judged"
KEY = ("target",)
EXAMPLE = "CHN"
"""Whose targets are meant where nobody says."""
TODAYS_TARGETS = (
    "The day of judgement decides which observations are known and which deadlines have passed. The targets are all "
    "that the register holds today, those of plans issued later than that day included; those that were read from "
    "documents published later are left out."
)
DATES = (
    "A value counts as known once its period is over and, where its source says when it was published, once it was; "
    "most sources do not say."
)
TESTED = (
    "Chances are of the method whose intervals and verdicts were held against what came true, up to five years ahead, "
    "with gaps and without; horizons beyond, sums, whole numbers, ranks and what is to end at zero were not."
)


class Params(Record):
    """What is asked: the targets of `country` as they stand on the date `as_of` (ISO 8601).

    `plan` (an id or name; its parts belong to it), `target`, `sector` (words of it), `indicator` (the id of a series,
    or words for what is measured) and `verdict` (a word or a reason code) choose some of them. `series` (an indicator)
    and `basis` (a word of `vocab/bases.csv`) are an analyst's own reading of one target.
    """

    country: str
    as_of: str
    plan: str = ""
    target: str = ""
    sector: str = ""
    indicator: str = ""
    verdict: str = ""
    series: str = ""
    basis: str = ""

    @property
    def reading(self) -> Reading:
        """What the analyst wants the target judged by."""
        return Reading(self.series, self.basis)


@dataclass(frozen=True)
class Inputs:
    """The register and the question."""

    params: Params
    held: Register

    @property
    def as_of(self) -> date:
        """The day of judgement."""
        return date.fromisoformat(self.params.as_of)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The targets that are asked for, without those that nobody had stated by the day."""
        return tuple(t for t in self.named if self.stated(t))

    def stated(self, target: Target) -> bool:
        """Whether a target was stated by the day: what was read from a document is not before that was published."""
        source = self.held.sources.get(target.source)
        if source is None or not (source.sha256 and source.published):
            return True
        return periods.parse(source.published, source.id).start <= self.as_of

    def siblings(self, target: Target) -> tuple[Target, ...]:
        """The rows stated by the day that word the aim of a target on another basis or repeat it, by id."""
        return tuple(t for t in siblings(target, self.held) if self.stated(t))

    @property
    def unstated(self) -> tuple[str, ...]:
        """How many targets are left out since their documents were published after the day."""
        left = len(self.named) - len(self.targets)
        those = "1 target of a document" if left == 1 else f"{left} targets of documents"
        return (f"Left out: {those} published after {self.params.as_of}.",) if left else ()

    @cached_property
    def plans(self) -> tuple[str, ...]:
        """The plan that is asked for, by id, and its parts; nothing where none is."""
        asked = self.params.plan
        return tuple(kin.parts(self.held, finding.plan(self.held, asked).id)) if asked else ()

    @cached_property
    def named(self) -> tuple[Target, ...]:
        """The targets that are asked for, whenever they were stated."""
        p = self.params
        return tuple(
            t
            for t in self.held.targets.values()
            if t.country == p.country
            and (not p.plan or t.plan in self.plans)
            and p.target in ("", t.id)
            and (not p.sector or finding.about(t, p.sector))
            and (not p.indicator or _measures(t, p.indicator))
        )

    @cached_property
    def observations(self) -> Mapping[str, tuple[Observation, ...]]:
        """The observations of the country by indicator."""
        found: dict[str, list[Observation]] = {}
        for o in self.held.observations.values():
            if o.entity == self.params.country:
                found.setdefault(o.indicator, []).append(o)
        return {indicator: tuple(rows) for indicator, rows in found.items()}

    @cached_property
    def observed_ids(self) -> tuple[str, ...]:
        """The indicators that are observed, in order."""
        return tuple(sorted(self.observations))

    @cached_property
    def assessments(self) -> tuple[Assessment, ...]:
        """What others had said by the day; those without a date are kept."""
        held = self.held.assessments.values()
        return tuple(a for a in held if not a.date or periods.parse(a.date, a.id).start <= self.as_of)

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdicts that are asked for, with the reading that is asked for."""
        word = self.params.verdict
        found = self._judged(self.params.reading)
        return {key: v for key, v in found.items() if word in ("", v.verdict, v.code)}

    @cached_property
    def counted(self) -> tuple[Verdict, ...]:
        """The verdicts that count, by id of their targets."""
        return tuple(v for _, v in sorted(self.verdicts.items()) if counts(v))

    @cached_property
    def registered(self) -> Mapping[str, Verdict]:
        """The verdicts as the register reads its targets."""
        return self._judged(Reading()) if self.params.reading != Reading() else self.verdicts

    def _judged(self, reading: Reading) -> dict[str, Verdict]:
        cases = [self.case(t, reading) for t in self.targets]
        return {v.target.id: v for v in judge(cases, self.as_of)}

    def on(self, target: Target) -> Verdict:
        """The verdict that was asked for on a target, else the one as the register reads it."""
        return self.verdicts.get(target.id) or self.of(target)

    def of(self, target: Target) -> Verdict:
        """The verdict on any target as the register reads it."""
        return judge([self.case(target, Reading())], self.as_of)[0]

    def case(
        self, target: Target, reading: Reading, observed: Mapping[str, Sequence[Observation]] | None = None
    ) -> Case:
        """A target with what it is measured by in a reading, ready to be judged; by all observations unless told."""
        by_indicator = self.observations if observed is None else observed
        m = measured(target, self.held, by_indicator, self.as_of, reading)
        plan = self.held.plans.get(target.plan)
        announced = periods.parse(plan.issued).end if plan and plan.issued else None
        return Case(target, m, self.held.indicators.get(m.indicator), announced)


def _measures(target: Target, asked: str) -> bool:
    """Whether a target is judged by a series, or words stand in what it measures."""
    return asked in (target.trackable_by, target.nearest) or finding.about(target, asked)


def load(workspace: Workspace, params: Params) -> Inputs:
    """The register with the workspace's own folders. Raises ZizhuError with all that is wrong with the question."""
    held = register.of(workspace.root)
    problems = [*_unknown(held, params), *_unreadable(params)]
    if problems:
        raise ZizhuError(problems)
    return Inputs(params, held)


def _unknown(held: Register, params: Params) -> list[Problem]:
    """Names that the register does not have."""
    mine = [t for t in held.targets.values() if t.country == params.country]
    asked = {
        "target": (params.target, {t.id for t in mine}),
        "series": (params.series, {o.indicator for o in held.observations.values()}),
        "basis": (params.basis, {i.basis for i in held.indicators.values()}),
        "verdict": (params.verdict, {*VERDICTS, *settings.codes()}),
    }
    found = [
        unknown(kind, name, sorted(valid), "question")
        for kind, (name, valid) in asked.items()
        if name and valid and name not in valid
    ]
    if params.plan.upper() in held.targets:
        return [*found, _a_target(params.plan.upper())]
    try:
        if params.plan:
            finding.plan(held, params.plan)
    except ZizhuError as error:
        found += error.problems
    return found


def _a_target(target: str) -> Problem:
    """A target where a plan is asked for."""
    remedy = f"`zizhu track show {target}` shows it with its series, sources and competing assessments."
    return Problem(f"{target} is a target and no plan", "question", "a plan", remedy)


def _unreadable(params: Params) -> list[Problem]:
    if params.reading != Reading() and not params.target:
        what = "another series or basis for every target"
        return [Problem(what, "question", "one target", "Name the target that it is for.")]
    try:
        date.fromisoformat(params.as_of)
    except ValueError:
        return [Problem(f"{params.as_of!r} is no day", "as_of", "a day such as 2026-06-30", "Correct it.")]
    return []


def solve(inputs: Inputs) -> Result:
    """One row a target. Raises CannotAnswer when the register holds no such target of the country."""
    if not inputs.verdicts:
        raise CannotAnswer(none(inputs))
    chosen = [v.target for v in inputs.verdicts.values()]
    frame = pl.DataFrame([row(inputs, t) for t in chosen], schema=COLUMNS).sort(KEY)
    run = make_run(METHOD, inputs.params, tuple(f"fact:{t.id}" for t in chosen), frame, KEY)
    return Result(
        frame,
        KEY,
        UNITS,
        "each target on its own basis; own readings are marked",
        run,
        notes=tuple(_notes(inputs, chosen)),
        draw=draw.judged,
        evidence=lambda result, row: opened.evidence(inputs.verdicts[row["target"]], result, row),
        lists=scorecard.lists(inputs),
    )


def _notes(inputs: Inputs, chosen: Sequence[Target]) -> Iterator[str]:
    """What has to be known of all rows."""
    yield from told.legend(chosen)
    yield TODAYS_TARGETS
    yield from inputs.unstated
    yield from told.paced(inputs.verdicts.values())
    yield from (DATES, TESTED)


def none(inputs: Inputs) -> Problem:
    """Why there is no target to judge."""
    p = inputs.params
    if inputs.named and not inputs.targets:
        return _not_yet(inputs, "targets")
    whose = sorted(_countries(inputs.held, p.plan)) if p.plan else []
    if whose and p.country not in whose:
        what = f"no target of {p.country} in plan {p.plan!r}"
        remedy = f"Ask for that country: --country {whose[0]}."
        return Problem(what, "register", f"targets of {', '.join(whose)}", remedy)
    countries = sorted({t.country for t in inputs.held.targets.values()})
    if p.country not in countries:
        held = f"one of {', '.join(countries)}"
        return Problem(
            f"no targets of {p.country}",
            "register",
            held,
            "The register holds the plans of these countries only.",
        )
    chosen = ("plan", "target", "sector", "indicator", "verdict")
    asked = ", ".join(f"{name} {said!r}" for name in chosen if (said := getattr(p, name)))
    return Problem(
        f"no target of {p.country} with {asked}",
        "register",
        "a target that has all of these",
        "Ask for less.",
    )


def _not_yet(inputs: Inputs, what: str) -> Problem:
    """That what is asked for was stated after the day, and when first."""
    sources = inputs.held.sources
    first = min(periods.parse(sources[t.source].published, t.source).start for t in inputs.named)
    return Problem(
        f"{what} stated after {inputs.params.as_of}",
        "as_of",
        f"a day from {first} on, when the first of their documents was published",
        "Choose a later day.",
    )


def stated_by_the_day(inputs: Inputs) -> None:
    """Raises ZizhuError where all that is asked for was stated after the day."""
    if inputs.named and not inputs.targets:
        raise ZizhuError(_not_yet(inputs, inputs.params.target or "targets"))


def whose(workspace: Workspace, plan: str) -> str:
    """The country whose targets a plan with its parts has, where it is one only; else that of the worked example."""
    try:
        found = _countries(register.of(workspace.root), plan) if plan else set()
    except ZizhuError:  # an unknown plan, which the question itself says with all else that is wrong
        found = set()
    return found.pop() if len(found) == 1 else EXAMPLE


def _countries(held: Register, plan: str) -> set[str]:
    """Whose targets a plan with its parts has."""
    plans = kin.parts(held, finding.plan(held, plan).id)
    return {t.country for t in held.targets.values() if t.plan in plans}


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number of a row: see `zizhu.track.opened`. Raises CannotAnswer for a cell that is empty."""
    row: Mapping[str, Any] = result.row(key)
    own = column.startswith("register_")
    v = (inputs.registered if own else inputs.verdicts)[key]
    if row[column] is None:
        raise CannotAnswer(Problem(f"{column} is empty", f"target {key}", "a value", f"{told.verdict(v)}."))
    return opened.explain(v, inputs.held, result, row, column, top)
