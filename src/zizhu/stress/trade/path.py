"""The split of welfare integrated along the shock, so that its terms add up to the exact equivalent variation.

With f what a producer gets, M = (1 + e) f what crosses the border and p = (1 + e) c its price there, a small change is
worth, as a share of income I (envelope theorem; any technology with constant returns)

    terms of trade   sum over exports of M dln p - sum over imports of M dln p
    volume of trade  sum over imports of tau M (dln M - dln p)
    export volume    sum over exports of e f (dln f - dln c)
    resource cost    - sum over imports of M (1 + tau) dln(iceberg)
    efficiency       sum over purchases of M (1 + tau) dln T / theta
    transfers        change of the deficit

and ln(1 + EV) is its integral. The sum does not depend on the path, the terms do: taxes move in a straight line, other
costs by their logarithm (instruments.partway). Every summand belongs to a pair of countries, deficits to nobody else.

The trapezoid rule errs by even powers of the step, so that rules with steps of 1, 2, 4... cancel them one by one
(Romberg 1955).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.instruments import Shock, partway, unchanged
from zizhu.stress.trade.solve import Solution, solve
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

Rule = Literal["romberg", "trapezoid", "chained"]
"""trapezoid: levels of both ends, error O(1 / steps^2); romberg: these extrapolated, steps are a power of two; chained:
the published terms, re-based every step."""
EXPORTED, IMPORTED = "export_prices", "import_prices"
"""The two sides of the terms of trade, by partner."""

TERMS = (
    "terms_of_trade",
    "volume_of_trade",
    "export_volume",
    "resource_cost",
    "efficiency",
    "transfers",
)


@dataclass(frozen=True, eq=False)
class PathSplit:
    """Parts (N, N) of country and partner as log shares of the country's income: those of TERMS but the terms of trade,
    and EXPORTED and IMPORTED, whose sum these are. `end` is the solution at the end of the path."""

    partners: dict[str, Matrix]
    end: Solution

    @property
    def terms(self) -> dict[str, Vector]:
        """Terms (N,) by name in TERMS."""
        each = {name: part.sum(axis=1) for name, part in self.partners.items()}
        return {TERMS[0]: each.pop(EXPORTED) + each.pop(IMPORTED)} | each

    @property
    def welfare(self) -> Vector:
        """ln(1 + EV) but for the error of the integration."""
        return np.asarray(sum(self.terms.values()))


@dataclass(frozen=True, eq=False)
class _Point:
    """Levels and logarithms at a point of the path."""

    income: Vector
    deficit: Vector
    flow: Cube
    tau: Cube
    e: Cube
    flow_log: Cube
    cost: Matrix
    iceberg: Cube
    efficiency: Matrix


def path_split(
    base: Base, shock: Shock, steps: int, *, rule: Rule = "trapezoid", **options: Any
) -> PathSplit:
    """The split over `steps` solves; options as of `solve`.

    Raises CannotAnswer for an embargo, whose costs have no finite path; ValueError for steps that `rule` cannot halve.
    """
    if np.isinf(shock.iceberg).any():
        raise CannotAnswer(
            Problem(
                "an embargo has no path of finite costs",
                "split of welfare",
                "costs, taxes or efficiencies that change by a factor",
                "Take the exact equivalent variation, or a cut short of an embargo.",
            )
        )
    if rule == "romberg" and steps & (steps - 1):
        raise ValueError(f"{steps} steps are no power of two")
    path = list(_along(base, shock, steps, options))
    points = [_point(solution) for solution in path]
    if rule == "romberg":
        strides = [steps >> k for k in range(steps.bit_length())]
        rules = [_integral(points[::stride], rule, base.theta) for stride in strides]
        return PathSplit(_extrapolated(rules), path[-1])
    return PathSplit(_integral(points, rule, base.theta), path[-1])


def _integral(points: Sequence[_Point], rule: Rule, theta: Vector) -> dict[str, Matrix]:
    """The parts over all steps from point to point."""
    found: dict[str, Matrix] = {}
    for before, now in pairwise(points):
        changes = _changes(before, now, rule)
        ends = (before,) if rule == "chained" else (before, now)
        for at in ends:
            for name, value in _parts(at, changes, theta).items():
                found[name] = found.get(name, 0.0) + value / len(ends)
    return found


def _extrapolated(rules: Sequence[dict[str, Matrix]]) -> dict[str, Matrix]:
    """Trapezoid rules of 1, 2, 4... steps without the powers of the step that they share."""
    order = 1
    while len(rules) > 1:
        order *= 4
        rules = [
            {name: (order * fine[name] - coarse[name]) / (order - 1) for name in fine}
            for coarse, fine in pairwise(rules)
        ]
    return rules[0]


def _along(base: Base, shock: Shock, steps: int, options: dict[str, Any]) -> Iterator[Solution]:
    found = solve(base, unchanged(base), **options)
    yield found
    for k in range(1, steps + 1):
        found = solve(base, partway(base, shock, k / steps), **(options | {"start": found.state}))
        yield found


def _point(s: Solution) -> _Point:
    with np.errstate(divide="ignore"):
        lnf = np.log(s.flow)
    logs = np.log(s.c), np.log(s.shock.iceberg), np.log(s.shock.efficiency)
    return _Point(s.I, s.D, s.flow, s.shock.tau, s.shock.e, np.where(s.flow > 0, lnf, 0.0), *logs)


def _changes(a: _Point, b: _Point, rule: Rule) -> dict[str, Matrix]:
    """Changes from one point to the next: of border prices, quantities, costs and efficiency, and of the deficit."""
    cost = b.cost - a.cost
    price = cost + np.log1p(b.e) - np.log1p(a.e)
    quantity = b.flow_log - a.flow_log - cost
    if rule == "chained":
        price, quantity = np.expm1(price), np.exp(quantity + cost) - np.exp(cost)
    return {
        "price": price,
        "quantity": quantity,
        "iceberg": b.iceberg - a.iceberg,
        "efficiency": b.efficiency - a.efficiency,
        "deficit": b.deficit - a.deficit,
    }


def _parts(at: _Point, d: dict[str, Matrix], theta: Vector) -> dict[str, Matrix]:
    """Parts (N, N) of a small change, on the levels of one point."""
    border = (1.0 + at.e) * at.flow
    valued = (border * d["price"]).sum(axis=2)
    found = {
        EXPORTED: valued.T,
        IMPORTED: -valued,
        "volume_of_trade": (at.tau * border * d["quantity"]).sum(axis=2),
        "export_volume": (at.e * at.flow * d["quantity"]).sum(axis=2).T,
        "resource_cost": -(border * (1.0 + at.tau) * d["iceberg"]).sum(axis=2),
        "efficiency": (border * (1.0 + at.tau) * (d["efficiency"] / theta)).sum(axis=2),
        "transfers": np.diag(d["deficit"]),
    }
    return {name: value / at.income[:, None] for name, value in found.items()}
