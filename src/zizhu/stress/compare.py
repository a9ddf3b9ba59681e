"""Scenarios side by side: what each costs whom and when, on one chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TypeVar

import polars as pl
from pydantic import Field

from zizhu.ledger.models import Figure, Record
from zizhu.ledger.result import Explanation, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.stress import run
from zizhu.stress.asked import once
from zizhu.stress.bounds import bound
from zizhu.stress.draw import compared, compared_horizons, compared_years
from zizhu.stress.ensemble.computed import Progress
from zizhu.stress.ensemble.executor import Executor
from zizhu.stress.rows import KEY as OWN_KEY
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import WEEKS, YEARS
from zizhu.tables.load import load_mrio
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.vocab.sectors import TOTAL

METHOD = "stress.compare"
KEY = ("scenario", *OWN_KEY)
LISTED = 4
"""Scenarios that a note names."""
T = TypeVar("T")


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
    unfit: dict[str, list[Problem]] = {}
    read = cache(partial(load_mrio, workspace))  # read and factored once for all scenarios on it
    for scenario in params.scenarios:
        try:
            each.append(run.load(workspace, run.Params(scenario=scenario), read))
        except ZizhuError as error:
            unfit[scenario.id] = error.problems
    problems += once(unfit)
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
    """The losses of countries and the world by scenario; columns as in `stress.run`, key with the scenario first.

    `bound` says of every loss which bound it is: upper, lower, none, see `stress.bounds`.
    """
    found = {one.params.scenario.id: run.solve(one) for one in inputs.each}
    total = [
        r.frame.filter(pl.col("sector") == TOTAL).select(pl.lit(name).alias("scenario"), pl.all())
        for name, r in found.items()
    ]
    frame = _bounded(pl.concat(total), inputs.params.scenarios).sort(KEY)
    results = list(found.values())
    tables = tuple(dict.fromkeys(ref for r in results for ref in r.run.inputs))
    made = make_run(METHOD, inputs.params, tables, frame, KEY)
    seen = _by_scenario({name: r.coverage for name, r in found.items()})
    coverage = tuple(
        c if len(who) == len(found) else c.model_copy(update={"what": f"{_listed(who)}: {c.what}"})
        for c, who in seen
    )
    told = _by_scenario({name: r.notes for name, r in found.items()})
    notes = tuple(n if len(who) == len(found) else f"{_listed(who)}: {n}" for n, who in told)
    basis = "; ".join(dict.fromkeys(r.basis for r in results))
    lists = _together([r.lists for r in results])
    return Result(
        frame, KEY, results[0].units, basis, made, coverage, notes, figure, others=others(frame), lists=lists
    )


def figure(result: Result) -> Figure:
    """By week, or over years where more of the scenarios have an answer there; else what the world loses."""
    if _over_years(result.frame):
        return compared_years.figure(result)
    by_week = WEEKS in result.frame["horizon"]
    return compared.figure(result) if by_week else compared_horizons.figure(result)


def others(frame: pl.DataFrame) -> dict[str, Callable[[Result], Figure]]:
    """Further figures: all horizons, where there are several, and the course or the countries that is not the first."""
    held = set(frame["horizon"])
    found: dict[str, Callable[[Result], Figure]] = {}
    if len(held) > 1:
        found["horizons"] = compared_horizons.figure
    if WEEKS in held and _over_years(frame):
        found["course"] = compared.figure
    if YEARS in held and not _over_years(frame):
        found["years"] = compared_years.figure
    return found


def _over_years(frame: pl.DataFrame) -> bool:
    asked = frame.select("scenario", "horizon").unique()["horizon"].to_list()
    return asked.count(YEARS) > asked.count(WEEKS)


def _together(lists: Sequence[Mapping[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """The lists beside the answers, each thing once."""
    named = dict.fromkeys(name for one in lists for name in one)
    return {
        name: pl.concat([one[name] for one in lists if name in one]).unique(maintain_order=True)
        for name in named
    }


def _bounded(frame: pl.DataFrame, scenarios: Sequence[Scenario]) -> pl.DataFrame:
    """The frame with a column `bound` behind its key."""
    of = [(s.id, m, bound(s, m).word) for s in scenarios for m in frame["measure"].unique()]
    words = pl.DataFrame(of, schema=dict.fromkeys(("scenario", "measure", "bound"), pl.String), orient="row")
    return frame.join(words, on=["scenario", "measure"]).select(*KEY, "bound", pl.exclude(*KEY, "bound"))


def _by_scenario(said: Mapping[str, Iterable[T]]) -> list[tuple[T, list[str]]]:
    """What is said of scenarios, each thing once with those of which it is said."""
    found: list[tuple[T, list[str]]] = []
    for name, things in said.items():
        for one in things:
            who = next((who for known, who in found if known == one), None)
            if who is None:
                found.append((one, [name]))
            else:
                who.append(name)
    return found


def _listed(ids: Sequence[str]) -> str:
    """Scenarios by id, the first few of many."""
    return ", ".join(ids) if len(ids) <= LISTED else f"{', '.join(ids[:LISTED])} and {len(ids) - LISTED} more"


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number as the run of its scenario does."""
    result.row(key)
    scenario, _, own = key.partition("|")
    one = next(i for i in inputs.each if i.params.scenario.id == scenario)
    opened = run.explain(one, run.solve(one), own, column, top)
    return replace(opened, ref=result.ref(result.row(key), column))
