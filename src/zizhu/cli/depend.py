"""`zizhu depend`: what a country depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.options import AsJson, FigureFile, Insist, Place, TableName, Top, TradeName
from zizhu.cli.ready import mrio, ready
from zizhu.cli.ready import trade as trade_table
from zizhu.vocab.problems import ZizhuError

if TYPE_CHECKING:
    from zizhu.tables.trade import Trade

app = typer.Typer(no_args_is_help=True, help="What a country depends on, openly and hidden upstream.")


@app.command()
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
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Value-added content of sources in a buyer against face value, per unit of output."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import exposure as verb
    from zizhu.vocab.names import told

    ws = ready(place, figure)
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
    give(ws, result, [Listing(title, order, top)], as_json, figure, "value_added_content")


@app.command()
def domestic(
    country: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 50,
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Domestic value-added content of every industry: an upper bound on a table without rest of the world."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import domestic as verb
    from zizhu.vocab.names import told

    ws = ready(place, figure)
    params = verb.Params(table=mrio(ws, table), trade=trade_table(ws, trade), country=country, insist=insist)
    with working("Factoring the table"):
        result = verb.solve(verb.load(ws, params))
    order = result.frame.sort("value_added_content", "sector")
    listing = Listing(f"Domestic content of {told(params.country)}", order, top)
    give(ws, result, [listing], as_json, figure, "value_added_content")


@app.command()
def suppliers(
    reporter: Annotated[str, typer.Option(help="Country or group whose trade is read, by code or name.")],
    product: Annotated[
        list[str], typer.Option(help="HS 1992 code, or words that one product's label has. Repeatable.")
    ],
    exports: Annotated[
        bool, typer.Option("--exports", help="Whom it supplies, instead of who supplies it.")
    ] = False,
    first: Annotated[int | None, typer.Option(help="First year.")] = None,
    last: Annotated[int | None, typer.Option(help="Last year.")] = None,
    trade: TradeName = None,
    top: Top = 20,
    figure: FigureFile = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Partners, shares, HHI and unit values of a product, in either direction, by year."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import suppliers as verb
    from zizhu.tables.load import load_trade
    from zizhu.vocab.names import told

    ws = ready(place, figure)
    named = trade_table(ws, trade)
    with working("Reading the trade table"):
        held = load_trade(ws, named)
    params = verb.Params(
        trade=named,
        reporter=reporter,
        products=_products(held, product, first, last),
        direction="exports" if exports else "imports",
        first=first,
        last=last,
    )
    result = verb.solve(verb.Inputs(params, held))
    order = result.frame.sort("year", "hs6", "share", "partner", descending=[True, False, True, False])
    listing = Listing(f"{params.direction.title()} of {told(params.reporter)}", order, top)
    give(ws, result, [listing], as_json, figure, "share")


def _products(held: Trade, asked: list[str], first: int | None, last: int | None) -> tuple[str, ...]:
    """The codes of the products asked for; raises ZizhuError with what is wrong with them and with the years."""
    from zizhu.depend.suppliers import check_question

    codes, problems = held.find(asked)
    try:
        check_question(held, tuple(codes), first, last)
    except ZizhuError as error:
        problems += error.problems
    if problems:
        raise ZizhuError(problems)
    return tuple(dict.fromkeys(codes))
