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

    A stretch is a part of a run where a seller lets the same share pass to all buyers. block (E, R): that of a run in a
    scenario; runs (E, R + 1): bounds of its stretches. Of all stretches (M,): begin and end in reading order, column in
    the block. rows (B, S + 1): bounds of the sellers of every product in a block. Of all sellers of all blocks (J,):
    seller, the country, and start of its shares (L,), which have a column for every stretch of the block.
    """

    block: Index
    runs: Index
    begin: Index
    end: Index
    column: Index
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
def gather_passing(
    Z: Any, i: int, lo: int, hi: int, cells: Any, e: int, r: int, both: Any, now: Any,
    u: Any, w: Any, sigma: Any, weights: Any, arriving: Any, pool: Any,
) -> None:  # fmt: skip
    """`gather` under the restrictions of a run: u both arrives, w (1 - sigma (1 - now)) counts in the pool.

    A seller whose share is the same for the whole run is gathered with the others, else apart, stretch by stretch.
    weights (2, C) is room to work in.
    """
    b, first, last = cells.block[e, r], cells.runs[e, r], cells.runs[e, r + 1]
    weights[0], weights[1] = u, w
    for j in range(cells.rows[b, i], cells.rows[b, i + 1]):
        p, c = cells.seller[j], cells.start[j] + cells.column[first]
        whole = last - first == 1
        weights[0, p] = u[p] * both[c] if whole else 0
        weights[1, p] = w[p] * (1 - sigma) + w[p] * sigma * now[c] if whole else 0
    gather(Z, i, lo, hi, weights[0], weights[1], arriving, pool)
    if last - first == 1:
        return
    for j in range(cells.rows[b, i], cells.rows[b, i + 1]):
        p = cells.seller[j]
        z, kept, moved = Z[p, i, lo:hi], w[p] * (1 - sigma), w[p] * sigma
        for k in range(first, last):
            c = cells.start[j] + cells.column[k]
            arrives, counts = u[p] * both[c], kept + moved * now[c]
            for m in range(max(lo, cells.begin[k]) - lo, min(hi, cells.end[k]) - lo):
                arriving[m] += z[m] * arrives
                pool[m] += z[m] * counts


@compiled
def ask_passing(
    Z: Any,
    i: int,
    lo: int,
    hi: int,
    cells: Any,
    e: int,
    r: int,
    placed: Any,
    asked: Any,
    sold: Any,
    barred: Any,
) -> None:
    """`ask` under the restrictions of a run: what is asked of sellers whom they concern goes to `barred` (L,) by
    stretch, for what passes of it is known in the next step alone. asked (C,) is room to work in."""
    b, first, last = cells.block[e, r], cells.runs[e, r], cells.runs[e, r + 1]
    asked[:] = 0.0
    ask(Z, i, lo, hi, placed, asked)
    for j in range(cells.rows[b, i], cells.rows[b, i + 1]):
        p = cells.seller[j]
        if last - first == 1:
            barred[cells.start[j] + cells.column[first]] += asked[p]
        else:
            z = Z[p, i, lo:hi]
            for k in range(first, last):
                total = 0.0
                for m in range(max(lo, cells.begin[k]) - lo, min(hi, cells.end[k]) - lo):
                    total += z[m] * placed[m]
                barred[cells.start[j] + cells.column[k]] += total
        asked[p] = 0.0
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
    stock: Any, g: Any, sold: Any, barred: Any, limit: Any, binding: Any, block: int,
) -> None:  # fmt: skip
    """Steps 5 to 8 of E scenarios. Z (C, S, n) by year; starts (R + 1,) and classes (R,) of runs of buyers; both, now
    (L,): what passes in restricted cells; U, sold (E, K, n) by class of buyers and seller; W (E, n); sigma (E, S);
    produced, aimed, limit, binding (E, n); T (S, n); empty (n,); rules (E,) which of the Q sets goal, slope,
    offset (Q, S, n) and restoring (Q, S) holds; stock, g (E, S, n); barred (L,).
    """
    countries, sectors = Z.shape[0], Z.shape[1]
    arriving, pool, placed = np.empty(block, Z.dtype), np.empty(block, Z.dtype), np.empty(block, Z.dtype)
    weights, asked = np.empty((2, countries), Z.dtype), np.empty(countries)
    limit[:] = np.inf
    sold[:] = 0.0
    barred[:] = 0.0
    for i in range(sectors):
        for r in range(len(classes)):
            for lo in range(starts[r], starts[r + 1], block):
                hi = min(lo + block, starts[r + 1])
                a, q, o = arriving[: hi - lo], pool[: hi - lo], placed[: hi - lo]
                for e in range(len(rules)):
                    k, s = classes[r], rules[e]
                    st = stock[e, i, lo:hi]
                    gather_passing(
                        Z, i, lo, hi, cells, e, r, both, now,
                        U[e, k, i::sectors], W[e, i::sectors], sigma[e, i], weights, a, q,
                    )  # fmt: skip
                    restock(
                        a, q, produced[e, lo:hi], aimed[e, lo:hi], T[i, lo:hi], goal[s, i, lo:hi],
                        restoring[s, i], empty[lo:hi], st, g[e, i, lo:hi], o,
                    )  # fmt: skip
                    bind(st, slope[s, i, lo:hi], offset[s, i, lo:hi], i, limit[e, lo:hi], binding[e, lo:hi])
                    ask_passing(Z, i, lo, hi, cells, e, r, o, asked, sold[e, k, i::sectors], barred)


@compiled
def place(Z: Any, starts: Any, classes: Any, cells: Any, g: Any, sold: Any, barred: Any) -> None:
    """What the orders of all buyers ask of every seller, without its weight: step 8 alone, at the start of a run."""
    sectors, asked = Z.shape[1], np.empty(Z.shape[0])
    sold[:] = 0.0
    barred[:] = 0.0
    for i in range(sectors):
        for r in range(len(classes)):
            lo, hi = starts[r], starts[r + 1]
            for e in range(len(g)):
                placed = g[e, i, lo:hi].astype(Z.dtype)
                ask_passing(Z, i, lo, hi, cells, e, r, placed, asked, sold[e, classes[r], i::sectors], barred)


@compiled
def pools(Z: Any, starts: Any, cells: Any, now: Any, e: int, W: Any, full: Any, passing: Any) -> None:
    """sum_p Z[p, i, c] W[p, i] and the same times what passes now, (S, n), where scenario e restricts a product."""
    sectors, one = Z.shape[1], Z.dtype.type(1)
    weights, all_of_it = np.empty((2, Z.shape[0]), Z.dtype), np.ones(len(now), Z.dtype)
    for i in range(sectors):
        for r in range(len(starts) - 1):
            b, lo, hi = cells.block[e, r], starts[r], starts[r + 1]
            if cells.rows[b, i] < cells.rows[b, i + 1]:
                w = W[i::sectors]
                gather_passing(
                    Z, i, lo, hi, cells, e, r, all_of_it, now,
                    w, w, one, weights, full[i, lo:hi], passing[i, lo:hi],
                )  # fmt: skip
