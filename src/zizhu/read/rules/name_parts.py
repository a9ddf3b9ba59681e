"""What a name of something measured is made of, and the parts that all names share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.measured import Phrase
from zizhu.read.rules.reading import Reading
from zizhu.vocab.packfiles import rows

_MONEY_LETTERS = 3
_WHICH = frozenset(("first", "second", "third", "fourth", "next", "last", "final", "new"))
"""Words that tell phases and the like apart."""
_POWER = frozenset(("GW", "MW", "kW", "GWh", "TWh", "kWh", "MWh"))


class Said(NamedTuple):
    """What numbers before measured: the last of the same kind of unit, the last of any, and all names by their end."""

    same: str = ""
    other: str = ""
    names: Mapping[str, str] = {}


class Sum(NamedTuple):
    """A number with all that its name is made of."""

    read: Reading
    number: Number
    at: int
    said: Phrase
    marks: Sequence[Mark]
    before: Said

    @property
    def same(self) -> str:
        """What the last number of the same kind of unit measured."""
        return self.before.same

    @property
    def behind(self) -> int:
        """The token behind the number."""
        return self.read.at(self.number.span.end - 1) + 1


def unit_family(unit: str) -> str:
    """The family of a unit: percent, money, power, ratio, rank, time, area, count or amount (of mass and the like)."""
    if unit in ("percent", "percentage_point"):
        return "percent"
    if unit in _POWER:
        return "power"
    if len(unit) == _MONEY_LETTERS and unit.isupper():
        return "money"
    plain = unit.removeprefix("count:")
    if plain in ("ratio", "rank"):
        return plain
    if plain in ("year", "month", "day", "week", "hour"):
        return "time"
    if plain in ("km2", "m2", "ha", "hectare"):
        return "area"
    return (
        "count"
        if unit.startswith("count") or unit in ("person", "vehicle") or len(plain) > _MONEY_LETTERS
        else "amount"
    )


def nearest(marks: Sequence[Mark], role: str, at: int) -> str:
    """The concept of a role whose word stands nearest to a token."""
    held = [m for m in marks if m.tag == role]
    return min(held, key=lambda m: (abs(m.first - at), m.first)).value if held else ""


def joined(*parts: str) -> str:
    """Parts joined, none twice."""
    words = [w for part in parts for w in part.split("_") if w]
    return "_".join(dict.fromkeys(words))


def level(name: str) -> str:
    """What a change is of: revenue for revenue_growth."""
    for end in ("_growth_multiple", "_negative_growth", "_growth", "_change", "_decline", "_reduction"):
        name = name.removesuffix(end)
    return name


def lessened(name: str, unit: str, kind: str) -> str:
    """The name of the size of a fall: a reduction that lies ahead, negative growth or a decline that came about."""
    if kind in ("target", "forecast", "policy_event"):
        ends = "reduction"
    else:
        ends = "negative_growth" if unit == "percent" else "decline"
    return joined(level(name), ends) if name else ""


@cache
def _measures() -> dict[str, str]:
    """The words for measures with their concepts."""
    found = rows("read/indicator_words.csv")
    return {
        r["phrase"].lower(): r["concept"] for r in found if r["role"] == "measure" and r["language"] == "en"
    }


def is_measure(words: Sequence[str]) -> bool:
    """Whether words are those of a known measure: investment, sales."""
    return " ".join(words) in _measures()


def short(of: Sum, words: Sequence[str]) -> str:
    """Words of a phrase as a name: a known measure goes by its concept, with the one thing or word before it."""
    size = next((n for n in range(len(words), 0, -1) if " ".join(words[-n:]) in _measures()), 0)
    if not size:
        return "_".join(words)
    concept, rest = _measures()[" ".join(words[-size:])], words[:-size]
    things = {
        t.word: m.value for m in of.marks if m.tag == "object" for t in of.read.tokens[m.first : m.last]
    }
    thing = next((things[w] for w in rest if w in things), "_".join(rest[-1:]))
    return joined(thing, concept)


def head(of: Sum) -> str:
    """The name of the head; of a light head (`level`, `goal`) what stands behind its `of`."""
    words = of.said.head
    if words and words[-1] in words_tagged("aimed_noun"):
        words = of.said.of or (words[:-1] if words[-2:-1] and words[-2] in _measures() else ())
    elif words and words[-1] in words_tagged("light_noun") and set(words[:-1]) <= _WHICH:
        words = of.said.of
    name = short(of, words)
    known = len(words) == 1 and words[0] not in _measures()
    return of.before.names.get(name, name) if known else name
