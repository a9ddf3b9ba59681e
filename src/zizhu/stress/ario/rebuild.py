"""Capital that is ordered anew: what is missing, by industry and product, and who is asked for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.shocks import Rebuilding
from zizhu.tables.leontief import Vector, reciprocal


@dataclass
class Damage:
    """The state of one event: missing (m, C, K), money of product k that industry c still needs of the sellers p.

    The sellers of a product are those of c's purchases of it, in these shares; where c buys none, those of the world.
    What a seller could not deliver is asked of it again.
    """

    event: Rebuilding
    missing: NDArray[np.float64]

    def lost(self, t: int) -> Vector:
        """Share of capacity (m,) that is missing in step t; 0 for industries without capital."""
        share = self.missing.sum(axis=(1, 2)) * reciprocal(self.event.capital)
        return np.asarray(np.minimum((t >= self.event.onset) * share, 1.0))

    def rate(self, t: int) -> float:
        """The share of what is missing that is ordered in step t."""
        return self.event.factor / self.event.tau if t >= self.event.start else 0.0

    def orders(self, t: int, sectors: int) -> Vector:
        """Demand (n,) of step t by seller."""
        asked = self.rate(t) * self.missing.sum(axis=0)
        found = np.zeros((sectors, len(asked)))
        np.add.at(found, self.event.sectors, asked.T)
        return np.ascontiguousarray(found.T).reshape(-1)

    def deliver(self, t: int, served: Vector, sectors: int) -> None:
        """Take what arrived in step t from what is missing; served (n,) is the share that every seller delivered."""
        share = served.reshape(-1, sectors)[:, self.event.sectors]
        self.missing = self.missing * (1.0 - self.rate(t) * share)


def damage(of: Economy, event: Rebuilding) -> Damage:
    """The state at the start of an event."""
    cells = of.Z[:, event.sectors][:, :, event.rows].astype(float)
    bought = cells.sum(axis=0)
    made = of.X0.reshape(of.countries, of.sectors)[:, event.sectors]
    usual = made * reciprocal(made.sum(axis=0))
    shares = np.where(bought > 0, cells * reciprocal(bought), usual[:, :, None])
    needed = np.multiply.outer(event.shares, event.destroyed)
    return Damage(event, np.ascontiguousarray((shares * needed).transpose(2, 0, 1)))
