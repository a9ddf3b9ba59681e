"""Plans and places that a quote names, and which place a plan is said to belong to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from zizhu.read.linking.lists import roles, words
from zizhu.read.linking.said import place
from zizhu.read.rules.gazetteer import listed, registered
from zizhu.read.rules.lexicon import Mark, cues, words_tagged
from zizhu.read.rules.tokens import Token

_POSSESSIVE = ("'s", "'", "的")
_BETWEEN = frozenset(("'s", "'", '"', "的", "“", "”", "‘", "’", "「", "《", "own", "new", "national"))
_GAP = 4
_PLAN = ("plan", "common")
_QUOTES = frozenset(("'", '"', "“", "”", "‘", "’", "「", "」", "《", "》"))
_JOINING = frozenset(("in", "of", "for", "and", "the", "-", "&", "to"))
_LEADING = frozenset(("the", "a", "its", "in", "of", "for", "and", "to", "-", "&"))
_LONGEST_NAME = 12
_OWNS, _NONE = "owns_object", ("", "")
_ENDS = frozenset((".", ";", "。", "；"))
_LIST_GAP = 6
"""Tokens between two plans of a list, at most."""


def plan_marks(found: Sequence[Token]) -> list[tuple[int, str]]:
    """Where plans of the lists are named, each as the register calls it."""
    return [(m.first, registered(m.value)) for m in _longest(found) if m.tag in _PLAN]


def policy_name(found: Sequence[Token]) -> str:
    """The name of a policy that no list holds: capitalised words, or words in quotation marks, before `programme`.

    >>> from zizhu.read.rules.tokens import tokens
    >>> policy_name(tokens("The Make in Norway programme failed"))
    'make in norway'
    """
    heads = [m for m in cues().marks(found) if m.tag in ("plan_noun", "plan_head")]
    for head in heads:
        name = _quoted(found, head.first) or _capitalised(found, head.first)
        if name:
            return name
    return ""


def _quoted(found: Sequence[Token], head: int) -> str:
    """What stands in quotation marks right before a token, or around it."""
    marks = [k for k, t in enumerate(found) if t.word in _QUOTES or t.text in _QUOTES]
    for opened, closed in pairwise(marks):
        if 1 < closed - opened <= _LONGEST_NAME and closed == head - 1:
            return _joined(found[opened + 1 : closed])
    return ""


def _capitalised(found: Sequence[Token], head: int) -> str:
    """The capitalised words that end right before a token; small words may join them."""
    first = head
    while first > max(0, head - _LONGEST_NAME) and (
        found[first - 1].capital or (first < head and found[first - 1].word in _JOINING)
    ):
        first -= 1
    while first < head and found[first].word in _LEADING:
        first += 1
    return _joined(found[first:head])


def _joined(found: Sequence[Token]) -> str:
    return ("" if any(t.han for t in found) else " ").join(t.word for t in found)


def places(found: Sequence[Token]) -> list[Mark]:
    """The places that are named."""
    return [m for m in _longest(found) if m.tag == "place"]


def owners(found: Sequence[Token]) -> dict[str, str]:
    """Plans with the place that they are given to: `Norway's Ocean Plan`, `Norway promotes it`, 挪威的海洋计划."""
    marks = _longest(found)
    given = _promoted(found, marks)
    for before, mark in pairwise(marks):
        between = found[before.last : mark.first]
        joined = 0 < len(between) <= _GAP and all(t.word in _BETWEEN for t in between)
        if before.tag == "place" and mark.tag in _PLAN and joined and between[0].word in _POSSESSIVE:
            given[registered(mark.value)] = place(before.value)
    return given


def _promoted(found: Sequence[Token], marks: Sequence[Mark]) -> dict[str, str]:
    """Plans that stand, one after the other, behind a verb such as `promotes` whose subject is a place."""
    given = {}
    for verb in (
        m for m in cues().marks(found) if m.tag == "relation" and roles().get(m.value, _NONE)[0] == _OWNS
    ):
        owner = next((m for m in marks if m.tag == "place" and _subject_of(found, m, verb)), None)
        last = verb.last
        for mark in (m for m in marks if owner and m.first >= verb.last):
            if mark.tag not in _PLAN or not _listed_on(found, last, mark.first):
                break
            given[registered(mark.value)] = place(owner.value) if owner else ""
            last = mark.last
    return given


def _subject_of(found: Sequence[Token], mark: Mark, verb: Mark) -> bool:
    """Whether nothing but auxiliaries and adverbs stands between a place and a verb."""
    between = found[mark.last : verb.first]
    adverbs = _tagged(between, "adverb")
    helping = (t.word in words_tagged("auxiliary") or k in adverbs for k, t in enumerate(between))
    return mark.last <= verb.first and len(between) <= _GAP and all(helping)


def _listed_on(found: Sequence[Token], first: int, last: int) -> bool:
    """Whether a list goes on between two tokens: no sentence, verb or other clause ends or begins there."""
    between = found[first:last]
    ended = any(t.word in _ENDS for t in between)
    return len(between) <= _LIST_GAP and not ended and not _tagged(between, "parting")


def _tagged(found: Sequence[Token], tag: str) -> set[int]:
    """The tokens that phrases of a tag cover."""
    return {k for m in words().marks(found) if m.tag == tag for k in range(m.first, m.last)}


def _longest(found: Sequence[Token]) -> list[Mark]:
    marks = [m for m in listed(found) if m.tag in (*_PLAN, "place")]
    inner = [
        m for m in marks if any(o.first <= m.first and m.last <= o.last and o[:2] != m[:2] for o in marks)
    ]
    return [m for m in marks if m not in inner]
