"""All quantities of a text, and those inside a span of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import lru_cache

from zizhu.read.dates.forms import Mention
from zizhu.read.dates.scan import scanned
from zizhu.read.model import Number, Span
from zizhu.read.quantities.amounts import pieces
from zizhu.read.quantities.bounds import bounded
from zizhu.read.quantities.changes import change
from zizhu.read.quantities.currencies import by_country
from zizhu.read.quantities.joins import joined
from zizhu.read.quantities.measured import measured
from zizhu.read.quantities.nouns import counted
from zizhu.read.quantities.pieces import Piece
from zizhu.read.quantities.ranks import ranks
from zizhu.read.quantities.refused import broken_off, refused
from zizhu.read.quantities.tabled import tabled
from zizhu.read.words.digits import unread
from zizhu.read.words.tokens import Tokens, addresses, tokens
from zizhu.read.words.unseen import Bare, bare


def numbers(text: str, language: str = "und", within: Span | None = None) -> tuple[Number, ...]:
    """The quantities of a text in order.

    Units are ISO 4217 codes, percent, percentage_point, basis_point, ratio, rank, year (month, day, ...), physical
    units, `count:<noun>`, or `count` where no noun follows. Dates, names of plans and products, references and
    markers are none. With `within`, those whose numerals lie in that span, read in the context of the whole text: a
    unit that stands once for a list is known then. English and Chinese are read in every text; `language` (ISO 639-1)
    decides only whose ¥ it is where the words around do not.

    >>> [(n.value, n.unit, n.comparator) for n in numbers("more than 3,000 small firms")]
    [(3000.0, 'count:firm', '>')]
    """
    found, starts = _all(text, language)
    if within is None:
        return found
    first, last = bisect_left(starts, within.start), bisect_left(starts, within.end)
    return tuple(n for n in found[first:last] if n.digits.end <= within.end)


@lru_cache(maxsize=4)
def _all(text: str, language: str) -> tuple[tuple[Number, ...], list[int]]:
    """The quantities in order, and where their numerals start."""
    seen = bare(text)
    shown = seen.text if seen else text
    found = tuple(_number(shown, p) for p in _pieces(shown, language))
    if seen:
        found = tuple(n for n in (_raw(text, seen, n) for n in found) if n is not None)
    found = by_country(text, _readable(text, found))
    return found, [n.digits.start for n in found]


def _readable(text: str, found: tuple[Number, ...]) -> tuple[Number, ...]:
    """The quantities without the parts of numbers that cannot be read: the 3 of `3,O00`."""
    odd = unread(text)
    if not odd:
        return found
    starts = [span.start for span in odd]

    def cut_off(digits: Span) -> bool:
        k = bisect_left(starts, digits.end)
        return k > 0 and odd[k - 1].end > digits.start

    return tuple(n for n in found if not cut_off(n.digits))


def _raw(text: str, seen: Bare, number: Number) -> Number | None:
    """A number of the text as it is seen, at its place in the text as it is."""
    span, digits = seen.raw(number.span), seen.raw(number.digits)
    if span is None or digits is None:
        return None
    return replace(number, span=span, digits=digits, as_written=text[span.start : span.end])


def _pieces(text: str, language: str) -> list[Piece]:
    cut = tokens(text)
    days = scanned(text)
    taken = _taken(cut)
    placed = ranks(cut, taken)
    found = _without(pieces(cut, taken), placed)
    for piece in found:
        measured(cut, piece, language)
    found = _outside([p for p in found if not broken_off(cut, p)])
    for piece in found:
        counted(cut, piece)
    tabled(cut, found)
    kept = []
    for piece in joined(cut, found):
        bounded(cut, piece)
        if not refused(cut, piece):
            kept.append(piece)
    for piece in placed:
        bounded(cut, piece)
    found = sorted(kept + placed, key=lambda p: p.digits_start)
    return [p for p in found if not _dated(p, days)]


def _taken(cut: Tokens) -> frozenset[int]:
    """The tokens of dates and addresses."""
    spans = [(m.start, m.end) for m in scanned(cut.text)]
    spans += addresses(cut.text)
    return frozenset(i for start, end in spans for i in range(cut.at(start), cut.at(end)))


def _dated(piece: Piece, days: tuple[Mention, ...]) -> bool:
    """Whether a date holds part of the numerals."""
    k = bisect_left(days, piece.digits_end, key=lambda m: m.start)
    return k > 0 and days[k - 1].end > piece.digits_start


def _without(found: list[Piece], placed: list[Piece]) -> list[Piece]:
    """The numbers that are no ranks."""
    starts = {p.digits_start for p in placed}
    return [p for p in found if p.digits_start not in starts]


def _outside(found: list[Piece]) -> list[Piece]:
    """The numbers that are not in the unit of another: the decades of `two decades`."""
    held: list[Piece] = []
    for piece in found:
        if not held or not held[-1].digits_end <= piece.digits_start < held[-1].end:
            held.append(piece)
    return held


def _number(text: str, piece: Piece) -> Number:
    ranged = piece.form == "range"
    return Number(
        span=Span(piece.start, piece.end),
        digits=Span(piece.digits_start, piece.digits_end),
        value=None if ranged else piece.value,
        low=piece.low,
        high=piece.high,
        comparator=piece.bound,
        unit=piece.unit or "count",
        as_written=text[piece.start : piece.end],
        vague=piece.vague,
        noun=piece.noun,
        change=change(tokens(text), piece),
    )
