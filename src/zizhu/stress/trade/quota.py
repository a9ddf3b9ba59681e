"""Cuts of quantities: the cost that makes a quantity what it may be, with the holder of its rent declared.

The quantity of a delivery is what arrives, at the producer's prices of the base: flow / (c iceberg). A quota holds the
sum of its cells to (1 - cut) of the base by one factor on their price, which is a tariff (rent to the importer), an
export tax (rent to the exporter) or an iceberg (burnt). A quota that does not bind costs nothing. A cut of everything
is an embargo, see instruments.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.anderson import fixed_point
from zizhu.stress.trade.base import Base
from zizhu.stress.trade.instruments import Cells, Shock
from zizhu.stress.trade.solve import Solution, solve
from zizhu.stress.trade.system import State
from zizhu.tables.leontief import Vector
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

Holder = Literal["importer", "exporter", "nobody"]
HOLDERS: tuple[Holder, ...] = get_args(Holder)
MET = 1e-8
"""Relative gap of a quantity to its quota that counts as met."""
TRIES = 60


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


def solve_quotas(base: Base, shock: Shock, quotas: Sequence[Quota], **options: Any) -> UnderQuotas:
    """The equilibrium of `shock` under `quotas`; options as of `solve`.

    Raises ZizhuError for cuts that are none, CannotAnswer where no factor meets a quota.
    """
    masks = [_mask(base, quota) for quota in quotas]
    allowed = np.array([1.0 - quota.cut for quota in quotas])
    speed = np.array([1.0 + base.theta[quota.cells.sectors].mean() for quota in quotas])
    state: State | None = options.pop("start", None)
    found: Solution | None = None

    def step(z: Vector) -> tuple[Vector, float]:
        nonlocal state, found
        z = np.maximum(z, 0.0)
        found = solve(base, _priced(shock, quotas, masks, np.exp(z)), start=state, **options)
        state = found.state
        over = np.log(quantities(found, masks) / allowed)
        binding = np.where(z > 0, np.abs(over), np.maximum(over, 0.0))
        return np.maximum(z + over / speed, 0.0), float(binding.max())

    first = np.maximum(-np.log(allowed) / speed, 0.0)
    ended = fixed_point(step, first, MET, TRIES)
    if not ended.converged or found is None:
        raise CannotAnswer(
            Problem(
                f"no price meets the quotas: off by {ended.residual:.2g} after {ended.sweeps} tries",
                "quota",
                f"a gap of at most {MET:g}",
                "Make the cut smaller, or an embargo if it is nearly whole.",
            )
        )
    return UnderQuotas(found, np.exp(np.maximum(ended.z, 0.0)), quantities(found, masks))


def quantities(solution: Solution, masks: Sequence[NDArray[np.bool_]]) -> Vector:
    """What arrives in the cells of every mask, at prices of the base, as a share of the base's."""
    volume = solution.flow / (solution.c * solution.shock.iceberg)
    return np.array([volume[m].sum() / solution.base.flow[m].sum() for m in masks])


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
