"""Who buys from whom at which cost: the trade side of a scenario, formed once before the sweeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.instruments import Shock, nothing_burnt
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

Links = NDArray[np.bool_]
"""(N, N): whether the row buys from the column."""


@dataclass(frozen=True, eq=False)
class Sourcing:
    """Who buys from whom at which cost, sectors outermost: A, tariffs (J, N importers, N exporters), sales and
    export_taxes (J, N exporters, N importers); theta (J,). Taxes that nobody raises are None.
    """

    A: Cube
    sales: Cube
    tariffs: Cube | None
    export_taxes: Cube | None
    theta: Vector

    def powers(self, lnc: Matrix) -> Matrix:
        """u = c^-theta (J, N)."""
        return np.ascontiguousarray(np.exp(-self.theta * lnc).T)


def sourcing(base: Base, shock: Shock) -> Sourcing:
    """The trade side of a scenario. Raises CannotAnswer where a buyer is left without any supplier."""
    A = _compared(base, shock)
    t, e = shock.tau.transpose(2, 0, 1), shock.e.transpose(2, 0, 1)
    taxed, rents = bool(t.any()), bool(e.any())
    net = A / (1.0 + t) if taxed else A
    tariffs = A - net if taxed else None
    if rents:
        net = net / (1.0 + e)
    sales = np.ascontiguousarray(net.swapaxes(1, 2))
    return Sourcing(A, sales, tariffs, sales * e.swapaxes(1, 2) if rents else None, base.theta)


def _compared(base: Base, shock: Shock) -> Cube:
    """A = pi T kappa^-theta; powers only where a cost has changed."""
    A, (at, lnk) = base.pi.transpose(2, 0, 1), log_costs(base, shock)
    if len(at):
        A = A.copy()
        A.reshape(-1)[at] *= np.exp(-base.theta[at // A[0].size] * lnk)
    if (shock.efficiency != 1).any():
        A = A * shock.efficiency.T[:, None, :]
    bare = np.argwhere(A.sum(axis=2) <= 0)
    if len(bare):
        where = "; ".join(f"importer {n}, sector {j}" for j, n in bare[:5])
        raise CannotAnswer(
            Problem(
                f"no supplier is left ({len(bare)} such cells)",
                where,
                "a supplier that trade is still allowed with, at home or abroad",
                "Give the base a small share of own sales there, or make the embargo a partial cut.",
            )
        )
    return A


def log_costs(base: Base, shock: Shock) -> tuple[Index, Vector]:
    """The cells, sectors outermost, whose cost of trade changes, and ln kappa there: infinite where trade ends."""
    parts = (
        (1.0, shock.tau, base.tau),
        (1.0, shock.e, base.e),
        (0.0, shock.iceberg, nothing_burnt(base.countries, base.sectors)),
    )
    moved = [(one, _flat(now), _flat(then)) for one, now, then in parts if now is not then]
    if not moved:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    at = np.flatnonzero(np.logical_or.reduce([now != then for _, now, then in moved]))
    return at, np.sum([np.log(one + now[at]) - np.log(one + then[at]) for one, now, then in moved], axis=0)


def _flat(cube: Cube) -> Vector:
    return cube.transpose(2, 0, 1).reshape(-1)


def trading_groups(A: Cube) -> Index:
    """A number (N,) for every country, the same for those between which trade, be it through others, is left."""
    sold = A.sum(axis=0) > 0
    return _numbered(_reached(sold | sold.T))


def circuits(A: Cube) -> Index:
    """A number (N,) for every country, the same for those that both sell to and buy from each other, if indirectly."""
    reached = _reached(A.sum(axis=0) > 0)
    return _numbered(reached & reached.T)


def _reached(linked: Links) -> Links:
    """Which countries (N, N) are linked over any number of steps, each with itself."""
    linked = linked | np.eye(len(linked), dtype=np.bool_)
    while True:
        wider = linked.astype(np.float64) @ linked.astype(np.float64) > 0
        if np.array_equal(wider, linked):
            return linked
        linked = wider


def _numbered(linked: Links) -> Index:
    return np.unique(linked.argmax(axis=1), return_inverse=True)[1]
