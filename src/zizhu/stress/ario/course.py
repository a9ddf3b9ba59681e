"""One scenario on its way: the O(n) part of a step, from capacity to what is made and who is served.

Numbers of steps are those of the published model (see `step`): 1 overproduction, 2 capacity, 3 production,
4 rationing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.stress.ario.barriers import Barriers, barred_final
from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.parameters import Parameters, by_sector
from zizhu.stress.ario.rationing import shares
from zizhu.stress.ario.rebuild import Damage, damage
from zizhu.stress.ario.shocks import Shocks, at, capacity_lost, demand_factor
from zizhu.tables.leontief import Matrix, Vector


@dataclass(frozen=True)
class Plan:
    """A step before anything moves; (n,) by industry, money of a step.

    demand: all that is asked; capacity; planned = min of both; produced; aimed: what stocks are held for, min of
    capacity and the demand that lasts (without what was rebuilt in the step); wanted: final demand as such; final: what
    of it is asked after restrictions; unmet: what of that is not delivered. arriving (K, n): weights of sellers in
    deliveries to every class of buyers; turning: in new orders.
    """

    demand: Vector
    capacity: Vector
    planned: Vector
    produced: Vector
    aimed: Vector
    wanted: Vector
    final: Vector
    unmet: Vector
    arriving: Matrix
    turning: Vector


@dataclass
class Course:
    """What one scenario carries from step to step, by industry, beside stocks and orders.

    final: final demand (n,) as restrictions leave it where their paths and those of demand are `paths`.
    """

    of: Economy
    parameters: Parameters
    shocks: Shocks
    barriers: Barriers
    sigma: Vector
    alpha: Vector
    weight: Vector
    damages: list[Damage]
    produced: Vector
    paths: tuple[float, ...]
    final: Vector

    def plan(self, t: int, sold: Matrix, limit: Vector) -> Plan:
        """Steps 1 to 4 from what the last orders ask of sellers, sold (K, n) by class of buyers without the sellers'
        weights, and what stocks allow, limit (n,)."""
        placed = sold * self.weight
        wanted, final = self._final_demand(t)
        rebuilding = self._rebuilding(t)
        asked = np.maximum(final, 0.0) + rebuilding
        supplied = np.maximum(-final, 0.0)
        demand = placed.sum(axis=0) + asked - supplied
        self._overproduce(t, demand)
        working = self.alpha * (1.0 - self._lost(t))
        capacity = working * self.of.X0
        planned = np.maximum(np.minimum(demand, capacity), 0.0)
        produced = np.minimum(planned, limit)
        served, served_final = shares(self.parameters.rationing, produced + supplied, placed, asked)
        moves = np.tile(self.sigma, self.of.countries)
        turning = (1.0 - moves) + moves * working
        arriving = self.weight * served
        for harm in self.damages:
            harm.deliver(t, served_final, self.of.sectors)
        self.weight, self.produced = turning, produced
        unmet = np.maximum(final, 0.0) * (1.0 - served_final)
        return Plan(
            demand,
            capacity,
            planned,
            produced,
            np.clip(demand - rebuilding * served_final, 0.0, capacity),
            wanted,
            final,
            unmet,
            arriving,
            turning,
        )

    def _final_demand(self, t: int) -> tuple[Vector, Vector]:
        """Final demand (n,) as wanted and as it may be met."""
        factor = demand_factor(self.of.n, self.shocks.demand, t)
        wanted = self.of.y0 * factor
        strength = self.barriers.strength(t)
        if not self.barriers.restricts_final(strength):
            return wanted, wanted
        paths = (*strength, *(at(shift.path, t) for shift in self.shocks.demand))
        if paths != self.paths:
            theta = self.barriers.final_theta(self.of.n, self.of.countries, strength)
            self.paths, self.final = paths, barred_final(self.of, factor, theta, self.sigma)
        return wanted, self.final

    def _rebuilding(self, t: int) -> Vector:
        found = np.zeros(self.of.n)
        for harm in self.damages:
            found += harm.orders(t, self.of.sectors)
        return found

    def _lost(self, t: int) -> Vector:
        events = [
            (e.rows, np.asarray(e.loss) * at(e.path, t)) for e in self.shocks.losses if at(e.path, t) > 0
        ]
        events += [(d.event.rows, d.lost(t)) for d in self.damages]
        return capacity_lost(self.of.n, events, self.shocks.combine)

    def _overproduce(self, t: int, demand: Vector) -> None:
        """Step 1: overproduction follows what is asked beyond what was last made, and falls back where both agree."""
        if t == 0:
            return
        p = self.parameters
        scarcity = np.divide(demand - self.produced, demand, out=np.zeros_like(demand), where=demand > 0)
        if p.calm is not None:
            scarcity = np.where(scarcity > p.calm, scarcity, 0.0)
        rise = (p.alpha_max - self.alpha) * scarcity
        fall = np.where(scarcity == 0, p.alpha_base - self.alpha, 0.0)
        self.alpha = np.maximum(self.alpha + (rise + fall) / p.tau_alpha, p.alpha_base)


def course(of: Economy, parameters: Parameters, shocks: Shocks, barriers: Barriers) -> Course:
    """A scenario before its first step."""
    n = of.n
    return Course(
        of,
        parameters,
        shocks,
        barriers,
        by_sector(of, parameters.sigma, "sigma"),
        np.full(n, float(parameters.alpha_base)),
        np.ones(n),
        [damage(of, event) for event in shocks.rebuilding],
        of.X0.copy(),
        (),
        of.y0,
    )
