"""The words that quantities are written with, from the packs: numerals, scales, measures, bounds, classifiers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from zizhu.read.words.phrases import Trie, backwards, forwards
from zizhu.read.words.tokens import tokens
from zizhu.vocab.packfiles import rows
from zizhu.vocab.units import units

_CARRIED = ("money", "mass", "power", "energy", "volume", "length")
_SHORT = 2


class Measure(NamedTuple):
    """A unit as words name it; `kind` is share, ratio, money, time or physical; `written` keeps the case."""

    unit: str
    kind: str
    written: str


class Classifier(NamedTuple):
    """A Chinese measure word: what it counts when no noun says so, and characters before which it is none."""

    noun: str
    not_before: str


@cache
def number_words() -> Mapping[str, Mapping[str, float]]:
    """Words of numbers with their value by kind: unit, teen, ten, hundred, group, scale, plural, ordinal, ..."""
    found: dict[str, dict[str, float]] = {}
    for r in rows("read/number_words.csv"):
        found.setdefault(r["word"], {})[r["kind"]] = float(Fraction(r["value"]))
    for r in rows("vocab/scale_words.csv"):
        if r["language"] == "en" and not r["word"].endswith("s") and r["word"] != "th":
            found.setdefault(r["word"], {})["scale"] = float(r["scale"])
    return found


@cache
def han_scales() -> Mapping[str, int]:
    """Chinese characters that multiply, as powers of ten."""
    words = [(r["word"], r["scale"]) for r in rows("vocab/scale_words.csv") if r["language"] == "zh"]
    words += [
        (r["word"], r["value"])
        for r in rows("read/number_words.csv")
        if r["language"] == "zh" and r["kind"] == "scale"
    ]
    return {word: len(str(int(float(scale)))) - 1 for word, scale in words if len(word) == 1}


@cache
def han_digits() -> Mapping[str, int]:
    """Chinese characters that are digits."""
    return {
        r["word"]: int(r["value"])
        for r in rows("read/number_words.csv")
        if r["language"] == "zh" and r["kind"] == "unit"
    }


@cache
def measures() -> Trie:
    """Units behind a number, in English and as signs."""
    return forwards((m.written, m) for m in _measures("en") if m.kind != "prefix")


@cache
def prefixes() -> Trie:
    """Signs and codes of money before a number."""
    return backwards((m.written, m.unit) for m in _measures("any"))


@cache
def prefix_heads() -> frozenset[str]:
    """The first words of signs and codes of money, as written."""
    return frozenset(tokens(m.written).word[0] for m in _measures("any"))


@cache
def han_measures() -> Mapping[str, Measure]:
    """Units behind a number in Chinese."""
    return {m.written: m for m in _measures("zh")}


@cache
def classifiers() -> Mapping[str, Classifier]:
    """Chinese measure words; those of units, too, with what they are not before."""
    return {
        r["word"]: Classifier(r["noun"], r["not_before"])
        for r in rows("read/classifiers.csv")
        if r["role"] == "classifier"
    }


@cache
def not_before() -> Mapping[str, str]:
    """Characters before which a Chinese unit is part of another word."""
    return {r["word"]: r["not_before"] for r in rows("read/classifiers.csv") if r["role"] == "unit"}


@cache
def han_nouns() -> Mapping[str, str]:
    """What is counted, in Chinese, with the English noun of its unit."""
    return {r["word"]: r["noun"] for r in rows("read/classifiers.csv") if r["role"] == "noun"}


@cache
def noun_stops() -> frozenset[str]:
    """Characters that end a Chinese noun phrase."""
    return frozenset(r["word"] for r in rows("read/noun_stops.csv"))


@cache
def bounds_before() -> Trie:
    """Comparators in front of a number."""
    return backwards((r["word"], r["bound"]) for r in _bounds("before", "en"))


@cache
def bounds_after() -> Trie:
    """Comparators behind a number."""
    return forwards((r["word"], r["bound"]) for r in _bounds("after", "en"))


@cache
def han_bounds(side: str) -> Mapping[str, str]:
    """Comparators in Chinese, `before` or `after`."""
    return {r["word"]: r["bound"] for r in _bounds(side, "zh")}


@cache
def function_words() -> Mapping[str, str]:
    """Words that end an English noun phrase, and their part of speech."""
    return {r["word"]: r["role"] for r in rows("read/function_words.csv")}


@cache
def words_of(file: str, **where: str) -> frozenset[str]:
    """The words of a list, e.g. `words_of("labels")`."""
    return frozenset(
        r["word"]
        for r in rows(f"read/{file}.csv")
        if all(r[column] == cell for column, cell in where.items())
    )


@cache
def context(role: str) -> frozenset[str]:
    """Words beside a number that say what it is, by role."""
    return words_of("context_words", role=role)


@cache
def plurals() -> Mapping[str, str]:
    """Irregular plurals with their singular."""
    return {r["word"]: r["singular"] for r in rows("read/plurals.csv")}


def _bounds(side: str, language: str) -> list[dict[str, str]]:
    return [r for r in rows("read/comparators.csv") if r["side"] == side and r["language"] == language]


def _measures(language: str) -> list[Measure]:
    """Words of the table of units that stand for one base unit, then those of this reading, which come first."""
    found = [] if language == "any" else _carried(language)
    found += [
        Measure(r["unit"].rstrip("*"), r["kind"], r["word"])
        for r in rows("read/measure_words.csv")
        if r["language"] == language
    ]
    return found


def _carried(language: str) -> list[Measure]:
    known = units()
    found = []
    for r in rows("vocab/unit_words.csv"):
        of = known[r["unit"]]
        single = r["language"] == language and r["scale"] == "1" and of.dimension in _CARRIED
        if single and (of.dimension != "money" or of.code == of.currency) and r["word"] != "mt":
            found.append(Measure(r["unit"], "money" if of.dimension == "money" else "physical", r["word"]))
    return found
