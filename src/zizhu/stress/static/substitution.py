"""What other suppliers of the same product can deliver in the place of sales that stop, within their spare capacity.

Buyer j looks for the share sigma of what it loses of product k among the other sellers of k that it already buys from,
in proportion to its purchases from them. A seller that is asked for more than its spare capacity serves everybody the
same share of what they ask; what it refuses is asked of the others, until everything is replaced or no seller that the
buyer knows has anything spare. Each round fills a seller or ends, so there are at most as many rounds as sellers.
Capacity is spare up to (alpha_max - 1) x_i, the overproduction of ARIO models (Hallegatte 2008), but what it may be is
the caller's. Own country first: the rounds are first held among sellers of the buyer's own country.

Not in it: what the suppliers need more of to produce more, prices, and new trade relations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from zizhu.stress.static.pooled import pooled
from zizhu.stress.static.stopped import Stopped
from zizhu.tables.leontief import Flows, Index, Matrix, Vector

First = Literal["home", "proportional"]
FIRST: tuple[First, ...] = get_args(First)
"""Who is asked first: sellers of the buyer's own country, or all in proportion to present purchases."""
CRUMB = 1e-12
"""Part of what is wanted, or of what is spare, below which it counts as nothing."""


@dataclass(frozen=True)
class Replacement:
    """In money: flows (p, m) that come in addition from nodes `suppliers` to the buyers `buyers`; gained (n,), what
    every node sells more; lost, replaced and remaining (K, n), what each buyer loses, finds and still lacks by product.
    """

    suppliers: Index
    buyers: Index
    flows: Matrix
    gained: Vector
    lost: Matrix
    replaced: Matrix
    remaining: Matrix


def replace(
    Z: Flows,
    stop: Stopped,
    product: Index,
    country: Index,
    spare: Vector,
    sigma: float | Vector,
    first: First = "proportional",
) -> Replacement:
    """Who steps in for the flows `stop`, and how far.

    `product` and `country` (n,) of every node, `spare` (n,) capacity in money, `sigma` in [0, 1] the share of lost
    inputs that can be replaced, one number or by product (K,). A seller that stops a sale to a buyer, be it in part,
    does not replace it.
    """
    n, count = len(product), int(product.max()) + 1
    suppliers = np.flatnonzero(np.isin(product, product[stop.rows]))
    group = product[suppliers]
    known = np.maximum(np.asarray(Z[np.ix_(suppliers, stop.columns)], dtype=float), 0.0)
    known[np.searchsorted(suppliers, stop.rows)] *= stop.flows == 0
    lost = pooled(stop.flows, product[stop.rows], count)
    wanted = lost * np.broadcast_to(sigma, count)[:, None]
    flows, left = np.zeros_like(known), spare[suppliers]
    home = country[suppliers][:, None] == country[stop.columns]
    for asked in (known * home, known * ~home) if first == "home" else (known,):
        more = _rounds(asked, group, wanted - pooled(flows, group, count), left)
        flows, left = flows + more, left - more.sum(axis=1)
    replaced = pooled(flows, group, count)
    replaced = np.where(replaced < lost * (1.0 - CRUMB), replaced, lost)
    gained = np.zeros(n)
    gained[suppliers] = flows.sum(axis=1)
    whole = [np.zeros((count, n)) for _ in range(3)]
    for of_all, found in zip(whole, (lost, replaced, lost - replaced), strict=True):
        of_all[:, stop.columns] = found
    return Replacement(suppliers, stop.columns, flows, gained, *whole)


def _rounds(known: Matrix, group: Index, wanted: Matrix, spare: Vector) -> Matrix:
    """Flows (p, m) that meet `wanted` (q, m) as far as the spare capacity (p,) of the sellers `known` (p, m) goes."""
    flows, given = np.zeros_like(known), np.zeros(len(spare))
    for _ in range(len(spare)):
        open_ = wanted - pooled(flows, group, len(wanted))
        open_ = np.where(open_ > CRUMB * wanted, open_, 0.0)
        asked = _asked(np.where((spare - given > CRUMB * spare)[:, None], known, 0.0), group, open_)
        demand, left = asked.sum(axis=1), np.maximum(spare - given, 0.0)
        if not demand.any():
            break
        served = asked * np.divide(left, demand, out=np.ones_like(left), where=demand > left)[:, None]
        flows, given = flows + served, given + served.sum(axis=1)
    return flows


def _asked(known: Matrix, group: Index, wanted: Matrix) -> Matrix:
    """What every buyer asks of every seller (p, m): its want, in proportion to its purchases from them."""
    whole = pooled(known, group, len(wanted))[group]
    share = np.divide(known, whole, out=np.zeros_like(known), where=whole > 0)
    return np.asarray(share * wanted[group])
