"""Who buys from whom at which cost: the trade side of a scenario, formed once before the sweeps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

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
                "Give the base a small share of own sales there (`least_own`), or make the embargo a partial cut.",
            )
        )


@dataclass(frozen=True, eq=False)
class Weights:
    """What of a unit goes to whom: `abroad` (J, N importers, N exporters), nothing on the diagonal, and `home` (J, N).

    Apart, because near autarky what is traded is lost in the rounding of what is not.
    """

    abroad: Cube
    home: Matrix

    @property
    def whole(self) -> Cube:
        """Both in one array (J, N, N)."""
        both = self.abroad.copy()
        _diagonal(both)[:] = self.home
        return both

    def bought(self, u: Matrix) -> Matrix:
        """sum_i abroad[j, n, i] u[j, i] (J, N)."""
        return np.asarray((self.abroad @ u[:, :, None])[:, :, 0])

    def sold(self, q: Matrix) -> Matrix:
        """sum_n abroad[j, n, i] q[j, n] (J, N)."""
        return np.asarray((q[:, None, :] @ self.abroad)[:, 0, :])

    def taxed(self, left: Cube | None) -> Weights:
        """The share `left` (J, N, N) of them after a tax; themselves where there is none."""
        return self if left is None else Weights(self.abroad * left, self.home * _diagonal(left))


@dataclass(frozen=True, eq=False)
class Traded:
    """What purchases come to. (J, N): weight of all suppliers phi and the share bought at home, by importer; what
    producers get; imports and exports at the border, with export taxes and without tariffs. (N,): taxes on them.
    """

    phi: Matrix
    at_home: Matrix
    sold: Matrix
    imports: Matrix
    exports: Matrix
    tariffs: Vector
    export_taxes: Vector


@dataclass(frozen=True, eq=False)
class Sourcing:
    """Who buys from whom at which cost, sectors outermost; theta (J,).

    paid = pi T kappa^-theta weighs suppliers; border = paid / (1 + tau') and net = border / (1 + e') are what of a unit
    of spending crosses the border and what reaches the producer. Where nobody raises a tax they are the same object.
    """

    paid: Weights
    border: Weights
    net: Weights
    theta: Vector

    def powers(self, lnc: Matrix) -> Matrix:
        """u = c^-theta (J, N)."""
        return np.exp(turned(-self.theta * lnc))

    def traded(self, u: Matrix, spent: Matrix) -> Traded:
        """What spending (J, N) buys: what n spends on i is u[i] paid[n, i] q[n], q = spent / phi."""
        abroad, home = self.paid.bought(u), self.paid.home * u
        phi = abroad + home
        q = spent / phi
        own = q * u
        imports = at_border = q * abroad
        exports = got = u * self.net.sold(q)
        tariffs = export_taxes = np.zeros(u.shape[1])
        if self.border is not self.paid:
            at_border = q * self.border.bought(u)
            tariffs = (imports - at_border + own * (self.paid.home - self.border.home)).sum(axis=0)
        if self.net is not self.border:
            exports = u * self.border.sold(q)
            export_taxes = (exports - got + own * (self.border.home - self.net.home)).sum(axis=0)
        return Traded(phi, home / phi, got + own * self.net.home, at_border, exports, tariffs, export_taxes)


def sourcing(base: Base, shock: Shock) -> Sourcing:
    """The trade side of a scenario. Raises NoSupplier where a buyer is left without any supplier."""
    A = weighted(base, shock)
    bare = np.argwhere(A @ np.ones(len(A[0])) <= 0)
    if len(bare):
        raise NoSupplier(bare[:, ::-1])
    home = _diagonal(A).copy()
    _diagonal(A)[:] = 0.0
    paid = Weights(A, home)
    border = paid.taxed(shock.after_tariffs)
    return Sourcing(paid, border, border.taxed(shock.after_export_taxes), base.theta)


def turned(values: Matrix) -> Matrix:
    """(N, J) as (J, N) or back, in memory too: sums and products over mixed orders take three times as long."""
    return np.ascontiguousarray(values.T)


def _diagonal(cube: Cube) -> Matrix:
    """cube[j, n, n] (J, N), to be written to."""
    return np.asarray(np.einsum("jnn->jn", cube))


def weighted(base: Base, shock: Shock) -> Cube:
    """A = pi T kappa^-theta (J, N, N), an array of its own; powers only where a cost has changed."""
    A, (at, lnk) = base.pi.transpose(2, 0, 1).copy(), log_costs(base, shock)
    if len(at):
        A.reshape(-1)[at] *= np.exp(-base.theta[at // A[0].size] * lnk)
    if (shock.efficiency != 1).any():
        A *= shock.efficiency.T[:, None, :]
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
    at = np.flatnonzero(reduce(np.logical_or, [now != then for _, now, then in moved]))
    return at, np.sum([np.log(one + now[at]) - np.log(one + then[at]) for one, now, then in moved], axis=0)


def _flat(cube: Cube) -> Vector:
    return cube.transpose(2, 0, 1).reshape(-1)


def buying(abroad: Cube) -> Links:
    """Who buys anything at all from whom, of weights (J, N, N)."""
    return np.asarray(abroad.sum(axis=0) > 0)


def trading_groups(links: Links) -> Index:
    """A number (N,) for every country, the same for those between which trade, be it through others, is left."""
    return _numbered(_reached(links | links.T))


def circuits(links: Links) -> Index:
    """A number (N,) for every country, the same for those that both sell to and buy from each other, if indirectly."""
    reached = _reached(links)
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
