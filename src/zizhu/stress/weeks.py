"""A scenario over weeks: production, stocks and orders step by step (ARIO), for many values of what is uncertain.

`Weeks` is what a process needs to compute a batch: it can be sent to another one, which maps the flows from a file.
Times are days of the scenario and become steps here; the model knows the parts of a split country as countries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.ario.economy import Economy, economy
from zizhu.stress.ario.parameters import Parameters
from zizhu.stress.ario.profiles import profile
from zizhu.stress.ario.rationing import FINAL_FIRST, INTERMEDIATES_FIRST, PROPORTIONAL, Rationing, key_sectors
from zizhu.stress.ario.run import Scenario as Run
from zizhu.stress.ario.run import simulate, simulate_all
from zizhu.stress.ario.shocks import CapacityLoss, DemandShift, Rebuilding, Restriction, Shocks
from zizhu.stress.needs import COMBINE, essential
from zizhu.stress.passing import Part
from zizhu.stress.periods import quarters
from zizhu.stress.scenario.effects import Course, Effects
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.parameters import UNCERTAIN
from zizhu.stress.scenario.spans import DAYS
from zizhu.tables.content import country_indicator
from zizhu.tables.leontief import Flows, Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.threads import one_thread
from zizhu.vocab.problems import CannotAnswer, Problem

Arrays = dict[str, NDArray[np.floating]]
SHAPELESS = 2.0
"""Days: a recovery that is no longer has no shape."""


RULES: dict[str, Rationing] = {
    "proportional": PROPORTIONAL,
    "final_first": FINAL_FIRST,
    "intermediates_first": INTERMEDIATES_FIRST,
}


class Central(NamedTuple):
    """Output lost by step and industry (T, n) and what held production: an input, DEMAND or CAPACITY (T, n)."""

    lost: Matrix
    binding: NDArray[np.integer]


@dataclass(frozen=True)
class Weeks:
    """A scenario on a table of S sectors in B blocks (countries, and parts of countries), ready to be run.

    flows: Z (n, n), or the file that it is mapped from. Of a year, in the table's money: output (n,), value_added (n,)
    and final (n, C) demand by destination, or None. country (n,): the whole country of every node.
    """

    scenario: Scenario
    effects: Effects
    flows: Flows | Path
    output: Vector
    value_added: Vector
    final: Matrix | None
    country: Index
    sectors: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario, effects: Effects, mrio: MRIO) -> Weeks:
        """Raises CannotAnswer for a table whose countries have not the same sectors in the same order."""
        nodes = mrio.nodes
        blocks, rest = divmod(mrio.n, len(nodes.sectors))
        if rest or nodes.sector != nodes.sectors * blocks:
            what, wanted = f"{mrio.title} has not the same sectors in every country", "a table that has them"
            raise CannotAnswer(
                Problem(what, "horizons: weeks", wanted, "Choose another table, or `horizons: [quarters]`.")
            )
        return cls(
            scenario,
            effects,
            mrio.Z,
            mrio.x,
            mrio.value_added,
            mrio.final,
            nodes.country_index,
            nodes.sectors,
        )

    def batch(self, values: Matrix) -> Arrays:
        """Runs for rows of values (E, k) of `scenario.drawn`.

        Losses of output against the table, in money: `nodes` (E, n) in all, `quarters` (E, Q, n) by quarter of the
        run, `countries` (E, T, C) by step, `unmet` (E, n) final demand not met.
        """
        runs = [Run(self.parameters(row), self.shocks(row)) for row in map(self.named, values)]
        paths = simulate_all(self.economy, runs, self.scenario.steps, record=("production", "unmet"))
        lost = np.stack([self.economy.X0 - p.production for p in paths])
        begins = [span.start for span in quarters(self.scenario).values()]
        with one_thread():
            countries = lost @ country_indicator(self.country, int(self.country.max()) + 1)
        return {
            "nodes": lost.sum(axis=1),
            "quarters": np.add.reduceat(lost, begins, axis=1),
            "countries": countries,
            "unmet": np.stack([p.unmet.sum(axis=0) for p in paths]),
        }

    def central(self) -> Central:
        """The run at the central values, with what held production in every step."""
        named = self.named(np.array([self.scenario.central(n) for n in self.scenario.drawn]))
        path = simulate(
            self.economy,
            self.parameters(named),
            self.shocks(named),
            self.scenario.steps,
            record=("production", "binding"),
        )
        assert path.binding is not None
        return Central(self.economy.X0 - path.production, path.binding)

    def named(self, values: Vector) -> dict[str, float]:
        """All parameters by name: those that are drawn with these values, the others at their central ones."""
        central = {name: self.scenario.central(name) for name in UNCERTAIN}
        return central | dict(zip(self.scenario.drawn, map(float, values), strict=True))

    @cached_property
    def economy(self) -> Economy:
        """The table cut into steps."""
        Z = np.load(self.flows, mmap_mode="r") if isinstance(self.flows, Path) else self.flows
        a_year = DAYS["year"] / self.scenario.step
        final, blocks = self._final_sales(Z), len(self._block)
        return economy(Z, self.output, final, blocks, steps_per_year=a_year, dtype=np.float64)

    @property
    def _block(self) -> Index:
        """The whole country (B,) of every block."""
        return self.country[:: len(self.sectors)]

    @cached_property
    def _buys(self) -> Index:
        """The block (C,) that stands for the final buyers of a whole country."""
        return np.unique(self._block, return_index=True)[1]

    def _final_sales(self, Z: Flows) -> Matrix | None:
        """Final sales (n, B) by destination; what a row lacks to its output counts as sold at home, so that a table
        that does not balance stands still as long as nothing happens."""
        if self.final is None:
            return None
        found = np.zeros((len(self.output), len(self._block)))
        found[:, self._buys] = self.final
        lacking = self.output - np.asarray(Z.sum(axis=1, dtype=float)) - self.final.sum(axis=1)
        found[np.arange(len(found)), self._buys[self.country]] += lacking
        return found

    def parameters(self, named: dict[str, float]) -> Parameters:
        """The model's parameters, times in steps."""
        said, step = self.scenario, self.scenario.step
        return Parameters(
            alpha_base=1.0,
            alpha_max=named["overproduction"],
            tau_alpha=named["overproduction_time"] / step,
            inventory=np.maximum(self._by_sector(said.stocks, named["stocks"]), least_stock(said)) / step,
            tau_inventory=max(named["restocking"] / step, 1.0),
            psi=named["stock_share_needed"],
            rationing=self._rationing(),
            criticality=essential(said.needs, self.sectors).T,
            sigma=self._by_sector(said.substitution, named["substitution"]),
        )

    def _by_sector(self, said: dict[str, float], default: float) -> Vector:
        return np.array([said.get(s, default) for s in self.sectors])

    def _rationing(self) -> Rationing:
        said = self.scenario
        if said.rationing == "priority":
            return key_sectors([self.sectors.index(s) for s in said.priority])
        return RULES[said.rationing]

    def shocks(self, named: dict[str, float]) -> Shocks:
        """What happens, with the sizes times `shock_size`."""
        size, found = named["shock_size"], self.effects
        losses = (
            CapacityLoss(e.rows, np.minimum(size * e.share, 1.0), self.path(e.course))
            for e in found.losses
            if e.rebuilt is None
        )
        changes = (
            DemandShift(d.rows, np.maximum(size * d.change, -1.0), self.path(d.course)) for d in found.demands
        )
        return Shocks(
            tuple(losses),
            tuple(self._restrictions(size)),
            tuple(changes),
            tuple(self._rebuilding(size, named["capital_to_value_added"])),
            COMBINE[self.scenario.combine],
        )

    def _restrictions(self, size: float) -> Iterator[Restriction]:
        """One a shock and piece of its goods, for the industries and the countries whose purchases it stops."""
        for r, (countries, of) in zip(self.effects.restrictions, self._parts, strict=True):
            yield Restriction(r.rows, r.columns, r.stops, self.path(r.course), countries, size, of)

    @cached_property
    def _parts(self) -> list[tuple[Index | None, tuple[Part, ...]]]:
        """Where the final buyers of each restriction are, if any, and the part of the sales that it is about."""
        found: list[tuple[Index | None, tuple[Part, ...]]] = []
        for r in self.effects.restrictions:
            all_of_it = np.ones((len(r.rows), len(r.barred)))
            goods = Part(r.goods.name, np.hstack([r.goods.share, r.final]))
            bought = Part(r.bought.name, np.hstack([r.bought.share * np.ones_like(r.goods.share), all_of_it]))
            parts = (goods, bought) if bought.name else (goods,) if goods.name else ()
            found.append((self._buys[r.barred] if len(r.barred) else None, parts))
        return found

    def _rebuilding(self, size: float, ratio: float) -> Iterator[Rebuilding]:
        for e in self.effects.losses:
            if e.rebuilt is None:
                continue
            capital = ratio * np.maximum(self.value_added[e.rows], 0.0)
            sectors = np.flatnonzero(e.rebuilt)
            onset = round(e.course.start / self.scenario.step)
            held = 0.0 if e.course.end is None else e.course.end - e.course.start
            yield Rebuilding(
                e.rows,
                np.minimum(size * e.share, 1.0) * capital,
                capital,
                sectors,
                e.rebuilt[sectors],
                max(e.rebuilding / self.scenario.step, 1.0),
                onset,
                onset + round(held / self.scenario.step),
            )

    def path(self, course: Course) -> Vector:
        """The strength of a shock by step (T,), the mean over the days of the step."""
        step, steps = self.scenario.step, self.scenario.steps
        days = round(step * steps)
        return np.array([part.mean() for part in np.array_split(strength(course, days), steps)])


def to_compile() -> bool:
    """Whether the model has still to be compiled for this machine, which takes some ten seconds once."""
    from zizhu.stress.ario.compiled import on_disk
    from zizhu.stress.ario.kernels import exchange

    return not on_disk(exchange)


def least_stock(scenario: Scenario) -> float:
    """The days that every stock lasts at least: what a step uses must be there when it begins, and a day's more, or
    rounding alone would stop production."""
    return scenario.step + DAYS["day"]


def strength(course: Course, days: int) -> Vector:
    """The strength (days,) of a shock on each day of a run: its size over time, times what licences leave of it."""
    start, ramp, end, fades = round(course.start), round(course.ramp), course.end, course.recovery
    held = days if end is None else max(round(end) - start - ramp, 0)
    tau = 0.0 if fades is None else fades.time
    shape = "linear" if fades is None or tau <= SHAPELESS else fades.shape
    whole = profile(days, start, held, ramp=ramp, recovery=tau, shape=shape)
    full = course.full_until
    if full is None or (end is not None and full >= end):
        return whole
    return whole * np.where(np.arange(days) < round(full), 1.0, course.held)
