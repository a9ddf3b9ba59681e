"""What is wrong with the cells of a user's table, collected by cause over all its pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from zizhu.sources.files.wrong_cells import Cause, WrongCells, shown
from zizhu.sources.own.piece import Piece
from zizhu.vocab.problems import ZizhuError


class Faults:
    """What is wrong with a table: each cause once, with the first cells of different text and how many there are."""

    def __init__(self, where: str) -> None:
        self._wrong = WrongCells(where)

    def add(
        self,
        piece: Piece,
        column: str,
        bad: pl.Series,
        cause: Cause | Callable[[str], Cause],
        hint: Callable[[str], str] | None = None,
    ) -> None:
        """Count the cells that are marked in `bad`; `hint` makes a remedy of the text of one."""
        marked = bad.fill_null(False)
        if not marked.any():
            return
        wrong = pl.DataFrame({"text": piece.frame[column], "row": piece.rows}).filter(marked)
        counted = wrong.group_by("text", maintain_order=True).agg(pl.len(), pl.col("row").first())
        for text, times, row in counted.iter_rows():
            why = cause if isinstance(cause, Cause) else cause(text)
            at = f"row {row:,}, column {column!r}"
            self._wrong.add(why, shown(text), at, times, partial(hint, text) if hint else None)

    def note(self, cause: Cause, said: Sequence[str], total: int) -> None:
        """Count `total` faults that were found elsewhere; `said` are the first of them."""
        for i, text in enumerate(said):
            self._wrong.add(cause, text, "", 1 if i else total - len(said) + 1)

    def raise_all(self) -> None:
        """Raise ZizhuError with what was collected, if there is anything."""
        if problems := self._wrong.problems():
            raise ZizhuError(problems)
