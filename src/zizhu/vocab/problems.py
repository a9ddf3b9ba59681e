"""What is wrong with an input, said so that a person can mend it."""

from __future__ import annotations

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


SHORT = 3
"""Letters up to which a wrong ASCII text is taken for a code and not for a name."""

LONGEST = 40
"""Letters of a wrong code that are looked at: what is longer is no slip of the keyboard."""


def nearest(code: str, valid: Sequence[str], count: int = 3) -> list[str]:
    """The valid codes that are the fewest slips of the keyboard away from `code`, best first.

    A code that begins as the other one, or is its beginning, is one slip away. Swapped letters come before
    wrong ones, and a shared beginning decides ties.

    >>> nearest("CNH", ["CAN", "CHE", "CHN", "USA"])
    ['CHN', 'CAN', 'CHE']
    """
    wrong = code.casefold()

    def rank(right: str) -> tuple[int, bool, int, str]:
        folded = right.casefold()
        prefix = next(
            (i for i, (a, b) in enumerate(zip(wrong, folded, strict=False)) if a != b), shorter(right)
        )
        slips = 1 if prefix == shorter(right) > 1 else _slips(wrong, folded)
        return slips, sorted(wrong) != sorted(folded), -prefix, right

    def shorter(right: str) -> int:
        return min(len(wrong), len(right))

    wrong = wrong[:LONGEST]
    limit = max(1, (len(wrong) + 1) // 2)
    near = (rank(v) for v in valid if wrong)
    return [right for slips, _, _, right in sorted(near)[:count] if slips <= limit]


def _some(valid: Sequence[str]) -> str:
    return f"For example: {', '.join(list(valid)[:5])}." if valid else "There is none yet."


def _slips(a: str, b: str) -> int:
    """Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


def unknown(kind: str, code: str, valid: Sequence[str], where: str, names: Sequence[str] = ()) -> Problem:
    """The problem of a code that is not in its vocabulary, with the nearest valid ones.

    `names` are what may be written instead of a code, except by what is too short for a name (SHORT).
    """
    short = code.isascii() and len(code) <= SHORT
    close = nearest(code, valid if short else [*valid, *names])
    shown = code if len(code) <= 2 * LONGEST else f"{code[:LONGEST]}..."
    return Problem(
        what=f"unknown {kind} {shown!r}",
        where=where,
        expected=f"one of {len(valid)} {kind} codes",
        remedy=f"Nearest: {', '.join(close)}." if close else _some(valid),
    )
