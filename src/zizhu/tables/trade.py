"""Bilateral trade by product: shares, concentration and unit values, for a country or a bloc.

A bloc is one trader: what its members sell to each other is left out of its imports and exports
(the rule of the EU's and CEPII's dependency measures), while another country's or bloc's partners stay
single countries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np
import polars as pl

from zizhu.tables.herfindahl import hhi
from zizhu.vocab import products
from zizhu.vocab.problems import Problem, ZizhuError

Direction = Literal["imports", "exports"]


class Ask(Protocol):
    """What answers SQL: `Workspace.query` of the table's workspace, with the table pinned."""

    def __call__(self, sql: str, **params: Any) -> pl.DataFrame: ...


TRADE_COLUMNS = ("year", "exporter", "importer", "hs6", "revision", "value_usd", "quantity_t")
TRADE_KEY = ("year", "hs6", "exporter", "importer")
"""The key of every trade table, in the order of its rows and references: the flows of a product lie together."""
REPORTED = "reported-trade"
"""The kind of a table that keeps what exporters and importers report apart."""
HELD = 6_000_000
"""Rows of the products that were asked for and are kept in memory, about 0.5 GB."""
AT_ONCE = 250
"""Products that are looked at together when all of a table are: a large table has 5,000 of them."""


@dataclass(frozen=True)
class Trade:
    """Flows by year, exporter, importer, hs6: `value_usd` (int64, USD), `quantity_t` (tonnes, may be null).

    `ask` answers SQL over the stored table, of which only what a question needs is read: a table may have hundreds
    of millions of rows. `key` is the order of the key columns, in which a flow's reference is written.
    """

    ref: str
    title: str
    ask: Ask = field(repr=False)
    key: tuple[str, ...] = TRADE_KEY
    sources: tuple[str, ...] = ()
    revision: str = ""
    _held: dict[str, pl.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, products: Iterable[str]) -> pl.DataFrame:
        """The flows of these products; products without trade are left out."""
        wanted = list(dict.fromkeys(products))
        missing = [p for p in wanted if p not in self._held]
        found = self._fetched(missing) if missing else {}
        parts = [
            part for p in wanted if (part := found.get(p, self._held.get(p))) is not None and part.height
        ]
        return pl.concat(parts) if parts else self._rows("WHERE FALSE")

    def _fetched(self, products: list[str]) -> dict[str, pl.DataFrame]:
        """The flows of products that are not held, by product, which are held from now on."""
        rows = self._rows("WHERE hs6 IN :products", products=products)
        found = {str(key[0]): part for key, part in rows.partition_by("hs6", as_dict=True).items()}
        if rows.height + sum(part.height for part in self._held.values()) > HELD:
            self._held.clear()
        if rows.height <= HELD:
            self._held.update({p: found.get(p, rows.clear()) for p in products})
        return found

    def _rows(self, where: str, **values: Any) -> pl.DataFrame:
        asked = f'SELECT {", ".join(TRADE_COLUMNS)} FROM "{self.name}" {where}'
        return self.ask(asked, **values).sort("hs6", "year", "exporter", "importer")

    def groups_of_products(self) -> Iterator[list[str]]:
        """All products, AT_ONCE at a time, so that a question about all of them needs bounded memory."""
        for start in range(0, len(self.products), AT_ONCE):
            yield list(self.products[start : start + AT_ONCE])

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The whole table, for one that is known to fit into memory."""
        return self._rows("")

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The codes that have trade, sorted."""
        return tuple(self.ask(f'SELECT DISTINCT hs6 FROM "{self.name}"')["hs6"].sort())

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

    def chosen(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The codes of products given as for `find`, each once; raises ZizhuError for those that are not held."""
        codes, problems = self.find(texts)
        if problems:
            raise ZizhuError(problems)
        return tuple(dict.fromkeys(codes))

    def listing(self) -> pl.DataFrame:
        """The products of the table by code.

        Columns: hs6, label, material, stage (the last two empty for what is no raw material), first and last
        (years with trade), flows (their number).
        """
        known = products.products()
        spans = self.ask(
            "SELECT hs6, MIN(year) AS first, MAX(year) AS last, COUNT(*) AS flows "
            f'FROM "{self.name}" GROUP BY hs6'
        )
        words = pl.DataFrame(
            [(c, p.label, p.material, p.stage) for c in self.products if (p := known.get(c))],
            schema=dict.fromkeys(("hs6", "label", "material", "stage"), pl.String),
            orient="row",
        )
        columns = ("hs6", "label", "material", "stage", "first", "last", "flows")
        return spans.join(words, on="hs6", how="left").select(columns).sort("hs6")

    @cached_property
    def _years(self) -> tuple[int, int]:
        found = self.ask(f'SELECT MIN(year) AS first, MAX(year) AS last FROM "{self.name}"')
        return int(found["first"][0]), int(found["last"][0])

    def years(self) -> tuple[int, int]:
        """First and last year."""
        return self._years

    def flow_ref(self, year: int, exporter: str, importer: str, hs6: str) -> str:
        """The reference of one flow."""
        values = {"year": str(year), "exporter": exporter, "importer": importer, "hs6": hs6}
        return f"{self.ref}#{','.join(values[k] for k in self.key)}"

    def outside_share(
        self, importer: Sequence[str], inside: Sequence[str], year: int, hs6: Sequence[str]
    ) -> tuple[float, float]:
        """Imports (USD) of these products by the bloc in a year from economies outside the set `inside`, and in all.

        Used as the visible part of what an input-output table without a rest of the world leaves out.
        """
        found = self.ask(
            "SELECT exporter, SUM(value_usd) AS usd "
            f'FROM "{self.name}" WHERE year = :year AND hs6 IN :hs6 AND importer IN :bloc GROUP BY exporter',
            year=year,
            hs6=list(hs6),
            bloc=list(importer),
        ).filter(~pl.col("exporter").is_in(list(importer)))
        outside = found.filter(~pl.col("exporter").is_in(list(inside)))["usd"].sum()
        return float(outside), float(found["usd"].sum())


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
    order = with_shares(flows).sort("year", "hs6", "share", "partner", descending=[False, False, True, False])
    cell = order.select(pl.struct("year", "hs6").rle_id()).to_series().to_numpy()
    grouped = (
        order.group_by("year", "hs6", maintain_order=True)
        .agg(
            pl.col("value_usd").sum(),
            pl.when(pl.col("quantity_t").count() > 0).then(pl.col("quantity_t").sum()).alias("quantity_t"),
            pl.len().alias("partners"),
            pl.col("partner").first().alias("lead"),
            pl.col("share").first().alias("lead_share"),
            pl.col("weighed_usd").sum(),
        )
        .with_columns(_unit_value())
        .drop("weighed_usd")
    )
    index = pl.Series("hhi", hhi(order["value_usd"].to_numpy(), cell.astype(np.intp), grouped.height))
    grouped.insert_column(grouped.columns.index("partners") + 1, index)
    return grouped.with_columns((1 / pl.col("hhi")).alias("effective"))


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
