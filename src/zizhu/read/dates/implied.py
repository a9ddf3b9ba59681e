"""Times that words imply and no date says: `since 2021`, `in the next five to ten years`, `五年间`, `Index 2020`.

They are no dates of their own, for a quantity or a name stands in them; where a clause has no better date they tell
its time, and the gate reads them in the same way.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from zizhu.read.dates.read import as_seen
from zizhu.read.dates.relative import amount, amount_before
from zizhu.read.dates.resolve import Anchor, anchored, sums_up
from zizhu.read.dates.words import calendar, numbered
from zizhu.read.dates.years import year_at
from zizhu.read.model import Span, When
from zizhu.read.words.numerals import han_value
from zizhu.read.words.tokens import Tokens, prose, tokens

_YEARS = {"year": 1, "years": 1, "decade": 10, "decades": 10}
_YEAR = 4
_BEFORE = 40
"""Characters before a date in which it is said that something is so since then."""
_LEAD = re.compile(
    r"\b(?:[Ss]ince (?:[a-z]+ ){0,4}|(?P<years>years|decade) (?:to|until|through) )(?:the end of )?\Z"
)
_LONGEST = 100
"""Years that a stretch may last, at most."""
_APART = 12
"""Tokens, or Chinese characters, between places that stand in a row, at most."""
_HAN_NUMBER = r"[0-9]{1,2}|[一二三四五六七八九十两]{1,3}"


def implied(text: str, whens: Sequence[When], anchor: str | None = None) -> tuple[When, ...]:
    """The times that a text implies beside its dates `whens`, in order; those that count from `anchor` need one.

    >>> [w.edtf for w in implied("in the next five to ten years", (), "2024-05")]
    ['2029/2034']
    """
    day = anchored(anchor)
    starts = [w.span.start for w in whens]
    found = [w for w in as_seen(text, lambda shown: _stretches(shown, day)) if not _dated(w, whens, starts)]
    return tuple(sorted([*found, *_until_now(text, whens, day)], key=lambda w: w.span))


def _dated(time: When, whens: Sequence[When], starts: Sequence[int]) -> bool:
    """Whether a date shares words with a time."""
    k = bisect_left(starts, time.span.end) - 1
    return k >= 0 and whens[k].span.end > time.span.start


def _until_now(text: str, whens: Sequence[When], day: Anchor | None) -> Iterator[When]:
    """From a year until the document's: `since 2021`, `2021年以来`; and `the five years to 2024`."""
    for when in whens:
        year, (start, end) = when.edtf[:_YEAR], when.span
        if "/" in when.edtf or not year.isdecimal():
            continue
        before = _LEAD.search(text, max(0, start - _BEFORE), start)
        if before and before["years"]:
            first = _years_to(text, start)
            if first:
                yield When(
                    Span(before.start(), end), f"{int(year) - first:04d}/{year}", text[before.start() : end]
                )
        elif day and int(year) < day.day.year and (before or text.startswith("以来", end)):
            start, end = (before.start(), end) if before else (start, end + len("以来"))
            yield When(Span(start, end), f"{year}/{day.day.year}", text[start:end], day.text)


def _years_to(text: str, start: int) -> int:
    """How many years are meant before `years to`, or `decade to`, and a date that begins there."""
    cut = tokens(text)
    unit = cut.at(start) - 2
    return amount_before(cut, unit)[1] * _YEARS.get(cut.low[unit], 0)


def _stretches(text: str, day: Anchor | None) -> list[When]:
    cut = tokens(text)
    names = calendar("dated_name")
    here = _openers().intersection(cut.low)
    found = []
    for i in prose([k for k, word in enumerate(cut.low) if word in here], _APART) if here else ():
        when = _named(cut, i, day) if cut.low[i] in names else _ahead(cut, i, day)
        if when:
            found.append(when)
    return found + list(_han(text, day))


@cache
def _openers() -> frozenset[str]:
    """The words by which the name of a publication ends, or a stretch of time that lies ahead begins."""
    ahead = (word for word, way in numbered("stretch").items() if way > 0)
    return frozenset((*calendar("dated_name"), "within", *ahead))


def _named(cut: Tokens, i: int, day: Anchor | None) -> When | None:
    """The year that ends the name of a publication: `Global Innovation Index 2020`."""
    year = year_at(cut, i + 1)
    if year is None or not cut.word[i][:1].isupper() or "\n" in cut.gap(i + 1):
        return None
    return _year(cut.text, Span(cut.start[i + 1], cut.end[i + 1]), year, day)


def _year(text: str, span: Span, year: int, day: Anchor | None) -> When | None:
    later = day is not None and year > day.day.year
    return None if later else When(span, f"{year}", text[span.start : span.end])


def _ahead(cut: Tokens, i: int, day: Anchor | None) -> When | None:
    """`the next five to ten years`, `within eight years`, `within a decade`."""
    within = cut.low[i] == "within"
    if day is None:
        return None
    first, j = _amount(cut, i + 1)
    last, k = amount(cut, j + 1) if first and cut.low[j] in ("to", "or", "-", "–", "—") else (0, j)
    j, last = (k, last) if last else (j, first)
    size = _YEARS.get(cut.low[j], 0)
    if not size or not 0 < first <= last <= _LONGEST // size or (first == last and not within):
        return None
    return _between(cut.text, Span(cut.start[i], cut.end[j]), (first * size, last * size), day)


def _amount(cut: Tokens, j: int) -> tuple[int, int]:
    return (1, j + 1) if cut.low[j] in ("a", "one") else amount(cut, j)


def _between(text: str, span: Span, years: tuple[int, int], day: Anchor) -> When:
    """From one number of years after the document to another; years before it are negative."""
    edtf = "/".join(dict.fromkeys(f"{day.day.year + n:04d}" for n in years))
    return When(span, edtf, text[span.start : span.end], day.text)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    ahead = "|".join(word for word, way in numbered("stretch", "zh").items() if way > 0)
    names = "|".join(calendar("dated_name", "zh"))
    stretch = (
        rf"(?:{ahead})的?(?P<a>{_HAN_NUMBER})年?[至到\-—–~～](?P<b>{_HAN_NUMBER})年"
        rf"|(?<![0-9一二三四五六七八九十两第近])(?P<n>{_HAN_NUMBER})年"
        rf"(?:(?P<within>之?内|(?:左右)?时间)|间|来(?![自到看说临源]))"
    )
    return re.compile(stretch), re.compile(rf"(?:{names})[（(]?(?P<y>[12][0-9]{{3}})(?![0-9])")


def _han(text: str, day: Anchor | None) -> Iterator[When]:
    """`未来5至10年`, `三年内`, `五年间`, `指数2023`."""
    if text.isascii():
        return
    stretch, named = _patterns()
    for match in _in_prose(named, text):
        when = _year(text, Span(*match.span("y")), int(match["y"]), day)
        if when:
            yield when
    for match in _in_prose(stretch, text) if day and "年" in text else ():
        if match["a"]:
            years = (_number(match["a"]), _number(match["b"]))
        else:
            n = _number(match["n"])
            years = (n, n) if match["within"] else _back(n, day)
        if day and years[0] <= years[1] <= _LONGEST and years != (0, 0):
            yield _between(text, Span(*match.span()), years, day)


def _in_prose(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """What a pattern finds in a text, without rows of it that are no sentences."""
    found = {match.start(): match for match in pattern.finditer(text)}
    return [found[start] for start in prose(list(found), _APART)]


def _back(number: int, day: Anchor | None) -> tuple[int, int]:
    """So many years until now; in the months in which a year is summed up, those that have ended."""
    return (-number, -1) if number > 1 and day and sums_up(day) else (-number, 0)


def _number(text: str) -> int:
    return int(text) if text[0].isdecimal() and text.isascii() else int(han_value(text) or 0)
