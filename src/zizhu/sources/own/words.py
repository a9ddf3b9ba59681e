"""The words of tables that people make: names of columns, totals and signs for missing.

The words are data (`packs/vocab/column_names.csv`), in English and Chinese, some in German.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from zizhu.vocab.countries import folded
from zizhu.vocab.packfiles import rows

BRACKETS = re.compile(r"[(\[（【{]([^()\[\]（）【】{}]*)[)\]）】}]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OTHER = re.compile(r"[\W_]+")


def name_words(header: str) -> str:
    """A column's name as it is looked up: without what stands in brackets, in words of lower case.

    >>> name_words("TradeValue_USD (thousand)"), name_words("产量（万吨）")
    ('trade value usd', '产量')
    """
    bare = BRACKETS.sub(" ", header)
    return _plain(bare) or _plain(header)


@cache
def _plain(text: str) -> str:
    return " ".join(_OTHER.sub(" ", folded(_CAMEL.sub(" ", text))).split())


@cache
def roles_by_name() -> Mapping[str, str]:
    """Roles by the plain words that name a column of that role; the first row of a word counts."""
    found: dict[str, str] = {}
    for row in rows("vocab/column_names.csv"):
        if row["where"] == "name":
            found.setdefault(_plain(row["word"]), row["role"])
    return found


@cache
def cell_words(role: str) -> frozenset[str]:
    """Folded cells that speak for a role (flow, currency), or are totals or signs for missing."""
    return frozenset(folded(w) for w in _of(role, "value"))


@cache
def cell_ends(role: str) -> tuple[str, ...]:
    """Folded endings of cells that name places or firms of that role. A tilde in the file stands for a blank."""
    words = _of(role, "value-end")
    return tuple(f" {folded(w[1:])}" if w.startswith("~") else folded(w) for w in words)


@cache
def class_of_name(header: str) -> str:
    """The classification (HS, PRODCOM) that a column's name speaks of, "" where it speaks of none."""
    words = f" {name_words(header)} "
    for row in rows("vocab/column_names.csv"):
        if row["where"] == "classification" and (
            f" {row['word']} " in words if row["word"].isascii() else row["word"] in words
        ):
            return row["role"]
    return ""


def _of(role: str, where: str) -> Iterator[str]:
    return (r["word"] for r in rows("vocab/column_names.csv") if (r["role"], r["where"]) == (role, where))
