"""A table as the base of the trade equilibrium: whole countries, the same sectors in each, every repair listed.

The table holds no tariffs: they are 0 in the base, so that what a scenario adds is added to prices with duty paid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from zizhu.stress.once import once
from zizhu.stress.scenario.lasting import whole_cells
from zizhu.stress.trade.base import Base
from zizhu.stress.trade.calibrate import Repair, from_table
from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

UNIT_ELASTICITY = 1.0
"""Shares and levels do not depend on theta: `trade.base.with_theta` puts the true one in."""


@dataclass(frozen=True, eq=False)
class World:
    """The base in the order of `countries` and `sectors`, and all cells that were changed to get it.

    `estimated`: to whom final sales go is an estimate, which is good for welfare alone.
    """

    base: Base
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    repairs: tuple[Repair, ...]
    unit: str
    estimated: bool

    def repaired(self) -> pl.DataFrame:
        """The changed cells: of what, `seller` and `buyer` in codes, the amounts before and after, and why."""
        cells = [(r.part, *self._who(r), r.before, r.after, r.why) for r in self.repairs]
        columns = ("part", "seller", "buyer", "before", "after")
        schema = dict.fromkeys(columns[:3], pl.String) | dict.fromkeys(columns[3:], pl.Float64)
        return pl.DataFrame(cells, schema={**schema, "why": pl.String}, orient="row")

    def _who(self, repair: Repair) -> tuple[str, str]:
        if repair.part == "final use":
            row, buyer = repair.index
            return self.label(*divmod(row, len(self.sectors))), self.countries[buyer]
        buyer, seller, sector = repair.index
        return self.label(seller, sector), self.countries[buyer]

    def label(self, country: int, sector: int) -> str:
        """`CHN:C26`."""
        return f"{self.countries[country]}:{self.sectors[sector]}"

    def told(self) -> Iterator[str]:
        """What was repaired, by reason, with the largest change."""
        for why, count in Counter(r.why for r in self.repairs).items():
            worst = max((r for r in self.repairs if r.why == why), key=lambda r: abs(r.after - r.before))
            seller, buyer = self._who(worst)
            size = abs(worst.after - worst.before)
            unit = f" {self.unit}" if worst.part == "final use" else " as a share"
            yield f"{count} times {why} (the largest {size:,.4g}{unit}: {seller} to {buyer})"


@once
def world(mrio: MRIO) -> World:
    """The base of a table that knows to whom final sales go; made once for a table.

    Output that neither flows nor final sales account for counts as sold at home, as over weeks. Raises CannotAnswer
    where the table cannot be made an equilibrium.
    """
    if mrio.final is None:
        raise ValueError("a table without final sales by destination: see lasting.knowing_final")
    N, J = len(mrio.nodes.countries), len(mrio.nodes.sectors)
    Z, F = _whole(mrio, N, J)
    lacking = np.bincount(whole_cells(mrio), mrio.x, N * J) - Z.sum(axis=1) - F.sum(axis=1)
    try:
        made = from_table(Z, _sold_at_home(F, lacking), np.zeros((N, N, J)), np.full(J, UNIT_ELASTICITY))
    except ZizhuError as error:
        remedy = "`zizhu data check` shows what is wrong with the table; name another `table`."
        problems = [Problem(p.what, f"{mrio.title}: {p.where}", p.expected, remedy) for p in error.problems]
        raise CannotAnswer(problems) from error
    known = mrio.nodes.countries, mrio.nodes.sectors
    return World(made.base, *known, made.repairs, mrio.unit, mrio.flags.final_is_estimated)


def _whole(mrio: MRIO, N: int, J: int) -> tuple[Matrix, Matrix]:
    """Flows (N J, N J) and final sales (N J, N) of whole countries."""
    cells = whole_cells(mrio)
    assert mrio.final is not None
    if np.array_equal(cells, np.arange(N * J)):
        return np.asarray(mrio.Z, dtype=float), mrio.final
    half, F = np.zeros((N * J, mrio.n)), np.zeros((N * J, N))
    np.add.at(half, cells, np.asarray(mrio.Z, dtype=float))
    np.add.at(F, cells, mrio.final)
    Z = np.zeros((N * J, N * J))
    np.add.at(Z.T, cells, half.T)
    return Z, F


def _sold_at_home(F: Matrix, lacking: Matrix) -> Matrix:
    rows = np.arange(len(F))
    found = F.copy()
    found[rows, rows // (len(F) // F.shape[1])] += lacking
    return found
