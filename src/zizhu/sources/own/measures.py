"""Units as people write them: `万元`, `US$ million`, `1000 EUR`, in cells, names of columns and lines of title.

The words are data: units with their own words in `packs/vocab/unit_words.csv`, words of scale that stand before or
behind one of money or mass in `scale_words.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from zizhu.sources.own.words import BRACKETS, cell_words
from zizhu.vocab import units
from zizhu.vocab.countries import folded
from zizhu.vocab.packfiles import rows

_UNIT_LEAD = re.compile(r"^(?:计量单位|单位|unit|units|in)\s*[:：]?\s*", re.IGNORECASE)
_UNIT_LINE = re.compile(r"(?:计量单位|单位|units?)\s*[:：]\s*([^,，;；)）\s][^,，;；)）]*)", re.IGNORECASE)
_PRICES = re.compile(r"\b(?:current|constant|prices?|nominal|value in)\b|现价|当年价格?|不变价格?|可比价格?")
_PARTS = re.compile(r"[,，;；、]")
_TAILS = (",", "，", "/", "_in_", " in ", "：", ":")
_RATE = re.compile(r"([^\s/(（,，]+)\s*(?:/|\bper\b|\bpro\b|每)\s*\S", re.IGNORECASE)
_TEN = re.compile(r"1?(?:[ .,]?000)+|10{1,12}|10\^\d{1,2}")
_SMALL = re.compile(r"(?:10|100|0\.1|1)(?=\D|$)")
_BETWEEN = re.compile(r"^(?:of|de|von|in)\s+|^d'|\s+(?:of|de|von|in|d)$|\s+d'$|['’*.\s]+$|^['’*.\s]+")
_SCALES_ZH = "十百千万亿兆0123456789"
_LONGEST = 4
"""Words of a name that are taken for a unit."""


@dataclass(frozen=True)
class Measure:
    """A unit as it was written: one of it is `scale` times the vocabulary's `unit`."""

    unit: str
    scale: float

    @property
    def dimension(self) -> str:
        """What it measures, of the vocabulary."""
        return units.units()[self.unit].dimension


@cache
def _measures() -> Mapping[str, Measure]:
    return {
        folded(r["word"]): Measure(r["unit"], float(r["scale"])) for r in rows("vocab/unit_words.csv")
    } | {folded(u): Measure(u, 1.0) for u in units.units() if folded(u) not in ("mt",)}


@cache
def _scales() -> Mapping[str, float]:
    return {folded(r["word"]): float(r["scale"]) for r in rows("vocab/scale_words.csv")}


@cache
def _bases() -> Mapping[str, Measure]:
    """Units of money and mass that words of scale may stand beside, long words first."""
    found = {w: m for w, m in _measures().items() if m.scale == 1 and m.dimension in ("money", "mass")}
    plain = {w: m for w, m in found.items() if units.units()[m.unit].scale == 1 or m.unit == "kg"}
    return dict(sorted(plain.items(), key=lambda b: -len(b[0])))


@cache
def measure(text: str) -> Measure | None:
    """The unit that a text names, None where it names none.

    >>> measure("万元"), measure("US$ thousand"), measure("RMB mn")
    (Measure(unit='CNY', scale=10000.0), Measure(unit='USD', scale=1000.0), Measure(unit='CNY', scale=1000000.0))
    """
    bare = _UNIT_LEAD.sub("", text.strip()).strip()
    if bare in units.units():
        return Measure(bare, 1.0)
    key = " ".join(_PRICES.sub(" ", folded(bare).replace("_", " ")).strip(" ,;").split())
    return _measures().get(key) or _scaled(key)


def _scaled(key: str) -> Measure | None:
    """A unit of money or mass with its scale before or behind it."""
    for word, base in _bases().items():
        for rest in _beside(key, word):
            scale = _scale(rest, alone=base.dimension == "money")
            if scale is not None:
                return Measure(base.unit, scale * base.scale)
    return None


def _beside(key: str, word: str) -> Iterator[str]:
    """What stands before or behind a word that a text begins or ends with, if it is a word of its own there."""
    if key == word:
        return
    if key.endswith(word):
        rest = key[: -len(word)]
        if not (word[0].isalpha() and word.isascii() and rest[-1].isalpha()):
            yield rest
    if key.startswith(word):
        rest = key[len(word) :]
        code = len(word) == 3 and len(rest) <= 2
        if code or not (word[-1].isalpha() and word.isascii() and rest[0].isalpha()):
            yield rest


def _scale(text: str, alone: bool) -> float | None:
    """The number that a text of scale stands for: `mn`, `1 000`, `100 million`, `'000`; None where it is none.

    A lone letter (k, m) counts only where `alone` says so: beside tonnes it may be another unit.
    """
    bare = text
    for _ in range(3):
        bare = _BETWEEN.sub("", bare)
    if _TEN.fullmatch(bare):
        return 10.0 ** int(bare[3:]) if "^" in bare else 10.0 ** sum(c == "0" for c in bare)
    number = _SMALL.match(bare)
    word = bare[number.end() if number else 0 :].strip(" .")
    if word not in _scales() or (len(word) == 1 and word.isascii() and not alone):
        return None
    return _scales()[word] * (float(number[0]) if number else 1.0)


def measure_in(header: str) -> tuple[Measure, str] | None:
    """The unit in a column's name and the text that says it: in brackets, after a comma, at the end or alone.

    A scale and a currency that stand apart belong together. A rate, as `USD/t`, is no unit of the vocabulary.

    >>> measure_in("工业总产值(万元)")
    (Measure(unit='CNY', scale=10000.0), '万元')
    """
    name = header.strip()
    pieces = [piece.strip() for piece in _pieces(name)]
    found = [(m, piece) for piece in pieces if (m := measure(piece)) is not None]
    if not found or (_is_rate(name) and "/" not in found[0][1] and " per " not in found[0][1].casefold()):
        return None
    best = _together(found, pieces)
    return None if _is_foreign(name, *best) else best


def _pieces(name: str) -> Iterator[str]:
    """Parts of a name that may say a unit, the likeliest first."""
    for inside in reversed(BRACKETS.findall(name)):
        yield inside
        yield from _PARTS.split(inside) if _PARTS.search(inside) else ()
    yield from (name.rpartition(sep)[2] for sep in _TAILS if sep in name)
    bare = BRACKETS.sub(" ", name).replace("_", " ")
    words = bare.split()
    yield from (" ".join(words[-n:]) for n in range(_LONGEST, 0, -1) if len(words) >= n)
    yield from _endings("".join(words))
    for n in range(_LONGEST, 0, -1):
        spans = (" ".join(words[i : i + n]) for i in range(len(words) - n))
        yield from (s for s in spans if (m := measure(s)) is not None and m.dimension == "money")


def _endings(name: str) -> Iterator[str]:
    """Endings of a name without blanks, the longest first, that no word of scale stands before."""
    for i in range(len(name) - 1):
        if not name[i].isascii() and (not i or name[i - 1] not in _SCALES_ZH):
            yield name[i:]
    if name.endswith(("%", "％")):
        yield "%"


def _together(found: Sequence[tuple[Measure, str]], pieces: Sequence[str]) -> tuple[Measure, str]:
    """The first measure; of money or mass without a scale, times a scale that stands elsewhere in the name."""
    scales = [(s, text) for text in pieces if (s := _scale(folded(text), alone=False)) is not None]
    bases = [(m, text) for m, text in found if m.scale == 1 and (m.unit in ("t", "kg") or _is_plain_money(m))]
    if scales and bases and not any(m.dimension == "money" and not _is_plain_money(m) for m, _ in found):
        (scale, said), (base, unit) = scales[0], bases[0]
        if found[0][1] in (said, unit):
            return Measure(base.unit, scale * base.scale), f"{said} {unit}"
    return found[0]


def _is_plain_money(found: Measure) -> bool:
    return found.dimension == "money" and found.scale == units.units()[found.unit].scale == 1


def _is_rate(name: str) -> bool:
    """Whether the name has money or mass for each of something."""
    return any((m := measure(left)) is not None and m.dimension != "count" for left in _RATE.findall(name))


def _is_foreign(name: str, found: Measure, text: str) -> bool:
    """Whether 元 is of another currency, which the name has elsewhere."""
    if units.units()[found.unit].currency != "CNY" or "人民币" in name:
        return False
    rest = name.replace(text, " ")
    return any(w in rest for w in cell_words("currency") if not w.isascii())


def measure_of_title(line: str) -> tuple[Measure, str] | None:
    """The unit that a line above the table states, as `单位：万元` or `Unit: thousand USD`."""
    for said in _UNIT_LINE.findall(line):
        found = measure(said)
        if found is not None:
            return found, said.strip()
    return None
