"""What a change of trade is worth: the exact number, the formulas for parts of it, and its split.

    EV         I' / I / PC - 1, PC the price of final spending: exact, the headline
    real wage  w / PC;  ln(w / PC) = -alpha' (I - Gamma')^-1 (ln pihat[n, n] / theta), Gamma[k, j] = gamma[n, k, j],
               in the Cobb-Douglas model and with no change of a country's own costs or efficiency
    gains      from trade, against none: 1 - exp(alpha' (I - Gamma')^-1 ln pi[n, n] / theta), without taxes and deficits

`published_split` is the first-order number of Caliendo and Parro (2015): of a large shock it can be far from EV (Mexico
in NAFTA 1.31 % against 0.0073 %), so it goes by that name only. The formulas are NaN for a country without
own sales of some product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.solve import Solution
from zizhu.tables.leontief import Matrix, Vector


def equivalent_variation(solution: Solution) -> Vector:
    """EV (N,) as a share of income, exact."""
    return np.asarray(solution.I / solution.base.I / solution.consumer_price - 1.0)


def real_wage(solution: Solution) -> Vector:
    """Change (N,) of value added at the prices of final spending, as a share."""
    return np.asarray(solution.w / solution.consumer_price - 1.0)


def real_wage_formula(solution: Solution) -> Vector:
    """The same (N,) out of own shares alone."""
    base = solution.base
    change = _log_own(solution.pi) - _log_own(base.pi)
    return np.asarray(np.expm1(-through_inputs(base, change / base.theta)))


def gains_from_trade(base: Base) -> Vector:
    """What the end of all trade costs (N,), as a share of income."""
    return np.asarray(-np.expm1(through_inputs(base, _log_own(base.pi) / base.theta)))


def own(pi: Cube) -> Matrix:
    """pi[n, n, j] (N, J)."""
    n = np.arange(len(pi))
    return pi[n, n]


def _log_own(pi: Cube) -> Matrix:
    share = own(pi)
    return np.log(share, out=np.full_like(share, np.nan), where=share > 0)


def through_inputs(base: Base, values: Matrix) -> Vector:
    """alpha' (I - Gamma')^-1 values (N,)."""
    inverse = np.eye(base.sectors) - base.gamma.swapaxes(1, 2)
    return np.asarray((base.alpha * np.linalg.solve(inverse, values[:, :, None])[:, :, 0]).sum(axis=1))


@dataclass(frozen=True, eq=False)
class PublishedSplit:
    """First-order terms (N, N) by country and partner, as shares of income; published are their sums."""

    terms_of_trade: Matrix
    volume_of_trade: Matrix

    @property
    def welfare(self) -> Vector:
        return np.asarray((self.terms_of_trade + self.volume_of_trade).sum(axis=1))


def published_split(solution: Solution) -> PublishedSplit:
    """Caliendo and Parro's terms on the flows of the base: ToT = sum[E (c_n - 1) - M (c_i - 1)] / I and
    VoT = sum tau (M' - M c_i) / I, E = exports of n, M = its imports, both net of taxes.
    """
    base, c = solution.base, solution.c
    income = base.I[:, None]
    bought = np.einsum("nij,ij->ni", base.flow, c - 1.0)
    terms = (bought.T - bought) / income
    volume = np.einsum("nij,nij->ni", base.tau, solution.flow - base.flow * c) / income
    return PublishedSplit(terms, volume)
