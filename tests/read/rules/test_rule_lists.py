"""The word lists: complete, without doubles, in the forms that the rules know."""

from __future__ import annotations

import pytest

from zizhu.read.rules.lexicon import CUES, RELATIONS, Entry, Trie, forms
from zizhu.read.rules.tokens import tokens
from zizhu.vocab.packfiles import rows

LISTS = {
    CUES: ("phrase", "tag"),
    RELATIONS: ("phrase",),
    "read/places.csv": ("phrase",),
    "read/sector_words.csv": ("phrase",),
    "read/indicator_words.csv": ("phrase", "role"),
}


@pytest.mark.parametrize("name", LISTS)
def test_no_phrase_stands_twice(name: str) -> None:
    keys = [tuple(r[c] for c in LISTS[name]) for r in rows(name)]
    assert len(keys) == len(set(keys))
    assert all(r["language"] in ("en", "zh") for r in rows(name))


def test_links_name_concepts_of_the_list() -> None:
    known = {r["concept"] for r in rows("read/indicator_words.csv")}
    for row in rows("read/indicator_links.csv"):
        assert set(row["concepts"].split()) <= known, row


@pytest.mark.parametrize(
    ("phrase", "pos", "irregular", "expected"),
    [
        ("supply", "verb", "", ["supply", "supplies", "supplied", "supplying"]),
        ("seek", "verb", "sought", ["seek", "seeks", "sought"]),
        ("ambition", "noun", "", ["ambition", "ambitions"]),
        ("according to", "word", "", ["according to"]),
    ],
)
def test_forms(phrase: str, pos: str, irregular: str, expected: list[str]) -> None:
    assert forms(phrase, pos, irregular) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("part of it", ["part of"]),
        ("parting", []),
        ("as the bank put it", ["as * put it"]),
        ("as " + "very " * 9 + "put it", []),
    ],
    ids=["whole", "inside", "gap", "gap-too-wide"],
)
def test_phrases(text: str, found: list[str]) -> None:
    trie = Trie()
    for phrase in ("part of", "part", "as * put it"):
        trie.add(phrase, Entry("t", phrase))
    assert [m.value for m in trie.marks(tokens(text))] == found
