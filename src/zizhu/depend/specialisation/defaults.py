"""The filters and the number of links that are used where none are asked for: rows of the packs, with their source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zizhu.vocab.packfiles import rows


@dataclass(frozen=True)
class Default:
    """A number with its unit, what it does, and who states it where."""

    value: float
    unit: str
    what: str
    source: str
    url: str


@cache
def defaults() -> Mapping[str, Default]:
    """All defaults by name."""
    return {
        r["name"]: Default(float(r["value"]), r["unit"], r["what"], r["source"], r["url"])
        for r in rows("vocab/complexity.csv")
    }


def default(name: str) -> float:
    """The number of one default."""
    return defaults()[name].value
