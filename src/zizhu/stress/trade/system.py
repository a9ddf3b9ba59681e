"""One joint Gauss-Seidel sweep over wages, prices and spending, in changes from the base (hats).

Equations of Caliendo and Parro (2015) with export taxes e' and efficiency T; kappa is the change of all costs of trade:

    ln c[n, j]  = beta ln w[n] + sum_k gamma ln P[n, k]
    P[n, j]     = (sum_i pi T[i, j] (kappa c[i, j])^-theta)^(-1/theta)
    Y'[i, j]    = sum_n pi' X'[n, j] / ((1 + tau')(1 + e'))
    X'[n, k]    = sum_j gamma Y'[n, j] + alpha I'[n]
    I'[n]       = w VA + tariffs + export taxes + D'
    w[n] VA[n]  = sum_j beta Y'[n, j]

Only c^-theta is exponentiated, N J numbers a sweep: with A = pi T kappa^-theta, u = c^-theta and q = X' / phi for
phi = A u, what n spends on i is u[i] A[n, i] q[n] and no share is formed. One equation is redundant (Walras), so
wages are scaled back to the value added of the base in every group of countries that trade with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zizhu.stress.trade.base import Base
from zizhu.stress.trade.closures import Closure, deficits
from zizhu.stress.trade.instruments import Shock
from zizhu.stress.trade.sourcing import Sourcing, Traded, buying, circuits, sourcing, trading_groups, turned
from zizhu.stress.trade.technology import Technology
from zizhu.tables.leontief import Index, Matrix, Vector

LONGEST = 1.0
"""Longest step of a wage, in logarithms."""
LEAST = 1e-30
"""Smallest change of spending or labour demand that is told from none: keeps logarithms finite."""


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

    wage: Matrix
    price: Matrix
    spending: Matrix

    def flat(self) -> Vector:
        return np.concatenate([self.wage.ravel(), self.price.ravel(), self.spending.ravel()])


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep: prices and spending anew, what came of them, the step of wages asked for, and how far all moved."""

    cost: Matrix
    price: Matrix
    X: Matrix
    Y: Matrix
    income: Vector
    deficit: Vector
    tariffs: Vector
    export_taxes: Vector
    spending: Matrix
    wage: Matrix
    residuals: Residuals


@dataclass(frozen=True, eq=False)
class System:
    """A scenario ready to be swept. labour (N, 1) or (N, J): value added of the base by what is paid one wage;
    group and circuit (N,): who trades with whom, and who does so in both directions.
    """

    base: Base
    trade: Sourcing
    technology: Technology
    closure: Closure
    group: Index
    circuit: Index
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
        lnc, lnPM = self.technology.cost(at.wage, at.price)
        spent = base.X * np.exp(at.spending)
        traded = trade.traded(trade.powers(lnc), turned(spent))
        lnP = turned(np.log(traded.phi)) / -trade.theta
        Y, tariffs, export_taxes = turned(traded.sold), traded.tariffs, traded.export_taxes
        paid = self.labour * np.exp(at.wage)
        value = paid.sum(axis=1)
        earned = value + tariffs + export_taxes
        D = deficits(self.closure, base, earned, self.group)
        income = earned + D
        X, asked = self.technology.uses(at.wage, at.price, lnc, lnPM, Y, income)
        if not self.technology.sector_labour:
            asked = asked.sum(axis=1, keepdims=True)
        needed = X + self.none_spent
        lnX = np.log(np.maximum(needed / self.spent_then, LEAST))
        gap = np.log(np.maximum((asked + self.none_worked) / (paid + self.none_worked), LEAST))
        moved = Residuals(*(float(np.abs(m).max()) for m in (lnP - at.price, lnX - at.spending, gap)))
        grown = needed / (spent + self.none_spent)
        wage = balancing(traded, trade.theta, D, turned(grown))[:, None]
        if self.technology.sector_labour:
            whole = np.log(np.maximum(asked.sum(axis=1) / value, LEAST))
            wage = wage + (gap - whole[:, None]) / (1.0 + base.beta * elasticity(traded, trade.theta))
        return Swept(lnc, lnP, X, Y, income, D, tariffs, export_taxes, lnX, wage, moved)

    @cached_property
    def spent_then(self) -> Matrix:
        """Spending of the base (N, J), one where there is none."""
        return np.asarray(self.base.X + self.none_spent)

    @cached_property
    def value_then(self) -> Vector:
        """Value added of the base, by group."""
        return np.asarray(np.bincount(self.group, self.base.VA), dtype=float)

    def image(self, at: State, swept: Swept, damp: float) -> Vector:
        """The next state: prices and spending of the sweep, wages moved by `damp` of their step and scaled back."""
        lnw = at.wage + damp * swept.wage
        value = (self.labour * np.exp(lnw)).sum(axis=1)
        scale = np.log(self.value_then / np.bincount(self.group, value))
        return State(lnw + scale[self.group][:, None], swept.price, swept.spending).flat()


def balancing(traded: Traded, theta: Vector, D: Vector, grown: Matrix) -> Vector:
    """Step of ln w (N,) that would balance each country's trade if nothing else moved, at most LONGEST.

    What countries get for exports and deficits over what they pay for surpluses and for imports as spending has
    `grown` (J, N), by its elasticity to their own costs: theta of exports, theta times the share bought at home of
    imports, one of income. A gap of the labour market says the same as a share of all work, which next to autarky is
    nothing.
    """
    one, abroad = np.ones_like(theta), traded.imports * grown
    exports, imports = one @ traded.exports, one @ abroad
    got, paid = exports + np.maximum(D, 0.0), imports - np.minimum(D, 0.0)
    sold, bought = theta @ traded.exports, imports + theta @ (traded.at_home * abroad)
    with np.errstate(divide="ignore", invalid="ignore"):  # a country without trade has nothing to balance
        step = np.log(got / paid) / (sold / got + bought / paid)
    return np.minimum(np.maximum(np.where(np.isnan(step), 0.0, step), -LONGEST), LONGEST)


def elasticity(traded: Traded, theta: Vector) -> Matrix:
    """Of sales (N, J) to a producer's own cost: theta abroad, at home theta times the share that is bought abroad."""
    home = np.maximum(traded.sold - traded.exports, 0.0)
    lost = traded.exports + home * (1.0 - traded.at_home)
    return np.asarray(theta * (lost / np.maximum(traded.sold, np.finfo(float).tiny)).T)


def system(base: Base, shock: Shock, closure: Closure, technology: Technology) -> System:
    """The scenario `shock` over `base`, ready to be swept."""
    trade = sourcing(base, shock)
    labour = base.beta * base.Y if technology.sector_labour else base.VA[:, None]
    links = buying(trade.paid.abroad)
    return System(
        base,
        trade,
        technology,
        closure,
        trading_groups(links),
        circuits(links),
        labour,
        np.asarray(base.X <= 0, dtype=float),
        np.asarray(labour <= 0, dtype=float),
    )
