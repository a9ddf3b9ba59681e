"""The rows of a user's own table as text, a piece at a time: CSV in any encoding, Parquet, or an Excel sheet.

Nothing in a file is evaluated: a cell that begins with = is that text. Memory is that of a piece.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import polars as pl

from zizhu.sources.files import archive
from zizhu.sources.files.archive import Member
from zizhu.sources.files.cells import letters
from zizhu.sources.files.workbook import Sheet, Workbook, workbook
from zizhu.sources.own.mapping import Layout
from zizhu.vocab.problems import Problem, ZizhuError, unknown

PIECE = 16 << 20
"""Bytes of text that are read at a time, and what an open quotation may hold."""
AT_ONCE = 1 << 17
"""Rows of a Parquet file that are read at a time."""
LARGEST_BOOK = 100 << 20
"""Unpacked bytes of a workbook that is read, which takes twenty times as much memory: 400,000 rows of six columns."""
WIDEST = 20_000
_QUOTE = b'"'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 1 << 16
_MARKUP = re.compile(rb"\s*<(?:\?xml|table|meta|div|style|!--)", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """Consecutive rows: `frame` has stripped texts ("" where empty), `rows` their numbers in the file."""

    frame: pl.DataFrame
    rows: pl.Series


@dataclass(frozen=True)
class OwnFile:
    """A file that was looked at: its form (text, parquet, workbook) and what of it is read."""

    path: Path
    form: str
    member: Member | None = None
    _sheets: dict[str, Sheet] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def where(self) -> str:
        """The file and the member, as problems name it."""
        return self.member.where if self.member and self.form == "text" else str(self.path)


def opened(path: Path, member: str = "") -> OwnFile:
    """The file with its form; raises ZizhuError for what is no table that can be read, and says what it is."""
    if path.exists() and not path.is_file():
        remedy = "Name the file itself."
        raise ZizhuError(Problem("a folder or device", str(path), "a file with a table", remedy))
    head = _head(path)
    if head.startswith(b"PAR1"):
        return OwnFile(path, "parquet")
    if head.startswith(_OLE):
        raise ZizhuError(_old_workbook(path))
    if head.startswith(b"PK") and _is_workbook(path):
        return OwnFile(
            path, "workbook", Member(path.name, path.stat().st_size, str(path), lambda: path.open("rb"))
        )
    chosen = _chosen(archive.members(path), member, path)
    with chosen.open() as stream:
        _require_text(stream.read(_HEAD), chosen.where)
    return OwnFile(path, "text", chosen)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise ZizhuError(Problem(what, str(path), "a readable file", "Check the path.")) from error


def _is_workbook(path: Path) -> bool:
    try:
        with ZipFile(path) as book:
            held = book.infolist()
    except (BadZipFile, OSError, ValueError):
        return False
    names = {m.filename for m in held}
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names or "content.xml" in names:
            remedy = "Save it as an Excel workbook (.xlsx) or as CSV in UTF-8."
            raise ZizhuError(Problem("a workbook of another kind", str(path), "a file .xlsx", remedy))
        return False
    size = sum(m.file_size for m in held)
    if size > LARGEST_BOOK:
        what = f"a workbook that unpacks to {size >> 20:,} MB"
        remedy = "Save the sheet as CSV in UTF-8: text of any size is read."
        raise ZizhuError(Problem(what, str(path), f"at most {LARGEST_BOOK >> 20} MB", remedy))
    return True


def _old_workbook(path: Path) -> Problem:
    return Problem(
        "an old Excel file (.xls), or one with a password",
        str(path),
        "an Excel workbook (.xlsx) without a password, or CSV",
        "Open it in Excel, take the password off and save it as .xlsx or as CSV in UTF-8.",
    )


def _chosen(members: Sequence[Member], wanted: str, path: Path) -> Member:
    held = [m for m in members if not Path(m.name).name.startswith(".") and "__MACOSX" not in m.name]
    names = [m.name for m in held]
    if wanted and wanted not in names and len(held) != 1:
        raise ZizhuError(unknown("member", wanted, names, str(path)))
    if not wanted and len(held) != 1:
        shown = ", ".join(names[:8]) or "nothing"
        remedy = "Unpack it and map one file of it, or write its name as member under layout."
        raise ZizhuError(Problem(f"an archive of {len(held)} files: {shown}", str(path), "one table", remedy))
    return next((m for m in held if m.name == wanted), held[0])


def _require_text(head: bytes, where: str) -> None:
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise ZizhuError(Problem("nothing but blanks", where, "a table", "Check the file."))
    if not wide and b"\0" in head:
        raise ZizhuError(_binary(where))
    if _MARKUP.match(head):
        remedy = "Open it in a browser or in Excel, and save the table as CSV in UTF-8 or as .xlsx."
        raise ZizhuError(
            Problem("a page or a document in XML, not a table", where, "a table in text", remedy)
        )


def _binary(where: str) -> Problem:
    remedy = "It is no text, or it is damaged: save the table as CSV in UTF-8, .xlsx or Parquet."
    return Problem("bytes that no text has (NUL)", where, "a table in text", remedy)


class _Recoded:
    """The stream in UTF-8, without a byte order mark; only what `archive.blocks` needs of a stream."""

    def __init__(self, stream: IO[bytes], encoding: str, where: str) -> None:
        self._stream, self._where, self._encoding = stream, where, encoding
        self._decode = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)().decode
        self._read = 0

    def read(self, size: int) -> bytes:
        """About `size` bytes; raises ZizhuError at bytes that are none of the encoding."""
        while True:
            piece = self._stream.read(size)
            try:
                text = self._decode(piece, not piece)
            except UnicodeDecodeError as error:
                raise ZizhuError(self._undecodable(error)) from error
            self._read += len(piece)
            if text or not piece:
                return text.encode("utf-8", "replace")

    def _undecodable(self, error: UnicodeDecodeError) -> Problem:
        what = f"byte {self._read + error.start:,} is not {self._encoding}"
        remedy = "State another encoding under layout (gb18030 for Chinese files), or save the file as UTF-8."
        return Problem(what, self._where, f"text in {self._encoding}", remedy)


def text_pieces(own: OwnFile, encoding: str, size: int = PIECE) -> Iterator[bytes]:
    """The text in UTF-8 in pieces of whole lines that end with a newline alone, none inside a quotation."""
    assert own.member is not None
    with own.member.open() as stream:
        recoded: Any = _Recoded(stream, encoding, own.where)
        held: list[bytes] = []
        quotes = kept = 0
        for block in archive.blocks(recoded, own.where, size):
            if b"\0" in block:
                raise ZizhuError(_binary(own.where))
            held.append(block)
            kept += len(block)
            quotes += block.count(_QUOTE)
            if quotes % 2 == 0:
                yield _even_ends(b"".join(held))
                held, quotes, kept = [], 0, 0
            elif kept > 4 * size:
                raise ZizhuError(_unclosed(own.where))
        if held:
            yield _even_ends(b"".join(held))


def _even_ends(text: bytes) -> bytes:
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text if text.endswith(b"\n") else text + b"\n"


def _unclosed(where: str) -> Problem:
    remedy = "A quotation mark opens and none closes it: mend the file."
    return Problem("a quotation that does not end", where, 'cells whose " come in pairs', remedy)


def sheet_of(own: OwnFile, name: str) -> Sheet:
    """A sheet of a workbook, read once; without a name the only one that has rows.

    Raises ZizhuError where there is no such sheet, or several could be meant.
    """
    if name not in own._sheets:
        found = _sheet(own, name)
        own._sheets.update({name: found, found.name: found})
    return own._sheets[name]


def _sheet(own: OwnFile, name: str) -> Sheet:
    assert own.member is not None
    book = workbook(own.member)
    if name:
        return book.sheet(name)
    filled = [s for s in map(book.sheet, book.parts) if any(any(r) for r in s.rows)]
    if len(filled) != 1:
        raise ZizhuError(_unplain(book, own, len(filled)))
    return filled[0]


def _unplain(book: Workbook, own: OwnFile, filled: int) -> Problem:
    shown = ", ".join(repr(n) for n in list(book.parts)[:12])
    remedy = f"Give --sheet one of: {shown}." if filled else "Check the file."
    return Problem(f"{filled} sheets with content", str(own.path), "one sheet", remedy)


def unique_names(header: Sequence[str]) -> list[str]:
    """Names that can be told apart: a second one has (2) behind it, one without text the letter of its column.

    >>> unique_names(["a", "a", ""])
    ['a', 'a (2)', '(C)']
    """
    named = [" ".join(h.split()) or f"({letters(i)})" for i, h in enumerate(header)]
    seen: Counter[str] = Counter()
    found: list[str] = []
    for name in named:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    if len(set(found)) < len(found):
        found = [f"{n} [{letters(i)}]" for i, n in enumerate(named)]
    return found


def pieces(own: OwnFile, layout: Layout, size: int = PIECE) -> Iterator[Piece]:
    """All rows of the table below its names, text in pieces of about `size` bytes.

    Raises ZizhuError at what cannot be read, and at uneven rows.
    """
    if own.form == "text":
        return _of_text(own, layout, size)
    return _of_parquet(own) if own.form == "parquet" else _of_workbook(own, layout)


def _of_parquet(own: OwnFile) -> Iterator[Piece]:
    try:
        scanned = pl.scan_parquet(own.path, glob=False)
        schema = scanned.collect_schema()
        _require_width(len(schema), own.where)
        names = unique_names(list(schema))
        exprs = [
            _as_text(c, t).fill_null("").str.strip_chars().alias(n)
            for (c, t), n in zip(schema.items(), names, strict=True)
        ]
        rows = int(scanned.select(pl.len()).collect().item())
        for start in range(0, rows, AT_ONCE):
            frame = scanned.slice(start, AT_ONCE).select(exprs).collect()
            yield Piece(frame, pl.int_range(start + 1, start + 1 + frame.height, eager=True))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        what = f"a Parquet file that cannot be read ({' '.join(str(error).split())[:120]})"
        raise ZizhuError(Problem(what, own.where, "a whole Parquet file", "Write it again.")) from error


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind.is_nested() or kind in (pl.Binary, pl.Object, pl.Null):
        return pl.lit("", pl.String)
    return (column.fill_nan(None) if kind.is_float() else column).cast(pl.String)


def _of_workbook(own: OwnFile, layout: Layout) -> Iterator[Piece]:
    sheet = sheet_of(own, layout.sheet)
    first = layout.header_row + layout.skip_rows
    below = sheet.rows[first:]
    names = _names([_without_tail(r) for r in sheet.rows[: max(first, 1000)]], layout, own.where)
    wrong = [i for i, r in enumerate(below) if any(c.strip() for c in r[len(names) :])]
    if wrong:
        raise ZizhuError(_uneven([(first + 1 + i, len(below[i])) for i in wrong], len(names), sheet.where))
    columns = {n: [r[i].strip() if i < len(r) else "" for r in below] for i, n in enumerate(names)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    yield Piece(frame, pl.int_range(first + 1, first + 1 + frame.height, eager=True))


def _without_tail(row: Sequence[str]) -> Sequence[str]:
    """The cells of a row up to the last that is not empty."""
    filled = [i for i, cell in enumerate(row) if cell.strip()]
    return row[: filled[-1] + 1] if filled else ()


def _names(rows: Sequence[Sequence[str]], layout: Layout, where: str) -> list[str]:
    if layout.header_row > len(rows):
        what = f"no row {layout.header_row}"
        raise ZizhuError(Problem(what, where, "the row of the names", "Correct header_row under layout."))
    widest = max(map(len, rows[:1000]), default=0)
    header = list(rows[layout.header_row - 1]) if layout.header_row else [""] * widest
    _require_width(len(header), where)
    return unique_names(header)


def _require_width(width: int, where: str) -> None:
    if not 0 < width <= WIDEST:
        raise ZizhuError(
            Problem(f"{width:,} columns", where, f"1 to {WIDEST:,}", "Check the row of the names.")
        )


def _of_text(own: OwnFile, layout: Layout, size: int) -> Iterator[Piece]:
    names: list[str] = []
    line = 1
    for text in text_pieces(own, layout.encoding, size):
        if not names:
            rows, above, text = _above(text, layout)
            names = _names(rows, layout, own.where)
            line += above
        if text.strip():
            yield _parsed(text, names, layout, line, own.where)
        line += text.count(b"\n")
    if not names:
        raise ZizhuError(Problem("an empty file", own.where, "a table", "Check the file."))


def _above(text: bytes, layout: Layout) -> tuple[list[list[str]], int, bytes]:
    """The rows up to the names, the lines down to the data, and the text of the data."""
    wanted = max(layout.header_row + layout.skip_rows, 0)
    stream = io.StringIO(text.decode("utf-8"), newline="")
    reader = csv.reader(stream, delimiter=layout.delimiter)
    if not wanted:
        return [next(reader, [])], 0, text
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows += (row for _, row in zip(range(wanted), reader, strict=False))
    lines = reader.line_num
    start = 0
    for _ in range(lines):
        start = text.find(b"\n", start) + 1
    return rows, lines, text[start:]


def _parsed(text: bytes, names: Sequence[str], layout: Layout, line: int, where: str) -> Piece:
    quoted = _QUOTE in text
    counted, starts = _cells(text, layout.delimiter, quoted)
    wrong = np.flatnonzero((counted != len(names)) & (counted != 1))
    if len(wrong):
        trailing = _blank_tails(text, starts, wrong, len(names), layout.delimiter)
        bad = [(line + int(starts[i][0]), int(counted[i])) for i in wrong if i not in trailing]
        if bad:
            raise ZizhuError(_uneven(bad, len(names), where))
    keys = [str(i) for i in range(len(names))]
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            separator=layout.delimiter,
            quote_char='"' if quoted else None,
            infer_schema=False,
            schema=dict.fromkeys(keys, pl.String),
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        raise ZizhuError(_odd_quotes(text, line, where)) from error
    numbers = line + starts[:, 0] if frame.height == len(starts) else line + np.arange(frame.height)
    tidy = frame.select(
        pl.col(k).fill_null("").str.strip_chars(" \t\u00a0\u3000\n").alias(n)
        for k, n in zip(keys, names, strict=True)
    )
    return Piece(tidy, pl.Series(numbers))


def _odd_quotes(text: bytes, line: int, where: str) -> Problem:
    """What is wrong with a text that cannot be parsed: the first line whose quotation marks do not come in pairs."""
    odd = next((i for i, row in enumerate(text.split(b"\n")) if row.count(_QUOTE) % 2), 0)
    remedy = 'Write a quotation mark inside a cell twice ("") and the cell in quotation marks.'
    what = "cells that cannot be told apart: quotation marks without their like"
    return Problem(what, f"{where}, row {line + odd:,}", 'cells whose " come in pairs', remedy)


def _cells(text: bytes, delimiter: str, quoted: bool) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Cells of each row (rows,), and its first line and first byte (rows, 2); newlines in quotations are none."""
    array = np.frombuffer(text, np.uint8)
    ends = array == ord("\n")
    marks = array == ord(delimiter)
    newlines = np.flatnonzero(ends)
    if quoted:
        inside = np.bitwise_xor.accumulate((array == ord('"')).astype(np.uint8)).astype(bool)
        lines_before = np.cumsum(ends)
        rows = np.flatnonzero(ends & ~inside)
        marks &= ~inside
        first_line = np.concatenate(([0], lines_before[rows][:-1])) if len(rows) else np.zeros(0, np.int64)
        newlines = rows
    else:
        first_line = np.arange(len(newlines))
    counts = np.add.reduceat(marks, np.concatenate(([0], newlines[:-1] + 1))) if len(newlines) else newlines
    starts = np.concatenate(([0], newlines[:-1] + 1)) if len(newlines) else newlines
    return counts.astype(np.int64) + 1, np.stack((first_line, starts), axis=1)


def _blank_tails(
    text: bytes, starts: np.ndarray[Any, Any], wrong: np.ndarray[Any, Any], width: int, delimiter: str
) -> set[int]:
    """Of the uneven rows those with more cells than the header, of which the last ones are empty."""
    found = set()
    mark = delimiter.encode()
    for i in wrong[:100_000].tolist():
        begin = int(starts[i][1])
        end = int(starts[i + 1][1]) if i + 1 < len(starts) else len(text)
        cells = text[begin:end].rstrip(b"\n").split(mark)
        if len(cells) > width and not any(c.strip() for c in cells[width:]):
            found.add(i)
    return found


def _uneven(bad: Sequence[tuple[int, int]], width: int, where: str) -> list[Problem]:
    remedy = "The file may be cut short, a cell may lack its quotes, or header_row or delimiter may be wrong."
    found = [
        Problem(f"{cells} cells", f"{where}, row {row:,}", f"{width} cells as in the header", remedy)
        for row, cells in bad[:20]
    ]
    if len(bad) > 20:
        found.append(Problem(f"{len(bad) - 20:,} more such rows", where, f"{width} cells", remedy))
    return found
