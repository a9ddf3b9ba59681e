"""`zizhu depend sufficiency` and `stages`: what a country makes of what it uses, and from import to export."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from zizhu.cli.options import AsJson, CsvFile, Place, PlotFile, Top, TraceRow, TradeName
from zizhu.cli.ready import ready
from zizhu.cli.ready import trade as trade_table
from zizhu.vocab.problems import ZizhuError


def sufficiency(
    reporter: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    production: Annotated[
        list[str],
        typer.Option(
            help="Table of production (`zizhu data map`), one a basis, one of them territorial. Repeatable."
        ),
    ],
    product: Annotated[
        list[str] | None, typer.Option(help="Product code of that table; all if absent. Repeatable.")
    ] = None,
    measure: Annotated[
        Literal["value", "units"], typer.Option(help="value (USD) or units (tonnes).")
    ] = "value",
    trade: TradeName = None,
    top: Top = 20,
    plot: PlotFile = None,
    csv: CsvFile = None,
    trace: TraceRow = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Self-sufficiency, import penetration and net import reliance by product, year and basis; never clamped."""
    from zizhu.cli.output import Form, Listing, give
    from zizhu.depend import sufficiency as verb
    from zizhu.vocab.names import told

    form = Form(as_json, csv, plot, trace)
    ws = ready(place, form)
    params = verb.Params(
        production=tuple(production),
        trade=trade_table(ws, trade),
        reporter=reporter,
        products=tuple(product or ()),
        measure=measure,
    )
    result = verb.solve(verb.load(ws, params))
    order = result.frame.sort("year", "product", "basis", descending=[True, False, False])
    give(
        ws,
        result,
        [Listing(f"Self-sufficiency of {told(params.reporter)}", order, top)],
        form,
        "self_sufficiency",
    )


def stages(
    reporter: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    product: Annotated[
        list[str] | None, typer.Option(help="HS code, or words of its label; all if absent. Repeatable.")
    ] = None,
    trade: TradeName = None,
    top: Top = 20,
    plot: PlotFile = None,
    csv: CsvFile = None,
    trace: TraceRow = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """The stage of each product from import over localisation to export, with the years in it."""
    from zizhu.cli.output import Form, Listing, give, working
    from zizhu.depend import stages as verb
    from zizhu.tables.load import load_trade
    from zizhu.vocab.names import told

    form = Form(as_json, csv, plot, trace)
    ws = ready(place, form)
    named = trade_table(ws, trade)
    with working("Reading the trade table"):
        held = load_trade(ws, named)
        codes, problems = held.find(product or ())
        if problems:
            raise ZizhuError(problems)
        params = verb.Params(trade=named, reporter=reporter, products=tuple(dict.fromkeys(codes)))
        result = verb.solve(verb.Inputs(params, held))
    order = result.frame.filter(year=result.frame["year"].max()).sort("mean_balance", "hs6")
    give(
        ws,
        result,
        [Listing(f"From import to export: {told(params.reporter)}", order, top)],
        form,
        "mean_balance",
    )
