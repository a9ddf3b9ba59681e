"""A scenario run: what it costs, whom, when, with a band over what is uncertain.

Weeks: output against the table, step by step, as stocks run down and orders move. Quarters: two sides that are never
added, the sales that are lost and the output that lacks inputs, once stocks are gone and while no price moves. Years:
a new equilibrium of trade, in which prices, wages and suppliers have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

import zizhu
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Result, require_coverage
from zizhu.store import Workspace
from zizhu.store.parts import Parts
from zizhu.store.runs import make_run
from zizhu.stress import opened, rows, spiral
from zizhu.stress.draw.horizons import figure, others
from zizhu.stress.ensemble.computed import YEARLY, Progress, batches, computed, silent
from zizhu.stress.ensemble.draws import drawn
from zizhu.stress.ensemble.executor import Executor, Serial
from zizhu.stress.ensemble.runs import Runs
from zizhu.stress.periods import LEAST, lasting
from zizhu.stress.quarters import Ends, Losses, Quarters
from zizhu.stress.scenario import codes
from zizhu.stress.scenario.effects import Effects
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.resolve import contradicting, resolve, stood
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS, YEARS
from zizhu.stress.scenario.spans import told
from zizhu.stress.weeks import Central, Weeks
from zizhu.stress.years import rows as years_rows
from zizhu.stress.years import told as years_told
from zizhu.stress.years.model import Years
from zizhu.stress.years.split import Split, split
from zizhu.tables.choice import Best
from zizhu.tables.leontief import Matrix
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "stress.run"
FEW = 4
"""Batches over years that are computed sooner than other processes are begun."""
BRIEF = f"Every shock holds for less than {told(LEAST)}"


class Params(Record):
    """What is asked: one scenario, whole, so that its answer can be made again without the file."""

    scenario: Scenario


@dataclass(frozen=True)
class Inputs:
    """A scenario on its tables. `parts` keep what is computed, `executor` says where, `progress` how far it is."""

    params: Params
    ground: Ground
    parts: Parts
    executor: Executor = field(default_factory=Serial)
    progress: Progress = silent

    @cached_property
    def effects(self) -> Effects:
        """What the scenario does to the tables."""
        return resolve(self.params.scenario, self.ground)

    @cached_property
    def weeks(self) -> Weeks:
        """The weekly model, ready to be run."""
        return Weeks.of(self.params.scenario, self.effects, self.ground.mrio)

    @cached_property
    def values(self) -> Matrix:
        """The values of what is drawn (1 + M, k): the central ones, then the draws."""
        said = self.params.scenario
        central = np.array([[said.central(n) for n in said.drawn]])
        bands = [said.band(n) for n in said.drawn]
        return np.vstack([central, drawn(bands, said.runs - 1, said.seed)])

    @cached_property
    def weekly(self) -> Runs:
        """The weekly runs, see `Weeks.batch`."""
        with self._weeks_to_send() as weeks:
            return computed(weeks.batch, self.values, self.begun, self.executor, self.progress)

    @cached_property
    def begun(self) -> Parts:
        """The parts, once it is written down what they are parts of."""
        self.parts.begin(self.params.model_dump_json(indent=1))
        return self.parts

    @contextmanager
    def _weeks_to_send(self) -> Iterator[Weeks]:
        """The weekly model for the executor: other processes map the flows from a file."""
        if not self.executor.apart:
            yield self.weeks
            return
        with self.parts.lent(self.ground.mrio.Z) as flows:
            yield replace(self.weeks, flows=flows)

    @cached_property
    def central(self) -> Central:
        """The weekly run at the central values, by industry and step."""
        return Central(**self.begun.once("central", lambda: self.weeks.central()._asdict()))

    @cached_property
    def quarters(self) -> Quarters:
        """The quarterly model, ready to be solved."""
        return Quarters(self.params.scenario, self.ground.mrio, self.effects)

    @cached_property
    def losses(self) -> Ends:
        """The quarterly answer."""
        found = self.begun.once("quarters", lambda: _by_field(self.quarters.ends))
        return Ends(*(Losses(**{f: found[f][k] for f in Losses._fields}) for k in range(len(Ends._fields))))

    @cached_property
    def years(self) -> Years:
        """The model of years, ready to be solved."""
        return Years.of(self.params.scenario, self.effects, self.ground)

    @cached_property
    def yearly(self) -> Runs:
        """The runs over years, see `Years.batch`."""
        model, values = self.years.begun(), self.years.values
        place = self.executor if batches(len(values)) > FEW else Serial()
        return computed(model.batch, values, self.begun, place, self.progress, YEARLY)

    @cached_property
    def split(self) -> Split:
        """The terms of the welfare over years by partner, at the central values, see `years.split`."""
        return self.begun.once("split", lambda: split(self.years))

    def with_work(self, executor: Executor, progress: Progress) -> Inputs:
        """The same question with another place of work."""
        return replace(self, executor=executor, progress=progress)


def load(workspace: Workspace, params: Params, read: Callable[[str], MRIO] | None = None) -> Inputs:
    """Read the tables of a scenario, the best ones where it names none, and divide off products of their own.

    `read` reads an input-output table by name, where several scenarios share what is read.
    """
    said, tables = _tables(workspace, params.scenario, read)
    ground = stood(said, tables)
    asked = Params(scenario=said)
    return Inputs(asked, ground, Parts.of(workspace.root, key(asked, refs(ground))))


def unfit(workspace: Workspace, scenario: Scenario, read: Callable[[str], MRIO]) -> list[Problem]:
    """What its tables do not have of the codes of a scenario, and shocks that contradict each other.

    The scenario may be one that can be read in part alone.
    """
    part = Scenario.model_construct(**{"id": "scenario", **vars(scenario)})  # what it lacks is usual
    if not hasattr(part, "shocks"):
        return []
    try:
        said, ground = _tables(workspace, part, read)
    except ZizhuError as error:
        return error.problems
    return [*codes.faults(said, ground), *contradicting(said, ground)]


def _tables(
    workspace: Workspace, said: Scenario, read: Callable[[str], MRIO] | None
) -> tuple[Scenario, Ground]:
    """A scenario with the names of its tables, and what it stands on before products are divided off."""
    best = Best(workspace)
    needs_trade = any(getattr(s, "products", ()) for s in said.shocks)
    names = {"table": said.table or (best.mrio_with_final if YEARS in said.horizons else best.mrio).name}
    names["trade"] = (said.trade or best.trade.name) if needs_trade else said.trade
    known = workspace.names()
    strange = [
        unknown("table", name, known, f"{said.id}: {setting}")
        for setting, name in names.items()
        if name and name not in known
    ]
    if strange:
        raise ZizhuError(strange)
    said = said.model_copy(update=names)
    trade = load_trade(workspace, said.trade) if needs_trade else None
    mrio = load_mrio(workspace, said.table) if read is None else read(said.table)
    return said, Ground(mrio, trade)


def on_the_ground_of(other: Inputs, params: Params) -> Inputs:
    """Another question about the same shocks, on what is read and divided already."""
    folder = other.parts.folder.with_name(key(params, refs(other.ground)))
    return replace(other, params=params, parts=replace(other.parts, folder=folder))


def _by_field(ends: Ends) -> dict[str, NDArray[Any]]:
    """Every field of the losses at all ends (3, n)."""
    return {f: np.stack([getattr(one, f) for one in ends]) for f in Losses._fields}


def refs(ground: Ground) -> tuple[str, ...]:
    """The tables that a scenario stands on."""
    return (ground.mrio.ref, *((ground.trade.ref,) if ground.trade is not None else ()))


def key(params: Params, tables: tuple[str, ...]) -> str:
    """What names the kept parts of a run: all that its answer depends on."""
    asked = json.dumps(
        [METHOD, zizhu.__version__, params.model_dump(mode="json"), list(tables)], sort_keys=True
    )
    return hashlib.blake2b(asked.encode(), digest_size=12).hexdigest()


def solve(inputs: Inputs) -> Result:
    """Losses by country, industry and time with their bands.

    Keys: horizon (weeks, quarters, years), measure (`rows.LISTED`), country, sector (TOTAL for all), period (`all`,
    `weeks 01-13`, `week 01`; over quarters `a year`). Columns: baseline (of the table), loss (at the central values;
    negative: more than in the table), lower and upper (the ends of the band, none without one), of_baseline,
    of_lower, of_upper.

    Raises ZizhuError for what does not fit the tables or contradicts itself, CannotAnswer below half coverage.
    """
    said, mrio = inputs.params.scenario, inputs.ground.mrio
    effects = inputs.effects
    require_coverage(effects.coverage, said.insist, METHOD)
    brief = QUARTERS in said.horizons and lasting(said) < LEAST
    if brief and set(said.horizons) == {QUARTERS}:
        remedy = "Ask for the horizon of weeks, or let a shock last."
        raise CannotAnswer(Problem(BRIEF, said.id, f"one that holds for {told(LEAST)}", remedy))
    found, notes = [], (*effects.notes, *rows.notes(said, mrio))
    if YEARS in said.horizons:
        found.append(_years(inputs))
        notes = (*notes, *years_told.notes(inputs.years, inputs.yearly, inputs.split))
    if WEEKS in said.horizons:
        found.append(rows.weekly(mrio, said, inputs.weekly))
        notes = (*notes, *spiral.notes(said, inputs.weekly))
    if QUARTERS in said.horizons and not brief:
        found.append(rows.quarterly(mrio, said, inputs.losses))
    frame = rows.together(found)
    notes = (*notes, *rows.bound_notes(frame))
    run = make_run(METHOD, inputs.params, refs(inputs.ground), frame, rows.KEY, said.seed)
    if brief:
        notes = (
            *notes,
            f"{BRIEF}: there is no answer over quarters, which are a year at full size.",
        )
    return Result(
        frame,
        rows.KEY,
        rows.units(mrio),
        mrio.title,
        run,
        effects.coverage,
        notes,
        figure,
        lists=years_told.lists(inputs.years.world, mrio.ref) if YEARS in said.horizons else {},
        others=others(frame),
    )


def _years(inputs: Inputs) -> pl.DataFrame:
    """The rows over years; what cannot be solved is refused before anything is drawn."""
    inputs.years.central  # noqa: B018
    return years_rows.yearly(inputs.years, inputs.yearly, inputs.split)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a loss into its industries, an industry's into what held its production, step by step."""
    return opened.explain(inputs, result, key, column, top)
