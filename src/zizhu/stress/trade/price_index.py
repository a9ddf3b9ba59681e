"""What becomes dearer for whom, supplier by supplier: parts that add up to the change of the price index exactly.

A CES index of prices p_i changes by ln P = sum_i w_i ln p_i, with w_i the logarithmic means of the shares before and
after, scaled to add up to one (Sato 1976, Vartia 1976). Suppliers that are gone have no price: with lambda the share of
the base that is left, they add -ln(lambda) / theta (Feenstra 1994), each by what it sold.

    ln PC[n] = sum_j v[n, j] ln P[n, j],  ln P[n, j] = sum_i w ln(kappa c T^(-1/theta)) - ln(lambda) / theta
"""

from __future__ import annotations

import numpy as np

from zizhu.stress.trade.solve import Solution
from zizhu.tables.leontief import Matrix, Vector


def dearer(solution: Solution, n: int) -> Matrix:
    """Parts (N, J), by supplier and sector, of ln of the price of what country n finally spends on, against the value
    added of the country: they add up to ln(PC / w).
    """
    weight = final_weights(solution, n)
    own = np.log(solution.w[n])
    return np.asarray(weight * (_suppliers(solution, n) + _shares(solution, n) * (0.0 - own)))


def final_weights(solution: Solution, n: int) -> Vector:
    """Weights (J,) of sectors in the price of final spending, between those before and after."""
    before = solution.base.alpha[n]
    after = solution.of.technology.shares(solution.state.wage, solution.swept.price)[1][n]
    return _scaled(logarithmic_mean(before, after), axis=0)


def _suppliers(solution: Solution, n: int) -> Matrix:
    """Parts (N, J) of ln P of country n by supplier."""
    base, shock, theta = solution.base, solution.shock, solution.base.theta
    before = base.pi[n]
    gone = np.isinf(shock.iceberg[n]) & (before > 0)
    left = 1.0 - np.where(gone, before, 0.0).sum(axis=0)
    kappa = (1.0 + shock.tau[n]) * (1.0 + shock.e[n]) / ((1.0 + base.tau[n]) * (1.0 + base.e[n]))
    burnt = np.log(np.where(np.isinf(shock.iceberg[n]), 1.0, shock.iceberg[n]))
    price = np.log(kappa) + burnt + np.log(solution.c) - np.log(shock.efficiency) / theta
    lost = np.where(gone, before, 0.0)
    each = np.divide(lost, 1.0 - left, out=np.zeros_like(lost), where=left < 1.0)
    return np.asarray(_shares(solution, n) * price - each * np.log(left) / theta)


def _shares(solution: Solution, n: int) -> Matrix:
    """Weights (N, J) of suppliers that are there before and after."""
    before, after = solution.base.pi[n], solution.pi[n]
    here = np.where(np.isinf(solution.shock.iceberg[n]), 0.0, before)
    return _scaled(logarithmic_mean(here / here.sum(axis=0), after), axis=0)


def logarithmic_mean(a: Matrix, b: Matrix) -> Matrix:
    """(b - a) / ln(b / a), a where they are equal; zero where either is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.log(b / a)
        mean = a * np.where(np.abs(x) > NEAR, np.expm1(x) / x, 1.0 + x / 2.0)
    return np.where((a > 0) & (b > 0), mean, 0.0)


NEAR = 1e-9
"""Distance of two logarithms below which their mean is taken by its series."""


def _scaled(weights: Matrix, axis: int) -> Matrix:
    return np.asarray(weights / weights.sum(axis=axis, keepdims=True))
