"""By which signs the title, publisher and day of a document are known: rows of `packs/read/document_signs.csv`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, NamedTuple

from zizhu.vocab.packfiles import rows

Where = Literal[
    "meta",
    "data",
    "element",
    "line",
    "mail",
    "file",
    "blank",
    "dateline",
    "masthead",
    "address",
    "greeting",
    "wrote",
]
Field = Literal["title", "publisher", "published"]


class Sign(NamedTuple):
    """What a named place of a document says (`field`, "" for nothing) and how far it is believed."""

    name: str
    field: str
    confidence: float


class Found(NamedTuple):
    """A value that a document states of itself, the evidence in words, and how far it is believed (0 to 1)."""

    field: str
    value: str
    evidence: str
    confidence: float


@cache
def signs(where: Where) -> Mapping[str, Sign]:
    """The signs of one place by their folded name, the first row of a name first."""
    found: dict[str, Sign] = {}
    for row in rows("read/document_signs.csv"):
        if row["where"] == where:
            sign = Sign(row["name"], row["field"], float(row["confidence"]))
            found.setdefault(row["name"].casefold(), sign)
    return found


def best(found: Iterable[Found], field: Field) -> Found | None:
    """What is believed most of a field; the first of equals. Values that programs put in for none do not count."""
    blank = signs("blank")
    said = (f for f in found if f.field == field and f.value and f.value.casefold() not in blank)
    return max(said, key=lambda f: f.confidence, default=None)
