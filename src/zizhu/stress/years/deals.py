"""Sales with parts that have terms of their own, as what the trade equilibrium reads: one tax, one cost for each sale.

A sale of sector j by i to n is many goods. The parts m of it, by value p_m of the base, have tariffs t_m, export taxes
e_m and costs d_m; part 0 is the rest. Demand is CES over goods at the elasticity theta of the sector, whoever sells
them (the gravity of Eaton and Kortum 2002, with goods in place of all of a country's), so with f = (1 + t)(1 + e) d

    W = sum_m p_m f_m^-theta,  s_m = p_m f_m^-theta / W         weight of the sale; shares of the parts in it
    1 / (1 + tau') = sum_m s_m / (1 + t_m)                      what of the spending crosses the border
    1 / ((1 + tau')(1 + e')) = sum_m s_m / ((1 + t_m)(1 + e_m)) and what the producer gets
    dhat = W^(-1/theta) (1 + tau)(1 + e) / ((1 + tau')(1 + e')) the rest of the price, which nobody collects

A part that is no longer sold has f = inf. A small tariff t on a part p is one of p t on all of the sale; a tariff that
ends the trade of the part costs W = 1 - p and raises nothing, however high it is.

A part whose quantity is held down has a price factor exp(z) >= 1 that makes its quantity what it may be, for each sale
alone; it is a tariff, an export tax or a cost, by whoever keeps the rent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zizhu.stress.scenario.effects import Productivity, Terms
from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.instruments import Shock, unchanged
from zizhu.stress.trade.quota import Found, Holder, Start, held_down
from zizhu.stress.trade.solve import Solution
from zizhu.tables.leontief import Index, Matrix, Vector

NEXT_TO_ONE = 1e-12
"""Distance from one of a factor that rounding makes."""


@dataclass(frozen=True, eq=False)
class Deals:
    """q sales whose terms change, by importer, exporter and sector (3, q); of their M parts (M, q), the first being the
    rest: size, tariffs and export taxes on top of the base's, cost (inf: not sold any more) and the quantity allowed,
    as a share of the base's (1: any). `change` (q2,) of the productivity of `made` (2, q2), country and sector.
    """

    at: Index
    part: Matrix
    tariff: Matrix
    export_tax: Matrix
    cost: Matrix
    allowed: Matrix
    rent: Holder
    made: Index
    change: Vector

    @property
    def held(self) -> tuple[Index, Index]:
        """The parts whose quantity is held down, as positions (k,) in M and (k,) in q."""
        part, sale = np.nonzero((self.allowed < 1) & (self.part > 0) & np.isfinite(self.cost))
        return part, sale

    @property
    def idle(self) -> bool:
        """Whether nothing differs from the base."""
        taxed = self.tariff.any() or self.export_tax.any() or self.change.any()
        return not (taxed or (self.cost != 1).any() or (self.allowed != 1).any())

    @property
    def ended(self) -> Vector:
        """The share (q,) of every sale that ends."""
        return np.asarray((self.part * np.isinf(self.cost)).sum(axis=0))


@dataclass(frozen=True, eq=False)
class Priced:
    """Deals at prices. earned (M, q): share of every part in what the producer gets; delivered (M, q): what of a
    part's quantity arrives; price (N, J): factor on the price of a producer, beside its costs."""

    of: Deals
    shock: Shock
    earned: Matrix
    delivered: Matrix
    price: Matrix

    def quantities(self, solution: Solution) -> Vector:
        """What arrives of the held parts (k,), as a share of the base's."""
        n, i, j = self.of.at
        part, sale = self.of.held
        volume = solution.sales(n, i, j) / (solution.c * self.price)[i, j]
        arrived = (volume * self.earned * self.delivered)[part, sale]
        return np.asarray(arrived / (self.of.part[part, sale] * solution.base.flow[n, i, j][sale]))

    def arriving(self, solution: Solution) -> Cube:
        """Quantities (N, N, J) of all sales at prices of the base: what arrives of what producers are paid for."""
        volume = solution.flow / (solution.c * self.price)
        n, i, j = self.of.at
        volume[n, i, j] *= (self.earned * self.delivered).sum(axis=0)
        return np.asarray(volume)


def deals(base: Base, terms: Sequence[Terms], made: Sequence[Productivity], rent: Holder) -> Deals:
    """All terms together: taxes add up, costs multiply, of several cuts each takes its share of what the others leave.

    Terms for all of a sale hold for each of its parts.
    """
    shape = base.pi.shape
    codes = [np.ravel_multi_index((t.importers, t.exporters, t.sectors), shape) for t in terms]
    sales = np.unique(np.concatenate([*codes, np.zeros(0, dtype=np.intp)]))
    goods = list(dict.fromkeys(t.goods for t in terms if t.goods))
    part, tariff, export_tax = (np.zeros((1 + len(goods), len(sales))) for _ in range(3))
    cost, allowed = np.ones_like(part), np.ones_like(part)
    for one, code in zip(terms, codes, strict=True):
        here = np.searchsorted(sales, code)
        which = [1 + goods.index(one.goods)] if one.goods else range(len(part))
        cells = np.ix_(np.asarray(which), here)
        if one.goods:
            part[cells] = np.maximum(part[cells], one.part)
        tariff[cells] += one.tariff
        export_tax[cells] += one.export_tax
        cost[cells] *= np.inf if one.closed else one.cost
        allowed[cells] *= 1.0 - one.cut
    part /= np.maximum(part.sum(axis=0), 1.0)
    part[0] = 1.0 - part.sum(axis=0)
    return Deals(
        np.stack(np.unravel_index(sales, shape)),
        part,
        tariff,
        export_tax,
        cost,
        allowed,
        rent,
        np.stack([np.concatenate([getattr(p, of) for p in made]) for of in ("countries", "sectors")])
        if made
        else np.zeros((2, 0), dtype=np.intp),
        np.concatenate([p.change for p in made]) if made else np.zeros(0),
    )


def priced(base: Base, these: Deals, z: Vector) -> Priced:
    """The deals with prices of the held parts raised by exp(z) (k,)."""
    n, i, j = these.at
    tau, e, theta = base.tau[n, i, j], base.e[n, i, j], base.theta[j]
    t, x, d = tau + these.tariff, e + these.export_tax, these.cost.copy()
    factor = np.exp(z)
    if these.rent == "importer":
        t[these.held] = (1.0 + t[these.held]) * factor - 1.0
    elif these.rent == "exporter":
        x[these.held] = (1.0 + x[these.held]) * factor - 1.0
    else:
        d[these.held] *= factor
    f = (1.0 + t) * (1.0 + x) * d / ((1.0 + tau) * (1.0 + e))
    weights = these.part * f**-theta
    W = weights.sum(axis=0)
    share = np.divide(weights, W, out=np.zeros_like(weights), where=W > 0)
    border, net = share / (1.0 + t), share / ((1.0 + t) * (1.0 + x))
    sold = W > 0
    crossing, got = (np.where(sold, a.sum(axis=0), 1.0) for a in (border, net))
    new_tau, new_e = np.where(sold, 1.0 / crossing - 1.0, tau), np.where(sold, crossing / got - 1.0, e)
    with np.errstate(divide="ignore"):
        rest = W ** (-1.0 / theta) * (1.0 + tau) * (1.0 + e) / ((1.0 + new_tau) * (1.0 + new_e))
    efficiency, price = _productive(base, these)
    still = unchanged(base)
    shock = Shock(
        _with(base.tau, these.at, new_tau),
        _with(base.e, these.at, new_e),
        _with(still.iceberg, these.at, np.where(np.abs(rest - 1.0) < NEXT_TO_ONE, 1.0, rest)),
        efficiency,
    )
    return Priced(these, shock, net / got, 1.0 / d, price)


def _productive(base: Base, these: Deals) -> tuple[Matrix, Matrix]:
    """Efficiency T = (1 + change)^theta and what it makes of prices, T^(-1/theta) (N, J)."""
    price = np.ones(base.X.shape)
    np.multiply.at(price, tuple(these.made), 1.0 / (1.0 + these.change))
    return price**-base.theta, price


def _with(cube: Cube, at: Index, values: Vector) -> Cube:
    """The cube with other values in some cells; itself where they are the same."""
    if np.array_equal(cube[tuple(at)], values):
        return cube
    made = cube.copy(order="K")
    made[tuple(at)] = values
    return made


def equilibrium(base: Base, these: Deals, start: Start | None = None, **options: Any) -> Found[Priced]:
    """The world under the deals, each held part by a price of its own; options as of `trade.solve.solve`.

    Raises CannotAnswer where no price meets what is allowed.
    """
    part, sale = these.held
    speed = 1.0 + base.theta[these.at[2][sale]]
    return held_down(
        base, lambda z: priced(base, these, z), these.allowed[part, sale], speed, start, **options
    )
