"""A text cut once into words, digits, runs of Chinese characters and signs.

Every pattern consumes at least one character and never backs off, so the time is linear in the text.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count, islice, pairwise
from operator import add, sub

HAN_NUMERALS = "零〇一二三四五六七八九两十百千万亿兆"
DIGITS = frozenset("0123456789０１２３４５６７８９")


def _ranges(first: int, last: int, without: str) -> str:
    """The inside of a character class from `first` to `last` without some characters."""
    holes = sorted(ord(c) for c in without if first <= ord(c) <= last)
    edges = zip([first, *(h + 1 for h in holes)], [*(h - 1 for h in holes), last], strict=True)
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in edges if a <= b)


_PATTERN = re.compile(
    r"(?:[^\W\d_\u3400-\u9fff\u3007]+"
    r"|[0-9０-９]+(?:[.,][0-9０-９]+)*"
    r"|百分[之点比]"
    rf"|[{HAN_NUMERALS}]+"
    rf"|[{_ranges(0x3400, 0x9FFF, HAN_NUMERALS)}]+"
    r"|-+|\.+|=+|_+|\*+|\d+|.)\s*",
    re.DOTALL,
)
_ADDRESS = re.compile(r"(?:https?://|www\.|doi\.org/|\b10\.\d{4,9}/)\S*")
_GUARD = 8
_ROW, _APART = 200, 3


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel lists, one entry a token: as written, in lower case, first code point, one past the last.

    Eight empty tokens follow the last one, so that looking a few tokens ahead or behind needs no check.
    """

    text: str
    word: list[str]
    low: list[str]
    start: array[int]
    end: array[int]

    def __len__(self) -> int:
        return len(self.word) - _GUARD

    def at(self, position: int) -> int:
        """The first token that starts at `position` or later."""
        return bisect_left(self.start, position)

    def joined(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a blank."""
        return i > 0 and self.start[i] == self.end[i - 1]

    def gap(self, i: int) -> str:
        """The blank between token `i` and the one before it."""
        return self.text[self.end[i - 1] : self.start[i]] if i > 0 else ""

    def broken(self, i: int) -> bool:
        """Whether a paragraph ends before token `i`."""
        return i == 0 or self.gap(i).count("\n") > 1


@lru_cache(maxsize=4)
def tokens(text: str) -> Tokens:
    """The tokens of a text; blanks belong to none."""
    raw, start, end = parted(_PATTERN, text)
    word = _mapped(raw, str.rstrip)
    guard = [""] * _GUARD
    edge = [len(text)] * _GUARD
    low = _mapped(word, str.lower)
    return Tokens(text, word + guard, low + guard, array("i", start + edge), array("i", end + edge))


def parted(pattern: re.Pattern[str], text: str, offset: int = 0) -> tuple[list[str], list[int], list[int]]:
    """A text cut by a pattern that takes in the blanks behind a word: what it matched, first code points, ends.

    Blanks belong to no word, and the pattern must leave out nothing but blanks at the beginning. `offset` is added.
    """
    raw = pattern.findall(text)
    lengths = list(map(len, raw))
    start = list(accumulate(lengths, initial=offset + len(text) - sum(lengths)))
    start.pop()
    end = list(map(add, start, map(len, map(str.rstrip, raw))))
    return raw, start, end


def _mapped(words: list[str], change: Callable[[str], str]) -> list[str]:
    """Every word changed; each different one once."""
    changed = {w: change(w) for w in set(words)}
    return list(map(changed.__getitem__, words))


def hits(cut: Tokens, wanted: Callable[[str], bool]) -> list[int]:
    """The tokens whose lower-case form is wanted; each different one is asked for once."""
    hot = {w for w in set(cut.low) if w and wanted(w)}
    return prose(list(compress(count(), map(hot.__contains__, cut.low))), _APART) if hot else []


def prose(found: list[int], apart: int) -> list[int]:
    """Places without rows of figures: 200 and more of them, each at most `apart` from the last, are no sentence."""
    if len(found) < _ROW:
        return found
    gaps = enumerate(map(sub, islice(found, 1, None), found), 1)
    edges = [0, *(k for k, gap in gaps if gap > apart), len(found)]
    return [i for a, b in pairwise(edges) if b - a < _ROW for i in found[a:b]]


@lru_cache(maxsize=4)
def addresses(text: str) -> tuple[tuple[int, int], ...]:
    """Where web addresses and DOIs stand."""
    marked = "://" in text or "www." in text or "doi" in text
    return tuple(m.span() for m in _ADDRESS.finditer(text)) if marked else ()


def plain_digits(word: str) -> str:
    """Digits of full width as plain ones."""
    return word if word.isascii() else word.translate(_FULL_WIDTH)


_FULL_WIDTH = {ord("０") + d: str(d) for d in range(10)}
