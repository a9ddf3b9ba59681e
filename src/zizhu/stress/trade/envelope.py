"""Closed forms that bound what a solve can find, and tell when it should not be believed.

Losing suppliers with the share s of spending raises the price of the composite by (1 - s)^(-1/theta). Output that needs
an input of cost share a, of which x is cut, falls to [a (1 - x)^r + 1 - a]^(1/r), r = (sigma - 1) / sigma, if nothing
else adjusts (Bachmann et al. 2022): a bound, to be shown as a range over shares and elasticities.
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import Vector
from zizhu.vocab.problems import Problem, ZizhuError

Number = float | Vector
NEAR_ONE = 1e-9
"""Distance of an elasticity from one below which output is Cobb-Douglas."""


def supplier_loss(share: Number, theta: Number) -> Vector:
    """Factor on the price of a composite that loses the share `share` of its suppliers, costs of the others fixed."""
    _within(share=share, theta=theta)
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


def _within(**values: Number) -> None:
    faults = []
    for name, value in values.items():
        top = 1.0 if name in ("share", "cut") else np.inf
        low = np.asarray(value) >= 0 if top == 1.0 else np.asarray(value) > 0
        if not (low & (np.asarray(value) < top)).all():
            bounds = "in [0, 1)" if top == 1.0 else "above 0"
            faults.append(
                Problem(f"{name} is {value}", "closed form", bounds, "Shares are of one, not of 100.")
            )
    if faults:
        raise ZizhuError(faults)
