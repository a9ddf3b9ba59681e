"""The cells of the table that restrictions touch, in blocks of sellers and buyers, and what passes them step by step.

The pass over the table leaves out the sellers of a block for its buyers, and their cells are added with what passes.
So a step costs the cells of the blocks more, and a barred cell is an exact zero: nothing is taken away again, which
would leave rounding for a pool where nobody else sells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.ario.barriers import Barriers, Strength
from zizhu.stress.ario.kernels import Cells
from zizhu.stress.ario.layout import Layout
from zizhu.stress.ario.shocks import Restriction
from zizhu.tables.leontief import Index, Matrix


@dataclass(frozen=True)
class Block:
    """All cells between the buyers of a group and the sellers that any restriction they meet is about.

    sellers (k,) by product and country; buyers (m,) industries in reading order. restrictions: those
    that the group meets, with their places in the scenario.
    """

    restrictions: tuple[tuple[int, Restriction], ...]
    sellers: Index
    buyers: Index

    def theta(self, strength: Strength) -> Matrix:
        """theta (k, m): the share of an order that may be delivered."""
        found = np.ones((len(self.sellers), len(self.buyers)))
        for r, restriction in self.restrictions:
            if strength[r] > 0:
                met = np.flatnonzero(np.isin(self.buyers, restriction.buyers))
                columns = _places(self.buyers[met], restriction.buyers)
                cells = np.ix_(_places(restriction.rows, self.sellers), met)
                found[cells] *= restriction.passing(columns, strength[r])
        return found


@dataclass
class Blocks:
    """The restricted cells of E scenarios. Blocks of a scenario are in the order of its groups from 1.

    every: where they are, for the kernels; cells: those that are kept apart in the step, placed: in the step before.
    now, both (L,), row by row and block by block: theta of orders made in the step, and of deliveries, which orders
    of the step before must have passed as well. bounds (E + 1,) of scenarios.
    """

    barriers: Sequence[Barriers]
    blocks: Sequence[Sequence[Block]]
    every: Cells
    cells: Cells
    placed: Cells
    bounds: Index
    strength: list[Strength]
    now: NDArray[np.floating]
    both: NDArray[np.floating]

    def advance(self, t: int) -> None:
        """Go on to step t."""
        before = self.now
        for e, barriers in enumerate(self.barriers):
            strength = barriers.strength(t)
            if strength != self.strength[e]:
                self.now = before.copy() if self.now is before else self.now
                self.strength[e] = strength
                self._fill(e)
        self.both = before if self.now is before else np.minimum(before, self.now)
        self.placed, self.cells = self.cells, _apart(self.every, self.barriers, t)

    def _fill(self, e: int) -> None:
        lo = self.bounds[e]
        for block in self.blocks[e]:
            theta = block.theta(self.strength[e])
            self.now[lo : lo + theta.size] = theta.reshape(-1)
            lo += theta.size


def blocks(barriers: Sequence[Barriers], at: Layout, sectors: int) -> Blocks:
    """The blocks of scenarios before their first step, where everything passes."""
    found = [list(_blocks(b, at, sectors)) for b in barriers]
    sizes = [sum(len(b.sellers) * len(b.buyers) for b in of) for of in found]
    bounds = np.concatenate(([0], np.cumsum(sizes))).astype(np.intp)
    now = np.ones(bounds[-1], at.Z.dtype)
    quiet = [(0.0,) * len(b.restrictions) for b in barriers]
    every = _cells(barriers, found, at, sectors)
    first = _apart(every, barriers, -1)
    return Blocks(barriers, found, every, first, first, bounds, quiet, now, now)


def _blocks(barriers: Barriers, at: Layout, sectors: int) -> Iterator[Block]:
    industry = at.read(np.arange(len(barriers.group)))
    group = barriers.group[industry]
    for k in range(1, len(barriers.meets)):
        met = barriers.met(k)
        sellers = np.unique(np.concatenate([barriers.restrictions[r].rows for r in met]))
        by_product = np.argsort(sellers % sectors, kind="stable")
        pairs = tuple((int(r), barriers.restrictions[r]) for r in met)
        yield Block(pairs, sellers[by_product], industry[group == k])


def _cells(barriers: Sequence[Barriers], found: Sequence[Sequence[Block]], at: Layout, sectors: int) -> Cells:
    """Number the blocks from 1 through all scenarios; 0 has no cells."""
    every = [b for of in found for b in of]
    sellers = np.concatenate([np.zeros(0, dtype=np.intp), *(b.sellers for b in every)])
    widths = np.repeat([len(b.buyers) for b in every], [len(b.sellers) for b in every]).astype(np.intp)
    ends = np.cumsum([0, *(len(b.sellers) for b in every)])
    rows = np.zeros((len(every) + 1, sectors + 1), dtype=np.intp)
    for k, b in enumerate(every):
        rows[k + 1] = ends[k] + np.searchsorted(b.sellers % sectors, np.arange(sectors + 1))
    group = np.stack([at.read(b.group)[at.starts[:-1]] for b in barriers])
    before = np.cumsum([0, *(len(of) for of in found[:-1])])[:, None]
    return Cells(
        np.where(group > 0, group + before, 0).astype(np.intp),
        np.stack([_offsets(g, at.starts) for g in group]),
        rows,
        (sellers // sectors).astype(np.intp),
        (np.cumsum(widths) - widths).astype(np.intp),
    )


def _apart(every: Cells, barriers: Sequence[Barriers], t: int) -> Cells:
    """The cells of scenarios with a restriction that holds in step t, the one before or the one after."""
    near = [any(any(b.strength(s)) for s in range(max(t - 1, 0), t + 2)) for b in barriers]
    return every._replace(block=np.where(np.array(near)[:, None], every.block, 0))


def _offsets(group: Index, starts: Index) -> Index:
    """The place (R,) of the first buyer of every run among the buyers of its group (R,)."""
    found, lengths = np.zeros_like(group), np.diff(starts)
    for k in np.unique(group):
        runs = np.flatnonzero(group == k)
        found[runs] = np.cumsum(lengths[runs]) - lengths[runs]
    return found


def _places(wanted: Index, among: Index) -> Index:
    """Where each of some industries stands in a list that has them all."""
    order = np.argsort(among, kind="stable")
    return np.asarray(order[np.searchsorted(among, wanted, sorter=order)])
