"""Times that are made of dates: the first or last year of a span, and the time from one date to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from zizhu.read.model import Span, When

MOST = 5
"""Dates behind one with which it may make a time."""
_YEAR = 4


def ends(when: When) -> tuple[str, str]:
    """First and last year of a date.

    >>> ends(When(Span(0, 9), "2021/2025-06", "2021-2025"))
    ('2021', '2025')
    """
    first, _, last = when.edtf.partition("/")
    return first[:_YEAR], (last or first)[:_YEAR]


def first_of(when: When) -> When:
    """The year in which a span begins, at the same words."""
    return replace(when, edtf=ends(when)[0])


def last_of(when: When) -> When:
    """The year in which a span ends, at the same words."""
    return replace(when, edtf=ends(when)[1])


def from_to(first: When, last: When, text: str) -> When:
    """The years from one date to another; the words reach from the one to the other, in whatever order they stand."""
    span = Span(min(first.span.start, last.span.start), max(first.span.end, last.span.end))
    edtf = f"{ends(first)[0]}/{ends(last)[1]}"
    return When(span, edtf, text[slice(*span)], last.resolved_against or first.resolved_against)


def derived(said: When, read: Sequence[When], text: str) -> When | None:
    """What `said` is made of among the dates that were read in its words; None where it is made of none of them."""
    if not read:
        return None
    one, other = read[0], read[-1]
    if one is other:
        made = (first_of(one), last_of(one)) if one.span == said.span else ()
    elif one.span.start == said.span.start and other.span.end == said.span.end:
        made = (from_to(one, other, text), from_to(other, one, text))
    else:
        made = ()
    return next((w for w in made if w.edtf == said.edtf), None)


def makeable(read: Sequence[When], text: str) -> Iterator[When]:
    """All times that are made of dates, each with the `MOST` nearest behind it."""
    for k, one in enumerate(read):
        yield from (first_of(one), last_of(one))
        for other in read[k + 1 : k + 1 + MOST]:
            yield from (from_to(one, other, text), from_to(other, one, text))
