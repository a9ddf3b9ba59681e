"""What could be said on an earlier day, against what happened: the method on the register's own targets.

A target is replayed where its outcome has been observed since. Its chance of that day is scored by the squared error
(Brier 1950), beside climatology twice: one who says of each target how often the other scored ones came true (left out
one by one, harsh where they are few), and one who knew the share of all of them beforehand. Targets that were settled
on that day, or whose plan was issued later, are not scored; nor are those that had no chance: they are listed with the
reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from zizhu.ledger.models import Record
from zizhu.ledger.result import Evidence, Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.track import draw, judged, opened, told
from zizhu.track.verdicts import OUT, Verdict
from zizhu.vocab import periods
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

METHOD = "track.replay"
KEY = ("day", "target")
ALL = "all"
ERRORS = ("error", "base_error", "known_error")
"""Of the chance, of the share of the other targets, and of the share of all of them."""
SCORED, SETTLED, LATER = "scored", "settled then", "plan issued later"
_COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys((*KEY, "plan", "issued", "promise"), pl.String()),
    **dict.fromkeys(("status", "verdict", "code"), pl.String()),
    "p": pl.Float64(),
    **dict.fromkeys(("horizon", "outcome", "observed_period"), pl.String()),
    **dict.fromkeys(("happened", "error", "base", "base_error", "known_error"), pl.Float64()),
    **dict.fromkeys(("scored", "out_of_reach", "out_of_reach_missed"), pl.Int64()),
}


class Params(Record):
    """What is asked: the targets of `country` replayed on `days`, against what is known on `as_of` (ISO 8601).

    `later` scores targets of plans issued after a day too. `hindsight` takes values as known once their period was
    over, whenever the page that carries them appeared: what the register holds, not what stood in the news.
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
    then = {d: undated(read[d]) if params.hindsight else read[d] for d in params.days}
    return Inputs(params, read[params.as_of], then)


def undated(of: judged.Inputs) -> judged.Inputs:
    """The question on a register whose observations do not say when they were published."""
    undated = {i: o.model_copy(update={"published": ""}) for i, o in of.held.observations.items()}
    return judged.Inputs(of.params, replace(of.held, observations=undated))


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
        **dict.fromkeys(("scored", "out_of_reach", "out_of_reach_missed"), "targets"),
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
    )


def _day(inputs: Inputs, day: str) -> list[dict[str, Any]]:
    """The rows of a day: its targets, then all of them."""
    rows = [_row(inputs, day, v) for v in inputs.settled]
    scored = [r for r in rows if r["status"] == SCORED]
    happened = [r["happened"] for r in scored]
    for r, rate in zip(scored, _rates(happened), strict=True):
        r |= {"error": (r["p"] - r["happened"]) ** 2, "known_error": (_mean(happened) - r["happened"]) ** 2}
        if rate is not None:
            r |= {"base": rate, "base_error": (rate - r["happened"]) ** 2}
    out = [r for r in rows if r["status"] == OUT]
    whole = {"day": day, "target": ALL, "status": SCORED, "scored": len(scored), "out_of_reach": len(out)}
    whole |= {"out_of_reach_missed": sum(r["happened"] == 0 for r in out)}
    if scored:
        whole |= {
            name: _mean([r[name] for r in scored]) for name in ("p", "happened", "error", "known_error")
        }
    if len(scored) > 1:
        whole |= {name: _mean([r[name] for r in scored]) for name in ("base", "base_error")}
    return [*rows, whole]


def _rates(happened: Sequence[float]) -> list[float | None]:
    """How often the others came true, for each; None where there are no others."""
    others = len(happened) - 1
    return [(sum(happened) - h) / others if others else None for h in happened]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _row(inputs: Inputs, day: str, now: Verdict) -> dict[str, Any]:
    t = now.target
    then = inputs.then[day].verdicts[t.id]
    plan = inputs.now.held.plans.get(t.plan)
    issued = (plan.issued or plan.start) if plan else ""
    return {
        "day": day,
        "target": t.id,
        "plan": t.plan,
        "issued": issued or None,
        "promise": told.goal(t),
        "status": _status(inputs, day, then, issued),
        "verdict": then.verdict,
        "code": then.code or None,
        "p": then.p,
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
    return OUT if then.verdict == OUT else f"no chance then: {then.code}"


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
    said.append(
        "Values count as known once their period is over, whenever the page that carries them appeared."
        if p.hindsight
        else "A value whose page appeared later does not count, though the number may have been known."
    )
    return [*said, "Few targets, which share series and years: their scores say little of the method."]


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
        "horizon",
        "outcome",
        "happened",
        "error",
        "base_error",
    )
    return chosen.sort("day", rank, "status", "target").select(columns)


def summary(result: Result) -> pl.DataFrame:
    """A line a day: how many were scored, and the scores of the method and of climatology."""
    whole = result.frame.filter(pl.col("target") == ALL)
    columns = (*KEY, "scored", "p", "happened", *ERRORS, "out_of_reach", "out_of_reach_missed")
    return whole.select(columns).sort("day")


def sentence(result: Result) -> str:
    """The scores of every day in words."""
    return " ".join(_said(r) for r in summary(result).iter_rows(named=True))


def _said(row: Mapping[str, Any]) -> str:
    n, out = row["scored"], row["out_of_reach"]
    called = f" Of {out} called out of reach {row['out_of_reach_missed']} were missed." if out else ""
    if not n:
        return f"{row['day']}: no target had a chance whose outcome has been observed since.{called}"
    told_of = f"{row['day']}: Brier score {row['error']:.3f} of {n} target{'' if n == 1 else 's'}"
    if row["base_error"] is None:
        return f"{told_of}.{called}"
    beside = f"climatology {row['base_error']:.3f}, or {row['known_error']:.3f} if it knew the share that came true"
    return f"{told_of}; {beside}.{called}"


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
    del inputs
    rows = result.frame.filter((pl.col("day") == row["day"]) & (pl.col("target") != ALL))
    counting = column in ("scored", "out_of_reach", "out_of_reach_missed")
    status = SCORED if column not in ("out_of_reach", "out_of_reach_missed") else OUT
    mine = rows.filter(pl.col("status") == status).sort("target")
    if column == "out_of_reach_missed":
        mine = mine.filter(pl.col("happened") == 0)
    value = float(row[column])
    parts = []
    for r in mine.iter_rows(named=True):
        x = 1.0 if counting else r[column] / mine.height
        ref = result.ref(r, "happened" if counting else column)
        parts.append(Part(ref, f"{r['target']}, {r['promise']}", x, x / value if value else None))
    said = f"{row['day']}: targets" if counting else f"{row['day']}: the mean of {mine.height} targets"
    return result.opened(row, column, f"{said}.", tuple(parts[:top]), max(len(parts) - top, 0))


def _of_target(inputs: Inputs, result: Result, row: Mapping[str, Any], column: str, top: int) -> Explanation:
    now, then = inputs.now.verdicts[row["target"]], inputs.then[row["day"]].verdicts[row["target"]]
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
