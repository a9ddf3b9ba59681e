"""Dates of a text, resolved against the document's day and the dates that were mentioned before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zizhu.read.dates.forms import Count, Form, Mention, Point, Year
from zizhu.read.dates.resolve import anchored, resolved, written
from zizhu.read.dates.scan import scanned
from zizhu.read.dates.words import calendar
from zizhu.read.model import Span, When
from zizhu.read.words.unseen import Bare, bare
from zizhu.vocab.periods import Period

_REACH = 300
_BEFORE = 20
"""Characters before a date in which words such as `as of` end."""
_THAN = ("from", "than", "compared", "after", "against", "比")
"""Words between two parts of a year, the second of which came before the first."""
_ENDS = (". ", ".\n", "。", "\n\n", "！", "？", "! ", "? ")


def dates(
    text: str,
    anchor: str | None = None,
    language: str = "und",  # noqa: ARG001
) -> tuple[When, ...]:
    """The dates and periods of a text in order, in EDTF as `vocab.periods` reads it.

    `anchor` is the day of the document (EDTF: a day, a month or a year). Dates that count from it are left out
    without one, those finer than it as well. `resolved_against` is the anchor, or the date mentioned before from
    which the words count ("a year earlier"). A year inside the name of a plan is no date. English and Chinese
    are read in every text, whatever its `language`.

    >>> [d.edtf for d in dates("By 2030, up from 2.3 % last year", anchor="2023-09-21")]
    ['2030', '2022']
    """
    return tuple(as_seen(text, lambda shown: _read(shown, anchor)))


def as_seen(text: str, read: Callable[[str], list[When]]) -> list[When]:
    """What is read in a text as it is seen, at its places in the text as it is."""
    seen = bare(text)
    if seen is None:
        return read(text)
    found = (_raw(text, seen, when) for when in read(seen.text))
    return [when for when in found if when is not None]


def _raw(text: str, seen: Bare, when: When) -> When | None:
    """A date of the text as it is seen, at its place in the text as it is."""
    span = seen.raw(when.span)
    return span and replace(when, span=span, as_written=text[span.start : span.end])


def _read(text: str, anchor: str | None) -> list[When]:
    day = anchored(anchor)
    found: list[When] = []
    last: tuple[Mention, Period] | None = None
    for mention in scanned(text):
        before = last[1] if last and _near(last[0], mention) else None
        answer = (
            (last[1], found[-1].resolved_against)
            if last and before and _again(last[0], mention)
            else resolved(_in_sentence(text, mention, last, day.day.year if day else None), day, before)
        )
        if answer is None:
            continue
        period, against = answer
        span = Span(mention.start, mention.end)
        found.append(When(span, written(period), text[mention.start : mention.end], against))
        last = (mention, period)
    return found


def _again(earlier: Mention, later: Mention) -> bool:
    """Whether a year counted from another is named again: `比上年增长5%，…由上年的2%`, which means the same one."""
    form = later.form
    return isinstance(form, Point) and form.year.base == "chained" and form == earlier.form


def _near(earlier: Mention, later: Mention) -> bool:
    return later.start - earlier.end < _REACH


def _in_sentence(
    text: str, mention: Mention, last: tuple[Mention, Period] | None, latest: int | None
) -> Form:
    """A month without a year in a sentence that has named a year until `latest` is of that year.

    Behind a date that was still ahead it is ahead, too. A stretch of time behind `as of 2018` ends then.
    """
    form = mention.form
    if isinstance(form, Count) and form.stretch and form.number < 0 and last is not None:
        return form._replace(chained=True) if _as_of(text, last[0], mention) else form
    if not isinstance(form, Point) or form.year.base != "near" or last is None:
        return form
    between = text[last[0].end : mention.start]
    base = last[0].form.year.base if isinstance(last[0].form, Point) else ""
    if len(between) > _REACH or any(end in between for end in _ENDS):
        return form
    if base == "near" and any(word in between for word in _THAN) and form.part.last < last[1].start.month:
        return Point(Year("chained"), form.part)
    if base == "ahead" or (base == "fixed" and last[1].start.year <= (latest or last[1].start.year)):
        return Point(Year("ahead" if base == "ahead" else "chained"), form.part)
    return form


def _as_of(text: str, date: Mention, later: Mention) -> bool:
    """Whether a date of the same sentence says until when figures are known: `as of 2018`, `截至2022年底`."""
    between = text[date.end : later.start]
    if len(between) > _REACH or any(end in between for end in _ENDS):
        return False
    before = text[max(0, date.start - _BEFORE) : date.start].lower().rstrip()
    return before.endswith((*calendar("as_of"), *calendar("as_of", "zh")))
