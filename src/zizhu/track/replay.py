"""What could be said on an earlier day, against what happened: the method on the register's own targets.

A target is replayed where its outcome has been observed since. Its chance of that day is scored by the squared error
(Brier 1950), beside climatology twice: one who says of each target how often the other scored ones came true (left out
one by one, harsh where they are few), and one who knew the share of all of them beforehand. Targets that were settled
on that day, or whose plan was issued later, are not scored; nor are those that had no chance, or whose outcome is not
observed: they are counted with the reason (`zizhu.track.replayable`). Of few series nothing is said but that they are
few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from zizhu.ledger.models import Record
from zizhu.ledger.result import Evidence, Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.track import draw, judged, opened, replayable, scores, told
from zizhu.track.replayable import LATER, SCORED, SETTLED
from zizhu.track.scores import ERRORS, score
from zizhu.track.verdicts import OUT, Verdict
from zizhu.vocab import periods
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

METHOD = "track.replay"
KEY = ("day", "target")
ALL = "all"
LEFT_OUT = "left_out"
COUNTS = ("scored", "series", "out_of_reach", "out_of_reach_missed")
BOUNDS = ("error_lower", "error_upper", "base_lower", "base_upper")
_COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys((*KEY, "plan", "issued", "promise"), pl.String()),
    **dict.fromkeys(("status", "verdict", "code"), pl.String()),
    "p": pl.Float64(),
    **dict.fromkeys(("points", "assumed"), pl.Int64()),
    **dict.fromkeys(("horizon", "outcome", "observed_period"), pl.String()),
    **dict.fromkeys(("happened", "error", "base", "base_error", "known_error"), pl.Float64()),
    **dict.fromkeys(BOUNDS, pl.Float64()),
    **dict.fromkeys(COUNTS, pl.Int64()),
    "says": pl.String(),
}


class Params(Record):
    """What is asked: the targets of `country` replayed on `days`, against what is known on `as_of` (ISO 8601).

    `later` scores targets of plans issued after a day too. `hindsight` takes a value as known when such values usually
    are, also where the page that carries it appeared later.
    """

    country: str
    days: tuple[str, ...]
    as_of: str
    later: bool = False
    hindsight: bool = False


@dataclass(frozen=True)
class Inputs:
    """The scorecard of today and of every day."""

    params: Params
    now: judged.Inputs
    then: Mapping[str, judged.Inputs]

    @cached_property
    def settled(self) -> tuple[Verdict, ...]:
        """The targets whose outcome has been observed, by id."""
        return tuple(v for v in self.now.counted if v.stage == "fact" and v.p is not None)


def load(workspace: Workspace, params: Params) -> Inputs:
    """The register with the workspace's own folders. Raises ZizhuError with all that is wrong with the question."""
    problems: list[Problem] = []
    read: dict[str, judged.Inputs] = {}
    for name in (params.as_of, *params.days):
        try:
            read[name] = judged.load(workspace, judged.Params(country=params.country, as_of=name))
        except ZizhuError as error:
            problems += error.problems
    problems += [
        Problem(f"{d} is not before {params.as_of}", "days", "earlier days", "Name an earlier day.")
        for d in params.days
        if d >= params.as_of
    ]
    if problems or not params.days:
        raise ZizhuError(problems or Problem("no day", "days", "a day such as 2018-12-31", "Name a day."))
    then = {d: replayable.known_then(read[d], params.hindsight) for d in params.days}
    return Inputs(params, read[params.as_of], then)


def solve(inputs: Inputs) -> Result:
    """One row a day and target, and one a day of all. Raises CannotAnswer where no outcome has been observed."""
    if not inputs.settled:
        raise CannotAnswer(
            Problem(
                f"no outcome of a target of {inputs.params.country} has been observed",
                "register",
                "targets that were met or missed",
                "Choose another country, or a later day of judgement.",
            )
        )
    rows = [r for day in sorted(inputs.then) for r in _day(inputs, day)]
    frame = pl.DataFrame([dict.fromkeys(_COLUMNS) | r for r in rows], schema=_COLUMNS).sort(KEY)
    run = make_run(METHOD, inputs.params, tuple(f"fact:{v.target.id}" for v in inputs.settled), frame, KEY)
    units_of = {
        **dict.fromkeys(("p", "base"), "probability"),
        "happened": "1 met, 0 missed",
        **dict.fromkeys(ERRORS, "squared error"),
        **dict.fromkeys(BOUNDS, "squared error"),
        **dict.fromkeys(COUNTS, "targets"),
        "series": "series",
        **dict.fromkeys(("points", "assumed"), "annual points"),
    }
    return Result(
        frame,
        KEY,
        units_of,
        "each target on its own basis",
        run,
        notes=tuple(_notes(inputs)),
        draw=draw.replayed,
        evidence=lambda result, row: _evidence(inputs, result, row),
        lists={LEFT_OUT: replayable.left_out(inputs.now, frame.filter(pl.col("target") != ALL))},
    )


def _day(inputs: Inputs, day: str) -> list[dict[str, Any]]:
    """The rows of a day: its targets, then all of them."""
    rows = [_row(inputs, day, v) for v in inputs.settled]
    scored = [r for r in rows if r["status"] == SCORED]
    series = [inputs.now.verdicts[r["target"]].measured.indicator for r in scored]
    each, whole = score([r["p"] for r in scored], [r["happened"] for r in scored], series)
    for r, found in zip(scored, each, strict=True):
        r |= found
    out = [r for r in rows if r["status"] == OUT]
    counted = {"out_of_reach": len(out), "out_of_reach_missed": sum(r["happened"] == 0 for r in out)}
    return [*rows, {"day": day, "target": ALL, "status": SCORED, **whole, **counted}]


def _row(inputs: Inputs, day: str, now: Verdict) -> dict[str, Any]:
    t = now.target
    then = inputs.then[day].on(t)
    plan = inputs.now.held.plans.get(t.plan)
    issued = (plan.issued or plan.start) if plan else ""
    return {
        "day": day,
        "target": t.id,
        "plan": t.plan,
        "issued": issued or None,
        "promise": told.listed(t),
        "status": _status(inputs, day, then, issued) if inputs.then[day].stated(t) else LATER,
        "verdict": then.verdict,
        "code": then.code or None,
        "p": then.p,
        "points": len(then.path) or None,
        "assumed": replayable.assumed(inputs.now, then, inputs.params.hindsight) if then.path else None,
        "horizon": then.horizon,
        "outcome": now.verdict,
        "observed_period": now.decisive.of.period if now.decisive else None,
        "happened": now.p,
    }


def _status(inputs: Inputs, day: str, then: Verdict, issued: str) -> str:
    """Whether a target is scored on a day, else why not. A plan that has a year alone was there at its beginning."""
    if issued and periods.parse(issued).start.isoformat() > day and not inputs.params.later:
        return LATER
    if then.stage == "fact":
        return SETTLED
    if then.p is not None:
        return SCORED
    return OUT if then.verdict == OUT else replayable.no_chance(then)


def _notes(inputs: Inputs) -> list[str]:
    nameless = sorted({v.target.plan for v in inputs.settled if not _dated(inputs, v.target.plan)})
    p = inputs.params
    said = [
        "Targets of plans issued after a day are scored too."
        if p.later
        else "Targets of plans issued after a day are left out."
    ]
    if nameless:
        said.append(f"When these were issued is not known, and they are kept: {', '.join(nameless)}.")
    shared = "Targets share series and years: bounds draw series, not targets."
    return [*told.legend(v.target for v in inputs.settled), *said, replayable.note(p.hindsight), shared]


def _dated(inputs: Inputs, plan: str) -> bool:
    of = inputs.now.held.plans.get(plan)
    return of is not None and bool(of.issued or of.start)


def lines(result: Result, days: Sequence[str]) -> pl.DataFrame:
    """The targets of the days, those that were scored first."""
    chosen = result.frame.filter((pl.col("target") != ALL) & pl.col("day").is_in(list(days)))
    rank = pl.col("status") != SCORED
    columns = (
        *KEY,
        "promise",
        "status",
        "verdict",
        "p",
        "points",
        "assumed",
        "horizon",
        "outcome",
        "happened",
        "error",
        "base_error",
    )
    return chosen.sort("day", rank, "status", "target").select(columns)


def summary(result: Result) -> pl.DataFrame:
    """A line a day: how many were scored on how many series, the scores of method and climatology, what they say."""
    whole = result.frame.filter(pl.col("target") == ALL)
    columns = (*KEY, *COUNTS[:2], "p", "happened", *ERRORS, *BOUNDS, *COUNTS[2:], "says")
    empty = {c for c in BOUNDS if whole[c].null_count() == whole.height}
    return whole.select(c for c in columns if c not in empty).sort("day")


def sentence(result: Result) -> str:
    """The scores of every day in words."""
    return " ".join(_said(r) for r in summary(result).iter_rows(named=True))


def _said(row: Mapping[str, Any]) -> str:
    n, out = row["scored"], row["out_of_reach"]
    missed = row["out_of_reach_missed"]
    were = "was" if missed == 1 else "were"
    called = (
        f" Of {out} called out of reach, by their own past pace alone, {missed} {were} missed." if out else ""
    )
    if not n:
        return f"{row['day']}: no target had a chance whose outcome has been observed since.{called}"
    told_of = f"{row['day']}: Brier score {row['error']:.3f} of {n} target{'' if n == 1 else 's'}"
    if row["base_error"] is None:
        return f"{told_of}: {row['says']}.{called}"
    beside = f"climatology {row['base_error']:.3f}, or {row['known_error']:.3f} if it knew the share that came true"
    return f"{told_of}; {beside}: {row['says']}.{called}"


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a score of a day into its targets, a number of a target into the observations behind it.

    Raises CannotAnswer for a cell that is empty.
    """
    row = result.row(key)
    if row[column] is None:
        why = "It was not scored." if row["target"] != ALL else "Nothing was scored."
        raise CannotAnswer(Problem(f"{column} is empty", f"{row['day']}, {row['target']}", "a value", why))
    return (_of_all if row["target"] == ALL else _of_target)(inputs, result, row, column, top)


def _of_all(inputs: Inputs, result: Result, row: Mapping[str, Any], column: str, top: int) -> Explanation:
    rows = result.frame.filter((pl.col("day") == row["day"]) & (pl.col("target") != ALL))
    counting = column in COUNTS
    mine = rows.filter(pl.col("status") == (OUT if column in COUNTS[2:] else SCORED)).sort("target")
    if column == "out_of_reach_missed":
        mine = mine.filter(pl.col("happened") == 0)
    if column in (*BOUNDS, "series"):
        return _by_series(inputs, result, row, column, mine, top)
    value = float(row[column])
    parts = []
    for r in mine.iter_rows(named=True):
        x = 1.0 if counting else r[column] / mine.height
        ref = result.ref(r, "happened" if counting else column)
        parts.append(Part(ref, f"{r['target']}, {r['promise']}", x, x / value if value else None))
    said = f"{row['day']}: targets" if counting else f"{row['day']}: the mean of {mine.height} targets"
    return result.opened(row, column, f"{said}.", tuple(parts[:top]), max(len(parts) - top, 0))


def _by_series(
    inputs: Inputs, result: Result, row: Mapping[str, Any], column: str, mine: pl.DataFrame, top: int
) -> Explanation:
    """The targets with their series, which are counted, or drawn again for the bounds of a score."""
    of = "base_error" if column.startswith("base") else "error"
    parts = tuple(
        Part(
            result.ref(r, of),
            f"{inputs.now.verdicts[r['target']].measured.indicator}: {r['target']}, {r['promise']}",
            r[of],
            None,
            unit="squared error",
        )
        for r in mine.iter_rows(named=True)
    )
    said = "the series of the scored targets" if column == "series" else scores.BOUNDED
    return result.opened(row, column, f"{row['day']}: {said}.", parts[:top], max(len(parts) - top, 0))


def _of_target(inputs: Inputs, result: Result, row: Mapping[str, Any], column: str, top: int) -> Explanation:
    now = inputs.now.verdicts[row["target"]]
    then = inputs.then[row["day"]].on(now.target)
    held = inputs.now.held
    decided = [s.of for s in opened.deciding(now)]
    if column in ("p", "error"):
        decided = [p.best.of for p in reversed(then.path)] or decided
    parts = tuple(
        Part(f"fact:{o.id}", told.observation(o, held), o.value, None, unit=o.unit) for o in decided
    )
    said = {
        "happened": told.verdict(now),
        "error": f"the squared distance of {told.chance(then.p or 0.0)} from what happened",
        "base": "how often the other scored targets of the day came true",
        "base_error": "the squared distance of the share of the other targets from what happened",
        "known_error": "the squared distance of the share of all scored targets from what happened",
    }.get(column, told.verdict(then))
    facts = (f"fact:{now.target.id}", *dict.fromkeys(p.ref for p in parts))
    sentence_of = f"{told.goal(now.target)}: {said}."
    return result.opened(row, column, sentence_of, parts[:top], max(len(parts) - top, 0), facts)


def _evidence(inputs: Inputs, result: Result, row: Mapping[str, Any]) -> Evidence:
    if row["target"] == ALL:
        return Evidence(f"{row['day']}, all", result.ref(row, "scored"), result.run.inputs)
    now = inputs.now.verdicts[row["target"]]
    facts = (f"fact:{now.target.id}", *(f"fact:{s.of.id}" for s in opened.deciding(now)))
    return Evidence(f"{row['day']}, {told.goal(now.target)}", result.ref(row, "happened"), facts)
