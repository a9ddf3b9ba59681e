"""The words by which rules read: rows of the packs as tries over tokens.

A row gives a phrase, a tag and a value. Verbs (`pos` verb) stand in all regular forms; other forms are in `forms`.
In a phrase `*` stands for a few words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from zizhu.read.rules.tokens import Token, tokens
from zizhu.vocab.packfiles import rows

CUES = "read/cues.csv"
SUBJECT_WORDS = "read/subject_words.csv"
RELATIONS = "read/relations.csv"
_SEARCHED = ("measures", "plan_noun", "change")
"""Tags of subject words that are searched for in texts."""
_GAP = 3
_HAN_GAP = 15
"""Words, and Chinese characters, that `*` may stand for at most."""


class Mark(NamedTuple):
    """A phrase that was found: token range (half open), its tag and value."""

    first: int
    last: int
    tag: str
    value: str


class Entry(NamedTuple):
    """What a phrase says. `shape` is how it must be written: "" any, Cap a capital first, CAPS as it stands."""

    tag: str
    value: str
    shape: str = ""


@dataclass(slots=True)
class Trie:
    """Phrases by their tokens."""

    entries: list[Entry] = field(default_factory=list)
    branches: dict[str, Trie] = field(default_factory=dict)

    def add(self, phrase: str, entry: Entry) -> None:
        """Enter a phrase."""
        node = self
        for token in tokens(phrase):
            node = node.branches.setdefault(token.word, Trie())
        if entry not in node.entries:
            node.entries.append(entry)

    def include(self, other: Trie) -> None:
        """Enter all phrases of another trie."""
        self.entries += [e for e in other.entries if e not in self.entries]
        for word, branch in other.branches.items():
            self.branches.setdefault(word, Trie()).include(branch)

    def tags(self) -> set[str]:
        """The tags of all entries."""
        return {e.tag for e in self.entries}.union(*(b.tags() for b in self.branches.values()))

    def marks(self, found: Sequence[Token]) -> list[Mark]:
        """The longest phrase of each tag at every token, in order."""
        branches = self.branches
        marks: list[Mark] = []
        words = [t.word for t in found]
        for at, word in enumerate(words):
            node = branches.get(word)
            if node is not None and (node.entries or _goes_on(node, words, at + 1)):
                marks += _longest(node, found, words, at)
        return marks


def _goes_on(node: Trie, words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at] in node.branches or "*" in node.branches)


def _longest(node: Trie, found: Sequence[Token], words: Sequence[str], at: int) -> Iterable[Mark]:
    """The longest entry of each tag that begins at a token; a gap is bounded, so the work is too."""
    best: dict[str, Mark] = {}
    open_nodes = [(node, at + 1)]
    while open_nodes:
        here, last = open_nodes.pop()
        for entry in here.entries:
            if (not entry.shape or _written_as(entry.shape, found, at, last)) and (
                entry.tag not in best or last > best[entry.tag].last
            ):
                best[entry.tag] = Mark(at, last, entry.tag, entry.value)
        if last < len(words):
            beyond = here.branches.get(words[last])
            if beyond is not None:
                open_nodes.append((beyond, last + 1))
            if "*" in here.branches:
                open_nodes += _over_gap(here.branches["*"], found, last)
    return best.values()


def _over_gap(node: Trie, found: Sequence[Token], last: int) -> Iterable[tuple[Trie, int]]:
    gap = _HAN_GAP if found[last].han else _GAP
    for beyond in range(last, min(last + gap + 1, len(found))):
        if found[beyond].word in node.branches:
            yield node.branches[found[beyond].word], beyond + 1


def _written_as(shape: str, found: Sequence[Token], first: int, last: int) -> bool:
    if shape == "Cap":
        return found[first].capital or found[first].han or not found[first].text[0].isalpha()
    if shape == "CAPS":
        return all(t.text.isupper() or not t.text[0].isalpha() for t in found[first:last])
    return True


@cache
def cues() -> Trie:
    """The cue words and relation words of all languages."""
    trie = Trie()
    for row in (*_cue_rows(), *_relation_rows()):
        for phrase in forms(row["phrase"], row["pos"], row["forms"]):
            trie.add(phrase, Entry(row["tag"], row["value"]))
    return trie


def _cue_rows(lists: bool = False) -> Iterable[Mapping[str, str]]:
    """The rows of cue words; with `lists` also words that are looked up and never searched for."""
    return (*rows(CUES), *(r for r in rows(SUBJECT_WORDS) if lists or r["tag"] in _SEARCHED))


def _relation_rows() -> Iterable[Mapping[str, str]]:
    return ({**r, "tag": "relation", "value": r["predicate"]} for r in rows(RELATIONS))


@cache
def words_tagged(tag: str) -> frozenset[str]:
    """Single words of one tag, folded."""
    return frozenset(
        form.lower()
        for row in _cue_rows(lists=True)
        if row["tag"] == tag
        for form in forms(row["phrase"], row["pos"], row["forms"])
    )


@cache
def values(tag: str) -> Mapping[str, str]:
    """The values of the phrases of one tag, by phrase."""
    return {row["phrase"]: row["value"] for row in _cue_rows(lists=True) if row["tag"] == tag}


def forms(phrase: str, pos: str, irregular: str) -> list[str]:
    """A phrase in the forms of its first word.

    >>> forms("plan to", "verb", "planned to;planning to")
    ['plan to', 'plans to', 'planned to', 'planning to']
    >>> forms("aim", "verb", "")
    ['aim', 'aims', 'aimed', 'aiming']
    """
    if pos == "noun":
        return [phrase, plural(phrase), *_split(irregular)]
    if pos != "verb":
        return [phrase, *_split(irregular)]
    word, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    third = plural(word) + tail
    if irregular:
        return [phrase, third, *_split(irregular)]
    stem = word[:-1] if word.endswith("e") else word
    past = word[:-1] + "ied" if word[-1] == "y" and word[-2] not in "aeiou" else stem + "ed"
    return [phrase, third, past + tail, stem + "ing" + tail]


def plural(word: str) -> str:
    """The regular plural of a noun, or the third person of a verb."""
    if word[-1] == "y" and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x", "z")) else "s")


def _split(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]
