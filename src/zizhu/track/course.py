"""The course of one target: every observation of its series with its release and source, and where it may go.

A row is an observation in the unit of the series, or a year ahead with the median and the interval of the distribution
that the verdict rests on, or of a curve that assumes a mechanism, which is a scenario and decides nothing. Beside it,
as lists: the verdict of every reading, the parts of the distribution, rules of statistical offices, assessments of
others, wordings on other bases, and the sources.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from zizhu.ledger import register
from zizhu.ledger.models import Record
from zizhu.ledger.result import Evidence, Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.track import ahead, comparisons, draw, judged, second, told
from zizhu.track.ahead import Step
from zizhu.track.learning import Learning, learning, quantities
from zizhu.track.series import Seen, seen, unfit, vintage
from zizhu.track.verdicts import Verdict
from zizhu.vocab import periods
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "track.course"
KEY = ("period", "of")
POINT, BESIDE, PART, EARLIER = "point", "other value", "part of a year", "earlier definition"
LEFT, NEAREST, FORECAST, SCENARIO = "left out", "nearest series", "forecast", "scenario"
NUMBERS = ("value", "lower", "upper")
SHOWN = (
    "period",
    "kind",
    "value",
    "lower",
    "upper",
    "unit",
    "vintage",
    "publisher",
    "quality",
    "status",
    "why",
    "of",
)
"""The columns that are printed; `series` names the indicator in the list of verdicts."""
_HASH, _SHORT = re.compile(r"\b[0-9a-f]{64}\b"), 12
_COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys(("period", "of", "kind", "series", "sign"), pl.String()),
    **dict.fromkeys(NUMBERS, pl.Float64()),
    **dict.fromkeys(("unit", "vintage", "publisher", "source", "quality", "status", "why"), pl.String()),
    "year": pl.Float64(),
}


class Params(Record):
    """What is asked: a target as it stands on the day `as_of` (ISO 8601), by the register or an analyst's own reading.

    `series` (an indicator) and `basis` (a word of `vocab/bases.csv`) are that reading; `made`, an indicator of yearly
    quantities, adds the experience curve of a cost as a scenario.
    """

    target: str
    as_of: str
    series: str = ""
    basis: str = ""
    made: str = ""


@dataclass(frozen=True)
class Inputs:
    """The question to the scorecard that has this target alone."""

    params: Params
    asked: judged.Inputs

    @property
    def verdict(self) -> Verdict:
        """The verdict, with the reading that is asked for."""
        return self.asked.verdicts[self.params.target]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The years ahead."""
        return ahead.steps(self.verdict, None if isinstance(self.learned, str) else self.learned)

    @cached_property
    def learned(self) -> Learning | str:
        """The experience curve over what was made, or what it lacks; empty where no quantity is named."""
        made = self.params.made
        if not made:
            return ""
        held = self.asked.observations.get(made, ())
        try:
            return learning(
                self.verdict.path, quantities(held, self.asked.held.indicators.get(made), self.asked.as_of)
            )
        except ValueError as error:
            return str(error)


def load(workspace: Workspace, params: Params) -> Inputs:
    """The register with the workspace's own folders. Raises ZizhuError with all that is wrong with the question."""
    targets = register.of(workspace.root).targets
    if params.target not in targets:
        raise ZizhuError(unknown("target", params.target, sorted(targets), "question"))
    country = targets[params.target].country
    asked = judged.load(workspace, judged.Params(country=country, **params.model_dump(exclude={"made"})))
    judged.stated_by_the_day(asked)
    if params.made and params.made not in asked.observations:
        raise ZizhuError(unknown("series", params.made, sorted(asked.observations), "question"))
    return Inputs(params, asked)


def solve(inputs: Inputs) -> Result:
    """One row an observation and one a year ahead; none where nothing of the kind was observed."""
    v = inputs.verdict
    rows = [*_observed(inputs), *_ahead(inputs)]
    frame = pl.DataFrame(rows, schema=_COLUMNS).sort(KEY)
    facts = [f"fact:{r['of']}" for r in rows if r["kind"] not in (FORECAST, SCENARIO)]
    run = make_run(METHOD, inputs.params, (f"fact:{v.target.id}", *dict.fromkeys(facts)), frame, KEY)
    return Result(
        frame,
        KEY,
        {**dict.fromkeys(NUMBERS, "see unit"), "year": "year"},
        f"{v.measured.basis or v.target.basis or 'none stated'}",
        run,
        notes=(*told.sentences(v), *told.paced([v]), *told.legend(inputs.asked.siblings(v.target))),
        draw=(lambda result: draw.course(result, v)) if draw.drawable(frame) else None,
        evidence=lambda result, row: _evidence(inputs, result, row),
        lists={**comparisons.lists(inputs.asked, v), **_opinions(inputs)},
    )


def _opinions(inputs: Inputs) -> dict[str, pl.DataFrame]:
    """What else may be thought of the years ahead, which decides nothing: scenarios, and a second interval."""
    v, steps = inputs.verdict, inputs.steps
    lacking = inputs.learned if isinstance(inputs.learned, str) else ""
    found = {"scenarios": ahead.curves(v, steps, lacking), "second": second.opinions(v, steps)}
    return {name: pl.DataFrame(rows) for name, rows in found.items() if rows}


def _observed(inputs: Inputs) -> Iterator[dict[str, object]]:
    """The observations of the series; where nothing measures the target, those of the series that comes nearest."""
    v = inputs.verdict
    series = v.measured.series
    if series is None:
        for o in inputs.asked.observations.get(v.measured.nearest, ()):
            why = unfit(o, None, o.unit, inputs.asked.as_of)
            yield _row(inputs, seen(o, o.unit), LEFT if why else NEAREST, o.unit, why)
        return
    unit = ahead.unit(v)
    path = {p.year: p for p in v.measured.path} if ahead.on_path(v) else {p.year: p for p in series.points}
    for point in path.values():
        for s in point.all:
            shown = _shown(v, s, point.year)
            if not math.isnan(shown.value):  # up to the base year of a change
                yield _row(inputs, shown, POINT if s is point.best else BESIDE, unit)
    level = unit == series.unit
    for p in series.earlier if level else ():
        for s in p.all:
            yield _row(inputs, s, EARLIER, unit)
    for s in series.beside if level else ():
        yield _row(inputs, s, PART, unit)
    for x in series.left:
        yield _row(inputs, Seen(x.of, x.of.value, x.of.value, x.of.value), LEFT, x.of.unit, x.why)


def _shown(v: Verdict, s: Seen, year: float) -> Seen:
    """A value of the path in the unit of the rows."""
    return Seen(s.of, *(ahead.shown(v, x, year) for x in (s.value, s.lower, s.upper)))


def _row(inputs: Inputs, s: Seen, kind: str, unit: str, why: str = "") -> dict[str, object]:
    o, held = s.of, inputs.asked.held
    period = periods.parse(o.period, o.id)
    exact = s.lower == s.value == s.upper
    return {
        "period": o.period,
        "of": o.id,
        "kind": kind,
        "series": held.indicators[o.indicator].label if o.indicator in held.indicators else o.indicator,
        "sign": "" if o.comparator == "=" else o.comparator,
        "value": s.value,
        "lower": None if exact else ahead.finite(s.lower),
        "upper": None if exact else ahead.finite(s.upper),
        "unit": unit,
        "vintage": vintage(o),
        "publisher": held.sources[o.source].producer,
        "source": o.source,
        "quality": o.quality,
        "status": o.status,
        "why": why or o.note,
        "year": float(period.end.year) if period.years is not None else ahead.in_years(period.end),
    }


def _ahead(inputs: Inputs) -> Iterator[dict[str, object]]:
    v = inputs.verdict
    for step in inputs.steps:
        yield {
            "period": step.period,
            "of": step.of,
            "kind": SCENARIO if step.halves == () else FORECAST,
            "series": step.of,
            "value": step.median,
            "lower": ahead.finite(step.lower),
            "upper": ahead.finite(step.upper),
            "unit": ahead.unit(v),
            "why": step.said,
            "year": step.year,
        }


def lines(result: Result) -> pl.DataFrame:
    """The rows as they are read: what was observed by period, in words, then what lies ahead."""
    ahead_of = pl.col("kind").is_in([FORECAST, SCENARIO])
    ordered = result.frame.sort(ahead_of, pl.col("kind") == LEFT, "year", pl.col("kind") != POINT, "of")
    return ordered.with_columns(
        period=pl.Series([periods.label(periods.parse(p)) for p in ordered["period"]], dtype=pl.String)
    )


def sentence(inputs: Inputs) -> str:
    """The target, the verdict, and what has to be known of both."""
    v, held = inputs.verdict, inputs.asked.held
    t = v.target
    source = held.sources[t.source]
    said = [
        f"{t.id}, {told.goal(t)}.",
        *_verdicts(inputs),
        *_seen_by(inputs),
    ]
    if v.measured.series is None:
        said.append(_context(inputs))
    if v.path and v.chance:
        said.append(
            f"Method: {len(v.path)} annual points on the scale {v.transform}; {v.horizon}; release: {v.vintage}."
        )
    said += [f"{n[:1].upper()}{n[1:]}." for n in comparisons.newer(inputs.asked, v)]
    said += [f"The register notes: {_HASH.sub(_abridged, t.note)}."] if t.note else []
    said.append(f"The promise is worded after {source.producer} (quality {t.quality}).")
    return " ".join(said)


def _abridged(found: re.Match[str]) -> str:
    """The beginning of a digest, by which it opens too."""
    return found[0][:_SHORT]


def _seen_by(inputs: Inputs) -> Iterator[str]:
    """The value that the verdict rests on, and who published it."""
    v, held = inputs.verdict, inputs.asked.held
    if v.decisive is not None:
        o = v.decisive.of
        yield f"Last seen: {told.seen(v)}, {held.sources[o.source].producer} (quality {o.quality})."


def _verdicts(inputs: Inputs) -> Iterator[str]:
    """The verdict; where another reading was asked for, that of the register after it."""
    v, registered = inputs.verdict, inputs.asked.registered[inputs.params.target]
    word = told.verdict(v)
    if registered is v:
        yield f"{word[:1].upper()}{word[1:]}."
    else:
        by = f" ({v.measured.proxy})" if v.measured.proxy else ""
        yield f"Read as asked{by}: {word}."
        yield f"As the register reads it: {told.short(registered)}."


def _context(inputs: Inputs) -> str:
    """What the series is that is shown and does not judge."""
    p, v = inputs.params, inputs.verdict
    if v.measured.nearest not in inputs.asked.observations:
        return "No series comes near."
    if not p.series and v.measured.nearest != v.target.trackable_by:
        return "The series below comes nearest; it is context and does not judge."
    unnamed = p.series and not p.basis and v.code == "BASIS_UNCLEAR"
    named = (
        f" A series on another basis judges only if that is named too: {v.measured.basis}. It is a proxy then."
        if unnamed
        else ""
    )
    return f"The series below is context and does not judge.{named}"


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a value: an observation into its record, a year ahead into the parts of its distribution and the points.

    Raises CannotAnswer for a cell that is empty.
    """
    row, v = result.row(key), inputs.verdict
    if row[column] is None:
        what = "an observation without bounds" if row["kind"] != SCENARIO else "a curve without an interval"
        raise CannotAnswer(Problem(f"{column} is empty", f"row {key}", "a value", f"This is {what}."))
    unit = str(row["unit"]) if column in NUMBERS else result.units[column]
    if row["kind"] in (FORECAST, SCENARIO):
        step = next(s for s in inputs.steps if (s.period, s.of) == (row["period"], row["of"]))
        parts, said = ahead.opened(inputs.asked.held, v, step)
    else:
        o = inputs.asked.held.observations[str(row["of"])]
        parts = (Part(f"fact:{o.id}", told.observation(o, inputs.asked.held), o.value, None, unit=o.unit),)
        said = f"{told.observation(o, inputs.asked.held)}."
    return Explanation(
        result.ref(row, column),
        float(row[column]),
        unit,
        f"{told.goal(v.target)}. {said}",
        parts[:top],
        0.0,
        (f"fact:{v.target.id}", *dict.fromkeys(p.ref for p in parts)),
        max(len(parts) - top, 0),
    )


def _evidence(inputs: Inputs, result: Result, row: Mapping[str, Any]) -> Evidence:
    """An observation is its own evidence; a year ahead rests on all points."""
    if row["kind"] in (FORECAST, SCENARIO):
        label = f"{row['of']}, {row['period']}"
        return Evidence(label, result.ref(row, "value"), tuple(f"fact:{o}" for o in _points(inputs)))
    o = inputs.asked.held.observations[str(row["of"])]
    return Evidence(told.observation(o, inputs.asked.held), f"fact:{o.id}", (f"fact:{o.id}",))


def _points(inputs: Inputs) -> list[str]:
    return [p.best.of.id for p in inputs.verdict.path]
