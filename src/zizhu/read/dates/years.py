"""Which four digits are a year, and which are an amount or part of a name."""

from __future__ import annotations

from zizhu.read.dates.words import calendar
from zizhu.read.words.lexicon import (
    bounds_before,
    classifiers,
    function_words,
    han_measures,
    measures,
    words_of,
)
from zizhu.read.words.phrases import ahead, behind, longest
from zizhu.read.words.tables import tables
from zizhu.read.words.tokens import DIGITS, Tokens, plain_digits

_FIRST, _LAST = 1700, 2199
_SCALES = frozenset("十百千万亿兆")


def year_at(cut: Tokens, i: int) -> int | None:
    """The year that token `i` may write, by its form alone."""
    word = cut.word[i]
    if len(word) != 4 or word[0] not in DIGITS or not word.isdecimal():
        return None
    year = int(plain_digits(word))
    return year if _FIRST <= year <= _LAST else None


def is_year(cut: Tokens, i: int) -> bool:
    """Whether a token that looks like a year is one: no amount, no part of a name, none that is read in Chinese."""
    if cut.word[i + 1][:1] == "年" or (cut.joined(i) and _han(cut.word[i - 1])):
        return False
    titled = cut.word[i + 1][:1].isupper() and cut.low[i + 1] in calendar("year_name")
    return not (titled or _glued(cut, i) or named(cut, i) or is_amount(cut, i))


def named(cut: Tokens, i: int) -> bool:
    """Whether a capitalised word right before makes the number part of a name (`Vision 2030`)."""
    before = cut.word[i - 1]
    if not before[:1].isupper():
        return before == "-" and cut.joined(i) and cut.joined(i - 1) and _compound(cut, i)
    low = cut.low[i - 1]
    if cut.broken(i) or low in function_words() or low in calendar("before_year") or low in calendar("month"):
        return False
    return not (low in calendar("temporal") or {"\n", "\t"} & set(cut.gap(i)) or _heads_column(cut, i))


def _heads_column(cut: Tokens, i: int) -> bool:
    """Whether a year ends the head of a column of a table: `Target 2030`."""
    place = tables(cut.text).at(cut.start[i])
    return place is not None and place.in_head and place.cell.end == cut.end[i]


def _compound(cut: Tokens, i: int) -> bool:
    """`Made-in-China-2025` but not `mid-2025`."""
    return cut.low[i - 2] not in calendar("joiner") and cut.word[i - 2][:1].isalpha()


def _glued(cut: Tokens, i: int) -> bool:
    before, after = cut.word[i - 1], cut.word[i + 1]
    if cut.joined(i) and ((before[:1].isalnum() and not _han(before)) or before in _SIGNS):
        return before.lower() not in calendar("before_year")
    if cut.joined(i + 1):
        if after[:1].isalpha() and not _han(after):
            return after.lower() not in ("s", "h", "q")
        if after == "/" and cut.word[i + 2][:1].isdecimal() and cut.joined(i + 2):
            return len(cut.word[i + 2]) != 2
        return after in _AMOUNT_SIGNS
    return False


_SIGNS = frozenset({"$", "€", "£", "¥", "￥", "₹", "₩", "#", "§", "+", "№", "@", "_", "&", "="})
_AMOUNT_SIGNS = frozenset({"%", "％", "‰", "+", "°", "_", "@", "℃"})


def is_amount(cut: Tokens, i: int) -> bool:
    """Whether a unit, a scale or a counted plural behind four digits makes them an amount."""
    after = cut.word[i + 1]
    if _han(after):
        return after[0] != "年" and _han_unit(cut.text, cut.end[i])
    unit = ahead(cut, i + 1, measures())
    if unit and unit[0].kind not in ("time", "ratio") and unit[0].unit != "point":
        return len(unit[0].written) > 1 or cut.joined(i + 1)
    if cut.low[i + 1] in ("million", "billion", "trillion", "thousand", "dozen", "bn", "tn", "mn"):
        return True
    return _counted(cut, i)


def _counted(cut: Tokens, i: int) -> bool:
    """`more than 2000 firms`: a round number, a comparator before and a plural behind."""
    if int(plain_digits(cut.word[i])) % 50:
        return False
    noun = cut.low[i + 1]
    if not noun.isalpha() or noun in function_words() or noun in calendar("year_head"):
        return False
    if not (noun.endswith("s") or cut.low[i + 2].endswith("s") or noun in words_of("plurals")):
        return False
    bounded = behind(cut, i, bounds_before()) is not None
    return bounded or cut.low[i - 1] not in calendar("temporal")


def _han_unit(text: str, p: int) -> bool:
    return text[p] in _SCALES or longest(text, p, han_measures(), 6) is not None or _classified(text, p)


def _classified(text: str, p: int) -> bool:
    found = classifiers().get(text[p])
    after = text[p + 1 : p + 2]
    return found is not None and not (after and after in found.not_before)


def _han(word: str) -> bool:
    return "\u3400" <= word[:1] <= "\u9fff" or word[:1] == "〇"
