"""Every fact of the register by its id: what `fact:<id>` refers to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from zizhu.ledger import register
from zizhu.ledger.folders import Register
from zizhu.ledger.loaders import OfficialIndicator
from zizhu.ledger.models import Assessment, Event, Observation, Target
from zizhu.ledger.strategies import Actor, Amount, Instrument, Link, Megaproject, Pilot, Place, Plan

Fact = Target | Observation | Event | Assessment | OfficialIndicator
"""What states a figure or an act."""
Record = Fact | Plan | Instrument | Amount | Megaproject | Pilot | Link | Actor | Place
"""Everything that rests on a source of its own."""


@cache
def facts() -> Mapping[str, Fact]:
    """Targets, observations, events, assessments and official indicators by id."""
    held = register.builtin()
    return {
        **held.targets,
        **held.observations,
        **held.events,
        **held.assessments,
        **held.official_indicators,
    }


def records(held: Register) -> Mapping[str, Record]:
    """All of these in a register, by id; ids are unique over all of them."""
    return {
        **held.plans,
        **held.targets,
        **held.instruments,
        **held.amounts,
        **held.megaprojects,
        **held.pilots,
        **held.events,
        **held.links,
        **held.observations,
        **held.assessments,
        **held.official_indicators,
        **held.actors,
        **held.places,
    }
