"""The built-in register: targets, observations, events and assessments with their sources, and a user's own files.

Every loader raises ZizhuError with all problems of its file: cells that do not fit, repeated ids, codes that
no vocabulary knows, dates that are none, and references to records that do not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from zizhu.ledger.models import (
    Assessment,
    Event,
    Indicator,
    Observation,
    Quality,
    Record,
    Source,
    Target,
    Text,
)
from zizhu.ledger.records import Check, Line, load, one_of
from zizhu.vocab import countries, groups, plans, products, sectors, units
from zizhu.vocab.packfiles import pack, read_csv, rows
from zizhu.vocab.periods import parse
from zizhu.vocab.problems import Problem, ZizhuError

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Document(Record):
    """A document that records cite by id. `evidence` says on what its date rests."""

    id: Text
    publisher: Text
    author: str = ""
    title: Text
    published: Text
    evidence: str = ""


class OfficialIndicator(Record):
    """An indicator that a plan itself sets. A value that was read in no source is None."""

    id: Text
    category: Text
    indicator: Text
    unit: Text
    basis: Text
    value_2013: float | None = None
    value_2015: float | None = None
    target_2020: float | None = None
    target_2025: float | None = None
    direction: Text
    source: Text
    quality: Quality
    trackable_by: str = ""
    note: str = ""


class EventProduct(Record):
    """A product that an event touches. `hs6` is empty where no code of the trade table holds it.

    `covers` says what part of the code is meant.
    """

    event: Text
    hs6: str
    covers: Text
    basis: Text


@dataclass(frozen=True)
class Known:
    """The ids that a file may refer to. `observed` are the indicators that have observations."""

    indicators: frozenset[str] = frozenset()
    observed: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


@cache
def sources() -> Mapping[str, Source]:
    """All sources by id: those of the tables and those of the register."""
    found: dict[str, Source] = {}
    for path in (pack("sources.csv"), pack("policy/sources.csv")):
        if path.is_file():
            found |= {s.id: s for s in load_sources(path, frozenset(found))}
    return found


@cache
def documents() -> Mapping[str, Document]:
    """The documents that records cite, by id."""
    found = load(pack("policy/documents.csv"), Document, [partial(_period, "published")])
    return {d.id: d for d in found}


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by id."""
    return {i.id: i for i in load_indicators(pack("policy/indicators.csv"))}


@cache
def observations() -> tuple[Observation, ...]:
    """All observations, by indicator, entity and period."""
    return load_observations(pack("policy/observations.csv"), _ids())


@cache
def targets() -> Mapping[str, Target]:
    """All targets by id, restatements, descriptions and withdrawn ones included."""
    return {t.id: t for t in load_targets(pack("policy/targets.csv"), _observed())}


@cache
def events() -> Mapping[str, Event]:
    """All events by id, in the order of their dates."""
    return {e.id: e for e in load_events(pack("policy/events.csv"), _ids())}


@cache
def assessments() -> Mapping[str, Assessment]:
    """All assessments by id; sources disagree on purpose."""
    return {c.id: c for c in load_assessments(pack("policy/assessments.csv"), _observed())}


@cache
def official_indicators() -> Mapping[str, OfficialIndicator]:
    """The indicators that plans set themselves, by id."""
    path, known = pack("policy/official_indicators.csv"), _observed()
    checks: list[Check[OfficialIndicator]] = [_unit, partial(_source, known), partial(_trackable, known)]
    return {o.id: o for o in load(path, OfficialIndicator, checks)}


@cache
def event_products() -> tuple[EventProduct, ...]:
    """The raw materials that events touch."""
    return load_event_products(pack("policy/event_products.csv"), replace(_ids(), events=frozenset(events())))


@cache
def builtin() -> Known:
    """The ids of the built-in register: what a user's file may refer to."""
    return replace(_observed(), targets=frozenset(targets()), events=frozenset(events()))


@cache
def _ids() -> Known:
    return Known(indicators=frozenset(indicators()), sources=frozenset(sources()))


@cache
def _observed() -> Known:
    return replace(_ids(), observed=frozenset(o.indicator for o in observations()))


def resolution_sentence(of: Indicator) -> str:
    """What a figure for the indicator's industry shows of it; empty for an indicator without an industry."""
    return plans.part_sentence(of.icio_sector, of.note) if of.icio_sector else ""


def load_sources(path: Path, taken: frozenset[str] = frozenset()) -> tuple[Source, ...]:
    """The sources of a CSV file with the fields of `Source`; ids in `taken` may not be used again."""

    def fresh(line: Line[Source]) -> Iterator[Problem]:
        if line.record.id in taken:
            yield Problem(f"source {line.record.id!r} exists", line.at("id"), "a new id", "Rename it.")

    return load(path, Source, [fresh, partial(_period, "published")])


def load_indicators(path: Path) -> tuple[Indicator, ...]:
    """The indicators of a CSV file with the fields of `Indicator`."""
    bases = {r["basis"] for r in rows("vocab/bases.csv")}
    slugs = {p.slug for p in plans.all_plan_sectors()}

    def codes(line: Line[Indicator]) -> Iterator[Problem]:
        yield from one_of(line, "basis", "basis", bases)
        yield from one_of(line, "icio_sector", "sector", set(sectors.sectors()), blank=True)
        yield from one_of(line, "plan_sector", "plan sector", slugs, blank=True)
        if line.record.icio_sector and not line.record.note:
            yield Problem(
                "an industry without a note",
                line.at("note"),
                "what part of the industry the indicator describes",
                "Say it, or leave icio_sector empty.",
            )

    return load(path, Indicator, [codes])


def load_observations(path: Path, known: Known | None = None) -> tuple[Observation, ...]:
    """The observations of a CSV file with the fields of `Observation`; the built-in ids are known."""
    ids = known or builtin()

    def codes(line: Line[Observation]) -> Iterator[Problem]:
        yield from one_of(line, "indicator", "indicator", ids.indicators)
        yield from one_of(line, "entity", "country or group", _entities())
        o = line.record
        if (o.lower is not None and o.lower > o.value) or (o.upper is not None and o.upper < o.value):
            yield Problem(
                f"{o.value} lies outside {o.lower} to {o.upper}",
                line.at("value"),
                "lower <= value <= upper",
                "Swap them.",
            )

    checks: list[Check[Observation]] = [
        codes,
        _unit,
        partial(_source, ids),
        partial(_period, "period"),
        partial(_period, "published"),
    ]
    return load(path, Observation, checks)


def load_targets(path: Path, known: Known | None = None) -> tuple[Target, ...]:
    """The targets of a CSV file with the fields of `Target`; by default the built-in ids are known."""
    ids = known or builtin()
    own = {row["id"] for _, row in read_csv(path) if "id" in row}

    def codes(line: Line[Target]) -> Iterator[Problem]:
        yield from one_of(line, "country", "country or group", _entities())
        yield from one_of(line, "nearest", "indicator", ids.indicators, blank=True)
        yield from one_of(line, "same_as", "target", ids.targets | own, blank=True)
        yield from _wording(line)

    checks: list[Check[Target]] = [
        codes,
        _unit,
        partial(_source, ids),
        partial(_trackable, ids),
        partial(_period, "deadline"),
        _baseline,
    ]
    return load(path, Target, checks)


def load_events(path: Path, known: Known | None = None) -> tuple[Event, ...]:
    """The events of a CSV file with the fields of `Event`; by default the built-in ids are known."""
    ids = known or builtin()

    def actor(line: Line[Event]) -> Iterator[Problem]:
        yield from one_of(line, "actor", "country or group", _entities())

    return load(path, Event, [actor, partial(_source, ids), partial(_period, "date")])


def load_assessments(path: Path, known: Known | None = None) -> tuple[Assessment, ...]:
    """The assessments of a CSV file with the fields of `Assessment`; by default the built-in ids are known."""
    ids = known or builtin()
    return load(
        path, Assessment, [_unit, partial(_source, ids), partial(_trackable, ids), partial(_period, "date")]
    )


def load_event_products(path: Path, known: Known | None = None) -> tuple[EventProduct, ...]:
    """The products of events of a CSV file; codes are the raw materials of HS 1992."""
    ids = known or builtin()
    codes = {p.code for listed in products.materials().values() for p in listed}

    def check(line: Line[EventProduct]) -> Iterator[Problem]:
        yield from one_of(line, "event", "event", ids.events)
        yield from one_of(line, "hs6", "raw material (HS 1992)", codes, blank=True)

    return load(path, EventProduct, [check], key="")


@cache
def _entities() -> frozenset[str]:
    return frozenset((*countries.countries(), *groups.groups(), groups.WORLD))


def _unit(
    line: Line[Observation] | Line[Target] | Line[Assessment] | Line[OfficialIndicator],
) -> Iterator[Problem]:
    yield from one_of(line, "unit", "unit", set(units.units()))


def _source(
    known: Known,
    line: Line[Observation] | Line[Target] | Line[Event] | Line[Assessment] | Line[OfficialIndicator],
) -> Iterator[Problem]:
    yield from one_of(line, "source", "source", known.sources)


def _trackable(
    known: Known, line: Line[Target] | Line[Assessment] | Line[OfficialIndicator]
) -> Iterator[Problem]:
    yield from one_of(line, "trackable_by", "observed indicator", known.observed, blank=True)


def _period(column: str, line: Line[Any]) -> Iterator[Problem]:
    text = getattr(line.record, column)
    if text:
        try:
            parse(text, line.at(column))
        except ZizhuError as error:
            yield from error.problems


def _wording(line: Line[Target]) -> Iterator[Problem]:
    target = line.record
    if target.comparator is None and target.comparator_assumed:
        yield Problem(
            "an assumed comparator that is empty",
            line.at("comparator"),
            "a comparator",
            "Name it, or write false.",
        )
    if target.status == "restatement" and not target.same_as:
        yield Problem(
            "a restatement of nothing", line.at("same_as"), "the id of the target it restates", "Add it."
        )


def _baseline(line: Line[Target]) -> Iterator[Problem]:
    target = line.record
    years = [int(y) for y in _YEAR.findall(target.baseline)]
    if not years or next(_period("deadline", line), None) or not target.deadline:
        return
    if parse(target.deadline).end.year < years[-1]:
        yield Problem(
            f"deadline {target.deadline} lies before the baseline year {years[-1]}",
            line.at("deadline"),
            f"{years[-1]} or later",
            "Correct the deadline or the baseline.",
        )
