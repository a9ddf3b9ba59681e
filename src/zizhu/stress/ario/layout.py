"""In which order the buyers are read, and the runs of neighbours that are served alike in every scenario.

Classes of rationing go by sector, so that neighbours of a table differ: where there are several, a copy of Z with the
buyers sorted by class is made, once. A run ends as well where other restrictions are met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.ario.barriers import Barriers
from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.kernels import EMPTY
from zizhu.stress.ario.rationing import Rationing
from zizhu.tables.leontief import Flows, Index, Matrix, Vector, reciprocal

Order = Index | slice
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True)
class Layout:
    """Buyers in reading order.

    order: the industry at every place, or a slice that leaves all where they are. Z (C, S, n), T (S, n) and
    `empty` (n,) have their buyers in it; sellers stay as in the table. starts (R + 1,) and classes (R,) of runs.
    """

    order: Order
    Z: Flows
    T: Matrix
    empty: Vector
    starts: Index
    classes: Index

    def read(self, values: NDArray[N]) -> NDArray[N]:
        """Values (n,) of industries, or (S, n), in reading order."""
        return np.ascontiguousarray(values[..., self.order])

    def back(self, values: NDArray[N]) -> NDArray[N]:
        """Values (n,) in reading order as values of industries."""
        if isinstance(self.order, slice):
            return values.copy()
        found = np.empty_like(values)
        found[self.order] = values
        return found


def layout(of: Economy, rule: Rationing, barriers: Sequence[Barriers]) -> Layout:
    """The reading order of all scenarios, one Barriers each; they share the rule of rationing."""
    served = rule.class_of(of.sectors, of.countries)
    order: Order = slice(None) if rule.classes == 1 else np.argsort(served, kind="stable").astype(np.intp)
    kinds = np.stack([served, *(b.group for b in barriers)])[:, order]
    changes = np.flatnonzero((np.diff(kinds, axis=1) != 0).any(axis=0)) + 1
    starts = np.concatenate(([0], changes, [of.n])).astype(np.intp)
    Z = of.Z if isinstance(order, slice) else cast(Flows, np.take(of.Z, order, axis=2))
    scale = EMPTY * of.steps_per_year * of.X0
    return Layout(
        order,
        Z,
        np.ascontiguousarray(of.T[:, order]),
        scale[order],
        starts,
        kinds[0, starts[:-1]],
    )


def intensities(of: Economy, arranged: Layout) -> Matrix:
    """g (S, n) of a quiet step: every industry orders what it uses."""
    active = (arranged.T > 0) & (reciprocal(of.X0)[arranged.order] > 0)
    return np.where(active, 1.0 / of.steps_per_year, 0.0)
