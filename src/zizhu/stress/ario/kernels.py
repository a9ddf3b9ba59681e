"""The n x n part of a step in one read of Z: deliveries into stocks, pools of suppliers, new orders.

No matrix of orders exists. What buyer c orders of product i from country p is g[i, c] Z[p, i, c] w[p, i]: an intensity
of the buyer times a weight of the seller. So a block of buyers needs, while its cells are in the cache, two weighted
sums over suppliers (what arrives, whom it can turn to) and one sum over buyers (what is ordered of each seller).
All is vectorised along buyers. Sums over buyers are in double precision whatever Z is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zizhu.stress.ario.compiled import compiled
from zizhu.tables.leontief import Index

BLOCK = 1232
"""Buyers a block: the cells of one product, 44 suppliers times 1,232 buyers of 8 bytes, stay in a cache of 1 MiB."""

EMPTY = 1e-12
"""A pool below this share of what is bought in a quiet year has no supplier in it."""


class Cells(NamedTuple):
    """Where restricted cells are: B blocks of sellers and buyers, block 0 without any.

    block, offset (E, R): the block that a run of buyers is of in a scenario, and the place of its first buyer there.
    rows (B, S + 1): bounds of the sellers of every product in a block. Of all sellers of all blocks (J,): `seller` is
    the country, `start` where the shares that pass to the block's buyers begin.
    """

    block: Index
    offset: Index
    rows: Index
    seller: Index
    start: Index


@compiled
def add_four(z0: Any, z1: Any, z2: Any, z3: Any, u: Any, w: Any, arriving: Any, pool: Any) -> None:
    """Add four suppliers' cells (m,), weighted by u and by w, to two sums (m,)."""
    u0, u1, u2, u3 = u[0], u[1], u[2], u[3]
    w0, w1, w2, w3 = w[0], w[1], w[2], w[3]
    for j in range(len(arriving)):
        a, b, c, d = z0[j], z1[j], z2[j], z3[j]
        arriving[j] += a * u0 + b * u1 + c * u2 + d * u3
        pool[j] += a * w0 + b * w1 + c * w2 + d * w3


@compiled
def add_one(z: Any, u: Any, w: Any, arriving: Any, pool: Any) -> None:
    for j in range(len(arriving)):
        arriving[j] += z[j] * u
        pool[j] += z[j] * w


@compiled
def dot(z: Any, g: Any) -> Any:
    total = z.dtype.type(0)
    for j in range(len(g)):
        total += z[j] * g[j]
    return total


@compiled
def dot_three(z: Any, share: Any, g: Any) -> Any:
    total = 0.0
    for j in range(len(g)):
        total += z[j] * share[j] * g[j]
    return total


@compiled
def dot_four(z0: Any, z1: Any, z2: Any, z3: Any, g: Any) -> Any:
    """Four suppliers' cells (m,) times g (m,), which is loaded once for all."""
    zero = g.dtype.type(0)
    a, b, c, d = zero, zero, zero, zero
    for j in range(len(g)):
        placed = g[j]
        a += z0[j] * placed
        b += z1[j] * placed
        c += z2[j] * placed
        d += z3[j] * placed
    return a, b, c, d


@compiled
def ask(Z: Any, i: int, lo: int, hi: int, placed: Any, sold: Any) -> None:
    """Add sum_c Z[p, i, c] placed[c], for buyers lo..hi, to what is asked of the sellers of product i; sold (C,)."""
    countries = Z.shape[0]
    whole = countries - countries % 4
    for p in range(0, whole, 4):
        a, b, c, d = dot_four(
            Z[p, i, lo:hi], Z[p + 1, i, lo:hi], Z[p + 2, i, lo:hi], Z[p + 3, i, lo:hi], placed
        )
        sold[p] += a
        sold[p + 1] += b
        sold[p + 2] += c
        sold[p + 3] += d
    for p in range(whole, countries):
        sold[p] += dot(Z[p, i, lo:hi], placed)


@compiled
def gather(Z: Any, i: int, lo: int, hi: int, u: Any, w: Any, arriving: Any, pool: Any) -> None:
    """sum_p Z[p, i, c] u[p] and the same with w, for buyers lo..hi; u and w (C,)."""
    countries = Z.shape[0]
    arriving[:] = 0
    pool[:] = 0
    whole = countries - countries % 4
    for p in range(0, whole, 4):
        add_four(
            Z[p, i, lo:hi],
            Z[p + 1, i, lo:hi],
            Z[p + 2, i, lo:hi],
            Z[p + 3, i, lo:hi],
            u[p : p + 4],
            w[p : p + 4],
            arriving,
            pool,
        )
    for p in range(whole, countries):
        add_one(Z[p, i, lo:hi], u[p], w[p], arriving, pool)


@compiled
def add_passing(
    z: Any, both: Any, now: Any, u: Any, kept: Any, opened: Any, arriving: Any, pool: Any
) -> None:
    """Add a restricted seller's cells (m,): deliveries u both, and in the pool kept + opened now."""
    for j in range(len(arriving)):
        arriving[j] += z[j] * both[j] * u
        pool[j] += z[j] * (kept + opened * now[j])


@compiled
def without(weights: Any, sellers: Any, found: Any) -> None:
    """Weights (C,) of the sellers of a product, 0 for some of them."""
    for p in range(len(found)):
        found[p] = weights[p]
    for j in range(len(sellers)):
        found[sellers[j]] = 0


@compiled
def ask_without(Z: Any, i: int, lo: int, hi: int, placed: Any, sellers: Any, asked: Any, sold: Any) -> None:
    """What `ask` adds to sold (C,), for all but some sellers; asked (C,) is room to work in."""
    asked[:] = 0.0
    ask(Z, i, lo, hi, placed, asked)
    for j in range(len(sellers)):
        asked[sellers[j]] = 0.0
    for p in range(len(asked)):
        sold[p] += asked[p]


@compiled
def restock(
    arriving: Any,
    pool: Any,
    produced: Any,
    aimed: Any,
    T: Any,
    goal: Any,
    restoring: float,
    empty: Any,
    stock: Any,
    g: Any,
    placed: Any,
) -> None:
    """Deliveries in, use out, and the intensity of new orders; all (m,) for one product and a block of buyers.

    stock += g arriving - produced T;  g = (max(aimed T N - stock, 0) / tau + produced T) / pool
    """
    for j in range(len(stock)):
        use = produced[j] * T[j]
        left = max(stock[j] + g[j] * arriving[j] - use, 0.0)
        stock[j] = left
        wanted = max(aimed[j] * goal[j] - left, 0.0) * restoring + use
        intensity = wanted / pool[j] if pool[j] > empty[j] * T[j] else 0.0
        g[j] = intensity
        placed[j] = intensity


@compiled
def bind(stock: Any, slope: Any, offset: Any, i: int, limit: Any, binding: Any) -> None:
    """Lower the limits (m,) of production to what the stock of product i allows, and keep which product it was."""
    for j in range(len(stock)):
        allowed = stock[j] * slope[j] + offset[j]
        if allowed < limit[j]:
            limit[j] = allowed
            binding[j] = i


@compiled
def exchange(
    Z: Any, starts: Any, classes: Any, cells: Any, both: Any, now: Any,
    U: Any, W: Any, sigma: Any, produced: Any, aimed: Any, T: Any, empty: Any,
    rules: Any, goal: Any, slope: Any, offset: Any, restoring: Any,
    stock: Any, g: Any, sold: Any, limit: Any, binding: Any, block: int,
) -> None:  # fmt: skip
    """Steps 5 to 8 of E scenarios. Z (C, S, n) by year; starts (R + 1,) and classes (R,) of runs of buyers; cells and
    what passes them; U, sold (E, K, n) by class of buyers and seller; W (E, n); sigma (E, S); produced, aimed, limit,
    binding (E, n); T (S, n); empty (n,); rules (E,) which of the Q sets goal, slope, offset (Q, S, n) and restoring
    (Q, S) holds; stock, g (E, S, n).

    Restricted cells are not in `sold`: what they let pass is known in the next step alone (`passed`).
    """
    countries, sectors = Z.shape[0], Z.shape[1]
    arriving, pool, placed = np.empty(block, Z.dtype), np.empty(block, Z.dtype), np.empty(block, Z.dtype)
    u, w, asked = np.empty(countries, Z.dtype), np.empty(countries, Z.dtype), np.empty(countries)
    limit[:] = np.inf
    sold[:] = 0.0
    for i in range(sectors):
        for r in range(len(classes)):
            for lo in range(starts[r], starts[r + 1], block):
                hi = min(lo + block, starts[r + 1])
                a, q, o = arriving[: hi - lo], pool[: hi - lo], placed[: hi - lo]
                for e in range(len(rules)):
                    s, b = rules[e], cells.block[e, r]
                    first, last = cells.rows[b, i], cells.rows[b, i + 1]
                    restricted = cells.seller[first:last]
                    ue, we, st = U[e, classes[r], i::sectors], W[e, i::sectors], stock[e, i, lo:hi]
                    without(ue, restricted, u)
                    without(we, restricted, w)
                    gather(Z, i, lo, hi, u, w, a, q)
                    for j in range(first, last):
                        p, c = cells.seller[j], cells.start[j] + cells.offset[e, r] + lo - starts[r]
                        moved = we[p] * sigma[e, i]
                        add_passing(
                            Z[p, i, lo:hi], both[c : c + hi - lo], now[c : c + hi - lo],
                            ue[p], we[p] - moved, moved, a, q,
                        )  # fmt: skip
                    restock(
                        a, q, produced[e, lo:hi], aimed[e, lo:hi], T[i, lo:hi], goal[s, i, lo:hi],
                        restoring[s, i], empty[lo:hi], st, g[e, i, lo:hi], o,
                    )  # fmt: skip
                    bind(st, slope[s, i, lo:hi], offset[s, i, lo:hi], i, limit[e, lo:hi], binding[e, lo:hi])
                    ask_without(Z, i, lo, hi, o, restricted, asked, sold[e, classes[r], i::sectors])


@compiled
def place(Z: Any, starts: Any, classes: Any, cells: Any, g: Any, sold: Any) -> None:
    """What the orders of all buyers ask of every seller, without its weight: step 8 alone, at the start of a run."""
    sectors, asked = Z.shape[1], np.empty(Z.shape[0])
    sold[:] = 0.0
    for i in range(sectors):
        for r in range(len(classes)):
            lo, hi = starts[r], starts[r + 1]
            for e in range(len(g)):
                b = cells.block[e, r]
                restricted = cells.seller[cells.rows[b, i] : cells.rows[b, i + 1]]
                placed = g[e, i, lo:hi].astype(Z.dtype)
                ask_without(Z, i, lo, hi, placed, restricted, asked, sold[e, classes[r], i::sectors])


@compiled
def passed(Z: Any, starts: Any, classes: Any, cells: Any, both: Any, g: Any, sold: Any) -> None:
    """Add to sold (E, K, n) what orders ask in restricted cells, as far as it passes."""
    sectors = Z.shape[1]
    for e in range(len(g)):
        for r in range(len(classes)):
            b, lo, hi = cells.block[e, r], starts[r], starts[r + 1]
            for i in range(sectors):
                for j in range(cells.rows[b, i], cells.rows[b, i + 1]):
                    p, c = cells.seller[j], cells.start[j] + cells.offset[e, r]
                    sold[e, classes[r], p * sectors + i] += dot_three(
                        Z[p, i, lo:hi], both[c : c + hi - lo], g[e, i, lo:hi]
                    )


@compiled
def pools(Z: Any, starts: Any, cells: Any, now: Any, e: int, W: Any, full: Any, passing: Any) -> None:
    """sum_p Z[p, i, c] W[p, i] and the same times what passes now, (S, n), where scenario e restricts a product."""
    countries, sectors = Z.shape[0], Z.shape[1]
    w, open_, none = np.empty(countries, Z.dtype), np.empty(countries, Z.dtype), Z.dtype.type(0)
    for i in range(sectors):
        w[:] = W[i::sectors]
        for r in range(len(starts) - 1):
            b, lo, hi = cells.block[e, r], starts[r], starts[r + 1]
            first, last = cells.rows[b, i], cells.rows[b, i + 1]
            if first < last:
                without(w, cells.seller[first:last], open_)
                gather(Z, i, lo, hi, w, open_, full[i, lo:hi], passing[i, lo:hi])
            for j in range(first, last):
                p, c = cells.seller[j], cells.start[j] + cells.offset[e, r]
                theta = now[c : c + hi - lo]
                add_passing(Z[p, i, lo:hi], theta, theta, none, none, w[p], full[i, lo:hi], passing[i, lo:hi])
