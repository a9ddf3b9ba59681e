"""`zizhu depend suppliers`: who trades a product with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import (
    Top,
    TradeName,
)
from zizhu.cli.ready import trade as trade_table
from zizhu.vocab.problems import ZizhuError

if TYPE_CHECKING:
    from zizhu.tables.trade import Trade


@answering
def suppliers(
    ask: Asked,
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
) -> None:
    """Partners, shares, HHI and unit values of a product, in either direction, by year."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import suppliers as verb
    from zizhu.tables.load import load_trade
    from zizhu.vocab.names import told

    ws = ask.ready()
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
    inputs = verb.Inputs(params, held)
    result = verb.solve(inputs)
    order = result.frame.sort("year", "hs6", "share", "partner", descending=[True, False, True, False])
    listing = Listing(f"{params.direction.title()} of {told(params.reporter)}", order, top)
    give(ws, result, [listing], ask.form, "share", inputs)


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
