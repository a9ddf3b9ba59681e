"""Cuts of quantities: the cost that makes a quantity what it may be, with the holder of its rent declared.

The quantity of a delivery is what arrives, at the producer's prices of the base: flow / (c iceberg). A quota holds the
sum of its cells to (1 - cut) of the base by one factor on their price, which is a tariff (rent to the importer), an
export tax (rent to the exporter) or an iceberg (burnt). A quota that does not bind costs nothing. A cut of everything
is an embargo, see instruments.py.

`held_down` finds the factors of whatever has quantities held down, around the solve of the world.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.anderson import fixed_point
from zizhu.stress.trade.base import Base
from zizhu.stress.trade.instruments import Cells, Shock
from zizhu.stress.trade.solve import TOL, Solution, solve
from zizhu.stress.trade.system import State
from zizhu.tables.leontief import Vector
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

Holder = Literal["importer", "exporter", "nobody"]
HOLDERS: tuple[Holder, ...] = get_args(Holder)
MET = 1e-8
"""Relative gap of a quantity to what is allowed that counts as met."""
TRIES = 60
ROUGH, CLOSER = 1e-6, 1e-3
"""How close the world is solved at prices that are not right yet: at most, and as a share of the gap before."""


class AtPrices(Protocol):
    """The scenario at some prices of what is held down."""

    @property
    def shock(self) -> Shock: ...

    def quantities(self, solution: Solution) -> Vector:
        """What arrives (k,) of what is held down, as shares of the base's."""
        ...


P = TypeVar("P", bound=AtPrices)


class Start(NamedTuple):
    """Where a solve begins: the end of one nearby, and ln of the price factors (k,) there."""

    state: State
    z: Vector


@dataclass(frozen=True, eq=False)
class Found(Generic[P]):
    """The equilibrium, the scenario at its prices, and ln of the price factors (k,) of what is held down."""

    solution: Solution
    at: P
    z: Vector

    @property
    def start(self) -> Start:
        return Start(self.solution.state, self.z)


def held_down(
    base: Base,
    at_prices: Callable[[Vector], P],
    allowed: Vector,
    speed: Vector,
    start: Start | None = None,
    **options: Any,
) -> Found[P]:
    """The equilibrium in which quantities are at most `allowed` (k,) > 0 of the base's; options as of `solve`.

    `at_prices` makes the scenario of ln of the price factors (k,); `speed` (k,) is by how much a quantity falls with
    its price. A quantity that stays below what is allowed costs nothing. Raises CannotAnswer where no price meets what
    is allowed.
    """
    state = None if start is None else start.state
    found: list[Found[P]] = []

    def solved(at: P, z: Vector, tol: float) -> Found[P]:
        nonlocal state
        solution = solve(base, at.shock, start=state, **(options | {"tol": tol}))
        state = solution.state
        return Found(solution, at, z)

    wanted, gap = options.get("tol", TOL), np.inf
    if not len(allowed):
        return solved(at_prices(np.zeros(0)), np.zeros(0), wanted)

    def step(z: Vector) -> tuple[Vector, float]:
        """No solve is closer than its prices are worth, but that of the prices that are right."""
        nonlocal gap
        z = np.maximum(z, 0.0)
        at, tol = at_prices(z), max(wanted, min(ROUGH, CLOSER * gap))
        while True:
            found[:] = [solved(at, z, tol)]
            over = np.log(at.quantities(found[0].solution) / allowed)
            gap = float(np.where(z > 0, np.abs(over), np.maximum(over, 0.0)).max())
            if gap > MET or tol == wanted:
                return np.maximum(z + over / speed, 0.0), gap
            tol = wanted

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
        "Make the cut smaller, or stop these sales altogether with an embargo.",
    )


@dataclass(frozen=True, eq=False)
class Quota:
    """The quantity of `cells` together is cut by the share `cut` in (0, 1); the rent goes to `holder`."""

    cells: Cells
    cut: float
    holder: Holder


@dataclass(frozen=True, eq=False)
class UnderQuotas:
    """The equilibrium, and by quota: the factor on the price, the quantity as a share of the base's."""

    solution: Solution
    factors: Vector
    quantities: Vector


@dataclass(frozen=True, eq=False)
class _Quotas:
    """The shock with the prices of all quotas' cells."""

    shock: Shock
    masks: Sequence[NDArray[np.bool_]]

    def quantities(self, solution: Solution) -> Vector:
        """What arrives in the cells of every mask, at prices of the base, as a share of the base's."""
        volume = solution.flow / (solution.c * solution.shock.iceberg)
        return np.array([volume[m].sum() / solution.base.flow[m].sum() for m in self.masks])


def solve_quotas(base: Base, shock: Shock, quotas: Sequence[Quota], **options: Any) -> UnderQuotas:
    """The equilibrium of `shock` under `quotas`; options as of `solve`.

    Raises ZizhuError for cuts that are none, CannotAnswer where no factor meets a quota.
    """
    masks = [_mask(base, quota) for quota in quotas]
    allowed = np.array([1.0 - quota.cut for quota in quotas])
    speed = np.array([1.0 + base.theta[quota.cells.sectors].mean() for quota in quotas])
    found = held_down(
        base, lambda z: _Quotas(_priced(shock, quotas, masks, np.exp(z)), masks), allowed, speed, **options
    )
    return UnderQuotas(found.solution, np.exp(found.z), found.at.quantities(found.solution))


def _priced(
    shock: Shock, quotas: Sequence[Quota], masks: Sequence[NDArray[np.bool_]], factors: Vector
) -> Shock:
    """The shock with the price of every quota's cells multiplied by its factor, in the name of its holder."""
    tau, e, iceberg = shock.tau, shock.e, shock.iceberg
    for quota, at, factor in zip(quotas, masks, factors, strict=True):
        if quota.holder == "importer":
            tau = np.where(at, (1.0 + tau) * factor - 1.0, tau)
        elif quota.holder == "exporter":
            e = np.where(at, (1.0 + e) * factor - 1.0, e)
        else:
            iceberg = np.where(at, iceberg * factor, iceberg)
    return replace(shock, tau=tau, e=e, iceberg=iceberg)


def _mask(base: Base, quota: Quota) -> NDArray[np.bool_]:
    faults = []
    if not 0 < quota.cut < 1:
        faults.append(
            Problem(
                f"a cut of {quota.cut}", "quota", "a share between 0 and 1", "A cut of all is an embargo."
            )
        )
    if quota.holder not in HOLDERS:
        faults.append(
            Problem(f"holder {quota.holder!r}", "quota", ", ".join(HOLDERS), "Say who keeps the rent.")
        )
    at = quota.cells.mask(base)
    if not base.flow[at].sum() > 0:
        faults.append(
            Problem(
                "its cells hold no trade", "quota", "trade in the base to cut", "Look at the cells named."
            )
        )
    if faults:
        raise ZizhuError(faults)
    return at
