"""`zizhu depend extract`, `network`, `influence`, `paths`, `points`: the structure of an input-output table."""

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
from zizhu.cli.ready import mrio, tables
from zizhu.vocab.problems import Problem

Kind = Literal["complete", "backward", "forward"]
By = Literal[
    "bridge",
    "betweenness",
    "sales",
    "purchases",
    "outdegree",
    "katz",
    "pagerank",
    "eigenvector",
    "backward",
    "forward",
    "output",
]
Buyer = Annotated[str, typer.Option(help="COUNTRY[:SECTOR] that buys: USA:C26, EU27:MANUF, 中国.")]
FACTORING = "Factoring the table"
Counted = Annotated[int, typer.Option(min=1, max=10_000, help="How many rows to find and print.")]
BOTH = Problem("--countries has no effect here", "--node", "one of the two", "Leave one of them out.")

Extracted = Annotated[
    list[str] | None,
    typer.Option(
        help="COUNTRY[:SECTOR] to take out: TWN:C26, a whole country or group. Repeatable; "
        "each industry of the table on its own if absent."
    ),
]
EachCountry = Annotated[
    bool, typer.Option("--countries", help="Each country on its own, where no --node is named.")
]
KindOption = Annotated[
    Kind, typer.Option(help="It is gone, it buys no inputs (backward), or it sells none (forward).")
]


@answering
def extract(
    ask: Asked,
    node: Extracted = None,
    countries: EachCountry = False,
    kind: KindOption = "complete",
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 20,
) -> None:
    """What would be lost with an industry or a country: hypothetical extraction, nothing replacing it."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import extract as verb
    from zizhu.vocab.names import told

    ws = ask.ready([BOTH] if node and countries else ())
    flows, goods = tables(ws, table, trade)
    params = verb.Params(
        table=flows,
        trade=goods,
        extracted=tuple(node or ()),
        each="country" if countries else "industry",
        kind=kind,
        insist=insist,
    )
    with working(FACTORING):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    listings = [
        Listing(f"Without {told(code)}, by country" if code else f"{kind.title()} extraction", rows, top)
        for code, rows in verb.by_size(result)
    ]
    give(ws, result, listings, ask.form, "value_added_lost", inputs)


@answering
def network(
    ask: Asked,
    country: Annotated[
        list[str] | None,
        typer.Option(help="Country or group whose industries are shown; all if absent. Repeatable."),
    ] = None,
    by: Annotated[By, typer.Option(help="The measure that orders the industries and is drawn.")] = "bridge",
    random_walk: Annotated[
        bool,
        typer.Option("--random-walk", help="Add random-walk centrality and counting betweenness (slower)."),
    ] = False,
    table: TableName = None,
    top: Top = 20,
) -> None:
    """Linkages, key industries and centralities in the network of flows, to find choke points."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import network as verb

    ws = ask.ready()
    params = verb.Params(table=mrio(ws, table), countries=tuple(country or ()), random_walk=random_walk)
    with working(FACTORING):
        inputs = verb.load(ws, params)
        result = verb.drawn_by(verb.solve(inputs), by)
    centralities, linkages = verb.by_size(result, by)
    listings = [Listing("Centralities", centralities, top), Listing("Linkages", linkages, top)]
    if by in linkages.columns:
        listings.reverse()
    give(ws, result, listings, ask.form, by, inputs)


@answering
def influence(
    ask: Asked,
    abroad: Annotated[bool, typer.Option("--abroad", help="Only flows from one country to another.")] = False,
    per_unit: Annotated[
        bool, typer.Option("--per-unit", help="By influence per unit of the coefficient, whatever its size.")
    ] = False,
    table: TableName = None,
    top: Counted = 50,
) -> None:
    """The coefficients with which most of the Leontief inverse moves: fields of influence."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import influence as verb

    ws = ask.ready()
    params = verb.Params(table=mrio(ws, table), count=top, per_unit=per_unit, abroad=abroad)
    with working("Inverting the table"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    give(
        ws,
        result,
        [Listing("Most influential coefficients", verb.by_size(result))],
        ask.form,
        "effect",
        inputs,
    )


@answering
def paths(
    ask: Asked,
    buyer: Buyer,
    source: Annotated[
        list[str] | None,
        typer.Option(help="Country or group whose value added is followed; all if absent. Repeatable."),
    ] = None,
    tiers: Annotated[int, typer.Option(min=0, max=50, help="How many tiers are told apart.")] = 5,
    abroad: Annotated[
        bool, typer.Option("--abroad", help="Leave out value added in the buyer's own country.")
    ] = False,
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Counted = 50,
) -> None:
    """The largest paths by which value added reaches a buyer, and what all others carry."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import paths as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    flows, goods = tables(ws, table, trade)
    params = verb.Params(
        table=flows,
        trade=goods,
        buyer=buyer,
        sources=tuple(source or ()),
        count=top,
        tiers=tiers,
        abroad=abroad,
        insist=insist,
    )
    with working(FACTORING):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    largest, by_tier = verb.by_size(result)
    listings = [Listing(f"Paths into {told(params.buyer)}", largest), Listing("By tier", by_tier)]
    give(ws, result, listings, ask.form, "value_added_content", inputs)


@answering
def points(
    ask: Asked,
    buyer: Buyer,
    cut: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of an input above which a supplier is a point, such as 0.5."),
    ],
    least: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Leave out inputs that make up less than this share of the buyer's output."
        ),
    ] = 0.0,
    home: Annotated[
        bool, typer.Option("--home", help="Also suppliers in the buyer's own countries.")
    ] = False,
    table: TableName = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 50,
) -> None:
    """Single points of failure: suppliers that hold most of an input of a buyer, directly or in all tiers."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import points as verb
    from zizhu.vocab.names import told

    ws = ask.ready()
    flows, goods = tables(ws, table, trade)
    params = verb.Params(
        table=flows, trade=goods, buyer=buyer, cut=cut, least=least, home=home, insist=insist
    )
    with working(FACTORING):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    listing = Listing(f"Suppliers of {told(params.buyer)} above {cut:.0%}", verb.by_size(result), top)
    give(ws, result, [listing], ask.form, "look_through", inputs)
