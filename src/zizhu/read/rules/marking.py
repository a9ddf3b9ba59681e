"""All words of all lists found in one pass: names, cue words, sectors and what is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from zizhu.read.rules.concepts import concept_words, longest
from zizhu.read.rules.gazetteer import apart, known_names, sector_words
from zizhu.read.rules.lexicon import Mark, Trie, cues
from zizhu.read.rules.tokens import Token


class Marks(NamedTuple):
    """What a sentence holds of the lists."""

    names: list[Mark]
    cues: list[Mark]
    sectors: tuple[Mark, ...]
    concepts: tuple[Mark, ...]


@cache
def _all() -> Trie:
    trie = Trie()
    for part in (known_names(), sector_words(), concept_words(), cues()):
        trie.include(part)
    return trie


@cache
def _families() -> Mapping[str, int]:
    """Which list a tag is of; no two lists share one."""
    parts = (known_names(), cues(), sector_words(), concept_words())
    return {tag: k for k, part in enumerate(parts) for tag in part.tags()}


def marked(found: Sequence[Token]) -> Marks:
    """The words of the lists in a sentence."""
    families = _families()
    held: tuple[list[Mark], ...] = ([], [], [], [])
    for mark in _all().marks(found):
        held[families[mark.tag]].append(mark)
    names, cue_words, sectors, concepts = held
    return Marks(names, cue_words, tuple(apart(sectors)), longest(concepts))
