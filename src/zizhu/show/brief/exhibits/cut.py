"""g. A cut, both sides: what a sender would lose and what a receiver would have at risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zizhu.ledger import register
from zizhu.ledger.controls import controls
from zizhu.ledger.models import Figure
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Number, Panel, line
from zizhu.show.format import money, percent
from zizhu.stress import what_if
from zizhu.vocab import names, sectors
from zizhu.vocab.countries import REST
from zizhu.vocab.names import the
from zizhu.vocab.problems import CannotAnswer

SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """A control as a cut of an industry's sales: what it is called, and what part of the industry it names."""

    label: str
    sender: str
    receiver: str
    covers: str
    event: str


def _followed(desk: Desk) -> str:
    """What of the sales the table follows, and whether that was assumed."""
    said = "The table follows intermediate inputs to their buyers, not capital goods and final sales."
    if desk.mrio.flags.has_final_by_destination and not desk.mrio.flags.final_is_estimated:
        return f"{said} The share of such inputs in the sales to the receiver's country is measured."
    return (
        f"Assumed: {said[0].lower()}{said[1:]} The share of such inputs in all sales of the sender's industry is taken "
        "to hold for these sales."
    )


def build(desk: Desk) -> Exhibit:
    """The ledger of three cuts, and the ones that are refused because the table sees too little of them."""
    answered: list[tuple[Asked, Answer]] = []
    refused: list[tuple[Asked, Answer]] = []
    for asked in _asked(desk):
        params = what_if.Params(table=desk.table, sender=asked.sender, receiver=asked.receiver)
        try:
            answered.append((asked, desk.ask(what_if.METHOD, params)))
        except CannotAnswer:
            # asked again only to say how little of it the table sees
            insisted = params.model_copy(update={"insist": True})
            refused.append((asked, desk.ask(what_if.METHOD, insisted)))
    answered = answered[:SHOWN]
    return Exhibit(
        "g",
        "A cut, both sides",
        _sentence(desk, answered, refused),
        (
            Panel(
                _figure(desk, answered),
                "If the whole industry's sales of inputs to the receiver stopped, with all tiers: million USD and "
                "share of the country's output. The table below has the direct sales and purchases.",
            ),
        )
        if answered
        else (),
        tuple(g for g in (_grid(desk, answered), _refusals(desk, refused)) if g.rows),
        (
            *(line(n) for n in what_if.EXCLUDED),
            line(
                "The industry is the smallest unit of this table. A control names a part of its industry; what part of "
                "the sales that is, no source of the register says: the numbers are those of the whole industry."
            ),
            line(
                "Output that passes through: the receiver's output times the part of its value that goes through the "
                "cut inputs, directly or further up its supply chain. It measures reach and is no loss."
            ),
            line(_followed(desk)),
        ),
        tuple(register.events()[a.event].source for a, _ in answered if a.event),
    )


def _asked(desk: Desk) -> list[Asked]:
    """Controls of the register that involve the country, then cuts of its largest foreign supplies and sales."""
    mine = {desk.country, *desk.home}
    listed = [
        Asked(c.label, c.sender, c.receiver, c.covers, c.event)
        for c in controls().values()
        if mine & {c.sender.partition(":")[0], c.receiver}
    ]
    known = {(a.sender, a.receiver) for a in listed}
    return listed + [a for a in _largest(desk) if (a.sender, a.receiver) not in known]


def _largest(desk: Desk) -> list[Asked]:
    mrio, own = desk.mrio, desk.mrio.nodes.of(desk.home)
    goods = {s.code for s in sectors.manufacturing()}
    foreign = np.array([c not in (*desk.home, REST) for c in mrio.nodes.whole])
    make = np.array([s in goods for s in mrio.nodes.sector])
    bought = np.where(foreign & make, mrio.Z[:, own].sum(axis=1, dtype=float), 0.0)
    suppliers = [mrio.nodes.label(int(i)) for i in np.argsort(-bought, kind="stable")[:SHOWN]]
    hypothetical = "hypothetical: one of the country's largest foreign supplies of manufactured inputs"
    return [
        Asked(f"no event: a stop of {names.within(names.node(s))}", s, desk.country, hypothetical, "")
        for s in suppliers
    ]


def _sentence(desk: Desk, answered: list[tuple[Asked, Answer]], refused: list[tuple[Asked, Answer]]) -> Line:
    if not answered:
        return line(f"The table sees too little of every cut that involves {the(desk.country)}.")
    asked, answer = max(
        answered, key=lambda pair: (_total(pair[1], what_if.SENDER)["direct"], pair[0].sender)
    )
    lost, risk = _total(answer, what_if.SENDER), _total(answer, what_if.RECEIVER)
    tail = "; controls of which the table sees less than half are refused" if refused else ""
    return line(
        f"If {names.within(names.node(asked.sender))} sold no more inputs to {the(asked.receiver)}, ",
        "the sender would lose sales of ",
        desk.number(answer, lost, "direct", money(desk.usd(lost["direct"]))),
        " (",
        desk.number(answer, _own(answer, asked), "of_output", percent(_own(answer, asked)["of_output"])),
        " of that industry's output), and the receiver would have purchases at risk worth ",
        desk.number(answer, risk, "of_inputs", percent(risk["of_inputs"], 2)),
        " of all its inputs and ",
        desk.number(answer, risk, "of_output", percent(risk["of_output"], 2)),
        f" of its output{tail}.",
    )


def _total(answer: Answer, side: str) -> dict[str, Any]:
    frame = answer.result.frame
    return frame.filter((frame["side"] == side) & (frame["sector"] == "TOTAL")).row(0, named=True)


def _own(answer: Answer, asked: Asked) -> dict[str, Any]:
    sector = asked.sender.partition(":")[2]
    frame = answer.result.frame
    return frame.filter((frame["side"] == what_if.SENDER) & (frame["sector"] == sector)).row(0, named=True)


def _figure(desk: Desk, answered: list[tuple[Asked, Answer]]) -> Figure:
    """The ledgers of all cuts in one figure."""
    figures = [desk.figure(answer.result.figure()) for _, answer in answered]
    return figures[0].model_copy(update={"rows": tuple(row for f in figures for row in f.rows)})


def _grid(desk: Desk, answered: list[tuple[Asked, Answer]]) -> Grid:
    """One column a cut, one row a measure."""
    columns = [_column(desk, asked, answer) for asked, answer in answered]
    return Grid(
        ("", *(names.node(asked.sender) + " to " + the(asked.receiver) for asked, _ in answered)),
        (False,) * (len(answered) + 1),
        tuple((line(measure), *(column[measure] for column in columns)) for measure in (columns or [{}])[0]),
        "Both sides of each cut of a whole industry's sales. Sender's and receiver's numbers are never added.",
    )


def _column(desk: Desk, asked: Asked, answer: Answer) -> dict[str, Line]:
    lost, risk, own = _total(answer, what_if.SENDER), _total(answer, what_if.RECEIVER), _own(answer, asked)
    hit = _most_exposed(answer)

    def money_of(row: dict[str, Any], column: str) -> Number:
        return desk.number(answer, row, column, money(desk.usd(row[column])))

    def share_of(row: dict[str, Any], column: str, digits: int = 1) -> Number:
        return desk.number(answer, row, column, percent(row[column], digits))

    return {
        "Prompted by": line(desk.fact(asked.event, asked.label) if asked.event else asked.label),
        "Of the industry it names": line(asked.covers),
        "Part of these sales that it names": line("not known" if asked.event else "n/a"),
        "Sender: sales lost": line(
            money_of(lost, "direct"), ", ", share_of(own, "of_output"), " of the industry's output"
        ),
        "Sender: output lost, with its suppliers": line(money_of(lost, "all_tiers")),
        "Receiver: purchases at risk": line(
            share_of(risk, "of_inputs", 2),
            " of all its inputs, ",
            share_of(risk, "of_output", 2),
            " of its output",
        ),
        "Receiver: most exposed industry": line(
            f"{names.sector(hit['sector'])}, ", share_of(hit, "of_inputs"), " of its inputs"
        ),
        "Receiver: output that passes through": line(money_of(risk, "all_tiers")),
        "Sender's sales that the table follows": desk.seen(answer)[0],
    }


def _most_exposed(answer: Answer) -> dict[str, Any]:
    frame = answer.result.frame
    away = frame.filter((frame["side"] == what_if.RECEIVER) & (frame["sector"] != "TOTAL"))
    return away.sort("of_inputs", "sector", descending=[True, False], nulls_last=True).row(0, named=True)


def _refusals(desk: Desk, refused: list[tuple[Asked, Answer]]) -> Grid:
    rows = tuple(
        (
            line(asked.label),
            line(f"{names.node(asked.sender)} to {the(asked.receiver)}"),
            line("The table sees ", *desk.seen(answer)[0], " of these sales."),
        )
        for asked, answer in refused
    )
    return Grid(
        ("Refused", "As a cut", "Why"), (False, False, False), rows, "Not answered: below half coverage."
    )
