"""Scenarios side by side: what each costs whom and when, on one chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import polars as pl
from pydantic import Field

from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.stress import run
from zizhu.stress.draw.compared import figure
from zizhu.stress.ensemble.computed import Progress
from zizhu.stress.ensemble.executor import Executor
from zizhu.stress.rows import KEY as OWN_KEY
from zizhu.stress.scenario.model import Scenario
from zizhu.tables.load import load_mrio
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.vocab.sectors import TOTAL

METHOD = "stress.compare"
KEY = ("scenario", *OWN_KEY)


class Params(Record):
    """What is asked: at least two scenarios, each with an id of its own."""

    scenarios: tuple[Scenario, ...] = Field(min_length=2)


@dataclass(frozen=True)
class Inputs:
    """The scenarios, each on its tables."""

    params: Params
    each: tuple[run.Inputs, ...]

    def with_work(self, executor: Executor, progress: Progress) -> Inputs:
        """The same question with another place of work."""
        return replace(self, each=tuple(one.with_work(executor, progress) for one in self.each))


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables of all scenarios.

    Raises ZizhuError with the problems of all of them, for ids that repeat, and for tables in different money.
    """
    ids = [s.id for s in params.scenarios]
    problems = [
        Problem(f"{i} twice", "scenarios", "scenarios with ids of their own", "Change one of the ids.")
        for i in dict.fromkeys(i for i in ids if ids.count(i) > 1)
    ]
    each: list[run.Inputs] = []
    read = cache(partial(load_mrio, workspace))  # read and factored once for all scenarios on it
    for scenario in params.scenarios:
        try:
            each.append(run.load(workspace, run.Params(scenario=scenario), read))
        except ZizhuError as error:
            problems += error.problems
    if problems:
        raise ZizhuError(problems)
    return alike(each)


def alike(each: Sequence[run.Inputs]) -> Inputs:
    """Scenarios that are ready to be compared; raises ZizhuError where their tables are in different money."""
    money = tuple(dict.fromkeys(one.ground.mrio.unit for one in each))
    if len(money) > 1:
        what, remedy = (
            f"tables in {' and in '.join(money)}",
            "Name the same `table`, or one in the same money.",
        )
        raise ZizhuError(Problem(what, "scenarios", "tables in the same money", remedy))
    return Inputs(Params(scenarios=tuple(one.params.scenario for one in each)), tuple(each))


def solve(inputs: Inputs) -> Result:
    """The losses of countries and the world by scenario; columns as in `stress.run`, key with the scenario first."""
    found = [run.solve(one) for one in inputs.each]
    named = zip(inputs.params.scenarios, found, strict=True)
    total = [
        r.frame.filter(pl.col("sector") == TOTAL).select(pl.lit(s.id).alias("scenario"), pl.all())
        for s, r in named
    ]
    frame = pl.concat(total).sort(KEY)
    tables = tuple(dict.fromkeys(ref for r in found for ref in r.run.inputs))
    made = make_run(METHOD, inputs.params, tables, frame, KEY)
    coverage = tuple(
        Coverage(**(c.model_dump() | {"what": f"{s.id}: {c.what}"}))
        for s, r in zip(inputs.params.scenarios, found, strict=True)
        for c in r.coverage
    )
    notes = tuple(dict.fromkeys(n for r in found for n in r.notes))
    basis = "; ".join(dict.fromkeys(r.basis for r in found))
    return Result(frame, KEY, found[0].units, basis, made, coverage, notes, figure)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number as the run of its scenario does."""
    result.row(key)
    scenario, _, own = key.partition("|")
    one = next(i for i in inputs.each if i.params.scenario.id == scenario)
    opened = run.explain(one, run.solve(one), own, column, top)
    return replace(opened, ref=result.ref(result.row(key), column))
