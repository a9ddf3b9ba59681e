"""All words of all lists found in one pass: names, cue words, sectors and what is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from typing import NamedTuple

from zizhu.read.rules.concepts import concept_words, longest
from zizhu.read.rules.editions import described_words
from zizhu.read.rules.gazetteer import apart, known_names, sector_words
from zizhu.read.rules.lexicon import Mark, Trie, cues, words_tagged
from zizhu.read.rules.tokens import Token

_AHEAD = ("target", "forecast")
_REACHED = 6
"""Characters between a Chinese verb that tells an aim was reached and the word for the aim, at most."""
_YEAR, _DATE = 4, 4
"""Digits of a year, and tokens behind `by` among which one stands."""


class Marks(NamedTuple):
    """What a sentence holds of the lists."""

    names: list[Mark]
    cues: list[Mark]
    sectors: tuple[Mark, ...]
    concepts: tuple[Mark, ...]
    described: tuple[Mark, ...] = ()
    """Words for kinds and topics of plans."""


def _parts() -> tuple[Trie, ...]:
    return known_names(), cues(), sector_words(), concept_words(), described_words()


@cache
def _all() -> Trie:
    return reduce(Trie.joined, _parts())


@cache
def _families() -> Mapping[str, int]:
    """Which list a tag is of; no two lists share one."""
    return {tag: k for k, part in enumerate(_parts()) for tag in part.tags()}


def marked(found: Sequence[Token]) -> Marks:
    """The words of the lists in a sentence."""
    families = _families()
    held: tuple[list[Mark], ...] = ([], [], [], [], [])
    for mark in _all().marks(found):
        held[families[mark.tag]].append(mark)
    names, cue_words, sectors, concepts, plans = held
    cue_words = [m for m in cue_words if m.tag not in _AHEAD or _is_cue(found, m)]
    return Marks(names, cue_words, tuple(apart(sectors)), longest(concepts), tuple(plans))


def _is_cue(found: Sequence[Token], mark: Mark) -> bool:
    """Whether a word for an aim or forecast is one where it stands.

    It is none in a name (`the World Steel Outlook`), before who was aimed at (`firms targeted by the act`), and behind
    a Chinese verb that tells that the aim was reached (实现了阶段目标).
    """
    last = found[mark.last - 1]
    if last.han:
        if last.text != "标":
            return True
        before = "".join(t.text for t in found[max(0, mark.first - _REACHED) : mark.first])
        return not any(w in before for w in words_tagged("reached_aim"))
    if mark.tag == "forecast":
        named = last.capital and mark.first > 0 and found[mark.first - 1].capital
        return not (named and mark.last - mark.first == 1 and last.word in words_tagged("no_plan"))
    words = [t.word for t in found[mark.first : mark.last + 2]]
    if words[0] != "targeted" or "by" not in words[1:2]:
        return True
    after = found[mark.first + 2] if mark.first + 2 < len(found) else None
    return after is not None and (after.text[0].isdigit() or _dated(found, mark.first + 2))


def _dated(found: Sequence[Token], at: int) -> bool:
    """Whether a date stands behind `by`: `by the end of 2030`, `by June 2030`."""
    return any(t.text.isdecimal() and len(t.text) == _YEAR for t in found[at : at + _DATE])
