"""The n x n part of a step in one read of Z: deliveries into stocks, pools of suppliers, new orders.

No matrix of orders exists. What buyer c orders of product i from country p is g[i, c] Z[p, i, c] w[p, i]: an intensity
of the buyer times a weight of the seller. So a block of buyers needs, while its cells are in the cache, two weighted
sums over suppliers (what arrives, whom it can turn to) and one sum over buyers (what is ordered of each seller).
All is vectorised along buyers. Sums over buyers are in double precision whatever Z is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zizhu.stress.ario.compiled import compiled

BLOCK = 1232
"""Buyers a block: the cells of one product, 44 suppliers times 1,232 buyers of 8 bytes, stay in a cache of 1 MiB."""

EMPTY = 1e-12
"""A pool below this share of what is bought in a quiet year has no supplier in it."""


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
    Z: Any, starts: Any, kinds: Any, U: Any, W: Any, produced: Any, aimed: Any, T: Any, empty: Any,
    rules: Any, goal: Any, slope: Any, offset: Any, restoring: Any,
    stock: Any, g: Any, sold: Any, limit: Any, binding: Any, block: int,
) -> None:  # fmt: skip
    """Steps 5 to 8 of E scenarios. Z (C, S, n) by year; starts (R + 1,) of runs of buyers; kinds (E, R) of runs;
    U, W, sold (E, K, n) by kind of buyer and seller; produced, aimed, limit, binding (E, n); T (S, n); empty (n,);
    rules (E,) which of the Q sets goal, slope, offset (Q, S, n) and restoring (Q, S) holds; stock, g (E, S, n).
    """
    sectors = Z.shape[1]
    arriving, pool, placed = np.empty(block, Z.dtype), np.empty(block, Z.dtype), np.empty(block, Z.dtype)
    limit[:] = np.inf
    sold[:] = 0.0
    for i in range(sectors):
        for r in range(len(starts) - 1):
            for lo in range(starts[r], starts[r + 1], block):
                hi = min(lo + block, starts[r + 1])
                a, q, o = arriving[: hi - lo], pool[: hi - lo], placed[: hi - lo]
                for e in range(len(kinds)):
                    k, s = kinds[e, r], rules[e]
                    st = stock[e, i, lo:hi]
                    gather(Z, i, lo, hi, U[e, k, i::sectors], W[e, k, i::sectors], a, q)
                    restock(
                        a, q, produced[e, lo:hi], aimed[e, lo:hi], T[i, lo:hi], goal[s, i, lo:hi],
                        restoring[s, i], empty[lo:hi], st, g[e, i, lo:hi], o,
                    )  # fmt: skip
                    bind(st, slope[s, i, lo:hi], offset[s, i, lo:hi], i, limit[e, lo:hi], binding[e, lo:hi])
                    ask(Z, i, lo, hi, o, sold[e, k, i::sectors])


@compiled
def place(Z: Any, starts: Any, kinds: Any, g: Any, sold: Any) -> None:
    """What the orders of all buyers ask of every seller, without its weight: step 8 alone, at the start of a run."""
    sectors = Z.shape[1]
    sold[:] = 0.0
    for i in range(sectors):
        for r in range(len(starts) - 1):
            lo, hi = starts[r], starts[r + 1]
            for e in range(len(kinds)):
                placed = g[e, i, lo:hi].astype(Z.dtype)
                ask(Z, i, lo, hi, placed, sold[e, kinds[e, r], i::sectors])


@compiled
def pools(Z: Any, starts: Any, kinds: Any, U: Any, W: Any, with_u: Any, with_w: Any) -> None:
    """sum_p Z[p, i, c] U[k, (p, i)] and the same with W, (S, n), for the runs of kind k >= 0; U, W (K, n)."""
    sectors = Z.shape[1]
    for i in range(sectors):
        for r in range(len(starts) - 1):
            k, lo, hi = kinds[r], starts[r], starts[r + 1]
            if k >= 0:
                gather(Z, i, lo, hi, U[k, i::sectors], W[k, i::sectors], with_u[i, lo:hi], with_w[i, lo:hi])
