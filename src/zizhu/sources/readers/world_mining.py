"""World Mining Data: production of mineral raw materials by country, of the Austrian Federal Ministry of Finance.

The workbook "6.4. Production of Mineral Raw Materials of individual Countries by Minerals" has one sheet a
commodity: a title in the first row, a header (Country, unit, five years, data source), a row a country, and a Total.
Earlier editions write the marks of the sources as words, and Russia as two parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from zizhu.sources.files.archive import Member
from zizhu.sources.files.cells import Table
from zizhu.sources.files.workbook import Sheet, workbook
from zizhu.sources.files.wrong_cells import Cause
from zizhu.sources.readers.observations import dated, observed, parameters, table_name
from zizhu.sources.reading import Made, Request
from zizhu.vocab.problems import Problem, ZizhuError

HEADER_ROW = 2
FLAGS = ("data source", "sources of data", "source")
"""What editions call the column that says how a country was reported."""
TOLERANCE = 0.01
"""Relative gap between the countries and the printed total that is told."""
_EXPECTED = "Country, unit, years, data source"
_TOTAL = r"(?i)^(?:total|world total|world)$"
_MISSING = ("-", "..", "n.a.", "n/a")


@dataclass(frozen=True)
class _Commodity:
    """The rows of one sheet without its totals, and the years in which the countries do not add up to them."""

    rows: pl.DataFrame
    gaps: tuple[str, ...]


def read(request: Request) -> Iterator[Made]:
    """The table `world-mining-data`: the indicator is `production|<sheet>`, the unit that of the commodity.

    Rows called Total are left out, and told where the countries do not add up to them. Estimates of the producer
    are derived, the rest reported. Parts of one country (`parts` of the entry) are added. Raises ZizhuError with the
    faults of all sheets at once.
    """
    for member in request.members:
        request.tell(member.name)
        yield _made(request, member)


def _made(request: Request, member: Member) -> Made:
    book = workbook(member)
    statuses = parameters(request.entry, "status")
    found: list[_Commodity] = []
    problems: list[Problem] = []
    for name in book.parts:
        try:
            found.append(_commodity(book.sheet(name), statuses))
        except ZizhuError as error:
            problems += error.problems
    if problems or not found:
        raise ZizhuError(
            problems or Problem("no sheets", member.where, "one a commodity", "Get the file again.")
        )
    vintage, published, notes = dated(request)
    parts = parameters(request.entry, "parts")
    rows = pl.concat([c.rows for c in found])
    split = sorted(set(rows["entity"]) & set(parts))
    rows = _joined(rows, parts).with_columns(vintage=pl.lit(vintage), published=pl.lit(published))
    made = observed(rows, request, member.where, parameters(request.entry, "recode"))
    gaps = [g for c in found for g in c.gaps]
    told = (
        "Rows called Total are left out: countries are to be added up.",
        *(
            [f"Countries differ from the printed total by more than 1 % in {'; '.join(gaps[:20])}."]
            if gaps
            else []
        ),
        *([f"Parts that are added to one country: {'; '.join(split)}."] if split else []),
        *notes,
    )
    title = f"Production of {len(found)} mineral raw materials by country"
    flags = {"commodities": [c.rows["indicator"][0].partition("|")[2] for c in found if c.rows.height]}
    return {table_name(request.entry.id): made.table(request, title, flags, told)}


def _commodity(sheet: Sheet, statuses: Mapping[str, str]) -> _Commodity:
    table = sheet.table(HEADER_ROW, _EXPECTED)
    years = [c for c in table.frame.columns if re.fullmatch(r"\d{4}", c)]
    table.require(["Country", "unit"])
    if not years:
        remedy = "Give the workbook 6.4, by minerals, as the producer publishes it."
        raise ZizhuError(
            Problem("no years", f"{sheet.where}, row {HEADER_ROW}", "columns such as 2022", remedy)
        )
    flag = next((c for c in table.frame.columns if c.casefold() in FLAGS), "")
    values = pl.DataFrame(table.all_numbers(years, _MISSING))
    fixed = table.frame.select(
        entity="Country",
        unit="unit",
        status=_status(table, flag, statuses),
    )
    wide = pl.concat([fixed, values], how="horizontal")
    total = pl.col("entity").str.contains(_TOTAL)
    rows = wide.filter(~total & (pl.col("entity") != "")).unpivot(
        years, index=["entity", "unit", "status"], variable_name="period", value_name="value"
    )
    name = sheet.name.strip()
    gaps = _gaps(wide.filter(~total).select(years).sum(), wide.filter(total).select(years), name)
    return _Commodity(rows.with_columns(indicator=pl.lit(f"production|{name}")), gaps)


def _joined(rows: pl.DataFrame, parts: Mapping[str, str]) -> pl.DataFrame:
    """The rows with the parts of a country added: empty where all are, derived where one is."""
    part = pl.col("entity").is_in(list(parts))
    apart = rows.filter(part).with_columns(pl.col("entity").replace(parts))
    whole = apart.group_by("indicator", "entity", "unit", "period", maintain_order=True).agg(
        pl.when(pl.col("value").count() > 0).then(pl.col("value").sum()).alias("value"),
        pl.col("status").min(),
    )
    return pl.concat([rows.filter(~part), whole.select(rows.columns)])


def _status(table: Table, flag: str, statuses: Mapping[str, str]) -> pl.Series:
    if not flag:
        return pl.Series("status", ["reported"] * table.frame.height)
    marks = table.frame[flag]
    known = marks.is_in([*statuses, ""]) | table.frame["Country"].str.contains(_TOTAL)
    cause = Cause("is no known mark", f"one of {', '.join(statuses)}", "Check the edition.")
    table.refuse(flag, ~known, cause)
    return marks.replace_strict(statuses, default="reported", return_dtype=pl.String)


def _gaps(sums: pl.DataFrame, totals: pl.DataFrame, name: str) -> tuple[str, ...]:
    """The years in which the countries differ from the printed total, with both as a share."""
    if totals.height != 1:
        return ()
    pairs = [(y, sums[y][0] or 0.0, totals[y][0]) for y in totals.columns]
    return tuple(
        f"{name} {year} ({added / printed:.0%} of it)"
        for year, added, printed in pairs
        if printed and abs(added / printed - 1) > TOLERANCE
    )
