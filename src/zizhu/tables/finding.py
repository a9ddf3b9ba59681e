"""A finding of an audit, and what the audits of every kind of table look for alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import SupportsFloat, TypeVar

from zizhu.vocab import groups
from zizhu.vocab.packfiles import rows

Year = TypeVar("Year")
NAMED = 5
"""How many of the things that a finding is about are named in it."""


@dataclass(frozen=True)
class Finding:
    """One result of an audit. `fault` = the table must not be used; neither fault nor fine = worth knowing.

    `weight`, in [0, 1], is the share of what the table counts (output, trade, values) that the finding touches, so
    the share of results that may be wrong; of what is fine it is 0.
    """

    table: str
    what: str
    fault: bool = False
    fine: bool = False
    weight: float = 0.0


def ranked(found: Iterable[Finding]) -> list[Finding]:
    """The heaviest first, faults before notes of the same weight, what is fine last."""
    return sorted(found, key=lambda f: (f.fine, -f.weight, not f.fault))


def share(part: SupportsFloat, whole: SupportsFloat) -> float:
    """A weight: `part` of `whole` in [0, 1], 0 of nothing."""
    one, every = abs(float(part)), abs(float(whole))
    return min(one / every, 1.0) if every else 0.0


def listed(names: Sequence[str]) -> str:
    """`a, b, c, d, e and 7 more`."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def times(factor: float) -> str:
    """A factor, as a person would say what is behind it: thousands for units, hundreds for per cent and shares."""
    size = factor if factor >= 1 else 1 / factor
    way = "times" if factor >= 1 else "times less than"
    for round_factor, reason in ((1e3, "thousands against units"), (1e6, "millions against units")):
        if near(size, round_factor, 3.0):
            return f"about {round_factor:,.0f} {way} ({reason})"
    if near(size, 100, 2.0):
        return f"about 100 {way} (per cent against shares)"
    return f"{size:,.3g} {way}"


def near(value: float, wanted: float, within: float) -> bool:
    """Whether two positive numbers differ by a factor of at most `within`."""
    return value > 0 and abs(math.log(value / wanted)) <= math.log(within)


def name_findings(table: str, what: str, weights: Mapping[str, float]) -> list[Finding]:
    """Codes or names that were read in a wrong encoding, or that are there twice but for case and blanks.

    `weights` are the shares of the table by code. Both are faults: rows of one thing go under several names.
    """
    garbled = [n for n in weights if is_garbled(n)]
    seen: dict[str, list[str]] = {}
    for name in weights:
        seen.setdefault(" ".join(name.split()).casefold(), []).append(name)
    twice = [repr(n) for names in seen.values() if len(names) > 1 for n in names]
    found = []
    if garbled:
        told = listed([f"{n!r} (is {repaired(n)!r})" for n in garbled])
        weight = sum(weights[n] for n in garbled)
        text = f"{what} that were read in a wrong encoding: {told}"
        found.append(Finding(table, text, fault=True, weight=min(weight, 1.0)))
    if twice:
        weight = sum(w for names in seen.values() if len(names) > 1 for w in (weights[n] for n in names))
        text = f"{what} that differ only by case or blanks: {listed(twice)}"
        found.append(Finding(table, text, fault=True, weight=min(weight, 1.0)))
    return found


def is_garbled(text: str) -> bool:
    """Whether UTF-8 was read as Latin-1 or Windows-1252, or letters were lost.

    >>> is_garbled("C\\u00c3\\u00b4te d'Ivoire"), is_garbled("Côte d'Ivoire"), is_garbled("T\\ufffdrkiye")
    (True, False, True)
    """
    return "\ufffd" in text or repaired(text) != text


def repaired(text: str) -> str:
    """The text as it was before UTF-8 was read as Latin-1 or Windows-1252; other text as it is."""
    if text.isascii():
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def is_total(code: str) -> bool:
    """Whether a code or name stands for all of them: the world, or what is called a total.

    >>> is_total("WLD"), is_total("All products, total"), is_total("Rest of the world")
    (True, True, False)
    """
    words = {w.strip("_.,:;()").casefold() for w in code.replace("_", " ").split()}
    if words & {"rest", "other", "except", "excluding"}:
        return False
    return groups.coded(code) == groups.WORLD or bool(words & _totals())


@cache
def _totals() -> frozenset[str]:
    """The words of totals that are part of a code or name: some English ones, and the Chinese ones."""
    listed = (r for r in rows("vocab/column_names.csv") if (r["role"], r["language"]) == ("total", "zh"))
    return frozenset(("total", "totals", "world", "tot", *(r["word"] for r in listed)))


def when_changed(years: Sequence[Year], pairs: Sequence[int]) -> tuple[str, list[Year]]:
    """Which years differ from the others, when `pairs` are the positions p where years p and p + 1 do not agree.

    A year that agrees with neither neighbour is the odd one; a single break before the last year or after the first
    is taken for that year; else everything from the break on differs.
    """
    odd: list[Year] = []
    left = list(pairs)
    while left:
        p = left.pop(0)
        if left and left[0] == p + 1:
            left.pop(0)
            odd.append(years[p + 1])
        elif p == len(years) - 2 or p == 0:
            odd.append(years[0] if p == 0 and len(years) > 2 else years[p + 1])
        else:
            return f"from {years[p + 1]} on", list(years[p + 1 :])
    return "in " + ", ".join(map(str, odd)), odd
