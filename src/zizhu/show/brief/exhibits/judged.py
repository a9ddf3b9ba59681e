"""a. What can be judged: the register's targets by what may be said of them today."""

from __future__ import annotations

import polars as pl

from zizhu.ledger import register
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, line
from zizhu.show.format import listed
from zizhu.track import judged
from zizhu.vocab import units
from zizhu.vocab.names import the
from zizhu.vocab.problems import CannotAnswer

TITLE = "What can be judged"


def build(desk: Desk) -> Exhibit:
    """Counts by reason, and the targets that observed numbers decide."""
    try:
        answer = desk.ask(judged.METHOD, judged.Params(country=desk.country, as_of=desk.as_of))
    except CannotAnswer:
        held = sorted({the(t.country) for t in register.targets().values()})
        said = f"The register holds no plan of {the(desk.country)}. It holds plans of {listed(held)}."
        return Exhibit("a", TITLE, line(said))
    counted = answer.result.frame.filter(pl.col("counted"))
    return Exhibit(
        "a",
        TITLE,
        _sentence(desk, answer),
        (
            Panel(
                desk.figure(answer.result.figure()),
                "Targets by reason; withdrawn targets, restatements and descriptions are left out.",
            ),
        ),
        (_decided(desk, answer, counted),),
        _notes(desk, answer),
        tuple(dict.fromkeys(register.targets()[t].source for t in counted["target"])),
    )


def _sentence(desk: Desk, answer: Answer) -> Line:
    return line(
        "Of ",
        desk.count(answer, counted=True),
        f" targets in the register for {the(desk.country)}, ",
        desk.count(answer, reason="met", sound=True),
        " were met and ",
        desk.count(answer, reason="missed", sound=True),
        " missed by a number that a source of at least medium quality reports, on a promise of at least that "
        "quality; on a weaker source, or on a number derived here from others, stand ",
        desk.count(answer, reason="met", sound=False),
        " more that were met and ",
        desk.count(answer, reason="missed", sound=False),
        " missed. ",
        desk.count(answer, reason="no series"),
        " have no series on their own basis at all.",
    )


def _decided(desk: Desk, answer: Answer, counted: pl.DataFrame) -> Grid:
    chosen = counted.filter(pl.col("reason").is_in(judged.DECIDED)).sort(
        pl.col("quality").replace_strict({"high": 0, "medium": 1, "low": 2}), "reason", "target"
    )
    derived = {o.id for o in register.observations() if o.status == "derived"}
    rows = []
    for r in chosen.iter_rows(named=True):
        target = register.targets()[r["target"]]
        goal = desk.fact(target.id, words.promise(target))
        seen = desk.number(answer, r, "observed", units.quantity(r["observed"], target.unit))
        rows.append(
            (
                line(f"{target.item}: {target.indicator}"),
                line(target.plan),
                line(goal, f" by {words.period(target.deadline)}"),
                line(seen, f" in {words.period(r['observed_period'])}"),
                line(r["reason"]),
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


def _notes(desk: Desk, answer: Answer) -> tuple[Line, ...]:
    return (
        line(
            "Not counted: ",
            desk.count(answer, reason="restatement"),
            " restatements of another target, ",
            desk.count(answer, reason="description"),
            " descriptions of a plan and ",
            desk.count(answer, reason="withdrawn"),
            " withdrawn. In ",
            desk.count(answer, assumed=True),
            " rows the source gives no comparator and ours is assumed.",
        ),
        line(
            "Passed, not observed: the deadline has passed and no number of its period is held. Open, series held: "
            "the deadline lies ahead and six annual points or more are held. Other measure: the series measures "
            "another thing."
        ),
        line("Nothing is projected: a deadline that has not been observed is not judged."),
        *(line(n) for n in answer.result.notes),
    )
