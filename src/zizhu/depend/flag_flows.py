"""A trade table read into the flows that dependency flags are made of, each with its noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from zizhu.depend.concentration.flows import Flows, Index
from zizhu.depend.concentration.measures import Traded
from zizhu.depend.concentration.noise import Noise, learn
from zizhu.tables.trade import Trade
from zizhu.vocab import countries, groups

LEARNT_FROM = 200
"""Products, spread over the table, whose flows teach the noise of a table with one figure a flow."""
REPORTS = ("exporter_report", "importer_report_fob", "weight")
"""Columns of a reconciled table that keep both reports of a flow."""
PRECISION = 3.0
"""Variance of a value between two reports x and m: (x - m)^2 w (1 - w) / 3, uniform between equally reliable ones."""
_TOUCHING = """
SELECT year, hs6, exporter, importer, CAST(value_usd AS DOUBLE) AS usd, {variance} AS variance
FROM "{table}"
WHERE value_usd > 0 AND year IN :years AND hs6 IN :products AND (importer IN :members OR exporter IN :members)
"""
_WORLD = """
SELECT year, hs6, exporter AS partner, SUM(value_usd) AS usd, SUM({variance}) AS variance
FROM "{table}"
WHERE value_usd > 0 AND year IN :years AND hs6 IN :products AND NOT (exporter IN :members AND importer IN :members)
GROUP BY year, hs6, exporter
"""


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
        product = frame["hs6"].cast(pl.Enum(self.products)).to_physical().to_numpy()
        year = np.asarray(frame["year"].to_numpy(), np.intp) - self.years[0]
        return np.asarray(np.asarray(product, np.intp) * len(self.years) + year)


@dataclass(frozen=True)
class Reader:
    """Reads the flows of a window from a trade table; `partners` numbers the traders."""

    trade: Trade
    window: Window

    @cached_property
    def partners(self) -> list[str]:
        """Every trader by number: what the vocabulary has in alphabetical order, then others as they are met."""
        return sorted({*countries.countries(), *groups.groups()})

    def numbers(self, codes: pl.Series) -> Index:
        """The numbers of traders, from now on also of those met for the first time."""
        self.partners.extend(sorted(set(codes.unique()) - set(self.partners)))
        return np.asarray(codes.cast(pl.Enum(self.partners)).to_physical().to_numpy(), np.intp)

    @cached_property
    def has_reports(self) -> bool:
        """Whether the table keeps what both sides report of a flow."""
        held = self.trade.ask(f'SELECT * FROM "{self.trade.name}" LIMIT 1')
        return set(REPORTS) <= set(held.columns)

    @cached_property
    def noise(self) -> Noise:
        """The noise of flows by size (`zizhu.depend.concentration.noise`), from products spread over the table."""
        step = -(-len(self.window.products) // LEARNT_FROM)
        held = self.trade.of(self.window.products[::step]).filter(
            pl.col("year").is_between(self.window.years[0], self.window.years[-1]), pl.col("value_usd") > 0
        )
        flow = ("exporter", "importer", "hs6")
        held = held.select(*flow, pl.col("year").cast(pl.Int32), pl.col("value_usd").cast(pl.Float64))
        shifted = (
            held.with_columns(pl.col("year") + k).rename({"value_usd": name})
            for k, name in ((1, "before"), (-1, "after"))
        )
        for other in shifted:
            held = held.join(other, on=[*flow, "year"])
        return learn(*(held[c].to_numpy() for c in ("before", "value_usd", "after")))

    def touching(self, entities: Iterable[str]) -> pl.DataFrame:
        """All flows to and from these countries and groups, as they are in any year of the window."""
        members = sorted({m for e in entities for year in self.window.years for m in groups.expand(e, year)})
        return self._asked(_TOUCHING, self.window.years, members)

    def traded(self, entity: str, world: Flows, touching: pl.DataFrame) -> Traded:
        """The flows of a country or group, out of `touching`; the `world` is as that entity sees it."""
        sides: dict[str, list[pl.DataFrame]] = {"imports": [], "inside": [], "exports": []}
        for members, years in self._members(entity).items():
            rows = touching.filter(pl.col("year").is_in(years))
            bought, sold = (pl.col(c).is_in(list(members)) for c in ("importer", "exporter"))
            supplier, customer = pl.col("exporter").alias("partner"), pl.col("importer").alias("partner")
            sides["imports"].append(rows.filter(bought & ~sold).with_columns(supplier))
            sides["inside"].append(rows.filter(bought & sold).with_columns(supplier))
            sides["exports"].append(rows.filter(sold & ~bought).with_columns(customer))
        imports, inside, exports = (self._flows(pl.concat(parts)) for parts in sides.values())
        return Traded(imports, inside, exports, world)

    def world(self, entity: str) -> Flows:
        """Exports of the world by exporter; a group is one exporter and its inner trade is left out."""
        parts = []
        for members, years in self._members(entity).items():
            found = self._asked(_WORLD, years, members)
            inside = pl.col("partner").is_in(list(members))
            parts.append(
                found.with_columns(pl.when(inside).then(pl.lit(entity)).otherwise("partner").alias("partner"))
            )
        return self._flows(pl.concat(parts))

    def _flows(self, rows: pl.DataFrame) -> Flows:
        """Flows by partner out of rows with year, hs6, partner, usd and variance."""
        partner, cell = self.numbers(rows["partner"]), self.window.cell(rows)
        count = len(self.partners)
        usd, variance = (
            np.bincount(cell * count + partner, rows[c].to_numpy(), self.window.cells * count)
            for c in ("usd", "variance")
        )
        held = np.flatnonzero(usd)
        sd = np.sqrt(variance[held]) / usd[held]
        return Flows(self.window.cells, held // count, held % count, usd[held].astype(float), sd)

    def _asked(self, sql: str, years: Sequence[int], members: Sequence[str]) -> pl.DataFrame:
        asked = sql.format(table=self.trade.name, variance=self._variance)
        return self.trade.ask(
            asked, years=list(years), products=list(self.window.products), members=list(members)
        )

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

    def _members(self, entity: str) -> Mapping[tuple[str, ...], list[int]]:
        """The years of the window by the members that the entity has in them."""
        found: dict[tuple[str, ...], list[int]] = {}
        for year in self.window.years:
            found.setdefault(groups.expand(entity, year), []).append(year)
        return found
