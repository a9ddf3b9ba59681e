"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.late import late

COMMANDS = {
    "data": "zizhu.cli.data:app",
    "read": "zizhu.cli.read.reading:read",
    "claims": "zizhu.cli.read:app",
    "phrases": "zizhu.cli.read.phrases:phrases",
    "register": "zizhu.cli.register:app",
    "depend": "zizhu.cli.depend:app",
    "stress": "zizhu.cli.stress:app",
    "track": "zizhu.cli.track:app",
    "demo": "zizhu.cli.brief:demo",
    "brief": "zizhu.cli.brief:brief",
    "report": "zizhu.cli.brief:report",
    "trace": "zizhu.cli.trace:trace",
    "reproduce": "zizhu.cli.reproduce:reproduce",
    "serve": "zizhu.cli.serve:serve",
}
"""Where each command lives, in the order of the help."""

app = typer.Typer(
    name="zizhu",
    cls=late(COMMANDS),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Make an industrial strategy computable: sourced targets, dependence, and what a control breaks.",
)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        import zizhu

        typer.echo(f"zizhu {zizhu.__version__}")
        raise typer.Exit
