"""The characters of a page of a PDF with their boxes, and the pieces of lines that they make.

A piece is a run of characters on one line without a wide gap: a whole line of a column, or a cell of a table.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zizhu.read.documents.pdf_hidden import RECOGNISED, SHOWN, Reasons, hidden
from zizhu.read.documents.raised import raised

GAP = 0.9
"""Blank between two characters from which a new piece begins, in heights of a character."""
BACK = 0.5
"""Step back to the left from which a new piece begins: less is kerning."""
OVERLAP = 0.4
"""Share of the lower of two characters that must stand beside the other for both to be on one line."""
BLANK = ord(" ")
_OTHER_BLANKS = (0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFFFF)
LOWEST = np.float32(1.0)
"""Points that a character has at least: fonts that are drawn as pictures may state no height."""
SMALLER, HIGHER = 0.85, 0.15
"""Height of a raised digit to that of the character before it, at most, and share of that by which it stands higher."""
HYPHENS = (0x02, 0xFFFE)
"""What PDFium writes for a hyphen at the end of a line, of one character and in a text."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Pieces:
    """The pieces of a page, in the order in which its file draws them.

    text: characters of the page; boxes (characters, 4): left, bottom, right, top; first, last (pieces,): indices of
    the outer characters of each piece, both included; x0, y0, x1, y1 (pieces,) their boxes; size: median height.
    """

    text: str
    boxes: Floats
    first: Ints
    last: Ints
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    size: Floats

    def __len__(self) -> int:
        return len(self.first)

    def words(self, piece: int) -> str:
        """The text of a piece."""
        return self.text[self.first[piece] : self.last[piece] + 1]

    def rows(self, pieces: Ints) -> Ints:
        """The row of each of `pieces`, from 0 at the bottom: pieces whose middles are less than half a size apart."""
        middle = (self.y0[pieces] + self.y1[pieces]) / 2
        order = np.argsort(middle, kind="stable")
        size = self.size[pieces][order]
        found = np.zeros(len(pieces), dtype=np.int64)
        found[order[1:]] = np.cumsum(np.diff(middle[order]) > np.maximum(size[1:], size[:-1]) / 2)
        return found


def pieces_of(page: Any, text_page: Any) -> tuple[Pieces, Reasons]:
    """The pieces of what is seen of an open page of pypdfium2, and why each of its characters is not seen, if so."""
    text, boxes = _characters(text_page)
    why = hidden(page, text_page, boxes)
    seen = (why == SHOWN) | (why == RECOGNISED)
    if not seen.all():
        text, boxes = "".join(compress(text, seen.tolist())), boxes[seen]
    return cut(text, boxes), why


def cut(text: str, boxes: Floats) -> Pieces:
    """Cut the characters of a page, with boxes (len(text), 4), where the line ends or a wide gap begins.

    Blanks of all kinds and signs for machines become plain blanks, PDFium's sign for a hyphen becomes one.
    """
    text = _with_raised(text.translate(_plain()), boxes)
    at = np.flatnonzero(codes(text) != BLANK)
    if not len(at):
        return Pieces(text, boxes, at, at, *np.zeros((5, 0), dtype=np.float32))
    left, bottom, right, top = boxes[at].T
    top = np.maximum(top, bottom + LOWEST)
    height = top - bottom
    beside = np.minimum(top[1:], top[:-1]) - np.maximum(bottom[1:], bottom[:-1])
    lower = np.minimum(height[1:], height[:-1])
    gap = left[1:] - right[:-1]
    back = left[:-1] - left[1:] > BACK * lower
    new = (beside < OVERLAP * lower) | (gap > GAP * lower) | back
    starts = np.flatnonzero(np.concatenate([[True], new]))
    ends = np.append(starts[1:], len(at)) - 1
    return Pieces(
        text,
        boxes,
        at[starts],
        at[ends],
        np.minimum.reduceat(left, starts),
        np.minimum.reduceat(bottom, starts),
        np.maximum.reduceat(right, starts),
        np.maximum.reduceat(top, starts),
        height[(starts + ends) // 2],
    )


def _with_raised(text: str, boxes: Floats) -> str:
    """The text with the digits above the line that are smaller and stand higher than the character before them."""
    known = codes(text)
    at = np.flatnonzero(known != BLANK)
    digits = (known[at] >= ord("0")) & (known[at] <= ord("9"))
    bottom, height = boxes[at, 1], np.maximum(boxes[at, 3] - boxes[at, 1], LOWEST)
    step = bottom[1:] - bottom[:-1]
    begins = digits[1:] & (height[1:] <= SMALLER * height[:-1])
    begins &= (step >= HIGHER * height[:-1]) & (step < height[:-1])
    signs = list(text)
    for first in np.flatnonzero(begins) + 1:
        last, behind = first, text[at[first - 1]]
        while last < len(at) and digits[last] and abs(bottom[last] - bottom[first]) < HIGHER * height[first]:
            signs[at[last]] = raised(text[at[last]], behind) or " "
            last += 1
    return "".join(signs)


def _characters(text_page: Any) -> tuple[str, Floats]:
    """Text and boxes of all characters that PDFium finds, with those that it makes up (blanks, line ends)."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return "", np.zeros((0, 4), dtype=np.float32)
    rects = (pdfium.FS_RECTF * count)()
    page, start, ask = (
        ctypes.cast(text_page.raw, ctypes.c_void_p).value,
        ctypes.addressof(rects),
        _loose_box(),
    )
    width = ctypes.sizeof(pdfium.FS_RECTF)
    for at in range(count):
        ask(page, at, start + at * width)
    left, top, right, bottom = np.frombuffer(rects, dtype=np.float32).reshape(count, 4).T
    boxes = np.stack([left, np.minimum(bottom, top), right, np.maximum(bottom, top)], axis=1)
    return _text(text_page, count), np.nan_to_num(boxes, nan=0.0, posinf=0.0, neginf=0.0)


def codes(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _plain() -> dict[int, str]:
    blanks = [*range(0x21), *range(0x7F, 0xA1), *range(0x2000, 0x200B), *_OTHER_BLANKS]
    return {**dict.fromkeys(blanks, " "), **dict.fromkeys(HYPHENS, "-"), 0: "\ufffd"}


@cache
def _loose_box() -> Callable[[int | None, int, int], int]:
    """FPDFText_GetLooseCharBox by addresses: a third of the time of the call with checked arguments."""
    import pypdfium2.raw as pdfium

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    return kind(ctypes.cast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0)


def _text(text_page: Any, count: int) -> str:
    """One code point a character."""
    import pypdfium2.raw as pdfium

    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * max(written, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    # characters beyond the first plane take two units of UTF-16
    return "".join(_character(pdfium.FPDFText_GetUnicode(text_page, at)) for at in range(count))


def _character(code: int) -> str:
    return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
