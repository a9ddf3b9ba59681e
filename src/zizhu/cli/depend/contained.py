"""`zizhu depend exposure` and `domestic`: what goods contain."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import (
    AsJson,
    CsvFile,
    Insist,
    Place,
    PlotFile,
    TableName,
    Top,
    TraceRow,
    TradeName,
)
from zizhu.cli.ready import mrio, ready
from zizhu.cli.ready import trade as trade_table


def exposure(
    buyer: Annotated[
        list[str], typer.Option(help="COUNTRY[:SECTOR]: USA:C26, EU27:MANUF, 中国. Repeatable.")
    ],
    source: Annotated[
        list[str] | None, typer.Option(help="Country or group, by code or name; all if absent. Repeatable.")
    ] = None,
    table: TableName = None,
    trade: TradeName = None,
    gross: Annotated[
        bool, typer.Option("--gross", help="Add gross look-through (counts trade repeatedly).")
    ] = False,
    insist: Insist = False,
    top: Top = 20,
    plot: PlotFile = None,
    csv: CsvFile = None,
    trace: TraceRow = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Value-added content of sources in a buyer against face value, per unit of output."""
    from zizhu.cli.output import Form, Listing, give, working
    from zizhu.depend import exposure as verb
    from zizhu.vocab.names import told

    form = Form(as_json, csv, plot, trace)
    ws = ready(place, form)
    params = verb.Params(
        table=mrio(ws, table),
        trade=trade_table(ws, trade),
        buyers=tuple(buyer),
        sources=tuple(source or ()),
        gross=gross,
        insist=insist,
    )
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    order = result.frame.sort("value_added_content", "source", descending=[True, False])
    title = f"Exposure of {', '.join(map(told, dict.fromkeys(params.buyers)))}"
    give(ws, result, [Listing(title, order, top)], form, "value_added_content")


def domestic(
    country: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 50,
    plot: PlotFile = None,
    csv: CsvFile = None,
    trace: TraceRow = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Domestic value-added content of every industry: an upper bound on a table without rest of the world."""
    from zizhu.cli.output import Form, Listing, give, working
    from zizhu.depend import domestic as verb
    from zizhu.vocab.names import told

    form = Form(as_json, csv, plot, trace)
    ws = ready(place, form)
    params = verb.Params(table=mrio(ws, table), trade=trade_table(ws, trade), country=country, insist=insist)
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    order = result.frame.sort("value_added_content", "sector")
    listing = Listing(f"Domestic content of {told(params.country)}", order, top)
    give(ws, result, [listing], form, "value_added_content")
