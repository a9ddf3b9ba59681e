"""What stands in a text and not on the page: soft hyphens, blanks without width, marks of direction.

Numbers and dates are read as they are seen: `1`, a blank without width and `2` are twelve. What a mark turns round is
seen the other way than it is written, so that no number in it can be trusted.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

from zizhu.read.model import Span
from zizhu.read.words.digits import plain

UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
"""The inside of a character class."""
_RUN = re.compile(f"[{UNSEEN}]+")
_TURNED = re.compile("\u202e[^\u202c\n\u2029]*")


@dataclass(frozen=True)
class Bare:
    """A text without what is not seen; `starts` holds for each of its characters the offset of the raw one."""

    text: str
    starts: array[int]
    turned: tuple[tuple[int, int], ...]

    def raw(self, span: Span) -> Span | None:
        """The raw offsets of a span; None where it is seen turned round."""
        start, end = self.starts[span.start], self.starts[span.end - 1] + 1
        return None if any(a < end and start < b for a, b in self.turned) else Span(start, end)


def bare(text: str) -> Bare | None:
    """The text as it is seen, digits of other scripts as plain ones, with its way back; None where it is that."""
    digits = plain(text)
    if digits is text and (text.isascii() or not _RUN.search(text)):
        return None
    starts, at = array("I"), 0
    for run in _RUN.finditer(text):
        starts.extend(range(at, run.start()))
        at = run.end()
    starts.extend(range(at, len(text)))
    turned = tuple(m.span() for m in _TURNED.finditer(text)) if "\u202e" in text else ()
    return Bare(_RUN.sub("", digits), starts, turned)
