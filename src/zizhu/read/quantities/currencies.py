"""Currencies that share a word: whose dirhams they are, the countries named around them tell.

The country named last before the sum in its sentence decides, else the one that the text names most. Where none is
named, the sum has no code: a wrong currency is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from zizhu.read.model import Number
from zizhu.vocab.packfiles import rows

_BEFORE = 200
"""Characters before a sum in which its sentence may begin."""
_PLURALS = ("s", "r", "or")
_ENDS = re.compile(r"[.!?]\s|\n")


def by_country(text: str, found: Iterable[Number]) -> tuple[Number, ...]:
    """Numbers with the currencies that their text means by a shared word."""
    return tuple(_settled(text, n) if n.unit in _codes() else n for n in found)


def _settled(text: str, number: Number) -> Number:
    word = next((w for w in _words(number) if w in _shared()), "")
    if not word:
        return number
    start = number.span.start
    sentence = _ENDS.split(text[max(0, start - _BEFORE) : start])[-1] + text[start : number.span.end]
    near = _named(word).findall(sentence)
    if near:
        return replace(number, unit=_shared()[word][near[-1].lower()])
    every = Counter(_shared()[word][name.lower()] for name in _named(word).findall(text))
    return replace(number, unit=every.most_common(1)[0][0] if every else f"count:{word}")


def _words(number: Number) -> Iterable[str]:
    """The words of a number as written, each also in the singular."""
    for word in number.as_written.lower().split():
        yield word
        yield from (word.removesuffix(end) for end in _PLURALS if word.endswith(end))
        yield word.removesuffix("or") + "a"


@cache
def _shared() -> dict[str, dict[str, str]]:
    """For every shared word the currency by the names of its country, folded."""
    held: dict[str, dict[str, str]] = {}
    for row in rows("read/shared_currencies.csv"):
        names = dict.fromkeys(row["names"].lower().split(";"), row["currency"])
        held.setdefault(row["word"], {}).update(names)
    return held


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for names in _shared().values() for code in names.values())


@cache
def _named(word: str) -> re.Pattern[str]:
    names = sorted(_shared()[word], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
