"""Closed forms that bound what a solve can find, and tell when it should not be believed.

Losing suppliers with the share s of spending raises the price of the composite by (1 - s)^(-1/theta). Output that needs
an input of cost share a, of which x is cut, falls to [a (1 - x)^r + 1 - a]^(1/r), r = (sigma - 1) / sigma, if nothing
else adjusts (Bachmann et al. 2022): a bound, to be shown as a range over shares and elasticities. At trade elasticities
below one a share of 0.6 raises the price 6 times (theta 0.5) or 98 times (theta 0.2): an embargo there has no CES
answer, and a partial cut or rationing has to be asked for instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.stress.trade.base import EXACT, Base, with_theta
from zizhu.stress.trade.instruments import Shock
from zizhu.stress.trade.sourcing import NoSupplier, weighted
from zizhu.stress.trade.welfare import through_inputs
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.vocab.problems import Problem, ZizhuError

Number = float | Vector
NEAR_ONE = 1e-9
"""Distance of an elasticity from one below which output is Cobb-Douglas."""
FLAT = 1.0
"""Trade elasticity below which an embargo is not believed."""
LARGE = 0.3
"""Share of lost suppliers above which, at such an elasticity, any cut is not believed."""


@dataclass(frozen=True, eq=False)
class Beside:
    """What closed forms say of a shock that stops or cuts supplies, by importer, wages and producers' costs as before.

    price (N, J)   factor (1 - s)^(-1/theta) on the price of each composite that loses the share s of its suppliers
    worth (N,)     what they cost as a share of income when passed on through all inputs of the country, <= 0:
                   exp(-alpha' (I - Gamma')^-1 ln price) - 1; for the end of all trade it is exact
    share (N,)     spending on the composites that lose suppliers, as a share of all spending
    cut (N,)       lost suppliers as a share of spending on them
    bound (N,)     ces_bound(share, cut, elasticity), >= 0
    second (N,)    second_order(share, cut, elasticity), >= 0: an explanation, never the result
    """

    price: Matrix
    worth: Vector
    share: Vector
    cut: Vector
    bound: Vector
    second: Vector


def beside(base: Base, shock: Shock, theta: Vector, elasticity: float) -> Beside:
    """The back of an envelope to lay beside the exact equivalent variation of `shock`.

    theta (J,) trade elasticities; elasticity > 0 of substitution between what is cut and all else. Raises NoSupplier
    where a buyer loses all suppliers.
    """
    gone = lost(base, shock, theta)
    if (gone >= 1.0).any():
        raise NoSupplier(np.argwhere(gone >= 1.0))
    price = supplier_loss(gone, theta)
    spent = np.where(gone > 0, base.X, 0.0)
    hit = spent.sum(axis=1)
    cut = np.divide((gone * spent).sum(axis=1), hit, out=np.zeros_like(hit), where=hit > 0)
    share = hit / base.X.sum(axis=1)
    worth = np.expm1(-through_inputs(base, np.log(price)))
    bounds = ces_bound(share, cut, elasticity), second_order(share, cut, elasticity)
    return Beside(price, worth, share, cut, *bounds)


def lost(base: Base, shock: Shock, theta: Vector) -> Matrix:
    """Share (N, J) of suppliers lost, by importer and sector: 1 - sum_i pi T kappa^-theta, at costs as before.

    An embargo takes its whole share, a cost a part of it. 0 where a shock takes none or adds some.
    """
    left = weighted(with_theta(base, theta), shock).sum(axis=2).T
    return np.asarray(np.where(left < base.pi.sum(axis=1) - EXACT, np.clip(1.0 - left, 0.0, 1.0), 0.0))


def stopped(base: Base, shock: Shock, theta: Vector, *, flat: float = FLAT) -> Index:
    """Cells (k, 3) of importer, exporter and sector whose trade ends though theta is below `flat`: to be refused."""
    ended = np.isinf(shock.iceberg) & (base.pi > 0) & (np.asarray(theta) < flat)
    return np.argwhere(ended)


def extreme(base: Base, shock: Shock, theta: Vector, *, flat: float = FLAT, large: float = LARGE) -> Index:
    """Cells (k, 2) of importer and sector that lose more than `large` of their suppliers, embargo or not, at a theta
    below `flat`: no number of theirs is to be shown without a warning.
    """
    return np.argwhere((lost(base, shock, theta) > large) & (np.asarray(theta) < flat))


def supplier_loss(share: Number | Matrix, theta: Number) -> Vector:
    """Factor on the price of a composite that loses the share `share` of its suppliers, costs of the others fixed."""
    _within(lost=share, theta=theta)
    return np.asarray((1.0 - np.asarray(share)) ** (-1.0 / np.asarray(theta)))


def ces_bound(share: Number, cut: Number, elasticity: float) -> Vector:
    """Share of output lost when `cut` of an input of cost share `share` is gone."""
    _within(share=share, cut=cut, elasticity=elasticity)
    a, left = np.asarray(share), 1.0 - np.asarray(cut)
    if abs(elasticity - 1.0) < NEAR_ONE:
        return np.asarray(1.0 - left**a)
    r = (elasticity - 1.0) / elasticity
    return np.asarray(1.0 - (a * left**r + 1.0 - a) ** (1.0 / r))


def second_order(share: Number, cut: Number, elasticity: float) -> Vector:
    """The same to second order in ln(1 - cut): an explanation, never the result (it is half at an elasticity of .1)."""
    _within(share=share, cut=cut, elasticity=elasticity)
    a, ln = np.asarray(share), np.log1p(-np.asarray(cut))
    return np.asarray(-(a * ln + 0.5 * a * (1.0 - a) * (1.0 - 1.0 / elasticity) * ln**2))


def _within(**values: Number | Matrix) -> None:
    faults = []
    for name, value in values.items():
        found = np.asarray(value)
        if name == "share":
            good, bounds = (found >= 0) & (found <= 1), "in [0, 1]"
        elif name in ("cut", "lost"):
            good, bounds = (found >= 0) & (found < 1), "in [0, 1)"
        else:
            good, bounds = (found > 0) & (found < np.inf), "above 0"
        if not good.all():
            faults.append(
                Problem(f"{name} is {value}", "closed form", bounds, "Shares are of one, not of 100.")
            )
    if faults:
        raise ZizhuError(faults)
