"""`zizhu report`, and its presets `zizhu brief` and `zizhu demo`: views in one file."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.days import AsOf, day
from zizhu.cli.options import Country, Partners, Place, TableName, TradeName
from zizhu.cli.ready import ready, unwritable
from zizhu.vocab import groups
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    from zizhu.show.brief.model import Exhibit
    from zizhu.show.brief.write import Brief
    from zizhu.show.report.model import Report
    from zizhu.store import Workspace


STANDARD_OUTPUT = Path("-")


class Form(StrEnum):
    """The forms of a report."""

    html = "html"
    pdf = "pdf"
    md = "md"
    json = "json"


OutForm = Annotated[
    Form | None,
    typer.Option(
        "--format",
        help="html (one file), pdf (needs Chromium), md or json; by default as the file ends, else html.",
    ),
]
OutFile = Annotated[Path | None, typer.Option(help="File to write; - for standard output.")]


def brief(
    country: Country = "CHN",
    partner: Partners = None,
    form: OutForm = None,
    out: OutFile = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day on which deadlines are held to have passed (today if absent).")
    ] = None,
    table: TableName = None,
    trade: TradeName = None,
    place: Place = None,
) -> None:
    """Write the brief about a country: nine exhibits, every number a link to its source."""
    said = {"country": country, "partners": tuple(partner or ()), "table": table, "trade": trade}
    _report("brief", said, as_of, form, out, place)


def report(
    name: Annotated[
        str, typer.Argument(metavar="FILE|PRESET", help="A report (.yaml, .json), or a preset: brief.")
    ],
    country: Annotated[
        str | None, typer.Option(parser=groups.coded, metavar="COUNTRY", help="Whom its exhibits are about.")
    ] = None,
    partner: Partners = None,
    form: OutForm = None,
    out: OutFile = None,
    as_of: AsOf = None,
    place: Place = None,
) -> None:
    """Write a report: any set of views in one file, every number a link to its source."""
    _report(name, {"country": country, "partners": tuple(partner or ())}, as_of, form, out, place)


def _report(
    name: str,
    said: dict[str, Any],
    as_of: str | None,
    form: Form | None,
    out: Path | None,
    place: Path | None,
) -> None:
    """Write the report of that name, with what is said in place of its own."""
    from zizhu.cli.output import save
    from zizhu.show.report import pdf
    from zizhu.show.report.model import named

    judged_on, problems = day(as_of)
    form, ending = form or _form_of(out), form
    if out != STANDARD_OUTPUT:
        problems += _bad_file(out or Path(f"zizhu-report.{form}"), ending)
    if form is Form.pdf and (why := pdf.absent()):
        problems.append(why)
    try:
        asked = named(name).about(**said, as_of=judged_on if as_of else "")
    except ZizhuError as error:
        problems += error.problems
    ws = ready(place, problems=problems)
    made, content = _made(ws, asked, form)
    if out == STANDARD_OUTPUT:
        typer.echo(content, nl=isinstance(content, str))
        return
    path = out or Path("-".join(filter(None, ("zizhu", asked.kind, made.country))) + f".{form}")
    save(path, content)
    typer.echo(f"Wrote {path.resolve()}")


def demo(place: Place = None) -> None:
    """Write the brief about China on the built-in data and print its main sentences."""
    from rich.markup import escape

    from zizhu.cli.output import save
    from zizhu.cli.screen import screen
    from zizhu.show.brief.model import plain
    from zizhu.show.report.model import presets

    path = Path("zizhu-brief-CHN.html")
    ws = ready(place, problems=_bad_file(path, Form.html))
    tables = {"table": "icio-2022", "trade": "baci-raw-materials"}
    made, text = _made(ws, presets()["brief"].about(country="CHN", **tables), Form.html)
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


def _made(ws: Workspace, asked: Report, form: Form) -> tuple[Brief, str | bytes]:
    """The report and its file; the drawings of a page are made while the rest is written."""
    import json

    from zizhu.show.brief import text
    from zizhu.show.brief.drawings import Background
    from zizhu.show.brief.page import page
    from zizhu.show.report.pdf import printed

    if form in (Form.html, Form.pdf):
        with Background() as drawings:
            made = _write(ws, asked, drawings.begin)
            drawn = page(made, drawings.of)
        return made, printed(drawn) if form is Form.pdf else drawn
    made = _write(ws, asked, lambda _: None)
    if form is Form.md:
        return made, text.markdown(made)
    return made, json.dumps(text.data(made), ensure_ascii=False, indent=1)


def _write(ws: Workspace, asked: Report, ready: Callable[[Exhibit], None]) -> Brief:
    from zizhu.cli.screen import errors
    from zizhu.show.brief.write import write

    console, named = errors(), asked.kind.capitalize()
    if not console.is_terminal:
        return write(ws, asked, ready=ready)
    with console.status("writing") as status:
        return write(ws, asked, lambda step: status.update(f"{named}: {step}"), ready)
