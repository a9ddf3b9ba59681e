"""a. What can be judged: the register's targets by their verdict today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from zizhu.ledger import register
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Target
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Number, Panel, line
from zizhu.show.format import listed
from zizhu.track import judged, told
from zizhu.track.verdicts import FACTS
from zizhu.vocab import units
from zizhu.vocab.names import the
from zizhu.vocab.problems import CannotAnswer

TITLE = "What can be judged"


def build(desk: Desk) -> Exhibit:
    """Counts by verdict, the targets that observed numbers decide, and those with a chance."""
    try:
        answer = desk.ask(judged.METHOD, judged.Params(country=desk.country, as_of=desk.as_of))
    except CannotAnswer:
        held = sorted({the(t.country) for t in _held(desk).targets.values()})
        said = f"The register holds no plan of {the(desk.country)}. It holds plans of {listed(held)}."
        return Exhibit("a", TITLE, line(said))
    counted = answer.result.frame.filter(pl.col("counted"))
    targets = _held(desk).targets
    return Exhibit(
        "a",
        TITLE,
        _sentence(desk, answer),
        (
            Panel(
                desk.figure(answer.result.figure()),
                "Targets by verdict; withdrawn targets, restatements and descriptions are left out.",
            ),
        ),
        (_decided(desk, answer, counted), _chances(desk, answer, counted)),
        _notes(desk, answer),
        tuple(dict.fromkeys(targets[t].source for t in counted["target"])),
    )


def _held(desk: Desk) -> Register:
    """The register with the workspace's own folders, as the verb has it."""
    return register.of(desk.workspace.root)


def _sentence(desk: Desk, answer: Answer) -> Line:
    return line(
        "Of ",
        desk.count(answer, counted=True),
        f" targets in the register for {the(desk.country)}, ",
        *_decided_by(desk, answer, sound=True),
        " by a number that a source of at least medium quality reports, on a promise of at least that quality; on a "
        "weaker source, or on a number derived here from others, ",
        *_decided_by(desk, answer, sound=False),
        ". ",
        desk.count(answer, code="NO_SERIES", counted=True),
        " have no series on their own basis at all.",
    )


def _decided_by(desk: Desk, answer: Answer, sound: bool) -> tuple[Number | str, ...]:
    """How many were met, met early and missed, on sound numbers or on others."""
    met, early, missed = (desk.count(answer, verdict=v, sound=sound, counted=True) for v in FACTS)
    return (met, " were met, ", early, " met early and ", missed, " missed")


def _decided(desk: Desk, answer: Answer, counted: pl.DataFrame) -> Grid:
    chosen = counted.filter((pl.col("stage") == "fact") & pl.col("observed").is_not_null()).sort(
        pl.col("quality").replace_strict({"high": 0, "medium": 1, "low": 2}), "verdict", "target"
    )
    held = _held(desk)
    derived = {o.id for o in held.observations.values() if o.status == "derived"}
    rows = []
    for r in chosen.iter_rows(named=True):
        target = held.targets[r["target"]]
        goal = desk.fact(target.id, words.promise(target))
        rows.append(
            (
                line(f"{target.item}: {target.indicator}"),
                line(target.plan),
                line(goal, *_by(target)),
                line(_observed(desk, answer, r), f" in {words.period(r['observed_period'])}"),
                line(r["verdict"]),
                line(target.quality),
                line(f"{r['quality']}, derived here" if r["observation"] in derived else r["quality"]),
            )
        )
    return Grid(
        ("Target", "Plan", "Promised", "Observed", "Verdict", "Source of the promise", "of the number"),
        (False,) * 7,
        tuple(rows),
        "Targets that observed numbers decide, best sources first.",
    )


def _by(target: Target) -> tuple[str, ...]:
    return (f" by {words.period(target.deadline)}",) if target.deadline else ()


def _observed(desk: Desk, answer: Answer, row: Mapping[str, Any]) -> Number:
    """What was observed, in four digits."""
    return desk.number(answer, row, "observed", _rounded(row["observed"], row["unit"]))


def _rounded(value: float, unit: str) -> str:
    return units.quantity(value if abs(value) >= 1000 else float(f"{value:.4g}"), unit)


def _chances(desk: Desk, answer: Answer, counted: pl.DataFrame) -> Grid:
    chosen = counted.filter(pl.col("median").is_not_null()).sort("p", "target", descending=[True, False])
    held, rows = _held(desk), []
    for r in chosen.iter_rows(named=True):
        target = held.targets[r["target"]]
        ends = [desk.number(answer, r, c, _rounded(r[c], target.unit)) for c in ("lower", "median", "upper")]
        rows.append(
            (
                line(f"{target.item}: {target.indicator}"),
                line(target.plan),
                line(desk.fact(target.id, words.promise(target)), *_by(target)),
                line(r["verdict"]),
                line(desk.number(answer, r, "p", told.chance(r["p"]))),
                line(ends[1], ", ", ends[0], " to ", ends[2]),
                line(r["horizon"]),
            )
        )
    return Grid(
        ("Target", "Plan", "Promised", "Verdict", "Chance", "Median and 80 % interval", "Horizon"),
        (False,) * 7,
        tuple(rows),
        "Targets with a chance: a nowcast where the deadline has passed without an observed value.",
    )


def _notes(desk: Desk, answer: Answer) -> tuple[Line, ...]:
    return (
        line(
            "Not counted: ",
            desk.count(answer, verdict="restatement"),
            " restatements of another target, ",
            desk.count(answer, verdict="description"),
            " descriptions of a plan and ",
            desk.count(answer, verdict="withdrawn"),
            " withdrawn. In ",
            desk.count(answer, assumed=True),
            " rows the source gives no comparator and ours is assumed.",
        ),
        line(
            "Likely is a chance above two thirds, unlikely one below a third. Out of reach: too few points for a "
            "chance, and a pace is needed that is above anything observed. Not trackable: no verdict, and why."
        ),
        *(line(n) for n in answer.result.notes),
    )
