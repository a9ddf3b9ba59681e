"""Nested CES in production and final demand, with labour that may be tied to its sector.

    PM[n, j]^(1 - eps) = sum_k s[k] P[k]^(1 - eps),  s = gamma / (1 - beta)             materials
    c[n, j]^(1 - rho)  = beta w^(1 - rho) + (1 - beta) PM^(1 - rho)                     value added and materials
    gamma'             = gamma (P[k] / PM)^(1 - eps) (PM / c)^(1 - rho)
    alpha'             = alpha (P[k] / PC)^(1 - sigma),  PC^(1 - sigma) = sum_k alpha P[k]^(1 - sigma)

and labour is paid beta (w / c)^(1 - rho) Y. Elasticities of one are Cobb-Douglas. Sums over inputs are products with
gamma: no share is formed during a solve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.technology import over_inputs, over_users
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import Problem, ZizhuError

NEAR_ONE = 0.1
"""Distance of an elasticity from one below which powers are taken less one: divided by 1e-7, their rounding is 2e-9."""


@dataclass(frozen=True, eq=False)
class NestedCES:
    """Elasticities of substitution: rho between value added and materials, eps among materials, sigma in final use."""

    gamma: Cube
    beta: Matrix
    alpha: Matrix
    rho: float
    eps: float
    sigma: float
    sector_labour: bool = False

    def cost(self, lnw: Matrix, lnP: Matrix) -> tuple[Matrix, Matrix]:
        whole = 1.0 - self.beta
        share = np.divide(1.0, whole, out=np.zeros_like(whole), where=whole > 0)
        with np.errstate(divide="ignore"):
            priced = mean(lambda values: over_inputs(self.gamma, values) * share, lnP, self.eps)
        lnPM = np.where(whole > 0, priced, 0.0)
        both = np.stack(np.broadcast_arrays(lnw, lnPM))
        return mean(lambda values: self.beta * values[0] + whole * values[1], both, self.rho), lnPM

    def uses(
        self, lnw: Matrix, lnP: Matrix, lnc: Matrix, lnPM: Matrix, Y: Matrix, income: Vector
    ) -> tuple[Matrix, Matrix]:
        per_price = relative(lnPM, lnc, self.rho) * relative(0.0, lnPM, self.eps) * Y
        X = relative(lnP, np.zeros_like(lnP), self.eps) * over_users(self.gamma, per_price)
        return X + self._final(lnP) * income[:, None], self.beta * relative(lnw, lnc, self.rho) * Y

    def _final(self, lnP: Matrix) -> Matrix:
        return np.asarray(self.alpha * relative(lnP, self.consumer_price(lnP)[:, None], self.sigma))

    def consumer_price(self, lnP: Matrix) -> Vector:
        return mean(lambda values: (self.alpha * values).sum(axis=1), lnP, self.sigma)

    def shares(self, lnw: Matrix, lnP: Matrix) -> tuple[Cube, Matrix]:
        lnc, lnPM = self.cost(lnw, lnP)
        inputs = relative(lnP[:, :, None], lnPM[:, None, :], self.eps)
        return self.gamma * inputs * relative(lnPM, lnc, self.rho)[:, None, :], self._final(lnP)


def nested(
    base: Base, *, rho: float = 1.0, eps: float = 1.0, sigma: float = 1.0, sector_labour: bool = False
) -> NestedCES:
    """The technology of `base` with other elasticities of substitution. Raises ZizhuError unless all are > 0."""
    faults = [
        Problem(
            f"{name} is {value}", "nested CES", "an elasticity above 0", "A fixed ratio is a value near 0."
        )
        for name, value in (("rho", rho), ("eps", eps), ("sigma", sigma))
        if not 0 < value < np.inf
    ]
    if faults:
        raise ZizhuError(faults)
    return NestedCES(base.gamma, base.beta, base.alpha, rho, eps, sigma, sector_labour)


def mean(weighted: Callable[[Matrix], Matrix], lnP: Matrix, elasticity: float) -> Matrix:
    """ln of the CES index of prices, whose weights add up to one under `weighted`."""
    r = 1.0 - elasticity
    if r == 0:
        return weighted(lnP)
    if abs(r) < NEAR_ONE:
        return np.asarray(np.log1p(weighted(np.expm1(r * lnP))) / r)
    return np.asarray(np.log(weighted(np.exp(r * lnP))) / r)


def relative(ln_price: Matrix | float, ln_index: Matrix, elasticity: float) -> Matrix:
    """(price / index)^(1 - elasticity), the change of a share."""
    return np.asarray(np.exp((1.0 - elasticity) * (ln_price - ln_index)))
