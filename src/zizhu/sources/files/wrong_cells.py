"""What is wrong with the cells of a table, told by cause: one problem with the first cells and how many there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from zizhu.vocab.problems import Problem

FIRST = 3
"""Cells of a cause that are told with their places."""
LONGEST = 40
"""Letters of a cell that are told."""
NoNumber = Literal["error", "formula", "date", "other sign", "thousands", "mixed signs", "text"]
WORDS: Mapping[NoNumber, str] = {
    "error": "is no number but an error of the workbook",
    "formula": "is no number but a formula without a stored value",
    "date": "is no number but a date",
    "other sign": "is no number: a decimal {sign}, or one between thousands",
    "thousands": "is no number: it has signs or blanks between thousands",
    "mixed signs": "is no number: its points and commas do not stand at groups of three digits",
    "text": "is no number",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*")
_BLANKS = re.compile(r"(?<=\d)[\s\u00a0\u202f'](?=\d{3})")
_SIGNED = re.compile(r"[+-]?[\d.,]*\d[.,]?%?")
_GROUPED = {
    ".": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?%?"),
    ",": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?%?"),
}


@dataclass(frozen=True)
class Cause:
    """What is said of a cell (behind its text), what was expected of it, and how to mend it. `many` counts them."""

    what: str
    expected: str
    remedy: str
    many: str = "such cells"


@dataclass
class _Told:
    count: int = 0
    first: list[tuple[str, str, str]] = field(default_factory=list)


class WrongCells:
    """The wrong cells of a table by cause."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._found: dict[Cause, _Told] = {}

    def add(
        self, cause: Cause, said: str, at: str, times: int = 1, hint: Callable[[], str] | None = None
    ) -> None:
        """Count `times` cells: `said` is the first as it is told, `at` its place in the table, `hint` a remedy."""
        told = self._found.setdefault(cause, _Told())
        told.count += times
        if len(told.first) < FIRST:
            told.first.append((said, at, hint() if hint else ""))

    def problems(self, within: str = "") -> list[Problem]:
        """One problem a cause; `within` is what of the table was looked at, where that is not all."""
        return [_problem(cause, told, self._where, within) for cause, told in self._found.items()]


def shown(text: str) -> str:
    """A cell as it is told."""
    return repr(text[:LONGEST])


def _problem(cause: Cause, told: _Told, where: str, within: str) -> Problem:
    (said, at, _), others = told.first[0], told.first[1:]
    what = f"{said} {cause.what}".strip()
    if told.count > 1:
        then = "; ".join(f"{text} in {place}" if place else text for text, place, _ in others)
        what += f" ({told.count:,} {cause.many}{f' {within}' if within else ''}{f'; then {then}' if then else ''})"
    hints = {hint: text for text, _, hint in reversed(told.first) if hint}
    named = (hint if len(told.first) == 1 else f"{text}: {hint}" for hint, text in reversed(hints.items()))
    remedy = " ".join((*named, cause.remedy))
    return Problem(what, ", ".join(filter(None, (where, at))), cause.expected, remedy)


def words(kind: NoNumber, decimal: str = ".") -> str:
    """What is said of a cell that is no number with that decimal sign."""
    return WORDS[kind].format(sign="comma" if decimal == "." else "point")


def is_mixed(text: str) -> bool:
    """Whether the points and commas of a text make no number, whichever is the decimal sign.

    >>> is_mixed("17621.682,97"), is_mixed("17.621.682,97")
    (True, False)
    """
    return all(no_number(text, sign) == "mixed signs" for sign in _GROUPED)


def no_number(text: str, decimal: str = ".") -> NoNumber:
    """Why a text is no number with that decimal sign.

    >>> no_number("1,5"), no_number("1,234.5"), no_number("17621.682,97"), no_number("#N/A"), no_number("n/k")
    ('other sign', 'thousands', 'mixed signs', 'error', 'text')
    """
    other = "," if decimal == "." else "."
    if text.startswith(("#", "=")):
        return "error" if text[0] == "#" else "formula"
    if _DATE.fullmatch(text):
        return "date"
    bare = _BLANKS.sub("", text)
    if not _SIGNED.fullmatch(bare) or (bare == text and not set(text) & {".", ","}):
        return "text"
    if other in bare and _GROUPED[other].fullmatch(bare):
        return "other sign"
    return "thousands" if _GROUPED[decimal].fullmatch(bare) else "mixed signs"
