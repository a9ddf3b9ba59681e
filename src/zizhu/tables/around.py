"""What stands below a figure besides what it covers: how much of an answer is drawn, and the notes of the answer."""

from __future__ import annotations

from zizhu.ledger.result import Result


def around(result: Result, drawn: int, of: int, what: str) -> tuple[str, ...]:
    """The notes of an answer, after how many of its rows, industries or others are drawn where that is not all."""
    left = (f"Drawn: {drawn} of {of:,} {what}.",) if drawn < of else ()
    return (*left, *result.notes)
