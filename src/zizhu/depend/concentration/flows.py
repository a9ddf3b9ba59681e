"""Flows by cell, a cell being a product in a year: totals, concentration and the largest flow.

Notation: flows i of a cell have values v_i; S1 = sum v_i, S2 = sum v_i^2, HHI = S2 / S1^2 (Herfindahl-Hirschman
index, in (0, 1]; k equal flows have 1/k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.herfindahl import hhi

Vector = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


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

    @property
    def _columns(self) -> tuple[NDArray[Any], ...]:
        return self.cell, self.partner, self.value, self.sd

    @cached_property
    def total(self) -> Vector:
        """S1 (cells,)."""
        return np.bincount(self.cell, self.value, self.cells).astype(float)

    @cached_property
    def hhi(self) -> Vector:
        """HHI (cells,), NaN where a cell has no flow."""
        return hhi(self.value, self.cell, self.cells)

    @cached_property
    def noise(self) -> Vector:
        """Standard deviation of the total relative to it (cells,), NaN where a cell has no flow."""
        variance = np.bincount(self.cell, (self.value * self.sd) ** 2, self.cells)
        total = self.total
        return np.asarray(
            np.divide(np.sqrt(variance), total, out=np.full(self.cells, np.nan), where=total > 0)
        )

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

    def where(self, kept: Mask) -> Flows:
        """The flows (n,) that are `kept`, in the same cells."""
        return Flows(self.cells, *(column[kept] for column in self._columns))

    def beside(self, other: Flows) -> Flows:
        """The flows of both, which have other partners of the same cells and are each in order of cell and partner."""
        count = 1 + max(self.partner.max(initial=0), other.partner.max(initial=0))
        place = np.searchsorted(self.cell * count + self.partner, other.cell * count + other.partner)
        return Flows(
            self.cells,
            *(np.insert(mine, place, its) for mine, its in zip(self._columns, other._columns, strict=True)),
        )

    def largest(self, k: int) -> Index:
        """Positions (cells, k) of the k largest flows of every cell, equal ones by partner; -1 where it has fewer."""
        order = self._by_size
        start = np.cumsum(self.count) - self.count
        held = np.arange(k) < self.count[:, None]
        place = np.full((self.cells, k), -1, dtype=np.intp)
        place[held] = order[(start[:, None] + np.arange(k))[held]]
        return place

    @cached_property
    def _by_size(self) -> Index:
        return np.lexsort((self.partner, -self.value, self.cell))

    @cached_property
    def lead(self) -> tuple[Index, Vector]:
        """Partner with the largest flow of every cell (-1 without flows) and its share (NaN without)."""
        first = self.largest(1)[:, 0]
        some = first >= 0
        partner, share = np.full(self.cells, -1, dtype=np.intp), np.full(self.cells, np.nan)
        partner[some] = self.partner[first[some]]
        share[some] = self.value[first[some]] / self.total[some]
        return partner, share


def stacked(parts: Sequence[Flows]) -> Flows:
    """The flows of all parts, the cells of each numbered after those of the parts before it."""
    counts = [part.cells for part in parts]
    offset = np.repeat(np.cumsum(counts) - counts, [len(part.cell) for part in parts])
    cell, partner, value, sd = (np.concatenate(c) for c in zip(*(p._columns for p in parts), strict=True))
    return Flows(sum(counts), np.asarray(cell + offset, np.intp), partner, value, sd)


def summed(cells: int, cell: Index, partner: Index, value: Vector, variance: Vector) -> Flows:
    """Flows by cell and partner, out of rows (n,) with the variance of their values."""
    count = 1 + int(partner.max(initial=0))
    place = cell * count + partner
    values, variances = (np.bincount(place, column, cells * count) for column in (value, variance))
    held = np.flatnonzero(values > 0)
    sd = np.sqrt(variances[held]) / values[held]
    return Flows(cells, held // count, held % count, values[held].astype(float), sd)
