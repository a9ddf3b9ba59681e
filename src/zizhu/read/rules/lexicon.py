"""The words by which rules read: rows of the packs as tries over tokens.

A row gives a phrase, a tag and a value. Verbs (`pos` verb) stand in all regular forms; other forms are in `forms`.
In a phrase `*` stands for a few words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from zizhu.read.rules.tokens import HAN, Token, tokens
from zizhu.vocab.packfiles import rows

CUES = "read/cues.csv"
SUBJECT_WORDS = "read/subject_words.csv"
RELATIONS = "read/relations.csv"
_SEARCHED = ("measures", "plan_noun", "change")
"""Tags of subject words that are searched for in texts."""
_GAP = 3
_HAN_GAP = 15
"""Words, and Chinese characters, that `*` may stand for at most."""
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_HAN = re.compile(rf"[{HAN}]+")


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
        for word in _words(phrase):
            beyond = node.branches.get(word)
            if beyond is None:
                beyond = node.branches[word] = Trie()
            node = beyond
        if entry not in node.entries:
            node.entries.append(entry)

    def joined(self, other: Trie) -> Trie:
        """A trie of the phrases of both; what only one of them has is shared with it."""
        branches = dict(self.branches)
        for word, branch in other.branches.items():
            held = branches.get(word)
            branches[word] = branch if held is None else held.joined(branch)
        return Trie([*self.entries, *(e for e in other.entries if e not in self.entries)], branches)

    def tags(self) -> set[str]:
        """The tags of all entries."""
        found: set[str] = set()
        waiting = [self]
        while waiting:
            node = waiting.pop()
            found.update(e.tag for e in node.entries)
            waiting += node.branches.values()
        return found

    def marks(self, found: Sequence[Token]) -> list[Mark]:
        """The longest phrase of each tag at every token, in order."""
        marks: list[Mark] = []
        words = [t.word for t in found]
        if self.branches.keys().isdisjoint(words):
            return marks
        words.append(_NONE)
        for at, node in enumerate(map(self.branches.get, words)):
            if node is not None and (node.entries or words[at + 1] in node.branches or "*" in node.branches):
                marks += _longest(node, found, words, at)
        return marks


_NONE = ""
"""Stands behind the last word of a text, and begins no phrase."""


def _words(phrase: str) -> Iterable[str]:
    """The words of a phrase; small letters or Chinese characters alone need not be looked at for tokens."""
    if _PLAIN.fullmatch(phrase):
        return phrase.split(" ")
    return phrase if _HAN.fullmatch(phrase) else [t.word for t in tokens(phrase)]


def _longest(node: Trie, found: Sequence[Token], words: Sequence[str], at: int) -> Iterable[Mark]:
    """The longest entry of each tag that begins at a token; a gap is bounded, so the work is too."""
    best: dict[str, tuple[int, str]] = {}
    open_nodes = [(node, at + 1)]
    while open_nodes:
        here, last = open_nodes.pop()
        for tag, value, shape in here.entries:
            if (not shape or _written_as(shape, found, at, last)) and (
                tag not in best or last > best[tag][0]
            ):
                best[tag] = last, value
        if here.branches:
            beyond = here.branches.get(words[last])
            if beyond is not None:
                open_nodes.append((beyond, last + 1))
            if "*" in here.branches and last < len(found):
                open_nodes += _over_gap(here.branches["*"], found, last)
    return [Mark(at, last, tag, value) for tag, (last, value) in best.items()]


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
    return frozenset(_all_tagged().get(tag, ()))


@cache
def _all_tagged() -> Mapping[str, Sequence[str]]:
    """All words by their tags, folded."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in _cue_rows(lists=True):
        found[row["tag"]] += map(str.lower, forms(row["phrase"], row["pos"], row["forms"]))
    return found


@cache
def cues_of(tag: str) -> Trie:
    """The cue words of one tag: what `cues` finds of it, where nothing else is asked for."""
    trie = Trie()
    for row in (r for r in _cue_rows() if r["tag"] == tag):
        for phrase in forms(row["phrase"], row["pos"], row["forms"]):
            trie.add(phrase, Entry(tag, row["value"]))
    return trie


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


def is_participle(word: str) -> bool:
    """Whether an English word looks like a participle: `opened`, `built`."""
    return word.endswith("ed") or word in words_tagged("participle")
