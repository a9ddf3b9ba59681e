"""Whose each of several numbers is: `30 % for Chile and 20 % for Peru`, `Chile had 30 %, Peru 20 %`.

A place that a multiple only compares with is not what its claim is about.
"""

from __future__ import annotations

from collections.abc import Mapping

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark
from zizhu.read.rules.ratios import base
from zizhu.read.rules.reading import Range, Reading

_COMPARED = 24
"""Tokens from a multiple to the place that it compares with, at most."""
_LINKS = ("for", "in")
_JOINS = frozenset((",", "and", "while", "but", "against", ":", ";"))
_LEADS = (":", "：", "for")
"""What stands between a place and its number: `Peru: 20 %`, `the EU accounts for half, Peru for 7 percent`."""
_ARTICLE = "the"


def compared(read: Reading, mark: Mark) -> bool:
    """Whether a place is what a multiple is a multiple of: `twice as many as Peru`."""
    near = (
        n
        for n in read.numbers
        if n.unit == "ratio" and abs(read.at(n.digits.start) - mark.first) <= _COMPARED
    )
    found = (base(read, n) for n in near)
    return any(b is not None and b.place is not None and b.place.first == mark.first for b in found)


def own_place(read: Reading, at: int, clause: Range) -> Mark | None:
    """The place beside the number at a token, where every other number of the clause, or sentence, has one too."""
    if len(read.numbers) < 2 or at not in read.figures:
        return None
    return _own_place(read, at, clause) or _own_place(read, at, (0, len(read.tokens)))


def _own_place(read: Reading, at: int, clause: Range) -> Mark | None:
    held = [(k, n) for k, n in zip(read.figures, read.numbers, strict=True) if clause[0] <= k < clause[1]]
    here = next((n for k, n in held if k == at), None)
    if here is None or len(held) < 2:
        return None
    numbers = [n for _, n in held]
    places = [m for m in read.named("place", clause) if m.value != "WLD"]
    opens, ends = {m.first: m for m in places}, {m.last: m for m in places}
    behind = [_behind(read, n, opens) for n in numbers]
    if all(behind) and not _subject(read, numbers[0], places):
        return behind[numbers.index(here)]
    before = [_before(read, n, ends) for n in numbers]
    whose = {m.value for m in before if m}
    if all(before[1:]) and (len(whose) > 1 or _another(numbers[0], places, whose, read)):
        return before[numbers.index(here)]
    return None


def _another(first: Number, places: list[Mark], whose: set[str], read: Reading) -> bool:
    """Whether the first number has a place before it that is none of the later ones: `Chile had 30 % and Peru 20 %`."""
    before = [m for m in places if m.last <= read.at(first.span.start)]
    return bool(before) and before[-1].value not in whose


def _behind(read: Reading, number: Number, opens: Mapping[int, Mark]) -> Mark | None:
    """The place right behind a number: `20 % for Peru`, `9 million tonnes in Sweden`."""
    after = read.at(number.span.end - 1) + 1
    if after >= len(read.tokens) or read.tokens[after].word not in _LINKS:
        return None
    first = after + 1 + (after + 1 < len(read.tokens) and read.tokens[after + 1].word == _ARTICLE)
    return opens.get(first)


def _before(read: Reading, number: Number, ends: Mapping[int, Mark]) -> Mark | None:
    """The place right before a number, its verb left out: `, Peru 20 %`, `Peru: 20 %`."""
    first = read.at(number.span.start)
    first -= first > 0 and read.tokens[first - 1].word in _LEADS
    mark = ends.get(first)
    if mark is None:
        return None
    led = mark.first - (mark.first > 0 and read.tokens[mark.first - 1].word == _ARTICLE)
    return mark if led == 0 or read.tokens[led - 1].word in _JOINS else None


def _subject(read: Reading, first: Number, places: list[Mark]) -> bool:
    """Whether a place stands before all numbers, whose they are then: `Spain invested 3 in Chile and 2 in Peru`."""
    return any(m.last <= read.at(first.span.start) for m in places)
