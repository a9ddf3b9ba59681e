"""Flows by cell, a cell being a product in a year: totals, concentration and the largest flow.

Notation: flows i of a cell have values v_i; S1 = sum v_i, S2 = sum v_i^2, HHI = S2 / S1^2 (Herfindahl-Hirschman
index, in (0, 1]; k equal flows have 1/k).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Flows:
    """n flows in `cells` cells: `cell` (n,), `partner` (n,) a number of the other trader, `value` (n,) above zero.

    `sd` (n,) is the standard deviation of a flow relative to its value.
    """

    cells: int
    cell: Index
    partner: Index
    value: Vector
    sd: Vector

    @cached_property
    def total(self) -> Vector:
        """S1 (cells,)."""
        return np.bincount(self.cell, self.value, self.cells).astype(float)

    @cached_property
    def hhi(self) -> Vector:
        """HHI (cells,), NaN where a cell has no flow."""
        squares = np.bincount(self.cell, self.value**2, self.cells)
        empty = np.full(self.cells, np.nan)
        return np.asarray(np.divide(squares, self.total**2, out=empty, where=self.total > 0))

    @cached_property
    def count(self) -> Index:
        """Flows of every cell (cells,)."""
        return np.bincount(self.cell, minlength=self.cells)

    @cached_property
    def position(self) -> Index:
        """The number of each flow among those of its cell (n,)."""
        order = np.argsort(self.cell, kind="stable")
        start = np.cumsum(self.count) - self.count
        place = np.empty_like(order)
        place[order] = np.arange(len(order)) - start[self.cell[order]]
        return place

    def of_cells(self, cells: Index) -> Flows:
        """The flows of these cells, which are numbered anew in this order."""
        number = np.full(self.cells, -1, dtype=np.intp)
        number[cells] = np.arange(len(cells))
        kept = number[self.cell] >= 0
        held = number[self.cell[kept]]
        return Flows(len(cells), held, self.partner[kept], self.value[kept], self.sd[kept])

    def largest(self, k: int) -> Index:
        """Positions (cells, k) of the k largest flows of every cell, equal ones by partner; -1 where it has fewer."""
        order = np.lexsort((self.partner, -self.value, self.cell))
        start = np.cumsum(self.count) - self.count
        held = np.arange(k) < self.count[:, None]
        place = np.full((self.cells, k), -1, dtype=np.intp)
        place[held] = order[(start[:, None] + np.arange(k))[held]]
        return place

    @cached_property
    def lead(self) -> tuple[Index, Vector]:
        """Partner with the largest flow of every cell (-1 without flows) and its share (NaN without)."""
        first = self.largest(1)[:, 0]
        some = first >= 0
        partner, share = np.full(self.cells, -1, dtype=np.intp), np.full(self.cells, np.nan)
        partner[some] = self.partner[first[some]]
        share[some] = self.value[first[some]] / self.total[some]
        return partner, share
