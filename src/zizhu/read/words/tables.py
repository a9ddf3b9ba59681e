"""Tables in a text: rows are lines, their cells stand between tabs or upright bars."""

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
_WIDEST = 100
"""Cells of a row, at most: a wider one is no table that somebody reads."""
_LONGEST_CAPTION = 200


class Row(NamedTuple):
    """A line of a table with its cells, blanks around them left out."""

    span: Span
    cells: tuple[Span, ...]


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
        over = [next((c for c in reversed(cells[1:]) if c.end > c.start), Span(0, 0)) for cells in above]
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


@lru_cache(maxsize=4)
def tables(text: str) -> Tables:
    """The tables of a text: two lines or more with cells, one under the other."""
    found = list(_tables(text)) if "\t" in text or "|" in text else []
    rows = tuple((table, row) for table in found for row in (*table.heads, *table.rows))
    return Tables(rows, tuple(row.span.start for _, row in rows))


def _tables(text: str) -> Iterator[Table]:
    group: list[Row] = []
    before, line_before = Span(0, 0), Span(0, 0)
    position = 0
    for line in text.splitlines(keepends=True):
        span = Span(position, position + len(line.rstrip("\r\n")))
        position += len(line)
        row = _row(text, span)
        if row:
            before = before if group else line_before
            group.append(row)
        elif not (group and _is_rule(line)):
            yield from _table(group, before)
            group = []
        line_before = span
    yield from _table(group, before)


def _table(group: list[Row], before: Span) -> Iterator[Table]:
    """The table that rows make; one above them with a single cell is its caption."""
    caption = before if before.end - before.start <= _LONGEST_CAPTION else Span(before.start, before.start)
    while group and sum(1 for c in group[0].cells if c.end > c.start) == 1:
        caption, group = group[0].span, group[1:]
    heads = 1
    while heads < len(group) and group[heads].cells[0].end == group[heads].cells[0].start:
        heads += 1  # nothing at the beginning of a row: it is part of the head
    if heads < len(group):
        yield Table(tuple(group[:heads]), tuple(group[heads:]), caption)


def _row(text: str, span: Span) -> Row | None:
    line = text[span.start : span.end]
    if max(line.count("\t"), line.count("|")) > _WIDEST:
        return None
    if "\t" in line:
        return Row(span, tuple(_cells(text, span, "\t")))
    bare = line.strip()
    if bare.count("|") < _BARS or bare[0] != "|" or _is_rule(line):
        return None
    first = span.start + line.index("|") + 1
    last = span.start + len(line.rstrip())
    last -= text[last - 1] == "|"
    return Row(span, tuple(_cells(text, Span(first, last), "|")))


def _is_rule(line: str) -> bool:
    return "-" in line and bool(_RULE.fullmatch(line))


def _cells(text: str, of: Span, mark: str) -> Iterator[Span]:
    at = of.start
    for part in text[of.start : of.end].split(mark):
        bare = part.strip()
        first = at + (part.index(bare) if bare else 0)
        yield Span(first, first + len(bare))
        at += len(part) + 1
