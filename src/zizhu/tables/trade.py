"""Bilateral trade by product: shares, concentration and unit values, for a country or a bloc.

A bloc is one trader: what its members sell to each other is left out of its imports and exports
(the rule of the EU's and CEPII's dependency measures), while another country's or bloc's partners stay
single countries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import polars as pl

from zizhu.vocab import products
from zizhu.vocab.problems import Problem, ZizhuError

Direction = Literal["imports", "exports"]


@dataclass(frozen=True)
class Trade:
    """Flows keyed by year, exporter, importer, hs6: `value_usd` (int64, USD), `quantity_t` (tonnes, may be null)."""

    ref: str
    title: str
    frame: pl.DataFrame
    sources: tuple[str, ...] = ()

    @cached_property
    def _by_product(self) -> dict[str, pl.DataFrame]:
        return {str(key[0]): part for key, part in self.frame.partition_by("hs6", as_dict=True).items()}

    def of(self, products: Iterable[str]) -> pl.DataFrame:
        """The flows of these products; products without trade are left out."""
        parts = [self._by_product[p] for p in dict.fromkeys(products) if p in self._by_product]
        return pl.concat(parts) if parts else self.frame.clear()

    @cached_property
    def _by_year(self) -> dict[int, pl.DataFrame]:
        return {int(key[0]): part for key, part in self.frame.partition_by("year", as_dict=True).items()}

    def of_year(self, year: int) -> pl.DataFrame:
        """The flows of one year, empty for a year that the table does not have."""
        return self._by_year.get(year, self.frame.clear())

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The codes that have trade, sorted."""
        return tuple(sorted(self._by_product))

    @property
    def name(self) -> str:
        """The name under which the table is stored."""
        return self.ref.removeprefix("table:").partition("@")[0]

    def find(self, texts: Iterable[str]) -> tuple[list[str], list[Problem]]:
        """The codes of products given by code, heading or label, and the problems of those that are not held."""
        listing = f"`zizhu data list --products {self.name}`"
        codes: list[str] = []
        problems: list[Problem] = []
        for text in texts:
            try:
                codes.append(products.choose(text, self.products, "products", listing))
            except ZizhuError as error:
                problems += error.problems
        return codes, problems

    def listing(self) -> pl.DataFrame:
        """The products of the table by code.

        Columns: hs6, label, material, stage (the last two empty for what is no raw material), first and last
        (years with trade), flows (their number).
        """
        known = products.products()
        spans = self.frame.group_by("hs6").agg(
            pl.col("year").min().alias("first"), pl.col("year").max().alias("last"), pl.len().alias("flows")
        )
        words = pl.DataFrame(
            [(c, p.label, p.material, p.stage) for c in self.products if (p := known.get(c))],
            schema=dict.fromkeys(("hs6", "label", "material", "stage"), pl.String),
            orient="row",
        )
        columns = ("hs6", "label", "material", "stage", "first", "last", "flows")
        return spans.join(words, on="hs6", how="left").select(columns).sort("hs6")

    def years(self) -> tuple[int, int]:
        """First and last year."""
        return int(self.frame["year"].min()), int(self.frame["year"].max())  # type: ignore[arg-type]

    def flow_ref(self, year: int, exporter: str, importer: str, hs6: str) -> str:
        """The reference of one flow."""
        return f"{self.ref}#{year},{exporter},{importer},{hs6}"


def by_partner(frame: pl.DataFrame, members: Sequence[str], direction: Direction) -> pl.DataFrame:
    """Trade of the bloc `members` by year, hs6 and partner.

    Columns: year, hs6, partner, value_usd (USD), quantity_t (tonnes; null when no flow of the group has one),
    weighed_usd (value of the flows whose tonnes are known). Sorted by key; flows inside the bloc are left out.
    """
    own, other = ("importer", "exporter") if direction == "imports" else ("exporter", "importer")
    return (
        frame.lazy()
        .filter(
            pl.col(own).is_in(list(members)),
            ~pl.col(other).is_in(list(members)),
            pl.col("value_usd") > 0,
        )
        .group_by("year", "hs6", pl.col(other).alias("partner"))
        .agg(
            pl.col("value_usd").sum(),
            pl.when(pl.col("quantity_t").count() > 0).then(pl.col("quantity_t").sum()).alias("quantity_t"),
            pl.col("value_usd").filter(pl.col("quantity_t").is_not_null()).sum().alias("weighed_usd"),
        )
        .sort("year", "hs6", "partner")
        .collect()
    )


def with_shares(flows: pl.DataFrame) -> pl.DataFrame:
    """Add `share` of the partner in the year's trade of the product, and `unit_value` (USD per tonne).

    The unit value divides only flows whose tonnes are known; it is null where none are.
    """
    total = pl.col("value_usd").sum().over("year", "hs6")
    return flows.with_columns((pl.col("value_usd") / total).alias("share"), _unit_value())


def _unit_value() -> pl.Expr:
    tonnes = pl.when(pl.col("quantity_t") > 0).then(pl.col("quantity_t"))
    return (pl.col("weighed_usd") / tonnes).alias("unit_value")


def concentration(flows: pl.DataFrame) -> pl.DataFrame:
    """Herfindahl-Hirschman index of partners by year and hs6: HHI = sum of squared shares, in (0, 1].

    Columns: year, hs6, value_usd, quantity_t, partners, hhi, effective (1/HHI, equal suppliers with the same
    concentration), lead, lead_share, unit_value.
    """
    return (
        with_shares(flows)
        .sort("share", "partner", descending=[True, False])
        .group_by("year", "hs6")
        .agg(
            pl.col("value_usd").sum(),
            pl.when(pl.col("quantity_t").count() > 0).then(pl.col("quantity_t").sum()).alias("quantity_t"),
            pl.len().alias("partners"),
            (pl.col("share") ** 2).sum().alias("hhi"),
            pl.col("partner").first().alias("lead"),
            pl.col("share").first().alias("lead_share"),
            pl.col("weighed_usd").sum(),
        )
        .with_columns((1 / pl.col("hhi")).alias("effective"), _unit_value())
        .drop("weighed_usd")
        .sort("year", "hs6")
    )


def world_share(frame: pl.DataFrame, members: Sequence[str]) -> pl.DataFrame:
    """Share of the bloc in world exports and world imports of each product and year, trade inside it left out.

    Columns: year, hs6, export_share, import_share, exports_usd, imports_usd, world_usd, exports_t, imports_t
    (tonnes), export_unit_value, import_unit_value (USD per tonne over the flows whose tonnes are known).
    """
    inside_from, inside_to = pl.col("exporter").is_in(list(members)), pl.col("importer").is_in(list(members))
    return (
        frame.lazy()
        .filter(pl.col("value_usd") > 0, ~(inside_from & inside_to))
        .group_by("year", "hs6")
        .agg(
            pl.col("value_usd").filter(inside_from).sum().alias("exports_usd"),
            pl.col("value_usd").filter(inside_to).sum().alias("imports_usd"),
            pl.col("value_usd").sum().alias("world_usd"),
            *_tonnes("exports", inside_from),
            *_tonnes("imports", inside_to),
        )
        .with_columns(
            (pl.col("exports_usd") / pl.col("world_usd")).alias("export_share"),
            (pl.col("imports_usd") / pl.col("world_usd")).alias("import_share"),
        )
        .sort("year", "hs6")
        .collect()
    )


def _tonnes(side: str, mine: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Tonnes of the flows `mine` and the value a tonne of those whose tonnes are known; null without tonnes."""
    tonnes = pl.col("quantity_t").filter(mine).sum()
    weighed = pl.col("value_usd").filter(mine & pl.col("quantity_t").is_not_null()).sum()
    per_tonne = pl.when(tonnes > 0).then(weighed / tonnes).alias(f"{side.removesuffix('s')}_unit_value")
    return pl.when(tonnes > 0).then(tonnes).alias(f"{side}_t"), per_tonne


def outside_share(frame: pl.DataFrame, importer: Sequence[str], inside: Sequence[str]) -> tuple[float, float]:
    """Imports of the bloc (USD) from economies outside the set `inside`, and its imports in all.

    Used as the visible part of what an input-output table without a rest of the world leaves out.
    """
    mine = frame.filter(
        pl.col("importer").is_in(list(importer)),
        ~pl.col("exporter").is_in(list(importer)),
    )
    outside = mine.filter(~pl.col("exporter").is_in(list(inside)))["value_usd"].sum()
    return float(outside), float(mine["value_usd"].sum())
