"""Tables in a text: a number is of the year at the head of its column, or else at the beginning of its row.

What it measures stands at the other one; a column headed `Target 2030` holds aims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from zizhu.read.model import Candidate, Number, Span, TimeOf, When
from zizhu.read.quantities.tabled import without_unit
from zizhu.read.rules.kinds import Judged, lies_ahead
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.reading import Reading
from zizhu.read.words.tables import tables

_FAR = 900
"""Characters between a date at the head of a column and a number under it, at most: the gate looks no further."""
_WORD = re.compile(r"[a-z]+")
_LONGEST = 5
"""Words of a name, at most."""


@dataclass(frozen=True)
class Column:
    """What a table says of a number: its date, whether it is an aim, the name of what it measures ("" if unknown)."""

    when: When | None
    aim: bool
    name: str


@dataclass
class Columns:
    """The dates at the heads of the columns of the table that is being read."""

    whens: dict[int, When] = field(default_factory=dict)
    head: int = -1
    """Where the row with these dates begins."""

    def after(self, read: Reading) -> None:
        """Go on past a sentence: the dates in the head of a table are those of its columns."""
        for when in read.whens:
            place = tables(read.text).at(when.span.start)
            if place is None or not place.in_head:
                continue
            if place.table.heads[0].span.start != self.head:
                self.whens, self.head = {}, place.table.heads[0].span.start
            self.whens[place.column] = when

    def over(self, read: Reading, number: Number) -> Column | None:
        """What the table that a number stands in says of it; None for a number in no table."""
        place = tables(read.text).at(number.digits.start)
        if place is None or place.in_head or place.column == 0:
            return None
        heading = " ".join(read.text[head.start : head.end] for head in place.heads)
        aim = not words_tagged("aim_noun").isdisjoint(heading.casefold().split()) or "目标" in heading
        when = self.whens.get(place.column) if place.table.heads[0].span.start == self.head else None
        if when is not None and number.span.start - when.span.end > _FAR:
            when = None
        label = place.row.cells[0]
        of_row = next((w for w in read.whens if label.start <= w.span.start < label.end), None)
        if of_row is not None and when is None:
            return Column(of_row, aim, _name(read.text, place.heads[-1]))
        return Column(when, aim, _name(read.text, label))


def _name(text: str, cell: Span) -> str:
    """The words of a cell as a name, without the unit in brackets behind them; "" in Chinese, where concepts name."""
    words = _WORD.findall(without_unit(text[cell.start : cell.end]).casefold())
    return "_".join([w for w in words if w not in words_tagged("stop")][:_LONGEST])


def of_column(judged: Judged, column: Column | None, day: str, plan: bool) -> Judged:
    """The kind of a number by its column: what is ahead is an aim of a plan or a guess, what is past a fact."""
    if column is None or judged.kind not in ("target", "actual", "forecast"):
        return judged
    if column.aim:
        return Judged("target", "kind.column")
    if column.when is None or not day:
        return judged
    if not lies_ahead(column.when, day):
        return Judged("actual", "kind.column")
    if judged.kind == "actual":
        return Judged("target" if plan else "forecast", "kind.column")
    return judged


def dated_by(made: Candidate, column: Column | None) -> Candidate:
    """A candidate with the date of its column."""
    if column is None or column.when is None:
        return made
    return replace(made, times=(TimeOf(column.when, "deadline" if made.kind == "target" else "observation"),))
