"""A scenario over years: the new equilibrium of trade, for many values of what nobody knows about elasticities.

`Years` is what a process needs to compute a batch. A draw is numbers from 0 to 1: which set of elasticities, and where
in the error of each of its estimates. The first run is the central one: the first set as it is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from zizhu.stress.ensemble.draws import drawn
from zizhu.stress.scenario.effects import Effects
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.lasting import knowing_final, parents
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.trade.base import Base, sector_major, with_theta
from zizhu.stress.trade.calibrate import without_deficits
from zizhu.stress.trade.envelope import extreme
from zizhu.stress.trade.nested import nested
from zizhu.stress.trade.quota import Found, Start
from zizhu.stress.trade.sourcing import NoSupplier
from zizhu.stress.trade.technology import Technology
from zizhu.stress.years.deals import Deals, Priced, deals, equilibrium
from zizhu.stress.years.extreme import flat, moderate, refused
from zizhu.stress.years.measures import Losses, losses, welfare
from zizhu.stress.years.thetas import SET, Elastic
from zizhu.stress.years.world import World, world
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

TOL = 1e-10
"""Largest change by one more sweep: what a small shock costs a large country is a small share of its income."""
MIDDLE = 0.5
NAMED = 5
LISTED = re.compile(r"(?<=ountries )\d+(?:, \d+)*")
"""Countries in a message of the kernels, which know them by number."""


@dataclass(frozen=True, eq=False)
class Years:
    """A scenario on a world, ready to be solved. `base` is that of the world with the elasticities of the central run;
    `begin`: where draws start, the end of that run."""

    scenario: Scenario
    world: World
    base: Base
    deals: Deals
    elastic: Elastic
    begin: Start | None = None

    @classmethod
    def of(cls, scenario: Scenario, effects: Effects, ground: Ground) -> Years:
        """Raises CannotAnswer for a table without elasticities, or that cannot be made an equilibrium."""
        elastic = Elastic.of(scenario.years, ground.mrio, parents(ground))
        return cls.on(world(knowing_final(ground).mrio), scenario, effects, elastic)

    @classmethod
    def on(cls, on: World, scenario: Scenario, effects: Effects, elastic: Elastic) -> Years:
        """The same on a world and with elasticities that are there.

        With the closure zero deficits are closed before anything happens, as in Caliendo and Parro (2015): what is
        answered is what the scenario does, and not what their end does.
        """
        base = with_theta(on.base, elastic.central)
        if scenario.years.closure == "zero":
            base = without_deficits(base)
        these = deals(base, effects.terms, effects.productivity, scenario.years.rent)
        if not scenario.years.allow_extreme:
            elastic = moderate(base, these, elastic)
        return cls(scenario, on, base, these, elastic)

    @property
    def countries(self) -> tuple[str, ...]:
        return self.world.countries

    @property
    def sectors(self) -> tuple[str, ...]:
        return self.world.sectors

    @property
    def drawn(self) -> tuple[str, ...]:
        """What is drawn, in the order of the columns of `values`."""
        return (SET, *self.sectors)

    @cached_property
    def values(self) -> Matrix:
        """The draws (1 + M, 1 + S): the first set without an error, then a Latin hypercube."""
        central = np.full((1, len(self.drawn)), MIDDLE)
        central[0, 0] = 0.0
        return np.vstack(
            [central, drawn([(0.0, 1.0)] * len(self.drawn), self.scenario.draws, self.scenario.seed)]
        )

    @cached_property
    def central(self) -> Found[Priced]:
        """The equilibrium with the first set as it is published.

        Raises CannotAnswer where it is not found, and where trade ends at elasticities that cannot say what that costs.
        """
        if not self.scenario.years.allow_extreme:
            self._require_moderate()
        with self._in_words(self.elastic.names[0]):
            return equilibrium(self.base, self.deals, tol=TOL, **self.options)

    def begun(self) -> Years:
        """The model with the end of the central run to start from, to be sent to where draws are computed."""
        return replace(self, begin=self.central.start)

    def batch(self, values: Matrix) -> Losses:
        """Losses of rows of `values` (E, 1 + S), see `measures.losses`, on estimated final sales of welfare alone;
        `sweeps`, `residual` and `extreme` (E,), how many purchases are `envelope.extreme`."""
        found = [self._one(row) for row in values]
        return {name: np.stack([one[name] for one in found]) for name in found[0]}

    def _one(self, draw: Vector) -> Losses:
        base = with_theta(self._contiguous, self.elastic.drawn(draw))
        with self._in_words(self.elastic.names[self.elastic.chosen(draw)]):
            found = equilibrium(base, self.deals, self.begin, tol=TOL, **self.options)
        how = found.solution.convergence
        counted = {
            "sweeps": np.asarray(float(how.sweeps)),
            "residual": np.asarray(how.residuals.largest),
            "extreme": np.asarray(float(len(extreme(base, found.at.shock, base.theta)))),
        }
        return (welfare(found) if self.world.estimated else losses(found)) | counted

    @cached_property
    def _contiguous(self) -> Base:
        """The base with cubes as the solver reads them, which they are no longer where they come from elsewhere."""
        return replace(self.base, **{c: sector_major(getattr(self.base, c)) for c in ("pi", "tau", "e")})

    @property
    def options(self) -> dict[str, Any]:
        """Closure and technology of every solve."""
        return {"closure": self.scenario.years.closure, "technology": self._technology}

    @cached_property
    def _technology(self) -> Technology:
        term = self.elastic.term
        return nested(
            self.base,
            rho=term.rho,
            eps=term.eps,
            sigma=term.sigma,
            sector_labour=term.sector_labour,
        )

    def _require_moderate(self) -> None:
        """Raise where trade ends at elasticities of the first set that cannot say what that costs."""
        cells = flat(self.base, self.deals)
        if len(cells):
            named = cells[:NAMED]
            raise refused(
                [self.sectors[j] for j in named],
                self.base.theta[named],
                self.elastic.term.name,
                self._where(self.elastic.names[0]),
            )

    @contextmanager
    def _in_words(self, name: str) -> Iterator[None]:
        """Faults of the kernels in codes of the table and the words of a scenario."""
        where = self._where(name)
        try:
            yield
        except NoSupplier as error:
            named = ", ".join(f"{self.sectors[j]} of {self.countries[n]}" for n, j in error.cells[:NAMED])
            what = f"nobody is left who sells {named} ({len(error.cells)} such sales in all)"
            remedy = "Take these sectors out of the shock, or let a share of the sales go on."
            raise CannotAnswer(Problem(what, where, "a supplier, at home or abroad", remedy)) from error
        except CannotAnswer as error:
            told = [
                replace(p, where=f"{where}: {self._named(p.where)}", remedy=self._named(p.remedy))
                for p in error.problems
            ]
            raise CannotAnswer(told) from error

    def _where(self, name: str) -> str:
        return f"{self.scenario.id}: years, elasticities {name}"

    def _named(self, text: str) -> str:
        return LISTED.sub(lambda m: ", ".join(self.countries[int(n)] for n in m[0].split(", ")), text)
