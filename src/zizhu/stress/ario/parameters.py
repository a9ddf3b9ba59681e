"""How industries behave: overproduction, inventories, orders, and which inputs production cannot do without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.rationing import PROPORTIONAL, Rationing
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import Problem, ZizhuError

CALM = 1e-6
"""Less than a millionth of what is asked is no scarcity."""

PER_INPUT = "a number, one a sector (S,) or one an industry and input (n, S)"


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Parameters of one scenario; times in steps.

    alpha_base, alpha_max, tau_alpha: overproduction and how fast it comes (Hallegatte 2014).
    inventory: steps of use that are held, per input (S,) or per industry and input (n, S); inf never binds.
    tau_inventory: steps in which a gap in a stock is closed, one or per input (S,).
    psi: share of the wanted stock below which production suffers.
    criticality: [buying sector or industry, input], (S, S) or (n, S): 1 essential, 0.5 important, 0 not critical; None
    takes all inputs for essential.
    sigma: share of the orders lost to a supplier's loss of capacity, or to a restriction, that moves to other suppliers
    of the product, one or (S,): new orders go by (1 - sigma) times the shares of the table and sigma times present
    capacity. 1 is "alt" and 0 "noalt" of the published model.
    calm: scarcity up to which overproduction falls back to its base. None: only where scarcity is exactly 0, while any
    other moves it, also below 0, as in BoARIO 0.7.2; rounding then decides whether it ever falls back.
    """

    alpha_base: float
    alpha_max: float
    tau_alpha: float
    inventory: float | Vector | Matrix
    tau_inventory: float | Vector
    psi: float
    rationing: Rationing = PROPORTIONAL
    criticality: Matrix | None = None
    sigma: float | Vector = 1.0
    calm: float | None = CALM

    def __post_init__(self) -> None:
        bad = [
            (name, rule)
            for name, held, rule in (
                ("alpha_base", self.alpha_base > 0, "above 0"),
                ("alpha_max", self.alpha_max >= self.alpha_base, "at least alpha_base"),
                ("tau_alpha", self.tau_alpha > 0, "above 0"),
                (
                    "inventory",
                    bool(np.all(np.asarray(self.inventory) > 0)),
                    "above 0, inf where it never binds",
                ),
                ("tau_inventory", bool(np.all(np.asarray(self.tau_inventory) >= 1)), "at least one step"),
                ("psi", 0 < self.psi <= 1, "in (0, 1]"),
                ("criticality", _among(self.criticality, (0.0, 0.5, 1.0)), "0, 0.5 or 1"),
                ("sigma", _within(self.sigma), "in [0, 1]"),
            )
            if not held
        ]
        if bad:
            raise ZizhuError(
                [
                    Problem(f"{name} is out of range", "parameters", rule, f"Set {name} {rule}.")
                    for name, rule in bad
                ]
            )


@dataclass(frozen=True)
class Behaviour:
    """Parameters laid out for the kernels, all (S, n) by input and buyer.

    goal: wanted stock per unit of planned production, T N; 0 where N = inf.
    slope, offset: production is at most slope stock + offset. Essential inputs: stock / (T psi N), where the use of
    the step itself must be in stock, so psi N counts as one step at least. Important inputs: the mean of this and of
    X0 (Pichler, Pangallo, del Rio-Chanona, Lafond and Farmer 2022, half-critical production, arXiv 2102.09608).
    restoring (S,): 1 / tau of every input.
    """

    goal: Matrix
    slope: Matrix
    offset: Matrix
    restoring: Vector


def behaviour(of: Economy, parameters: Parameters) -> Behaviour:
    """Raises ZizhuError when an array has not the shape of the economy."""
    N = per_input(of, parameters.inventory, "inventory")
    weight = _weights(of, parameters.criticality)
    held = np.isfinite(N)
    goal = of.T * np.where(held, N, 0.0)
    bound = of.limiting & held & (weight > 0)
    least = of.T * np.maximum(parameters.psi * np.where(held, N, 1.0), 1.0)
    slope = np.divide(weight, least, out=np.zeros_like(least), where=bound)
    offset = np.where(bound, (1.0 - weight) * of.X0, np.inf)
    return Behaviour(goal, slope, offset, 1.0 / by_sector(of, parameters.tau_inventory, "tau_inventory"))


def per_input(of: Economy, value: float | Vector | Matrix, name: str) -> Matrix:
    """A value by input and buyer (S, n), from one, (S,) by input, or (n, S) by industry and input."""
    given = np.asarray(value, dtype=float)
    if given.shape == (of.n, of.sectors):
        return np.ascontiguousarray(given.T)
    if given.shape not in ((), (of.sectors,)):
        raise _shape(name, given.shape, PER_INPUT)
    return np.broadcast_to(given.reshape(-1, 1), (of.sectors, of.n))


def by_sector(of: Economy, value: float | Vector, name: str) -> Vector:
    """A value by product (S,), from one or (S,)."""
    given = np.asarray(value, dtype=float)
    if given.shape not in ((), (of.sectors,)):
        raise _shape(name, given.shape, "a number or one a sector (S,)")
    return np.array(np.broadcast_to(given, (of.sectors,)))


def _weights(of: Economy, criticality: Matrix | None) -> Matrix:
    if criticality is None:
        return np.ones((of.sectors, of.n))
    given = np.asarray(criticality, dtype=float)
    if given.shape == (of.n, of.sectors):
        return np.ascontiguousarray(given.T)
    if given.shape == (of.sectors, of.sectors):
        return np.tile(given.T, of.countries)
    raise _shape("criticality", given.shape, "(S, S) or (n, S)")


def _shape(name: str, found: tuple[int, ...], wanted: str) -> ZizhuError:
    return ZizhuError(
        Problem(f"{name} has shape {found}", "parameters", wanted, "Give it in the order of the table.")
    )


def _within(value: float | Vector) -> bool:
    given = np.asarray(value)
    return bool(((given >= 0) & (given <= 1)).all())


def _among(value: Matrix | None, allowed: tuple[float, ...]) -> bool:
    return value is None or bool(np.isin(value, allowed).all())
