"""What happens to the economy: lost capacity, restrictions on sales, shifts of demand, destruction to be rebuilt.

Every event names industries (or buyers) and a path over time in [0, 1] (see `profiles`), by which its size is
multiplied. A path that ends before the run does is 0 from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zizhu.stress.passing import Hit, Part
from zizhu.tables.leontief import Index, Matrix, Vector

Combine = Literal["independent", "max"]


@dataclass(frozen=True)
class CapacityLoss:
    """Industries `rows` (k,), each once, lose the share `loss` in [0, 1] of capacity, one or (k,), times `path`."""

    rows: Index
    loss: float | Vector
    path: Vector


@dataclass(frozen=True)
class Restriction:
    """Sellers `rows` (k,) may not serve a share of what industries `buyers` (m,) order from them, each named once.

    The share is min(size cut, 1) times `path`. `destinations` (d,) are the countries whose final demand is cut as well
    (needs final demand by destination). cut: one, one a seller (k,), or one a seller and buyer (k, m + d), with the
    destinations last. `of` is the part of the sales that it is a share of, none for all of them, with shares as wide as
    cut may be. Several restrictions on one sale meet as `zizhu.stress.passing` says.
    """

    rows: Index
    buyers: Index
    cut: float | Vector | Matrix
    path: Vector
    destinations: Index | None = None
    size: float = 1.0
    of: tuple[Part, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Sellers k, and buyers and destinations m + d."""
        return len(self.rows), len(self.buyers) + (0 if self.destinations is None else len(self.destinations))

    @property
    def uneven(self) -> tuple[Matrix, ...]:
        """What differs by seller and buyer (k, m + d)."""
        return tuple(np.asarray(v) for v in (self.cut, *(p.share for p in self.of)) if np.ndim(v) == 2)

    def hit(self, rows: Index, columns: Index, of: Index, now: float) -> Hit:
        """What it stops in a step with `now` of its path, for its sellers at the places `rows` (k,) of a grid, and for
        those of its buyers, then destinations, at the places `of` (c,), which stand at `columns` (c,) of the grid."""
        cut = np.asarray(self.cut, dtype=float)
        stops = np.minimum(self.size * (cut[:, None] if cut.ndim == 1 else _at(cut, of)), 1.0) * now
        return Hit(rows, columns, stops, tuple(Part(p.name, _at(p.share, of)) for p in self.of))


def _at(share: float | Matrix, columns: Index) -> float | Matrix:
    return np.asarray(share)[:, columns] if np.ndim(share) == 2 else share


@dataclass(frozen=True)
class DemandShift:
    """Final demand for `rows` (k,) changes by the share `change` >= -1, one or (k,), times `path`."""

    rows: Index
    change: float | Vector
    path: Vector


@dataclass(frozen=True)
class Rebuilding:
    """Capital `destroyed` (m,) of the industries `rows`, out of `capital` (m,), is ordered anew.

    What is destroyed takes the share destroyed / capital of capacity away from step `onset`, and less as it is
    rebuilt. From step `start` the products `sectors` (K,) are ordered for it in the `shares` (K,), each by the
    suppliers' shares in the table, at `factor` / `tau` of what is still missing a step (Hallegatte 2008).
    """

    rows: Index
    destroyed: Vector
    capital: Vector
    sectors: Index
    shares: Vector
    tau: float
    onset: int
    start: int
    factor: float = 1.0


@dataclass(frozen=True)
class Shocks:
    """All that happens in one scenario. Losses of capacity that meet count as 1 - prod(1 - loss), or as the largest."""

    losses: tuple[CapacityLoss, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    demand: tuple[DemandShift, ...] = ()
    rebuilding: tuple[Rebuilding, ...] = ()
    combine: Combine = "independent"


def at(path: Vector, t: int) -> float:
    """The value of a path in step t."""
    return float(path[t]) if t < len(path) else 0.0


def capacity_lost(n: int, lost: Iterable[tuple[Index, float | Vector]], combine: Combine) -> Vector:
    """Delta (n,): share of capacity lost to all events of a step, given by rows and size."""
    if combine == "max":
        largest = np.zeros(n)
        for rows, size in lost:
            largest[rows] = np.maximum(largest[rows], size)
        return largest
    kept = np.ones(n)
    for rows, size in lost:
        kept[rows] *= 1.0 - np.asarray(size)
    return 1.0 - kept


def demand_factor(n: int, shifts: Iterable[DemandShift], t: int) -> Vector:
    """By what final demand (n,) is multiplied in step t."""
    factor = np.ones(n)
    for shift in shifts:
        factor[shift.rows] *= 1.0 + np.asarray(shift.change) * at(shift.path, t)
    return factor
