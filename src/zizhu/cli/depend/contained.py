"""`zizhu depend exposure`, `domestic`, `markets` and `circulation`: what goods contain and where they end."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import (
    Insist,
    TableName,
    Top,
    TradeName,
)
from zizhu.cli.ready import mrio, mrio_with_final, tables

Buyers = Annotated[list[str], typer.Option(help="COUNTRY[:SECTOR]: USA:C26, EU27:MANUF, 中国. Repeatable.")]
Sources = Annotated[
    list[str] | None, typer.Option(help="Country or group, by code or name; all if absent. Repeatable.")
]
Gross = Annotated[bool, typer.Option("--gross", help="Add gross look-through (counts trade repeatedly).")]
Tiers = Annotated[
    bool, typer.Option("--tiers", help="Add content by tier: direct suppliers, theirs, and beyond.")
]
OwnDenominators = Annotated[
    bool,
    typer.Option("--own-denominators", help="Add shares of purchases and of gross output behind them."),
]
EachIndustry = Annotated[
    bool,
    typer.Option("--each-industry", help="Every industry of the buyer; plotted as a map of what is hidden."),
]


@answering
def exposure(
    ask: Asked,
    buyer: Buyers,
    source: Sources = None,
    table: TableName = None,
    trade: TradeName = None,
    gross: Gross = False,
    tiers: Tiers = False,
    own_denominators: OwnDenominators = False,
    each_industry: EachIndustry = False,
    insist: Insist = False,
    top: Top = 20,
) -> None:
    """Value-added content of sources in a buyer against face value, per unit of output."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import exposure as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    flows, goods = tables(ws, table, trade)
    of = {"buyers": tuple(buyer), "sources": tuple(source or ()), "each_industry": each_industry}
    more = {"gross": gross, "tiers": tiers, "own_denominators": own_denominators}
    params = verb.Params(table=flows, trade=goods, insist=insist, **of, **more)
    with working("Factoring the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    title = f"Exposure of {', '.join(map(told, dict.fromkeys(params.buyers)))}"
    give(ws, result, [Listing(title, verb.ranked(result), top)], ask.form, "value_added_content", inputs)


@answering
def domestic(
    ask: Asked,
    country: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 50,
) -> None:
    """Domestic value-added content of every industry: an upper bound on a table without rest of the world."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import domestic as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    flows, goods = tables(ws, table, trade)
    params = verb.Params(table=flows, trade=goods, country=country, insist=insist)
    with working("Factoring the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    order = result.frame.sort("value_added_content", "sector")
    listing = Listing(f"Domestic content of {told(params.country)}", order, top)
    give(ws, result, [listing], ask.form, "value_added_content", inputs)


@answering
def markets(
    ask: Asked,
    seller: Annotated[
        list[str], typer.Option(help="COUNTRY[:SECTOR]: CHN:C27, EU27:MANUF, 中国. Repeatable.")
    ],
    market: Annotated[
        list[str] | None, typer.Option(help="Country or group, by code or name; all if absent. Repeatable.")
    ] = None,
    table: TableName = None,
    insist: Insist = False,
    top: Top = 20,
) -> None:
    """The sales side: whom a seller's output is sold to, and where it ends after all processing."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import markets as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    params = verb.Params(
        table=mrio(ws, table), sellers=tuple(seller), markets=tuple(market or ()), insist=insist
    )
    with working("Factoring the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    order = result.frame.sort("absorbed", "market", descending=[True, False])
    title = f"Markets of {', '.join(map(told, dict.fromkeys(params.sellers)))}"
    give(ws, result, [Listing(title, order, top)], ask.form, "absorbed", inputs)


@answering
def circulation(
    ask: Asked,
    country: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    table: TableName = None,
    insist: Insist = False,
    top: Top = 60,
) -> None:
    """Domestic and external circulation: what calls for a country's value added (needs final demand by destination)."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import circulation as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    params = verb.Params(table=mrio_with_final(ws, table), country=country, insist=insist)
    with working("Factoring the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    order = result.frame.sort("value_added", "sector", descending=[True, False])
    listing = Listing(f"Circulation of {told(params.country)}", order, top)
    give(ws, result, [listing], ask.form, "share_abroad", inputs)
