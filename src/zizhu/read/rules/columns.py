"""Tables in a text: a number under a year is of that year. Cells stand between tabs, rows between line ends."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from zizhu.read.model import Candidate, Number, TimeOf, When
from zizhu.read.rules.kinds import Judged, lies_ahead
from zizhu.read.rules.reading import Reading

_FAR = 900
"""Characters between a date at the head of a column and a number under it, at most: the gate looks no further."""


@dataclass
class Columns:
    """The dates at the heads of the columns of the table that is being read, by the number of tabs before them."""

    whens: dict[int, When] = field(default_factory=dict)
    head: int = -1
    """Where the row with these dates begins."""

    def after(self, read: Reading) -> None:
        """Go on past a sentence: a row of dates without figures heads a table, a line without tabs ends it."""
        first, row = _row(read.text, read.sentence.start)
        if "\t" not in row:
            self.whens, self.head = {}, -1
        elif read.whens and not read.numbers and (self.head == first or not self.whens):
            self.head = first
            self.whens |= {read.text.count("\t", first, w.span.start): w for w in read.whens}

    def over(self, read: Reading, number: Number) -> When | None:
        """The date of the column that a number stands in, if it is close enough to be evidence."""
        at = number.span.start
        first, row = _row(read.text, at)
        if not self.whens or "\t" not in row or first == self.head:
            return None
        when = self.whens.get(read.text.count("\t", first, at))
        near = when is not None and at - when.span.end <= _FAR and "\n\n" not in read.text[when.span.end : at]
        return when if near else None


def _row(text: str, at: int) -> tuple[int, str]:
    """Where the line of a position begins, and the line."""
    first, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    return first, text[first : end if end >= 0 else len(text)]


def of_column(judged: Judged, when: When | None, day: str, plan: bool) -> Judged:
    """The kind of a number by the date of its column: ahead is an aim of a plan or a guess, past a fact."""
    if when is None or not day or judged.kind not in ("target", "actual", "forecast"):
        return judged
    if not lies_ahead(when, day):
        return Judged("actual", "kind.column")
    if judged.kind == "actual":
        return Judged("target" if plan else "forecast", "kind.column")
    return judged


def dated_by(made: Candidate, when: When | None) -> Candidate:
    """A candidate with the date of its column."""
    if when is None:
        return made
    return replace(made, times=(TimeOf(when, "deadline" if made.kind == "target" else "observation"),))
