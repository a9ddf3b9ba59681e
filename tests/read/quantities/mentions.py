"""Sentences with the quantities and dates that a reader finds in them.

`mentions_tuned.csv` was at hand while the rules were made. `mentions_held.csv` was written before them and its single
errors were never looked at: only its score says how the rules do on new text.

A quantity is `value unit comparator`, a range `low:high unit comparator`, a vague plural `low: unit comparator`; a unit
left out is a count without a noun. All counts are compared as one unit.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from zizhu.read.model import Number

HERE = Path(__file__).parent
BOUNDS = ("=", ">", ">=", "<", "<=", "about", "under", "over")


class Quantity(NamedTuple):
    value: float | None
    low: float | None
    high: float | None
    unit: str
    bound: str


class Sentence(NamedTuple):
    language: str
    anchor: str
    text: str
    quantities: tuple[Quantity, ...]
    dates: tuple[str, ...]


def sentences(half: str) -> list[Sentence]:
    with (HERE / f"mentions_{half}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Sentence(
                r["language"],
                r["anchor"],
                r["text"],
                tuple(map(_quantity, _cells(r["quantities"]))),
                _cells(r["dates"]),
            )
            for r in csv.DictReader(file)
        ]


def _cells(text: str) -> tuple[str, ...]:
    return tuple(c.strip() for c in text.split(";") if c.strip())


def _quantity(text: str) -> Quantity:
    number, _, rest = text.partition(" ")
    unit, _, bound = rest.rpartition(" ")
    if bound not in BOUNDS:
        unit, bound = rest, "="
    low, colon, high = number.partition(":")
    if colon:
        return Quantity(None, float(low), float(high) if high else None, unit or "count", bound)
    return Quantity(float(number), None, None, unit or "count", bound)


def same(gold: Quantity, found: Number) -> bool:
    """Value and unit agree; counts are one unit."""
    pairs = zip(gold[:3], (found.value, found.low, found.high), strict=True)
    return all(map(_close, *zip(*pairs, strict=True))) and _unit(gold.unit) == _unit(found.unit)


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=5e-3)


def _unit(unit: str) -> str:
    return "count" if unit.startswith("count") else unit


def hits(gold: Sequence[Quantity], found: Sequence[Number]) -> int:
    """How many quantities are found, each at most once."""
    rest = list(found)
    count = 0
    for g in gold:
        match = next((n for n in rest if same(g, n)), None)
        if match is not None:
            rest.remove(match)
            count += 1
    return count


def f1(right: int, found: int, gold: int) -> float:
    return 2 * right / (found + gold)
