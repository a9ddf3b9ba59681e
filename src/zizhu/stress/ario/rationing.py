"""Who is served first when an industry makes less than is ordered: tiers of buyers, in proportion within a tier.

Buyers fall into classes by sector; final demand and rebuilding are one more class. A rule orders the classes into
tiers. A tier is served in full as long as something is left; the tier that empties the shelf shares in proportion.
Deliveries always add up to production.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zizhu.tables.leontief import Index, Matrix, Vector

FINAL = -1
"""The class of final demand."""


@dataclass(frozen=True)
class Rationing:
    """`tiers` of classes, first served first; `sectors[k - 1]` is the buying sector of class k, all others are 0."""

    tiers: tuple[tuple[int, ...], ...]
    sectors: tuple[int, ...] = ()

    def class_of(self, sectors: int, countries: int) -> Index:
        """The class (n,) of every buying industry."""
        found = np.zeros(sectors, dtype=np.intp)
        for k, sector in enumerate(self.sectors, 1):
            found[sector] = k
        return np.tile(found, countries)

    @property
    def classes(self) -> int:
        return len(self.sectors) + 1


PROPORTIONAL = Rationing(((0, FINAL),))
"""All orders get the same share (Hallegatte 2008)."""
FINAL_FIRST = Rationing(((FINAL,), (0,)))
INTERMEDIATES_FIRST = Rationing(((0,), (FINAL,)))


def key_sectors(sectors: Sequence[int]) -> Rationing:
    """The named buying sectors in their order, then all others and final demand in proportion."""
    return Rationing((*((k,) for k in range(1, len(sectors) + 1)), (0, FINAL)), tuple(sectors))


def shares(rule: Rationing, supply: Vector, orders: Matrix, final: Vector) -> tuple[Matrix, Vector]:
    """Shares served of orders (K, n) by class and of final demand (n,), both >= 0, from supply (n,)."""
    served, served_final = np.zeros_like(orders), np.zeros_like(final)
    left = supply
    for tier in rule.tiers:
        asked = np.sum([final if k == FINAL else orders[k] for k in tier], axis=0)
        share = np.divide(left, asked, out=(asked > 0).astype(left.dtype), where=asked > left)
        left = np.maximum(left - share * asked, 0.0)
        for k in tier:
            if k == FINAL:
                served_final = share
            else:
                served[k] = share
    return served, served_final
