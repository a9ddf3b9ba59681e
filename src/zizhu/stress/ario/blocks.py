"""The cells of the table that restrictions touch, in blocks of sellers and buyers, and what passes them step by step.

Restrictions never take from what is gathered without them: that would leave rounding for a pool where nobody else
sells. The sellers of a block have the weights that its buyers meet, or are left out of the pass over the table and
added with what passes. So a step costs little more than the cells of sellers who treat their buyers differently.
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
from zizhu.stress.passing import passing
from zizhu.tables.leontief import Index, Matrix


@dataclass(frozen=True)
class Block:
    """All cells between the buyers of a group and the sellers that any restriction they meet is about.

    Buyers come in stretches, to all of whom a seller lets the same share pass. restrictions: those that the group
    meets, with their places in the scenario; sellers (k,) by product and country; buyers (m,): the first industry of
    every stretch; classes (m,) of rationing.
    """

    restrictions: tuple[tuple[int, Restriction], ...]
    sellers: Index
    buyers: Index
    classes: Index

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.sellers), len(self.buyers)

    def theta(self, strength: Strength) -> Matrix:
        """theta (k, m): the share of an order that may be delivered."""
        hits = []
        for r, restriction in self.restrictions:
            if strength[r] > 0:
                met = np.flatnonzero(np.isin(self.buyers, restriction.buyers))
                columns = _places(self.buyers[met], restriction.buyers)
                rows = _places(restriction.rows, self.sellers)
                hits.append(restriction.hit(rows, met, columns, strength[r]))
        return passing(self.shape, hits)


@dataclass
class Blocks:
    """The restricted cells of E scenarios.

    blocks: those of a scenario, one a group that meets restrictions. All (L,) are row by row and block after block: now
    and both, theta of orders made in the step, and of deliveries, which orders of the step before must have passed as
    well; barred, what the last orders ask in all. bounds (E + 1,) of scenarios in them.
    """

    barriers: Sequence[Barriers]
    blocks: Sequence[Sequence[Block]]
    cells: Cells
    bounds: Index
    strength: list[Strength]
    now: NDArray[np.floating]
    both: NDArray[np.floating]
    barred: NDArray[np.float64]

    def advance(self, t: int) -> None:
        """Go on to step t."""
        before = self.now
        for e, barriers in enumerate(self.barriers):
            strength = barriers.strength(t)
            if strength != self.strength[e]:
                self.now = before.copy() if self.now is before else self.now
                self.strength[e] = strength
                for block, place in self._places(e):
                    self.now[place] = block.theta(strength).reshape(-1)
        self.both = before if self.now is before else np.minimum(before, self.now)

    def asked(self, e: int, sold: Matrix) -> Matrix:
        """What the last orders of a scenario ask of sellers (K, n): `sold` outside the blocks, and what passes them."""
        found = sold.copy()
        for block, place in self._places(e):
            passed = (self.both[place] * self.barred[place]).reshape(block.shape)
            for k in np.unique(block.classes):
                found[k, block.sellers] += passed[:, block.classes == k].sum(axis=1)
        return found

    def _places(self, e: int) -> Iterator[tuple[Block, slice]]:
        lo = int(self.bounds[e])
        for block in self.blocks[e]:
            hi = lo + block.shape[0] * block.shape[1]
            yield block, slice(lo, hi)
            lo = hi


def blocks(barriers: Sequence[Barriers], at: Layout, sectors: int) -> Blocks:
    """The blocks of scenarios before their first step, where everything passes."""
    begins = [_stretches(b, at) for b in barriers]
    found = [list(_blocks(b, at, begin, sectors)) for b, begin in zip(barriers, begins, strict=True)]
    sizes = [sum(b.shape[0] * b.shape[1] for b in of) for of in found]
    bounds = np.cumsum([0, *sizes], dtype=np.intp)
    now = np.ones(bounds[-1], at.Z.dtype)
    quiet = [(0.0,) * len(b.restrictions) for b in barriers]
    cells = _cells(barriers, begins, found, at, sectors)
    return Blocks(barriers, found, cells, bounds, quiet, now, now, np.zeros(len(now)))


def _stretches(barriers: Barriers, at: Layout) -> Index:
    """Where stretches begin in reading order: at every run, and where a restriction treats neighbours differently."""
    industry = at.read(np.arange(len(barriers.group)))
    breaks = np.zeros(len(industry), dtype=bool)
    breaks[at.starts[:-1]] = True
    for r in barriers.restrictions:
        column = np.full(len(industry), -1)
        column[r.buyers] = np.arange(len(r.buyers))
        column = column[industry]
        breaks[1:] |= (column[1:] < 0) != (column[:-1] < 0)
        inside = np.flatnonzero((column[1:] >= 0) & (column[:-1] >= 0)) + 1
        here, before = column[inside], column[inside - 1]
        for shares in r.uneven:
            for share in shares:
                breaks[inside] |= share[here] != share[before]
    return np.flatnonzero(breaks)


def _blocks(barriers: Barriers, at: Layout, begin: Index, sectors: int) -> Iterator[Block]:
    first = at.read(np.arange(len(barriers.group)))[begin]
    served = at.classes[np.searchsorted(at.starts, begin, side="right") - 1]
    group = barriers.group[first]
    for k in range(1, len(barriers.meets)):
        met = barriers.met(k)
        sellers = np.unique(np.concatenate([barriers.restrictions[r].rows for r in met]))
        by_product = np.argsort(sellers % sectors, kind="stable")
        pairs = tuple((int(r), barriers.restrictions[r]) for r in met)
        yield Block(pairs, sellers[by_product], first[group == k], served[group == k])


def _cells(
    barriers: Sequence[Barriers],
    begins: Sequence[Index],
    found: Sequence[Sequence[Block]],
    at: Layout,
    sectors: int,
) -> Cells:
    """Number the blocks from 1 through all scenarios, 0 has no cells, and the stretches from 0."""
    every = [b for of in found for b in of]
    sellers = np.concatenate([np.zeros(0, dtype=np.intp), *(b.sellers for b in every)])
    widths = np.repeat([b.shape[1] for b in every], [b.shape[0] for b in every]).astype(np.intp)
    ends = np.cumsum([0, *(b.shape[0] for b in every)])
    rows = np.zeros((len(every) + 1, sectors + 1), dtype=np.intp)
    for k, b in enumerate(every):
        rows[k + 1] = ends[k] + np.searchsorted(b.sellers % sectors, np.arange(sectors + 1))
    groups = [at.read(b.group) for b in barriers]
    of_runs = np.stack([g[at.starts[:-1]] for g in groups])
    blocks_before = np.cumsum([0, *(len(of) for of in found[:-1])])[:, None]
    stretches_before = np.cumsum([0, *(len(b) for b in begins[:-1])])
    return Cells(
        np.where(of_runs > 0, of_runs + blocks_before, 0).astype(np.intp),
        np.stack(
            [k + np.searchsorted(b, at.starts) for k, b in zip(stretches_before, begins, strict=True)]
        ).astype(np.intp),
        np.concatenate(begins),
        np.concatenate([np.append(b[1:], at.starts[-1]) for b in begins]),
        np.concatenate([_columns(g[b]) for g, b in zip(groups, begins, strict=True)]),
        rows,
        (sellers // sectors).astype(np.intp),
        (np.cumsum(widths) - widths).astype(np.intp),
    )


def _columns(group: Index) -> Index:
    """The place of every stretch among those of its group, by the group of each."""
    found = np.zeros_like(group)
    for k in np.unique(group):
        found[group == k] = np.arange((group == k).sum())
    return found


def _places(wanted: Index, among: Index) -> Index:
    """Where each of some industries stands in a list that has them all."""
    order = np.argsort(among, kind="stable")
    return np.asarray(order[np.searchsorted(among, wanted, sorter=order)])
