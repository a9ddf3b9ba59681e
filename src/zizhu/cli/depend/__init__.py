"""`zizhu depend`: what a country depends on, one module a question."""

from __future__ import annotations

import typer

from zizhu.cli.depend import balanced, contained, flagged, product, specialised, structure, traded, valueadded

COMMANDS = (
    flagged.flags,
    product.product,
    balanced.sufficiency,
    balanced.stages,
    balanced.risk,
    contained.exposure,
    contained.domestic,
    contained.markets,
    contained.circulation,
    traded.suppliers,
    valueadded.content,
    specialised.complexity,
    specialised.product_space,
    structure.extract,
    structure.network,
    structure.influence,
    structure.paths,
    structure.points,
)
app = typer.Typer(no_args_is_help=True, help="What a country depends on, openly and hidden upstream.")
for command in COMMANDS:
    app.command()(command)
