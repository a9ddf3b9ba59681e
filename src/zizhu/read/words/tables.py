"""Tables in a text: rows are lines, their cells stand between tabs, upright bars or wide gaps."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from zizhu.read.model import Span

_RULE = re.compile(r"[\s|:+-]+")
"""A line that only parts the head from the rows."""
_BARS = 3
"""Bars in a line that is a row between bars, at least."""
_GAP = re.compile(" {2,}|[ \u3000]*\u3000[ \u3000]*")
"""What parts the cells of a line that is set with blanks alone."""
_SET = 3
"""Cells of such a line, at least."""
_NARROW = 60
"""Characters of a cell of such a line, at most."""
_WIDEST = 100
"""Cells of a row, at most: a wider one is no table that somebody reads."""
_HEADS = 3
"""Rows that may head a table, at most."""
_LONGEST_CAPTION = 200
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]\s*\Z")


class Row(NamedTuple):
    """A line of a table with its cells, blanks around them left out."""

    span: Span
    cells: tuple[Span, ...]
    gaps: bool = False
    """Whether blanks alone part the cells."""


class Table(NamedTuple):
    """The rows that head the columns, the rows under them, and the line above that says what the table is of."""

    heads: tuple[Row, ...]
    rows: tuple[Row, ...]
    caption: Span


class Place(NamedTuple):
    """A cell: its table, its row and the number of its column from 0."""

    table: Table
    row: Row
    column: int

    @property
    def cell(self) -> Span:
        """The code points of the cell."""
        return self.row.cells[self.column]

    @property
    def in_head(self) -> bool:
        """Whether the cell heads a column."""
        return any(self.row is head for head in self.table.heads)

    @property
    def heads(self) -> tuple[Span, ...]:
        """The cells that head the column, from above: one above others stands over all columns to the next one."""
        *above, last = (head.cells[: self.column + 1] for head in self.table.heads)
        over = [next(filter(_is_filled, reversed(cells[1:])), Span(0, 0)) for cells in above]
        return (*over, last[self.column] if self.column < len(last) else Span(0, 0))


@dataclass(frozen=True)
class Tables:
    """The tables of a text, looked up by where they stand."""

    rows: tuple[tuple[Table, Row], ...]
    starts: tuple[int, ...]

    def row_at(self, position: int) -> tuple[Table, Row] | None:
        """The row that holds a code point, and its table."""
        k = bisect_right(self.starts, position) - 1
        return self.rows[k] if k >= 0 and position < self.rows[k][1].span.end else None

    def at(self, position: int) -> Place | None:
        """The cell that holds a code point."""
        found = self.row_at(position)
        if found is None:
            return None
        table, row = found
        held = (n for n, cell in enumerate(row.cells) if cell.start <= position < cell.end)
        column = next(held, None)
        return None if column is None else Place(table, row, column)


def parted(words: str) -> tuple[str, str]:
    """The words of a cell, and what stands in brackets behind them: `Output (GWh)` is `Output` and `GWh`."""
    found = _BRACKETS.search(words)
    return (words[: found.start()].rstrip(), found[1].strip()) if found else (words, "")


def cells(text: str) -> Iterator[Span]:
    """The cells of all lines that have some, of a table or alone."""
    return (cell for _, row in _lines(text) if row for cell in row.cells)


@lru_cache(maxsize=4)
def tables(text: str) -> Tables:
    """The tables of a text: two lines or more with cells, one under the other."""
    found = list(_tables(text)) if any(mark in text for mark in ("\t", "|", "   ", "\u3000")) else []
    rows = tuple((table, row) for table in found for row in (*table.heads, *table.rows))
    return Tables(rows, tuple(row.span.start for _, row in rows))


def _tables(text: str) -> Iterator[Table]:
    group: list[Row] = []
    before, line_before = Span(0, 0), Span(0, 0)
    for span, row in _lines(text):
        if row and len(row.cells) <= _WIDEST:
            before = before if group else line_before
            group.append(row)
        elif not (group and _is_rule(text[span.start : span.end])):
            yield from _table(group, before)
            group = []
        line_before = span
    yield from _table(group, before)


def _lines(text: str) -> Iterator[tuple[Span, Row | None]]:
    """The lines of a text, those with cells as rows."""
    position = 0
    for line in text.splitlines(keepends=True):
        span = Span(position, position + len(line.rstrip("\r\n")))
        position += len(line)
        yield span, _row(text, span)


def _table(group: list[Row], before: Span) -> Iterator[Table]:
    """The table that rows make; one above them with a single cell is its caption."""
    if any(row.gaps for row in group) and not _aligned(group):
        return
    caption = before if before.end - before.start <= _LONGEST_CAPTION else Span(before.start, before.start)
    first = next((k for k, row in enumerate(group) if sum(map(_is_filled, row.cells)) != 1), len(group))
    caption = group[first - 1].span if first else caption
    last = first + 1
    while last < min(len(group), first + _HEADS) and not _is_filled(group[last].cells[0]):
        last += 1  # nothing at the beginning of a row: it is part of the head
    if last < len(group):
        yield Table(tuple(group[first:last]), tuple(group[last:]), caption)


def _aligned(group: list[Row]) -> bool:
    """Whether rows set with blanks have one number of cells: else the blanks are those of a text."""
    return len({len(row.cells) for row in group}) == 1


def _is_filled(cell: Span) -> bool:
    return cell.end > cell.start


def _row(text: str, span: Span) -> Row | None:
    line = text[span.start : span.end]
    if "\t" in line:
        return Row(span, tuple(_cells(text, span, "\t")))
    bare = line.strip()
    if bare.count("|") < _BARS or bare[0] != "|":
        return _set(text, span)
    if _is_rule(line):
        return None
    first = span.start + line.index("|") + 1
    last = span.start + len(line.rstrip())
    last -= text[last - 1] == "|"
    return Row(span, tuple(_cells(text, Span(first, last), "|")))


def _set(text: str, span: Span) -> Row | None:
    """A row whose cells only blanks part: three at least, none of them long, and figures in two."""
    cells, at = [], span.start
    ends = (*_GAP.finditer(text, span.start, span.end), None)
    if not _SET <= len(ends) <= _WIDEST:
        return None
    for gap in ends:
        until = gap.start() if gap else span.end
        if until > at:
            cells.append(Span(at, until))
        at = gap.end() if gap else span.end
    figures = sum(any(c.isdecimal() for c in text[slice(*cell)]) for cell in cells[1:])
    short = all(cell.end - cell.start <= _NARROW for cell in cells)
    return Row(span, tuple(cells), gaps=True) if len(cells) >= _SET and short and figures > 1 else None


def _is_rule(line: str) -> bool:
    return "-" in line and bool(_RULE.fullmatch(line))


def _cells(text: str, of: Span, mark: str) -> Iterator[Span]:
    at = of.start
    for part in text[of.start : of.end].split(mark):
        bare = part.strip()
        first = at + (part.index(bare) if bare else 0)
        yield Span(first, first + len(bare))
        at += len(part) + 1
