"""`zizhu depend content`: whose value added is in exports."""

from __future__ import annotations

from typing import Annotated, Literal

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

Method = Literal["bm-source", "bm-sink", "kww", "wwz", "tiva", "intermediates", "position"]


def content(
    exporter: Annotated[list[str], typer.Option(help="Country or group, by code or name. Repeatable.")],
    partner: Annotated[
        list[str] | None,
        typer.Option(help="Importing country or group; all others together if absent. Repeatable."),
    ] = None,
    by_partner: Annotated[bool, typer.Option("--by-partner", help="Every importer by itself.")] = False,
    by_sector: Annotated[
        bool, typer.Option("--by-sector", help="Every exporting industry by itself.")
    ] = False,
    method: Annotated[
        Method,
        typer.Option(
            help="How to count: Borin-Mancini by source or sink, Koopman-Wang-Wei, Wang-Wei-Zhu, OECD TiVA, "
            "inputs only, or stages of production."
        ),
    ] = "bm-source",
    perspective: Annotated[
        Literal["group", "country", "world"],
        typer.Option(help="A group as one, its members each, or double counting as the world sees it."),
    ] = "group",
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 30,
    plot: PlotFile = None,
    csv: CsvFile = None,
    trace: TraceRow = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Domestic and foreign value added in exports, by partner and industry; value-chain participation and position."""
    from zizhu.cli.output import Form, Listing, give, working
    from zizhu.depend import content as verb
    from zizhu.depend.draw.valueadded import ranked
    from zizhu.vocab.names import told

    form = Form(as_json, csv, plot, trace)
    ws = ready(place, form)
    params = verb.Params(
        table=mrio(ws, table),
        trade=trade_table(ws, trade),
        exporters=tuple(exporter),
        partners=tuple(partner or ()),
        by_partner=by_partner,
        by_sector=by_sector,
        method=method,
        perspective=perspective,
        insist=insist,
    )
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    title = f"Content of exports of {', '.join(map(told, dict.fromkeys(params.exporters)))}"
    give(ws, result, [Listing(title, ranked(result), top)], form, "value")
