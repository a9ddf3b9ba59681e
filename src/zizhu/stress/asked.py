"""What is asked of scenario files: all of their scenarios or one, with other draws and seed where somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from pydantic import ValidationError

from zizhu.ledger.models import faults
from zizhu.store import Workspace
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.reading import Faulty, read
from zizhu.tables.load import load_mrio
from zizhu.vocab.problems import Problem, ZizhuError, unknown

SHOWN = 5
"""Scenarios that a message names."""


def read_all(workspace: Workspace, files: Iterable[Path]) -> tuple[Scenario, ...]:
    """The scenarios of all files.

    Raises ZizhuError with the problems of all of them, those that only the tables of the workspace show among them.
    """
    found: list[Scenario] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found += read(file)
        except ZizhuError as error:
            problems += error.problems
            found += error.parts if isinstance(error, Faulty) else ()
    if problems:
        raise ZizhuError(dict.fromkeys((*problems, *_unfit(workspace, found))))
    return tuple(found)


def _unfit(workspace: Workspace, scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """What tables do not have of the codes of scenarios, in part readable or not."""
    from zizhu.stress.run import unfit  # heavier than reading

    ids = {id(s): getattr(s, "id", "") for s in scenarios}
    ordered = sorted(scenarios, key=lambda s: len(ids[id(s)]))
    table = cache(partial(load_mrio, workspace))
    yield from once({ids[id(s)]: unfit(workspace, s, table) for s in ordered})


def once(found: Mapping[str, Iterable[Problem]]) -> Iterator[Problem]:
    """The problems of scenarios by id, those of a variant, `id.name` of `id`, only where they are its own."""
    told: dict[tuple[str, str], list[str]] = {}
    for name, problems in found.items():
        for problem in problems:
            who = told.setdefault((problem.what, problem.where.removeprefix(f"{name}: ")), [])
            if not any(name.startswith(f"{other}.") for other in who):
                who.append(name)
                yield problem


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


def changed(
    scenario: Scenario, draws: int | None, seed: int | None, insist: bool, allow_extreme: bool = False
) -> Scenario:
    """The scenario with other settings, where they are given; raises ZizhuError for values out of range."""
    years = scenario.years.model_copy(update={"allow_extreme": True}) if allow_extreme else None
    said = {"draws": draws, "seed": seed, "insist": insist or None, "years": years}
    change = {k: v for k, v in said.items() if v is not None}
    try:
        return Scenario(**(scenario.model_dump() | change)) if change else scenario
    except ValidationError as error:
        raise ZizhuError(faults(error, "the command line")) from error
