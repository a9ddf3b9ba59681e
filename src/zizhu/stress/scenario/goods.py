"""Products in a table of industries: their trade between countries against the sales of those that make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from zizhu.ledger.models import Coverage
from zizhu.stress.scenario.shocks import Traded
from zizhu.tables.leontief import Index, Matrix
from zizhu.tables.mrio import MRIO
from zizhu.tables.split import sales_by_country
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, names, units
from zizhu.vocab.countries import REST
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.vocab.product_sectors import made_by


def industries(products: tuple[str, ...], mrio: MRIO) -> dict[str, str]:
    """The industry of the table that makes each product; raises ZizhuError for products of none of them."""
    made = {p: made_by(p) for p in products}
    remedy = "Correct the code, or name a sector of the sender in place of products."
    problems = [
        Problem(f"no industry is known to make {p}", "products", "a product of an industry", remedy)
        if by is None
        else Problem(
            f"{names.product(p)} is made in {by.sector} ({names.sector(by.sector)}), which {mrio.title} does not have",
            "products",
            "a product of an industry of the table",
            f"{remedy} `zizhu data show {mrio.name}` lists them.",
        )
        for p, by in made.items()
        if by is None or by.sector not in mrio.nodes.sectors
    ]
    if problems:
        raise ZizhuError(problems)
    return {p: by.sector for p, by in made.items() if by is not None}


@dataclass(frozen=True)
class Goods:
    """The trade of some products by sender's and receiver's countries in the year nearest to a table's.

    flows: exporter, importer, industry (of the table), value (in the table's unit); countries that the table does not
    have are counted with its rest of the world where it has one. `total` is the value of the trade that a shock names.
    """

    codes: tuple[str, ...]
    industry: Mapping[str, str]
    title: str
    year: int
    flows: pl.DataFrame
    total: float

    @classmethod
    def of(cls, one: Traded, trade: Trade, mrio: MRIO) -> Goods:
        """The trade that a shock names; raises ZizhuError for products that the trade table does not have."""
        codes = trade.chosen(one.products)
        made = industries(codes, mrio)
        year = _year(trade, mrio)
        sellers, buyers = _apart(one, year)
        found = trade.ask(
            f'SELECT exporter, importer, hs6, SUM(value_usd) AS usd FROM "{trade.name}" '
            "WHERE year = :year AND hs6 IN :codes AND exporter IN :sellers GROUP BY exporter, importer, hs6",
            year=year,
            codes=list(codes),
            sellers=sorted(sellers),
        ).filter(pl.col("importer").is_in(sorted(buyers)))
        flows = _in_table(found, made, mrio)
        return cls(codes, made, trade.title, year, flows, float(flows["value"].sum()))

    def shares(self, mrio: MRIO, rows: Index) -> tuple[Matrix, Matrix]:
        """For each of the sellers' nodes `rows` (k,) and each country (C,): the share of what the industry sells there
        that these products are, and the value of it that the table follows to a buying industry or final demand."""
        value = self._value(mrio, rows)
        sold, followed = _sales(mrio, rows)
        share = np.divide(np.minimum(value, sold), sold, out=np.zeros_like(sold), where=sold > 0)
        return share, share * followed

    def _value(self, mrio: MRIO, rows: Index) -> Matrix:
        """The trade (k, C) of the products, the same for all nodes of a whole country and industry."""
        column = {c: i for i, c in enumerate(mrio.nodes.countries)}
        place: dict[tuple[str, str], list[int]] = {}
        for k, i in enumerate(rows):
            place.setdefault((mrio.nodes.whole[i], mrio.nodes.sector[i]), []).append(k)
        value = np.zeros((len(rows), len(column)))
        for who, whom, industry, usd in self.flows.iter_rows():
            if (who, industry) in place and whom in column:
                value[place[who, industry], column[whom]] += usd
        return value

    def coverage(self, one: Traded, seen: float, mrio: MRIO) -> Coverage:
        """The share of the controlled trade that the table follows to a buyer."""
        what = ", ".join(names.product(c) for c in self.codes)
        whom = names.the(one.receiver.partition(":")[0])
        share = min(seen / self.total, 1.0)
        return Coverage(
            what=f"the trade of {names.the(one.sender)} with {whom} in {what}",
            share=share,
            statement=(
                f"{self.total:,.4g} {mrio.unit} in {self.year} ({self.title}); {share:.0%} of it fit into what "
                "the table follows to a buyer of these industries. Not in it: countries outside the table, and trade "
                "beyond what the table has of the industry"
                f"{'' if mrio.final is not None else ' or sold to final buyers'}."
            ),
            gate=True,
        )


def no_trade_table() -> Problem:
    """The problem of products without a table of their trade."""
    return Problem(
        "no trade table", "products", "a table of trade by product", "Add one: `zizhu data add baci`."
    )


def trade_between(
    codes: tuple[str, ...], trade: Trade, mrio: MRIO
) -> tuple[int, dict[str, tuple[list[str], Matrix]]]:
    """The year nearest to the table's and, by the industry that makes them, products with their trade (C, C) in it.

    In the table's unit, by selling and buying country of the table. Raises ZizhuError for products of no industry of
    the table.
    """
    made = industries(codes, mrio)
    year = _year(trade, mrio)
    found = trade.of(codes).filter(pl.col("year") == year).rename({"value_usd": "usd"})
    place = {c: i for i, c in enumerate(mrio.nodes.countries)}
    value = {s: np.zeros((len(place), len(place))) for s in sorted(set(made.values()))}
    for who, whom, industry, money in _in_table(found, made, mrio).iter_rows():
        if who in place and whom in place:
            value[industry][place[who], place[whom]] += money
    return year, {s: ([c for c in codes if made[c] == s], value[s]) for s in value}


def _year(trade: Trade, mrio: MRIO) -> int:
    first, last = trade.years()
    return min(max(max(mrio.flags.years), first), last)


def _apart(one: Traded, year: int) -> tuple[set[str], set[str]]:
    """The sender's and the receiver's countries; a side that holds the other one is everybody else of it."""
    sellers, buyers = (set(groups.expand(c.partition(":")[0], year)) for c in (one.sender, one.receiver))
    return (sellers, buyers - sellers) if sellers <= buyers else (sellers - buyers, buyers)


def _in_table(found: pl.DataFrame, made: Mapping[str, str], mrio: MRIO) -> pl.DataFrame:
    here = list(mrio.nodes.countries)
    rest = pl.lit(REST) if REST in here else None
    scale = units.convert(1.0, "USD", mrio.unit)
    sides = [
        pl.when(pl.col(c).is_in(here))
        .then(pl.col(c))
        .otherwise(rest if rest is not None else pl.col(c))
        .alias(c)
        for c in ("exporter", "importer")
    ]
    return (
        found.with_columns(*sides, pl.col("hs6").replace_strict(dict(made)).alias("industry"))
        .group_by("exporter", "importer", "industry")
        .agg((pl.col("usd").sum() * scale).alias("value"))
        .sort("exporter", "importer", "industry")
    )


def _sales(mrio: MRIO, rows: Index) -> tuple[Matrix, Matrix]:
    """What each node's whole country and industry sells to each country (k, C): in all, and followed to a buyer."""
    between, final = sales_by_country(mrio, rows)
    followed = between + final if mrio.final is not None else between
    same = _same_industry(mrio, rows)
    return same @ (between + final), same @ followed


def _same_industry(mrio: MRIO, rows: Index) -> Matrix:
    """Which rows (k, k) belong to the same whole country and industry: the parts of a split country."""
    keys = [(mrio.nodes.whole[i], mrio.nodes.sector[i]) for i in rows]
    return np.array([[float(a == b) for b in keys] for a in keys])
