"""Words of a text with their code points: one pass, for English and Chinese alike.

A Chinese character is a token of its own, so that one trie finds phrases of both languages.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from zizhu.read.words.tokens import parted

HAN = "\u3400-\u9fff"
_PATTERN = re.compile(
    rf"(?:[{HAN}]"  # a Chinese character
    r"|\d(?:[\d.,]*\d)?"  # a number without the marks that end it
    r"|['’]s\b"  # a possessive stands by itself: China’s
    r"|[A-Za-z\u00c0-\u167f\u1681-\u1fff]+(?:['’]t\b)?"
    r"|[^\s\w]|\w)\s*"
)
_SAME = str.maketrans("’‘“”–—−：；，（）！？", "''\"\"---:;,()!?")
_MOST, _LONG = 1 << 14, 24
"""Words whose looks are remembered, and the characters of one at most."""


class Token(NamedTuple):
    """A word, number, Chinese character or mark: where it stands, as written and folded.

    `capital` says that it begins with a capital letter, `han` that it is a Chinese character.
    """

    start: int
    end: int
    text: str
    word: str
    capital: bool
    han: bool


class _Looks(dict[str, tuple[str, str, bool, bool]]):
    """What a word looks like wherever it stands, the blanks behind it taken off."""

    def __missing__(self, raw: str) -> tuple[str, str, bool, bool]:
        text = raw.rstrip()
        seen = text, text.lower().translate(_SAME), text[0].isupper(), "\u3400" <= text[0] <= "\u9fff"
        if len(raw) <= _LONG and len(self) < _MOST:
            self[raw] = seen
        return seen


_LOOKS = _Looks()
_MADE = partial(tuple.__new__, Token)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of text[start:end], offsets counted in the whole text; a number loses the marks after it."""
    raw, starts, ends = parted(_PATTERN, text[start : len(text) if end is None else end], start)
    seen = zip(*map(_LOOKS.__getitem__, raw), strict=True)
    return list(map(_MADE, zip(starts, ends, *seen, strict=True))) if raw else []
