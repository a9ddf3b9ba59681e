"""What a table of observations by entity and year can have wrong, series by series and year by year.

A table with `year` or `period` in its key and a numeric column beside it, of which the last vintage counts. Series of
one indicator, unit and frequency are compared with each other; at these thresholds the World Bank's governance
indicators (z-scores, 1996 to 2024) have no fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from zizhu.store import Table
from zizhu.store.meta import Meta
from zizhu.tables.finding import Finding, is_total, listed, name_findings, near, times, when_changed

LEVEL = 20.0
"""Median factor between all values of a year and those before that is another unit."""
SERIES = 3
"""Series that must move together to tell a unit from an event."""
ROUND = (100.0, 1e3, 1e6)
"""Factors that a change of units has."""
WITHIN = 2.0
"""How near one of them the factor of a single series is, up and down again."""
STEADY = 5.0
"""How near each other the values before and after are."""
COPIED, ENTITIES, VALUES = 0.95, 5, 5
"""Share of series that repeat the year before, and how many series and values there must be to say so."""
FILLED, RUN, CHANGES, DIGITS = 0.1, 4, 3, 3
"""Share of series that end in a run of equal values after CHANGES changes; the values have some digits."""
CUT, LAST, ENOUGH = 0.7, 0.5, 10
"""Share of the series around it that a year must have, or the last year, from ENOUGH series on."""
GONE = 0.05
"""Share of series that are missing for one year, of a fault."""
_NUMERIC = re.compile(r"U?Int\d+|Float\d+")


@dataclass(frozen=True)
class Panel:
    """One numeric column of one indicator: `frame` (entity, year, v) without nulls, sorted."""

    table: str
    column: str
    unit: str
    cells: int
    frame: pl.DataFrame

    @property
    def years(self) -> list[int | str]:
        """The years or periods, in order."""
        return list(self.frame["year"].unique().sort())

    def weight(self, rows: int) -> float:
        """Share of the table's values."""
        return min(rows / self.cells, 1.0) if self.cells else 0.0

    def found(self, what: str, rows: int, fault: bool = True) -> Finding:
        """A finding on so many values of the column."""
        return Finding(self.table, f"{self.column}: {what}", fault, weight=self.weight(rows))


def is_series(meta: Meta) -> bool:
    """Whether a table holds observations by year or period."""
    return _time(meta) is not None and bool(_columns(meta)) and len(meta.key) > 1


def findings(table: Table) -> list[Finding]:
    """The faults and oddities of a stored table of observations."""
    found: list[Finding] = [*_entities(table), *_gaps(table)]
    for panel in _panels(table):
        level = list(_levels(panel))
        found += [*level, *([] if level else _spikes(panel)), *_copies(panel), *_filled(panel)]
        found += [*_cut(panel), *_missing(panel), *_shares(panel), *_renamed(panel)]
    return found


def _time(meta: Meta) -> str | None:
    return next((k for k in ("year", "period") if k in meta.key), None)


def _columns(meta: Meta) -> list[str]:
    numeric = [c for c, kind in meta.columns.items() if c not in meta.key and _NUMERIC.fullmatch(kind)]
    return ["value"] if "value" in numeric else numeric


def _panels(table: Table) -> Iterator[Panel]:
    meta, time = table.meta, str(_time(table.meta))
    columns = _columns(meta)
    frame = _last_vintage(table.frame, meta.key)
    names = [k for k in meta.key if k not in (time, "indicator", "vintage")]
    entity = (
        pl.concat_str([pl.col(k).cast(pl.String) for k in names], separator=" ") if names else pl.lit("it")
    )
    grouped = [pl.col(c) for c in ("indicator", "unit") if c in frame.columns]
    frequency = pl.col(time).cast(pl.String).str.len_chars().alias("frequency")
    for column in columns:
        value = pl.col(column).cast(float).alias("v")
        held = frame.select(*grouped, frequency, entity.alias("entity"), pl.col(time).alias("year"), value)
        held = held.drop_nulls(["entity", "year", "v"])
        by = [c for c in held.columns if c not in ("entity", "year", "v")]
        for key, part in held.partition_by(by, as_dict=True).items():
            said = dict(zip(by, key, strict=True))
            name = f"{said['indicator']}" if "indicator" in said else column
            unit = str(said.get("unit") or meta.units.get(column, ""))
            cells = held.height * len(columns)
            yield Panel(
                meta.name, name, unit, cells, part.select("entity", "year", "v").sort("entity", "year")
            )


def _last_vintage(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """One row an entity and period: what the latest vintage says of it."""
    rest = [k for k in key if k != "vintage"]
    return frame.sort(key).unique(rest, keep="last", maintain_order=True) if "vintage" in key else frame


def _entities(table: Table) -> Iterator[Finding]:
    """Names in a wrong encoding, and totals beside what they add up."""
    meta, frame = table.meta, table.frame
    for key in (k for k in meta.key if frame.schema[k] == pl.String):
        counts = frame.group_by(key).len().sort(key)
        weights = {str(name): rows / frame.height for name, rows in counts.iter_rows()}
        yield from name_findings(meta.name, f"values of {key}", weights)
        totals = [name for name in weights if is_total(name)] if key != "indicator" else []
        if totals and len(weights) > len(totals):
            what = f"{key} {listed(totals)} stands for all of them: leave it out of sums"
            yield Finding(meta.name, what, weight=sum(weights[t] for t in totals))


def _gaps(table: Table) -> Iterator[Finding]:
    for column in _columns(table.meta):
        empty = table.frame[column].null_count()
        if empty:
            what = f"{empty:,} rows without {column}"
            yield Finding(table.meta.name, what, weight=empty / table.frame.height)


def _steps(panel: Panel) -> pl.DataFrame:
    """entity, year, v, before and after (None at the ends)."""
    return panel.frame.with_columns(
        pl.col("v").shift(1).over("entity").alias("before"),
        pl.col("v").shift(-1).over("entity").alias("after"),
    )


def _levels(panel: Panel) -> Iterator[Finding]:
    """Years in which the values of most series are many times those of the year before."""
    same_sign = pl.col("v") * pl.col("before") > 0
    moved = (
        _steps(panel)
        .filter(same_sign)
        .group_by("year")
        .agg((pl.col("v") / pl.col("before")).log().median().alias("log"), pl.len().alias("series"))
        .filter(pl.col("series") >= SERIES, pl.col("log").abs() > np.log(LEVEL))
    )
    if moved.is_empty():
        return
    years = panel.years
    factors = {y: float(np.exp(log)) for y, log in moved.select("year", "log").iter_rows()}
    when, which = when_changed(years, sorted(years.index(y) - 1 for y in factors))
    first = factors[min(factors)]
    factor = 1 / first if which and which[0] == years[0] and when.startswith("in") else first
    rows = panel.frame.filter(pl.col("year").is_in(which)).height
    yield panel.found(f"values {when} are {times(factor)} those of other years", rows)


def _spikes(panel: Panel) -> Iterator[Finding]:
    """Single series that jump by the factor of another unit, and fall back or end there."""
    steps = _steps(panel).filter(pl.col("v").min().over("entity") >= 0, pl.col("before") > 0, pl.col("v") > 0)
    told = []
    for entity, year, v, before, after in steps.iter_rows():
        up, down = v / before, v / after if after else None
        settled = down is None or (after > 0 and near(before, after, STEADY))
        size = up if down is None else (up * down) ** 0.5
        within = WITHIN if down is not None else WITHIN**0.5
        if settled and any(near(size, r, within) or near(1 / size, r, within) for r in ROUND):
            told.append(f"{entity} {year} ({times(size)})")
    if told:
        yield panel.found(f"values far off those beside them: {listed(told)}", len(told))


def _copies(panel: Panel) -> Iterator[Finding]:
    held = _steps(panel).drop_nulls("before").filter(pl.col("v") != 0)
    copies = (
        held.group_by("year")
        .agg(
            (pl.col("v") == pl.col("before")).mean().alias("equal"),
            pl.len().alias("series"),
            pl.col("v").n_unique().alias("values"),
        )
        .filter(pl.col("equal") >= COPIED, pl.col("series") >= ENTITIES, pl.col("values") >= VALUES)
        .sort("year")
    )
    if not copies.is_empty():
        what = (
            f"every series repeats the value of the year before in {listed([str(y) for y in copies['year']])}"
        )
        yield panel.found(f"{what}: a copied or filled year", int(copies["series"].sum()))


def _filled(panel: Panel) -> Iterator[Finding]:
    """Series that vary, and then keep one value to the end; the highest value, where many end, is left out."""
    highest = panel.frame["v"].max()
    told, rows = [], 0
    for key, part in panel.frame.group_by("entity", maintain_order=True):
        v = part["v"].to_numpy()
        run = _run(v)
        changes = int((np.diff(v[: len(v) - run + 1]) != 0).sum())
        if run >= RUN and changes >= CHANGES and v[-1] not in (0.0, highest) and _digits(v[-1]) >= DIGITS:
            told.append(f"{key[0]} from {part['year'][len(v) - run]}")
            rows += run - 1
    if told:
        fault = len(told) >= FILLED * panel.frame["entity"].n_unique()
        yield panel.found(f"one value to the end, filled forward: {listed(told)}", rows, fault)


def _run(v: np.ndarray) -> int:
    """Length of the run of equal values at the end."""
    other = np.flatnonzero(v != v[-1])
    return len(v) - (int(other[-1]) + 1 if other.size else 0)


def _digits(value: float) -> int:
    return len(f"{abs(value):.12e}".partition("e")[0].replace(".", "").rstrip("0"))


def _cut(panel: Panel) -> Iterator[Finding]:
    counts = panel.frame.group_by("year").len().sort("year")["len"].to_list()
    for i, year in enumerate(panel.years):
        around = counts[max(0, i - 1) : i] + counts[i + 1 : i + 2]
        last = i == len(counts) - 1
        if i and around and min(around) >= ENOUGH and counts[i] < (LAST if last else CUT) * min(around):
            what = f"{year} is cut short: {counts[i]} series against {min(around)} of the years beside it"
            yield panel.found(what, min(around) - counts[i])


def _missing(panel: Panel) -> Iterator[Finding]:
    """Series that are there before and after a year and not in it."""
    years = panel.years
    held = [set(panel.frame.filter(pl.col("year") == y)["entity"]) for y in years]
    for i in range(1, len(years) - 1):
        gone = sorted((held[i - 1] & held[i + 1]) - held[i])
        if gone:
            fault = len(held[i - 1]) >= ENOUGH and len(gone) >= GONE * len(held[i - 1])
            yield panel.found(f"{len(gone)} series missing in {years[i]}: {listed(gone)}", len(gone), fault)


def _shares(panel: Panel) -> Iterator[Finding]:
    """Values that do not fit the name of their unit: per cent below 1, shares above it."""
    size, unit = panel.frame["v"].abs(), panel.unit.casefold()
    middle, largest = size.median(), size.max()
    if not isinstance(middle, float) or not isinstance(largest, float) or len(size) < ENOUGH:
        return
    if re.search(r"%|per ?cent", unit) and largest <= 1:
        yield panel.found(f"no value above 1 in {panel.unit}: shares, or small", len(size), fault=False)
    elif re.match(r"(share|fraction)\b", unit) and middle > 1:
        yield panel.found(f"half of the values are above 1 in {panel.unit}: per cent", len(size))


def _renamed(panel: Panel) -> Iterator[Finding]:
    """A series that ends where another begins at nearly the same value."""
    ends = panel.frame.group_by("entity", maintain_order=True).agg(
        pl.col("year").first().alias("first"),
        pl.col("year").last().alias("last"),
        pl.len().alias("n"),
        pl.col("v").first().alias("from"),
        pl.col("v").last().alias("to"),
    )
    for a, b in pairwise(panel.years):
        old, new = ends.filter(pl.col("last") == a), ends.filter(pl.col("first") == b)
        for o in old.iter_rows(named=True):
            for n in new.iter_rows(named=True):
                if (
                    o["to"] * n["from"] > 0
                    and near(n["from"] / o["to"], 1, 1.1)
                    and min(o["n"], n["n"]) >= CHANGES
                ):
                    what = f"{o['entity']} ends in {a} and {n['entity']} goes on from {b}: a changed code"
                    yield panel.found(what, o["n"] + n["n"], fault=False)
