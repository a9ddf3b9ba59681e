"""`zizhu stress what-if` and `pairs`: what a stop of sales touches, both sides."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import Insist, TableName
from zizhu.cli.ready import mrio


@answering
def what_if(
    ask: Asked,
    sender: Annotated[str, typer.Option(help="Who stops selling: COUNTRY[:SECTOR], such as CHN:C24B.")],
    receiver: Annotated[str, typer.Option(help="Who is cut off: COUNTRY[:SECTOR].")],
    cut: Annotated[float, typer.Option(help="Share of the sales that stops, from 0.000001 to 1.")] = 1.0,
    table: TableName = None,
    insist: Insist = False,
    top: Annotated[int, typer.Option(min=1, help="How many industries of each side to print.")] = 10,
) -> None:
    """A cut as a two-sided ledger: the sender's lost sales, the receiver's purchases at risk."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.stress import what_if as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    params = verb.Params(table=mrio(ws, table), sender=sender, receiver=receiver, cut=cut, insist=insist)
    with working("Factoring the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    totals, sending, receiving = verb.by_size(result)
    sender, receiver = told(params.sender), told(params.receiver)
    listings = (
        Listing(f"Cut of {sender} to {receiver} by {100 * cut:.10g}%: both sides, never added", totals),
        Listing("Sender's side: output no longer called for", sending, top),
        Listing("Receiver's side: purchases at risk and output that passes through them", receiving, top),
    )
    give(ws, result, listings, ask.form, "direct", inputs)


@answering
def pairs(
    ask: Asked,
    sector: Annotated[str, typer.Option(help="Whose sales stop: an industry, MANUF or TOTAL.")] = "TOTAL",
    cut: Annotated[float, typer.Option(help="Share of the sales that stops, above 0 to 1.")] = 1.0,
    table: TableName = None,
    insist: Insist = False,
    top: Annotated[int, typer.Option(min=1, help="How many pairs of each side to print.")] = 10,
) -> None:
    """Every country's stop of sales to every other at once: who is touched most, on both sides."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.stress import pairs as verb

    ws = ask.ready()
    params = verb.Params(table=mrio(ws, table), sector=sector, cut=cut, insist=insist)
    with working("Inverting the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    receivers, senders = (verb.ranked(result.frame, f"{side}_share") for side in ("receiver", "sender"))
    listings = (
        Listing("Receivers: output that passes through the sender's sales", receivers, top),
        Listing("Senders: output no longer called for", senders, top),
    )
    give(ws, result, listings, ask.form, "receiver_share", inputs)
