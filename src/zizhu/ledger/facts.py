"""Every fact of the register by its id: what `fact:<id>` refers to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from zizhu.ledger import register
from zizhu.ledger.models import Assessment, Event, Observation, Target
from zizhu.ledger.register import OfficialIndicator

Fact = Target | Observation | Event | Assessment | OfficialIndicator


@cache
def facts() -> Mapping[str, Fact]:
    """Targets, observations, events, assessments and official indicators by id; ids are unique over all of them."""
    observed: dict[str, Fact] = {o.id: o for o in register.observations()}
    return {
        **register.targets(),
        **observed,
        **register.events(),
        **register.assessments(),
        **register.official_indicators(),
    }
