"""What the source itself says: the numbers and dates of a document, read once and looked up by place."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from zizhu.read.dates import dates, implied
from zizhu.read.dates.derived import derived
from zizhu.read.dates.name_years import name_year
from zizhu.read.gate.align import Aligner
from zizhu.read.model import Context, Document, Number, Span, When
from zizhu.read.quantities import numbers
from zizhu.read.words.han import plain


@dataclass(frozen=True)
class Readings:
    """A document's own numbers and dates, read in their context and not in that of a quote."""

    document: Document
    context: Context

    @cached_property
    def text(self) -> str:
        """The text as rules read it."""
        return plain(self.document.text, self.document.language)

    def written(self, found: Number | When) -> str:
        """A number or date as the document has it, in its own script."""
        return self.document.text[found.span.start : found.span.end]

    @cached_property
    def aligner(self) -> Aligner:
        """Where quotes stand."""
        return Aligner(self.document.layer)

    @cached_property
    def dates(self) -> tuple[When, ...]:
        """All dates, in order."""
        found = dates(self.text, self.context.anchor, self.document.language)
        return tuple(sorted(found, key=lambda w: w.span))

    @cached_property
    def implied(self) -> tuple[When, ...]:
        """The times that words imply beside the dates, in order."""
        return implied(self.text, self.dates, self.context.anchor)

    @cached_property
    def _days(self) -> list[int]:
        return [w.span.start for w in self.dates]

    def numbers_in(self, span: Span) -> tuple[Number, ...]:
        """The quantities whose number words lie in `span`; comparator and unit may stand outside."""
        return numbers(self.text, self.document.language, span)

    def cuts_number(self, span: Span) -> bool:
        """Whether `span` begins or ends between the words of a number."""
        starts, reached = self._covered
        return any(reached[bisect_left(starts, edge)] > edge for edge in span)

    @cached_property
    def _covered(self) -> tuple[list[int], list[int]]:
        """Where the words of numbers start, and how far the first ones of them reach, none of them first."""
        found = numbers(self.text, self.document.language)
        return [n.digits.start for n in found], [0, *accumulate((n.digits.end for n in found), max)]

    def dates_in(self, span: Span) -> list[When]:
        """The dates that lie in `span`."""
        first, last = bisect_left(self._days, span.start), bisect_left(self._days, span.end)
        return [w for w in self.dates[first:last] if w.span.end <= span.end]

    def dates_at(self, span: Span) -> list[When]:
        """The dates that stand exactly at `span`."""
        return [w for w in self.dates_in(span) if w.span == span]

    def made_at(self, said: When) -> list[When]:
        """The time that is said of a span where it is no date: implied, in a name, or made of dates there."""
        told = [w for w in self.implied if w.span == said.span]
        named = name_year(self.text, said.span)
        told += [named] if named else []
        made = [derived(said, dates, self.text) for dates in (self.dates_in(said.span), told)]
        return [w for w in (*told, *made) if w is not None and w.edtf == said.edtf]
