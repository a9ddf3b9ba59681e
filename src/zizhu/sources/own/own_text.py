"""The rows of a user's text table: in any encoding, in pieces of whole lines, none inside a quotation."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any

import numpy as np
import polars as pl

from zizhu.sources.files import archive
from zizhu.sources.own.mapping import Layout
from zizhu.sources.own.own_file import OwnFile, binary
from zizhu.sources.own.piece import Piece, names_of, uneven
from zizhu.vocab.problems import Problem, ZizhuError

_QUOTE = b'"'


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


def text_pieces(own: OwnFile, encoding: str, size: int) -> Iterator[bytes]:
    """The text in UTF-8 in pieces of whole lines that end with a newline alone, none inside a quotation."""
    assert own.member is not None
    with own.member.open() as stream:
        recoded: Any = _Recoded(stream, encoding, own.where)
        held: list[bytes] = []
        quotes = kept = 0
        for block in archive.blocks(recoded, own.where, size):
            if b"\0" in block:
                raise ZizhuError(binary(own.where))
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


def of_text(own: OwnFile, layout: Layout, size: int) -> Iterator[Piece]:
    """All rows below the names; raises ZizhuError at uneven rows."""
    names: list[str] = []
    line = 1
    for text in text_pieces(own, layout.encoding, size):
        if not names:
            rows, above, text = _above(text, layout)
            names = names_of(rows, layout, own.where)
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
            raise ZizhuError(uneven(bad, len(names), where))
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
