"""The rows of a user's own table as text, a piece at a time: CSV in any encoding, Parquet, or an Excel sheet.

Nothing in a file is evaluated: a cell that begins with = is that text. Memory is that of a piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from zizhu.sources.own.mapping import Layout
from zizhu.sources.own.own_file import OwnFile, sheet_of
from zizhu.sources.own.own_text import of_text
from zizhu.sources.own.piece import Piece, names_of, require_width, uneven, unique_names
from zizhu.vocab.problems import Problem, ZizhuError

PIECE = 16 << 20
"""Bytes of text that are read at a time, and what an open quotation may hold."""
AT_ONCE = 1 << 17
"""Rows of a Parquet file that are read at a time."""


def pieces(own: OwnFile, layout: Layout, size: int = PIECE) -> Iterator[Piece]:
    """All rows of the table below its names, text in pieces of about `size` bytes.

    Raises ZizhuError at what cannot be read, and at uneven rows.
    """
    if own.form == "text":
        return of_text(own, layout, size)
    return _of_parquet(own) if own.form == "parquet" else _of_workbook(own, layout)


def _of_parquet(own: OwnFile) -> Iterator[Piece]:
    try:
        scanned = pl.scan_parquet(own.path, glob=False)
        schema = scanned.collect_schema()
        require_width(len(schema), own.where)
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
    names = names_of([_without_tail(r) for r in sheet.rows[: max(first, 1000)]], layout, own.where)
    wrong = [i for i, r in enumerate(below) if any(c.strip() for c in r[len(names) :])]
    if wrong:
        raise ZizhuError(uneven([(first + 1 + i, len(below[i])) for i in wrong], len(names), sheet.where))
    columns = {n: [r[i].strip() if i < len(r) else "" for r in below] for i, n in enumerate(names)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    yield Piece(frame, pl.int_range(first + 1, first + 1 + frame.height, eager=True))


def _without_tail(row: Sequence[str]) -> Sequence[str]:
    """The cells of a row up to the last that is not empty."""
    filled = [i for i, cell in enumerate(row) if cell.strip()]
    return row[: filled[-1] + 1] if filled else ()
