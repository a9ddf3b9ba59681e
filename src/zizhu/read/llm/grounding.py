"""From what a model says to a candidate: its words are looked up in the source, and what they mean is read there.

Number, dates, names and negation are the source's. A name that does not stand near the quote is left to the rules;
everything else that is not found is proposed as it was said, and the gate refuses it with the reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from zizhu.read.dates import dates
from zizhu.read.gate.align import Aligner
from zizhu.read.gate.edges import cut
from zizhu.read.gate.readings import Readings
from zizhu.read.llm.answer import Said, Unsound
from zizhu.read.model import Candidate, Context, Document, Layer, Number, Span, TimeOf, When
from zizhu.read.quantities import numbers
from zizhu.read.rules.extractor import for_language
from zizhu.read.rules.fields import Voice, filled
from zizhu.read.rules.indicators import Measuring, of_clause, of_number
from zizhu.read.rules.kinds import Judged, denials, kind_of_clause
from zizhu.read.rules.lexicon import Mark
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.subjects import Topic

RULE = "llm"
"""The rule of a field that the model filled."""
NEARBY = 1000
"""Characters before a quote in which whom it is about may be named, and who says so."""
NOWHERE = Span(0, 0)
_NAN = float("nan")


class Place(NamedTuple):
    """Where a claim stands as the rules see it: sentence, topic, voice, clause, and the token that it turns on."""

    read: Reading
    topic: Topic
    voice: Voice
    clause: Range
    at: int
    cue: Mark | None


class Grounds:
    """A document as the source of what is said of it: sentences as the rules read them, numbers and dates."""

    def __init__(self, document: Document, context: Context) -> None:
        self.document, self.context = document, context
        self.rules = for_language(document)
        self.readings = Readings(document, context)

    def candidate(self, said: Said | Unsound, passage: Span) -> Candidate:
        """What is said of a passage, as a candidate of the document."""
        if isinstance(said, Unsound):
            return _unsound(said.quote, said.why)
        where = self._within(said.quote, passage)
        if where is None:
            return _unsound(said.quote, "a quote that the passage does not have, or more than once")
        number = self._number(said.number, where) if said.number else None
        place = self._place(where, number)
        if why := _misjudged(said, place, where, number):
            return _unsound(said.quote, why)
        return self._filled(said, where, place, number)

    def unread(self, passage: Span, why: str) -> Candidate:
        """What stands for a passage whose answer cannot be used: its first sentence, for the gate to refuse."""
        first = self._sentence(passage)[0].sentence
        return _unsound(self.document.text[first.start : min(first.end, passage.end)], why)

    def _place(self, where: Span, number: Number | None) -> Place:
        """The sentence of a quote, and in it the word that the claim turns on: its number, or its first cue."""
        read, topic, voice = self._sentence(where)
        said = number.digits.start if number and number.digits != NOWHERE else where.start
        at = min(read.at(said), len(read.tokens) - 1)
        clause = read.clause(at)
        cue = None
        if number is None and (judged := kind_of_clause(read, clause)) and judged.cue:
            cue, at = judged.cue, judged.cue.first
        return Place(read, topic, voice, clause, at, cue)

    def _filled(self, said: Said, where: Span, place: Place, number: Number | None) -> Candidate:
        read, clause, at = place.read, place.clause, place.at
        judged = Judged(_literal(said.kind), RULE, place.cue)
        made = filled(read, where, clause, judged, at, place.topic, place.voice, number)
        found = number is not None and number.digits != NOWHERE
        named, by = (
            of_number(read, number, at, clause, judged, Measuring())
            if found and number
            else of_clause(read, clause, judged)
        )
        names = {field: self._named(getattr(said, field), where) for field in ("subject", "speaker")}
        theirs: dict[str, Any] = {field: name for field, name in names.items() if name}
        rules = {**made.rules, **dict.fromkeys((*theirs, "modality", "polarity", "times"), RULE)}
        return replace(
            made,
            quote=said.quote,
            modality=_literal(said.modality),
            polarity=_literal(said.polarity),
            number=number,
            indicator=named,
            predicate=named if said.kind == "relation" else None,
            times=tuple(TimeOf(self._when(words, where), _literal(role)) for words, role in said.times),
            rules={**rules, "indicator": by} if named else rules,
            **theirs,
        )

    def _within(self, words: str, place: Span) -> Span | None:
        """Where words stand, uncut, in a part of the text; None where they do not, or more than once."""
        text = self.document.text[slice(*place)]
        found = Aligner(Layer(self.document.layer.name, text, "")).aligned(words).span
        if found is None or cut(text, found):
            return None
        return Span(place.start + found.start, place.start + found.end)

    def _sentence(self, where: Span) -> tuple[Reading, Topic, Voice]:
        held = bisect_right(self._starts, where.start) - 1
        return self._sentences[max(held, 0)]

    @cached_property
    def _sentences(self) -> Sequence[tuple[Reading, Topic, Voice]]:
        of = self.rules.read(self.document, self.context)
        return [(read, replace(topic), voice) for read, topic, voice in of]

    @cached_property
    def _starts(self) -> list[int]:
        return [read.sentence.start for read, _, _ in self._sentences]

    def _number(self, words: str, quote: Span) -> Number:
        """The source's number at these words of the quote, or the only one that means the same; else what they say."""
        there = self._within(words, quote)
        held = self.readings.numbers_in(there) if there else ()
        if len(held) == 1:
            return held[0]
        alone = numbers(words, self.rules.language)
        if len(alone) != 1:
            return Number(NOWHERE, NOWHERE, _NAN, None, None, "=", "", words)
        alike = [n for n in self.readings.numbers_in(quote) if _meaning(n) == _meaning(alone[0])]
        return alike[0] if len(alike) == 1 else replace(alone[0], span=NOWHERE, digits=NOWHERE)

    def _when(self, words: str, quote: Span) -> When:
        """The source's date at these words: in the quote or, where that has none, near it; else what they say."""
        dated = self.readings.dates_in(quote)
        for place in (quote, *([] if dated else [self._around(quote)])):
            there = self._within(words, place)
            held = [w for w in self.readings.dates if there and _overlap(w.span, there)]
            if len(held) == 1:
                return held[0]
        alone = dates(words, self.context.anchor, self.rules.language)
        return replace(alone[0], span=NOWHERE) if len(alone) == 1 else When(NOWHERE, words or "none", words)

    def _named(self, words: str, quote: Span) -> str:
        """A name as the source writes it, in the quote or near it; empty where it does not stand there."""
        if not words.strip():
            return ""
        text = self.document.text[slice(*self._around(quote))]
        # of several places any will do: the name is the same
        found = Aligner(Layer(self.document.layer.name, text, "")).aligned(words, start=text.find(words)).span
        return text[slice(*found)] if found and not cut(text, found) else ""

    def _around(self, quote: Span) -> Span:
        return Span(max(0, quote.start - NEARBY), min(quote.end + NEARBY, len(self.document.text)))


def _meaning(n: Number) -> tuple[object, ...]:
    return n.value, n.low, n.high, n.unit, n.comparator


def _misjudged(said: Said, place: Place, where: Span, number: Number | None) -> str:
    """What is wrong with the polarity of a claim, by the negations of the source; empty where nothing is."""
    read = place.read
    near = place.clause if number else (read.at(where.start), read.at(where.end - 1) + 1)
    denied = bool(denials(read, near))
    if said.polarity == "negated":
        return "" if denied else "negated, where the source denies nothing"
    return "affirmed, where the source denies" if denied else ""


def _unsound(quote: str, why: str) -> Candidate:
    """A candidate that the gate refuses: where its quote stands in the document, for a kind that is none."""
    return Candidate(quote=quote, kind=_literal(why), modality="asserted", rules={"kind": RULE})


def _literal(said: str) -> Any:
    """A word for a field with a fixed set of them; the record refuses any other."""
    return said


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end
