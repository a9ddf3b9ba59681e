"""Words for what is measured: the thing, the measure and the whole of a share (rows of indicator_words.csv)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from zizhu.read.rules.lexicon import Entry, Mark, Trie
from zizhu.read.rules.tokens import Token
from zizhu.vocab.packfiles import rows


@cache
def concept_words() -> Trie:
    """The words for things, measures and wholes."""
    trie = Trie()
    for row in rows("read/indicator_words.csv"):
        shape = "CAPS" if row["phrase"].isupper() and row["phrase"].isascii() else ""
        trie.add(row["phrase"], Entry(row["role"], row["concept"], shape))
    return trie


def concept_marks(found: Sequence[Token]) -> tuple[Mark, ...]:
    """The concept words of a sentence; of two of one role the longer covers the other (`car` in `electric car`)."""
    return longest([m for m in concept_words().marks(found) if not _of_rate(found, m)])


def _of_rate(found: Sequence[Token], mark: Mark) -> bool:
    """Whether a word only says what something is a rate of: `49 units per 10,000 workers`."""
    first = mark.first
    return first > 1 and found[first - 2].word == "per" and found[first - 1].text[0].isdigit()


def longest(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Marks without those that a longer one of their role, begun before, covers."""
    reach: dict[str, int] = {}
    kept = []
    for mark in marks:
        if mark.last > reach.get(mark.tag, 0):
            reach[mark.tag] = mark.last
            kept.append(mark)
    return tuple(kept)
