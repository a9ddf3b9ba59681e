"""The gate: from candidates to claims, in one fixed sequence that no extractor may shorten.

1 the quote is aligned with the layer, and its edges cut nothing off;  2 its number is read again in the source, and the
one kept is the source's;  3 so are its dates;  4 the id is made;  5 candidates with the same id become one claim.
What does not pass is kept with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, get_args

from zizhu.ledger import claims as ledger
from zizhu.ledger.claims import Claim, ClaimKind, Quantity, Time
from zizhu.read import model
from zizhu.read.gate.edges import cut, negated_before, seen
from zizhu.read.gate.identity import Joined, claim_id
from zizhu.read.gate.lean import lean
from zizhu.read.gate.outcome import Admitted, Reason, Refused, Rejected
from zizhu.read.gate.readings import Readings
from zizhu.read.gate.selectors import selector
from zizhu.read.model import NEARBY, Candidate, Context, Document, Number, Span, TimeOf, When
from zizhu.vocab.problems import ZizhuError

LONGEST_QUOTE = 2000
LONGEST_FIELD = 500
"""Characters. What is longer is no evidence that a person can check, or no name of anything."""
HEADING = 150
"""Characters of a line that may be a heading, at most."""
_LINE = 1500
"""Characters on either side of a date in which its line is looked for: a text may be one line."""
STOPS = (".", "!", "?", "。", "！", "？", "；", ";", ",", "，")
SAME = 1e-9
"""Relative difference of two readings of the same number."""


def admitted(
    document: Document,
    candidates: Iterable[Candidate],
    extractor: model.Extractor | ledger.Extractor,
    context: Context | None = None,
) -> Admitted:
    """The claims among the candidates that `extractor` proposes of `document`, and the others with the reason.

    `context` holds the day that relative dates count from, as the extractor had it. The result does not depend on the
    order of the candidates, except for which of several twins is kept (the first).
    """
    gate = _Gate(document, _maker(extractor), Readings(document, context or Context()))
    kept = Joined()
    rejected: list[Rejected] = []
    for candidate in candidates:
        try:
            kept.add(gate.claim(candidate))
        except Refused as refused:
            rejected.append(_rejected(candidate, refused, gate.maker.name))
    return Admitted(kept.claims(), tuple(rejected))


_OPTIONAL = ("model", "config_hash")
"""What an extractor may say of itself beside name and version."""


def _maker(extractor: model.Extractor | ledger.Extractor) -> ledger.Extractor:
    if isinstance(extractor, ledger.Extractor):
        return extractor
    more = {name: said for name in _OPTIONAL if isinstance(said := getattr(extractor, name, None), str)}
    return ledger.Extractor(name=extractor.name, version=extractor.version, **more)


@dataclass(frozen=True)
class _Gate:
    """What all candidates of a document are held against."""

    document: Document
    maker: ledger.Extractor
    readings: Readings
    extractors: dict[tuple[tuple[str, str], ...], ledger.Extractor] = field(default_factory=dict)
    """The extractor with the rules of a claim, by these rules."""

    @cached_property
    def made_by(self) -> Mapping[str, Any]:
        """The extractor's own fields."""
        return dict(self.maker)

    def claim(self, candidate: Candidate) -> Claim:
        """The claim of a candidate; raises Refused at the first step that it does not pass."""
        copied = _FIELDS(candidate)
        _check_form(candidate, copied)
        status, span = self._aligned(candidate)
        number = self._number(candidate.number, span) if candidate.number is not None else None
        whens = [self._when(said, span) for said in candidate.times]
        outside = dict.fromkeys(w.span for w in whens if not _within(w.span, span))
        value = number.span if number else None
        evidence = (
            selector(self.document, span, status, value),
            *(selector(self.document, place, "exact") for place in outside),
        )
        quantity = _quantity(number, self.readings.written(number)) if number else None
        times = [(when, said.role) for when, said in zip(whens, candidate.times, strict=True)]
        published = self.document.published
        try:
            made = Claim(
                id=claim_id(self.document.id, span, candidate, quantity),
                **dict(zip(_COPIED, copied, strict=True)),
                quantity=quantity,
                times=tuple(_time(when, role, self.readings.written(when)) for when, role in times),
                reported_by=self.document.publisher,
                said_on=published.edtf if published else None,
                evidence=evidence,
                extractor=self._made_by(candidate.rules),
            )
        except ZizhuError as error:
            raise Refused("malformed", "; ".join(p.what for p in error.problems)) from error
        return lean(made)

    def _made_by(self, rules: Mapping[str, str]) -> ledger.Extractor:
        """The extractor with the rules that filled the fields; claims with the same ones share it."""
        said = {**self.made_by, "field_rules": dict(rules)}
        if not all(isinstance(rule, str) for rule in rules.values()):
            return ledger.Extractor(**said)
        key = tuple(rules.items())
        known = self.extractors.get(key)
        if known is None:
            known = self.extractors[key] = ledger.Extractor(**said)
        return known

    def _aligned(self, candidate: Candidate) -> tuple[ledger.Alignment, Span]:
        text = self.document.text
        found = self.readings.aligner.aligned(
            candidate.quote, candidate.prefix, candidate.suffix, candidate.start
        )
        if found.span is None:
            raise Refused("ambiguous" if found.status == "ambiguous" else "lost")
        span = seen(text, found.span)
        if cut(text, span) or self.readings.cuts_number(span):
            raise Refused("cut")
        negator = "" if candidate.polarity == "negated" else negated_before(text, span.start)
        if negator:
            raise Refused("negator", repr(negator))
        return found.status, span

    def _number(self, said: Number, span: Span) -> Number:
        """The number of the source that the candidate's agrees with."""
        read = self.readings.numbers_in(span)
        if not read:
            raise Refused("no_number")
        here = [n for n in read if n.span == said.span]
        alike = [n for n in here or read if _same_value(n, said)] or _refuse("value", here or read)
        alike = [n for n in alike if n.unit == said.unit] or _refuse("unit", alike)
        alike = [n for n in alike if n.comparator == said.comparator] or _refuse("comparator", alike)
        whole = [n for n in alike if _within(n.span, span)] or _refuse("cut", alike)
        return whole[0]

    def _when(self, said: TimeOf, span: Span) -> When:
        """The date of the source that the candidate's agrees with: in the quote, or where it says, close to it.

        Where no date is, it is one that the words imply or that dates there make (the end of `2015-2020`).
        """
        there = [w for w in self.readings.dates_at(said.when.span) if w.edtf == said.when.edtf]
        inside = [w for w in self.readings.dates_in(span) if w.edtf == said.when.edtf]
        for when in (*(w for w in there if _within(w.span, span)), *inside):
            return when
        for when in there or self.readings.made_at(said.when):
            if _within(when.span, span) or self._nearby(when.span, span) or self._heads(when.span, span):
                return when
        raise Refused("date", f"{said.when.edtf} ({said.when.as_written!r:.60})")

    def _heads(self, date: Span, quote: Span) -> bool:
        """Whether a date stands in a heading or title before a quote: a line of usual length without a full stop."""
        if date.end > quote.start:
            return False
        text = self.document.text
        first, end = (
            text.rfind("\n", max(0, date.start - _LINE), date.start),
            text.find("\n", date.end, date.end + _LINE),
        )
        if (first < 0 and date.start > _LINE) or (end < 0 and date.end + _LINE < len(text)):
            return False
        line = text[first + 1 : end if end >= 0 else len(text)].strip()
        return len(line) <= HEADING and not line.endswith(STOPS)

    def _nearby(self, a: Span, b: Span) -> bool:
        first, second = sorted((a, b))
        if second.start - first.end > NEARBY:
            return False
        return "\n\n" not in self.document.text[first.end : second.start].replace("\r", "")


_COPIED = (
    "kind", "modality", "subject", "predicate", "object", "indicator", "geography", "sectors", "plans", "polarity",
    "plan_names", "speaker", "confidence",
)  # fmt: skip
_FIELDS = attrgetter(*_COPIED)


def _check_form(candidate: Candidate, copied: Iterable[object]) -> None:
    """Raise Refused for what only looks like a candidate: extractors are not all ours."""
    if not all(isinstance(text, str) for text in (candidate.quote, candidate.prefix, candidate.suffix)):
        raise Refused("malformed", "the quote is no text")
    if len(candidate.quote) > LONGEST_QUOTE:
        raise Refused("malformed", f"the quote has more than {LONGEST_QUOTE} characters")
    for text in _texts(copied):
        if len(text) > LONGEST_FIELD:
            raise Refused("malformed", f"a field has more than {LONGEST_FIELD} characters")
        if not text.isascii() and _sound(text) != text:
            raise Refused("malformed", "a field holds half a character")
    if not candidate.quote:
        known = candidate.kind in get_args(ClaimKind)
        raise Refused("malformed", "there is no quote" if known else str(candidate.kind))
    if candidate.number is not None and not isinstance(candidate.number, Number):
        raise Refused("malformed", "the number is none")
    if not all(isinstance(time, TimeOf) and isinstance(time.when, When) for time in candidate.times):
        raise Refused("malformed", "a time is none")
    if not all(isinstance(held, Mapping) for held in (candidate.rules, candidate.confidence)):
        raise Refused("malformed", "rules and confidence are no mappings")


def _texts(copied: Iterable[object]) -> Iterator[str]:
    """The texts of a candidate beside its quote; what is no text is refused by the record."""
    for value in copied:
        if isinstance(value, str):
            yield value
        elif value and isinstance(value, tuple | list):
            yield from (text for text in value if isinstance(text, str))
        elif value and isinstance(value, Mapping):
            yield from (text for text in value.values() if isinstance(text, str))


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _refuse(reason: Reason, read: Sequence[Number]) -> list[Number]:
    raise Refused(reason, _listed(read))


def _listed(read: Sequence[Number]) -> str:
    """What the source has, for a message."""
    return ", ".join(repr(n.as_written) for n in read[:5])


def _same_value(a: Number, b: Number) -> bool:
    return all(_same(getattr(a, end), getattr(b, end)) for end in ("value", "low", "high"))


def _same(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=SAME, abs_tol=0.0)


def _quantity(number: Number, as_written: str) -> Quantity:
    return Quantity(
        value=number.value,
        low=number.low,
        high=number.high,
        comparator=number.comparator,
        unit=number.unit,
        as_written=as_written,
        vague=number.vague,
        change=number.change,
    )


def _time(when: When, role: ledger.Role, as_written: str) -> Time:
    return Time(edtf=when.edtf, as_written=as_written, resolved_against=when.resolved_against, role=role)


def _rejected(candidate: Candidate, refused: Refused, extractor: str) -> Rejected:
    number = candidate.number
    start = candidate.start
    return Rejected(
        reason=refused.reason,
        words=_sound(refused.words),
        quote=_sound(candidate.quote),
        start=start if isinstance(start, int) else None,
        kind=_sound(candidate.kind),
        subject=_sound(candidate.subject),
        indicator=None if candidate.indicator is None else _sound(candidate.indicator),
        said=_sound(number.as_written) if isinstance(number, Number) else "",
        times=tuple(_sound(t.when.edtf) for t in candidate.times if isinstance(t, TimeOf)),
        extractor=extractor,
    )


def _sound(said: object) -> str:
    """A text that can be written, of bounded length."""
    return str(said)[:LONGEST_QUOTE].encode("utf-8", "replace").decode()
