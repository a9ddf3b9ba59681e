"""a. What can be judged: the register's targets by their verdict today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from zizhu.ledger import register
from zizhu.ledger.folders import Register
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Number, Panel, joined, line
from zizhu.show.format import listed
from zizhu.track import judged, settings, told
from zizhu.track.verdicts import CHANCES, FACTS, NOT, OPEN, OUT
from zizhu.vocab.names import the
from zizhu.vocab.problems import CannotAnswer

TITLE = "What can be judged"
UNTESTED = {"beyond tested horizon": "†"}
"""What a horizon says that was not held against what came true, and its sign."""


def build(desk: Desk) -> Exhibit:
    """Counts by verdict, and what facts and chances rest on, a line a verdict."""
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
        _sentence(desk, answer, counted),
        (
            Panel(
                desk.figure(answer.result.figure()),
                "Targets by verdict: observed; likely to unlikely now, where the deadline has passed without an "
                "observed value, and ahead; not trackable by reason.",
            ),
        ),
        (_scorecard(desk, answer, counted),),
        _notes(desk, answer),
        tuple(dict.fromkeys(targets[t].source for t in counted["target"])),
    )


def _held(desk: Desk) -> Register:
    """The register with the workspace's own folders, as the verb has it."""
    return register.of(desk.workspace.root)


def _sentence(desk: Desk, answer: Answer, counted: pl.DataFrame) -> Line:
    """Facts, nowcasts and chances apart, then what is out of reach and what cannot be tracked."""
    return line(
        "Of ",
        desk.count(answer, counted=True),
        f" targets in the register for {the(desk.country)}, ",
        *_decided_by(desk, answer, sound=True),
        " by a number that a source of at least medium quality reports, on a promise of at least that quality; on a "
        "weaker source, or on a number derived here from others, ",
        *_decided_by(desk, answer, sound=False),
        ". ",
        *_chances(desk, answer, counted, "fact", "Where values do not decide, ", OPEN),
        *_chances(
            desk, answer, counted, "nowcast", "Where the deadline has passed and no value of it is held, "
        ),
        *_chances(desk, answer, counted, "ahead", "Of those ahead with enough points for a chance, "),
        *_rest(desk, answer, counted),
    )


def _decided_by(desk: Desk, answer: Answer, sound: bool) -> tuple[Number | str, ...]:
    """How many were met, met early and missed, on sound numbers or on others."""
    met, early, missed = (desk.count(answer, verdict=v, sound=sound, counted=True) for v in FACTS)
    return (
        met,
        " was met, " if met.text == "1" else " were met, ",
        early,
        " met early and ",
        missed,
        " missed",
    )


def _chances(
    desk: Desk,
    answer: Answer,
    counted: pl.DataFrame,
    stage: str,
    lead: str,
    words: tuple[str, ...] = (*CHANCES, *OPEN),
) -> Line:
    """How many of a stage have which word, likely to open; nothing where none has one of them."""
    held = set(counted.filter(stage=stage)["verdict"])
    found = [
        line(desk.count(answer, verdict=word, stage=stage, counted=True), f" {word}")
        for word in words
        if word in held
    ]
    return line(lead, *joined(found), ". ") if found else ()


def _rest(desk: Desk, answer: Answer, counted: pl.DataFrame) -> Line:
    """How many are out of reach, and how many cannot be tracked for which reason."""
    lost = counted.filter(verdict=NOT)
    by_code = dict(lost.group_by("code").len().iter_rows())
    ordered = sorted((c for c in settings.codes() if c in by_code), key=lambda c: -by_code[c])
    why = [
        line(desk.count(answer, verdict=NOT, code=c, counted=True), f" {settings.codes()[c].label}")
        for c in ordered
    ]
    unreached = [
        line(desk.count(answer, verdict=OUT, stage=stage, counted=True), f" {word}; ")
        for stage, word in told.UNREACHED.items()
        if counted.filter(verdict=OUT, stage=stage).height
    ]
    out = line(*(piece for one in unreached for piece in one))
    reasons = line(" (", *joined(why), ")") if why else ()
    return line(*out, desk.count(answer, verdict=NOT, counted=True), " cannot be tracked", *reasons, ".")


def _scorecard(desk: Desk, answer: Answer, counted: pl.DataFrame) -> Grid:
    """A row a verdict with its targets: what was promised, and what was observed or may come."""
    rows = []
    verdicts = [(word, {"verdict": word}) for word in (*FACTS, *OPEN, *CHANCES)]
    verdicts += [(word, {"verdict": OUT, "stage": stage}) for stage, word in told.UNREACHED.items()]
    for word, conditions in verdicts:
        chosen = counted.filter(**conditions).sort(~pl.col("sound"), -pl.col("p").fill_null(0.0), "target")
        if chosen.height:
            those = [_target(desk, answer, r) for r in chosen.iter_rows(named=True)]
            rows.append((line(word), _one_after_another(those)))
    return Grid(
        ("Verdict", "Promised, and observed or expected"),
        (False, False),
        tuple(rows),
        "In brackets: the number, half of the points of the series or more, or the promise is from a weak source, or "
        "derived here from others. Chances with the "
        "median and the 80 % interval at the deadline; not tested: † beyond five years.",
    )


def _one_after_another(those: list[Line]) -> Line:
    return line(*(piece for one in those for piece in (*one, "; ")))[:-1]


def _target(desk: Desk, answer: Answer, row: Mapping[str, Any]) -> Line:
    """A target in a line: item and plan, the promise, the value or the chance."""
    target = _held(desk).targets[row["target"]]
    promise = desk.fact(target.id, words.promise(target))
    by = f" by {words.period(target.deadline)}" if target.deadline else ""
    head = line(f"{target.item} ({target.plan}), {target.indicator} ", promise, by, ": ")
    if row["median"] is not None:
        ends = [
            desk.number(answer, row, c, told.rounded(row[c], target.unit))
            for c in ("median", "lower", "upper")
        ]
        p = desk.number(answer, row, "p", told.chance(row["p"]))
        said = line(p, ", ", ends[0], ", ", ends[1], " to ", ends[2], _caution(row))
        return line(*head, *said) if row["sound"] else line(*head, "(", *said, ")")
    if row["observed"] is None:
        return head[:-1]
    seen = desk.number(answer, row, "observed", told.rounded(row["observed"], row["unit"]))
    when = f" in {words.period(row['observed_period'])}"
    return line(*head, seen, when) if row["sound"] else line(*head, "(", seen, when, ")")


def _caution(row: Mapping[str, Any]) -> str:
    """The signs of what was not tested of a chance."""
    return "".join(sign for said, sign in UNTESTED.items() if said in row["horizon"])


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
            "Likely is a chance above two thirds, unlikely one below a third. Out of reach has too few points for a "
            "chance; when last seen: the deadline has passed since, and no value of it is held. Not trackable: no "
            "verdict, and why."
        ),
        *(line(n) for n in answer.result.notes if not n.startswith(told.ASSUMED)),
    )
