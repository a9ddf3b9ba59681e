"""From the files of a strategy to its records: plans, instruments with their money, actors, places and links.

As in `zizhu.ledger.loaders`, every loader raises ZizhuError with all problems of its file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zizhu.ledger.loaders import Known, cites, dated, entities
from zizhu.ledger.models import faults
from zizhu.ledger.records import Check, Line, load, one_of
from zizhu.ledger.strategies import ENDS, Actor, Amount, Instrument, Link, Megaproject, Pilot, Place, Plan
from zizhu.vocab import countries, plain_yaml, units
from zizhu.vocab.problems import Problem, ZizhuError, unknown

_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")


def load_plans(path: Path, known: Known) -> tuple[Plan, ...]:
    """The plans of a CSV file, or the one plan of a YAML file, with the fields of `Plan`."""
    checks: list[Check[Plan]] = [
        partial(_place, False),
        partial(_all_of, "issuers", "actor", known.actors),
        *_common(known, "issued", "start", "end"),
        _forward,
    ]
    if path.suffix == ".csv":
        return load(path, Plan, checks)
    line = Line(path.name, 1, _from_yaml(path))
    problems = [problem for check in checks for problem in check(line)]
    if problems:
        raise ZizhuError([_in_yaml(p, path.name) for p in problems])
    return (line.record,)


def load_instruments(path: Path, known: Known) -> tuple[Instrument, ...]:
    """The instruments of a CSV file with the fields of `Instrument`."""
    checks: list[Check[Instrument]] = [
        partial(_place, False),
        lambda line: one_of(line, "plan", "plan", known.plans, blank=True),
        partial(_all_of, "managers", "actor", known.actors),
        *_common(known, "start", "end"),
        _forward,
    ]
    return load(path, Instrument, checks)


def load_amounts(path: Path, known: Known) -> tuple[Amount, ...]:
    """The amounts of a CSV file with the fields of `Amount`."""

    def refers(line: Line[Amount]) -> Iterator[Problem]:
        yield from one_of(line, "instrument", "instrument", known.instruments)
        yield from one_of(line, "within", "amount", known.amounts - {line.record.id}, blank=True)
        yield from one_of(line, "disputes", "amount", known.amounts - {line.record.id}, blank=True)

    return load(path, Amount, [refers, _money, _overlap, *_common(known, "date")])


def load_actors(path: Path, known: Known) -> tuple[Actor, ...]:
    """The actors of a CSV file with the fields of `Actor`."""
    return load(path, Actor, [partial(_place, True), *_common(known)])


def load_places(path: Path, known: Known) -> tuple[Place, ...]:
    """The places of a CSV file with the fields of `Place`."""
    return load(path, Place, [partial(_place, True), _subdivision, *_common(known)])


def load_megaprojects(path: Path, known: Known) -> tuple[Megaproject, ...]:
    """The megaprojects of a CSV file with the fields of `Megaproject`."""
    checks: list[Check[Megaproject]] = [
        lambda line: one_of(line, "plan", "plan", known.plans),
        *_common(known, "end"),
    ]
    return load(path, Megaproject, checks)


def load_pilots(path: Path, known: Known) -> tuple[Pilot, ...]:
    """The pilots of a CSV file with the fields of `Pilot`."""

    def refers(line: Line[Pilot]) -> Iterator[Problem]:
        yield from one_of(line, "plan", "plan", known.plans)
        yield from one_of(line, "instrument", "instrument", known.instruments, blank=True)
        yield from one_of(line, "lead", "place", known.places)
        yield from _all_of("places", "place", known.places, line)

    return load(path, Pilot, [refers, *_common(known, "start", "end"), _forward])


def load_links(path: Path, known: Known) -> tuple[Link, ...]:
    """The links of a CSV file with the fields of `Link`."""
    ids = {
        "plan": known.plans,
        "event": known.events,
        "target": known.targets,
        "place": known.places,
        "actor": known.actors,
    }

    def refers(line: Line[Link]) -> Iterator[Problem]:
        for column, kinds in zip(("a", "b"), ENDS[line.record.relation], strict=True):
            yield from one_of(line, column, " or ".join(kinds), frozenset().union(*(ids[k] for k in kinds)))
        if line.record.a == line.record.b:
            yield Problem("a record linked to itself", line.at("b"), "two records", "Correct one end.")

    return load(path, Link, [refers, *_common(known)])


def _common(known: Known, *columns: str) -> tuple[Callable[[Line[Any]], Iterator[Problem]], ...]:
    """The checks that all of these records have: their source, and the dates in `columns`."""
    return (partial(cites, known), *(partial(dated, column) for column in columns))


def _place(blank: bool, line: Line[Any]) -> Iterator[Problem]:
    yield from one_of(line, "country", "country or group", entities(), blank)


def _all_of(column: str, kind: str, valid: frozenset[str], line: Line[Any]) -> Iterator[Problem]:
    for value in getattr(line.record, column):
        if value not in valid:
            yield unknown(kind, value, sorted(valid), line.at(column))


def _forward(line: Line[Any]) -> Iterator[Problem]:
    """A record does not end before it starts."""
    start, end = line.record.start, line.record.end
    faulty = any(next(dated(column, line), None) for column in ("start", "end"))
    if start and end and not faulty and end[:4] < start[:4]:
        yield Problem(f"ends {end} before it starts", line.at("end"), f"{start} or later", "Correct a date.")


def _money(line: Line[Amount]) -> Iterator[Problem]:
    code = line.record.unit
    money = [u.code for u in units.units().values() if u.dimension == "money"]
    if code not in money:
        yield unknown("unit of money", code, money, line.at("unit"))


def _overlap(line: Line[Amount]) -> Iterator[Problem]:
    a = line.record
    if bool(a.within) != bool(a.overlap):
        yield Problem(
            "half of an overlap",
            line.at("overlap"),
            "both the amount it is within and how much of it, or neither",
            "Fill in `within` and `overlap`, or empty both.",
        )
    if (a.shared is not None) != (a.overlap == "part"):
        yield Problem(
            "`shared` and the overlap", line.at("shared"), "a number for a part alone", "Correct one."
        )
    elif a.shared is not None and not 0 < a.shared <= a.value:
        yield Problem(
            f"shares {a.shared} of {a.value}",
            line.at("shared"),
            "more than 0, at most the value",
            "Correct it.",
        )


def _subdivision(line: Line[Place]) -> Iterator[Problem]:
    """The region is an ISO 3166-2 code of the country."""
    if not line.record.region:
        return
    found = _SUBDIVISION.fullmatch(line.record.region)
    country = countries.countries().get(line.record.country)
    if found is None or country is None or found[1] != country.iso2:
        yield Problem(
            f"region {line.record.region!r}",
            line.at("region"),
            f"{country.iso2 if country else 'XX'}- and the code of the subdivision (ISO 3166-2)",
            "Correct the region or the country.",
        )


def _from_yaml(path: Path) -> Plan:
    content = plain_yaml.read(path)
    if not isinstance(content, dict):
        raise ZizhuError(Problem("no mapping", path.name, "the settings of a plan", "Begin with `id:`."))
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        raise ZizhuError(faults(error, path.name, Plan.model_fields)) from None


def _in_yaml(problem: Problem, name: str) -> Problem:
    """The problem at a setting of a YAML file, which has no rows."""
    column = problem.where.rpartition("column ")[2]
    return Problem(problem.what, f"{name}, {column}", problem.expected, problem.remedy)
