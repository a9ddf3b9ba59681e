"""A table in text whose first row and first column are labels, read piece by piece into dense arrays.

Pieces are parsed by several threads straight into the arrays, so that memory is that of the result and of a few
pieces of text.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from zizhu.sources.files import decimals
from zizhu.sources.files.archive import Member, blocks
from zizhu.sources.files.cells import delimiter_of
from zizhu.sources.files.decimals import Floats, Places
from zizhu.sources.files.wrong_cells import Cause, WrongCells, no_number, shown, words
from zizhu.vocab.problems import Problem, ZizhuError

PIECE = 1 << 18
"""Bytes of text that are parsed together: their words fit in the cache of a core."""
WAITING = 3
"""Pieces that may wait for a thread."""
SPARE = 64
"""Rows beyond the number of columns for which room is made at once: value added, taxes, totals."""
WIDEST = 200_000
"""Columns: the widest published table has 32,000."""
NEWLINE = 10
Edges = Callable[[tuple[str, ...]], Sequence[int]]
"""Where the columns of a header are cut into parts."""


def _uncut(_: tuple[str, ...]) -> Sequence[int]:
    return ()


@dataclass(frozen=True)
class Labelled:
    """Labels of rows and columns, and the values in one array (r, width) for each part of the columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    parts: tuple[Floats, ...]
    where: str

    @property
    def values(self) -> Floats:
        """All values (r, c)."""
        return self.parts[0] if len(self.parts) == 1 else np.hstack(self.parts)


@dataclass(frozen=True)
class Layout:
    """What the header says: labels of the columns, delimiter, and the first and last column of every part."""

    columns: tuple[str, ...]
    delimiter: bytes
    spans: tuple[tuple[int, int], ...]
    where: str

    @property
    def width(self) -> int:
        """Cells of a line."""
        return len(self.columns) + 1


@dataclass
class _Room:
    """Arrays that grow: one (rows, width) for each part."""

    parts: list[Floats]
    rows: list[str] = field(default_factory=list)

    def grow(self, rows: int) -> None:
        """Room for that many more rows, and for as many again as there are."""
        more = max(rows, len(self.parts[0]))
        self.parts = [np.concatenate([p, np.empty((more, p.shape[1]))]) for p in self.parts]


def read_matrix(member: Member, edges: Edges = _uncut) -> Labelled:
    """The whole matrix, its columns cut at `edges(columns)` into parts; empty cells are 0.

    Raises ZizhuError, with line and column, for rows of another length than the header, cells that are no finite
    numbers, labels that repeat, text that is not UTF-8 or has no delimiter, and a table too large for the memory.
    """
    with member.open() as stream:
        pieces = blocks(stream, member.where, PIECE)
        head, _, rest = next(pieces, b"").partition(b"\n")
        layout = _layout(head, member.where, edges)
        try:
            room = _Room(_empty(layout, member.size))
            _fill(room, layout, _numbered(rest, pieces))
        except MemoryError as error:
            raise ZizhuError(_too_large(layout)) from error
    if not room.rows:
        raise ZizhuError(Problem("no rows", member.where, "a row for every industry", "Get the file again."))
    _require_unique(room.rows, f"{member.where}, first column")
    parts = tuple(part[: len(room.rows)] for part in room.parts)
    return Labelled(tuple(room.rows), layout.columns, parts, member.where)


def _empty(layout: Layout, size: int) -> list[Floats]:
    """Arrays of which only what is written takes memory; a cell takes at least one byte of the file."""
    rows = len(layout.columns) + SPARE
    if size:
        rows = min(rows, size // layout.width + 1)
    return [np.empty((rows, last - first)) for first, last in layout.spans]


def _fill(room: _Room, layout: Layout, pieces: Iterator[tuple[int, bytes]]) -> None:
    """Parse the pieces into the room, in threads; the labels are in the order of the file."""
    waiting: deque[Future[list[str]]] = deque()
    placed = 0
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        try:
            for line, piece in pieces:
                rows = piece.count(b"\n")
                if placed + rows > len(room.parts[0]):
                    _take(room, waiting, 0)
                    room.grow(rows)
                out = [part[placed : placed + rows] for part in room.parts]
                waiting.append(pool.submit(_parse, piece, layout, line, out))
                placed += rows
                _take(room, waiting, WAITING)
            _take(room, waiting, 0)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _take(room: _Room, waiting: deque[Future[list[str]]], left: int) -> None:
    """Wait until no more than `left` pieces are unparsed."""
    while len(waiting) > left:
        room.rows += waiting.popleft().result()


def _numbered(rest: bytes, pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Every piece with the number of its first line; line ends are made one, and blank lines at its end dropped."""
    line = 2
    for piece in chain((rest,), pieces):
        text = piece.translate(None, b'\r"') if b"\r" in piece or b'"' in piece else piece
        text = text.rstrip(b"\n")
        if text:
            yield line, text + b"\n"
        line += piece.count(b"\n")


def _layout(line: bytes, where: str, edges: Edges) -> Layout:
    try:
        text = line.decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError as error:
        raise ZizhuError(
            Problem(f"byte {error.start} is not UTF-8", f"{where}, line 1", "UTF-8", "Save it as UTF-8.")
        ) from error
    delimiter = delimiter_of(text)
    labels = tuple(c.strip() for c in next(csv.reader([text], delimiter=delimiter), []))[1:]
    if not 2 <= len(labels) <= WIDEST:
        raise ZizhuError(
            Problem(
                f"a first line of {len(labels) + 1} cells",
                f"{where}, line 1",
                "the labels of the columns, separated by commas",
                "Give the file as the producer publishes it.",
            )
        )
    _require_unique(labels, f"{where}, line 1")
    cuts = [0, *edges(labels), len(labels)]
    spans = tuple((a, b) for a, b in pairwise(cuts) if b > a)
    return Layout(labels, delimiter.encode(), spans, where)


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


def _parse(piece: bytes, layout: Layout, line: int, out: list[Floats]) -> list[str]:
    """Write the numbers of whole lines into `out` and return their labels."""
    text = np.frombuffer(bytes(decimals.LEAD) + piece, np.uint8)
    marks = np.flatnonzero((text == ord(layout.delimiter)) | (text == NEWLINE))
    rows = len(out[0])
    if len(marks) != rows * layout.width or (text[marks[layout.width - 1 :: layout.width]] != NEWLINE).any():
        raise ZizhuError(_ragged(piece, layout, line))
    grid = marks.reshape(rows, layout.width)
    for (first, last), part in zip(layout.spans, out, strict=True):
        start, end = grid[:, first:last].ravel() + 1, grid[:, first + 1 : last + 1].ravel()
        wrong = decimals.parse(text, start, end, part.reshape(-1))
        if len(wrong):
            cells = [bytes(text[start[i] : end[i]]).decode("utf-8", "replace") for i in wrong]
            raise ZizhuError(_no_numbers(cells, wrong, layout, first, last, line, rows))
    return _labels(text, grid)


def _labels(text: NDArray[np.uint8], grid: NDArray[np.intp]) -> list[str]:
    starts = np.concatenate([[decimals.LEAD], grid[:-1, -1] + 1])
    spans = zip(starts.tolist(), grid[:, 0].tolist(), strict=True)
    return [text[a:b].tobytes().decode("utf-8", "replace").strip() for a, b in spans]


def _ragged(piece: bytes, layout: Layout, line: int) -> list[Problem]:
    remedy = "The file may be cut short, or a decimal comma may stand for a point: get it again."
    cause = Cause("", f"{layout.width} cells as in the header", remedy, "such lines")
    wrong = WrongCells(layout.where)
    rows = piece.removesuffix(b"\n").split(b"\n")
    for number, row in enumerate(rows, start=line):
        if (cells := row.count(layout.delimiter) + 1) != layout.width:
            wrong.add(cause, f"{cells} cells", f"line {number}")
    return wrong.problems(_among(line, len(rows)))


def _no_numbers(
    cells: Sequence[str], places: Places, layout: Layout, first: int, last: int, line: int, lines: int
) -> list[Problem]:
    """What is wrong with cells of the columns from `first` to `last`, of which `places` says which they are."""
    wrong = WrongCells(layout.where)
    remedy = "Is it a decimal comma, a remark, or a cut line? Mend the cell or get the file again."
    for cell, place in zip(cells, places.tolist(), strict=True):
        row, column = divmod(place, last - first)
        cause = Cause(words(no_number(cell)), "a number such as 1234.5", remedy)
        wrong.add(cause, shown(cell), f"line {line + row}, column {layout.columns[first + column]}")
    return wrong.problems(_among(line, lines))


def _among(line: int, lines: int) -> str:
    """The lines that were read together: no others are counted."""
    return f"in lines {line} to {line + lines - 1}"


def _too_large(layout: Layout) -> Problem:
    return Problem(
        f"{len(layout.columns):,} columns and their rows do not fit in memory",
        layout.where,
        "a table that the machine can hold",
        "Use a machine with more memory, or a smaller table of the same producer.",
    )
