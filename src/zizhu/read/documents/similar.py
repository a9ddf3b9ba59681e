"""Which documents are the same or nearly: reprints, mirrors and versions of one text.

Texts are compared by their shingles, runs of five words (of Chinese, characters); a sketch of the smallest hashes of
each finds who may be alike (A. Broder, "On the resemblance and containment of documents", 1997), and the shingles
themselves say how alike: shared shingles to all shingles of both (Jaccard).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias

from zizhu.read.model import Document

WORDS = 5
"""Words of a shingle."""
SKETCH = 64
"""Hashes of a sketch."""
MOST = 200_000
"""Words of a document that are compared, from its beginning."""
_CJK = r"\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
Hashes: TypeAlias = "array[int]"
"""Sorted hashes of 64 bits, none twice."""
Sameness = Literal["bytes", "text", "near"]


class Like(NamedTuple):
    """A document that is like the first of its group: its place, how it is, and the shared part of the shingles."""

    place: int
    how: Sameness
    similarity: float


@dataclass(frozen=True)
class Group:
    """Documents that are alike, by their places in what was given: the first, and those like it in order."""

    first: int
    others: tuple[Like, ...]


def similar(documents: Sequence[Document], least: float = 0.6) -> tuple[Group, ...]:
    """Groups of two documents and more that share at least `least` of their shingles with the first of the group.

    The order of `documents` decides who is first; a document is in one group at most.
    """
    by_bytes: dict[str, int] = {}
    by_text: dict[str, int] = {}
    near = _Near(least)
    members: dict[int, list[Like]] = defaultdict(list)
    for place, document in enumerate(documents):
        same = by_bytes.setdefault(document.id, place)
        text = by_text.setdefault(document.layer.sha256, place)
        if same != place or text != place:
            known = same if same != place else text
            first = near.first_of(known)
            score = near.similarity(known)
            how: Sameness = "bytes" if same != place else "text"
            members[first].append(Like(place, how if known == first else "near", score))
            near.follow(place, first, score)
            continue
        like = near.add(place, shingles(document.text))
        if like is not None:
            members[like[0]].append(Like(place, "near", like[1]))
    return tuple(Group(first, tuple(members[first])) for first in sorted(members))


def shingles(text: str) -> Hashes:
    """Sorted hashes of all runs of WORDS words of a text, of the whole text where it is shorter."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())[:MOST]
    known = {word: zlib.crc32(word.encode()) for word in set(words)}
    hashes = [known[word] for word in words] or [0]
    size = min(WORDS, len(hashes))
    runs = zip(*(islice(hashes, at, None) for at in range(size)), strict=False)
    # integers, and so runs of them, have the same hash in every process
    return array("q", sorted(set(map(hash, runs))))


class _Near:
    """The first documents of groups, found by the hashes of their sketches."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._shingles: dict[int, Hashes] = {}
        self._by_hash: dict[int, list[int]] = defaultdict(list)
        self._firsts: dict[int, tuple[int, float]] = {}

    def first_of(self, place: int) -> int:
        return self._firsts[place][0]

    def similarity(self, place: int) -> float:
        return self._firsts[place][1]

    def follow(self, place: int, first: int, similarity: float) -> None:
        self._firsts[place] = (first, similarity)

    def add(self, place: int, found: Hashes) -> tuple[int, float] | None:
        """The first document that this one is like, or None, and it is a first itself."""
        sketch = found[:SKETCH].tolist()
        shared = Counter(first for value in sketch for first in self._by_hash.get(value, ()))
        scores = [(self._jaccard(found, first), -first) for first in sorted(shared)]
        score, first = max(scores, default=(0.0, 0))
        if score >= self._least:
            self.follow(place, -first, score)
            return -first, score
        self.follow(place, place, 1.0)
        self._shingles[place] = found
        for value in sketch:
            self._by_hash[value].append(place)
        return None

    def _jaccard(self, found: Hashes, first: int) -> float:
        other = self._shingles[first]
        both = len(set(found).intersection(other))
        return round(both / (len(found) + len(other) - both), 4)
