"""A folder of the register: a plan with everything that belongs to it, in one YAML file and CSV files beside it.

A folder is read whole or not at all: what is wrong in any of its files is one error with all problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from zizhu.ledger import loaders, strategy_loaders
from zizhu.ledger.loaders import Known, OfficialIndicator
from zizhu.ledger.models import Assessment, Event, Indicator, Observation, Record, Source, Target
from zizhu.ledger.strategies import Actor, Amount, Instrument, Link, Megaproject, Pilot, Place, Plan
from zizhu.vocab import plain_yaml
from zizhu.vocab.packfiles import read_csv
from zizhu.vocab.problems import Problem, ZizhuError, nearest

PLAN_FILE = "plan.yaml"


@dataclass(frozen=True)
class Register:
    """Everything that a register holds, by kind and id."""

    plans: Mapping[str, Plan] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    amounts: Mapping[str, Amount] = field(default_factory=dict)
    megaprojects: Mapping[str, Megaproject] = field(default_factory=dict)
    pilots: Mapping[str, Pilot] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    observations: Mapping[str, Observation] = field(default_factory=dict)
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    official_indicators: Mapping[str, OfficialIndicator] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    @cached_property
    def restating(self) -> Mapping[str, tuple[Target, ...]]:
        """The targets that restate another one, by the id of that."""
        found: dict[str, list[Target]] = {}
        for t in self.targets.values():
            if t.same_as:
                found.setdefault(t.same_as, []).append(t)
        return {key: tuple(rows) for key, rows in found.items()}

    def and_those(self, more: Register) -> Register:
        """What both hold."""
        return Register(
            **{f.name: {**getattr(self, f.name), **getattr(more, f.name)} for f in fields(Register)}
        )

    def known(self) -> Known:
        """The ids that other files may refer to."""
        ids = {f.name: frozenset(getattr(self, f.name)) for f in fields(Known) if f.name != "observed"}
        return Known(**ids, observed=frozenset(o.indicator for o in self.observations.values()))


class File(NamedTuple):
    """A file of a folder: the kind of records it holds, their model, and how it is read."""

    kind: str
    model: type[Record]
    load: Callable[[Path, Known], Sequence[Any]]


FILES: Mapping[str, File] = {
    PLAN_FILE: File("plans", Plan, strategy_loaders.load_plans),
    "plans.csv": File("plans", Plan, strategy_loaders.load_plans),
    "targets.csv": File("targets", Target, loaders.load_targets),
    "instruments.csv": File("instruments", Instrument, strategy_loaders.load_instruments),
    "amounts.csv": File("amounts", Amount, strategy_loaders.load_amounts),
    "megaprojects.csv": File("megaprojects", Megaproject, strategy_loaders.load_megaprojects),
    "pilots.csv": File("pilots", Pilot, strategy_loaders.load_pilots),
    "events.csv": File("events", Event, loaders.load_events),
    "links.csv": File("links", Link, strategy_loaders.load_links),
    "indicators.csv": File("indicators", Indicator, lambda path, _: loaders.load_indicators(path)),
    "observations.csv": File("observations", Observation, loaders.load_observations),
    "assessments.csv": File("assessments", Assessment, loaders.load_assessments),
    "official_indicators.csv": File(
        "official_indicators", OfficialIndicator, loaders.load_official_indicators
    ),
    "actors.csv": File("actors", Actor, strategy_loaders.load_actors),
    "places.csv": File("places", Place, strategy_loaders.load_places),
    "sources.csv": File("sources", Source, lambda path, _: loaders.load_sources(path)),
}
"""What a folder may hold. All files are optional."""


def read_folders(folders: Sequence[Path], beside: Register, others: bool = False) -> Register:
    """What folders hold; they may refer to one another and to the register `beside` them.

    With `others`, files that are none of the register may lie in them.

    Raises ZizhuError with the problems of all of their files at once, ids that are taken included.
    """
    drafts = [_drafted(folder) for folder in folders]
    known = beside.known()
    for draft in drafts:
        known = known.and_those(draft.ids())
    problems = [*_taken(drafts, beside)]
    found = Register()
    for folder, draft in zip(folders, drafts, strict=True):
        problems += [*draft.problems, *(() if others else _strange(folder))]
        held, faults = _read(draft.files, known)
        problems += [replace(p, where=f"{folder.name}/{p.where}") for p in faults]
        found = found.and_those(held)
    problems += _out_of_bounds(found, beside.and_those(found))
    if problems:
        raise ZizhuError(list(dict.fromkeys(problems)))
    return found


def _read(files: Iterable[Path], known: Known) -> tuple[Register, list[Problem]]:
    """The records of files, and the problems of those that are not sound."""
    held: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for path in files:
        file = FILES[path.name]
        try:
            held.setdefault(file.kind, {}).update({r.id: r for r in file.load(path, known)})
        except ZizhuError as error:
            problems += error.problems
    return Register(**held), problems


def _out_of_bounds(found: Register, all_of_them: Register) -> list[Problem]:
    """The observations that lie outside of what their indicator can be, where that could be read."""
    problems = []
    for o in found.observations.values():
        of = all_of_them.indicators.get(o.indicator)
        if of is None:
            continue
        low = of.lowest if of.lowest is not None else o.value
        high = of.highest if of.highest is not None else o.value
        if not low <= o.value <= high:
            expected = f"{low:g} to {high:g}"
            problems.append(
                Problem(f"{o.value:g} {o.unit}", f"observation {o.id}", expected, "Correct the value.")
            )
    return problems


@dataclass
class _Draft:
    """The files of a folder, and the ids in them with their places, before anything is checked."""

    folder: Path
    files: tuple[Path, ...]
    rows: list[tuple[str, str, str, Mapping[str, str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def ids(self) -> Known:
        names = {f.name for f in fields(Known)}
        held: dict[str, set[str]] = {name: set() for name in names}
        for kind, key, _, row in self.rows:
            if kind in names:
                held[kind].add(key)
            if kind == "observations":
                held["observed"].add(row.get("indicator", ""))
        return Known(**{name: frozenset(ids) for name, ids in held.items()})


def _drafted(folder: Path) -> _Draft:
    draft = _Draft(folder, tuple(folder / name for name in FILES if (folder / name).is_file()))
    if not draft.files:
        expected = f"{PLAN_FILE}, targets.csv and others: `zizhu register fields`"
        draft.problems.append(Problem("no file of the register", str(folder), expected, "Add one."))
    for path in draft.files:
        try:
            rows = _rows(path)
        except ZizhuError:
            continue  # its loader says what is wrong with it
        kind = FILES[path.name].kind
        for where, row in rows:
            draft.rows.append((kind, row.get("id", ""), f"{folder.name}/{path.name}, {where}", row))
    return draft


def _rows(path: Path) -> list[tuple[str, Mapping[str, str]]]:
    if path.suffix == ".csv":
        return [(f"row {number}, column id", row) for number, row in read_csv(path)]
    content = plain_yaml.read(path)
    return [("id", content)] if isinstance(content, dict) else []


def _taken(drafts: Sequence[_Draft], beside: Register) -> Iterator[Problem]:
    """The ids that the register beside, or another folder, already has."""
    first = {key: "the register" for f in fields(Register) for key in getattr(beside, f.name)}
    for draft in drafts:
        mine: dict[str, str] = {}
        for _, key, where, _ in draft.rows:
            if key and key in first:
                yield Problem(
                    f"id {key!r} exists", where, f"an id that {first[key]} does not have", "Rename it."
                )
            mine[key] = draft.folder.name
        first |= mine


def _strange(folder: Path) -> Iterator[Problem]:
    """Files that nobody would read: a name with a slip of the keyboard."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".yaml", ".yml") and path.name not in FILES:
            close = nearest(path.name, list(FILES), 1) or [PLAN_FILE]
            where = f"{folder.name}/{path.name}"
            yield Problem("no file of the register", where, ", ".join(FILES), f"Nearest: {close[0]}.")
