"""`zizhu depend flags`: which products an importer depends on, by whose definition, and how surely."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import Top, TradeName
from zizhu.cli.ready import trade as trade_table

COLUMNS = (
    "importer",
    "hs6",
    "label",
    "probability",
    "next_year",
    "presets_flagged",
    "lead",
    "lead_share",
    "imports_usd",
    "rank",
    "rank_low",
    "rank_high",
)


@answering
def flags(
    ask: Asked,
    importer: Annotated[
        list[str], typer.Option(help="Country or group, by code or name. Repeatable: who depends on whom.")
    ],
    preset: Annotated[
        list[str] | None,
        typer.Option(
            help="geodep, ec2021, merics, oecd, bottleneck, ecipe or FILE.yaml. Repeatable; all if absent."
        ),
    ] = None,
    product: Annotated[
        list[str] | None, typer.Option(help="HS code, or words of its label; all if absent. Repeatable.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year; the table's last if absent.")] = None,
    draws: Annotated[int, typer.Option(min=20, max=10_000, help="Draws of flows and cuts.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    trade: TradeName = None,
    top: Top = 20,
) -> None:
    """Dependency flags by several definitions, each with a probability; the first preset is listed."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.depend import flags as verb
    from zizhu.depend.concentration.presets import chosen
    from zizhu.tables.load import load_trade

    presets = chosen(tuple(preset or ()))
    ws = ask.ready()
    named = trade_table(ws, trade)
    with working("Drawing the flows"):
        held = load_trade(ws, named)
        params = verb.Params(
            trade=named,
            importers=tuple(importer),
            presets=presets,
            products=held.chosen(product or ()),
            year=year,
            draws=draws,
            seed=seed,
        )
        inputs = verb.Inputs(params, held)
        result = verb.solve(inputs)
    first = result.frame.filter(preset=presets[0].id)
    order = first.sort("probability", "imports_usd", "hs6", descending=[True, True, False])
    listings = [
        Listing(f"{presets[0].id}: {presets[0].title}", order, top, COLUMNS),
        Listing("Flags by definition", verb.summary(result), units=verb.SUMMED),
    ]
    pairs = verb.leverage(result)
    if pairs.height:
        listings.append(
            Listing("Who depends on whom: flags that the supplier leads", pairs, units=verb.SUMMED)
        )
    give(ws, result, listings, ask.form, "probability", inputs)
