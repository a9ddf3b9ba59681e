"""Answers on the terminal: a table for people, JSON for programs, problems on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from zizhu.ledger.result import Result
    from zizhu.store import Workspace


PIPE_WIDTH = 160


def emit_json(content: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


def result_json(result: Result) -> dict[str, Any]:
    """`{columns, units, rows, run}` with basis, coverage and notes."""
    frame = result.table()
    return {
        "columns": frame.columns,
        "units": dict(result.units),
        "rows": [list(r) for r in frame.iter_rows()],
        **result.provenance,
    }


def give(
    ws: Workspace,
    result: Result,
    order: pl.DataFrame,
    title: str,
    top: int,
    as_json: bool,
    figure: Path | None,
    example: str,
) -> None:
    """Keep the run, draw the answer where asked, and print it in the form asked for."""
    if figure is not None:
        draw(result, figure)
    ws.save_run(result.run)
    if as_json:
        emit_json(result_json(result))
    else:
        show_result(result, order, title, top, example)


def draw(result: Result, path: Path) -> None:
    """Write the answer's figure as SVG, or as its Vega-Lite specification when the file ends in .json."""
    from zizhu.show.render import render
    from zizhu.show.spec import spec

    if path.suffix.casefold() == ".json":
        save(path, json.dumps(spec(result.figure()), ensure_ascii=False, indent=1))
    else:
        save(path, render(result.figure()))


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises ZizhuError where it cannot be written."""
    from zizhu.store.files import write_atomic

    try:
        write_atomic(path, text.encode())
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


def show_result(result: Result, frame: pl.DataFrame, title: str, top: int, example: str = "") -> None:
    """Print the first `top` rows, then what the answer covers and how to open a number."""
    page = console()
    page.print(_table(frame.head(top), result.units, title))
    if frame.height > top:
        page.print(f"[dim]{frame.height - top} more rows: --top {frame.height}, or --json for all.[/]")
    page.print(f"[bold]Basis.[/] {result.basis}.")
    for c in result.coverage:
        share = "not known" if c.share is None else f"{c.share:.0%}{' (assumed)' if c.assumed else ''}"
        page.print(f"[bold]Coverage of {c.what}: {share}.[/] {c.statement}")
    for note in result.notes:
        page.print(f"[bold]Note.[/] {note}")
    if frame.height and example:
        page.print(
            f"[dim]Open a number: zizhu trace '{result.ref(frame.row(0, named=True), example)}'[/]",
            soft_wrap=True,
        )


def console() -> Console:
    """Standard output: the terminal's width, or a wide page when it is a pipe."""
    from rich.console import Console

    page = Console(highlight=False)
    return page if page.is_terminal else Console(highlight=False, width=PIPE_WIDTH)


def _table(frame: pl.DataFrame, units: Any, title: str) -> Any:
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in frame.columns:
        numeric = column in units
        header = f"{column}\n[dim]{units[column]}[/]" if numeric else column
        table.add_column(header, justify="right" if numeric else "left", overflow="fold")
    for row in frame.iter_rows(named=True):
        table.add_row(*(cell(v, units.get(c, "")) for c, v in row.items()))
    return table


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
    from rich.console import Console

    console = Console(stderr=True)
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
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
