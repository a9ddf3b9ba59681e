"""Values of written numbers: digits with separators, English number words, Chinese numerals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from zizhu.read.words.lexicon import han_digits, han_scales, number_words
from zizhu.read.words.tokens import HAN_NUMERALS, Tokens, plain_digits

_DIGITS = re.compile(r"(\d+)(\.\d+)?|(\d{1,3}(?:,\d{3})+)(\.\d+)?|(\d{1,2}(?:,\d{2})+,\d{3})(\.\d+)?")
_LONGEST = 40
_HAN = re.compile(f"[{HAN_NUMERALS}]+(?:点[零〇一二三四五六七八九]+)?")
_SMALL = ("unit", "teen", "ten")
_SCALED = ("scale", "hundred", "group")


class Numeral(NamedTuple):
    """A number as read: `digits` is its decimal form, to be scaled by a power of ten without rounding twice."""

    digits: str
    next: int
    whole: bool
    grouped: bool


def digits(cut: Tokens, i: int) -> Numeral | None:
    """The number that token `i` and blank-separated groups of three behind it write; None if malformed."""
    word = plain_digits(cut.word[i])
    match = _DIGITS.fullmatch(word) if len(word) <= _LONGEST else None
    if match is None or (word[0] == "0" and word.isdigit() and len(word) > 1):
        return None
    j = i + 1
    if word.isdigit() and len(word) <= 3 and word[0] != "0":
        while _group(cut, j):
            word += plain_digits(cut.word[j])
            j += 1
    return Numeral(word.replace(",", ""), j, "." not in word, "," in word or j > i + 1)


def _group(cut: Tokens, j: int) -> bool:
    """Whether token `j` is three digits behind one blank, as in `1 234`."""
    word = cut.word[j]
    return cut.gap(j) in _THIN and len(word) == 3 and word.isdecimal()


_THIN = frozenset({" ", "\u00a0", "\u2009", "\u202f"})


def scaled(text: str, exponent: int) -> float:
    """`text` times ten to that power, rounded once."""
    return float(f"{text}e{exponent}")


def cardinal(cut: Tokens, i: int) -> tuple[float, int] | None:
    """The number that English words from token `i` on write, and the token after it."""
    words, low = number_words(), cut.low
    total = current = 0.0
    last, largest, j = "", float("inf"), i
    while True:
        kinds = words.get(low[j], {})
        kind = _kind(kinds)
        if kind in _SMALL and _adds(last, kind):
            current, last = current + kinds[kind], kind
        elif kind == "hundred" and last in _SMALL and 0 < current < 100:
            current, last = current * 100, kind
        elif kind in ("scale", "group") and last and kinds[kind] < largest and len(low[j]) > 2:
            total, current, largest, last = total + max(current, 1) * kinds[kind], 0.0, kinds[kind], kind
        elif not _links(cut, j, last):
            break
        j += 1
    return (total + current, j) if last else None


def _kind(kinds: Mapping[str, float]) -> str:
    return next((k for k in (*_SMALL, *_SCALED) if k in kinds), "")


def _adds(last: str, kind: str) -> bool:
    return last == "" or last in _SCALED or (last == "ten" and kind == "unit")


def _links(cut: Tokens, j: int, last: str) -> bool:
    """Whether token `j` is the `and` of `two hundred and ten` or the hyphen of `twenty-five`."""
    kinds = number_words().get(cut.low[j + 1], {})
    if cut.low[j] == "and":
        return last in ("hundred", "scale") and any(k in kinds for k in _SMALL)
    tight = cut.low[j] == "-" and cut.joined(j) and cut.joined(j + 1)
    return tight and (
        (last == "ten" and "unit" in kinds) or (last in _SMALL and ("hundred" in kinds or "scale" in kinds))
    )


def han_at(text: str, start: int) -> str:
    """The Chinese numeral at a code point, empty where none is or where it is too long to be one."""
    match = _HAN.match(text, start)
    return match[0] if match and match.end() - start <= _LONGEST else ""


def han_value(text: str) -> float | None:
    """The value of a Chinese numeral, e.g. 三千五百, 十二, 两万亿, 三点五; None for what is none (十四五).

    >>> han_value("三千五百")
    3500.0
    """
    whole, point, fraction = text.partition("点")
    value = _han_whole(whole)
    if value is None or not point:
        return value
    return float(f"{int(value)}.{''.join(str(han_digits()[c]) for c in fraction)}")


def _han_whole(text: str) -> float | None:
    total = section = 0
    digit: int | None = None
    last = 9
    unit = 0
    for c in text:
        if c in han_digits():
            if digit:
                return None
            digit = han_digits()[c]
            unit = 0 if digit == 0 else unit
        elif (power := han_scales()[c]) < 4:
            if power >= last:
                return None
            section, digit, last, unit = (
                section + (1 if digit is None else digit) * 10**power,
                None,
                power,
                power,
            )
        else:
            held = section + (digit or 0)
            if not held and not total:
                return None
            if not held or (total and total < 10**power and held):
                total, section = (total + held) * 10**power, 0
            else:
                total, section = total + held * 10**power, 0
            digit, last, unit = None, 9, power
    tail = (digit or 0) * (10 ** (unit - 1) if unit > 1 and digit else 1)
    return float(total + section + tail)
