"""`zizhu brief` and `zizhu demo`: the exhibits about a country in one file."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.options import Place, TableName, TradeName, workspace

if TYPE_CHECKING:
    from zizhu.show.brief.write import Brief
    from zizhu.store import Workspace


class Form(StrEnum):
    """The forms of a brief."""

    html = "html"
    md = "md"
    json = "json"


def brief(
    country: Annotated[str, typer.Option(help="Country or group: CHN, DEU, EU27 or a name.")] = "CHN",
    partner: Annotated[list[str] | None, typer.Option(help="Partner to show; repeatable.")] = None,
    form: Annotated[Form, typer.Option("--format", help="html (one file), md or json.")] = Form.html,
    out: Annotated[Path | None, typer.Option(help="File to write; - for standard output.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day on which deadlines are held to have passed (today if absent).")
    ] = None,
    table: TableName = "icio-2022",
    trade: TradeName = "baci-raw-materials",
    place: Place = None,
) -> None:
    """Write the brief about a country: eight exhibits, every number a link to its source."""
    from zizhu.cli.output import save

    made = _write(workspace(place), country, tuple(partner or ()), as_of, table, trade)
    text = _in_form(made, form)
    if out is not None and str(out) == "-":
        typer.echo(text)
        return
    path = out or Path(f"zizhu-brief-{made.country}.{form}")
    save(path, text)
    typer.echo(f"Wrote {path.resolve()}")


def demo(place: Place = None) -> None:
    """Write the brief about China on the built-in data and print its main sentences."""
    from rich.console import Console
    from rich.markup import escape

    from zizhu.cli.output import save
    from zizhu.show.brief.model import plain

    made = _write(workspace(place), "CHN", (), None, "icio-2022", "baci-raw-materials")
    path = Path("zizhu-brief-CHN.html")
    save(path, _in_form(made, Form.html))
    console = Console(highlight=False)
    console.print(f"[bold]{made.title}[/]\n")
    for exhibit in made.exhibits:
        console.print(f"[bold]{exhibit.letter}. {escape(exhibit.title)}[/]")
        console.print(plain(exhibit.sentence) + "\n", markup=False)
    console.print(
        f"\nThe brief, with every number linked to its source: [bold]{path.resolve()}[/]", soft_wrap=True
    )


def _write(
    ws: Workspace, country: str, partners: tuple[str, ...], as_of: str | None, table: str, trade: str
) -> Brief:
    from rich.console import Console

    from zizhu.show.brief.write import write
    from zizhu.vocab.problems import Problem, ZizhuError

    day = as_of or datetime.date.today().isoformat()
    try:
        datetime.date.fromisoformat(day)
    except ValueError:
        raise ZizhuError(
            Problem(f"{day!r} is not a day", "--as-of", "a date such as 2026-06-30", "Change it.")
        ) from None
    console = Console(stderr=True)
    if not console.is_terminal:
        return write(ws, country, day, partners, table, trade)
    with console.status("writing the brief") as status:
        return write(ws, country, day, partners, table, trade, lambda step: status.update(f"Brief: {step}"))


def _in_form(made: Brief, form: Form) -> str:
    import json

    from zizhu.show.brief import text
    from zizhu.show.brief.page import page

    if form is Form.html:
        return page(made)
    if form is Form.md:
        return text.markdown(made)
    return json.dumps(text.data(made), ensure_ascii=False, indent=1)
