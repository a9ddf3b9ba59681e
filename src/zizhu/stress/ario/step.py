"""One step of the adaptive regional input-output model, for one or many scenarios over the same table.

Hallegatte (2008, 2014): 1 overproduction, 2 capacity and plan, 3 production under the stocks, 4 rationing, 5 deliveries
and use, 6 pools of suppliers, 7 new orders, 8 demand. 1 to 4 are small (`course`), 5 to 8 read Z once (`kernels`),
for all scenarios together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.ario import kernels
from zizhu.stress.ario.barriers import barriers
from zizhu.stress.ario.blocks import Blocks, blocks
from zizhu.stress.ario.course import Course, Plan, course
from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.layout import Layout, intensities, layout
from zizhu.stress.ario.parameters import Behaviour, Parameters, behaviour
from zizhu.stress.ario.shocks import Shocks
from zizhu.tables.leontief import Index, Matrix
from zizhu.vocab.problems import Problem, ZizhuError

DEMAND, CAPACITY = -1, -2
"""What holds production where it is no input: nobody asks for more, or the industry can make no more."""

SLACK = 1e-9
"""Capacity and stocks bind when they keep production below what is asked by more than this share."""


@dataclass(frozen=True)
class Scenario:
    """What happens, and how industries behave."""

    parameters: Parameters
    shocks: Shocks


@dataclass
class Ensemble:
    """E scenarios at the start of a step. Buyers are in reading order.

    rules (E,): which of the Q distinct behaviours a scenario has; goal, slope, offset (Q, S, n), restoring (Q, S).
    stock, g (E, S, n); sold (E, K, n): what the last orders ask of sellers, by class of buyers, without the sellers'
    weights and without restricted cells; limit (E, n): largest production that stocks allow, binding (E, n): the
    product that sets it. sigma (E, S): share of barred orders that moves to other suppliers.
    """

    courses: list[Course]
    layout: Layout
    restricted: Blocks
    sigma: NDArray[np.floating]
    rules: Index
    goal: NDArray[np.float64]
    slope: NDArray[np.float64]
    offset: NDArray[np.float64]
    restoring: Matrix
    stock: NDArray[np.float64]
    g: NDArray[np.float64]
    sold: NDArray[np.float64]
    limit: Matrix
    binding: NDArray[np.int16]

    def step(self, t: int) -> list[Plan]:
        """Make one step; returns what every scenario did in it."""
        at, barred = self.layout, self.restricted
        barred.advance(t)
        plans = [
            course.plan(t, barred.asked(e, self.sold[e]), at.back(self.limit[e]))
            for e, course in enumerate(self.courses)
        ]
        u, w = (
            np.stack(found).astype(at.Z.dtype)
            for found in ([p.arriving for p in plans], [p.turning for p in plans])
        )
        produced, aimed = (
            np.stack([at.read(v) for v in found])
            for found in ([p.produced for p in plans], [p.aimed for p in plans])
        )
        kernels.exchange(
            at.Z, at.starts, at.classes, barred.cells, barred.both, barred.now,
            u, w, self.sigma, produced, aimed, at.T, at.empty,
            self.rules, self.goal, self.slope, self.offset, self.restoring,
            self.stock, self.g, self.sold, barred.barred, self.limit, self.binding, kernels.BLOCK,
        )  # fmt: skip
        return plans

    def what_binds(self, limiting: NDArray[np.int16], plan: Plan) -> NDArray[np.int16]:
        """(n,): the input whose stock held production in a step, or CAPACITY or DEMAND.

        `limiting` (n,) are the scarcest inputs, in reading order, as they were before the step.
        """
        short = plan.capacity < plan.demand * (1.0 - SLACK)
        found = np.where(short, CAPACITY, DEMAND).astype(np.int16)
        starved = plan.produced < plan.planned * (1.0 - SLACK)
        return np.where(starved, self.layout.back(limiting), found)


def ensemble(of: Economy, scenarios: Sequence[Scenario]) -> Ensemble:
    """Scenarios before their first step, at rest. Raises ZizhuError when they ration by different rules."""
    rule = scenarios[0].parameters.rationing
    if any(s.parameters.rationing != rule for s in scenarios):
        raise ZizhuError(
            Problem(
                "scenarios ration by different rules", "ensemble", "one rule", "Run each rule on its own."
            )
        )
    met = [barriers(of, s.shocks.restrictions) for s in scenarios]
    at = layout(of, rule, met)
    restricted = blocks(met, at, of.sectors)
    behaviours, rules = _distinct(of, [s.parameters for s in scenarios])
    goal, slope, offset = (
        np.stack([at.read(getattr(b, name)) for b in behaviours]) for name in ("goal", "slope", "offset")
    )
    shape = (len(scenarios), of.sectors, of.n)
    g = np.broadcast_to(intensities(of, at), shape).copy()
    stock = (goal * at.read(of.X0))[rules]
    limit, binding = _limits(stock, slope[rules], offset[rules])
    sold = np.zeros((len(scenarios), rule.classes, of.n))
    kernels.place(at.Z, at.starts, at.classes, restricted.cells, g, sold, restricted.barred)
    courses = [course(of, s.parameters, s.shocks, b) for s, b in zip(scenarios, met, strict=True)]
    sigma: NDArray[np.floating] = np.stack([c.sigma for c in courses]).astype(at.Z.dtype.type)
    return Ensemble(
        courses, at, restricted, sigma, rules, goal, slope, offset, np.stack([b.restoring for b in behaviours]),
        stock, g, sold, limit, binding,
    )  # fmt: skip


def _distinct(of: Economy, given: Sequence[Parameters]) -> tuple[list[Behaviour], Index]:
    """Behaviours without repetition, and which of them every scenario has."""
    known: dict[tuple[object, ...], int] = {}
    made: list[Behaviour] = []
    rules = []
    for p in given:
        arrays = (p.inventory, p.tau_inventory, p.criticality)
        key = (p.psi, *(None if a is None else np.asarray(a, dtype=float).tobytes() for a in arrays))
        if key not in known:
            known[key] = len(made)
            made.append(behaviour(of, p))
        rules.append(known[key])
    return made, np.array(rules, dtype=np.intp)


def _limits(
    stock: NDArray[np.float64], slope: NDArray[np.float64], offset: NDArray[np.float64]
) -> tuple[Matrix, NDArray[np.int16]]:
    """Largest production (E, n) that stocks (E, S, n) allow, and which product sets it."""
    allowed = stock * slope + offset
    return allowed.min(axis=1), allowed.argmin(axis=1).astype(np.int16)
