"""The model once more, slowly: whole matrices of orders and deliveries, straight from its equations.

Independent of the product: every sum is written out over an n x n matrix, nothing is shared but the inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from zizhu.tables.leontief import Matrix, Vector

Ration = Callable[[Vector, Matrix, Vector], tuple[Matrix, Vector]]
"""From supply (n,), orders (n, n) and final demand (n,) to the shares of both that are served."""


def proportional(supply: Vector, orders: Matrix, final: Vector) -> tuple[Matrix, Vector]:
    asked = orders.sum(axis=1) + final
    share = np.divide(supply, asked, out=np.zeros_like(asked), where=asked > 0)
    return np.repeat(share[:, None], len(share), axis=1), share


@dataclass
class Naive:
    """A table by step: Z0 (n, n), X0 (n,), y0 (n,), S sectors; weight (S, n): 1, .5 or 0 by input and buyer."""

    Z0: Matrix
    X0: Vector
    y0: Vector
    sectors: int
    weight: Matrix
    N: Vector
    psi: float = 0.8
    tau: float = 60.0
    alpha_max: float = 1.25
    tau_alpha: float = 365.0
    sigma: float = 1.0
    calm: float | None = None
    ration: Ration = proportional
    ledger: list[dict[str, Matrix]] = field(default_factory=list)

    def product(self, M: Matrix) -> Matrix:
        """Rows of a matrix summed over the sellers of a product, (S, n)."""
        return np.array([M[i :: self.sectors].sum(axis=0) for i in range(self.sectors)])

    def sellers(self, M: Matrix) -> Matrix:
        """Rows by product repeated for every seller, (n, n)."""
        return np.array([M[j % self.sectors] for j in range(len(self.X0))])

    def limit(self, planned: Vector, stock: Matrix, T: Matrix) -> Vector:
        """Production under the stocks, one industry and input after the other."""
        made = planned.copy()
        for c in range(len(planned)):
            for i in range(self.sectors):
                w, need = self.weight[i, c], T[i, c] * max(self.psi * self.N[i], 1.0)
                if w > 0 and need > 0:
                    made[c] = min(made[c], w * stock[i, c] / need + (1 - w) * self.X0[c])
        return made

    def run(
        self,
        steps: int,
        lost: Callable[[int], Vector],
        theta: Callable[[int], Matrix] | None = None,
        rebuild: tuple[Matrix, Vector, float, int] | None = None,
    ) -> Matrix:
        """Production (steps, n). `rebuild`: what is missing by seller and buyer (n, n), capital (n,), rate, start."""
        n, active = len(self.X0), self.X0 > 0
        orders = self.Z0 * active
        T = self.product(orders) / np.where(active, self.X0, 1.0)
        stock = self.X0 * T * self.N[:, None]
        before, alpha, made = np.ones((n, n)), np.ones(n), self.X0
        missing = np.zeros((n, n)) if rebuild is None else rebuild[0].copy()
        for t in range(steps):
            now = before if theta is None else theta(t)
            orders = np.where(
                before > 0, orders * np.minimum(now, before) / np.where(before > 0, before, 1), 0
            )
            again = np.zeros((n, n)) if rebuild is None or t < rebuild[3] else rebuild[2] * missing
            asked = self.y0 + again.sum(axis=1)
            tot = orders.sum(axis=1) + asked
            alpha = alpha if t == 0 else self.overproduction(alpha, tot, made)
            gone = lost(t) if rebuild is None else missing.sum(axis=0) / rebuild[1]
            cap = alpha * (1 - gone) * self.X0
            made = self.limit(np.minimum(tot, cap), stock, T)
            share, final = self.ration(made, orders, asked)
            delivered = orders * share
            missing = missing - again * final[:, None]
            use = np.minimum(made * T, stock + self.product(delivered))
            stock = stock + self.product(delivered) - use
            aimed = np.minimum(tot - again.sum(axis=1) * final, cap)
            wanted = np.maximum(aimed * T * self.N[:, None] - stock, 0) / self.tau + made * T
            orders, before = self.ordered(wanted, cap, now), now
            self.ledger.append({"made": made, "delivered": delivered, "unmet": self.y0 * (1 - final)})
        return np.array([entry["made"] for entry in self.ledger])

    def overproduction(self, alpha: Vector, tot: Vector, made: Vector) -> Vector:
        scarce = np.divide(tot - made, tot, out=np.zeros_like(tot), where=tot > 0)
        if self.calm is not None:
            scarce = np.where(scarce > self.calm, scarce, 0.0)
        moved = (self.alpha_max - alpha) * scarce + (1 - alpha) * (scarce == 0)
        return np.maximum(alpha + moved / self.tau_alpha, 1.0)

    def ordered(self, wanted: Matrix, cap: Vector, theta: Matrix) -> Matrix:
        """What is wanted (S, n), spread over the sellers (n, n)."""
        w = 1 - self.sigma + self.sigma * cap / np.where(self.X0 > 0, self.X0, 1.0)
        offered = self.Z0 * w[:, None]
        full, allowed = self.product(offered), self.product(offered * theta)
        pool = allowed + (1 - self.sigma) * (full - allowed)
        g = np.divide(wanted, pool, out=np.zeros_like(pool), where=pool > 0)
        return self.sellers(g) * offered * theta
