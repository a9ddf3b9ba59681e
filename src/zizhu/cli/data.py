"""`zizhu data`: the tables that answers are made from."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import AsJson, Place, workspace

app = typer.Typer(no_args_is_help=True, help="The tables that answers are made from.")
Name = Annotated[str | None, typer.Argument(help="A table's name.")]


@app.command("list")
def list_tables(as_json: AsJson = False, place: Place = None) -> None:
    """Every table with its size, digest and sources."""
    from rich.console import Console
    from rich.table import Column, Table

    from zizhu.cli.output import emit_json

    ws = workspace(place)
    metas = [ws.read(name).meta for name in ws.names()]
    if as_json:
        emit_json([m.model_dump(mode="json") for m in metas])
        return
    shown = Table(
        Column("table", no_wrap=True),
        "rows",
        "what it is",
        "sources",
        "digest",
        box=None,
        header_style="bold",
    )
    for m in metas:
        shown.add_row(m.name, f"{m.rows:,}", m.title, ", ".join(m.sources), m.digest[:12])
    Console(highlight=False).print(shown)


@app.command()
def check(name: Name = None, as_json: AsJson = False, place: Place = None) -> None:
    """Verify bytes and digest of tables (all by default) and audit their content. Exit code 2 on a fault."""
    from rich.console import Console

    from zizhu.cli.output import emit_json, working
    from zizhu.tables.audit import check_table

    ws = workspace(place)
    names = [name] if name else ws.names()
    found = []
    for each in names:
        with working(f"Checking {each}"):
            found += check_table(ws, each)
    if as_json:
        emit_json([vars(f) for f in found])
    else:
        console = Console(highlight=False)
        for f in found:
            console.print(
                f"[{'red' if f.fault else 'green' if f.fine else 'yellow'}]{f.table}[/] {f.what}",
                soft_wrap=True,
            )
    if any(f.fault for f in found):
        raise typer.Exit(2)


@app.command()
def path(name: Name = None, place: Place = None) -> None:
    """The Parquet file of a table, or the folder of the workspace."""
    ws = workspace(place)
    typer.echo(str(ws.read(name).path if name else ws.root))
