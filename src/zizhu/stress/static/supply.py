"""The supply side: how far production falls when capacity is lost or sales stop, by bounded rationing.

Every buyer keeps the orders of the table. A seller that makes less than it has sold rations its orders; a buyer makes
no more than the scarcest of its inputs allows. With l (n,) the shares of output lost, loop until nothing changes:
    missing_i = max(0, x_i l_i - stopped_i)                     what i has sold and does not have; goods it may no
                                                                longer sell to one buyer serve the others
    short_i   = what missing_i takes from i's orders, by the rule of rationing
    lost_kj   = sum over sellers i of product k of stopped_ij + short_i (Z_ij - stopped_ij)
    l_j       = max(capacity lost_j, max over k of e_kj (lost_kj / Z_kj - s_kj) / (1 - s_kj))
Sellers of one product replace each other in a buyer's purchases Z_kj (as the stocks of ARIO models do), but none sells
more than in the table; `zizhu.stress.static.substitution` says what they could. e_kj is 1 for an input that production
cannot do without, 0 for one it can, .5 for one whose lack costs half (the classes of Pichler, Pangallo,
del Rio-Chanona, Lafond and Farmer 2021, "In and out of lockdown", INET Oxford 2021-18). s_kj is the share of an input
that production can spare or replace by other products.

Every step is non-decreasing in l and continuous, and l starts at the capacity lost: the losses rise from step to step,
are bounded by one and so converge, to the least losses that satisfy all equations (Knaster-Tarski, Kleene): the largest
production that the rule allows. Where plain steps creep, `zizhu.stress.static.newton` takes longer ones below the same
limit. It is feasible, so it never exceeds the best allocation, the linear programme that maximises output subject to
capacities, orders and inputs. Rules and comparison with that programme: Pichler and Farmer 2021, "Simultaneous supply
and demand constraints in input-output networks", Economic Systems Research, doi 10.1080/09535314.2021.1926934; there
orders fall with production, and losses may fall again from step to step. Here they do not, which errs on the side of
larger losses. Where final customers do not give way, all inputs are essential and none is spared, one scarce product
can stop all who are linked: ration by "intermediates" unless a worst case is wanted. Not in it: stocks, prices, time,
and customers lost (`zizhu.stress.static.demand`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from zizhu.stress.static.newton import further
from zizhu.stress.static.pooled import pooled
from zizhu.stress.static.stopped import Stopped, nothing
from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector, reciprocal
from zizhu.tables.threads import one_thread
from zizhu.vocab.problems import CannotAnswer, Problem

Rationing = Literal["intermediates", "proportional", "final"]
RATIONING: tuple[Rationing, ...] = get_args(Rationing)
"""Whose orders are served first: industries', everybody's in proportion, or final customers'."""
TOLERANCE = 1e-12
"""Largest step of a share of output at which the losses stand still."""
MOST_STEPS = 2_000
PLAIN_STEPS = 8
"""Steps between two of Newton's (`zizhu.stress.static.newton`), or after twice as many where it does not help."""


@dataclass(frozen=True)
class Needs:
    """What the nodes of a table sell and need.

    Z (n, n) flows; x (n,) output; product (n,) number of the product that a node sells, below K;
    essential (K, n) and spared (K, n): e and s of every input product of every buyer, in [0, 1] and [0, 1).
    A seller's final sales are x - Z1; where they are negative, its stocks serve orders beside its output.
    """

    Z: Flows
    x: Vector
    product: Index
    essential: Matrix
    spared: Matrix

    @cached_property
    def by_product(self) -> tuple[tuple[Index, Matrix], ...]:
        """The sellers of every product, and their flows as contiguous float64: 8 n^2 bytes, made once."""
        sellers = (np.flatnonzero(self.product == k) for k in range(len(self.essential)))
        return tuple((rows, np.asarray(self.Z[rows], dtype=float)) for rows in sellers)

    @cached_property
    def bought(self) -> Matrix:
        """Z_kj (K, n): purchases of every product by every buyer."""
        return self.pooled(np.ones(len(self.x)))

    @cached_property
    def per_bought(self) -> Matrix:
        """1 / Z_kj (K, n), zero where nothing is bought."""
        return reciprocal(np.maximum(self.bought, 0.0))

    @cached_property
    def rate(self) -> Matrix:
        """e / (1 - s) (K, n): what the lack of an input costs beyond what is spared."""
        return self.essential / (1.0 - self.spared)

    @cached_property
    def cost(self) -> Matrix:
        """The share of output (K, n) that one unit of money of a lacking input costs."""
        return self.rate * self.per_bought

    @cached_property
    def ordered(self) -> Vector:
        """Orders of industries by seller (n,)."""
        return np.asarray(self.Z.sum(axis=1, dtype=float))

    def pooled(self, share: Vector) -> Matrix:
        """The share (n,) of every seller's flows, by product and buyer (K, n)."""
        found = np.zeros_like(self.essential)
        for k, (rows, flows) in enumerate(self.by_product):
            some = np.flatnonzero(share[rows])
            if len(some):  # mostly few sellers are short: the others' flows are not read
                found[k] = share[rows[some]] @ (flows if len(some) == len(rows) else flows[some])
        return found

    def pooled_stop(self, stop: Stopped, share: Vector) -> Matrix:
        """The share (n,) of every seller's sales that have stopped, by product and buyer (K, n)."""
        found = np.zeros_like(self.essential)
        if not share[stop.rows].any():
            return found
        sellers = self.product[stop.rows]
        found[:, stop.columns] = pooled(stop.flows, sellers, len(self.essential), share[stop.rows])
        return found


@dataclass(frozen=True)
class Shock:
    """What happens: capacity_lost (n,) in [0, 1]; sales of inputs that stop; final sales that stop (n,) in money;
    replaced (K, n) in money, what others deliver in the place of sales that stop. None is nothing.
    """

    capacity_lost: Vector | None = None
    stop: Stopped = field(default_factory=nothing)
    final_cut: Vector | None = None
    replaced: Matrix | None = None


@dataclass(frozen=True)
class Shortage:
    """Losses (n,) by node. `lost_share` of output and `lost_output` in money; `short`, the share of the orders still
    open that a seller does not deliver to industries; `delivered` and `final_delivered` in money; `bottleneck`, the
    product that binds, -1 where it is capacity or nothing; `steps` until the last change was at most `change`.
    """

    lost_share: Vector
    lost_output: Vector
    short: Vector
    delivered: Vector
    final_delivered: Vector
    bottleneck: Index
    steps: int
    change: float


@dataclass(frozen=True)
class Orders:
    """What is still ordered from every seller (n,) after sales have stopped, and the sales stopped."""

    industries: Vector
    final: Vector
    stopped: Vector

    def unserved(self, lost: Vector, rule: Rationing) -> tuple[Vector, Vector]:
        """Orders of industries and of final customers (n,) that a loss of output `lost` (n,) leaves without goods."""
        missing = np.clip(lost - self.stopped, 0.0, self.industries + self.final)
        if rule == "proportional":
            share = missing * reciprocal(self.industries + self.final)
            return share * self.industries, share * self.final
        if rule == "intermediates":
            final = np.minimum(missing, self.final)
            return missing - final, final
        industries = np.minimum(missing, self.industries)
        return industries, missing - industries

    def slope(self, x: Vector, rule: Rationing) -> Vector:
        """How the share of industries' orders unserved (n,) grows with that of output lost, once something lacks."""
        return x * reciprocal(self.industries + (self.final if rule == "proportional" else 0.0))


def shortage(needs: Needs, shock: Shock, rule: Rationing = "intermediates") -> Shortage:
    """The least losses at which everybody's output, orders and inputs agree. Raises CannotAnswer when they creep on."""
    orders, direct = _orders(needs, shock), _stopped_inputs(needs, shock)
    capacity = np.zeros(len(needs.x)) if shock.capacity_lost is None else shock.capacity_lost
    capacity = np.where(needs.x > 0, capacity, 0.0)
    lost, short, turn = capacity, _short(needs, orders, capacity, rule), PLAIN_STEPS
    for step in range(1, MOST_STEPS + 1):
        by_input = _by_input(needs, direct + _undelivered(needs, shock.stop, short))
        now = np.maximum(lost, by_input.max(axis=0))
        lost, change = now, float((now - lost).max(initial=0.0))
        if change <= TOLERANCE:
            return _shortage(needs, orders, lost, capacity, by_input, rule, step, change)
        plain = longer = _short(needs, orders, lost, rule)
        if step == turn and rule != "final":
            binding, slope = _binding(by_input, capacity), orders.slope(needs.x, rule)
            longer = further(needs.Z, shock.stop, needs.product, needs.cost, binding, slope, short, plain)
            turn = step + PLAIN_STEPS if longer is not plain else 2 * step
        short = longer
    raise CannotAnswer(
        Problem(
            f"losses still rise by {change:.1e} of output after {MOST_STEPS:,} steps",
            f"{rule} rationing",
            f"steps below {TOLERANCE:.0e}",
            "Serve industries first, or let production spare a share of its inputs.",
        )
    )


def first_tier(needs: Needs, shock: Shock) -> Vector:
    """Output lost (n,) to capacity and to the inputs that stop, before anybody who lacks them rations others."""
    capacity = np.zeros(len(needs.x)) if shock.capacity_lost is None else shock.capacity_lost
    by_input = _by_input(needs, _stopped_inputs(needs, shock))
    return np.asarray(needs.x * np.maximum(capacity, by_input.max(axis=0)))


def _orders(needs: Needs, shock: Shock) -> Orders:
    final = np.maximum(needs.x - needs.ordered, 0.0)
    sales = shock.stop.sales(len(needs.x))
    final_cut = np.zeros(len(needs.x)) if shock.final_cut is None else shock.final_cut
    return Orders(needs.ordered - sales, final - final_cut, sales + final_cut)


def _stopped_inputs(needs: Needs, shock: Shock) -> Matrix:
    """Inputs (K, n) that stop and that nobody replaces."""
    lost = needs.pooled_stop(shock.stop, np.ones(len(needs.x)))
    return lost if shock.replaced is None else np.maximum(lost - shock.replaced, 0.0)


def _short(needs: Needs, orders: Orders, lost: Vector, rule: Rationing) -> Vector:
    """The share (n,) of open orders of industries that every seller leaves unserved."""
    return orders.unserved(needs.x * lost, rule)[0] * reciprocal(orders.industries)


def _undelivered(needs: Needs, stop: Stopped, short: Vector) -> Matrix:
    """Inputs (K, n) that are ordered and do not come, of sales that have not stopped."""
    with one_thread():
        return needs.pooled(short) - needs.pooled_stop(stop, short)


def _by_input(needs: Needs, lost: Matrix) -> Matrix:
    """The share of output (K, n) that the lack of each input product costs its buyer."""
    share = np.minimum(lost * needs.per_bought, 1.0)
    return needs.rate * np.maximum(share - needs.spared, 0.0)


def _binding(by_input: Matrix, capacity: Vector) -> Index:
    """The product that binds every node (n,), -1 where its capacity does or nothing."""
    return np.where(by_input.max(axis=0) > capacity, by_input.argmax(axis=0), -1)


def _shortage(
    needs: Needs,
    orders: Orders,
    lost: Vector,
    capacity: Vector,
    by_input: Matrix,
    rule: Rationing,
    steps: int,
    change: float,
) -> Shortage:
    industries, final = orders.unserved(needs.x * lost, rule)
    return Shortage(
        lost_share=lost,
        lost_output=needs.x * lost,
        short=industries * reciprocal(orders.industries),
        delivered=orders.industries - industries,
        final_delivered=orders.final - final,
        bottleneck=_binding(by_input, capacity),
        steps=steps,
        change=change,
    )


def ghosh(lu: LU, x: Vector, nodes: Index, lost: Vector) -> Vector:
    """Output lost (n,) downstream in the model of Ghosh when the k `nodes` lose `lost` (k,) in all.

    x_j (lost_K / x_K)' L_KK^-1 L_Kj: a node loses the average of its inputs' losses by their part in its costs, as if
    inputs replaced each other and primary inputs freely (Oosterhaven 1988 on why that is implausible). With
    proportional rationing and inputs that are all essential no node loses less: Ghosh bounds that shortage from below.
    """
    with one_thread():
        L = lu.inverse[nodes] if "inverse" in lu.__dict__ else lu.solve_transposed(np.eye(len(x))[:, nodes]).T
        weight = np.linalg.solve(L[:, nodes].T, lost * reciprocal(x)[nodes])
        return np.asarray(x * (weight @ L))
