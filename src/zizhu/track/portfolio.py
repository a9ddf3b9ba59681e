"""Many targets at once: how many stand where, how many may be met, what decides each, and what would change it most.

A row is a group of targets (all, a plan, a sector, a series, a verdict) or one target. The expected number met is the
facts and the sum of the chances. Targets are not independent: those of one series rise and fall together, so their
number is spread as if one draw moved all of them, and series are drawn apart (`low`, `high`); the widest spread
(`lowest`, `highest`) is that of one draw for everything. Targets without a chance are in neither and may be any number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from zizhu.ledger.models import Record
from zizhu.ledger.result import Evidence, Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.track import draw, judged, opened, sums, told, worths
from zizhu.track.verdicts import CHANCES, FACTS, NOT, OPEN, OUT, Verdict
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

METHOD = "track.portfolio"
KEY = ("by", "group")
ALL, TARGET = "all", "target"
GROUPS = ("plan", "sector", "series", "verdict")
DEPENDENT = (
    "Targets hang together: a year that is good for one is good for others. low and high take those of one series to "
    "move together and series apart; lowest and highest take everything to move together. Both cut off a tenth on "
    "either side. Targets without a chance are in neither."
)
WORTH = (
    "worth is by how much one more observation is expected to lower the squared error of a chance: p (1 - p) where it "
    "settles the target, else what the next annual value takes off it on average. A target whose deadline has passed "
    "and that has no chance counts as one half."
)
COUNTS = ("targets", *(w.replace(" ", "_") for w in (*FACTS, "open", *CHANCES, OUT, NOT)))
_EXPECTED = ("expected_met", "low", "high", "lowest", "highest")
_COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys(KEY, pl.String()),
    **dict.fromkeys(COUNTS, pl.Int64()),
    **dict.fromkeys(_EXPECTED, pl.Float64()),
    **dict.fromkeys(("verdict", "code", "decided_by", "datum"), pl.String()),
    **dict.fromkeys(("p", "worth"), pl.Float64()),
    **dict.fromkeys(("was", "was_code"), pl.String()),
    "was_p": pl.Float64(),
    "new": pl.String(),
}


class Params(Record):
    """What is asked: the targets of `country`, or of a `plan` of it with its parts, on the day `as_of` (ISO 8601).

    `since` is an earlier day that verdicts are compared with; without it each is compared with what would be said
    without the newest observations of its series.
    """

    country: str
    as_of: str
    plan: str = ""
    since: str = ""


@dataclass(frozen=True)
class Inputs:
    """The scorecard of the day, and that of the earlier day where one is named."""

    params: Params
    now: judged.Inputs
    before: judged.Inputs | None = None

    @cached_property
    def groups(self) -> Mapping[tuple[str, str], list[Verdict]]:
        """The targets that count, by plan, sector, series and verdict, and all of them."""
        return groups(self.now.counted)

    @cached_property
    def earlier(self) -> Mapping[str, worths.Earlier]:
        """What was said before, and which observations are new since."""
        if self.before is None:
            return worths.without_newest(self.now)
        return worths.on_the_day(self.before, self.now)


def load(workspace: Workspace, params: Params) -> Inputs:
    """The register with the workspace's own folders. Raises ZizhuError with all that is wrong with the question."""
    asked = {"country": params.country, "plan": params.plan}
    now = judged.load(workspace, judged.Params(**asked, as_of=params.as_of))
    if not params.since:
        return Inputs(params, now)
    before = judged.load(workspace, judged.Params(**asked, as_of=params.since))
    if before.as_of >= now.as_of:
        what, remedy = f"{params.since} is not before {params.as_of}", "Name an earlier day to compare with."
        raise ZizhuError(Problem(what, "since", f"a day before {params.as_of}", remedy))
    return Inputs(params, now, before)


def solve(inputs: Inputs) -> Result:
    """One row a group and one a target. Raises CannotAnswer when the register holds no such target."""
    if not inputs.now.counted:
        raise CannotAnswer(judged.none(inputs.now))
    rows = [*(_group(by, name, those) for (by, name), those in inputs.groups.items()), *_targets(inputs)]
    frame = pl.DataFrame([dict.fromkeys(_COLUMNS) | r for r in rows], schema=_COLUMNS).sort(KEY)
    facts = tuple(f"fact:{v.target.id}" for v in inputs.now.counted)
    run = make_run(METHOD, inputs.params, facts, frame, KEY)
    units_of = {
        **dict.fromkeys((*COUNTS, *_EXPECTED), "targets"),
        **dict.fromkeys(("p", "was_p"), "probability"),
        "worth": "squared error",
    }
    return Result(
        frame,
        KEY,
        units_of,
        "each target on its own basis",
        run,
        notes=(DEPENDENT, WORTH),
        draw=draw.portfolio,
        evidence=lambda result, row: _evidence(inputs, result, row),
    )


def groups(verdicts: tuple[Verdict, ...]) -> dict[tuple[str, str], list[Verdict]]:
    """The targets by plan, sector, series and verdict, and all of them."""
    found: dict[tuple[str, str], list[Verdict]] = {(ALL, ALL): list(verdicts)}
    for by in GROUPS:
        for v in verdicts:
            found.setdefault((by, _named(v, by)), []).append(v)
    return found


def _named(v: Verdict, by: str) -> str:
    if by == "series":
        return v.measured.indicator or "none"
    return v.verdict if by == "verdict" else str(getattr(v.target, by))


def _kind(v: Verdict) -> str:
    """The column that counts a verdict."""
    return "open" if v.verdict in OPEN else v.verdict.replace(" ", "_")


def _group(by: str, name: str, those: list[Verdict]) -> dict[str, Any]:
    counts = dict.fromkeys(COUNTS, 0) | {"targets": len(those)}
    for v in those:
        counts[_kind(v)] += 1
    known = [v for v in those if v.p is not None]
    if not known:
        return {"by": by, "group": name, **counts}
    spread = sums.met([v.p or 0.0 for v in known], [v.measured.indicator for v in known])
    return {"by": by, "group": name, **counts, **spread._asdict()}


def _targets(inputs: Inputs) -> Iterator[dict[str, Any]]:
    data = worths.data(inputs.now.counted, inputs.now.held)
    for v in inputs.now.counted:
        datum, was = data[v.target.id], inputs.earlier.get(v.target.id)
        yield {
            "by": TARGET,
            "group": v.target.id,
            "verdict": v.verdict,
            "code": v.code or None,
            "p": v.p,
            "decided_by": datum.decided_by,
            "datum": datum.wanted or None,
            "worth": datum.worth,
            **(was.row(v) if was else {}),
        }


def gathered(result: Result, by: str) -> pl.DataFrame:
    """All targets and the groups of a kind, the largest first, without columns that are empty."""
    chosen = result.frame.filter(pl.col("by").is_in([ALL, by]))
    ordered = chosen.sort("targets", "group", descending=[True, False])
    filled = [c for c in (*COUNTS, *_EXPECTED) if ordered[c].sum()]
    return ordered.select(*KEY, *filled)


def wanted(result: Result) -> pl.DataFrame:
    """The targets whose verdict one observation would change most."""
    columns = ("by", "group", "verdict", "p", "decided_by", "datum", "worth")
    chosen = result.frame.filter((pl.col("by") == TARGET) & (pl.col("worth") > 0))
    return chosen.select(columns).sort("worth", "group", descending=[True, False])


def changed(result: Result) -> pl.DataFrame:
    """The targets of which something else was said before."""
    columns = ("by", "group", "was", "was_code", "was_p", "verdict", "code", "p", "new")
    return result.frame.filter((pl.col("by") == TARGET) & pl.col("was").is_not_null()).select(columns)


def sentence(result: Result) -> str:
    """The number that may be met, in words."""
    row = result.row(f"{ALL}|{ALL}")
    known = draw.judged_of(row)
    if not known:
        if row["targets"] == 1:
            return "1 target, which has neither been observed nor a chance."
        return f"{row['targets']} targets, none of which has been observed or has a chance."
    return (
        f"{row['targets']} targets; of the {known} that were observed or have a chance {row['expected_met']:.1f} are "
        f"expected to be met: {row['low']:.0f} to {row['high']:.0f} where targets of one series move together, "
        f"{row['lowest']:.0f} to {row['highest']:.0f} where all do. The other {row['targets'] - known} have no chance "
        f"that could be told{_out(row['out_of_reach'])}."
    )


def _out(targets: int) -> str:
    """How many of the targets without a chance are out of reach."""
    said = "is out of reach: it needs" if targets == 1 else "are out of reach: they need"
    return (
        f"; {targets} of them {said} a faster pace than was ever seen in the same series" if targets else ""
    )


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a count or an expected number into its targets, a number of a target into what decides it.

    Raises CannotAnswer for a cell that is empty.
    """
    row = result.row(key)
    if row[column] is None:
        where = f"{row['by']} {row['group']}"
        raise CannotAnswer(
            Problem(f"{column} is empty", where, "a value", "Nothing of the kind can be said here.")
        )
    if row["by"] == TARGET:
        return _of_target(inputs, result, row, column, top)
    those = inputs.groups[row["by"], row["group"]]
    if column in COUNTS:
        chosen = [(v, 1.0) for v in those if column in ("targets", _kind(v))]
    else:
        chosen = [(v, v.p) for v in those if v.p is not None]
    summed = column in COUNTS or column == "expected_met"
    value = float(row[column])
    parts = tuple(
        Part(
            f"fact:{v.target.id}",
            f"{v.target.id}, {told.goal(v.target)}: {told.verdict(v)}",
            x,
            x / value if summed and value else None,
            unit="" if summed else "probability",
        )
        for v, x in chosen
    )
    said = {
        "expected_met": "What was met, and the chances of the others.",
        "low": "A tenth of what may come has fewer met, where targets of one series move together.",
        "high": "A tenth of what may come has more met, where targets of one series move together.",
        "lowest": "A tenth of what may come has fewer met, where all targets move together.",
        "highest": "A tenth of what may come has more met, where all targets move together.",
    }.get(column, f"Targets: {column.replace('_', ' ')}.")
    shown = parts[:top]
    return result.opened(row, column, f"{row['by']} {row['group']}. {said}", shown, len(parts) - len(shown))


def _of_target(inputs: Inputs, result: Result, row: Mapping[str, Any], column: str, top: int) -> Explanation:
    v = inputs.now.verdicts[row["group"]]
    was = inputs.earlier.get(v.target.id)
    told_of = was.verdict if was is not None and column == "was_p" else v
    parts = tuple(
        Part(
            f"fact:{s.of.id}",
            told.observation(s.of, inputs.now.held, v.target.unit),
            s.told,
            None,
            unit=v.target.unit,
        )
        for s in opened.deciding(told_of)
    ) or (Part(f"fact:{v.target.id}", told.goal(v.target), v.target.value, None, unit=v.target.unit),)
    said = f"{row['decided_by']}. Wanted: {row['datum']}" if column == "worth" else told.verdict(told_of)
    shown = parts[:top]
    facts = (f"fact:{v.target.id}", *(p.ref for p in parts))
    sentence = f"{told.goal(v.target)}: {said}."
    return result.opened(row, column, sentence, shown, len(parts) - len(shown), tuple(dict.fromkeys(facts)))


def _evidence(inputs: Inputs, result: Result, row: Mapping[str, Any]) -> Evidence:
    if row["by"] == TARGET:
        v = inputs.now.verdicts[row["group"]]
        facts = (f"fact:{v.target.id}", *(f"fact:{s.of.id}" for s in opened.deciding(v)))
        return Evidence(f"{v.target.id}, {told.goal(v.target)}", f"fact:{v.target.id}", facts)
    those = inputs.groups[row["by"], row["group"]]
    facts = tuple(f"fact:{v.target.id}" for v in those)
    return Evidence(f"{row['by']} {row['group']}", result.ref(row, "targets"), facts)
