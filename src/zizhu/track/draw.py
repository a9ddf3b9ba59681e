"""The figures of the track verbs, made from their answers alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.track import ahead, settings, told
from zizhu.track.verdicts import CHANCES, FACTS, NOT, OPEN, OUT, Verdict
from zizhu.vocab import periods
from zizhu.vocab.problems import CannotAnswer, Problem

STAGES = {"nowcast": "now", "ahead": "ahead"}
"""How the stages of a chance are called in a figure."""


def _named(conditions: Mapping[str, str]) -> str:
    """A bar in words: `likely, ahead`, `not trackable: no series`."""
    word = conditions["verdict"]
    if word == OUT:
        return told.UNREACHED[conditions["stage"]]
    if "stage" in conditions:
        return f"{word}, {STAGES[conditions['stage']]}"
    return f"{word}: {settings.codes()[conditions['code']].label}" if "code" in conditions else word


def judged(result: Result) -> Figure:
    """Bars of targets by verdict: chances by stage, what is not trackable by reason; without what does not count."""
    counted = result.frame.filter(pl.col("counted"))
    conditions = [{"verdict": word} for word in (*FACTS, *OPEN)]
    conditions += [{"verdict": word, "stage": stage} for stage in STAGES for word in CHANCES]
    conditions += [{"verdict": OUT, "stage": stage} for stage in told.UNREACHED]
    conditions += [{"verdict": NOT, "code": code} for code in settings.codes()]
    found = ((c, counted.filter(**c).height) for c in conditions)
    rows = [
        {"verdict": _named(c), "targets": n, "ref": result.count_ref(**c, counted=True)}
        for c, n in found
        if n
    ]
    return Figure(
        kind="bars",
        title="What can be judged",
        sentence=f"{counted.height} targets by their verdict.",
        unit="targets",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "verdict", "value": "targets", "ref": "ref"},
        sources=(),
    )


def course(result: Result, v: Verdict) -> Figure:
    """The series with its other values, the median and interval ahead, and the target as a line."""
    units_of = result.frame.filter(_VALUES)["unit"].unique().to_list()
    unit = ahead.unit(v) if v.measured.series is not None else (units_of or [v.target.unit])[0]
    drawn = result.frame.filter(_VALUES & (pl.col("unit") == unit)).sort("year", "of")
    hollow = (BESIDE, PART) if "point" in drawn["kind"] else (BESIDE,)
    rows = [_of_course(result, r, hollow) for r in drawn.iter_rows(named=True)]
    rows += [_start(r, rows, v) for r in rows if r["dashed"] and r["year"] - 1 <= v.path[-1].year < r["year"]]
    goal = ahead.goal(v)
    if math.isfinite(goal):
        rows = [r | {"goal": goal} for r in rows]
        rows.append(_due(periods.parse(v.target.deadline)))
    return Figure(
        kind="lines",
        title=f"{v.target.id}: {v.target.item}, {v.target.indicator}",
        sentence=f"{told.goal(v.target)}. {told.verdict(v)[:1].upper()}{told.verdict(v)[1:]}.",
        unit=unit,
        basis=result.basis,
        rows=tuple(rows),
        encoding={
            "x": "year",
            "y": "value",
            "series": "line",
            "lower": "lower",
            "upper": "upper",
            "event": "event",
            "dashed": "dashed",
            "ref": "ref",
            "x_of": "years",
            "beside": "beside",
            "x_title": f"{COUNTED}; {HOLLOW}" if any(r.get("beside") for r in rows) else COUNTED,
            **({"reference": "goal", "reference_label": "target"} if math.isfinite(goal) else {}),
        },
        sources=(),
    )


AHEAD = ("forecast", "scenario")
BESIDE = "other value"
PART = "part of a year"
DRAWN = ("point", PART, "earlier definition", *AHEAD, "nearest series", BESIDE)
COUNTED = "Values of a year stand in its middle, a deadline at its end"
HOLLOW = "hollow: other releases and sources, parts of a year"
_VALUES = pl.col("kind").is_in([*DRAWN]) & pl.col("value").is_not_nan()


def drawable(course: pl.DataFrame) -> bool:
    """Whether a course has a value that can be drawn."""
    return not course.filter(_VALUES).is_empty()


def _due(deadline: periods.Period) -> dict[str, Any]:
    """The deadline at the end of its period."""
    end = deadline.end
    said = f"the end of {end.year}" if (end.month, end.day) == (12, 31) else f"{end:%Y-%m-%d}"
    return {"year": ahead.in_years(end + timedelta(days=1)) - 0.5, "event": f"deadline: {said}"}


def _start(first: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], v: Verdict) -> dict[str, Any]:
    """What is ahead begins at the last point."""
    at = v.path[-1].year
    last = next(r for r in rows if r["year"] == at and not (r["dashed"] or r["beside"]))
    ends = {"lower": last["value"], "upper": last["value"]} if first["lower"] is not None else {}
    return {**first, "year": last["year"], "value": last["value"], **ends, "ref": last["ref"]}


def _of_course(result: Result, row: Mapping[str, Any], hollow: Sequence[str]) -> dict[str, Any]:
    names = {
        PART: PART,
        "forecast": "median and 80 % interval",
        "earlier definition": "earlier definition",
    }
    curves = {
        ahead.LOGISTIC: "S-curve (scenario)",
        ahead.BASS: "Bass curve (scenario)",
        ahead.WRIGHT: "experience curve (scenario)",
    }
    aside = row["kind"] in hollow
    line = row["series"] if aside else curves.get(row["of"]) or names.get(row["kind"], row["series"])
    year = row["year"]
    if year % 1:  # of a part of a year, or steps from the end of the last one
        year += 0.5 if row["kind"] in AHEAD else -0.5
    return {
        **{name: row[name] for name in ("value", "lower", "upper")},
        "year": year,
        "line": line,
        "dashed": row["kind"] in AHEAD,
        "beside": _beside(row) if aside else "",
        "ref": result.ref(row, "value"),
    }


def _beside(row: Mapping[str, Any]) -> str:
    """What a point off the curve is: another release or source of a year, or a part of a year."""
    first, second = ("publisher", "vintage") if row["kind"] == BESIDE else ("period", "publisher")
    return f"{row[first]}, {row[second]}"


def portfolio(result: Result) -> Figure:
    """The expected number met of every plan that has a fact or a chance, with what it may be."""
    plans = result.frame.filter((pl.col("by") == "plan") & pl.col("expected_met").is_not_null())
    rows = [
        {
            "plan": f"{r['group']} ({judged_of(r)} of {r['targets']})",
            "met": r["expected_met"],
            "low": r["low"],
            "high": r["high"],
            "ref": result.ref(r, "expected_met"),
        }
        for r in plans.sort("expected_met", "group", descending=[True, False]).iter_rows(named=True)
    ]
    return Figure(
        kind="bars",
        title="How many targets are met, or may be",
        sentence="Facts and the sum of the chances by plan. In brackets how many of its targets were observed or have "
        "a chance: nothing is said of the others.",
        unit="targets",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "plan", "value": "met", "lower": "low", "upper": "high", "ref": "ref"},
        sources=(),
    )


def judged_of(group: Mapping[str, Any]) -> int:
    """How many targets of a group were observed or have a chance."""
    return sum(group[word.replace(" ", "_")] for word in (*FACTS, *CHANCES))


def replayed(result: Result) -> Figure:
    """A bar a day for the method and one for climatology."""
    rows = [
        {"day": f"{r['day']} ({r['scored']})", "of": of, "score": r[column], "ref": result.ref(r, column)}
        for r in result.frame.filter((pl.col("target") == "all") & pl.col("error").is_not_null()).iter_rows(
            named=True
        )
        for of, column in (("chances of the day", "error"), ("climatology", "base_error"))
        if r[column] is not None
    ]
    if not rows:
        remedy = "Ask without a drawing, for other days, or with --hindsight or --later-plans."
        raise CannotAnswer(Problem("nothing to draw", "days", "a day with a chance that came out", remedy))
    return Figure(
        kind="bars",
        title="Chances of earlier days against what happened",
        sentence="Mean squared error of the chances, beside the day the number of targets; lower is better.",
        unit="squared error",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "day", "group": "of", "value": "score", "ref": "ref"},
        sources=(),
    )


def assessed(result: Result) -> Figure:
    """A strip of the claims that count successes out of a stated list, each with its speaker."""
    rows = [
        {
            "speaker": f"{r['speaker']}: {r['indicator']}",
            "share": r["share"],
            "quality": r["quality"],
            "ref": result.ref(r, "share"),
        }
        for r in result.frame.filter(pl.col("share").is_not_null())
        .sort("share", "claim")
        .iter_rows(named=True)
    ]
    return Figure(
        kind="strip",
        title="Who says what",
        sentence="Counts of successes by speaker, as a share of the list that each speaker used.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"speaker": "speaker", "value": "share", "quality": "quality", "ref": "ref"},
        sources=(),
    )
