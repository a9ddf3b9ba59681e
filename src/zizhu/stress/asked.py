"""What is asked of scenario files: all of their scenarios or one, with other draws and seed where somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from zizhu.ledger.models import faults
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.reading import read
from zizhu.vocab.problems import Problem, ZizhuError, unknown

SHOWN = 5
"""Scenarios that a message names."""


def read_all(files: Iterable[Path]) -> tuple[Scenario, ...]:
    """The scenarios of all files; raises ZizhuError with the problems of all of them."""
    found: list[Scenario] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found += read(file)
        except ZizhuError as error:
            problems += error.problems
    if problems:
        raise ZizhuError(problems)
    return tuple(found)


def one_of(scenarios: Sequence[Scenario], wanted: str | None) -> Scenario:
    """The scenario with this id, or the only one; raises ZizhuError where there is none or they are several."""
    known = {s.id: s for s in scenarios}
    if wanted is not None:
        if wanted not in known:
            raise ZizhuError(unknown("scenario", wanted, list(known), "--scenario"))
        return known[wanted]
    if len(known) > 1:
        more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
        what = f"{len(known)} scenarios in the file: {', '.join(list(known)[:SHOWN])}{more}"
        remedy = "Name one with --scenario, or show all of them with `zizhu stress compare`."
        raise ZizhuError(Problem(what, "--scenario", "one", remedy))
    return scenarios[0]


def changed(scenario: Scenario, draws: int | None, seed: int | None, insist: bool) -> Scenario:
    """The scenario with other settings, where they are given; raises ZizhuError for values out of range."""
    said = {"draws": draws, "seed": seed, "insist": insist or None}
    change = {k: v for k, v in said.items() if v is not None}
    try:
        return Scenario(**(scenario.model_dump() | change)) if change else scenario
    except ValidationError as error:
        raise ZizhuError(faults(error, "the command line")) from error
