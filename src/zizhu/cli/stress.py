"""`zizhu stress`: what a control, tariff or embargo touches."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import AsJson, FigureFile, Insist, Place, TableName, Top
from zizhu.cli.ready import ready

app = typer.Typer(no_args_is_help=True, help="What breaks under a control, tariff or embargo.")


@app.callback()
def _group() -> None:
    """Keep `stress` a group of commands while it has one."""


@app.command("what-if")
def what_if(
    sender: Annotated[str, typer.Option(help="Who stops selling: COUNTRY[:SECTOR], such as CHN:C24B.")],
    receiver: Annotated[str, typer.Option(help="Who is cut off: COUNTRY[:SECTOR].")],
    cut: Annotated[float, typer.Option(help="Share of the sales that stops, above 0 and at most 1.")] = 1.0,
    table: TableName = "icio-2022",
    insist: Insist = False,
    top: Top = 30,
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """A cut as a two-sided ledger: the sender's lost sales, the receiver's purchases at risk."""
    from zizhu.cli.output import give, working
    from zizhu.stress import what_if as verb

    ws = ready(place, figure)
    params = verb.Params(table=table, sender=sender, receiver=receiver, cut=cut, insist=insist)
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    title = f"{params.sender} to {params.receiver}, cut by {cut:.0%}"
    give(ws, result, verb.by_size(result), title, top, as_json, figure, "direct")
