"""The words of the calendar, from the packs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from zizhu.vocab.packfiles import rows


@cache
def calendar(kind: str, language: str = "en") -> Mapping[str, str]:
    """Words of one kind (month, weekday, season, edge, shift, stretch, ...) with their value."""
    return {
        r["word"]: r["value"]
        for r in rows("read/calendar.csv")
        if r["kind"] == kind and r["language"] == language
    }


@cache
def numbered(kind: str, language: str = "en") -> Mapping[str, int]:
    """The same where the value is a whole number."""
    return {word: int(value) for word, value in calendar(kind, language).items()}


@cache
def months_of(kind: str, language: str = "en") -> Mapping[str, tuple[int, int]]:
    """The same where the value is a first and a last month."""
    spans = {word: value.split("-") for word, value in calendar(kind, language).items()}
    return {word: (int(first), int(last)) for word, (first, last) in spans.items()}


@cache
def plan_periods(language: str) -> Mapping[str, tuple[int, int]]:
    """First and last year of the periods that are named after a plan."""
    return {
        r["name"]: (int(r["start"]), int(r["end"]))
        for r in rows("read/plan_periods.csv")
        if r["language"] == language
    }
