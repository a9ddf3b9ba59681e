"""Dates that count from another day: last year, the past decade, five years ago, Tuesday."""

from __future__ import annotations

from zizhu.read.dates.forms import Count, Form, Part, Point, Weekday, Year
from zizhu.read.dates.words import calendar, numbered
from zizhu.read.words.lexicon import function_words
from zizhu.read.words.numerals import cardinal
from zizhu.read.words.tokens import Tokens

Read = tuple[Form, int]
_MOST = 400
_DECADE = 10
_APOSTROPHES = ("'", "’")
_ACT_NEAR = 2
_ACT_AFTER = 12
"""Tokens from `today` to the act of that day, at most; behind a comma the subject stands between."""


def today(cut: Tokens, i: int) -> Read | None:
    """`announced today`, `Today, the ministry approved`: the document's day, where something was done on it.

    Elsewhere `today` is no day but the present.
    """
    acts = calendar("act_of_day")
    led = cut.low[i + 1] == ","
    behind = range(i + 1, i + 1 + (_ACT_AFTER if led else _ACT_NEAR))
    for k in (*range(max(i - _ACT_NEAR, 0), i), *behind):
        if k >= len(cut.low) or (k > i and cut.low[k] in (".", ";")):
            break
        if cut.low[k] in acts:
            return Count(0, "day"), i + 1
    return None


def shifted(cut: Tokens, i: int) -> Read | None:
    """`last year`, `next month`, `this October`, `the previous year`, `that year`, `yesterday`."""
    i += cut.low[i] == "the"
    word = cut.low[i]
    if word in numbered("day"):
        return Count(numbered("day")[word], "day"), i + 1
    chained = numbered("chained").get(word, 0 if word == "that" else None)
    if chained is not None:
        return (Point(Year("chained", chained)), i + 2) if cut.low[i + 1] == "year" else None
    shift = numbered("shift").get(word)
    return None if shift is None or word == "past" else _shifted(cut, i + 1, shift)


def _shifted(cut: Tokens, j: int, shift: int) -> Read | None:
    j += cut.low[j] in ("fiscal", "financial", "calendar")
    unit = calendar("unit").get(cut.low[j])
    if unit == "year":
        return Point(Year("anchor", shift)), j + 1
    if unit in ("decade", "week"):
        return Count(shift, f"this {unit}"), j + 1
    if unit and unit != "day":
        return Count(shift, unit), j + 1
    if cut.low[j] in numbered("weekday"):
        return Weekday(numbered("weekday")[cut.low[j]], shift), j + 1
    return _shifted_part(cut, j, shift)


def _shifted_part(cut: Tokens, j: int, shift: int) -> Read | None:
    if not cut.word[j][:1].isupper() and cut.low[j] not in numbered("season"):
        return None
    month = numbered("month").get(cut.low[j]) or numbered("season").get(cut.low[j])
    if month is None:
        return None
    last = month if cut.low[j] in numbered("month") else (month + 1) % 12 + 1
    year = Year("anchor", 0) if shift == 0 else Year("near" if shift < 0 else "ahead")
    return Point(year, Part(month, last)), j + 1


def decade_end(cut: Tokens, i: int) -> Read | None:
    """`the end of the decade`, `the close of next decade`, `the decade's end`: the year that is commonly called so."""
    if cut.low[i] == "decade":
        k = i + 2 + (cut.low[i + 1] in _APOSTROPHES)
        years = numbered("decade_end").get(cut.low[k]) if cut.joined(i + 1) else None
        return None if years is None else (Point(Year("decade", years)), k + 1)
    years = numbered("decade_end").get(cut.low[i])
    if years is None or cut.low[i + 1] != "of":
        return None
    k = i + 2 + (cut.low[i + 2] == "the")
    shift = numbered("shift").get(cut.low[k])
    led = shift is not None or cut.low[k - 1] == "the"
    k += shift is not None
    decade = led and cut.low[k] == "decade" and cut.low[k + 1] not in (*_APOSTROPHES, "-", "of")
    return (Point(Year("decade", years + _DECADE * (shift or 0))), k + 1) if decade else None


def stretch(cut: Tokens, i: int) -> Read | None:
    """`the past five years`, `the next decade`; a range of years is an amount and no date."""
    way = numbered("stretch")[cut.low[i]]
    number, j = amount(cut, i + 1)
    if number and cut.low[i] in numbered("chained") and cut.low[i - 1] not in ("the", "its", "their"):
        return None
    unit = calendar("units").get(cut.low[j]) if number else calendar("unit").get(cut.low[i + 1])
    if unit is None or (not number and (unit != "decade" and cut.low[i] != "past")):
        return None
    name = unit.removesuffix("s")
    return _count(way * (number or 1), name, stretch=True, chained=False), j + 1


def ago(cut: Tokens, i: int) -> Read | None:
    """`five years ago`, `a decade earlier`, `the year before`: read backwards, the token before the first is kept."""
    way = numbered("ago").get(cut.low[i]) or numbered("chained_ago").get(cut.low[i])
    unit = calendar("units").get(cut.low[i - 1]) or calendar("unit").get(cut.low[i - 1])
    if way is None or unit is None:
        return None
    first, number = amount_before(cut, i - 1)
    chained = cut.low[i] not in numbered("ago")
    if not number or (cut.low[i] == "before" and cut.low[i - 2] not in ("the", "a")):
        return None
    if chained and cut.low[i] == "later" and cut.low[i - 2] == "the":
        return None
    return _count(way * number, unit.removesuffix("s"), stretch=False, chained=chained), first


def _count(number: int, unit: str, *, stretch: bool, chained: bool) -> Count:
    if unit == "decade":
        number, unit = number * 10, "year"
    return Count(number, unit, stretch, chained)


def amount(cut: Tokens, j: int) -> tuple[int, int]:
    """A small number from token `j` on, 0 for none, and the token behind it."""
    word = cut.word[j]
    if word.isdecimal() and len(word) < 4:
        return int(word), j + 1
    found = cardinal(cut, j)
    return (int(found[0]), found[1]) if found and found[0] < _MOST else (0, j)


def amount_before(cut: Tokens, end: int) -> tuple[int, int]:
    """First token and value of the number that ends before token `end`."""
    if cut.low[end - 1] in ("a", "one", "the", "an"):
        return end - 1, 1
    for first in range(max(end - 4, 0), end):
        number, j = amount(cut, first)
        if number and j == end:
            return first, number
    return end, 0


def weekday(cut: Tokens, i: int) -> Read | None:
    """`Tuesday`, but not `Black Friday` or `the Sunday Times`."""
    before, after = cut.word[i - 1], cut.word[i + 1]
    if not cut.word[i][:1].isupper() or (after[:1].isupper() and cut.low[i + 1] not in function_words()):
        return None
    if before[:1].isupper() and cut.low[i - 1] not in function_words() and not cut.broken(i):
        return None
    return Weekday(numbered("weekday")[cut.low[i]]), i + 1
