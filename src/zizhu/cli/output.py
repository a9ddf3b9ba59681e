"""Answers on the terminal: a table for people, JSON for programs, problems on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from zizhu.cli.opened import as_data, show
from zizhu.cli.ready import chosen
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console
    from rich.table import Table

    from zizhu.ledger.result import Result
    from zizhu.show.trace import Opened
    from zizhu.store import Workspace


PIPE_WIDTH = 160
HEADER_WIDTH = 12
SLIM_HEADER = 8
READABLE = 14
NAME_WIDTH = 24
GAP = 2
NAMED = ("hs6", "sector")
"""Columns of text get at least READABLE letters, those of long names NAME_WIDTH where the page has room for it."""
COUNTRIES = (
    "country",
    "exporter",
    "importer",
    "lead",
    "market",
    "partner",
    "receiver",
    "reporter",
    "sender",
    "source",
    "supplier",
)
"""Columns of codes of countries and groups."""
NODES = ("buyer", "extracted", "seller", "supplier")
"""Columns of codes of industries of a country, or of a country where all of its industries are meant."""


class Form(NamedTuple):
    """How an answer is wanted: as JSON, also as a CSV file or a drawing, also with the number of a row opened.

    `drawing` names the figure that is drawn, '' the first.
    """

    as_json: bool = False
    csv: Path | None = None
    plot: Path | None = None
    trace: int | None = None
    drawing: str = ""


class Listing(NamedTuple):
    """A table of an answer for people: its title, its rows in order, and how many are printed (None: all).

    `columns` are those printed (empty: all); `units` those of columns that the answer itself does not have.
    """

    title: str
    frame: pl.DataFrame
    top: int | None = None
    columns: tuple[str, ...] = ()
    units: Mapping[str, str] = {}


def emit_json(content: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


def result_json(result: Result) -> dict[str, Any]:
    """`{columns, units, rows, run}` with basis, coverage and notes, and the lists beside the answer by their names."""
    frame = result.table()
    return {
        "columns": frame.columns,
        "units": dict(result.units),
        "rows": [list(r) for r in frame.iter_rows()],
        **result.provenance,
        **{name: listed.to_dicts() for name, listed in result.lists.items()},
    }


def give(
    ws: Workspace,
    result: Result,
    listings: Sequence[Listing],
    form: Form,
    example: str,
    inputs: object = None,
    lead: str = "",
) -> None:
    """Keep the run, write the files asked for, and print the answer in the form asked for.

    `example` is the column of the first listing that is opened, or whose opening a reader is told. It is opened on the
    `inputs` that the answer was made of; without them they are read, and the answer is made, again. `lead` is the
    answer in a sentence or two, for people, who read it first.
    Raises ZizhuError for a row to open that the first listing does not have.
    """
    result = noted(ws, result)
    row = _row(listings[0].frame, form.trace)
    if form.plot is not None:
        draw(result, form.plot, form.drawing)
    if form.csv is not None:
        save(form.csv, result.table().write_csv())
    ws.save_run(result.run)
    opened = None if form.trace is None else _opened(ws, inputs, result, row, example)
    if form.as_json:
        emit_json(result_json(result) | ({} if opened is None else {"trace": as_data(opened)}))
        return
    if lead:
        console().print(lead, markup=False)
        console().print()
    show_result(result, listings, example)
    if opened is not None:
        show(opened)


def noted(ws: Workspace, result: Result) -> Result:
    """The answer with a note why its tables were chosen, where nobody named them."""
    return replace(result, notes=(*result.notes, *chosen(ws, result.run.inputs)))


def _row(frame: pl.DataFrame, number: int | None) -> dict[str, Any]:
    """The row of that number in a list, counted from one."""
    if number is None:
        return {}
    if number > frame.height:
        raise ZizhuError(
            Problem(f"no row {number}", "--trace", f"1 to {frame.height}", "Choose a row of the list.")
        )
    return frame.row(number - 1, named=True)


def _opened(ws: Workspace, inputs: object, result: Result, row: Mapping[str, Any], column: str) -> Opened:
    from zizhu.show.trace import opened, trace

    with working("Opening the number"):
        if inputs is None:
            return trace(ws, result.ref(row, column))
        return opened(ws, inputs, result, "|".join(str(row[k]) for k in result.key), column)


def draw(result: Result, path: Path, name: str = "") -> None:
    """Write a figure of the answer as the file's ending says: SVG, PNG, or its Vega-Lite specification (.json)."""
    from zizhu.show.alone import alone, pixels, titled

    ending, figure = path.suffix.casefold(), result.figure(name)
    if ending == ".json":
        save(path, json.dumps(titled(figure), ensure_ascii=False, indent=1))
    else:
        save(path, pixels(figure) if ending == ".png" else alone(figure))


def save(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; raises ZizhuError where it cannot be written."""
    from zizhu.store.files import write_atomic

    try:
        write_atomic(path, content.encode() if isinstance(content, str) else content)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ZizhuError(
            Problem(
                f"cannot write: {why}",
                str(path),
                "a file in a folder you may write to",
                "Choose another file.",
            )
        ) from error


def show_result(result: Result, listings: Sequence[Listing], example: str) -> None:
    """Print the listings, then what the answer covers and how to open a number."""
    from rich.markup import escape

    page = console()
    for listing in listings:
        _show_listing(page, listing, {**result.units, **listing.units})
        page.print()
    page.print(f"[bold]Basis.[/] {escape(result.basis)}.")
    for c in result.coverage:
        page.print(f"[bold]{escape(c.measured)}[/] {escape(c.statement)}")
    for note in result.notes:
        page.print(f"[bold]Note.[/] {escape(note)}")
    frame = listings[0].frame
    if frame.height:
        page.print(
            f"[dim]Open a number: zizhu trace '{escape(result.ref(frame.row(0, named=True), example))}'[/]",
            soft_wrap=True,
        )


def console() -> Console:
    """Standard output: as wide as the terminal or COLUMNS says, or a wide page when it is a pipe."""
    from zizhu.cli.screen import screen

    page = screen()
    told = page.is_terminal or os.environ.get("COLUMNS", "").isdigit()
    return page if told else screen(width=PIPE_WIDTH)


def _show_listing(page: Console, listing: Listing, units: Mapping[str, str]) -> None:
    """Print a title, what all rows have in common, the first rows, and what is left out."""
    from rich.markup import escape

    title, frame, top = listing.title, _columns(listing), listing.top
    page.print(f"[bold]{escape(title)}[/]")
    alike = [c for c in frame.columns if c not in units and frame.height > 1 and frame[c].n_unique() == 1]
    if alike:
        common = "; ".join(f"{c} {text}" for c in alike if (text := _with_name(c, frame[c][0])))
        page.print(f"[dim]In every row: {escape(common)}.[/]" if common else "")
    shown = frame.drop(alike).head(frame.height if top is None else top)
    columns = _laid_out(shown, units, page.width)
    fitting = max(sum(end <= page.width for end in _ends(columns)), 2)
    page.print(_table(columns[:fitting]))
    if left := shown.columns[fitting:]:
        more = "column" if len(left) == 1 else "columns"
        shown_by = f"COLUMNS={_ends(columns)[-1]}, --csv FILE or --json"
        page.print(f"[dim]{len(left)} more {more} with {shown_by}: {', '.join(left)}.[/]")
    if frame.height > shown.height:
        left_out = frame.height - shown.height
        rows = "row" if left_out == 1 else "rows"
        page.print(f"[dim]{left_out:,} more {rows}: --top {frame.height}, or --json for all.[/]")


def _columns(listing: Listing) -> pl.DataFrame:
    return listing.frame.select(listing.columns) if listing.columns else listing.frame


class Column(NamedTuple):
    """A column as it is printed. `least` letters show all of a number and a piece of a text that can be read."""

    header: str
    cells: list[str]
    is_number: bool
    least: int


def _laid_out(frame: pl.DataFrame, units: Mapping[str, str], width: int) -> list[Column]:
    """The columns of a frame, with room for names where the page has it, and with slim headers where it has little."""
    for named, header in ((NAME_WIDTH, HEADER_WIDTH), (READABLE, HEADER_WIDTH), (READABLE, SLIM_HEADER)):
        columns = [_column(frame, c, units, named, header) for c in frame.columns]
        if not columns or _ends(columns)[-1] <= width:
            break
    return columns


def _column(frame: pl.DataFrame, name: str, units: Mapping[str, str], named: int, header: int) -> Column:
    from rich.cells import cell_len
    from rich.markup import escape

    if name in units:
        cells = [cell(v, units[name]) for v in frame[name]]
        lines = _folded(name, header), _folded(units[name], header)
        least = max(map(cell_len, [*cells, *"\n".join(lines).split("\n")]))
        return Column(f"{lines[0]}\n[dim]{escape(lines[1])}[/]", cells, True, least)
    cells = [_with_name(name, v) for v in frame[name]]
    widest = max(map(cell_len, cells), default=0)
    readable = named if name in NAMED else READABLE
    return Column(name, cells, False, max(cell_len(name), min(widest, readable)))


def _ends(columns: Sequence[Column]) -> list[int]:
    """The page that each column needs with those before it."""
    return list(accumulate(c.least + GAP for c in columns))


def _table(columns: Sequence[Column]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(header_style="bold", box=None, pad_edge=False)
    for c in columns:
        if c.is_number:
            table.add_column(c.header, justify="right", no_wrap=True)
        else:
            table.add_column(c.header, overflow="fold", min_width=c.least)
    for row in zip(*(c.cells for c in columns), strict=True):
        table.add_row(*map(escape, row))
    return table


def _folded(header: str, letters: int) -> str:
    """A header on lines of about so many letters, broken at blanks and after underscores."""
    lines = wrap(header.replace("_", "_ "), letters, break_long_words=False)
    return "\n".join(line.replace("_ ", "_") for line in lines)


def _with_name(column: str, value: object) -> str:
    """A code beside its English name, where the column holds codes and the vocabulary has a name."""
    from zizhu.vocab import names

    code = "" if value is None else str(value)
    kinds = {"sector": names.sector, "input": names.sector, "hs6": names.product}
    kinds |= dict.fromkeys(COUNTRIES, names.name)
    if column in NODES:
        kinds[column] = _node if ":" in code else names.name
    try:
        name = kinds[column](code) if column in kinds else code
    except ZizhuError:  # a table may have economies and products of its own
        return code
    return name if column == "hs6" or name == code else f"{code} {name}"


def _node(code: str) -> str:
    """`VNM:C26` as 'Viet Nam, electronics and optics': short enough for a column."""
    from zizhu.vocab import names

    who, _, what = code.partition(":")
    return f"{names.name(who)}, {names.within(names.sector(what))}"


def cell(value: Any, unit: str) -> str:
    """A table cell: shares as percent, numbers with separators, nothing for null."""
    from zizhu.show.format import amount, percent

    if value is None:
        return ""
    if isinstance(value, float) and unit.startswith("share"):
        return percent(value, 2)
    if isinstance(value, int | float) and not isinstance(value, bool) and unit:
        return amount(float(value), 4)
    return str(value)


def report(error: ZizhuError) -> int:
    """Print all problems of an error on standard error; returns the exit code."""
    from zizhu.cli.screen import errors

    console = errors()
    word = "This cannot be answered" if error.exit_code == 3 else "This input has a problem"
    if len(error.problems) > 1:
        word = f"{len(error.problems)} problems"
    console.print(f"[bold red]{word}[/]")
    for problem in error.problems:
        _print_problem(console, problem)
    return error.exit_code


def _print_problem(console: Any, problem: Problem) -> None:
    for name, text in (
        ("what", problem.what),
        ("where", problem.where),
        ("expected", problem.expected),
        ("do", problem.remedy),
    ):
        console.print(f"  {name:>8}  {text}", markup=False, soft_wrap=True)
    console.print()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say on a terminal's standard error what is being done, while it is being done."""
    from zizhu.cli.screen import errors

    console = errors()
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
