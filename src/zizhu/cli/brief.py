"""`zizhu brief` and `zizhu demo`: the exhibits about a country in one file."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.options import Country, Partners, Place, TableName, TradeName
from zizhu.cli.ready import ready, unwritable
from zizhu.vocab.problems import Problem

if TYPE_CHECKING:
    from zizhu.show.brief.write import Brief
    from zizhu.store import Workspace


STANDARD_OUTPUT = Path("-")


class Form(StrEnum):
    """The forms of a brief."""

    html = "html"
    md = "md"
    json = "json"


def brief(
    country: Country = "CHN",
    partner: Partners = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="html (one file), md or json; by default as the file ends, else html."),
    ] = None,
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

    day, problems = _day(as_of)
    if out != STANDARD_OUTPUT:
        problems += _bad_file(out or Path(f"zizhu-brief.{form or Form.html}"), form)
    ws = ready(place, problems=problems)
    form = form or _form_of(out)
    made = _write(ws, country, tuple(partner or ()), day, table, trade)
    text = _in_form(made, form)
    if out == STANDARD_OUTPUT:
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

    path = Path("zizhu-brief-CHN.html")
    ws = ready(place, problems=_bad_file(path, Form.html))
    made = _write(ws, "CHN", (), _day(None)[0], "icio-2022", "baci-raw-materials")
    save(path, _in_form(made, Form.html))
    console = Console(highlight=False)
    console.print(f"[bold]{made.title}[/]\n")
    for exhibit in made.exhibits:
        console.print(f"[bold]{exhibit.letter}. {escape(exhibit.title)}[/]")
        console.print(plain(exhibit.sentence) + "\n", markup=False)
    console.print(
        f"\nThe brief, with every number linked to its source: [bold]{path.resolve()}[/]", soft_wrap=True
    )


def _form_of(out: Path | None) -> Form:
    """The form that a file's ending names, else a page."""
    ending = out.suffix.casefold().removeprefix(".") if out else ""
    return Form(ending) if ending in tuple(Form) else Form.html


def _bad_file(out: Path, form: Form | None) -> list[Problem]:
    forms = (form,) if form else tuple(Form)
    return unwritable(
        out, "--out", tuple(f".{f}" for f in forms), "Rename the file, or name another --format."
    )


def _day(text: str | None) -> tuple[str, list[Problem]]:
    """The day in ISO 8601, today without one, and what is wrong with it."""
    today = datetime.date.today()
    try:
        return (datetime.date.fromisoformat(text) if text is not None else today).isoformat(), []
    except ValueError:
        return "", [
            Problem(f"{text!r} is not a day", "--as-of", "a date such as 2026-06-30", "Change the date.")
        ]


def _write(ws: Workspace, country: str, partners: tuple[str, ...], day: str, table: str, trade: str) -> Brief:
    from rich.console import Console

    from zizhu.show.brief.write import write

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
