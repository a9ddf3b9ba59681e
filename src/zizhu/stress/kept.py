"""The runs that a workspace keeps parts of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from zizhu.ledger.models import faults
from zizhu.store.parts import Parts
from zizhu.stress.ensemble.computed import AT_ONCE
from zizhu.stress.scenario.model import Scenario
from zizhu.vocab.problems import Problem, ZizhuError


class Kept(NamedTuple):
    """A run: its key, its scenario, how many of its batches are done, and bytes on disk."""

    key: str
    id: str
    title: str
    done: int
    of: int
    bytes: int


def kept(root: Path) -> list[Kept]:
    """All runs of the workspace at `root`, the latest first; plans that cannot be read are left out."""
    found = []
    for parts in Parts.kept(root):
        try:
            scenario = scenario_of(root, parts.key)
        except ZizhuError:
            continue
        runs = 1 + (scenario.draws if scenario.drawn else 0)
        found.append(
            Kept(parts.key, scenario.id, scenario.title, len(parts.names()), -(-runs // AT_ONCE), parts.bytes)
        )
    return found


def scenario_of(root: Path, key: str) -> Scenario:
    """The scenario of a run; raises ZizhuError where its plan cannot be read."""
    plan = Parts.of(root, key).plan()
    where = f"run {key}"
    try:
        return Scenario.model_validate(json.loads(plan or "")["scenario"])
    except ValidationError as error:
        raise ZizhuError(faults(error, where)) from error
    except (ValueError, KeyError, TypeError) as error:
        problem = Problem(
            "its plan cannot be read", where, "the plan that was written", "Run the scenario again."
        )
        raise ZizhuError(problem) from error
