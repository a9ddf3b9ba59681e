"""From the CSV files of the register to its records, with all problems of a file at once.

Every loader raises ZizhuError: for cells that do not fit, repeated ids, codes that no vocabulary knows, dates that are
none, and references to records that `known` does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
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
from zizhu.vocab.packfiles import read_csv, rows
from zizhu.vocab.periods import parse
from zizhu.vocab.problems import Problem, ZizhuError

HUGE = 1e30
"""The largest number that a row may hold, and its inverse the smallest: more is a slip or no quantity of this world."""
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
    plans: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    def and_those(self, more: Known) -> Known:
        """The ids of both."""
        return Known(**{f.name: getattr(self, f.name) | getattr(more, f.name) for f in fields(Known)})


def load_sources(path: Path, taken: frozenset[str] = frozenset()) -> tuple[Source, ...]:
    """The sources of a CSV file with the fields of `Source`; ids in `taken` may not be used again."""

    def fresh(line: Line[Source]) -> Iterator[Problem]:
        if line.record.id in taken:
            yield Problem(f"source {line.record.id!r} exists", line.at("id"), "a new id", "Rename it.")

    return load(path, Source, [fresh, partial(dated, "published")])


def load_indicators(path: Path) -> tuple[Indicator, ...]:
    """The indicators of a CSV file with the fields of `Indicator`."""
    slugs = {p.slug for p in plans.all_plan_sectors()}

    def codes(line: Line[Indicator]) -> Iterator[Problem]:
        yield from one_of(line, "basis", "basis", _bases())
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


def load_observations(path: Path, known: Known) -> tuple[Observation, ...]:
    """The observations of a CSV file with the fields of `Observation`."""

    def codes(line: Line[Observation]) -> Iterator[Problem]:
        yield from one_of(line, "indicator", "indicator", known.indicators)
        yield from one_of(line, "entity", "country or group", entities())
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
        _sized,
        partial(cites, known),
        partial(dated, "period"),
        partial(dated, "published"),
    ]
    return load(path, Observation, checks)


def load_targets(path: Path, known: Known) -> tuple[Target, ...]:
    """The targets of a CSV file with the fields of `Target`."""
    own = {row["id"] for _, row in read_csv(path) if "id" in row}

    def codes(line: Line[Target]) -> Iterator[Problem]:
        yield from one_of(line, "plan", "plan", known.plans)
        yield from one_of(line, "country", "country or group", entities())
        yield from one_of(line, "basis", "basis", _bases(), blank=True)
        yield from one_of(line, "baseline_unit", "unit", set(units.units()), blank=True)
        yield from one_of(line, "nearest", "indicator", known.indicators, blank=True)
        yield from one_of(line, "same_as", "target", known.targets | own, blank=True)
        yield from _wording(line)

    checks: list[Check[Target]] = [
        codes,
        _unit,
        _sized,
        partial(cites, known),
        partial(_trackable, known),
        partial(dated, "deadline"),
        partial(dated, "baseline_period"),
        _baseline,
    ]
    return load(path, Target, checks)


def load_events(path: Path, known: Known) -> tuple[Event, ...]:
    """The events of a CSV file with the fields of `Event`."""

    def codes(line: Line[Event]) -> Iterator[Problem]:
        yield from one_of(line, "actor", "country or group", entities())
        yield from one_of(line, "kind", "kind of event", {r["kind"] for r in rows("policy/event_kinds.csv")})

    return load(path, Event, [codes, partial(cites, known), partial(dated, "date")])


def load_assessments(path: Path, known: Known) -> tuple[Assessment, ...]:
    """The assessments of a CSV file with the fields of `Assessment`."""

    def country(line: Line[Assessment]) -> Iterator[Problem]:
        yield from one_of(line, "country", "country or group", entities())

    return load(
        path,
        Assessment,
        [country, _unit, partial(cites, known), partial(_trackable, known), partial(dated, "date")],
    )


def load_official_indicators(path: Path, known: Known) -> tuple[OfficialIndicator, ...]:
    """The indicators that plans set themselves, of a CSV file with the fields of `OfficialIndicator`."""
    return load(path, OfficialIndicator, [_unit, partial(cites, known), partial(_trackable, known)])


def load_documents(path: Path) -> tuple[Document, ...]:
    """The documents of a CSV file with the fields of `Document`."""
    return load(path, Document, [partial(dated, "published")])


def load_event_products(path: Path, known: Known) -> tuple[EventProduct, ...]:
    """The products of events of a CSV file; codes are the raw materials of HS 1992."""
    codes = {p.code for listed in products.materials().values() for p in listed}

    def check(line: Line[EventProduct]) -> Iterator[Problem]:
        yield from one_of(line, "event", "event", known.events)
        yield from one_of(line, "hs6", "raw material (HS 1992)", codes, blank=True)

    return load(path, EventProduct, [check], key="")


@cache
def entities() -> frozenset[str]:
    """The codes of countries, groups and the world."""
    return frozenset((*countries.countries(), *groups.groups(), groups.WORLD))


@cache
def _bases() -> frozenset[str]:
    return frozenset(r["basis"] for r in rows("vocab/bases.csv"))


def cites(known: Known, line: Line[Any]) -> Iterator[Problem]:
    """The source of a row is one that is known."""
    yield from one_of(line, "source", "source", known.sources)


def _unit(line: Line[Any]) -> Iterator[Problem]:
    yield from one_of(line, "unit", "unit", set(units.units()))


def of_a_size(number: float) -> bool:
    """Whether a number may stand in a row: zero, or neither too large nor too small to be calculated with."""
    return number == 0 or 1 / HUGE <= abs(number) <= HUGE


def _sized(line: Line[Any]) -> Iterator[Problem]:
    """Numbers of a row are of a size that can be calculated with in any of its units."""
    for column in ("value", "high", "lower", "upper", "baseline_value"):
        number = getattr(line.record, column, None)
        if number is not None and not of_a_size(number):
            expected = f"zero, or a size between {1 / HUGE:g} and {HUGE:g}"
            yield Problem(f"{number:g}", line.at(column), expected, "Correct it, or name a unit that fits.")


def _trackable(known: Known, line: Line[Any]) -> Iterator[Problem]:
    yield from one_of(line, "trackable_by", "observed indicator", known.observed, blank=True)


def dated(column: str, line: Line[Any]) -> Iterator[Problem]:
    """A date or period of a row, if it has one, is EDTF."""
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
    if target.comparator == "range" and target.high is None and target.status != "restatement":
        remedy = "Add it, or name another comparator."
        yield Problem("a range without its other bound", line.at("high"), "a number", remedy)
    known = target.unit in units.units()
    if target.measure == "cumulative total" and known and not units.unit(target.unit).summable:
        yield Problem(
            f"a cumulative total in {target.unit}, which does not add up over years",
            line.at("unit"),
            "a unit of money, mass, energy, volume or of things that are counted",
            "Name another unit or measure; a change in percent is a `cumulative change`.",
        )


def _baseline(line: Line[Target]) -> Iterator[Problem]:
    target = line.record
    years = [int(y) for y in _YEAR.findall(target.baseline)]
    if not years or next(dated("deadline", line), None) or not target.deadline:
        return
    if parse(target.deadline).end.year < years[-1]:
        yield Problem(
            f"deadline {target.deadline} lies before the baseline year {years[-1]}",
            line.at("deadline"),
            f"{years[-1]} or later",
            "Correct the deadline or the baseline.",
        )
