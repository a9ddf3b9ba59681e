"""A scenario over quarters: sales that are lost and inputs that lack, on fixed coefficients, once stocks are gone.

Shocks count at full size, whatever their course: what a year of them would do. Several shocks to one sale meet as over
weeks. Two sides that are never added. Sales: output that is no longer called for, up the senders' supply chains, when
nobody takes the place of the buyers. Shortage: output that lacks capacity or inputs after other suppliers have done
what the limits of substitution let them do. Who loses capacity sells everybody the same share less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from zizhu.stress.ario.shocks import capacity_lost
from zizhu.stress.needs import COMBINE, essential
from zizhu.stress.passing import Hit, Part, passing
from zizhu.stress.scenario.effects import Effects
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.static.demand import effects as demand_effects
from zizhu.stress.static.stopped import Block, Stopped, stopped
from zizhu.stress.static.substitution import Replacement, replace
from zizhu.stress.static.supply import Needs, Rationing, Shock, first_tier, ghosh, shortage
from zizhu.tables.leontief import Index, Vector, reciprocal
from zizhu.tables.mrio import MRIO

MOVED = ("substitution", "overproduction", "shock_size")
"""The uncertain parameters that this horizon knows, in the order of `Quarters.losses`."""
RULE: Rationing = "intermediates"
"""Final customers give way first: where they do not, and every input is essential, one scarce input stops the world."""


class Losses(NamedTuple):
    """By node (n,), in a year at full size: output no longer called for; the value of output that passes through what
    stops, which is what is lost if inputs replace each other; output that the shock itself leaves without capacity or
    inputs; output short of either after those who lack inputs ration others; sales gained by those who deliver instead.

    `binds` (n,): the product whose lack binds, -1 for capacity or nothing.
    """

    sales: Vector
    through: Vector
    first: Vector
    shortage: Vector
    gained: Vector
    binds: Index


class Ends(NamedTuple):
    """Losses at the central values and at both ends of what is uncertain. Mild: substitution and overproduction at
    their upper ends and the shocks at their smallest; severe: the other way round."""

    central: Losses
    mild: Losses
    severe: Losses


@dataclass(frozen=True)
class Quarters:
    """A scenario on a table, ready to be solved for any values of what is uncertain."""

    scenario: Scenario
    mrio: MRIO
    effects: Effects

    @cached_property
    def ends(self) -> Ends:
        """The answer with its band; the ends are the central losses where nothing is drawn."""
        if not self.scenario.draws:
            return Ends(self.central, self.central, self.central)
        return Ends(self.central, self.losses(*self._at(1, 1, 0)), self.losses(*self._at(0, 0, 1)))

    @cached_property
    def central(self) -> Losses:
        """At the central values."""
        return self.losses(*self._central)

    @property
    def _central(self) -> tuple[float, ...]:
        return tuple(self.scenario.central(n) for n in MOVED)

    def _at(self, *ends: int) -> Iterator[float]:
        said = self.scenario
        for name, end in zip(MOVED, ends, strict=True):
            yield said.band(name)[end] if name in said.drawn else said.central(name)

    def losses(self, substitution: float, overproduction: float, size: float) -> Losses:
        """Both sides with the default share of substitution, the most that suppliers can make of their usual output,
        and the size of the shocks against what the scenario says."""
        mrio, lost = self.mrio, self.capacity_lost(size)
        cut = self._final_cut(size)
        sold = demand_effects(mrio.Z, mrio.x, mrio.lu, mrio.leftover, self.stopped_at(size), cut)
        instead = self.replacement(substitution, overproduction, size)
        shock = Shock(lost, self.lacking_at(size), self._final_lacking(size), instead.replaced)
        short = shortage(self.needs, shock, RULE)
        return Losses(
            sales=sold.lost_output,
            through=sold.carried + self._downstream(lost),
            first=first_tier(self.needs, shock),
            shortage=short.lost_output,
            gained=instead.gained,
            binds=short.bottleneck,
        )

    @cached_property
    def instead(self) -> Replacement:
        """Who steps in at the central values."""
        return self.replacement(*self._central)

    def replacement(self, substitution: float, overproduction: float, size: float) -> Replacement:
        """Who steps in for what stops, with the values of `losses`."""
        mrio, lost = self.mrio, self.capacity_lost(size)
        spare = np.maximum(overproduction * (1.0 - lost) - 1.0, 0.0) * mrio.x
        sigma = self._sigma(substitution)
        return replace(
            mrio.Z, self.lacking_at(size), self.needs.product, mrio.nodes.country_index, spare, sigma
        )

    def _downstream(self, lost: Vector) -> Vector:
        """Output lost with the capacity lost (n,) where inputs replace each other."""
        nodes = np.flatnonzero(lost * self.mrio.x > 0)
        if not len(nodes):
            return np.zeros(self.mrio.n)
        return ghosh(self.mrio.lu, self.mrio.x, nodes, lost[nodes] * self.mrio.x[nodes])

    @cached_property
    def needs(self) -> Needs:
        """Who needs what: every input is essential but those that the scenario names."""
        nodes = self.mrio.nodes
        order = {s: k for k, s in enumerate(nodes.sectors)}
        product = np.array([order[s] for s in nodes.sector], dtype=np.intp)
        needed = essential(self.scenario.needs, nodes.sectors)[:, product]
        return Needs(self.mrio.Z, self.mrio.x, product, needed, np.zeros_like(needed))

    def _sigma(self, default: float) -> Vector:
        """Substitution (S,) by product."""
        said = self.scenario.substitution
        return np.array([said.get(s, default) for s in self.mrio.nodes.sectors])

    def stopped_at(self, size: float) -> Stopped:
        """The sales of inputs that restrictions stop with the shocks at a size."""
        return stopped(self.mrio.Z, [*self._blocks(size)])

    def lacking_at(self, size: float) -> Stopped:
        """The sales of inputs that do not come before others step in: those, and what lost capacity does not make."""
        short = self._short(size)
        rows, everybody = np.flatnonzero(short), np.arange(self.mrio.n)
        unmade = [Block(rows, everybody, short[rows, None])] if len(rows) else []
        return stopped(self.mrio.Z, [*self._blocks(size), *unmade])

    def _final_lacking(self, size: float) -> Vector:
        """The same of final sales (n,)."""
        gone = np.minimum(self._gone(size), self._final)
        return gone + self._short(size) * (self._final - gone)

    def _short(self, size: float) -> Vector:
        """What lost capacity takes (n,) from all orders that restrictions leave; what these stop serves the others."""
        stop = self.stopped_at(size).sales(self.mrio.n)
        gone = np.minimum(self._gone(size), self._final)
        lacks = np.maximum(self.mrio.x * self.capacity_lost(size) - stop - gone, 0.0)
        return np.minimum(lacks * reciprocal(self.needs.ordered - stop + self._final - gone), 1.0)

    def _blocks(self, size: float) -> Iterator[Block]:
        for r in self.effects.restrictions:
            of = Part(r.goods.name, r.goods.share), r.bought
            yield Block(r.rows, r.columns, r.course.held * min(size * r.stops, 1.0), of)

    @cached_property
    def _final(self) -> Vector:
        """Final sales (n,)."""
        return np.maximum(self.mrio.x - self.needs.ordered, 0.0)

    def _gone(self, size: float) -> Vector:
        """Final sales (n,) that restrictions stop."""
        if self.mrio.final is None:
            return np.zeros(self.mrio.n)
        hits = [
            Hit(r.rows, r.barred, r.course.held * min(size * r.stops, 1.0), (Part(r.goods.name, r.final),))
            for r in self.effects.restrictions
        ]
        left = passing(self.mrio.final.shape, hits)
        return np.asarray(((1.0 - left) * np.maximum(self.mrio.final, 0.0)).sum(axis=1))

    def _final_cut(self, size: float) -> Vector:
        """Final sales (n,) that are lost: those that stop, and of the others those that are no longer wanted."""
        gone = self._gone(size)
        wanted = np.ones(self.mrio.n)
        for d in self.effects.demands:
            wanted[d.rows] *= 1.0 + np.maximum(size * d.change, -1.0)
        return gone + (1.0 - wanted) * np.maximum(self._final - gone, 0.0)

    def capacity_lost(self, size: float) -> Vector:
        """Capacity lost (n,), several losses combined as the scenario says; what is rebuilt is a matter of weeks."""
        lost = [(e.rows, np.minimum(size * e.share, 1.0)) for e in self.effects.losses if e.rebuilt is None]
        return capacity_lost(self.mrio.n, lost, COMBINE[self.scenario.combine])
