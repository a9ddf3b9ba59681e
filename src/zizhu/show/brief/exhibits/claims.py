"""h. Who says what: competing assessments side by side, with what each of them counts."""

from __future__ import annotations

from typing import Any

import polars as pl

from zizhu.ledger import register
from zizhu.ledger.models import Assessment
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, line
from zizhu.track import assessed
from zizhu.vocab import units
from zizhu.vocab.names import the
from zizhu.vocab.problems import CannotAnswer

TITLE = "Who says what"


def build(desk: Desk) -> Exhibit:
    """The strip of claims that count successes, and all claims in a table; none is merged or averaged."""
    try:
        answer = desk.ask(assessed.METHOD, assessed.Params(country=desk.country))
    except CannotAnswer:
        return Exhibit(
            "h", TITLE, line(f"The register holds no assessments of a plan of {the(desk.country)}.")
        )
    claims = tuple(register.assessments()[c] for c in answer.result.frame["claim"])
    return Exhibit(
        "h",
        TITLE,
        _sentence(desk, answer),
        (
            Panel(
                desk.figure(answer.result.figure()),
                "Share of goals, sectors, indicators or technologies counted as met, led or in line, by speaker.",
            ),
        ),
        (_grid(desk, claims),),
        (
            line("Claims are never merged: each counts another thing, over another list, at another date."),
            line("Hollow marks and the word low: the page is a repost, or its producer is not certain."),
        ),
        tuple(dict.fromkeys(c.source for c in claims)),
    )


def _sentence(desk: Desk, answer: Answer) -> Line:
    opening = line(
        desk.count(answer, counted=True),
        " assessments stand side by side; ",
        desk.count(answer, quality="low"),
        " of them rest on a weak source and carry no headline",
    )
    sound = [r for r in _counted(answer) if r["quality"] != "low"]
    if len(sound) < 2:
        return (*opening, ".")
    low, high = sound[0], sound[-1]
    return (
        *opening,
        ". Of the others, ",
        f"{low['speaker']} counts ",
        desk.fact(low["claim"], _value(register.assessments()[low["claim"]])),
        f" ({low['indicator']}) and {high['speaker']} ",
        desk.fact(high["claim"], _value(register.assessments()[high["claim"]])),
        f" ({high['indicator']}); they count different things, and the weaker ones below range much wider.",
    )


def _counted(answer: Answer) -> list[dict[str, Any]]:
    """The claims that stand on one axis, lowest first."""
    frame = answer.result.frame.filter(pl.col("share").is_not_null())
    return list(frame.sort("share", "claim").iter_rows(named=True))


def _value(claim: Assessment) -> str:
    return f"{words.comparator(claim.comparator)}{units.quantity(claim.value, claim.unit)}"


def _grid(desk: Desk, claims: tuple[Assessment, ...]) -> Grid:
    rows = tuple(
        (
            line(c.speaker),
            line(words.period(c.date)),
            line(c.subject),
            line(c.indicator),
            line(desk.fact(c.id, _value(c))),
            line(c.verdict),
            line(f"{register.sources()[c.source].producer} ({c.quality})"),
        )
        for c in sorted(claims, key=lambda c: (c.subject.casefold(), c.speaker.casefold(), c.id))
    )
    return Grid(
        (
            "Speaker",
            "Date",
            "Subject",
            "What is counted",
            "Value",
            "Verdict in the speaker's words",
            "Source",
        ),
        (False,) * 7,
        rows,
        "All assessments in the register.",
    )
