"""`zizhu depend sufficiency` and `stages`: what a country makes of what it uses, and from import to export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import Top, TradeName
from zizhu.cli.ready import trade as trade_table

if TYPE_CHECKING:
    import polars as pl


@answering
def sufficiency(
    ask: Asked,
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
) -> None:
    """Self-sufficiency, import penetration and net import reliance by product, year and basis; never clamped."""
    from zizhu.cli.output import Listing, give
    from zizhu.depend import sufficiency as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    params = verb.Params(
        production=tuple(production),
        trade=trade_table(ws, trade),
        reporter=reporter,
        products=tuple(product or ()),
        measure=measure,
    )
    inputs = verb.load(ws, params)
    result = verb.solve(inputs)
    order = result.frame.sort("year", "product", "basis", descending=[True, False, False])
    shown = Listing(f"Self-sufficiency of {told(params.reporter)}", order, top, _filled(order))
    give(ws, result, [shown], ask.form, "self_sufficiency", inputs)


@answering
def stages(
    ask: Asked,
    reporter: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    product: Annotated[
        list[str] | None, typer.Option(help="HS code, or words of its label; all if absent. Repeatable.")
    ] = None,
    trade: TradeName = None,
    top: Top = 20,
) -> None:
    """The stage of each product from import over localisation to export, with the years in it."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import stages as verb
    from zizhu.tables.load import load_trade
    from zizhu.vocab.names import told

    ws = ask.ready()
    named = trade_table(ws, trade)
    with working("Reading the trade table"):
        held = load_trade(ws, named)
        params = verb.Params(trade=named, reporter=reporter, products=held.chosen(product or ()))
        inputs = verb.Inputs(params, held)
        result = verb.solve(inputs)
    order = result.frame.filter(year=result.frame["year"].max()).sort("mean_balance", "hs6")
    give(
        ws,
        result,
        [Listing(f"From import to export: {told(params.reporter)}", order, top, _filled(order))],
        ask.form,
        "mean_balance",
        inputs,
    )


@answering
def risk(
    ask: Asked,
    importer: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    production: Annotated[
        str, typer.Option(help="Table of world production by country in tonnes (`zizhu data map`).")
    ],
    product: Annotated[
        list[str] | None, typer.Option(help="Product code of that table; all if absent. Repeatable.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year; the last of that table if absent.")] = None,
    trade: TradeName = None,
    top: Top = 20,
) -> None:
    """Geopolitical supply risk of raw materials (GeoPolRisk): concentrated production, risky suppliers."""
    from zizhu.cli.output import Listing, give
    from zizhu.depend import risk as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    params = verb.Params(
        production=production,
        trade=trade_table(ws, trade),
        importer=importer,
        products=tuple(product or ()),
        year=year,
    )
    inputs = verb.load(ws, params)
    result = verb.solve(inputs)
    order = result.frame.sort("score", "hs6", descending=[True, False])
    give(
        ws,
        result,
        [Listing(f"Supply risk of {told(params.importer)}", order, top)],
        ask.form,
        "score",
        inputs,
    )


def _filled(frame: pl.DataFrame) -> tuple[str, ...]:
    """The columns without those of text that say nothing in any row."""
    import polars as pl

    texts = frame.select(pl.col(pl.String)).columns
    return tuple(c for c in frame.columns if c not in texts or set(frame[c]) - {"", None})
