"""A claim as it is compared: its indicator taken apart, its amount, its days, its place, its voice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from zizhu.ledger.claims import Claim, Position
from zizhu.read.called import called
from zizhu.read.gate.fold import fold
from zizhu.read.linking import days as dated
from zizhu.read.linking.amounts import Amount, amount
from zizhu.read.linking.days import Days
from zizhu.read.linking.lists import meanings, setting
from zizhu.read.model import Document
from zizhu.read.rules.gazetteer import registered
from zizhu.read.rules.tokens import Token, tokens
from zizhu.vocab.countries import countries

_COUNTRY = "country:"
_LONGEST = 24
"""Words of an indicator that are looked at."""


class Parts(NamedTuple):
    """An indicator's words: the thing that is measured (its base, if it is a variant), and what the others define."""

    thing: frozenset[str]
    defined: Mapping[str, str]


@lru_cache(maxsize=8192)
def parts(indicator: str) -> Parts:
    """The parts of an indicator.

    >>> parts("ev_sales_world_share").thing, parts("ev_sales_world_share").defined["stock or flow"]
    (frozenset({'electric_vehicle'}), 'flow (sales)')
    """
    thing: set[str] = set()
    defined: dict[str, str] = {}
    for word in indicator.casefold().split("_")[:_LONGEST]:
        known = meanings().get(word)
        if known is None:
            thing.add(word)
            continue
        for meaning in known:
            defined.setdefault(meaning.family, meaning.value)
            if meaning.base:
                thing.add(meaning.base)
    return Parts(frozenset(thing - {""}), defined)


@dataclass(frozen=True)
class Said:
    """A claim with what is compared of it."""

    claim: Claim
    amount: Amount | None
    days: Days | None
    where: frozenset[str]
    plans: frozenset[str]
    objects: frozenset[str]
    sectors: frozenset[str]
    subject: str
    """Who or what the claim is about, where that is no place and no plan."""
    voice: str
    """Who speaks, to tell one voice from another: a speaker, else who or what published it."""
    named: str
    """That voice as a reason names it; empty where only the name of a file tells the document from others."""
    document: str
    at: Position
    said: Days | None

    @cached_property
    def order(self) -> tuple[str, str, int, int, str]:
        """The place of a claim among all: by date and document, then as it stands there."""
        return (self.claim.said_on or "", self.document, self.at.start, self.at.end, self.claim.id)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the quote, folded; of Chinese the pairs of characters."""
        text = fold(self.quote).text
        if any("\u3400" <= c <= "\u9fff" for c in text):
            return frozenset(a + b for a, b in pairwise(text))
        return frozenset(text.split())

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the quote, counted from its beginning."""
        return tokens(self.quote)

    @property
    def quote(self) -> str:
        """The words of the document."""
        return self.claim.evidence[0].quote.exact

    @property
    def indicator(self) -> str:
        """What is measured, or the predicate; empty where the claim has neither."""
        return (self.claim.indicator or self.claim.predicate or "").casefold()

    @property
    def period(self) -> Days | None:
        """The days that the claim is of: as stated, else the year of its document."""
        return self.days or self.said

    def overlaps(self, other: Said) -> bool:
        """Whether the two stand in the same words."""
        same = self.document == other.document
        return same and self.at.start < other.at.end and other.at.start < self.at.end

    def other_sector(self, other: Said) -> bool:
        """Whether both name sectors, and none in common."""
        return bool(self.sectors and other.sectors) and self.sectors.isdisjoint(other.sectors)

    def apart(self, other: Said) -> bool:
        """Whether two voices, or one in two documents, say it."""
        return self.document != other.document or self.voice != other.voice


def said(claim: Claim, documents: Mapping[str, Document]) -> Said:
    """A claim, made ready to be compared."""
    evidence = claim.evidence[0]
    document = documents.get(evidence.source)
    on = claim.said_on or (document.published.edtf if document and document.published else "")
    speaker = claim.speaker or claim.reported_by or (document.publisher if document else "")
    plans = frozenset(registered(p) for p in claim.plans)
    return Said(
        claim=claim,
        amount=amount(claim.quantity),
        days=dated.of_claim(claim),
        where=frozenset(map(place, claim.geography)) or _from_subject(claim.subject),
        plans=plans,
        objects=frozenset(registered(o) for o in claim.object or ()),
        sectors=frozenset(s.casefold() for s in claim.sectors),
        subject=_own(claim.subject, plans),
        voice=speaker or (called(document) if document else "") or evidence.source[:12],
        named=speaker or (document.title if document else ""),
        document=evidence.source,
        at=evidence.position,
        said=_year(on),
    )


def in_text(every: Iterable[Said]) -> list[Said]:
    """Claims as they stand in their documents, one document after the other."""
    return sorted(every, key=lambda s: (s.document, s.at.start, s.at.end, s.claim.id))


def goes_on(a: Said, b: Said) -> bool:
    """Whether a claim stands so shortly behind another one that it may go on about what that is of."""
    return a.document == b.document and 0 <= b.at.start - a.at.end <= setting("goes_on")


def _from_subject(subject: str) -> frozenset[str]:
    return (
        frozenset((place(subject.removeprefix(_COUNTRY)),)) if subject.startswith(_COUNTRY) else frozenset()
    )


def _own(subject: str, plans: Iterable[str]) -> str:
    """A subject that is neither a place nor one of the plans."""
    if subject.startswith((_COUNTRY, "city:", "region:")) or registered(subject) in plans:
        return ""
    return subject.casefold()


def _year(edtf: str) -> Days | None:
    """The year of a date as a span of days."""
    found = dated.days(edtf) if edtf else None
    return dated.days(found.edtf[:4]) if found else None


def place(code: str) -> str:
    """A place by one code: ISO 3166-1 alpha-3 for countries, the rest as it is.

    >>> place("DE"), place("CN-SH")
    ('DEU', 'CN-SH')
    """
    return _alpha3().get(code, code)


def country_of(code: str) -> str:
    """The country of a place: of a region the one that it lies in."""
    return place(place(code).split("-")[0])


@lru_cache(maxsize=1)
def _alpha3() -> Mapping[str, str]:
    return {c.iso2: code for code, c in countries().items() if c.iso2}
