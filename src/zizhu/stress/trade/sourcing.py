"""Who buys from whom at which cost: the trade side of a scenario, formed once before the sweeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.instruments import Shock, nothing_burnt
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

NAMED = 5
Links = NDArray[np.bool_]
"""(N, N): whether the row buys from the column."""


class NoSupplier(CannotAnswer):
    """Cells (k, 2) of importer and sector whose suppliers are all forbidden: there is no price to buy at."""

    def __init__(self, cells: Index) -> None:
        self.cells = cells
        where = "; ".join(f"importer {n}, sector {j}" for n, j in cells[:NAMED])
        super().__init__(
            Problem(
                f"no supplier is left ({len(cells)} such cells)",
                where,
                "a supplier that trade is still allowed with, at home or abroad",
                "Give the base a small share of own sales there, or make the embargo a partial cut.",
            )
        )


@dataclass(frozen=True, eq=False)
class Sourcing:
    """Who buys from whom at which cost (J, N importers, N exporters), sectors outermost; theta (J,).

    A = pi T kappa^-theta weighs suppliers; border = A / (1 + tau') and net = border / (1 + e') are what of a unit of
    spending crosses the border and what reaches the producer. Where nobody raises a tax they are the same array.
    """

    A: Cube
    border: Cube
    net: Cube
    theta: Vector

    def powers(self, lnc: Matrix) -> Matrix:
        """u = c^-theta (J, N)."""
        return np.ascontiguousarray(np.exp(-self.theta * lnc).T)

    def sales(self, u: Matrix, q: Matrix) -> Matrix:
        """What producers get (J, N): u[i] sum_n q[n] net[n, i]."""
        return np.asarray(u * (q[:, None, :] @ self.net)[:, 0, :])

    def tariffs(self, u: Matrix, q: Matrix, spent: Matrix) -> Vector:
        """Tariffs by importer (N,): what is spent (J, N) less what crosses the border."""
        if self.border is self.A:
            return np.zeros(u.shape[1])
        return np.asarray((spent - q * over_suppliers(self.border, u)).sum(axis=0))

    def export_taxes(self, u: Matrix, q: Matrix, sold: Matrix) -> Vector:
        """Export taxes by exporter (N,): what crosses the border less what producers get, `sold` (J, N)."""
        if self.net is self.border:
            return np.zeros(u.shape[1])
        return np.asarray((u * (q[:, None, :] @ self.border)[:, 0, :] - sold).sum(axis=0))


def over_suppliers(weights: Cube, u: Matrix) -> Matrix:
    """sum_i weights[j, n, i] u[j, i] (J, N)."""
    return np.asarray((weights @ u[:, :, None])[:, :, 0])


def sourcing(base: Base, shock: Shock) -> Sourcing:
    """The trade side of a scenario. Raises CannotAnswer where a buyer is left without any supplier."""
    A = _compared(base, shock)
    t, e = shock.tau.transpose(2, 0, 1), shock.e.transpose(2, 0, 1)
    border = A / (1.0 + t) if t.any() else A
    net = border / (1.0 + e) if e.any() else border
    return Sourcing(A, border, net, base.theta)


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
        raise NoSupplier(bare[:, ::-1])
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
