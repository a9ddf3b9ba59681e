"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli import (
    brief,
    connect,
    data,
    depend,
    derive,
    mapping,
    register,
    reproduce,
    serve,
    stress,
    trace,
    track,
)
from zizhu.cli import read as documents
from zizhu.cli.read import phrases, reading

app = typer.Typer(
    name="zizhu",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Make an industrial strategy computable: sourced targets, dependence, and what a control breaks.",
)
CONNECTING = (connect.search, connect.info, connect.add, connect.update, connect.remove)
DERIVING = (derive.calibrate, derive.convert, derive.reconcile)
for command in (*CONNECTING, *DERIVING):
    data.app.command()(command)
data.app.command("map")(mapping.map_table)
app.add_typer(data.app, name="data")
app.command("read")(reading.read)
app.add_typer(documents.app, name="claims")
app.command("phrases")(phrases.phrases)
app.add_typer(register.app, name="register")
app.add_typer(depend.app, name="depend")
app.add_typer(stress.app, name="stress")
app.add_typer(track.app, name="track")
app.command("demo")(brief.demo)
app.command("brief")(brief.brief)
app.command("report")(brief.report)
app.command("trace")(trace.trace)
app.command("reproduce")(reproduce.reproduce)
app.command("serve")(serve.serve)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        import zizhu

        typer.echo(f"zizhu {zizhu.__version__}")
        raise typer.Exit
