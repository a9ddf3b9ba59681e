"""The dates that an aim or forecast is set for by its noun, and the new date of an aim that was put off."""

from __future__ import annotations

from collections.abc import Sequence

from zizhu.ledger.claims import ClaimKind
from zizhu.read.dates.derived import ends, last_of
from zizhu.read.model import TimeOf, When
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.reading import Range, Reading

_NAMED = 2
"""Words between a year and the noun of an aim, at most."""
_BEFORE = 4
"""Tokens before a date in which it is said that it is the new one."""


def set_for(read: Reading, whens: Sequence[When], clause: Range, at: int, kind: ClaimKind) -> list[When]:
    """The year of the noun of an aim or forecast: `raised its 2030 storage target to 8 GW`, `the forecast for 2030`."""
    of_kind = words_tagged("aim_noun" if kind == "target" else "forecast_noun")
    nouns = [k for k in range(clause[0], at) if read.tokens[k].word in of_kind]
    ends_at = {read.at(w.span.end - 1) + 1: w for w in whens if w.edtf.isdecimal()}
    held = [ends_at[j] for k in nouns for j in range(max(clause[0], k - _NAMED), k + 1) if j in ends_at]
    behind = {read.at(w.span.start): w for w in whens if w.edtf.isdecimal()} if kind == "forecast" else {}
    held += [behind[k + 2] for k in nouns if k + 2 in behind and read.tokens[k + 1].word == "for"]
    return held[-1:]


def moved(read: Reading, time: TimeOf, kind: ClaimKind) -> TimeOf:
    """The new date of an aim that was put off: `postponed from 2030 to 2032`."""
    first = read.at(time.when.span.start)
    near = (t.word for t in read.tokens[max(0, first - _BEFORE) : first + 1])
    begins, stops = ends(time.when)
    if kind != "target" or begins == stops or words_tagged("moved_date").isdisjoint(near):
        return time
    return TimeOf(last_of(time.when), "deadline")
