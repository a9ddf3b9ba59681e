"""A number of `zizhu.depend.content` opened: into sales by industry and importer, or into those of one flow.

Every split comes as its largest parts, at most `top`, the number of parts left out, and how it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from zizhu.depend.sides import Cut
from zizhu.depend.valueadded import stages
from zizhu.depend.valueadded.terms import Piece, sales
from zizhu.ledger.result import Part, largest
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab.names import told
from zizhu.vocab.sectors import TOTAL

Split = tuple[tuple[Part, ...], int, str]


def industries(mrio: MRIO, cut: Cut, by_sector: bool) -> Mapping[str, Index]:
    """The positions of every industry in the exporter's rows, in table order; all of them as one by default."""
    rows = cut.world.rows[cut.s]
    if not by_sector:
        return {TOTAL: np.arange(len(rows))}
    labels = np.array([mrio.nodes.sector[i] for i in rows])
    return {str(s): np.flatnonzero(labels == s) for s in mrio.nodes.sectors if s in labels}


@dataclass(frozen=True)
class Cell:
    """One row of an answer in its table: `nodes` positions in the exporter's rows, `regions` its partners."""

    mrio: MRIO
    cut: Cut
    partner: str
    nodes: Index
    regions: Index

    @classmethod
    def of(cls, mrio: MRIO, cut: Cut, partner: str, sector: str) -> Cell:
        """The cell of a partner and an industry (TOTAL: all)."""
        place = [p.code for p in cut.partners].index(partner)
        nodes = industries(mrio, cut, sector != TOTAL)[sector]
        return cls(mrio, cut, partner, nodes, cut.regions[place])

    @property
    def rows(self) -> Index:
        """The nodes' row numbers in the table."""
        return self.cut.world.rows[self.cut.s][self.nodes]

    @property
    def names(self) -> list[str]:
        return self.mrio.nodes.labels(self.rows)

    def importer(self, region: int) -> str:
        """The code of a region that imports: its country, or the partner where it is a group."""
        owners = {self.mrio.nodes.whole[i] for i in self.cut.world.rows[region]}
        return next(iter(owners)) if len(owners) == 1 else self.partner


def term_parts(
    cell: Cell, name: str, held: Matrix, pieces: tuple[Piece, ...] | None, top: int, scale: float
) -> Split:
    """A term by exporting industry and importer; of one flow, by the sales that it consists of, times `scale`.

    `held` (n_s, C) are the values of the term; `pieces` its pieces, None for value added by where it ends up.
    """
    if len(cell.nodes) > 1 or len(cell.regions) > 1:
        return _ranked(_flows(cell, held * scale), top, "by exporting industry and importer")
    if pieces is None:
        return _ranked(_ends(cell, name, scale), top, "by what it ends up in")
    return _ranked(_sales(cell, pieces, scale), top, "by buyer")


def _ranked(named: Iterator[tuple[str, str, float]], top: int, how: str) -> Split:
    kept = [(ref, label, value) for ref, label, value in named if value]
    total = sum(value for _, _, value in kept)
    parts = (Part(ref, label, value, value / total if total else 0.0) for ref, label, value in kept)
    return *largest(parts, top), how


def _flows(cell: Cell, held: Matrix) -> Iterator[tuple[str, str, float]]:
    names, importers = cell.names, [cell.importer(int(r)) for r in cell.regions]
    for k, name in zip(cell.nodes, names, strict=True):
        for r, importer in zip(cell.regions, importers, strict=True):
            yield cell.mrio.cell_ref(name, importer), f"{told(name)} to {told(importer)}", float(held[k, r])


def _sales(cell: Cell, pieces: tuple[Piece, ...], scale: float) -> Iterator[tuple[str, str, float]]:
    final, inputs = sales(cell.cut.world, cell.cut.s, pieces, cell.nodes, cell.regions)
    mrio, name, importer = cell.mrio, cell.names[0], cell.importer(int(cell.regions[0]))
    yield f"{mrio.ref}#{name}", f"sales to final demand in {told(importer)}", float(final[0, 0]) * scale
    buyers = mrio.nodes.labels(cell.cut.world.rows[int(cell.regions[0])])
    for buyer, value in zip(buyers, inputs[0], strict=True):
        yield mrio.cell_ref(name, buyer), f"sales to {told(buyer)}", float(value) * scale


def _ends(cell: Cell, name: str, scale: float) -> Iterator[tuple[str, str, float]]:
    """Value added of the industry in the final purchases, or in the exports, of the partner."""
    mrio, world, r = cell.mrio, cell.cut.world, int(cell.regions[0])
    unit = np.zeros(mrio.n)
    unit[cell.rows] = world.v[cell.rows]
    inside = world.region == r
    sold = world.Y[:, r] if name == "FFD_DVA" else np.where(inside, world.exports.sum(axis=1), 0.0)
    where = f"final purchases of {told(cell.importer(r))} from" if name == "FFD_DVA" else "exports of"
    for i, value in enumerate(world.lu.solve_transposed(unit) * sold):
        node = mrio.nodes.label(i)
        yield f"{mrio.ref}#{node}", f"in the {where} {told(node)}", float(value) * scale


def stage_parts(cell: Cell, name: str, top: int) -> Split:
    """Stages of several industries by industry, weighted by exports; those of one by the next tier."""
    mrio, rows = cell.mrio, cell.rows
    U, D = stages.upstreamness(mrio.lu, mrio.x), stages.downstreamness(mrio.lu)
    weight = cell.cut.world.exports[np.ix_(rows, cell.regions)].sum(axis=1)
    mean = weight / weight.sum()
    over = float(mean @ D[rows]) if name == "position" else 1.0
    by = D if name == "downstreamness" else U
    if len(rows) > 1:
        named = zip(cell.names, mean * by[rows] / over, strict=True)
        nodes = ((f"{mrio.ref}#{n}", f"exports of {told(n)}", float(v)) for n, v in named)
        return _ranked(nodes, top, "by exporting industry, weighted by exports")
    way = "downstreamness" if name == "downstreamness" else "upstreamness"
    tier = _suppliers(cell, D) if way == "downstreamness" else _buyers(cell, U)
    own = (f"{mrio.ref}#{cell.names[0]}", "its own stage", 1.0 / over)
    how = "by supplier" if way == "downstreamness" else "by buyer"
    return _ranked(iter([own, *((ref, label, v / over) for ref, label, v in tier)]), top, how)


def _buyers(cell: Cell, U: Vector) -> Iterator[tuple[str, str, float]]:
    mrio, name = cell.mrio, cell.names[0]
    for j, value in enumerate(stages.buyers(mrio.Z, mrio.x, U, cell.rows)[0]):
        buyer = mrio.nodes.label(j)
        yield mrio.cell_ref(name, buyer), f"stages behind sales to {told(buyer)}", float(value)


def _suppliers(cell: Cell, D: Vector) -> Iterator[tuple[str, str, float]]:
    mrio, name = cell.mrio, cell.names[0]
    for i, value in enumerate(stages.suppliers(mrio.Z, mrio.x, D, cell.rows)[0]):
        seller = mrio.nodes.label(i)
        yield mrio.cell_ref(seller, name), f"stages behind purchases from {told(seller)}", float(value)
