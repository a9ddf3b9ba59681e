"""How far the cells of a workbook reach, looked at before a library makes room for every cell up to the farthest.

Of an .xlsx the name of every cell counts (not of those without one), for a sheet may say less of itself than it
holds; of an .xlsb what the sheet says of itself ([MS-XLSB], BrtWsDim). A sheet of an .xls has at most 65,536 rows of
256 columns.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import IO
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from zizhu.sources.files.archive import LONGEST_LINE
from zizhu.sources.files.cells import letters
from zizhu.vocab.problems import Problem, ZizhuError

CELLS = 32 << 20
"""Rows of a sheet times its columns: five times the largest published table, and a gigabyte in the library."""
LETTERS, DIGITS = 3, 7
"""Of the name of a cell in a sheet of 1,048,576 rows and 16,384 columns."""
STEP = 1 << 20
_LONGEST_NAME = len(' r="') + LETTERS + DIGITS + 1
_BLANK = 32
_ODD = re.compile(rb"""r\s*=\s*["']\s*([A-Za-z]{0,20})(\d{0,20})""")
_SHEET, _DATA, _DIMENSION = 129, 145, 148
"""Types of records: the beginning of a sheet, that of its cells, and its dimension."""

Reach = tuple[int, int]
"""Rows and columns of a sheet, up to the last that is not blank."""


def require_near(content: bytes, where: str, most: int = CELLS) -> None:
    """Raise ZizhuError for a sound workbook with a sheet of more than `most` cells up to its farthest."""
    if not content.startswith(b"PK"):
        return
    with ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            reach = {"xml": _of_xml, "bin": _of_records}.get(name.rpartition(".")[2].lower())
            if reach is None:
                continue
            with archive.open(name) as part:
                rows, columns = reach(part)
            if rows * columns > most:
                raise ZizhuError(_far(rows, columns, f"{where}, {name}", most))


def _far(rows: int, columns: int, where: str, most: int) -> Problem:
    farthest = f"{letters(columns - 1)}{rows}" if columns < 1 << 20 else f"row {rows:,}"
    what = f"cells as far as {farthest}: {rows:,} rows of {columns:,} columns"
    remedy = "Clear what stands far from the table (Ctrl+End goes there), or save the sheet as CSV."
    return Problem(what, where, f"a sheet of at most {most:,} cells", remedy)


def _of_xml(part: IO[bytes]) -> Reach:
    """How far the cells go that a part in XML names."""
    rows = columns = 0
    for text in _whole_tags(part):
        down, right = _named(np.frombuffer(text, np.uint8), text)
        rows, columns = max(rows, down), max(columns, right)
    return rows, columns


def _whole_tags(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that end with a tag."""
    rest = b""
    while piece := part.read(STEP):
        whole, end, tail = piece.rpartition(b">")
        if end:
            yield rest + whole + end + bytes(_LONGEST_NAME)
            rest = tail
        elif len(rest := rest + piece) > LONGEST_LINE:
            raise ValueError("text without an end")


def _named(text: NDArray[np.uint8], raw: bytes) -> Reach:
    """The farthest row and column that attributes `r` name in tags which are not empty."""
    ends = np.flatnonzero(text == ord(">"))
    at = np.flatnonzero(text == ord("r"))
    at = at[(at > 0) & (text[at - 1] <= _BLANK) & ((text[at + 1] == ord("=")) | (text[at + 1] <= _BLANK))]
    at = at[np.searchsorted(ends, at) < len(ends)]
    at = at[text[ends[np.searchsorted(ends, at)] - 1] != ord("/")]
    column, place = _number(text, at + len('r="'), LETTERS, ord("A"), 26)
    row, place = _number(text, place, DIGITS, ord("0"), 10)
    usual = (text[at + 1] == ord("=")) & (text[at + 2] == text[place])
    others = [_odd(raw, int(i)) for i in at[~usual]]
    rows = [int(row[usual].max(initial=0)), *(r for r, _ in others)]
    return max(rows), max([int(column[usual].max(initial=0)), *(c for _, c in others)])


def _number(
    text: NDArray[np.uint8], at: NDArray[np.intp], most: int, first: int, base: int
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The numbers of up to `most` signs from each place on, letters from 1 and digits from 0, and where they end."""
    value, place = np.zeros(len(at), np.int64), at.copy()
    for _ in range(most):
        sign = text[place].astype(np.int64) - first
        there = (sign >= 0) & (sign < base)
        value = np.where(there, value * base + sign + (base == 26), value)
        place += there
    return value, place


def _odd(raw: bytes, at: int) -> Reach:
    """Row and column of a name that is spelled as Excel does not, though a library may read it."""
    found = _ODD.match(raw, at)
    column = 0
    for letter in (found[1] if found else b"").upper():
        column = 26 * column + letter - 64
    return int(found[2] or 0) if found else 0, column


def _of_records(part: IO[bytes]) -> Reach:
    """How far a sheet in binary records says that it goes; (0, 0) of another part."""
    kind, size = _varied(part, 2), _varied(part, 4)
    if kind != _SHEET:
        return 0, 0
    while kind not in (_DATA, _DIMENSION, None):
        part.read(size or 0)
        kind, size = _varied(part, 2), _varied(part, 4)
    if kind != _DIMENSION:
        return 0, 0
    _, row, _, column = struct.unpack("<4I", part.read(16))
    return row + 1, column + 1


def _varied(part: IO[bytes], most: int) -> int | None:
    """A number in up to `most` bytes of seven bits, the lowest first; None at the end."""
    value = 0
    for i in range(most):
        byte = part.read(1)
        if not byte:
            return None
        value |= (byte[0] & 0x7F) << 7 * i
        if byte[0] < 0x80:
            break
    return value
