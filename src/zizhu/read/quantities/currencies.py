"""Currencies that share a word: whose dirhams they are, the countries named around them tell.

The country named last before the sum in its sentence decides, else the one that the text names most. Where none is
named, the sum has no code: a wrong currency is worse than none. A plain 元 is a yuan unless the text is Taiwanese.
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
_YUAN = "元"
_PLURALS = ("s", "r", "or")
_ENDS = re.compile(r"[.!?]\s|\n")


def by_country(text: str, found: Iterable[Number]) -> tuple[Number, ...]:
    """Numbers with the currencies that their text means by a shared word."""
    settled = tuple(_settled(text, n) if n.unit in _codes() else n for n in found)
    if not any(_is_plain_yuan(n) for n in settled) or not _taiwanese(text):
        return settled
    return tuple(replace(n, unit="TWD") if _is_plain_yuan(n) else n for n in settled)


def _is_plain_yuan(number: Number) -> bool:
    return number.unit == "CNY" and number.as_written.endswith(_YUAN) and "人民币" not in number.as_written


def _taiwanese(text: str) -> bool:
    """Whether a text names more of what is Taiwan's own (行政院, 民国) than of what is mainland China's."""
    named = Counter({code: sum(text.count(name) for name in names) for code, names in _yuan().items()})
    return named["TWD"] > named["CNY"]


@cache
def _yuan() -> dict[str, tuple[str, ...]]:
    """For every currency that is called 元 the names by which a text shows that it means that one."""
    return {r["currency"]: tuple(r["names"].split(";")) for r in rows("read/yuan_names.csv")}


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
