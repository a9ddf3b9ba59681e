"""What a trade table can have wrong, seen in its sums by year and product and by year and pair of countries.

The sums come from queries, so memory does not grow with the number of flows. Thresholds were set so that BACI's raw
materials of 1995 to 2024 have no fault: between years their world total moves by a factor of 1.6 at most, the pairs of
countries keep 0.80 to 0.88 of their shares, and no country with 1 per cent of trade is missing between two years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from zizhu.store import Workspace
from zizhu.store.meta import Meta
from zizhu.tables import audit_trade_years
from zizhu.tables.finding import NAMED, Finding, is_total, listed, name_findings, share, times
from zizhu.tables.outliers import FACTOR, SHARE, outliers
from zizhu.tables.trade import TRADE_KEY
from zizhu.vocab import groups

REPORTS = frozenset(("year", "reporter", "partner", "flow", "hs6", "value_usd", "quantity_t"))
_DIRECTIONS = {"export": ("reporter", "partner"), "import": ("partner", "reporter")}
ROWS_AT_ONCE = 2_000_000
"""Flows whose unit values are looked at together: whole products, some hundred MB."""
OWN = 0.2
"""Share of trade with itself from which a table holds domestic sales and not trade (re-imports stay below)."""
FEWEST = 5
"""Countries or products below which one may well be as large as the others together."""
EQUAL = 0.01
"""How near the sum of the others a total is."""
ALIKE = 0.98
"""Share of the pattern of partners that a total has in common with the sum of the others."""
DEAREST, CHEAPEST, PRODUCTS = 1e7, 1.0, 10
"""USD a tonne between which the median product of a table of PRODUCTS or more lies, even of gems or of sand."""
MIRROR, MIRROR_UNIT = 2.0, 10.0
"""Factor between two reports of one flow worth knowing, and between all of them that is another unit."""


@dataclass(frozen=True)
class Sums:
    """Sums of a trade table.

    `relation` is what queries read: the stored table, or one direction of reports as flows of trade.
    `products`: year, hs6, flows, value (USD), tonnes, unweighed (flows without tonnes), negative (flows).
    `pairs`: year, exporter, importer, flows, value (USD), tonnes.
    """

    name: str
    relation: str
    products: pl.DataFrame
    pairs: pl.DataFrame

    @cached_property
    def value(self) -> float:
        """World trade of all years."""
        return float(self.products["value"].sum())

    def weights(self, column: str) -> dict[str, float]:
        """Share of all trade by code of an exporter, importer or product."""
        frame = self.products if column == "hs6" else self.pairs
        sums = frame.group_by(column).agg(pl.col("value").sum()).sort(column)
        return {str(code): share(value, self.value) for code, value in sums.iter_rows()}


def findings(workspace: Workspace, meta: Meta) -> list[Finding]:
    """The faults and oddities of a stored trade table, or of one that has what both sides report (REPORTS)."""
    if not is_reported(meta):
        return _audited(workspace, meta.name, f'"{meta.name}"')
    found = [*_mirrored(workspace, meta.name)]
    for flow, (exporter, importer) in _DIRECTIONS.items():
        of_flow = (
            f"(SELECT year, {exporter} AS exporter, {importer} AS importer, hs6, value_usd, quantity_t "
            f"FROM \"{meta.name}\" WHERE flow = '{flow}') AS told"
        )
        found += [replace(f, what=f"{flow}s: {f.what}") for f in _audited(workspace, meta.name, of_flow)]
    return found


def is_reported(meta: Meta) -> bool:
    """Whether a table has trade as its reporters tell it, imports and exports apart."""
    return set(meta.columns) >= REPORTS


def _audited(workspace: Workspace, name: str, relation: str) -> list[Finding]:
    sums = _sums(workspace, name, relation)
    if sums.products.is_empty():
        return []
    found = [*_described(sums), *_names(sums), *_totals(workspace, sums), *_level(sums)]
    compared = audit_trade_years.findings(workspace, name, relation, sums.products, sums.pairs)
    return [*found, *compared, *_off_price(workspace, sums)]


def _sums(workspace: Workspace, name: str, relation: str) -> Sums:
    negative = "CASE WHEN value_usd < 0 OR quantity_t < 0 THEN 1 ELSE 0 END"
    products = workspace.query(
        "SELECT year, hs6, COUNT(*) AS flows, SUM(value_usd) AS value, SUM(quantity_t) AS tonnes, "
        "SUM(CASE WHEN quantity_t IS NULL THEN 1 ELSE 0 END) AS unweighed, "
        f"SUM({negative}) AS negative FROM {relation} GROUP BY year, hs6"
    )
    pairs = workspace.query(
        "SELECT year, exporter, importer, COUNT(*) AS flows, SUM(value_usd) AS value, SUM(quantity_t) AS tonnes "
        f"FROM {relation} GROUP BY year, exporter, importer"
    )
    return Sums(name, relation, products.sort("year", "hs6"), pairs.sort("year", "exporter", "importer"))


def _described(sums: Sums) -> Iterator[Finding]:
    held, name = sums.products, sums.name
    flows = int(held["flows"].sum())
    yield Finding(name, f"{held['year'].n_unique()} years, {held['hs6'].n_unique()} products", fine=True)
    negative, unweighed = int(held["negative"].sum()), int(held["unweighed"].sum())
    if negative:
        yield Finding(name, f"{negative:,} negative flows", fault=True, weight=share(negative, flows))
    own = sums.pairs.filter(pl.col("exporter") == pl.col("importer"))
    if own.height:
        weight = share(own["value"].sum(), sums.value)
        what = f"{own['flows'].sum():,} flows of a country to itself, {weight * 100:.3g} % of the value"
        yield Finding(name, f"{what}: goods that came back, or domestic sales", weight > OWN, weight=weight)
    if unweighed:
        what = f"{unweighed:,} flows without tonnes: unit values leave them out"
        yield Finding(name, what, weight=share(unweighed, flows))


def _names(sums: Sums) -> Iterator[Finding]:
    for column, what in (("exporter", "exporters"), ("importer", "importers"), ("hs6", "products")):
        yield from name_findings(sums.name, what, sums.weights(column))
    yield from _nested(sums)


def _nested(sums: Sums) -> Iterator[Finding]:
    """Codes of products that contain other codes, so that sums count trade twice."""
    weights = sums.weights("hs6")
    begins = {code[:n] for code in weights for n in range(1, len(code))}
    above = [c for c in weights if c in begins]
    if above:
        what = f"headings beside the products they contain: {listed(above)}"
        yield Finding(sums.name, what, fault=True, weight=min(sum(weights[c] for c in above), 1.0))
    other = [c for c in weights if c not in above and not re.fullmatch(r"\d{6}", c) and not is_total(c)]
    if other:
        what = f"codes that are not six digits of the Harmonised System: {listed(other)}"
        yield Finding(sums.name, what, weight=min(sum(weights[c] for c in other), 1.0))


def _totals(workspace: Workspace, sums: Sums) -> Iterator[Finding]:
    """Rows for the world, for a group beside its members, for all products, or that add up the others."""
    for column in ("exporter", "importer", "hs6"):
        weights = sums.weights(column)
        named = {c for c in weights if is_total(c)}
        if column != "hs6":
            named |= {c for c in weights if _beside_members(c, weights)}
        adding = {c: years for c, years in _adding_up(workspace, sums, column).items() if c not in named}
        if named:
            what = f"rows of totals among the {column} codes: {listed(sorted(named))}"
            yield Finding(sums.name, what, fault=True, weight=min(sum(weights[c] for c in named), 1.0))
        for code, years in adding.items():
            what = f"{column} {code} is the sum of the others in {listed([str(y) for y in years])}"
            yield Finding(sums.name, what, fault=True, weight=weights[code])


def _beside_members(code: str, weights: dict[str, float]) -> bool:
    group = groups.groups().get(groups.coded(code))
    return group is not None and any(m.iso3 in weights for m in group.members)


def _adding_up(workspace: Workspace, sums: Sums, column: str) -> dict[str, list[int]]:
    """The years in which a code has half of the trade, and the same pattern as the other half, by code."""
    frame = sums.products if column == "hs6" else sums.pairs
    half = (
        frame.group_by("year", column)
        .agg(pl.col("value").sum())
        .with_columns(pl.col("value").sum().over("year").alias("all"), pl.len().over("year").alias("codes"))
        .filter(
            pl.col("codes") > FEWEST, (2 * pl.col("value") - pl.col("all")).abs() <= EQUAL * pl.col("all")
        )
        .sort(column, "year")
    )
    found: dict[str, list[int]] = {}
    for row in half.iter_rows(named=True):
        if _same_pattern(workspace, sums, column, row[column], row["year"]):
            found.setdefault(row[column], []).append(row["year"])
    return found


def _same_pattern(workspace: Workspace, sums: Sums, column: str, code: str, year: int) -> bool:
    """Whether the partners of a code have the shares that they have in all other trade of the year."""
    if column == "hs6":
        pairs = workspace.query(
            "SELECT exporter, importer, SUM(CASE WHEN hs6 = :code THEN value_usd ELSE 0 END) AS one, "
            f"SUM(value_usd) AS every FROM {sums.relation} WHERE year = :year GROUP BY exporter, importer",
            code=code,
            year=year,
        )
    else:
        partner = "importer" if column == "exporter" else "exporter"
        one = pl.col("value").filter(pl.col(column) == code).sum().alias("one")
        of_year = sums.pairs.filter(pl.col("year") == year)
        pairs = of_year.group_by(partner).agg(one, pl.col("value").sum().alias("every"))
    mine, rest = pairs["one"], pairs["every"] - pairs["one"]
    both = pl.DataFrame({"a": mine / mine.sum(), "b": rest / rest.sum()})
    return float(both.select(pl.min_horizontal("a", "b").sum()).item()) >= ALIKE


def _level(sums: Sums) -> Iterator[Finding]:
    """Unit values that no mix of goods has: value and tonnes are swapped, or in other units than they say."""
    products = (
        sums.products.filter(pl.col("tonnes") > 0, pl.col("value") > 0)
        .group_by("hs6")
        .agg((pl.col("value").sum() / pl.col("tonnes").sum()).alias("unit_value"))
    )
    middle = products["unit_value"].median()
    if products.height < PRODUCTS or not isinstance(middle, float) or CHEAPEST <= middle <= DEAREST:
        return
    what = (
        f"half of the products cost {'less' if middle < CHEAPEST else 'more'} than {middle:,.3g} USD a tonne"
    )
    reason = "value and tonnes are swapped, or one of them is in another unit than it says"
    yield Finding(sums.name, f"{what}: {reason}", fault=True, weight=1.0)


def _mirrored(workspace: Workspace, name: str) -> Iterator[Finding]:
    """How far what exporters and importers report of the same trade is apart."""
    exporter, importer = (
        f"CASE WHEN flow = 'export' THEN {a} ELSE {b} END"
        for a, b in (("reporter", "partner"), ("partner", "reporter"))
    )
    held = workspace.query(
        f"SELECT year, {exporter} AS exporter, {importer} AS importer, "
        "SUM(CASE WHEN flow = 'export' THEN value_usd ELSE 0 END) AS sent, "
        "SUM(CASE WHEN flow = 'import' THEN value_usd ELSE 0 END) AS received "
        f'FROM "{name}" GROUP BY year, {exporter}, {importer}'
    )
    both = held.filter(pl.col("sent") > 0, pl.col("received") > 0).with_columns(
        (pl.col("received") / pl.col("sent")).alias("factor")
    )
    middle = both["factor"].median()
    if not isinstance(middle, float):
        return
    traded = pl.max_horizontal("sent", "received")
    apart = both.filter((pl.col("factor") > MIRROR) | (pl.col("factor") < 1 / MIRROR))
    weight = share(apart.select(traded.sum()).item(), held.select(traded.sum()).item())
    if middle > MIRROR_UNIT or middle < 1 / MIRROR_UNIT:
        what = f"importers report {times(middle)} what exporters report of the same trade"
        yield Finding(name, what, fault=True, weight=1.0)
    elif apart.height:
        worst = apart.sort(traded, "year", "exporter", "importer", descending=[True, False, False, False])
        told = [
            f"{r['exporter']} to {r['importer']} {r['year']}" for r in worst.head(NAMED).iter_rows(named=True)
        ]
        what = f"{apart.height:,} pairs and years whose two reports are more than {MIRROR:g} times apart"
        yield Finding(name, f"{what}, largest {listed(told)}", weight=weight)


def _off_price(workspace: Workspace, sums: Sums) -> Iterator[Finding]:
    """The flows that carry weight at a unit value far from the product's, the worst of them named."""
    parts = [outliers(_flows(workspace, sums.relation, chunk)) for chunk in _chunks(sums.products)]
    found = pl.concat(parts).sort("share", *TRADE_KEY, descending=[True, *(False for _ in TRADE_KEY)])
    if found.is_empty():
        return
    worst = "; ".join(_told(flow) for flow in found.head(NAMED).iter_rows(named=True))
    more = f"; and {found.height - NAMED:,} more" if found.height > NAMED else ""
    what = (
        f"{found.height:,} flows of {SHARE * 100:g} % or more of a year's world trade in their product have a "
        f"unit value more than {FACTOR:g} times off the product's median: value, tonnes or code may be wrong. "
        f"Largest: {worst}{more}"
    )
    yield Finding(sums.name, what, weight=share(found["value_usd"].sum(), sums.value))


def _chunks(products: pl.DataFrame) -> Iterator[list[str]]:
    """Products in lists of at most ROWS_AT_ONCE flows, or of one product."""
    chunk: list[str] = []
    held = 0
    for code, flows in products.group_by("hs6").agg(pl.col("flows").sum()).sort("hs6").iter_rows():
        if chunk and held + flows > ROWS_AT_ONCE:
            yield chunk
            chunk, held = [], 0
        chunk.append(code)
        held += flows
    yield chunk


def _flows(workspace: Workspace, relation: str, codes: list[str]) -> pl.DataFrame:
    return workspace.query(
        f"SELECT year, exporter, importer, hs6, value_usd, quantity_t FROM {relation} WHERE hs6 IN :codes",
        codes=codes,
    )


def _told(flow: dict[str, Any]) -> str:
    return (
        f"{flow['exporter']} to {flow['importer']}, HS {flow['hs6']}, {flow['year']}, {flow['unit_value']:,.0f} USD/t "
        f"against {flow['median']:,.0f} ({flow['share'] * 100:.0f} % of world trade)"
    )
