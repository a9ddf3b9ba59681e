"""Decimal numbers in text turned into doubles, many at once: every result is the double that Python's `float` gives.

A cell is looked at as one or two words of eight characters, and all cells of a piece are worked on together, which
needs no compiled code and lets several threads work. A number is exact where its digits make an integer of at most
2^53 that is divided by a power of ten up to 10^22 (W. D. Clinger, How to read floating point numbers accurately,
1990); all others (exponents, more digits, a plus sign) go through `float`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Places = NDArray[np.intp]
Marks = NDArray[np.bool_]
WORD = 8
LEAD = 2 * WORD
"""Bytes that must lie before the first cell: words are read backwards from the end of a cell."""
CELLS = 1 << 15
"""Cells that are worked on together: few enough for the cache of a core."""
LARGEST = np.uint64(1 << 53)


def _each(byte: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes([byte]) * WORD, "little"))


_ZEROS, _DOTS, _ONES, _HIGH, _OVER_NINE = (_each(b) for b in (ord("0"), ord("."), 0x01, 0x80, 0x76))
_FULL, _BYTE, _SEVEN, _EIGHT, _LAST = (np.uint64(v) for v in (2**64 - 1, 0xFF, 7, 8, 56))
_ZERO, _MINUS, _ONE = np.uint64(ord("0")), np.uint64(ord("-")), np.uint64(1)
_ZERO_BYTE, _NINE = np.uint8(ord("0")), np.uint8(9)
_SCALE = 10.0 ** np.array([7, 6, 5, 4, 3, 2, 1, 0, 0])
"""What the digits of one word are divided by, by the place of the decimal point in it (8: there is none)."""
_LONG_SCALE = 10.0 ** np.array([*range(15, -1, -1), 0])
"""The same for two words."""


def parse(text: NDArray[np.uint8], start: Places, end: Places, out: Floats) -> Places:
    """Write the numbers text[start:end] into `out` (m,), 0 for blank cells, and return the places of wrong cells.

    `text` has LEAD bytes before the first cell. Wrong is what is no number in decimals or not finite.
    """
    words = np.ndarray((len(text) - WORD + 1,), "<u8", text, strides=(1,))
    wrong: list[int] = []
    for i in range(0, len(out), CELLS):
        part = slice(i, i + CELLS)
        left = i + _some(text, words, end[part], end[part] - start[part], out[part])
        wrong += [j for j in left.tolist() if not _solved(text, start[j], end[j], out, j)]
    return np.array(wrong, dtype=np.intp)


def _some(text: NDArray[np.uint8], words: Words, end: Places, length: Places, out: Floats) -> Places:
    """The numbers of a few cells into `out`; returns the places of those that are left."""
    digit = text[end - 1] - _ZERO_BYTE
    out[:] = digit
    short = np.flatnonzero((length > 1) & (length <= WORD))
    long = np.flatnonzero((length > WORD) & (length <= LEAD))
    unsolved = (length > LEAD) | ((length == 1) & (digit > _NINE))
    out[length == 0] = 0.0
    if len(short):
        out[short], unsolved[short] = _short(words[end[short] - WORD], length[short])
    if len(long):
        last = end[long]
        out[long], unsolved[long] = _long(words[last - LEAD], words[last - WORD], length[long])
    return np.flatnonzero(unsolved)


def _short(word: Words, length: Places) -> tuple[Floats, Marks]:
    """Cells of two to eight characters: their values, and which still have to be read."""
    word, negative = _padded(word, WORD - length)
    point = _first_point(word)
    digits = _without(word, point) | _ZERO
    whole = np.flatnonzero(point == 0)
    digits[whole] = word[whole]
    value = _eight(digits).view(np.int64) / _SCALE.take(_place(point))
    unsolved = _not_digits(digits)
    if negative.any():
        np.negative(value, out=value, where=negative)
        unsolved |= negative & (length == 2) & (point != 0)
    return value, unsolved


def _solved(text: NDArray[np.uint8], start: int, end: int, out: Floats, place: int) -> bool:
    """Write one number into its place; whether it is one."""
    out[place] = number(text[start:end].tobytes())
    return math.isfinite(out[place])


def _long(first: Words, second: Words, length: Places) -> tuple[Floats, Marks]:
    """Cells of 9 to 16 characters in two words: their values, and which still have to be read."""
    first, negative = _padded(first, LEAD - length)
    early, late = _first_point(first), _first_point(second)
    place = np.where(early != 0, _place(early), WORD + _place(late))
    carried = (first << _EIGHT) | _ZERO
    shifted = _without(second, late) | (first >> _LAST)
    in_second = (early == 0) & (late != 0)
    first = np.where(early != 0, _without(first, early) | _ZERO, np.where(in_second, carried, first))
    second = np.where(in_second, shifted, second)
    mantissa = _eight(first) * np.uint64(10**WORD) + _eight(second)
    value = mantissa / _LONG_SCALE.take(place)
    np.negative(value, out=value, where=negative)
    return value, _not_digits(first) | _not_digits(second) | (mantissa > LARGEST)


def _without(word: Words, point: Words) -> Words:
    """The word without that character: what stands before it moves up, and the first byte is empty."""
    below = point - _ONE
    return (word & ~(point | below)) | ((word & (below >> _SEVEN)) << _EIGHT)


def _padded(word: Words, spare: Places) -> tuple[Words, Marks]:
    """The word with zeros for its first `spare` characters and for a minus sign after them; who had one."""
    shift = (spare << 3).astype(np.uint64)
    kept = ((word ^ _ZEROS) & (_FULL << shift)) ^ _ZEROS
    negative = ((word >> shift) & _BYTE) == _MINUS
    if negative.any():
        kept ^= (negative * (_ZERO ^ _MINUS)) << shift
    return kept, negative


def _first_point(word: Words) -> Words:
    """The highest bit of the first character that is a decimal point, 0 where there is none."""
    other = word ^ _DOTS
    marks = (other - _ONES) & ~other & _HIGH
    return marks & (~marks + _ONE)


def _place(point: Words) -> NDArray[np.uint8]:
    """The place 0 to 7 of that character, 8 where there is none."""
    place: NDArray[np.uint8] = np.bitwise_count(point - _ONE) >> np.uint8(3)
    return place


def _not_digits(word: Words) -> Marks:
    value = word - _ZEROS
    wrong: Marks = ((value | (value + _OVER_NINE)) & _HIGH) != 0
    return wrong


def _eight(word: Words) -> Words:
    """The number that eight digits make: pairs, then fours, then all."""
    value = word - _ZEROS
    value = value * np.uint64(10) + (value >> _EIGHT)
    pairs = np.uint64(0x000000FF000000FF)
    high = (value & pairs) * np.uint64(100 + (1000000 << 32))
    low = ((value >> np.uint64(16)) & pairs) * np.uint64(1 + (10000 << 32))
    return (high + low) >> np.uint64(32)


def number(cell: bytes) -> float:
    """The number of one cell, 0 for a blank one and not a number (nan) for what is none."""
    if not cell.strip():
        return 0.0
    try:
        return math.nan if b"_" in cell else float(cell)
    except ValueError:
        return math.nan
