"""`zizhu brief` and `zizhu demo`: the exhibits about a country in one file."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from zizhu.cli.days import day
from zizhu.cli.options import Country, Partners, Place, TableName, TradeName
from zizhu.cli.ready import ready, unwritable
from zizhu.vocab.problems import Problem

if TYPE_CHECKING:
    from zizhu.show.brief.model import Exhibit
    from zizhu.show.brief.write import Brief
    from zizhu.store import Workspace


STANDARD_OUTPUT = Path("-")


class Form(StrEnum):
    """The forms of a brief."""

    html = "html"
    md = "md"
    json = "json"


class Asked(NamedTuple):
    """What a brief is about, in the order in which it is asked."""

    country: str
    as_of: str
    partners: tuple[str, ...]
    table: str | None
    trade: str | None


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
    table: TableName = None,
    trade: TradeName = None,
    place: Place = None,
) -> None:
    """Write the brief about a country: nine exhibits, every number a link to its source."""
    from zizhu.cli.output import save

    judged_on, problems = day(as_of)
    if out != STANDARD_OUTPUT:
        problems += _bad_file(out or Path(f"zizhu-brief.{form or Form.html}"), form)
    ws = ready(place, problems=problems)
    form = form or _form_of(out)
    made, text = _made(ws, Asked(country, judged_on, tuple(partner or ()), table, trade), form)
    if out == STANDARD_OUTPUT:
        typer.echo(text)
        return
    path = out or Path(f"zizhu-brief-{made.country}.{form}")
    save(path, text)
    typer.echo(f"Wrote {path.resolve()}")


def demo(place: Place = None) -> None:
    """Write the brief about China on the built-in data and print its main sentences."""
    from rich.markup import escape

    from zizhu.cli.output import save
    from zizhu.cli.screen import screen
    from zizhu.show.brief.model import plain

    path = Path("zizhu-brief-CHN.html")
    ws = ready(place, problems=_bad_file(path, Form.html))
    made, text = _made(ws, Asked("CHN", day(None)[0], (), "icio-2022", "baci-raw-materials"), Form.html)
    save(path, text)
    console = screen()
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


def _made(ws: Workspace, asked: Asked, form: Form) -> tuple[Brief, str]:
    """The brief and its text; the drawings of a page are made while the rest is written."""
    import json

    from zizhu.show.brief import text
    from zizhu.show.brief.drawings import Background
    from zizhu.show.brief.page import page

    if form is Form.html:
        with Background() as drawings:
            made = _write(ws, asked, drawings.begin)
            return made, page(made, drawings.of)
    made = _write(ws, asked, lambda _: None)
    if form is Form.md:
        return made, text.markdown(made)
    return made, json.dumps(text.data(made), ensure_ascii=False, indent=1)


def _write(ws: Workspace, asked: Asked, ready: Callable[[Exhibit], None]) -> Brief:
    from zizhu.cli.screen import errors
    from zizhu.show.brief.write import write

    console = errors()
    if not console.is_terminal:
        return write(ws, *asked, ready=ready)
    with console.status("writing the brief") as status:
        return write(ws, *asked, lambda step: status.update(f"Brief: {step}"), ready)
