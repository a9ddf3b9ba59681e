"""A table cut into regions, and the blocks that decompositions of exports are made of.

Notation (Wang, Wei and Zhu 2013; Borin and Mancini 2019): n nodes in C regions s, r, t; A = Z diag(x)^-1,
B = (I - A)^-1 with blocks B_sr, L_s = (I - A_ss)^-1, v value added per unit of output, V_s its part of region s,
Y (n, C) final demand by region of destination, E_sr = A_sr x_r + Y_sr exports of s to r, E_s their sum over r != s.
A region is a country or any set of nodes that counts as one: its parts are merged after the inversion.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from zizhu.tables.content import value_added_content
from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector, factor, reciprocal
from zizhu.tables.threads import one_thread


@dataclass(frozen=True)
class World:
    """All that is shared by the regions of a table; what an answer does not need is never made.

    Z (n, n), x (n,), v (n,), Y (n, C), region (n,) with numbers 0..C-1, lu of I - A. Rows are to balance,
    x = A x + Y1: the terms of WWZ and KWW then add up to exports. Sales to an industry without output are no inputs
    and belong into Y. Memory stays within a few (n, C).
    """

    Z: Flows
    x: Vector
    v: Vector
    Y: Matrix
    region: Index
    lu: LU
    _own: dict[int, Matrix] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        return int(self.Y.shape[1])

    @cached_property
    def rows(self) -> tuple[Index, ...]:
        """The nodes of every region."""
        return tuple(np.flatnonzero(self.region == r) for r in range(self.count))

    @cached_property
    def contained(self) -> Matrix:
        """H (C, n): H[t, j] = sum over i in t of v_i B_ij, the rows V_t B_t."""
        return value_added_content(self.lu, self.v, self.region, self.count)

    @cached_property
    def apart(self) -> Vector:
        """(n,): what is nobody's value added in one unit of a sale.

        Taxes and other inputs that the table keeps apart; all of it where an industry without output sells.
        """
        return np.asarray(1.0 - self.contained.sum(axis=0))

    @cached_property
    def exports(self) -> Matrix:
        """E (n, C): exports of every node to every region, 0 to its own."""
        active = (j[self.x[j] != 0] for j in self.rows)
        sold = np.stack([self.Z[:, j].sum(axis=1, dtype=float) for j in active], axis=1) + self.Y
        sold[np.arange(len(sold)), self.region] = 0.0
        return sold

    @cached_property
    def home_final(self) -> Vector:
        """Y_rr (n,): what every node sells to final demand of its own region."""
        return np.asarray(self.Y[np.arange(len(self.Y)), self.region])

    @cached_property
    def for_final(self) -> Matrix:
        """Q (n, C) = B Y: output behind the final demand of every region."""
        return self.lu.solve(self.Y)

    @cached_property
    def for_home(self) -> Matrix:
        """(n, C): column t is B_rt Y_tt in the rows of every r."""
        return self.lu.solve(self.spread(self.home_final))

    @cached_property
    def for_sales(self) -> Matrix:
        """(n, C): column t is B_rt y_t in the rows of every r, y all final sales of a node."""
        return self.lu.solve(self.spread(self.Y.sum(axis=1)))

    @cached_property
    def behind_exports(self) -> Matrix:
        """(n, C): column r is B_.r E_r, output of every node behind the exports of r."""
        return self.lu.solve(self.spread(self.exports.sum(axis=1)))

    @cached_property
    def within(self) -> Matrix:
        """(n, C): B_rr Y_rt in the rows of r."""
        found = np.empty_like(self.Y)
        with one_thread():
            for r, rows in enumerate(self.rows):
                found[rows] = self.own(r) @ self.Y[rows]
        return found

    @cached_property
    def local_home(self) -> Vector:
        """L_r Y_rr (n,): output that a region needs for its own final demand at home, without trade."""
        return self._local(self.home_final)

    @cached_property
    def local_exports(self) -> Vector:
        """L_r E_r (n,): output that a region needs for its exports, without trade."""
        return self._local(self.exports.sum(axis=1))

    def spread(self, values: Vector) -> Matrix:
        """Values (n,) in the columns of their regions, (n, C)."""
        columns = np.zeros((len(values), self.count), order="F")
        columns[np.arange(len(values)), self.region] = values
        return columns

    def own(self, s: int) -> Matrix:
        """B_ss, made once from as many solves as the region has nodes."""
        if s not in self._own:
            rows = self.rows[s]
            unit = np.zeros((len(self.x), len(rows)), order="F")
            unit[rows, np.arange(len(rows))] = 1.0
            self._own[s] = np.ascontiguousarray(self.lu.solve(unit)[rows])
        return self._own[s]

    def inputs(self, s: int) -> Matrix:
        """A_s (n_s, n): the rows of region s."""
        return np.asarray(self.Z[self.rows[s]], dtype=float) * reciprocal(self.x)

    def local(self, s: int) -> LU:
        """The factors of I - A_ss."""
        rows = self.rows[s]
        return factor(self.Z[np.ix_(rows, rows)], self.x[rows])

    def _local(self, sales: Vector) -> Vector:
        found = np.empty_like(sales)
        for r, rows in enumerate(self.rows):
            found[rows] = self.local(r).solve(sales[rows])
        return found


@dataclass(frozen=True)
class Exporter:
    """The per-unit contents (n_s,) of what region s exports, shared by the methods."""

    world: World
    s: int

    @property
    def rows(self) -> Index:
        return self.world.rows[self.s]

    @cached_property
    def everywhere(self) -> Vector:
        """V_s B_ss: domestic content, counted each time it leaves."""
        return np.asarray(self.world.contained[self.s, self.rows])

    @cached_property
    def first(self) -> Vector:
        """V_s L_s: domestic value added that leaves for the first time."""
        return self.world.local(self.s).solve_transposed(self.world.v[self.rows])

    @cached_property
    def foreign(self) -> Vector:
        """sum over t != s of V_t B_ts: foreign content."""
        return np.asarray(self.world.contained[:, self.rows].sum(axis=0) - self.everywhere)

    @cached_property
    def passing(self) -> LU:
        """The factors of T = (I - A_ss) B_ss = I + sum over j of A_sj B_js: what leaves s and returns to it."""
        rows = self.rows
        A = self.world.inputs(self.s)[:, rows]
        T = self.world.own(self.s) - A @ self.world.own(self.s)
        return factor(np.eye(len(rows)) - T, np.ones(len(rows)))
