"""a. What can be judged: the register's targets by what may be said of them today."""

from __future__ import annotations

import polars as pl

from zizhu.ledger import register
from zizhu.ledger.models import Figure
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, line
from zizhu.track import judged
from zizhu.vocab.problems import CannotAnswer

TITLE = "What can be judged"
SHOWN = 12


def build(desk: Desk) -> Exhibit:
    """Counts by reason, and the targets that observed numbers decide."""
    try:
        answer = desk.ask(judged.METHOD, judged.Params(country=desk.country, as_of=desk.as_of))
    except CannotAnswer as error:
        return Exhibit("a", TITLE, line(f"The register holds no plan of {words.country(desk.country)}. "
                                         f"It holds those of {error.problems[0].expected.removeprefix('one of ')}."))
    counted = answer.result.frame.filter(~pl.col("reason").is_in(judged.COUNTED_ONCE))
    by_reason = dict(counted.group_by("reason").len().iter_rows())
    return Exhibit(
        "a",
        TITLE,
        _sentence(desk, counted, by_reason),
        (Panel(_figure(desk, counted, by_reason), "Targets by reason; withdrawn targets, restatements and descriptions are left out."),),
        (_decided(desk, answer, counted),),
        _notes(answer.result.frame),
        tuple(dict.fromkeys(register.targets()[t].source for t in counted["target"])),
    )


def _sentence(desk: Desk, counted: pl.DataFrame, by_reason: dict[str, int]) -> Line:
    sound = counted.filter(pl.col("reason").is_in(judged.DECIDED) & (pl.col("quality") != "low"))
    met = sound.filter(pl.col("reason") == "met").height
    missed = sound.filter(pl.col("reason") == "missed").height
    weak = sum(by_reason.get(r, 0) for r in judged.DECIDED) - sound.height
    blind = by_reason.get("no series", 0) + by_reason.get("other measure", 0)
    return line(
        f"Of {counted.height} targets in the register for {words.country(desk.country)}, {met} were met and {missed} missed "
        f"by numbers that a sound source reports; {weak} more are decided by a weak source only, and "
        f"{blind} have no series on their own basis at all."
    )


def _figure(desk: Desk, counted: pl.DataFrame, by_reason: dict[str, int]) -> Figure:
    rows = tuple(
        {"reason": reason, "targets": by_reason[reason]} for reason in judged.REASONS if by_reason.get(reason)
    )
    return Figure(
        kind="bars",
        title=TITLE,
        sentence=f"{counted.height} targets by reason.",
        unit="targets",
        basis="the target's own indicator",
        rows=rows,
        encoding={"category": "reason", "value": "targets"},
        sources=(),
    )


def _decided(desk: Desk, answer: Answer, counted: pl.DataFrame) -> Grid:
    chosen = counted.filter(pl.col("reason").is_in(judged.DECIDED)).sort(
        pl.col("quality").replace_strict({"high": 0, "medium": 1, "low": 2}), "reason", "target"
    )
    rows = []
    for r in chosen.head(SHOWN).iter_rows(named=True):
        target = register.targets()[r["target"]]
        goal = desk.fact(target.id, f"{words.comparator(target.comparator)}{words.quantity(target.value, target.unit)}")
        seen = desk.number(answer, r, "observed", words.quantity(r["observed"], target.unit))
        rows.append(
            (
                line(f"{target.item}: {target.indicator}"),
                line(target.plan),
                line(goal, f" by {words.period(target.deadline)}"),
                line(seen, f" in {words.period(r['observed_period'])}"),
                line(r["reason"]),
                line(r["quality"]),
            )
        )
    return Grid(
        ("Target", "Plan", "Promised", "Observed", "Verdict", "Source"),
        (False,) * 6,
        tuple(rows),
        f"Targets that observed numbers decide, best sources first ({min(SHOWN, chosen.height)} of {chosen.height}).",
    )


def _notes(frame: pl.DataFrame) -> tuple[Line, ...]:
    aside = frame.filter(pl.col("reason").is_in(judged.COUNTED_ONCE))
    parts = ", ".join(f"{n} {reason}" for reason, n in sorted(aside.group_by("reason").len().iter_rows()))
    assumed = frame.filter(pl.col("assumed")).height
    return (
        line(f"Not counted: {parts}. In {assumed} of {frame.height} rows the source gives no comparator and ours is assumed."),
        line("Nothing is projected: a deadline that has not been observed is not judged."),
    )
