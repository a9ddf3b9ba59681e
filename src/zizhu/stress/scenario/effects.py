"""What a scenario does to a table, as arrays: which flows stop, which capacity is lost, which demand changes.

All sizes are at full strength; `course` tells how much of it holds when. Over years a shock counts as if it stayed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.ledger.models import Coverage
from zizhu.stress.passing import Part
from zizhu.stress.scenario.shocks import Recovery
from zizhu.tables.leontief import Index, Matrix, Vector

ALL_OF_IT = Part()


@dataclass(frozen=True)
class Course:
    """The strength of a shock over days: zero before `start`, a ramp, then one until `end` (None: to the last day).

    `held` is the strength after `full_until` days, for licences that let some of the trade go on after a delay.
    """

    start: float
    ramp: float
    end: float | None
    recovery: Recovery | None = None
    full_until: float | None = None
    held: float = 1.0


@dataclass(frozen=True)
class Piece:
    """A part of what sellers sell, by a name that is equal for the same goods; none for all that they sell.

    share (k, m): what these are of each flow. final (k, C): of the sales to final buyers of each country; None where
    the table does not know these.
    """

    name: tuple[str, ...]
    share: Matrix
    final: Matrix | None


@dataclass(frozen=True)
class Restriction:
    """Sales that stop: the share `stops` of the `goods` that `rows` (k,) sell to `columns` (m,).

    bought: the part of what each of the columns buys that is meant, with the name of the part, none for all of it.
    """

    label: str
    rows: Index
    columns: Index
    stops: float
    goods: Piece
    course: Course
    bought: Part = ALL_OF_IT

    @property
    def cut(self) -> Matrix:
        """The share (k, m) of each flow that stops where no other shock meets it."""
        return np.asarray(self.stops * self.goods.share * self.bought.share)

    @property
    def barred(self) -> Index:
        """The countries (d,) whose final buyers it is about."""
        final = self.goods.final
        return np.zeros(0, dtype=np.intp) if final is None else np.flatnonzero(final.any(axis=0))

    @property
    def final(self) -> Matrix:
        """What the goods are (k, d) of the final sales to these countries."""
        return np.zeros((len(self.rows), 0)) if self.goods.final is None else self.goods.final[:, self.barred]


@dataclass(frozen=True)
class Loss:
    """Capacity that is lost: the share (k,) of each of `rows`. `rebuilt` (S,) are the shares of the sectors that
    rebuild it over `rebuilding` days, None where nothing is destroyed."""

    label: str
    rows: Index
    share: Vector
    course: Course
    rebuilt: Vector | None = None
    rebuilding: float = 0.0


@dataclass(frozen=True)
class DemandChange:
    """Final demand for the products of `rows` changes by the share (k,) of all of it."""

    label: str
    rows: Index
    change: Vector
    course: Course


@dataclass(frozen=True)
class Terms:
    """Over years, the terms of sales between whole countries change: of the part (q,) of what the `exporters` sell to
    the `importers`, positions (q,) in the table's countries, of the `sectors` (q,).

    goods: what the part is in words that are equal for the same goods; none for all that is sold. Taxes are added,
    `cost` is a factor on what delivery takes, `closed` says that the part is no longer sold, `cut` is the share by
    which its quantity is held down.
    """

    label: str
    importers: Index
    exporters: Index
    sectors: Index
    part: Vector
    goods: tuple[str, ...]
    tariff: float = 0.0
    export_tax: float = 0.0
    cost: float = 1.0
    closed: bool = False
    cut: float = 0.0


@dataclass(frozen=True)
class Productivity:
    """Over years, industries make more or less of the same inputs: a change (q,) of the `sectors` of `countries`."""

    label: str
    countries: Index
    sectors: Index
    change: Vector


@dataclass(frozen=True)
class Effects:
    """All that a scenario does to a table, what of it the tables see, and what they leave out."""

    restrictions: tuple[Restriction, ...]
    losses: tuple[Loss, ...]
    demands: tuple[DemandChange, ...]
    coverage: tuple[Coverage, ...]
    notes: tuple[str, ...]
    terms: tuple[Terms, ...] = ()
    productivity: tuple[Productivity, ...] = ()
