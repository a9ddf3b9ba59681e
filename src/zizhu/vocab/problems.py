"""What is wrong with an input, said so that a person can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault of an input: what is wrong, where, what was expected, and how to mend it."""

    what: str
    where: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; expected {self.expected}. {self.remedy}"


class ZizhuError(Exception):
    """Bad input (exit code 2). Carries all problems of the input at once."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class CannotAnswer(ZizhuError):
    """The input is sound but the data cannot answer the question (exit code 3)."""

    exit_code = 3


def nearest(code: str, valid: Sequence[str], count: int = 3) -> list[str]:
    """The valid codes that look most like `code`, best first.

    >>> nearest("CNH", ["CHN", "CHE", "USA"])
    ['CHN', 'CHE']
    """
    by_folded = {v.casefold(): v for v in valid}
    return [by_folded[m] for m in difflib.get_close_matches(code.casefold(), list(by_folded), count, 0.3)]


def unknown(kind: str, code: str, valid: Sequence[str], where: str) -> Problem:
    """The problem of a code that is not in its vocabulary, with the nearest valid ones."""
    close = nearest(code, valid)
    return Problem(
        what=f"unknown {kind} {code!r}",
        where=where,
        expected=f"one of {len(valid)} {kind} codes",
        remedy=f"Nearest: {', '.join(close)}." if close else f"For example: {', '.join(list(valid)[:5])}.",
    )
