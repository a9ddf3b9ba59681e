"""`zizhu depend`: what a country depends on."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import AsJson, FigureFile, Insist, Place, TableName, Top, TradeName, workspace

app = typer.Typer(no_args_is_help=True, help="What a country depends on, openly and hidden upstream.")


@app.command()
def exposure(
    buyer: Annotated[list[str], typer.Option(help="COUNTRY[:SECTOR]: USA:C26, EU27:MANUF, CHN. Repeatable.")],
    source: Annotated[
        list[str] | None, typer.Option(help="Country or group; all countries if absent.")
    ] = None,
    table: TableName = "icio-2022",
    trade: TradeName = "baci-raw-materials",
    gross: Annotated[
        bool, typer.Option("--gross", help="Add gross look-through (counts trade repeatedly).")
    ] = False,
    insist: Insist = False,
    top: Top = 20,
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Value-added content of sources in a buyer against face value, per unit of output."""
    from zizhu.cli.output import give, working
    from zizhu.depend import exposure as verb

    ws = workspace(place)
    params = verb.Params(
        table=table, trade=trade, buyers=tuple(buyer), sources=tuple(source or ()), gross=gross, insist=insist
    )
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    order = result.frame.sort("value_added_content", "source", descending=[True, False])
    give(ws, result, order, f"Exposure of {', '.join(buyer)}", top, as_json, figure, "value_added_content")


@app.command()
def domestic(
    country: Annotated[str, typer.Option(help="Country or group.")],
    table: TableName = "icio-2022",
    trade: TradeName = "baci-raw-materials",
    insist: Insist = False,
    top: Top = 50,
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Domestic value-added content of every industry: an upper bound on a table without rest of the world."""
    from zizhu.cli.output import give, working
    from zizhu.depend import domestic as verb

    ws = workspace(place)
    params = verb.Params(table=table, trade=trade, country=country, insist=insist)
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    order = result.frame.sort("value_added_content", "sector")
    give(ws, result, order, f"Domestic content, {country}", top, as_json, figure, "value_added_content")


@app.command()
def suppliers(
    reporter: Annotated[str, typer.Option(help="Country or group whose trade is read.")],
    product: Annotated[list[str], typer.Option(help="HS 1992 code of six digits. Repeatable.")],
    exports: Annotated[
        bool, typer.Option("--exports", help="Whom it supplies, instead of who supplies it.")
    ] = False,
    first: Annotated[int | None, typer.Option(help="First year.")] = None,
    last: Annotated[int | None, typer.Option(help="Last year.")] = None,
    trade: TradeName = "baci-raw-materials",
    top: Top = 20,
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Partners, shares, HHI and unit values of a product, in either direction, by year."""
    from zizhu.cli.output import give, working
    from zizhu.depend import suppliers as verb

    ws = workspace(place)
    params = verb.Params(
        trade=trade,
        reporter=reporter,
        products=tuple(product),
        direction="exports" if exports else "imports",
        first=first,
        last=last,
    )
    with working("Reading the trade table"):
        result = verb.solve(verb.load(ws, params))
    order = result.frame.sort("year", "hs6", "share", "partner", descending=[True, False, True, False])
    give(ws, result, order, f"{params.direction.title()} of {reporter}", top, as_json, figure, "share")
