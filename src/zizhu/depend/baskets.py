"""Which places sell what: the sales of a table as a matrix, and what filters leave of it.

Sales are a mean a year of the years asked for. Filters are applied in this order: places by population and by sales,
products by the sales of all places; with RCA of what is left, products by ubiquity and places without any product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import polars as pl
from pydantic import Field

from zizhu.depend.specialisation import rca
from zizhu.depend.specialisation.defaults import default
from zizhu.ledger.models import Coverage, Record
from zizhu.store import Workspace
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Ask, Trade
from zizhu.vocab import groups
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError
from zizhu.vocab.products import REVISION, products

PRODUCTION = "production"
"""The kind of a table of what places produce, by product or by sector."""
Level = Literal[2, 4, 6]
SHOWN = 8
"""Codes that one note lists."""


class Filters(Record):
    """What takes part, in persons, USD a year and places with RCA >= 1; 0 switches a filter off."""

    min_population: float = Field(default_factory=lambda: default("min_population"), ge=0)
    min_exports_usd: float = Field(default_factory=lambda: default("min_exports_usd"), ge=0)
    min_product_trade_usd: float = Field(default_factory=lambda: default("min_product_trade_usd"), ge=0)
    min_ubiquity: int = Field(default=1, ge=1)


@dataclass(frozen=True)
class Sold:
    """A table of sales: of exporters by HS code, or of places by the products or sectors of a table of production.

    The `members` of a `bloc` are one place under its code; what they sell to each other is left out.
    """

    ref: str
    title: str
    ask: Ask
    revision: str
    key: tuple[str, ...]
    place: str = "exporter"
    product: str = "hs6"
    bloc: str = ""
    members: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which SQL finds the table."""
        return self.ref.removeprefix("table:").partition("@")[0]

    @property
    def traded(self) -> bool:
        """Whether these are flows between countries, of HS codes."""
        return self.place == "exporter"

    @property
    def seller(self) -> str:
        """The SQL of the place of a row."""
        return (
            f"CASE WHEN {self.place} IN :members THEN :bloc ELSE {self.place} END"
            if self.bloc
            else self.place
        )

    def ref_of(self, year: int, place: str, product: str) -> str:
        """The reference of what a place sold of one code of the table in a year."""
        held = {"year": str(year), self.place: place, self.product: product, "importer": "WLD"}
        return f"{self.ref}#{','.join(held[k] for k in self.key)}"

    def rows(self, columns: str, first: int, last: int, more: str = "", **values: Any) -> pl.DataFrame:
        """What SQL answers for `columns` grouped by all but the sums, over the years and the condition `more`."""
        abroad = "AND exporter <> importer" if self.traded else ""
        if self.bloc:
            values |= {"bloc": self.bloc, "members": list(self.members)}
            abroad += " AND NOT (exporter IN :members AND importer IN :members)" if self.traded else ""
        keys = ", ".join(c.partition(" AS ")[0] for c in columns.split("; "))
        return self.ask(
            f"SELECT {columns.replace('; ', ', ')}, SUM(value_usd) AS usd, "
            "SUM(CASE WHEN value_usd < 0 THEN 1 ELSE 0 END) AS below "
            f'FROM "{self.name}" WHERE year BETWEEN :first AND :last {abroad} {more} GROUP BY {keys}',
            first=first,
            last=last,
            **values,
        )

    def code(self, level: int) -> str:
        """The SQL of a product at a level: HS codes are cut, other codes stay whole."""
        return f"SUBSTR({self.product}, 1, {level})" if self.traded and level < 6 else self.product


def load_sold(workspace: Workspace, name: str) -> Sold:
    """The table of that name; raises ZizhuError for one that is neither of trade nor of production."""
    table = workspace.read(name)
    if table.meta.flags.get("kind") != PRODUCTION:
        return of_trade(load_trade(workspace, name))
    table.check_quickly()
    by = str(table.meta.flags.get("by", "product"))
    ask = workspace.pinned([table.meta.ref]).query
    return Sold(table.meta.ref, table.meta.title, ask, "", table.meta.key, "country", by)


def of_trade(trade: Trade) -> Sold:
    """The exports of a trade table."""
    return Sold(trade.ref, trade.title, trade.ask, trade.revision, trade.key)


def with_bloc(sold: Sold, code: str | None, last: int | None) -> Sold:
    """The table with a group as one place, its members being those of the last year; other codes change nothing."""
    if code is None or code not in groups.groups():
        return sold
    year = last or int(sold.ask(f'SELECT MAX(year) AS last FROM "{sold.name}"')["last"][0])
    return replace(sold, bloc=code, members=groups.members(code, year))


@dataclass(frozen=True)
class Sales:
    """X (C, P), USD a year, of `places` in `products`, over the years first to last."""

    places: tuple[str, ...]
    products: tuple[str, ...]
    X: Matrix
    first: int
    last: int


def sales(sold: Sold, first: int | None, last: int | None, level: int) -> Sales:
    """The matrix of a table; without years, of its last one.

    Raises ZizhuError for years that the table does not have, for two HS revisions and for values below zero or
    that are no numbers, and CannotAnswer for years without sales.
    """
    begin, end = _years(sold, first, last)
    found = sold.rows(f"{sold.seller} AS place; {sold.code(level)} AS product", begin, end)
    below = int(found["below"].sum())
    if below:
        what = f"{below:,} rows are below 0"
        raise ZizhuError(Problem(what, f"table {sold.name}", "values of 0 or more", "`zizhu data check`."))
    found = found.filter(pl.col("usd").is_not_null(), pl.col("usd") != 0).sort("place", "product")
    if found.is_empty():
        raise CannotAnswer(
            Problem("no sales", f"{sold.name}, {begin}-{end}", "some above zero", "Choose other years.")
        )
    places, products = (found[c].unique().sort() for c in ("place", "product"))
    X = np.zeros((len(places), len(products)))
    at = (
        places.search_sorted(found["place"]).to_numpy(),
        products.search_sorted(found["product"]).to_numpy(),
    )
    X[at] = found["usd"].cast(pl.Float64).to_numpy() / (end - begin + 1)
    rca.check(X, f"table {sold.name}")
    return Sales(tuple(places), tuple(products), X, begin, end)


def _years(sold: Sold, first: int | None, last: int | None) -> tuple[int, int]:
    """The years asked for; raises ZizhuError for years outside the table and for two HS revisions among them."""
    held = sold.ask(f'SELECT MIN(year) AS first, MAX(year) AS last FROM "{sold.name}"').row(0)
    end = last if last is not None else int(held[1])
    begin = first if first is not None else end
    if not int(held[0]) <= begin <= end <= int(held[1]):
        expected = f"within {held[0]}-{held[1]}, in order"
        raise ZizhuError(Problem(f"years {begin}-{end}", "years", expected, "Change the years."))
    if sold.traded:
        asked = f'SELECT DISTINCT revision FROM "{sold.name}" WHERE year BETWEEN :first AND :last'
        revisions = sold.ask(asked, first=begin, last=end)["revision"].sort().to_list()
        if len(revisions) > 1:
            remedy = "Bring them into one revision: `zizhu data convert`."
            what = f"flows in {', '.join(map(str, revisions))}"
            raise ZizhuError(Problem(what, f"{sold.name}, {begin}-{end}", "one HS revision", remedy))
    return begin, end


@dataclass(frozen=True)
class Baskets:
    """What the filters leave: X, RCA R and M = [RCA >= 1] (C, P), and what they left out, in sentences.

    `counted` are all places and products that RCA was made of, those without a product of RCA >= 1 or below the
    ubiquity included: `own` (C,) and `world` (P,) are the sales in them, `total` is the sum of all.
    """

    places: tuple[str, ...]
    products: tuple[str, ...]
    X: Matrix
    R: Matrix
    M: Matrix
    own: Vector
    world: Vector
    total: float
    counted: tuple[frozenset[str], frozenset[str]]
    first: int
    last: int
    left_out: tuple[str, ...]

    @property
    def years(self) -> str:
        """The years, as they stand in a sentence."""
        return str(self.last) if self.first == self.last else f"mean of {self.first}-{self.last}"


def filtered(of: Sales, filters: Filters, population: Mapping[str, float] | None) -> Baskets:
    """The places and products that take part; `population` is that of places, None where it is not known at all.

    Places whose own population is not known stay. Raises CannotAnswer where nothing is left.
    """
    notes: list[str] = []
    rows, columns = _large(of, filters, population, notes)
    X = of.X[np.ix_(rows, columns)]
    R = rca.rca(X)
    M = rca.specialised(R)
    held, sold = rca.trimmed(M, filters.min_ubiquity)
    for kept, axis, names in ((held, rows, of.places), (sold, columns, of.products)):
        gone = [names[axis[i]] for i in np.setdiff1d(np.arange(len(axis)), kept)]
        why = "without a product of RCA >= 1" if names is of.places else _rare(filters.min_ubiquity)
        notes += [f"Left out {why}: {_listed(gone)}."] if gone else []
    if not len(held):
        where = f"{len(of.places)} places, {len(of.products)} products"
        remedy = "Lower the filters, for example --min-exports 0."
        raise CannotAnswer(Problem("the filters leave nothing", where, "at least two places", remedy))
    places, products = (
        tuple(n[axis[i]] for i in k) for n, axis, k in ((of.places, rows, held), (of.products, columns, sold))
    )
    cut = np.ix_(held, sold)
    counted = (frozenset(of.places[i] for i in rows), frozenset(of.products[i] for i in columns))
    sums = (X.sum(axis=1)[held], X.sum(axis=0)[sold], float(X.sum()))
    return Baskets(places, products, X[cut], R[cut], M[cut], *sums, counted, of.first, of.last, tuple(notes))


def _large(
    of: Sales, filters: Filters, population: Mapping[str, float] | None, notes: list[str]
) -> tuple[Index, Index]:
    """The places and products of some size; who is left out is added to the notes."""
    rows, columns = np.arange(len(of.places)), np.arange(len(of.products))
    if population is not None and filters.min_population:
        known = np.array([population.get(p, np.inf) for p in of.places])
        rows = _above(rows, known, filters.min_population, of.places, "population", "persons", notes)
        unknown = [of.places[i] for i in rows if np.isinf(known[i])]
        notes += [f"Kept without a known population: {_listed(unknown)}."] if unknown else []
    own, world = of.X.sum(axis=1), of.X.sum(axis=0)
    unit, least = "USD a year", (filters.min_exports_usd, filters.min_product_trade_usd)
    rows = _above(rows, own, least[0], of.places, "sales", unit, notes)
    columns = _above(columns, world, least[1], of.products, "world sales", unit, notes)
    return rows, columns


def _rare(least: int) -> str:
    return f"with fewer than {least} {'place' if least == 1 else 'places'} of RCA >= 1"


def _above(
    held: Index, size: Vector, least: float, names: Sequence[str], what: str, unit: str, notes: list[str]
) -> Index:
    """Those of `held` whose size is at least `least`; who goes is added to the notes."""
    gone = [names[i] for i in held if size[i] < least]
    if gone:
        notes.append(f"Left out with {what} below {least:,.0f} {unit}: {_listed(gone)}.")
    return held[size[held] >= least]


def _listed(codes: Sequence[str]) -> str:
    """`3 (AAA, BBB, CCC)`, the first SHOWN of many."""
    more = ", ..." if len(codes) > SHOWN else ""
    return f"{len(codes):,} ({', '.join(codes[:SHOWN])}{more})"


def per_place(workspace: Workspace, named: str, first: int, last: int) -> tuple[str, dict[str, float]]:
    """The reference of a table of observations, `TABLE` or `TABLE:INDICATOR`, and its mean over years by place.

    Of several vintages of a year the last counts. Raises ZizhuError for a table of another kind or with several
    indicators of which none is named, and CannotAnswer where it has none of the years.
    """
    name, _, indicator = named.partition(":")
    table = workspace.read(name)
    if table.meta.flags.get("kind") != "indicator":
        what = f"a table of kind {table.meta.flags.get('kind')!r}"
        remedy = "`zizhu data list` shows the kind of every table."
        raise ZizhuError(Problem(what, f"table {name}", "observations of an indicator", remedy))
    frame = table.frame
    held = frame["indicator"].unique().sort().to_list()
    if (len(held) > 1 and not indicator) or (indicator and indicator not in held):
        some = ", ".join(f"{name}:{h}" for h in held[:SHOWN])
        what = f"{len(held)} indicators" if not indicator else f"no indicator {indicator!r}"
        raise ZizhuError(Problem(what, f"table {name}", "the one that is meant", f"For example {some}."))
    year = pl.col("period").str.slice(0, 4).cast(pl.Int32)
    found = (
        frame.filter(pl.col("indicator") == (indicator or held[0]), year.is_between(first, last))
        .sort("vintage")
        .group_by("entity", "period")
        .agg(pl.col("value").last())
        .group_by("entity")
        .agg(pl.col("value").mean())
    )
    if found.is_empty():
        expected = "observations of these years"
        raise CannotAnswer(
            Problem(f"no observation of {first}-{last}", f"table {name}", expected, "Choose other years.")
        )
    return table.meta.ref, dict(found.sort("entity").iter_rows())


def products_held(sold: Sold, held: tuple[str, ...], level: int) -> Coverage:
    """How many of the products of the classification are in the table: complexity is that of whole baskets."""
    if not sold.traded or sold.revision != REVISION:
        told = "The table's own classification: how much of all that is sold it holds is not known."
        return Coverage(what="all products", statement=told)
    every = {code[:level] for code in products()}
    share = len(every & set(held)) / len(every)
    told = (
        f"The table holds {len(every & set(held)):,} of {len(every):,} codes of {REVISION} at {level} digits."
    )
    return Coverage(what=f"the products of {REVISION}", share=share, statement=told, gate=True)
