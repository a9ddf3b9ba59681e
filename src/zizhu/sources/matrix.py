"""A table in text whose first row and first column are labels, read block by block into one dense array."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.sources.archive import Member, blocks
from zizhu.vocab.problems import Problem, ZizhuError

Floats = NDArray[np.float64]
PIECE = 8 << 20
DELIMITERS = ",;\t|"
SPARE = 64
"""Rows beyond the number of columns for which room is made at once: value added, taxes, totals."""


@dataclass(frozen=True)
class Labelled:
    """Values (r, c) with the label of every row and column; empty cells are 0."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats
    where: str


@dataclass(frozen=True)
class Layout:
    """What the header says: the labels of the columns, and the delimiter as a byte."""

    columns: tuple[str, ...]
    delimiter: bytes
    where: str

    @cached_property
    def one_a_line(self) -> bytes:
        """The translation that gives every cell a line of its own."""
        return bytes.maketrans(self.delimiter, b"\n")


def read_matrix(member: Member) -> Labelled:
    """The whole matrix; memory is that of the result and of a few pieces of the text.

    Raises ZizhuError, with line and column, for rows of another length than the header, cells that are no finite
    numbers, labels that repeat, and text that is not UTF-8 or has no delimiter.
    """
    with member.open() as stream:
        pieces = blocks(stream, member.where, PIECE)
        head, _, rest = next(pieces, b"").partition(b"\n")
        layout = _layout(head, member.where)
        values = np.empty((len(layout.columns) + SPARE, len(layout.columns)))
        rows: list[str] = []
        for line, piece in _numbered(rest, pieces):
            labels, read = _piece(piece, layout, line)
            while len(rows) + len(labels) > len(values):
                values = np.concatenate([values, np.empty_like(values)])
            values[len(rows) : len(rows) + len(labels)] = read
            rows += labels
    if not rows:
        raise ZizhuError(Problem("no rows", member.where, "a row for every industry", "Get the file again."))
    _require_unique(rows, f"{member.where}, first column")
    return Labelled(tuple(rows), layout.columns, values[: len(rows)], member.where)


def _numbered(rest: bytes, pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Every piece with the number of its first line; line ends are made one, and blank ends dropped."""
    line = 2
    for piece in (rest, *pieces) if rest else pieces:
        text = piece.translate(None, b'\r"') if b"\r" in piece or b'"' in piece else piece
        text = text.rstrip(b"\n")
        if text:
            yield line, text
        line += piece.count(b"\n")


def _layout(line: bytes, where: str) -> Layout:
    try:
        text = line.decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError as error:
        raise ZizhuError(
            Problem(f"byte {error.start} is not UTF-8", f"{where}, line 1", "UTF-8", "Save it as UTF-8.")
        ) from error
    delimiter = max(DELIMITERS, key=text.count)
    labels = tuple(c.strip() for c in next(csv.reader([text], delimiter=delimiter), []))[1:]
    if len(labels) < 2:
        raise ZizhuError(
            Problem(
                f"a first line of {len(labels) + 1} cells",
                f"{where}, line 1",
                "the labels of the columns, separated by commas",
                "Give the file as the producer publishes it.",
            )
        )
    _require_unique(labels, f"{where}, line 1")
    return Layout(labels, delimiter.encode(), where)


def _require_unique(labels: Iterable[str], where: str) -> None:
    repeated = [label for label, count in Counter(labels).items() if count > 1]
    if repeated:
        shown = ", ".join(repr(r) for r in repeated[:5])
        raise ZizhuError(
            Problem(
                f"{len(repeated)} labels stand there twice: {shown}",
                where,
                "every label once",
                "Get it again.",
            )
        )


def _piece(text: bytes, layout: Layout, line: int) -> tuple[list[str], Floats]:
    """Labels and values of whole lines: what follows the labels is parsed as one long column of numbers."""
    lines = text.split(b"\n")
    cells = [row.count(layout.delimiter) for row in lines]
    if any(count != len(layout.columns) for count in cells):
        raise ZizhuError(_ragged(cells, layout, line))
    cut = [row.partition(layout.delimiter) for row in lines]
    labels = [label.decode("utf-8", "replace").strip() for label, _, _ in cut]
    numbers = _filled(b"\n".join(rest for _, _, rest in cut).translate(layout.one_a_line))
    try:
        parsed = pl.read_csv(
            io.BytesIO(numbers), has_header=False, schema={"v": pl.Float64}, separator="\t", quote_char=None
        )["v"].fill_null(0.0)
    except pl.exceptions.PolarsError:
        raise ZizhuError(_no_numbers(text, layout, line)) from None
    values = parsed.to_numpy().reshape(len(labels), len(layout.columns))
    if not np.isfinite(values).all():
        raise ZizhuError(_no_numbers(text, layout, line))
    return labels, values


def _filled(numbers: bytes) -> bytes:
    """One number a line, 0 where the cell is empty: blank lines are not always read as cells."""
    blank = b"\n\n" in numbers or numbers.startswith(b"\n") or numbers.endswith(b"\n")
    return re.sub(rb"(?m)^[ ]*$", b"0", numbers) if blank else numbers


def _ragged(cells: list[int], layout: Layout, line: int) -> list[Problem]:
    wrong = [i for i, count in enumerate(cells) if count != len(layout.columns)]
    return [
        Problem(
            f"{cells[i] + 1} cells",
            f"{layout.where}, line {line + i}",
            f"{len(layout.columns) + 1} cells as in the header",
            "The file may be cut short, or a decimal comma may stand for a point: get it again.",
        )
        for i in wrong[:10]
    ]


def _no_numbers(text: bytes, layout: Layout, line: int) -> list[Problem]:
    """The first cells of a piece that are no finite numbers, found by a slow reading."""
    found: list[Problem] = []
    for number, row in enumerate(text.splitlines(), start=line):
        cells = row.split(layout.delimiter)[1:]
        for cell, name in zip(cells, layout.columns, strict=True):
            if cell.strip() and not _finite(cell):
                shown = cell[:40].decode("utf-8", "replace")
                remedy = (
                    "Is it a decimal comma, a remark, or a cut line? Mend the cell or get the file again."
                )
                where = f"{layout.where}, line {number}, column {name}"
                found.append(Problem(f"{shown!r} is no number", where, "a number such as 1234.5", remedy))
        if len(found) >= 10:
            break
    return found[:10] or [
        Problem("unreadable numbers", f"{layout.where}, from line {line}", "numbers", "Get it again.")
    ]


def _finite(cell: bytes) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
