"""A text as it is compared: what two typesetters set differently is made the same, and nothing that changes a meaning.

Folded are quotes and dashes of all kinds, runs of white space, the ellipsis, compatibility forms (Unicode's NFKD, which
makes equal what NFKC makes equal, character by character), case, and hyphens between letters, with a line's end after
them. Dropped are soft hyphens, zero-width characters, marks of direction and other controls, and white space beside
Chinese and Japanese.

A digit stays the digit that it is: only characters with a decimal value become one. `½`, `①` and the exponent of `10⁶`
have none and stay themselves; raised and lowered digits after a letter (`CO₂`, `km²`) are names, not numbers.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from zizhu.read.words.unseen import UNSEEN

_QUOTES = dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟″«»", '"')
_DASHES = dict.fromkeys("‐‑‒–—―⸺⸻﹘﹣－\N{MINUS SIGN}", "-")
_FULL_WIDTH = {chr(i + 0xFEE0): chr(i) for i in range(ord("!"), ord("~") + 1)}
_ONE_FOR_ONE = str.maketrans(_FULL_WIDTH | _QUOTES | _DASHES)
_WORD_SIGNS = "№℀℁℅℆"
"""Signs whose compatibility form is an English word or a fraction of words."""
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_SPACE = re.compile(r"\s")
_UNSEEN = re.compile(f"[{UNSEEN}]*")
_PLAIN = r"[!-,./-~]"
_PIECE = re.compile(
    # of a bounded length in place of possessive: Python before 3.11.5 loses what such a group matched
    rf"(?P<plain>(?:[!-,./-~、。一-鿿]+|(?<={_PLAIN}) (?={_PLAIN})){{1,1000}})"
    rf"|(?P<blank>\s+)|(?P<dash>[-{SOFT_HYPHEN}])(?P<end>[^\S\n]*\n\s*)?|(?P<other>[^\s])"
)


@dataclass(frozen=True)
class Folded:
    """A folded text. `starts` holds for each of its characters the offset of the raw one that it was made of."""

    text: str
    starts: array[int]

    def whole(self, start: int, end: int) -> bool:
        """Whether the folded characters from `start` to `end` are whole characters of the raw text."""
        head = start == 0 or self.starts[start - 1] != self.starts[start]
        if end == len(self.text):
            return head
        return head and self.starts[end] != self.starts[end - 1] and not unicodedata.combining(self.text[end])

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw offsets, half open, of a stretch that neither begins nor ends with a blank."""
        return self.starts[start], self.starts[end - 1] + 1


def fold(text: str) -> Folded:
    """The folded text with its way back. Time and memory grow with the length of `text`."""
    folder = _Folder(text.translate(_ONE_FOR_ONE))
    for piece in _PIECE.finditer(folder.text):
        folder.take(piece)
    return Folded("".join(folder.out), folder.starts)


class _Folder:
    """The folded pieces so far, and white space, which is written once it is known what follows it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.starts: array[int] = array("I")
        self.blank: int | None = None
        self.last = ""

    def take(self, piece: re.Match[str]) -> None:
        raw, at = piece.group(), piece.start()
        if piece.lastgroup == "plain":
            self._put(raw.lower(), raw, range(at, piece.end()))
        elif piece.lastgroup == "blank":
            self._wait(at)
        elif piece.lastgroup == "other":
            self._other(raw, at)
        else:
            self._dash(piece)

    def _put(self, folded: str, raw: str, starts: Iterable[int]) -> None:
        if self.blank is not None:
            if self.out and not _closes_up(self.last, raw[0]):
                self.out.append(" ")
                self.starts.append(self.blank)
            self.blank = None
        self.out.append(folded)
        self.starts.extend(starts)
        self.last = raw[-1]

    def _wait(self, at: int) -> None:
        if self.blank is None:
            self.blank = at

    def _other(self, raw: str, at: int) -> None:
        folded = _character(raw)
        if folded and folded[0].isdecimal() and not raw.isdecimal() and not self._after_letter():
            folded = raw
        if folded:
            self._put(folded, raw, repeat(at, len(folded)))

    def _dash(self, piece: re.Match[str]) -> None:
        """A dash is kept, except between letters, where it may break a line, and where it is a soft hyphen."""
        soft, broken = piece["dash"] == SOFT_HYPHEN, piece["end"] is not None
        if self._after_letter() and (broken or not soft):
            following = self._seen_from(piece.end())
            if following.islower() if broken else _cased(following):
                return
        if not soft:
            self._put("-", "-", (piece.start(),))
        if broken:
            self._wait(piece.start("end"))

    def _seen_from(self, at: int) -> str:
        """The first character from `at` on that is seen; empty at the end of the text."""
        unseen = _UNSEEN.match(self.text, at)
        at = unseen.end() if unseen else at
        return self.text[at : at + 1]

    def _after_letter(self) -> bool:
        return self.blank is None and _cased(self.last)


def _closes_up(before: str, after: str) -> bool:
    """Whether white space between two characters says nothing: beside Chinese, unless it parts two numbers."""
    return (_wide(before) or _wide(after)) and not (before.isnumeric() and after.isnumeric())


def _wide(c: str) -> bool:
    return "⺀" <= c < "ꀀ" or "豈" <= c <= "﫿" or c >= "\U00020000"


def _cased(c: str) -> bool:
    return c.islower() or c.isupper()


@lru_cache(maxsize=1 << 14)
def _character(c: str) -> str:
    """The folded form of one character; empty for what is not seen."""
    if c in _WORD_SIGNS:
        return c
    if c.isdecimal():
        return str(unicodedata.decimal(c))
    category = unicodedata.category(c)
    if category in ("Cf", "Cc"):
        return ""
    if category == "Pd":
        return "-"
    form = unicodedata.normalize("NFKD", c.lower()).lower()
    return c if _hides_number(form) or _SPACE.search(form) else form.translate(_ONE_FOR_ONE)


def _hides_number(form: str) -> bool:
    """Whether a compatibility form is more than one raised digit and holds a digit that no letter stands before."""
    return len(form) > 1 and any(
        x.isdecimal() and (i == 0 or not form[i - 1].isalpha()) for i, x in enumerate(form)
    )
