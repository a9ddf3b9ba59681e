"""What a figure is per: people, land, a day (`gdp_per_capita`); without it two figures would seem to contradict."""

from __future__ import annotations

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark
from zizhu.read.rules.name_parts import unit_family
from zizhu.read.rules.reading import Range, Reading

_BEHIND = 4
"""Tokens from a number to the words that say per what it is, at most: `40 kg of fertiliser per hectare`."""
_WHOLE = frozenset(("percent", "rank", "ratio", "time"))
"""Families of units that are per nothing."""
_TOLD = ("_per_", "density", "intensity")
_TIMES = frozenset(("day", "week", "month", "hour"))
_MARKS = frozenset(",;:.()，；：。（）")


def per_what(read: Reading, number: Number, clause: Range, name: str) -> str:
    """The name of what a number measures with what it is per, where the words around it say so."""
    marks = read.cues.get("per")
    if not name or not marks or unit_family(number.unit) in _WHOLE or any(t in name for t in _TOLD):
        return name
    first, last = read.at(number.span.start), read.at(number.span.end - 1) + 1
    held = next((m for m in marks if _behind(read, m, last) or _before(read, m, clause, first)), None)
    if held is None:
        return name
    words = [w for w in name.split("_") if w != held.value or held.value not in _TIMES]
    return f"{'_'.join(words)}_per_{held.value}" if words else name


def _behind(read: Reading, mark: Mark, last: int) -> bool:
    between = range(last, mark.first)
    plain = not any(k in read.figures or read.tokens[k].text in _MARKS for k in between)
    return 0 <= mark.first - last <= _BEHIND and plain


def _before(read: Reading, mark: Mark, clause: Range, first: int) -> bool:
    """Whether it stands before the number, and is no part of the name of a measure: `人均可支配收入`."""
    if not clause[0] <= mark.first < first or mark.value in _TIMES:
        return False
    if any(k in read.figures or read.tokens[k].text in _MARKS for k in range(mark.last, first)):
        return False
    return not any(m.first <= mark.first < m.last for m in read.concepts)
