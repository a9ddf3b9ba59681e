"""`zizhu depend`: what a country depends on, one module a question."""

from __future__ import annotations

import typer

from zizhu.cli.depend import contained, traded

COMMANDS = (contained.exposure, contained.domestic, traded.suppliers)
app = typer.Typer(no_args_is_help=True, help="What a country depends on, openly and hidden upstream.")
for command in COMMANDS:
    app.command()(command)
