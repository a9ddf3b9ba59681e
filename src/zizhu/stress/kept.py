"""The runs that a workspace keeps parts of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from zizhu.store.parts import Parts
from zizhu.stress.ensemble.computed import WEEKLY, YEARLY, batches, done
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import WEEKS, YEARS
from zizhu.vocab.problems import Problem, ZizhuError, unknown

UNREADABLE = "its plan cannot be read"


class Kept(NamedTuple):
    """A run: its key, its scenario, how many of its batches are done, and bytes on disk.

    A plan that cannot be read leaves the id empty and the number of batches at zero: such a run can be discarded.
    """

    key: str
    id: str
    title: str
    done: int
    of: int
    bytes: int


def kept(root: Path) -> list[Kept]:
    """All runs of the workspace at `root`, the latest first."""
    return [_described(parts) for parts in Parts.kept(root)]


def scenario_of(root: Path, key: str) -> Scenario:
    """The scenario of a run; raises ZizhuError for an unknown key and for a plan that cannot be read."""
    return _planned(_found(root, key))


def discard(root: Path, key: str) -> None:
    """Remove what is kept of a run; raises ZizhuError for an unknown key and where it cannot be removed."""
    _found(root, key).discard()


def _found(root: Path, key: str) -> Parts:
    known = {parts.key: parts for parts in Parts.kept(root)}
    if key not in known:
        raise ZizhuError(unknown("run", key, list(known), "`zizhu stress list`"))
    return known[key]


def _described(parts: Parts) -> Kept:
    try:
        scenario = _planned(parts)
    except ZizhuError:
        return Kept(parts.key, "", UNREADABLE, done(parts, WEEKLY, YEARLY), 0, parts.bytes)
    runs = {WEEKLY: (WEEKS, scenario.runs), YEARLY: (YEARS, 1 + scenario.draws)}
    asked = {name: batches(count) for name, (horizon, count) in runs.items() if horizon in scenario.horizons}
    found = sum(min(done(parts, name), of) for name, of in asked.items())
    return Kept(parts.key, scenario.id, scenario.title, found, sum(asked.values()), parts.bytes)


def _planned(parts: Parts) -> Scenario:
    where = f"run {parts.key}"
    try:
        return Scenario.model_validate(json.loads(parts.plan() or "")["scenario"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        remedy = f"Run the scenario again; `zizhu stress discard {parts.key}` removes what is kept."
        raise ZizhuError(Problem(UNREADABLE, where, "the plan that was written", remedy)) from error
