"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli import brief, data, depend, stress
from zizhu.cli.options import AsJson, Place, workspace

app = typer.Typer(
    name="zizhu",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Make an industrial strategy computable: sourced targets, dependence, and what a control breaks.",
)
app.add_typer(data.app, name="data")
app.add_typer(depend.app, name="depend")
app.add_typer(stress.app, name="stress")
app.command("demo")(brief.demo)
app.command("brief")(brief.brief)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        import zizhu

        typer.echo(f"zizhu {zizhu.__version__}")
        raise typer.Exit


@app.command()
def trace(
    ref: Annotated[
        str, typer.Argument(help="A reference, such as run:<id>#USA:C26|CHN,value_added_content.")
    ],
    top: Annotated[int, typer.Option(min=1, help="How many parts to show.")] = 20,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Open a number: its parts, the run that made it and the sources behind it."""
    from zizhu.cli.output import emit_json, opened_json, show_opened, working
    from zizhu.show.trace import trace as open_ref

    with working("Making the number again"):
        opened = open_ref(workspace(place), ref, top)
    if as_json:
        emit_json(opened_json(opened))
    else:
        show_opened(opened)
