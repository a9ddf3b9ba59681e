"""Measuring, wrapping and writing text without a browser.

Widths are the advance widths of Arial, Helvetica and Liberation Sans (all three agree), so a label measured here
fits wherever one of them is used.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from zizhu.show.format import minus, percent

# Thousandths of the font size for the characters from space to tilde.
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_OTHER = {
    "\N{NO-BREAK SPACE}": 278,
    "\N{MINUS SIGN}": 584,
    "\N{EM DASH}": 1000,
    "\N{HORIZONTAL ELLIPSIS}": 1000,
}
_UNKNOWN = 660
_WIDE = 1000
_COUNTED = ("count", "number", "index", "rank")
_FINE = 3.0
_BOLD = 1.09
_LINE = 1.2


# What XML cannot hold (control characters, lone surrogates) and what would turn the reading direction around.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: object) -> str:
    """A text in one line, without characters that a drawing cannot hold."""
    return " ".join(_UNPRINTABLE.sub("", str(text)).split())


@lru_cache(maxsize=65536)
def width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text in pixels at a font size in pixels.

    >>> round(width("74.2 %", 12), 1)
    36.7
    """
    total = sum(_advance(c) for c in unicodedata.normalize("NFD", text))
    return total / 1000 * size * (_BOLD if bold else 1.0)


def line_height(size: float) -> float:
    """The distance of two baselines of wrapped text."""
    return float(round(size * _LINE))


def wrap(text: str, limit: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Lines of at most `limit` pixels, as few as possible and then as even as possible; nothing is cut off.

    Breaks at spaces (not before a per cent sign), after hyphens and slashes, between ideographs, and within a
    word only when it is wider than a line.
    """
    tied = text.replace(" %", "\N{NO-BREAK SPACE}%")
    atoms = [piece for atom in _atoms(tied) for piece in _fit(atom, limit, size, bold)]
    lines = _fill(atoms, limit, size, bold)
    low, high = (0.0, limit) if len(lines) > 1 else (limit, limit)
    while high - low > 1:
        middle = (low + high) / 2
        narrower = _fill(atoms, middle, size, bold)
        fits = len(narrower) <= len(lines) and block_width(narrower, size, bold) <= middle
        low, high = (low, middle) if fits else (middle, high)
    return tuple(line.replace("\N{NO-BREAK SPACE}%", " %") for line in _fill(atoms, high, size, bold))


def block_width(lines: Iterable[str], size: float, bold: bool = False) -> float:
    """The width of the widest line."""
    return max((width(line, size, bold) for line in lines), default=0.0)


@dataclass(frozen=True)
class Numbers:
    """How the numbers of one figure are written: the same digits for all, and their unit.

    A unit that starts with 'share' holds shares in [0, 1] and is written in per cent, as are 'percent' and '%'.
    """

    unit: str
    digits: int

    @classmethod
    def of(cls, values: Iterable[float], unit: str) -> Numbers:
        """Three significant digits of the largest value; per cent one decimal, or two below 3 %; whole ones none.

        Beside values below 10, those below 1,000 keep one decimal.
        """
        scale = 100 if _is_share(unit) else 1
        sizes = [abs(v) * scale for v in values]
        largest = max(sizes, default=0.0)
        if all(abs(s - round(s)) < 1e-9 for s in sizes):
            return cls(unit, 0)
        if _is_percent(unit):
            return cls(unit, 1 if largest >= _FINE else 2)
        digits = max(0, min(4, 2 - math.floor(math.log10(largest))))
        small = largest < 1000 and any(0 < s < 10 for s in sizes)
        return cls(unit, max(digits, 1) if small else digits)

    @property
    def is_percent(self) -> bool:
        """Whether numbers carry a per cent sign."""
        return _is_percent(self.unit)

    @property
    def scale(self) -> float:
        """What a value is multiplied by before it is written: 100 for shares."""
        return 100.0 if _is_share(self.unit) else 1.0

    def short(self, value: float) -> str:
        """'74.2 %' in per cent, otherwise the number alone."""
        if self.is_percent:
            return percent(value * self.scale / 100, self.digits)
        return self.bare(value)

    def bare(self, value: float) -> str:
        """The number without any sign of its unit."""
        shown = value * self.scale
        least = 10.0**-self.digits
        if 0 < abs(shown) < least / 2:
            return ("<" if shown > 0 else ">\N{MINUS SIGN}") + f"{least:.{self.digits}f}"
        return minus(f"{shown:,.{self.digits}f}")

    def closing(self, value: float) -> str:
        """As `short`, where the number ends a line: below zero and of no size, it is about zero."""
        if 0 < -value * self.scale < 10.0**-self.digits / 2:
            return f"\N{ALMOST EQUAL TO} 0{' %' if self.is_percent else ''}"
        return self.short(value)

    def full(self, value: float) -> str:
        """The number with its unit in words, for descriptions."""
        return self.short(value) if self.is_percent else f"{self.bare(value)} {self.word}".rstrip()

    @property
    def word(self) -> str:
        """The unit as it follows a number: nothing for what is merely counted."""
        return "" if self.is_percent or self.unit in _COUNTED else self.unit


def _is_share(unit: str) -> bool:
    return unit.startswith("share")


def _is_percent(unit: str) -> bool:
    return _is_share(unit) or unit == "%" or unit.split(" ")[0] == "percent"


def _advance(char: str) -> int:
    if " " <= char <= "~":
        return _ASCII[ord(char) - 32]
    if char in _OTHER:
        return _OTHER[char]
    if unicodedata.combining(char):
        return 0
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _UNKNOWN


def _atoms(text: str) -> list[str]:
    """Pieces that may stand at a line's start, each with the space that follows it."""
    return re.findall(
        r"[⺀-鿿぀-ヿ가-힯！-｠]|[^ ⺀-鿿぀-ヿ가-힯！-｠/-]*[/-]+ *|[^ ⺀-鿿぀-ヿ가-힯！-｠/-]+ *| +", text
    )


def _fit(atom: str, limit: float, size: float, bold: bool) -> list[str]:
    if width(atom.rstrip(" "), size, bold) <= limit:
        return [atom]
    pieces, piece = [], ""
    for char in atom:
        if piece and width(piece + char, size, bold) > limit:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]


def _fill(atoms: Iterable[str], limit: float, size: float, bold: bool) -> list[str]:
    lines, line = [], ""
    for atom in atoms:
        if line and width((line + atom).rstrip(" "), size, bold) > limit:
            lines.append(line.rstrip(" "))
            line = ""
        line += atom
    return [*lines, line.rstrip(" ")]
