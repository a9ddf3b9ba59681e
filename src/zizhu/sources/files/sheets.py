"""A large sheet of numbers with labels above and at the left, from a workbook (.xlsx, .xlsb) or a CSV.

For sheets of millions of cells; small ones with merged cells and dates are read by `zizhu.sources.files.workbook`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import polars as pl

from zizhu.sources.files.archive import DAMAGE, Member, unsound
from zizhu.sources.files.cells import letters
from zizhu.sources.files.decimals import Floats
from zizhu.sources.files.extent import require_near
from zizhu.sources.files.wrong_cells import Cause, WrongCells, no_number, shown, words
from zizhu.vocab.problems import Problem, ZizhuError

LARGEST = 256 << 20
"""Bytes of a workbook, packed: the largest published table has 70 MB."""
LARGEST_TEXT = 1 << 30
"""Bytes of a sheet in text: a WIOT of 2016 has 60 MB."""
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a workbook of before 2007 (.xls) begins; it is not compressed."""


@dataclass(frozen=True)
class Grid:
    """`head` are the rows above the numbers (as wide as the sheet), `side` the cells at their left, row by row, and
    `values` (r, c) the numbers, 0 where a cell is empty. `name` is that of the sheet, empty for a CSV."""

    name: str
    head: tuple[tuple[str, ...], ...]
    side: tuple[tuple[str, ...], ...]
    values: Floats
    where: str


def grid(member: Member, above: int, left: int, sheet: int = 0) -> Grid:
    """The sheet with that many rows above and columns at the left of its numbers.

    Raises ZizhuError, with the cells, for what is no number, and for a file that is no workbook or CSV.
    """
    text = member.name.lower().endswith((".csv", ".txt"))
    name, head, body = _csv(member, above) if text else _workbook(member, above, sheet)
    if body.width <= left or not body.height:
        raise ZizhuError(_too_small(body, member.where, left))
    side = body[:, :left].select(pl.all().cast(pl.String).fill_null("").str.strip_chars())
    values = _numbers(body[:, left:], f"{member.where}{f', sheet {name}' if name else ''}", above, left)
    rows = tuple(map(tuple, _cells(head)))
    return Grid(name, rows, tuple(side.iter_rows()), values, member.where)


def texts(member: Member, rows: int | None = None) -> Iterator[tuple[str, list[list[str]]]]:
    """Every sheet with its name and its cells as text, "" where they are empty; of a CSV there is one, without a name.

    For labels only: numbers lose their last digits as text. `rows` bounds how many rows are read. Raises ZizhuError
    as `grid` does.
    """
    if member.name.lower().endswith((".csv", ".txt")):
        yield "", _cells(_csv(member, 0)[2][:rows])
        return
    import fastexcel

    with member.open() as stream:
        content = _bounded(stream, member.where)
    try:
        reader: Any = fastexcel.read_excel(content)
        for name in reader.sheet_names:
            sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", n_rows=rows)
            yield name, _cells(sheet.to_polars())
    except fastexcel.FastExcelError as error:
        raise ZizhuError(_no_workbook(member.where, str(error))) from error


def _cells(frame: pl.DataFrame) -> list[list[str]]:
    return [[(cell or "").strip() for cell in row] for row in frame.iter_rows()]


def _workbook(member: Member, above: int, sheet: int) -> tuple[str, pl.DataFrame, pl.DataFrame]:
    import fastexcel

    with member.open() as stream:
        content = _bounded(stream, member.where)
    try:
        reader: Any = fastexcel.read_excel(content)
        name = reader.sheet_names[sheet]
        plain = {"header_row": None, "schema_sample_rows": None}
        head = reader.load_sheet(name, skip_rows=0, dtypes="string", n_rows=above, **plain).to_polars()
        body = reader.load_sheet(name, skip_rows=above, **plain).to_polars()
    except (fastexcel.FastExcelError, IndexError) as error:
        raise ZizhuError(_no_workbook(member.where, str(error))) from error
    return name, head, body


def _bounded(stream: IO[bytes], where: str) -> bytes:
    """The bytes of a workbook whose parts do not unpack to more than an archive may, and whose cells are near."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ZizhuError(_no_workbook(where, f"more than {LARGEST >> 20} MB"))
    if content.startswith(OLD_EXCEL):
        return content
    if why := unsound(content):
        raise ZizhuError(_no_workbook(where, why))
    try:
        require_near(content, where)
    except DAMAGE as error:
        raise ZizhuError(_no_workbook(where, str(error))) from error
    return content


def _csv(member: Member, above: int) -> tuple[str, pl.DataFrame, pl.DataFrame]:
    with member.open() as stream:
        content = stream.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        remedy = "This is no table of a statistical office; check where it comes from."
        raise ZizhuError(
            Problem(
                f"more than {LARGEST_TEXT:,} bytes", member.where, f"at most {LARGEST_TEXT:,} bytes", remedy
            )
        )
    try:
        every = pl.read_csv(content, has_header=False, infer_schema=False, truncate_ragged_lines=False)
    except pl.exceptions.PolarsError as error:
        remedy = "Rows may be cut short: get the file again."
        what = f"no CSV ({str(error).splitlines()[0][:120]})"
        raise ZizhuError(Problem(what, member.where, "rows of one length", remedy)) from error
    return "", every[:above], every[above:]


def _numbers(cells: pl.DataFrame, where: str, above: int, left: int) -> Floats:
    """The cells as numbers (r, c); a column of text is read cell by cell."""
    values, wrong = np.empty(cells.shape), WrongCells(where)
    for j, column in enumerate(cells.iter_columns()):
        if column.dtype.is_numeric() or column.dtype == pl.Null:
            given = number = column.cast(pl.Float64)
        else:
            text = column.cast(pl.String).str.strip_chars()
            given = text.set(text == "", None)
            number = text.cast(pl.Float64, strict=False)
        for i in (given.is_not_null() & ~number.is_finite().fill_null(False)).arg_true():
            cell = str(given[i])
            wrong.add(_no_number(cell), shown(cell), f"cell {letters(j + left)}{i + above + 1}")
        values[:, j] = number.fill_null(0.0).to_numpy()
    if problems := wrong.problems():
        raise ZizhuError(problems)
    return values


def _no_number(text: str) -> Cause:
    return Cause(words(no_number(text)), "a number or nothing", "Mend the cell or get it again.")


def _no_workbook(where: str, why: str) -> Problem:
    remedy = "Give the file as the producer publishes it."
    return Problem(f"no workbook that can be read ({why[:160]})", where, "an .xlsx or .xlsb workbook", remedy)


def _too_small(body: pl.DataFrame, where: str, left: int) -> Problem:
    expected = f"rows of numbers to the right of {left} columns of labels"
    return Problem(f"{body.height} rows and {body.width} columns", where, expected, "Get the file again.")
