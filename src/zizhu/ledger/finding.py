"""Finding records of a register: one by its id or name, many by words in English or Chinese.

Words of the same meaning find each other where the lists of words for reading documents hold them under one concept:
芯片 finds what is said of semiconductors.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from zizhu.ledger.folders import Register
from zizhu.ledger.models import Indicator, Record, Target
from zizhu.ledger.strategies import Named, Plan
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import SHORT, Problem, ZizhuError, unknown

SEARCHED = (
    "plans",
    "targets",
    "instruments",
    "megaprojects",
    "pilots",
    "indicators",
    "events",
    "actors",
    "places",
)
"""The kinds that are searched, in the order in which equals are listed."""
ADDRESSED = (*SEARCHED, "amounts", "observations", "assessments", "official_indicators", "links", "sources")
BEGINNING = 2
"""Letters from which on the beginning of a name finds a plan."""
OFFERED = 6
"""Plans that are named where several begin alike."""
NAME, TEXT, ASIDE = 3, 2, 1
"""What a word counts that is found in a name, in what a record says, in a note."""
REMEMBERED = 4096
"""Texts of which it is kept what they name: a scorecard asks for the same labels with every target."""
_WORD_LISTS = (("read/sector_words.csv", "sector"), ("read/indicator_words.csv", "concept"))


class Found(NamedTuple):
    """A record that words were found in: its kind, id and name, and the text in which they stand."""

    kind: str
    id: str
    name: str
    text: str
    score: int


def one(held: Register, text: str, kinds: Sequence[str] = ADDRESSED) -> tuple[str, Any]:
    """The kind and the record of an id, or of a name that only one record has.

    Letters, blanks and hyphens do not count: 14fyp is the 14th Five-Year Plan, mic2025 Made in China 2025.
    Raises ZizhuError with the nearest ids and names.
    """
    for kind in kinds:
        if text in getattr(held, kind):
            return kind, getattr(held, kind)[text]
    wanted = folded(text)
    for kind in kinds:
        records = getattr(held, kind).values()
        alike = [r for r in records if wanted and wanted in map(folded, called(r))]
        if len(alike) == 1:
            return kind, alike[0]
    ids = [key for kind in kinds for key in getattr(held, kind)]
    names = [n for kind in kinds for r in getattr(held, kind).values() for n in called(r)[1:]]
    what = kinds[0].removesuffix("s") if len(kinds) == 1 else "record"
    raise ZizhuError(unknown(what, text, ids, "register", names))


def plan(held: Register, text: str) -> Plan:
    """The plan of an id or name, or of the beginning of one that no other plan has.

    Raises ZizhuError with the plans that begin so, else with the nearest.
    """
    try:
        found: Plan = one(held, text, ("plans",))[1]
    except ZizhuError:
        begun = _begun(held, text)
        if not begun:
            raise
        if len(begun) > 1:
            raise ZizhuError(_which(text, begun)) from None
        return begun[0]
    return found


def _begun(held: Register, text: str) -> list[Plan]:
    """The plans of which an id or a name begins with a text of at least two letters."""
    wanted = folded(text)
    begins = [p for p in held.plans.values() if any(folded(c).startswith(wanted) for c in called(p))]
    return begins if len(wanted) >= BEGINNING else []


def _which(text: str, begun: Sequence[Plan]) -> Problem:
    """That several plans begin so, and which."""
    named = [f"{p.id} ({p.name})" for p in begun[:OFFERED]]
    more = f" and {len(begun) - OFFERED} more" if len(begun) > OFFERED else ""
    remedy = f"Say which: {'; '.join(named)}{more}."
    return Problem(f"{len(begun)} plans begin with {text!r}", "register", "one of them", remedy)


def called(record: Any) -> tuple[str, ...]:
    """What a record may be called, its id first."""
    return record.called if isinstance(record, Named) else (record.id,)


def name(record: Any) -> str:
    """A record in a few words."""
    if isinstance(record, Named):
        return record.name
    if isinstance(record, Target):
        return f"{record.item}: {record.indicator}"
    said = (str(getattr(record, f, "")) for f in ("label", "event", "title", "id"))
    return next(text for text in said if text)


def search(held: Register, words: str) -> list[Found]:
    """All records in which every word stands, best first: in a name, in what it says, in a note."""
    asked = list(_asked(words))
    found = []
    for kind in SEARCHED if asked else ():
        for record in getattr(held, kind).values():
            hit = _hit(record, asked)
            if hit is not None:
                found.append(Found(kind, record.id, name(record), *hit))
    return sorted(found, key=lambda f: (-f.score, SEARCHED.index(f.kind), f.id))


def about(record: Record, words: str) -> bool:
    """Whether every word stands somewhere in a record."""
    return _hit(record, list(_asked(words))) is not None


def folded(text: str) -> str:
    """Letters and digits alone, in small letters and one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


@lru_cache(REMEMBERED)
def concepts(text: str) -> frozenset[str]:
    """The sectors that a text names, by the lists of words."""
    plain = f" {_plain(text)} "
    return frozenset(sector for needle, sector in _sector_needles() if needle in plain)


def _texts(record: Record) -> Iterator[tuple[int, str]]:
    for text in called(record):
        yield NAME, text
    if isinstance(record, Target):
        yield NAME, f"{record.plan} {record.item}: {record.indicator}"
        yield TEXT, record.sector
    if isinstance(record, Indicator):
        yield NAME, record.label
        yield TEXT, f"{record.icio_sector} {record.plan_sector}"
    if isinstance(record, Plan):
        yield from ((TEXT, pillar) for pillar in record.pillars)
    for field, weight in (("event", TEXT), ("role", TEXT), ("note", ASIDE)):
        yield weight, getattr(record, field, "")


def _hit(record: Record, asked: Sequence[frozenset[str]]) -> tuple[str, int] | None:
    """The best text that has a word, and what all words count together; None where one stands nowhere."""
    texts = [(weight, text, _plain(text)) for weight, text in _texts(record)]
    best, total = (0, ""), 0
    for variants in asked:
        hits = [(weight, text) for weight, text, plain in texts if any(_stands(v, plain) for v in variants)]
        if not hits:
            return None
        top = max(hits, key=lambda hit: hit[0])
        total += top[0]
        best = max(best, top, key=lambda hit: hit[0])
    return best[1], total


def _asked(words: str) -> Iterator[frozenset[str]]:
    """The words of a query, each with the words that mean the same."""
    whole = _plain(words)
    if whole in _synonyms():
        yield _synonyms()[whole]
        return
    for word in whole.split():
        for part in _segments(word):
            yield _synonyms().get(part, frozenset((part,)))


def _segments(word: str) -> Iterator[str]:
    """A word in Latin letters as it is; one in Chinese by the longest phrases that are known."""
    rest = word
    while rest:
        if rest.isascii():
            yield rest
            return
        known = (rest[:n] for n in range(len(rest), 1, -1) if rest[:n] in _synonyms())
        part = next(known, None)
        if part is None:
            yield rest
            return
        yield part
        rest = rest[len(part) :]


@cache
def _synonyms() -> Mapping[str, frozenset[str]]:
    families = {r["sector"]: r["family"] for r in rows("policy/search_families.csv")}
    by_concept: dict[str, set[str]] = {}
    for path, column in _WORD_LISTS:
        for row in rows(path):
            concept = families.get(row[column], row[column])
            by_concept.setdefault(concept, set()).add(_plain(row["phrase"]))
    found: dict[str, set[str]] = {}
    for phrases in by_concept.values():
        for phrase in phrases:
            found.setdefault(phrase, set()).update(phrases)
    return {phrase: frozenset(alike) for phrase, alike in found.items()}


@cache
def _sector_needles() -> Sequence[tuple[str, str]]:
    listed = {_plain(r["phrase"]): r["sector"] for r in rows("read/sector_words.csv")}
    return [(_needle(phrase), sector) for phrase, sector in listed.items() if phrase]


def _plain(text: str) -> str:
    """Small letters of one width, with one blank for everything that is neither a letter nor a digit."""
    norm = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in norm).split())


def _stands(phrase: str, plain: str) -> bool:
    """Whether a phrase stands in a text: a short one as a word, others where a word begins, Chinese anywhere."""
    return bool(phrase) and _needle(phrase) in f" {plain} "


def _needle(phrase: str) -> str:
    """What is looked for between blanks where a phrase is sought."""
    if not phrase.isascii():
        return phrase
    return f" {phrase} " if len(phrase) <= SHORT else f" {phrase}"
