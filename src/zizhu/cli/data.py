"""`zizhu data`: the tables that answers are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli import connect, derive, mapping
from zizhu.cli.options import AsJson, Place, workspace
from zizhu.vocab.problems import ZizhuError

if TYPE_CHECKING:
    from zizhu.store import Workspace

app = typer.Typer(no_args_is_help=True, help="The tables that answers are made from.")
Name = Annotated[str | None, typer.Argument(help="A table's name.")]


@app.command("list")
def list_tables(
    products: Annotated[
        str | None, typer.Option("--products", metavar="TABLE", help="List the products of this trade table.")
    ] = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Every table with its size, digest and sources; or the products of a trade table with their years.

    `zizhu data show` lists the industries of an input-output table.
    """
    if products is None:
        _list_tables(workspace(place), as_json)
    else:
        _list_products(workspace(place), products, as_json)


def _list_tables(ws: Workspace, as_json: bool) -> None:
    from rich.markup import escape
    from rich.table import Column, Table

    from zizhu.cli.output import console, emit_json

    metas, damaged = [], []
    for name in ws.names():
        try:
            metas.append(ws.read(name).meta)
        except ZizhuError as error:
            damaged += error.problems
    if as_json:
        emit_json([m.model_dump(mode="json") for m in metas])
        return
    shown = Table(
        Column("table", no_wrap=True),
        "kind",
        Column("rows", justify="right"),
        "what it is",
        "sources",
        Column("digest", no_wrap=True),
        box=None,
        header_style="bold",
    )
    for m in metas:
        words = (m.name, str(m.flags.get("kind", "")), f"{m.rows:,}", m.title, ", ".join(m.sources))
        shown.add_row(*map(escape, words), m.digest[:12])
    page = console()
    page.print(shown)
    for problem in damaged:
        page.print(f"[red]damaged[/] {escape(str(problem))}", soft_wrap=True)


def _list_products(ws: Workspace, table: str, as_json: bool) -> None:
    from rich.markup import escape
    from rich.table import Column, Table

    from zizhu.cli.output import console, emit_json
    from zizhu.tables.load import load_trade

    held = load_trade(ws, table)
    listing = held.listing().rows(named=True)
    if as_json:
        emit_json(listing)
        return
    shown = Table(
        *("hs6", "product", "material", "stage", "years", Column("flows", justify="right")),
        title=escape(held.title),
        title_justify="left",
        box=None,
        header_style="bold",
    )
    for p in listing:
        words = (p["hs6"], p["label"] or "", p["material"] or "", p["stage"] or "")
        shown.add_row(*map(escape, words), f"{p['first']}-{p['last']}", f"{p['flows']:,}")
    console().print(shown)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="An input-output table.")],
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """What an input-output table is about: countries, industries by name, final demand, flags and notes."""
    from zizhu.cli.axes import print_axes
    from zizhu.cli.output import emit_json
    from zizhu.tables.axes import load_axes

    axes = load_axes(workspace(place), name)
    if as_json:
        emit_json(axes.data())
    else:
        print_axes(axes)


@app.command()
def check(name: Name = None, as_json: AsJson = False, place: Place = None) -> None:
    """Verify bytes and digest of tables (all by default) and audit their content. Exit code 2 on a fault."""
    from rich.markup import escape

    from zizhu.cli.output import console, emit_json, working
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
        page = console()
        for f in found:
            weight = f" ({f.weight:.2%} of it)" if f.weight >= 0.0001 else ""
            colour, word = (
                ("red", "fault") if f.fault else ("green", "fine") if f.fine else ("yellow", "note")
            )
            page.print(f"[{colour}]{word:5}[/] {f.table}: {escape(f.what)}{weight}", soft_wrap=True)
    if any(f.fault for f in found):
        raise typer.Exit(2)


@app.command()
def path(name: Name = None, place: Place = None) -> None:
    """The Parquet file of a table, or the folder of the workspace."""
    ws = workspace(place)
    typer.echo(str(ws.read(name).path if name else ws.root))


for command in (
    connect.search,
    connect.info,
    connect.add,
    connect.update,
    connect.remove,
    derive.calibrate,
    derive.convert,
    derive.reconcile,
):
    app.command()(command)
app.command("map")(mapping.map_table)
