"""Consecutive rows of a user's table as text, the names of its columns, and rows that do not fit them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from zizhu.sources.files.cells import letters
from zizhu.sources.files.wrong_cells import Cause, WrongCells
from zizhu.sources.own.mapping import Layout
from zizhu.vocab.problems import Problem, ZizhuError

WIDEST = 20_000


@dataclass(frozen=True)
class Piece:
    """Consecutive rows: `frame` has stripped texts ("" where empty), `rows` their numbers in the file."""

    frame: pl.DataFrame
    rows: pl.Series


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


def names_of(rows: Sequence[Sequence[str]], layout: Layout, where: str) -> list[str]:
    """The names of the columns among the first rows; raises ZizhuError where their row is not there."""
    if layout.header_row > len(rows):
        what = f"no row {layout.header_row}"
        raise ZizhuError(Problem(what, where, "the row of the names", "Correct header_row under layout."))
    widest = max(map(len, rows[:1000]), default=0)
    header = list(rows[layout.header_row - 1]) if layout.header_row else [""] * widest
    require_width(len(header), where)
    return unique_names(header)


def require_width(width: int, where: str) -> None:
    """Raise ZizhuError where a table has no columns, or more than one that people make."""
    if not 0 < width <= WIDEST:
        raise ZizhuError(
            Problem(f"{width:,} columns", where, f"1 to {WIDEST:,}", "Check the row of the names.")
        )


def uneven(bad: Sequence[tuple[int, int]], width: int, where: str) -> list[Problem]:
    """What is wrong with rows, by number, of other cells than the header has."""
    remedy = "The file may be cut short, a cell may lack its quotes, or header_row or delimiter may be wrong."
    cause = Cause("", f"{width} cells as in the header", remedy, "such rows")
    wrong = WrongCells(where)
    for row, cells in bad:
        wrong.add(cause, f"{cells} cells", f"row {row:,}")
    return wrong.problems()
