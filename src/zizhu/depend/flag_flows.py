"""A trade table read into the flows that dependency flags are made of, each with its noise."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from zizhu.depend.concentration.flows import Flows, Index, Mask, Vector, stacked, summed
from zizhu.depend.concentration.measures import Traded
from zizhu.depend.concentration.noise import Noise, learn
from zizhu.tables.trade import Trade
from zizhu.vocab import countries, groups

LEARNT_FROM = 200
"""Products, spread over the table, that are read besides those asked for: next year's chance is learnt from them."""
NOISE_FROM = 2000
"""Products times years, spread over all of the table, whose flows teach the noise of one figure a flow."""
REPORTS = ("exporter_report", "importer_report_fob", "weight")
"""Columns of a reconciled table that keep both reports of a flow."""
PRECISION = 3.0
"""Variance of a value between two reports x and m: (x - m)^2 w (1 - w) / 3, uniform between equally reliable ones."""
AT_ONCE = 2_000_000
"""Flows of the world that are held as rows together, about 120 MB."""
_READ = 'SELECT {columns} FROM "{table}" WHERE value_usd > 0 AND year IN :years AND {products}'
_NOISY = "year, hs6, {traders}, CAST(value_usd AS DOUBLE) AS usd, {variance} AS variance"


@dataclass(frozen=True)
class Window:
    """Products by years; cell = position of the product x number of years + position of the year.

    The first `asked` products are those that the question is about, the others those that it learns from.
    """

    products: tuple[str, ...]
    years: tuple[int, ...]
    asked: int

    @property
    def cells(self) -> int:
        return len(self.products) * len(self.years)

    def cell(self, frame: pl.DataFrame) -> Index:
        """The cell of every row by its hs6 and year."""
        runs = frame["hs6"].rle().struct  # the flows of a product lie together: far fewer codes to look up
        product = runs.field("value").cast(pl.Enum(self.products)).to_physical().to_numpy().astype(np.intp)
        first = product * len(self.years) - self.years[0]
        return np.asarray(np.repeat(first, runs.field("len").to_numpy()) + frame["year"].to_numpy())


@dataclass(frozen=True)
class Rows:
    """Flows as they stand in the table: `cell`, `exporter` and `importer` by number, `usd`, `variance`, each (n,)."""

    cell: Index
    exporter: Index
    importer: Index
    usd: Vector
    variance: Vector

    def summed(self, cells: int, partner: Index, kept: Mask) -> Flows:
        """The flows that are `kept` (n,), by cell and `partner` (n,)."""
        return summed(cells, self.cell[kept], partner[kept], self.usd[kept], self.variance[kept])


@dataclass(frozen=True)
class Reader:
    """Reads the flows of a window from a trade table; `partners` numbers the traders."""

    trade: Trade
    window: Window

    @cached_property
    def partners(self) -> list[str]:
        """Every trader by number: the vocabulary's in alphabetical order, then other exporters and importers."""
        return sorted({*countries.countries(), *groups.groups(), groups.WORLD})

    def numbers(self, codes: pl.Series) -> Index:
        """The numbers of traders, from now on also of those that the vocabulary lacks."""
        known = codes.cast(pl.Enum(self.partners), strict=False)
        if known.null_count():
            for side in ("exporter", "importer"):
                met = self._asked(f"DISTINCT {side}", self.window.products)[side]
                self.partners.extend(sorted(set(met) - set(self.partners)))
            known = codes.cast(pl.Enum(self.partners))
        return np.asarray(known.to_physical().to_numpy(), np.intp)

    @cached_property
    def has_reports(self) -> bool:
        """Whether the table keeps what both sides report of a flow."""
        held = self.trade.ask(f'SELECT * FROM "{self.trade.name}" LIMIT 1')
        return set(REPORTS) <= set(held.columns)

    @cached_property
    def noise(self) -> Noise:
        """The noise of flows by size (`zizhu.depend.concentration.noise`), the same whatever year or product is asked.

        It is learnt from products spread over the table, in all of its years.
        """
        first, last = self.trade.years()
        years = tuple(range(first, last + 1))
        step = -(-len(self.trade.products) * len(years) // NOISE_FROM)
        some = Reader(self.trade, Window(self.trade.products[::step], years, 0))
        found = some._asked("year, hs6, exporter, importer, value_usd", some.window.products)
        cell = some.window.cell(found)
        exporter, importer = (some.numbers(found[side]) for side in ("exporter", "importer"))
        product, year = np.divmod(cell, len(years))
        flow = (product * len(some.partners) + exporter) * len(some.partners) + importer
        # so far apart that years of two flows never follow each other
        place = flow * (len(years) + 2) + year
        order = np.argsort(place)
        place, value = place[order], found["value_usd"].cast(pl.Float64).to_numpy()[order]
        held = np.flatnonzero(place[2:] - place[:-2] == 2)
        return learn(value[held], value[held + 1], value[held + 2], cell[order][held])

    def touching(self, entities: Iterable[str]) -> Rows:
        """All flows to and from these countries and groups, as they are in any year of the window."""
        members = sorted({m for e in entities for year in self.window.years for m in groups.expand(e, year)})
        one = len(members) == 1  # equality is tested faster than a list
        met, asked = ("= :member", {"member": members[0]}) if one else ("IN :members", {"members": members})
        found = self._noisy(
            "exporter, importer", self.window, f"AND (importer {met} OR exporter {met})", **asked
        )
        cell = self.window.cell(found)
        exporter, importer = (self.numbers(found[side]) for side in ("exporter", "importer"))
        return Rows(cell, exporter, importer, *(found[c].to_numpy() for c in ("usd", "variance")))

    def traded(self, entity: str, world: Flows, touching: Rows) -> Traded:
        """The flows of a country or group, out of `touching`; the `world` is as that entity sees it."""
        bought, sold = self._bought_and_sold(entity, touching)
        cells = self.window.cells
        imports, inside = (
            touching.summed(cells, touching.exporter, side) for side in (bought & ~sold, bought & sold)
        )
        return Traded(imports, inside, touching.summed(cells, touching.importer, sold & ~bought), world)

    def world(self, entity: str, touching: Rows) -> Flows:
        """Exports of the world by exporter; a group is one exporter and its inner trade is left out.

        What the entity itself sells comes out of `touching`, which has its flows.
        """
        bought, sold = self._bought_and_sold(entity, touching)
        itself = np.full(len(sold), self.partners.index(entity))
        others = ~self._is_member(entity, self._sold.partner, self._sold.cell)
        return self._sold.where(others).beside(touching.summed(self.window.cells, itself, sold & ~bought))

    @cached_property
    def _sold(self) -> Flows:
        """Exports of every country by exporter, read for so many products at once as have about AT_ONCE flows."""
        products, years = self.window.products, self.window.years
        count = f'SELECT COUNT(*) FROM "{self.trade.name}" WHERE year IN :years'
        rows = self.trade.ask(count, years=list(years)).item()
        step = 1 + AT_ONCE * len(self.trade.products) // max(rows, 1)
        starts = range(0, len(products), step)
        return stacked([self._sold_of(Window(products[k : k + step], years, 0)) for k in starts])

    def _sold_of(self, window: Window) -> Flows:
        found = self._noisy("exporter", window)
        usd, variance = (found[c].to_numpy() for c in ("usd", "variance"))
        return summed(window.cells, window.cell(found), self.numbers(found["exporter"]), usd, variance)

    def _bought_and_sold(self, entity: str, rows: Rows) -> tuple[Mask, Mask]:
        """Which flows go to the entity or its members, and which come from there."""
        bought, sold = (self._is_member(entity, who, rows.cell) for who in (rows.importer, rows.exporter))
        return bought, sold

    def _is_member(self, entity: str, partner: Index, cell: Index) -> Mask:
        """Whether each partner is the entity, or its member in the year of the cell."""
        years = self.window.years
        members = [groups.expand(entity, year) for year in years]
        if len(set(members)) == 1:
            return np.asarray(np.array([code in members[0] for code in self.partners])[partner])
        member = np.array([[code in some for some in members] for code in self.partners])
        return np.asarray(member[partner, cell % len(years)])

    def _asked(self, columns: str, products: Sequence[str], also: str = "", **values: Any) -> pl.DataFrame:
        """Columns of the flows of some products in the years of the window."""
        within, bounds = self._within(products)
        sql = _READ.format(columns=columns, table=self.trade.name, products=within)
        return self.trade.ask(f"{sql} {also}", years=list(self.window.years), **bounds, **values)

    def _within(self, products: Sequence[str]) -> tuple[str, dict[str, Any]]:
        """The condition for some products in SQL: neighbours in the table by their ends, which is tested faster."""
        first = bisect_left(self.trade.products, products[0])
        if self.trade.products[first : first + len(products)] == tuple(products):
            return "hs6 BETWEEN :first AND :last", {"first": products[0], "last": products[-1]}
        return "hs6 IN :products", {"products": list(products)}

    def _noisy(self, traders: str, window: Window, also: str = "", **values: Any) -> pl.DataFrame:
        """Flows with the columns year, hs6, those of their traders, usd and variance."""
        columns = _NOISY.format(traders=traders, variance=self._variance)
        return self._asked(columns, window.products, also, **values)

    @cached_property
    def _variance(self) -> str:
        """The variance of a flow, in SQL: between its reports where it has both, else by the noise of its size."""
        value = "CAST(value_usd AS DOUBLE)"
        smallest, *larger = zip(self.noise.decade, self.noise.sd, strict=True)
        sizes = " ".join(f"WHEN value_usd >= {10.0**d:.1f} THEN {sd**2:.12f}" for d, sd in reversed(larger))
        least = f"{smallest[1] ** 2:.12f}"
        learnt = f"{value} * {value} * " + (f"CASE {sizes} ELSE {least} END" if sizes else least)
        if not self.has_reports:
            return learnt
        both = " AND ".join(f"{c} IS NOT NULL" for c in REPORTS)
        apart = "CAST(exporter_report - importer_report_fob AS DOUBLE)"
        return (
            f"CASE WHEN {both} THEN {apart} * {apart} * weight * (1 - weight) / {PRECISION} ELSE {learnt} END"
        )
