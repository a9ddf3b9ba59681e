"""Words of a text with their code points: one pass, for English and Chinese alike.

A Chinese character is a token of its own, so that one trie finds phrases of both languages.
"""

from __future__ import annotations

import re
from typing import NamedTuple

HAN = "\u3400-\u9fff"
_TOKEN = re.compile(
    rf"[{HAN}]"  # a Chinese character
    r"|\d[\d.,]*"
    r"|['’]s\b"  # a possessive stands by itself: China’s
    r"|[A-Za-z\u00c0-\u167f\u1681-\u1fff]+(?:['’]t\b)?"
    r"|[^\s\w]|\w"
)
_SAME = str.maketrans("’‘“”–—−：；，（）！？", "''\"\"---:;,()!?")


class Token(NamedTuple):
    """A word, number, Chinese character or mark: where it stands, as written and folded."""

    start: int
    end: int
    text: str
    word: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def han(self) -> bool:
        """Whether it is a Chinese character."""
        return "\u3400" <= self.text[0] <= "\u9fff"


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of text[start:end], offsets counted in the whole text; a number loses the mark after it."""
    part = text[start : len(text) if end is None else end]
    low = part.lower() if part.isascii() else part.lower().translate(_SAME)  # slow, and of no use there
    same = len(low) == len(part)  # a few letters grow when they are lowered
    found: list[Token] = []
    for match in _TOKEN.finditer(part):
        first, last = match.span()
        raw = match.group()
        if last - first > 1 and raw[-1] in ".,":
            found += _number(raw, start + first)
        else:
            word = low[first:last] if same else raw.lower().translate(_SAME)
            found.append(Token(start + first, start + last, raw, word))
    return found


def _number(raw: str, at: int) -> list[Token]:
    """A number and each of the marks that end it."""
    kept = raw.rstrip(".,")
    marks = [Token(at + k, at + k + 1, raw[k], raw[k]) for k in range(len(kept), len(raw))]
    return [Token(at, at + len(kept), kept, kept), *marks]
