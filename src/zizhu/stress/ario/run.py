"""Runs of the model: scenarios over one table, step by step, and the series that are kept of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.ario.course import Plan
from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.moved import redirected
from zizhu.stress.ario.parameters import Parameters
from zizhu.stress.ario.shocks import Shocks
from zizhu.stress.ario.step import Scenario as Scenario
from zizhu.stress.ario.step import ensemble
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import Problem, ZizhuError, nearest

Level = Literal["industry", "country", "sector", "world"]
Progress = Callable[[int, int], bool]
"""Called with the steps made and the steps asked for; False ends the run."""

MONEY: Mapping[str, Callable[[Plan], Vector]] = {
    "production": lambda p: p.produced,
    "demand": lambda p: p.demand,
    "capacity": lambda p: p.capacity,
    "unmet": lambda p: p.unmet,
    "barred": lambda p: p.wanted - p.final,
}
"""Series (T, n) in money of a step, by selling industry.

production; demand: all that is asked; capacity; unmet: final demand that was asked and not delivered;
barred: final demand less what restrictions leave of it (below 0 for sellers to whom it moves).
"""

BINDING = "binding"
"""Series (T, n) of what holds production: an input, or `step.DEMAND` or `step.CAPACITY`."""

ORDERS = ("orders_moved", "orders_unplaced")
"""Series (T, S) by product: orders of industries that restrictions moved to other suppliers, and that found none."""


@dataclass(frozen=True)
class Paths:
    """What was kept of one scenario. A series has a row for each step made, T of them, fewer where it was ended early.

    Money series have the columns of `level`: n industries, C countries, S sectors or one.
    """

    steps: int
    level: Level
    series: Mapping[str, Matrix]
    binding: NDArray[np.int16] | None

    @property
    def production(self) -> Matrix:
        return self.series["production"]

    @property
    def unmet(self) -> Matrix:
        return self.series["unmet"]


def simulate(
    of: Economy,
    parameters: Parameters,
    shocks: Shocks,
    steps: int,
    *,
    record: Sequence[str] = ("production", "unmet"),
    level: Level = "industry",
    progress: Progress | None = None,
    every: int = 10,
) -> Paths:
    """One scenario; see `simulate_all`."""
    asked = [Scenario(parameters, shocks)]
    return simulate_all(of, asked, steps, record=record, level=level, progress=progress, every=every)[0]


def simulate_all(
    of: Economy,
    scenarios: Sequence[Scenario],
    steps: int,
    *,
    record: Sequence[str] = ("production", "unmet"),
    level: Level = "industry",
    progress: Progress | None = None,
    every: int = 10,
) -> list[Paths]:
    """Scenarios side by side: each step reads the table once for all, and each comes out as it would alone.

    Memory beside the table is about 16 S n bytes a scenario, and 8 T columns for each series. `progress` is called
    every `every` steps. Raises ZizhuError for an unknown series and for scenarios that ration differently.
    """
    _check(record)
    state = ensemble(of, scenarios)
    kept = [_Kept(of, steps, record, level) for _ in scenarios]
    made = 0
    for t in range(steps):
        before = [state.binding[e].copy() for e in range(len(scenarios))] if BINDING in record else []
        plans = state.step(t)
        made = t + 1
        for e, (plan, keep) in enumerate(zip(plans, kept, strict=True)):
            keep.take(t, plan)
            if BINDING in record:
                keep.binding[t] = state.what_binds(before[e], plan)
            if keep.orders:
                keep.redirect(t, redirected(state, e, plan))
        if progress is not None and made % every == 0 and not progress(made, steps):
            break
    return [keep.paths(made) for keep in kept]


class _Kept:
    """The series of one scenario, filled step by step."""

    def __init__(self, of: Economy, steps: int, record: Sequence[str], level: Level) -> None:
        self.shape, self.level = (of.countries, of.sectors), level
        columns = {"industry": of.n, "country": of.countries, "sector": of.sectors, "world": 1}[level]
        self.money = {name: np.zeros((steps, columns)) for name in record if name in MONEY}
        self.orders = {name: np.zeros((steps, of.sectors)) for name in record if name in ORDERS}
        self.binding = np.zeros((steps if BINDING in record else 0, of.n), dtype=np.int16)

    def take(self, t: int, plan: Plan) -> None:
        for name, series in self.money.items():
            series[t] = totals(MONEY[name](plan), self.shape, self.level)

    def redirect(self, t: int, found: tuple[Vector, Vector]) -> None:
        for name, values in zip(ORDERS, found, strict=True):
            if name in self.orders:
                self.orders[name][t] = values

    def paths(self, made: int) -> Paths:
        series = {name: values[:made] for name, values in (self.money | self.orders).items()}
        return Paths(made, self.level, series, self.binding[:made] if len(self.binding) else None)


def totals(values: Vector, shape: tuple[int, int], level: Level) -> Vector:
    """Values (n,) by industry, summed to a level."""
    if level == "industry":
        return values
    if level == "world":
        return np.array([values.sum()])
    return np.asarray(values.reshape(shape).sum(axis=1 if level == "country" else 0))


def _check(record: Sequence[str]) -> None:
    known = (*MONEY, BINDING, *ORDERS)
    problems = [
        Problem(
            f"no series {name}",
            "record",
            f"one of {', '.join(known)}",
            f"Nearest: {', '.join(nearest(name, known)) or known[0]}.",
        )
        for name in record
        if name not in known
    ]
    if problems:
        raise ZizhuError(problems)
