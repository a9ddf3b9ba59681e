"""The words of tables that people make: names of columns, units as they are written, totals and signs for missing.

The words are data (`packs/vocab/column_names.csv` and `unit_words.csv`) in English and Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from zizhu.vocab import units
from zizhu.vocab.countries import folded
from zizhu.vocab.packfiles import rows

_BRACKETS = re.compile(r"[(\[（【{]([^()\[\]（）【】{}]*)[)\]）】}]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OTHER = re.compile(r"[\W_]+")
_UNIT_LEAD = re.compile(r"^(?:计量单位|单位|unit|units|in)\s*[:：]?\s*", re.IGNORECASE)
_UNIT_LINE = re.compile(r"(?:计量单位|单位|units?)\s*[:：]\s*([^,，;；)）\s][^,，;；)）]*)", re.IGNORECASE)
_PRICES = re.compile(r"\b(?:current|constant|prices?|nominal|value in)\b|现价|当年价")


@dataclass(frozen=True)
class Measure:
    """A unit as it was written: one of it is `scale` times the vocabulary's `unit`."""

    unit: str
    scale: float


def name_words(header: str) -> str:
    """A column's name as it is looked up: without what stands in brackets, in words of lower case.

    >>> name_words("TradeValue_USD (thousand)"), name_words("产量（万吨）")
    ('trade value usd', '产量')
    """
    bare = _BRACKETS.sub(" ", header)
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
    return tuple(folded(w.replace("~", " x")).replace(" x", " ") for w in _of(role, "value-end"))


def _of(role: str, where: str) -> Iterator[str]:
    return (r["word"] for r in rows("vocab/column_names.csv") if (r["role"], r["where"]) == (role, where))


@cache
def _measures() -> Mapping[str, Measure]:
    return {
        folded(r["word"]): Measure(r["unit"], float(r["scale"])) for r in rows("vocab/unit_words.csv")
    } | {folded(u): Measure(u, 1.0) for u in units.units() if folded(u) not in ("mt",)}


@cache
def measure(text: str) -> Measure | None:
    """The unit that a text names, None where it names none.

    >>> measure("万元"), measure("thousand USD")
    (Measure(unit='CNY', scale=10000.0), Measure(unit='USD', scale=1000.0))
    """
    bare = _UNIT_LEAD.sub("", text.strip()).strip()
    if bare in units.units():
        return Measure(bare, 1.0)
    key = " ".join(_PRICES.sub(" ", folded(bare).replace("_", " ")).strip(" ,;").split())
    return _measures().get(key)


def measure_in(header: str) -> tuple[Measure, str] | None:
    """The unit in a column's name and the text that says it: in brackets, after a comma, at the end or alone.

    >>> measure_in("工业总产值(万元)")
    (Measure(unit='CNY', scale=10000.0), '万元')
    """
    name = header.strip()
    pieces = [
        *reversed(_BRACKETS.findall(name)),
        *(name.rpartition(sep)[2] for sep in (",", "，", "/", "_in_", " in ", "：", ":") if sep in name),
    ]
    words = name.replace("_", " ").split()
    pieces += [" ".join(words[-n:]) for n in (3, 2, 1) if len(words) >= n]
    for piece in pieces:
        found = measure(piece)
        if found is not None:
            return found, piece.strip()
    return None


def measure_of_title(line: str) -> tuple[Measure, str] | None:
    """The unit that a line above the table states, as `单位：万元` or `Unit: thousand USD`."""
    for said in _UNIT_LINE.findall(line):
        found = measure(said)
        if found is not None:
            return found, said.strip()
    return None
