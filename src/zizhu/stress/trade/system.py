"""One joint Gauss-Seidel sweep over wages, prices and spending, in changes from the base (hats).

Equations of Caliendo and Parro (2015) with export taxes e' and efficiency T; kappa is the change of all costs of trade:

    ln c[n, j]  = beta ln w[n] + sum_k gamma ln P[n, k]
    P[n, j]     = (sum_i pi T[i, j] (kappa c[i, j])^-theta)^(-1/theta)
    Y'[i, j]    = sum_n pi' X'[n, j] / ((1 + tau')(1 + e'))
    X'[n, k]    = sum_j gamma Y'[n, j] + alpha I'[n]
    I'[n]       = w VA + tariffs + export taxes + D'
    w[n] VA[n]  = sum_j beta Y'[n, j]

Only c^-theta is exponentiated, N J numbers a sweep: with A = pi T kappa^-theta, u = c^-theta and q = X' / phi for
phi = A u, what i sells to n of j is u[i] A[n, i] q[n] and no share is formed. One equation is redundant (Walras), so
wages are scaled back to the value added of the base in every group of countries that trade with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.closures import Closure, deficits
from zizhu.stress.trade.instruments import Shock, nothing_burnt
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

LEAST = 1e-30
"""Smallest change of spending or labour demand that is told from none: keeps logarithms finite."""


class Technology(Protocol):
    """How a country turns labour and inputs into output, and income into final spending. All in hats of the base."""

    sector_labour: bool

    def cost(self, lnw: Matrix, lnP: Matrix) -> tuple[Matrix, Matrix]:
        """ln c and ln of the price of materials (N, J) of wages (N, 1) or (N, J) and prices (N, J)."""
        ...

    def uses(
        self, lnw: Matrix, lnP: Matrix, lnc: Matrix, lnPM: Matrix, Y: Matrix, income: Vector
    ) -> tuple[Matrix, Matrix]:
        """Spending X' (N, J) and the value of labour asked for (N, J)."""
        ...

    def consumer_price(self, lnP: Matrix) -> Vector:
        """ln of the price (N,) of final spending."""
        ...

    def shares(self, lnw: Matrix, lnP: Matrix) -> tuple[Cube, Matrix]:
        """gamma' (N, K, J) and alpha' (N, J)."""
        ...


@dataclass(frozen=True, eq=False)
class CobbDouglas:
    """Constant cost shares and mobile labour."""

    gamma: Cube
    beta: Matrix
    alpha: Matrix
    sector_labour: bool = False

    def cost(self, lnw: Matrix, lnP: Matrix) -> tuple[Matrix, Matrix]:
        materials = over_inputs(self.gamma, lnP)
        return self.beta * lnw + materials, materials

    def uses(
        self, _lnw: Matrix, _lnP: Matrix, _lnc: Matrix, _lnPM: Matrix, Y: Matrix, income: Vector
    ) -> tuple[Matrix, Matrix]:
        return over_users(self.gamma, Y) + self.alpha * income[:, None], self.beta * Y

    def consumer_price(self, lnP: Matrix) -> Vector:
        return np.asarray((self.alpha * lnP).sum(axis=1))

    def shares(self, _lnw: Matrix, _lnP: Matrix) -> tuple[Cube, Matrix]:
        return self.gamma, self.alpha


def over_inputs(gamma: Cube, values: Matrix) -> Matrix:
    """sum_k gamma[n, k, j] values[n, k] (N, J)."""
    return np.asarray((gamma.swapaxes(1, 2) @ values[:, :, None])[:, :, 0])


def over_users(gamma: Cube, values: Matrix) -> Matrix:
    """sum_j gamma[n, k, j] values[n, j] (N, K)."""
    return np.asarray((gamma @ values[:, :, None])[:, :, 0])


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
    if (shock.technology != 1).any():
        A = A * shock.technology.T[:, None, :]
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
    return at, sum(np.log(one + now[at]) - np.log(one + then[at]) for one, now, then in moved)


def _flat(cube: Cube) -> Vector:
    return cube.transpose(2, 0, 1).reshape(-1)


def trading_groups(A: Cube) -> Index:
    """A number (N,) for every country, the same for those between which trade, be it through others, is left."""
    linked = A.any(axis=0)
    linked = linked | linked.T | np.eye(len(linked), dtype=bool)
    while True:
        wider = (linked.astype(np.float32) @ linked.astype(np.float32)) > 0
        if (wider == linked).all():
            return np.unique(linked.argmax(axis=1), return_inverse=True)[1]
        linked = wider


@dataclass(frozen=True)
class Residuals:
    """Largest change by one sweep without damping, in logarithms."""

    price: float
    spending: float
    labour: float

    @property
    def largest(self) -> float:
        return float(np.max([self.price, self.spending, self.labour]))


@dataclass(frozen=True, eq=False)
class State:
    """Changes from the base, all logarithms: wages (N, 1) or (N, J), prices and spending (N, J)."""

    lnw: Matrix
    lnP: Matrix
    lnX: Matrix

    def flat(self) -> Vector:
        return np.concatenate([self.lnw.ravel(), self.lnP.ravel(), self.lnX.ravel()])


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep: the state it starts from with prices and spending anew, what came of it, and how far it moved."""

    lnc: Matrix
    lnP: Matrix
    X: Matrix
    Y: Matrix
    income: Vector
    deficit: Vector
    tariffs: Vector
    export_taxes: Vector
    lnX: Matrix
    gap: Matrix
    residuals: Residuals


@dataclass(frozen=True, eq=False)
class System:
    """A scenario ready to be swept. labour (N, 1) or (N, J): value added of the base by what is paid one wage."""

    base: Base
    trade: Sourcing
    technology: Technology
    closure: Closure
    group: Index
    labour: Matrix
    none_spent: Matrix
    none_worked: Matrix

    def state(self, z: Vector) -> State:
        N, J = self.base.X.shape
        wages, cells = self.labour.size, N * J
        return State(
            z[:wages].reshape(self.labour.shape),
            z[wages : wages + cells].reshape(N, J),
            z[wages + cells :].reshape(N, J),
        )

    def start(self) -> Vector:
        return np.zeros(self.labour.size + 2 * self.base.X.size)

    def sweep(self, at: State) -> Swept:
        """One pass: costs, prices, sales, taxes, incomes, spending, and the gap of the labour markets."""
        base, trade = self.base, self.trade
        lnc, lnPM = self.technology.cost(at.lnw, at.lnP)
        u = trade.powers(lnc)
        phi = (trade.A @ u[:, :, None])[:, :, 0]
        lnP = -np.log(phi).T / trade.theta
        q = (base.X * np.exp(at.lnX)).T / phi
        Y = (u * (trade.sales @ q[:, :, None])[:, :, 0]).T
        tariffs, export_taxes = self._taxes(u, q)
        value = (self.labour * np.exp(at.lnw)).sum(axis=1)
        earned = value + tariffs + export_taxes
        D = deficits(self.closure, base, earned, self.group)
        income = earned + D
        X, asked = self.technology.uses(at.lnw, at.lnP, lnc, lnPM, Y, income)
        if not self.technology.sector_labour:
            asked = asked.sum(axis=1, keepdims=True)
        lnX = np.log(np.maximum((X + self.none_spent) / (base.X + self.none_spent), LEAST))
        offered = self.labour * np.exp(at.lnw) + self.none_worked
        gap = np.log(np.maximum((asked + self.none_worked) / offered, LEAST))
        moved = Residuals(*(float(np.abs(m).max()) for m in (lnP - at.lnP, lnX - at.lnX, gap)))
        return Swept(lnc, lnP, X, Y, income, D, tariffs, export_taxes, lnX, gap, moved)

    def _taxes(self, u: Matrix, q: Matrix) -> tuple[Vector, Vector]:
        """Tariffs by importer and export taxes by exporter (N,)."""
        none = np.zeros(self.base.countries)
        t, e = self.trade.tariffs, self.trade.export_taxes
        paid = none if t is None else (q * (t @ u[:, :, None])[:, :, 0]).sum(axis=0)
        kept = none if e is None else (u * (e @ q[:, :, None])[:, :, 0]).sum(axis=0)
        return paid, kept

    def image(self, at: State, swept: Swept, damp: float) -> Vector:
        """The next state: prices and spending of the sweep, wages moved by `damp` of their gap and scaled back."""
        lnw = at.lnw + damp * swept.gap
        value = (self.labour * np.exp(lnw)).sum(axis=1)
        scale = np.log(np.bincount(self.group, self.base.VA) / np.bincount(self.group, value))
        return State(lnw + scale[self.group][:, None], swept.lnP, swept.lnX).flat()


def system(base: Base, shock: Shock, closure: Closure, technology: Technology) -> System:
    """The scenario `shock` over `base`, ready to be swept."""
    trade = sourcing(base, shock)
    labour = base.beta * base.Y if technology.sector_labour else base.VA[:, None]
    group = trading_groups(trade.A)
    return System(base, trade, technology, closure, group, labour, (base.X <= 0) * 1.0, (labour <= 0) * 1.0)
