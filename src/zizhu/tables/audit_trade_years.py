"""The years of a trade table held against each other: units, swapped columns, missing rows and changed codes.

A year of fewer than FEWEST flows tells nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from zizhu.store import Workspace
from zizhu.tables.finding import Finding, listed, share, times, when_changed

FEWEST = 20
JUMP = 30.0
"""Factor between a year's world total and its neighbours' that no price explains."""
SPIKE, SPIKE_SHARE = 200.0, 1e-3
"""The same of one country or product, up and down again, with at least this share of the year's trade ..."""
PRICE = 50.0
"""... and at so many times the value a tonne."""
CUT = 0.6
"""Share of its neighbours' flows or products below which a year is cut short."""
MISSING, WORTH_KNOWING = 1e-2, 1e-3
"""Share of trade of countries that are missing for a year: of a fault, of a note."""
BEFORE = 3
"""Years in which a country traded without a gap, so that it is missed at the end."""
SWAPPED, CROSSED = 2.0, 0.3
"""How many times more two years agree with columns swapped, and how much they must then agree."""
TAIL = 3
"""Exporters that must be missing at the end of the alphabet to say that rows were cut there."""
SIDES = 20
"""Countries on both sides from which a table is one of world trade."""
SAME_TRADE, SAME_SIZE = 0.5, 3.0
"""Pattern of partners and products in common, and factor of value, of one thing under two codes."""


@dataclass(frozen=True)
class Years:
    """Sums by year with enough flows: `totals` (year, flows, value, tonnes, products) and the sums they come from."""

    name: str
    relation: str
    years: tuple[int, ...]
    totals: pl.DataFrame
    products: pl.DataFrame
    pairs: pl.DataFrame

    def weight(self, years: Sequence[int]) -> float:
        """Share of all trade in these years."""
        held = self.totals.filter(pl.col("year").is_in(list(years)))["value"].sum()
        return share(held, self.totals["value"].sum())


def findings(
    workspace: Workspace, name: str, relation: str, products: pl.DataFrame, pairs: pl.DataFrame
) -> list[Finding]:
    """What years tell about each other; `relation`, `products` and `pairs` as in `audit_trade.Sums`."""
    held = _years(name, relation, products, pairs)
    if not held.years:
        return []
    changes = _code_changes(workspace, held)
    renamed = {code for _, old, new, _ in changes for code in (old, new)}
    return [
        *_jumps(held),
        *(f for column in ("exporter", "importer", "hs6") for f in _spikes(held, column)),
        *_cut(held),
        *_repeated(held),
        *_swapped_sides(held),
        *_swapped_columns(held),
        *_skipped(held),
        *(f for side in ("exporter", "importer") for f in _missing(held, side, renamed)),
        *_cut_tail(held),
        *_told_changes(held, changes),
    ]


def _years(name: str, relation: str, products: pl.DataFrame, pairs: pl.DataFrame) -> Years:
    totals = (
        products.group_by("year")
        .agg(pl.col("flows", "value", "tonnes").sum(), pl.len().alias("products"))
        .filter(pl.col("flows") >= FEWEST)
        .sort("year")
    )
    years = totals["year"].to_list()
    inside = pl.col("year").is_in(years)
    return Years(name, relation, tuple(years), totals, products.filter(inside), pairs.filter(inside))


def _neighbours(values: Sequence[float], i: int) -> tuple[float | None, float | None]:
    """Median of up to two values before and after position i, None where there are none."""
    before, after = values[max(0, i - 2) : i], values[i + 1 : i + 3]
    return (float(np.median(before)) if before else None, float(np.median(after)) if after else None)


def _jumps(held: Years) -> Iterator[Finding]:
    for column, what in (("value", "value"), ("tonnes", "tonnes")):
        values = held.totals[column].to_list()
        for i, year in enumerate(held.years):
            around = [v for v in _neighbours(values, i) if v]
            factors = [values[i] / v for v in around]
            if factors and (min(factors) > JUMP or 0 <= max(factors) < 1 / JUMP):
                factor = float(np.median(factors))
                said = times(factor) if factor > 0 else "none of"
                text = f"the {what} of {year} is {said} that of the years around it"
                yield Finding(held.name, text, fault=True, weight=held.weight([year]))


def _spikes(held: Years, column: str) -> Iterator[Finding]:
    """A code whose value of a year is many times that of the years before and after, and its tonnes are not."""
    frame = held.products if column == "hs6" else held.pairs
    value, tonnes = pl.col("value"), pl.col("tonnes")
    sums = frame.group_by(column, "year").agg(value.sum(), tonnes.sum()).sort(column, "year")
    rises = [
        (part / part.shift(step).over(column)).alias(f"{name}_{way}")
        for name, part in (("value", value), ("price", value / tonnes))
        for way, step in (("up", 1), ("down", -1))
    ]
    found = sums.with_columns((value / value.sum().over("year")).alias("share"), *rises).filter(
        pl.min_horizontal("value_up", "value_down") > SPIKE,
        pl.min_horizontal("price_up", "price_down") > PRICE,
        pl.col("share") >= SPIKE_SHARE,
    )
    worst = found.sort("share", column, "year", descending=[True, False, False]).head(3)
    for row in worst.iter_rows(named=True):
        what = f"the trade of {column} {row[column]} in {row['year']} is {times(row['value_up'])} that of the year"
        text = f"{what} before, and falls back after; its tonnes do not"
        yield Finding(held.name, text, fault=True, weight=held.weight([row["year"]]) * row["share"])


def _cut(held: Years) -> Iterator[Finding]:
    """Years with far fewer flows or products than their neighbours; the first may be where a table begins to grow."""
    for column in ("flows", "products"):
        values = held.totals[column].to_list()
        for i, year in enumerate(held.years):
            before, after = _neighbours(values, i)
            around = [v for v in (before, after) if v]
            if around and values[i] < CUT * min(around):
                what = f"{year} is cut short: {values[i]:,} {column} against {min(around):,.0f} of the years around it"
                lost = 1 - values[i] / min(around)
                yield Finding(held.name, what, fault=before is not None, weight=lost / len(held.years))


def _repeated(held: Years) -> Iterator[Finding]:
    seen: dict[tuple[int, ...], int] = {}
    for row in held.totals.select("year", "flows", "value").iter_rows():
        year, marks = row[0], row[1:]
        other = seen.setdefault(marks, year)
        pairs = held.pairs.drop("tonnes")
        if other != year and _of(pairs, year).equals(_of(pairs, other)):
            what = f"{other} and {year} hold the same flows: one of them is a copy"
            yield Finding(held.name, what, fault=True, weight=held.weight([year]))


def _of(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    return frame.filter(pl.col("year") == year).drop("year")


def _swapped_sides(held: Years) -> Iterator[Finding]:
    """Years in which importers stand in the column of exporters, told by the shares of the pairs."""
    turned = {"exporter": "importer", "importer": "exporter"}
    broken = []
    frames = [_of(held.pairs, y) for y in held.years]
    for p in range(len(frames) - 1):
        straight = _in_common(frames[p], frames[p + 1])
        crossed = _in_common(frames[p], frames[p + 1].rename(turned))
        if crossed > CROSSED and crossed > SWAPPED * straight:
            broken.append(p)
    if broken:
        when, years = when_changed(held.years, broken)
        what = f"exporters and importers are swapped {when}"
        yield Finding(held.name, what, fault=True, weight=held.weight(years))


def _in_common(a: pl.DataFrame, b: pl.DataFrame) -> float:
    """Share of the value that two years have on the same pairs: the sum of the lesser shares."""
    one, other = float(a["value"].sum()), float(b["value"].sum())
    if one <= 0 or other <= 0:
        return 0.0
    both = a.join(b, on=["exporter", "importer"], suffix="_b")
    least = pl.min_horizontal(pl.col("value") / one, pl.col("value_b") / other)
    return float(both.select(least.sum()).item())


def _swapped_columns(held: Years) -> Iterator[Finding]:
    """Years in which tonnes stand in the column of values, told by the products."""
    weighed = held.products.filter(pl.col("value") > 0, pl.col("tonnes") > 0)
    broken = []
    for p, (year, following) in enumerate(zip(held.years, held.years[1:], strict=False)):
        both = _of(weighed, year).join(_of(weighed, following), on="hs6", suffix="_b")
        v, q, w, r = (np.log(both[c].to_numpy()) for c in ("value", "tonnes", "value_b", "tonnes_b"))
        if not both.height:
            continue
        straight = float(np.median(np.abs(v - w) + np.abs(q - r)))
        crossed = float(np.median(np.abs(v - r) + np.abs(q - w)))
        if straight > 2 * np.log(5) and crossed < straight / SWAPPED:
            broken.append(p)
    if broken:
        when, years = when_changed(held.years, broken)
        what = f"value and tonnes are swapped {when}"
        yield Finding(held.name, what, fault=True, weight=held.weight(years))


def _skipped(held: Years) -> Iterator[Finding]:
    gaps = [y for a, b in zip(held.years, held.years[1:], strict=False) for y in range(a + 1, b)]
    if gaps:
        weight = len(gaps) / (len(gaps) + len(held.years))
        yield Finding(held.name, f"no flows in {listed([str(y) for y in gaps])}", weight=weight)


def _missing(held: Years, side: str, renamed: set[str]) -> Iterator[Finding]:
    """Countries that trade before and after a year and not in it, or always before the last year."""
    sums = held.pairs.group_by("year", side).agg(pl.col("value").sum())
    shares = sums.with_columns(pl.col("value") / pl.col("value").sum().over("year")).sort("year", side)
    by_year = {y: dict(_of(shares, y).iter_rows()) for y in held.years}
    for i, year in enumerate(held.years[1:], start=1):
        before = by_year[held.years[i - 1]]
        others = [by_year[y] for y in held.years[i + 1 : i + 2]]
        if not others:
            others = [by_year[y] for y in held.years[max(0, i - BEFORE) : i]]
        gone = {
            c: before[c]
            for c in before
            if c not in by_year[year] and c not in renamed and all(c in other for other in others)
        }
        lost = sum(gone.values())
        if lost >= WORTH_KNOWING:
            names = sorted(gone, key=lambda c: -gone[c])
            what = f"{len(names)} {side}s of the year before are missing in {year}: {listed(names)}"
            weight = lost * held.weight([held.years[i - 1]])
            yield Finding(held.name, what, fault=lost >= MISSING, weight=weight)


def _cut_tail(held: Years) -> Iterator[Finding]:
    """Importers that export nothing, all of them behind the last exporter in the alphabet: rows were cut."""
    exporters, importers = (set(held.pairs[side].unique()) for side in ("exporter", "importer"))
    gone = sorted(importers - exporters)
    if min(len(exporters), len(importers)) < SIDES or len(gone) < TAIL or gone[0] < max(exporters):
        return
    bought = held.pairs.filter(pl.col("importer").is_in(gone))["value"].sum()
    weight = share(bought, held.totals["value"].sum())
    what = f"the exporters end with {max(exporters)}, the importers go on to {gone[-1]}: rows at the end are missing"
    yield Finding(held.name, what, fault=weight >= WORTH_KNOWING, weight=weight)


Change = tuple[str, str, str, int]


def _code_changes(workspace: Workspace, held: Years) -> list[Change]:
    """(column, old, new, first year of the new) where a code ends and another goes on with its trade."""
    found: list[Change] = []
    for column in ("exporter", "importer", "hs6"):
        frame = held.products if column == "hs6" else held.pairs
        spans = frame.group_by(column).agg(
            pl.col("year").min().alias("first"), pl.col("year").max().alias("last")
        )
        for last, first in zip(held.years, held.years[1:], strict=False):
            ended = sorted(spans.filter(pl.col("last") == last)[column])
            begun = sorted(spans.filter(pl.col("first") == first)[column])
            if ended and begun:
                found += _matched(
                    _profiles(workspace, held, column, [*ended, *begun], (last, first)),
                    column,
                    first,
                    ended,
                    begun,
                )
    return found


def _profiles(
    workspace: Workspace, held: Years, column: str, codes: list[str], years: tuple[int, int]
) -> pl.DataFrame:
    """Value by code, partner and product (by pair for a product) in the two years: the columns code, other, value."""
    other = (
        "exporter || ' ' || importer"
        if column == "hs6"
        else f"{'importer' if column == 'exporter' else 'exporter'} || ' ' || hs6"
    )
    return workspace.query(
        f"SELECT {column} AS code, {other} AS other, SUM(value_usd) AS value FROM {held.relation} "
        f"WHERE year IN :years AND {column} IN :codes GROUP BY {column}, {other}",
        years=list(years),
        codes=codes,
    )


def _matched(
    profiles: pl.DataFrame, column: str, first: int, ended: list[str], begun: list[str]
) -> Iterator[Change]:
    by_code = {str(key[0]): part for key, part in profiles.partition_by("code", as_dict=True).items()}
    for old in ended:
        for new in begun:
            if old not in by_code or new not in by_code:
                continue
            a, b = by_code[old], by_code[new]
            one, other = float(a["value"].sum()), float(b["value"].sum())
            if one <= 0 or other <= 0 or not 1 / SAME_SIZE <= other / one <= SAME_SIZE:
                continue
            both = a.join(b, on="other", suffix="_b")
            least = pl.min_horizontal(pl.col("value") / one, pl.col("value_b") / other)
            if float(both.select(least.sum()).item()) >= SAME_TRADE:
                yield column, old, new, first


def _told_changes(held: Years, changes: list[Change]) -> Iterator[Finding]:
    for column, old, new, first in changes:
        frame = held.products if column == "hs6" else held.pairs
        value = frame.filter(pl.col(column).is_in([old, new]))["value"].sum()
        what = f"{column} {old} ends in {held.years[held.years.index(first) - 1]} and {new} goes on with its trade"
        text = f"{what}: a changed code, join the two before comparing years"
        yield Finding(held.name, text, weight=share(value, held.totals["value"].sum()))
