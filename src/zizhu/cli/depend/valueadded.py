"""`zizhu depend content`: whose value added is in exports."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import (
    Insist,
    TableName,
    Top,
    TradeName,
)
from zizhu.cli.ready import mrio, mrio_with_final
from zizhu.cli.ready import trade as trade_table

Method = Literal["bm-source", "bm-sink", "kww", "wwz", "tiva", "intermediates", "position"]

Exporters = Annotated[list[str], typer.Option(help="Country or group, by code or name. Repeatable.")]
Importers = Annotated[
    list[str] | None,
    typer.Option(help="Importing country or group; all others together if absent. Repeatable."),
]
ByPartner = Annotated[bool, typer.Option("--by-partner", help="Every importer by itself.")]
BySector = Annotated[bool, typer.Option("--by-sector", help="Every exporting industry by itself.")]
MethodOption = Annotated[
    Method,
    typer.Option(
        help="How to count: Borin-Mancini by source or sink, Koopman-Wang-Wei, Wang-Wei-Zhu, OECD TiVA, "
        "inputs only, or stages of production."
    ),
]
Perspective = Annotated[
    Literal["group", "country", "world"],
    typer.Option(help="A group as one, its members each, or double counting as the world sees it."),
]


@answering
def content(
    ask: Asked,
    exporter: Exporters,
    partner: Importers = None,
    by_partner: ByPartner = False,
    by_sector: BySector = False,
    method: MethodOption = "bm-source",
    perspective: Perspective = "group",
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 30,
) -> None:
    """Domestic and foreign value added in exports, by partner and industry; value-chain participation and position."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import content as verb
    from zizhu.depend.content_notes import INPUTS_ONLY
    from zizhu.depend.draw.valueadded import ranked
    from zizhu.vocab.names import told

    ws = ask.ready()
    flows = (mrio if method in INPUTS_ONLY else mrio_with_final)(ws, table)
    tables = {"table": flows, "trade": trade_table(ws, trade)}
    of = {"exporters": tuple(exporter), "partners": tuple(partner or ()), "insist": insist}
    by = {"by_partner": by_partner, "by_sector": by_sector, "method": method, "perspective": perspective}
    params = verb.Params(**tables, **of, **by)
    with working("Factoring the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    title = f"Content of exports of {', '.join(map(told, dict.fromkeys(params.exporters)))}"
    give(ws, result, [Listing(title, ranked(result), top)], ask.form, "value", inputs)
