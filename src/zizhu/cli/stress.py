"""`zizhu stress`: what a control, tariff or embargo touches."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import AsJson, FigureFile, Insist, Place, TableName, Top
from zizhu.cli.ready import ready
from zizhu.vocab import groups

PART = "COUNTRY[:SECTOR]"
app = typer.Typer(no_args_is_help=True, help="What breaks under a control, tariff or embargo.")


@app.callback()
def _group() -> None:
    """Keep `stress` a group of commands while it has one."""


@app.command("what-if")
def what_if(
    sender: Annotated[
        str, typer.Option(parser=groups.coded_part, metavar=PART, help="Who stops selling, such as CHN:C24B.")
    ],
    receiver: Annotated[str, typer.Option(parser=groups.coded_part, metavar=PART, help="Who is cut off.")],
    cut: Annotated[float, typer.Option(help="Share of the sales that stops, above 0 and at most 1.")] = 1.0,
    table: TableName = "icio-2022",
    insist: Insist = False,
    top: Top = 30,
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """A cut as a two-sided ledger: the sender's lost sales, the receiver's purchases at risk."""
    from pydantic import ValidationError

    from zizhu.cli.output import give, working
    from zizhu.store.meta import from_validation
    from zizhu.stress import what_if as verb
    from zizhu.vocab.problems import ZizhuError

    ws = ready(place, figure)
    try:
        params = verb.Params(table=table, sender=sender, receiver=receiver, cut=cut, insist=insist)
    except ValidationError as error:
        raise ZizhuError(from_validation(error, "options")) from error
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    title = f"{sender} to {receiver}, cut by {cut:.0%}"
    give(ws, result, verb.by_size(result), title, top, as_json, figure, "direct")
