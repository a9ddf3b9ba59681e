"""A scenario over weeks: production, stocks and orders step by step (ARIO), for many values of what is uncertain.

`Weeks` is what a process needs to compute a batch: it can be sent to another one, which maps the flows from a file.
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
from zizhu.stress.needs import essential
from zizhu.stress.periods import quarters
from zizhu.stress.scenario.effects import Course, Effects
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.parameters import UNCERTAIN
from zizhu.stress.scenario.spans import DAYS
from zizhu.tables.leontief import Flows, Index, Matrix, Vector

Arrays = dict[str, NDArray[np.floating]]


class Central(NamedTuple):
    """Output lost by step and industry (T, n) and what held production: an input, DEMAND or CAPACITY (T, n)."""

    lost: Matrix
    binding: NDArray[np.integer]


@dataclass(frozen=True)
class Weeks:
    """A scenario on a table, ready to be run. flows: Z (n, n), or the file that it is mapped from."""

    scenario: Scenario
    effects: Effects
    flows: Flows | Path
    x: Vector
    value_added: Vector
    final: Matrix | None
    country: Index
    sectors: tuple[str, ...]

    def batch(self, values: Matrix) -> Arrays:
        """Runs for rows of values (E, k) of `scenario.drawn`.

        Losses of output against the table, in money: `nodes` (E, n) in all, `quarters` (E, Q, n) by quarter of the
        run, `countries` (E, T, C) by step, `unmet` (E, n) final demand not met.
        """
        runs = [Run(self.parameters(row), self.shocks(row)) for row in map(self.named, values)]
        paths = simulate_all(self.economy, runs, self.scenario.steps, record=("production", "unmet"))
        lost = np.stack([self.economy.X0 - p.series["production"] for p in paths])
        unmet = np.stack([p.series["unmet"].sum(axis=0) for p in paths])
        return {
            "nodes": lost.sum(axis=1),
            "quarters": np.add.reduceat(
                lost, [s.start for s in quarters(self.scenario).values()], axis=1
            ).astype(np.float32),
            "countries": lost @ self.by_country,
            "unmet": unmet,
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
        binding = np.zeros((0, 0), dtype=np.int16) if path.binding is None else path.binding
        return Central(self.economy.X0 - path.series["production"], binding)

    def named(self, values: Vector) -> dict[str, float]:
        """All parameters by name: those that are drawn with these values, the others at their central ones."""
        central = {name: self.scenario.central(name) for name in UNCERTAIN}
        return central | dict(zip(self.scenario.drawn, map(float, values), strict=True))

    @cached_property
    def by_country(self) -> Matrix:
        """Country indicator (n, C)."""
        found = np.zeros((len(self.country), int(self.country.max()) + 1))
        found[np.arange(len(self.country)), self.country] = 1.0
        return found

    @cached_property
    def economy(self) -> Economy:
        """The table cut into steps."""
        Z = np.load(self.flows, mmap_mode="r") if isinstance(self.flows, Path) else self.flows
        blocks = len(self.x) // len(self.sectors)
        return economy(Z, self.x, self.final, blocks, steps_per_year=DAYS["year"] / self.scenario.step)

    def parameters(self, named: dict[str, float]) -> Parameters:
        """The model's parameters, times in steps."""
        said, step = self.scenario, self.scenario.step
        return Parameters(
            alpha_base=1.0,
            alpha_max=named["overproduction"],
            tau_alpha=named["overproduction_time"] / step,
            inventory=self._by_sector(said.stocks, named["stocks"]) / step,
            tau_inventory=max(named["restocking"] / step, 1.0),
            psi=named["stock_share_needed"],
            order="alt" if said.orders == "capacity" else "noalt",
            rationing=self._rationing(),
            criticality=essential(said.needs, self.sectors).T,
            sigma=self._by_sector(said.substitution, named["substitution"]),
        )

    def _by_sector(self, said: dict[str, float], default: float) -> Vector:
        return np.array([said.get(s, default) for s in self.sectors])

    def _rationing(self) -> Rationing:
        rules = {
            "proportional": PROPORTIONAL,
            "final_first": FINAL_FIRST,
            "intermediates_first": INTERMEDIATES_FIRST,
        }
        said = self.scenario
        if said.rationing == "priority":
            return key_sectors([self.sectors.index(s) for s in said.priority])
        return rules[said.rationing]

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
            "max" if self.scenario.combine == "largest" else "independent",
        )

    def _restrictions(self, size: float) -> Iterator[Restriction]:
        """One restriction for each group of buyers that the same shares are kept from."""
        for r in self.effects.restrictions:
            shares, group = np.unique(r.cut, axis=1, return_inverse=True)
            for k, share in enumerate(shares.T):
                if share.any():
                    buyers = r.columns[group == k]
                    yield Restriction(r.rows, buyers, np.minimum(size * share, 1.0), self.path(r.course))
            yield from self._final_restrictions(size, r.rows, r.final, self.path(r.course))

    def _final_restrictions(
        self, size: float, rows: Index, final: Matrix | None, path: Vector
    ) -> Iterator[Restriction]:
        if final is None or self.final is None:
            return
        nobody = np.zeros(0, dtype=np.intp)
        shares, group = np.unique(final, axis=1, return_inverse=True)
        for k, share in enumerate(shares.T):
            if share.any():
                there = np.flatnonzero(group == k)
                yield Restriction(rows, nobody, np.minimum(size * share, 1.0), path, there)

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


def strength(course: Course, days: int) -> Vector:
    """The strength of a shock on each day of a run."""
    end = days if course.end is None else course.end
    full = end if course.full_until is None else min(course.full_until, end)
    first = _held(days, course.start, full, course.ramp, None if full < end else course)
    if full >= end:
        return first
    return np.asarray(np.maximum(first, course.held * _held(days, full, end, 0.0, course)))


def _held(days: int, start: float, end: float, ramp: float, course: Course | None) -> Vector:
    recovery = course.recovery if course is not None else None
    ramped = min(ramp, end - start)
    return profile(
        days,
        round(start),
        max(round(end - start - ramped), 0),
        ramp=round(ramped),
        recovery=0.0 if recovery is None else recovery.time,
        shape="linear" if recovery is None else recovery.shape,
    )
