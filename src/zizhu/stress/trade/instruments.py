"""What a government can do to trade, as changes of the arrays that the equilibrium reads.

    tariff      tau' on what the importer's border sees; revenue to the importer
    export tax  e', also the rent of a licence; revenue to the exporter
    iceberg     factor on the cost of a delivery: compliance, detours; burnt, revenue to nobody
    embargo     iceberg without bound: the trade ends
    efficiency  factor on the efficiency T of a producer
    quota       see quota.py: a cut of the quantity, by whichever of the first three its rent is declared to be

Changes apply in the order given. Own trade (n = i) is never touched by an instrument of trade.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.base import Base, Cube, sector_major
from zizhu.tables.leontief import Index, Matrix
from zizhu.vocab.problems import Problem, ZizhuError


@dataclass(frozen=True, eq=False)
class Shock:
    """Levels tau and e, factors iceberg (N, N, J) and efficiency (N, J). What does not change is the base's array."""

    tau: Cube
    e: Cube
    iceberg: Cube
    efficiency: Matrix

    @cached_property
    def after_tariffs(self) -> Cube | None:
        """1 / (1 + tau), sectors outermost (J, N, N); none without tariffs. Kept, as many solves share a scenario."""
        return _after(self.tau)

    @cached_property
    def after_export_taxes(self) -> Cube | None:
        """1 / (1 + e), likewise."""
        return _after(self.e)


def _after(tax: Cube) -> Cube | None:
    return 1.0 / (1.0 + tax.transpose(2, 0, 1)) if tax.any() else None


@dataclass(frozen=True, eq=False)
class Cells:
    """Positions of importers, exporters and sectors: all their combinations but own trade."""

    importers: Index
    exporters: Index
    sectors: Index

    def mask(self, base: Base) -> NDArray[np.bool_]:
        """Where they are (N, N, J)."""
        found = np.zeros(base.pi.transpose(2, 0, 1).shape, dtype=bool).transpose(1, 2, 0)
        found[np.ix_(self.importers, self.exporters, self.sectors)] = True
        own = np.arange(base.countries)
        found[own, own] = False
        return found


@dataclass(frozen=True, eq=False)
class Tariff:
    """A tariff of `rate`, or `rate` on top of what there is."""

    cells: Cells
    rate: float
    added: bool = False


@dataclass(frozen=True, eq=False)
class ExportTax:
    """An export tax, or the rent of a licence to export, of `rate`, or `rate` on top of what there is."""

    cells: Cells
    rate: float
    added: bool = False


@dataclass(frozen=True, eq=False)
class Iceberg:
    """`factor` > 0 times the resources that a delivery takes."""

    cells: Cells
    factor: float


@dataclass(frozen=True, eq=False)
class Embargo:
    cells: Cells


@dataclass(frozen=True, eq=False)
class Efficiency:
    """Efficiency T of producers times `factor` > 0: at given costs they sell that much more."""

    exporters: Index
    sectors: Index
    factor: float


Change = Tariff | ExportTax | Iceberg | Embargo | Efficiency


@lru_cache(maxsize=4)
def nothing_burnt(countries: int, sectors: int) -> Cube:
    """Icebergs of one (N, N, J); one array for all bases of a size, so that `is` tells whether there are others."""
    ones = np.ones((sectors, countries, countries)).transpose(1, 2, 0)
    ones.flags.writeable = False
    return ones


def unchanged(base: Base) -> Shock:
    """The scenario in which nothing happens."""
    return Shock(base.tau, base.e, nothing_burnt(base.countries, base.sectors), np.ones(base.X.shape))


def combined(base: Base, changes: Iterable[Change]) -> Shock:
    """All changes in turn. Raises ZizhuError with all that is wrong with them, or if together they change nothing."""
    asked = list(changes)
    faults = [fault for change in asked for fault in _faults(change)]
    if faults:
        raise ZizhuError(faults)
    shock = unchanged(base)
    for change in asked:
        shock = _applied(base, shock, change)
    if same(base, shock):
        raise ZizhuError(
            Problem(
                "the scenario changes nothing",
                f"{len(asked)} changes",
                "at least one cost, tax or efficiency that differs from the base",
                "Look whether the new rates are those of the base, and whether the cells hold foreign trade.",
            )
        )
    return shock


def same(base: Base, shock: Shock) -> bool:
    """Whether `shock` leaves the base as it is."""
    return bool(
        np.array_equal(shock.tau, base.tau)
        and np.array_equal(shock.e, base.e)
        and (shock.iceberg == 1).all()
        and (shock.efficiency == 1).all()
    )


def _applied(base: Base, shock: Shock, change: Change) -> Shock:
    if isinstance(change, Efficiency):
        factor = shock.efficiency.copy()
        factor[np.ix_(change.exporters, change.sectors)] *= change.factor
        return replace(shock, efficiency=factor)
    at = change.cells.mask(base)
    if isinstance(change, Tariff):
        return replace(shock, tau=np.where(at, change.rate + change.added * shock.tau, shock.tau))
    if isinstance(change, ExportTax):
        return replace(shock, e=np.where(at, change.rate + change.added * shock.e, shock.e))
    cost = change.factor if isinstance(change, Iceberg) else np.inf
    return replace(shock, iceberg=sector_major(np.where(at, shock.iceberg * cost, shock.iceberg)))


def _faults(change: Change) -> list[Problem]:
    """What is wrong with one change."""
    if isinstance(change, Embargo):
        return []
    name = type(change).__name__
    if isinstance(change, Tariff | ExportTax):
        value, bound, good = change.rate, "a rate above -1 (1 = 100 %)", -1 < change.rate < np.inf
    else:
        value, bound, good = change.factor, "a finite factor above 0", 0 < change.factor < np.inf
    return [] if good else [Problem(f"{value}", name, bound, "An embargo ends trade; a factor does not.")]


def partway(base: Base, shock: Shock, s: float) -> Shock:
    """The shock at the fraction s in [0, 1] of its way: taxes in a straight line, factors by their logarithm.

    An embargo leaves the share 1 - s of the weight of its cells: a cost of (1 - s)^(-1/theta).
    """
    if s >= 1:
        return shock
    taxes = _between(base.tau, shock.tau, s), _between(base.e, shock.e, s)
    return Shock(*taxes, _cost_between(base, shock.iceberg, s), shock.efficiency**s)


def _cost_between(base: Base, iceberg: Cube, s: float) -> Cube:
    if iceberg is nothing_burnt(base.countries, base.sectors):
        return iceberg
    at = iceberg != 1
    ended = np.broadcast_to(np.power(1.0 - s, -1.0 / base.theta), iceberg.shape)
    cost = iceberg.copy()
    cost[at] = np.where(np.isinf(iceberg[at]), ended[at], iceberg[at] ** s)
    return cost


def _between(then: Cube, now: Cube, s: float) -> Cube:
    if now is then:
        return then
    return np.where(now == then, then, (1.0 - s) * then + s * now)
