"""The register: what strategies promise and by what they act, what was observed, what happened, who says what.

The built-in one is the shared files of `packs/policy` and a folder for every plan under `packs/policy/plans`; a user's
own folders lie under `register/` of the workspace. A broken folder is refused with all of its problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from zizhu.ledger.folders import Register, read_folders
from zizhu.ledger.loaders import (
    Document,
    EventProduct,
    OfficialIndicator,
    load_documents,
    load_event_products,
    load_sources,
)
from zizhu.ledger.models import Assessment, Event, Indicator, Observation, Source, Target
from zizhu.ledger.strategies import Plan
from zizhu.vocab import plans as plan_parts
from zizhu.vocab.packfiles import pack
from zizhu.vocab.periods import parse

OWN = "register"
"""The folder of a workspace with a user's own plans."""
SOURCES = ("sources.csv", "policy/more_sources.csv")
"""Sources of the tables, and of the files that are written by hand."""


@cache
def builtin() -> Register:
    """The built-in register; raises ZizhuError with every fault of its files."""
    shared = _shared()
    return _ordered(shared.and_those(read_folders(_folders(pack("policy/plans")), shared)))


def of(root: Path) -> Register:
    """The built-in register with a workspace's own folders; raises ZizhuError with every fault of these."""
    own = _folders(root / OWN)
    return _ordered(builtin().and_those(read_folders(own, builtin()))) if own else builtin()


@cache
def _shared() -> Register:
    """What all plans share, and the plans that have no folder of their own."""
    cited: dict[str, Source] = {}
    for path in map(pack, SOURCES):
        if path.is_file():
            cited |= {s.id: s for s in load_sources(path, frozenset(cited))}
    beside = Register(sources=cited)
    return beside.and_those(read_folders((pack("policy"),), beside, others=True))


def _ordered(held: Register) -> Register:
    """Events by date, observations by indicator, entity and period, whatever file they stand in."""
    events = sorted(held.events.values(), key=lambda e: (e.date, e.id))
    observed = sorted(
        held.observations.values(), key=lambda o: (o.indicator, o.entity, parse(o.period), o.id)
    )
    return replace(held, events={e.id: e for e in events}, observations={o.id: o for o in observed})


def _folders(place: Path) -> tuple[Path, ...]:
    return tuple(sorted(p for p in place.glob("*") if p.is_dir())) if place.is_dir() else ()


def sources() -> Mapping[str, Source]:
    """All sources by id: those of the tables and those of the register."""
    return builtin().sources


@cache
def documents() -> Mapping[str, Document]:
    """The documents that records cite, by id."""
    return {d.id: d for d in load_documents(pack("policy/documents.csv"))}


def plans() -> Mapping[str, Plan]:
    """All plans by id."""
    return builtin().plans


def indicators() -> Mapping[str, Indicator]:
    """All indicators by id."""
    return builtin().indicators


@cache
def observations() -> tuple[Observation, ...]:
    """All observations, by indicator, entity and period."""
    return tuple(builtin().observations.values())


def targets() -> Mapping[str, Target]:
    """All targets by id, restatements, descriptions and withdrawn ones included."""
    return builtin().targets


def events() -> Mapping[str, Event]:
    """All events by id, in the order of their dates."""
    return builtin().events


def assessments() -> Mapping[str, Assessment]:
    """All assessments by id; sources disagree on purpose."""
    return builtin().assessments


def official_indicators() -> Mapping[str, OfficialIndicator]:
    """The indicators that plans set themselves, by id."""
    return builtin().official_indicators


@cache
def event_products() -> tuple[EventProduct, ...]:
    """The raw materials that events touch."""
    return load_event_products(pack("policy/event_products.csv"), builtin().known())


def resolution_sentence(of: Indicator) -> str:
    """What a figure for the indicator's industry shows of it; empty for an indicator without an industry."""
    return plan_parts.part_sentence(of.icio_sector, of.note) if of.icio_sector else ""
