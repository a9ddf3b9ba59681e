"""The equilibrium of deals: the prices of what is held down are found around the solve of the world.

As in `zizhu.stress.trade.quota`, but for every part of a sale alone, however many there are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zizhu.stress.trade.anderson import fixed_point
from zizhu.stress.trade.base import Base
from zizhu.stress.trade.quota import MET, TRIES
from zizhu.stress.trade.solve import Solution, solve
from zizhu.stress.trade.system import State
from zizhu.stress.years.deals import Deals, Priced, priced, quantities
from zizhu.tables.leontief import Vector
from zizhu.vocab.problems import CannotAnswer, Problem


class Found(NamedTuple):
    """The equilibrium, the deals at its prices, and ln of the price factors (k,) of what is held down."""

    solution: Solution
    at: Priced
    z: Vector


class Start(NamedTuple):
    """Where a solve begins: the end of one nearby."""

    state: State
    z: Vector


def equilibrium(base: Base, these: Deals, start: Start | None = None, **options: Any) -> Found:
    """The world under the deals; options as of `trade.solve.solve`.

    A quantity that stays below what is allowed costs nothing. Raises CannotAnswer where no price meets what is allowed.
    """
    part, sale = these.held
    allowed, speed = these.allowed[part, sale], 1.0 + base.theta[these.at[2][sale]]
    state = None if start is None else start.state
    found: list[Found] = []

    def at_prices(z: Vector) -> Found:
        nonlocal state
        at = priced(base, these, z)
        solution = solve(base, at.shock, start=state, **options)
        state = solution.state
        return Found(solution, at, z)

    if not len(part):
        return at_prices(np.zeros(0))

    def step(z: Vector) -> tuple[Vector, float]:
        z = np.maximum(z, 0.0)
        found[:] = [at_prices(z)]
        over = np.log(quantities(found[0].solution, these, found[0].at) / allowed)
        gap = np.where(z > 0, np.abs(over), np.maximum(over, 0.0))
        return np.maximum(z + over / speed, 0.0), float(gap.max())

    first = np.maximum(-np.log(allowed) / speed, 0.0) if start is None else start.z
    ended = fixed_point(step, first, MET, TRIES)
    if not ended.converged:
        raise CannotAnswer(_unmet(ended.residual, ended.sweeps))
    return found[0]


def _unmet(residual: float, tries: int) -> Problem:
    return Problem(
        f"no price holds the quantities at what is allowed: off by {residual:.2g} after {tries} tries",
        "trade equilibrium",
        f"a gap of at most {MET:g}",
        "Make the cut smaller, or stop these sales altogether with an export_ban.",
    )
