"""Aims that were changed: `raised its target from 450 GW to 500 GW` sets 500, and 450 is an aim no more."""

from __future__ import annotations

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_OBJECT = 6
"""Tokens from a verb of change to the noun of the aim that it changes, at most."""
_SUBJECT = 7
"""Tokens from the noun of an aim to the verb that tells of its change, at most."""
_HAN_AIM = "目标"
_HAN_VERB = 10
"""Characters from 目标 to the verb that changes it, at most."""
_NAMED = 10
"""Tokens from a word such as `earlier` to the number of the aim that was, at most."""
_NEAR = 3
"""Words from it to the noun of the aim, at most."""
_HAN_NEAR = 8
_NEW = ("to", "at", "with", "by")
"""English words before the new value; `replaced by one of 22 GW` has two more."""
_ONE = ("one", "of")
_HAN_NEW = ("至", "到", "为")


def changed_aim(read: Reading, at: int, clause: Range) -> Mark | None:
    """The aim before a number that its clause says was changed."""
    if not read.cues.get("aim_change"):
        return None
    if read.tokens[clause[0]].han:
        return _han(read, at, clause)
    verbs = read.tagged("aim_change", clause)
    nouns = [k for k in range(clause[0], at) if read.tokens[k].word in words_tagged("aim_noun")]
    held = (Mark(k, k + 1, "target", "changed") for k in nouns if any(_changes(read, v, k) for v in verbs))
    return next(held, None)


def former_aim(read: Reading, at: int, clause: Range) -> Mark | None:
    """The aim that a number is the former size of, by its adjective: `twice the earlier goal of 5 GW`, `原定目标`."""
    for mark in read.tagged("former", (max(clause[0], at - _NAMED), at)):
        han = read.tokens[mark.first].han
        for k in range(mark.last, min(mark.last + (_HAN_NEAR if han else _NEAR), at)):
            aim = read.words((k, k + 2)) == _HAN_AIM if han else _is_aim(read, k)
            if aim:
                return Mark(k, k + 1 + han, "target", "former")
    return None


def _is_aim(read: Reading, at: int) -> bool:
    """Whether a noun is one of an aim: a target, or a plan of a certain size (`an earlier plan of $17 billion`)."""
    of = at + 1 < len(read.tokens) and read.tokens[at + 1].word in ("of", "for")
    return read.tokens[at].word in words_tagged("aim_noun") or (
        of and read.tokens[at].word in ("plan", "plans")
    )


def is_new_value(read: Reading, number: Number) -> bool:
    """Whether a number is what something was changed to: `to 500 GW`, `by one of 22 GW`, `上调至30%`."""
    first = read.at(number.span.start)
    if first == 0:
        return False
    if read.tokens[first - 1].han:
        return read.tokens[first - 1].word in _HAN_NEW
    while first > 1 and read.tokens[first - 1].word in _ONE:
        first -= 1
    return read.tokens[first - 1].word in _NEW


def _changes(read: Reading, verb: Mark, noun: int) -> bool:
    """Whether the aim is the object of a verb (`raised its 2030 target`) or has it done (`the target was cut`)."""
    if 0 <= noun - verb.last <= _OBJECT:
        between = read.tokens[verb.last : noun]
        return not any(t.word == "to" or t.text in ",;:" for t in between)
    if 0 < verb.first - noun <= _SUBJECT:
        return any(t.word in words_tagged("auxiliary") for t in read.tokens[noun + 1 : verb.first])
    return False


def _han(read: Reading, at: int, clause: Range) -> Mark | None:
    """目标 before a number, and a verb that changes it behind it; `目标是把…提高到` says what the aim is."""
    verbs = read.tagged("aim_change", clause)
    for k in range(clause[0], at - 1):
        stated = read.tokens[k + 2].word in words_tagged("aim_link")
        if (
            read.words((k, k + 2)) == _HAN_AIM
            and not stated
            and any(0 <= v.first - k - 2 <= _HAN_VERB for v in verbs)
        ):
            return Mark(k, k + 2, "target", "changed")
    return None
