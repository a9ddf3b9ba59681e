"""The International Energy Agency's Global EV Data Explorer: stock, sales, charging points, batteries, oil displaced.

The workbook `EVDataExplorer<year>.xlsx` has one long sheet (region, category, parameter, mode, powertrain, year,
unit, value, group of aggregates) and notes with its version and date. The same columns as CSV are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from zizhu.sources.files.archive import Member
from zizhu.sources.files.cells import Table, text_table
from zizhu.sources.files.workbook import Workbook, workbook
from zizhu.sources.readers.observations import dated, observed, parameters, table_name
from zizhu.sources.reading import Made, Request
from zizhu.vocab.problems import Problem, ZizhuError

COLUMNS = ("region_country", "category", "parameter", "mode", "powertrain", "year", "unit", "value")
_EXPECTED = f"the columns {', '.join(COLUMNS)}"
_SHEET = re.compile(r"GEVO_EV_\d{4}")
_PUBLISHED = re.compile(
    r"version (\d+(?:\.\d+)*),? published (\d{1,2})(?:st|nd|rd|th)? of (\w+) (\d{4})", re.IGNORECASE
)


def read(request: Request) -> Iterator[Made]:
    """The table `iea-gevo`: the indicator is `parameter|mode|powertrain|category`.

    Categories other than the historical one are forecasts. The vintage is the date in the notes of the workbook.
    Raises ZizhuError for a workbook without such a sheet, other columns, and cells that are no numbers.
    """
    for member in request.members:
        request.tell(member.name)
        table, version, stated = _tables(member)
        table.require(COLUMNS)
        yield _made(request, member, table, version, stated)


def _tables(member: Member) -> tuple[Table, str, str]:
    """The long table, its version and its date of release ("" where they are not stated)."""
    if member.name.casefold().endswith(".csv"):
        found = text_table(member, lambda cells: _renamed(cells)[0] == COLUMNS[0], _EXPECTED)
        return _named(found), "", ""
    book = workbook(member)
    name = next((n for n in book.parts if _SHEET.fullmatch(n)), "GEVO_EV_<year>")
    return (_named(book.sheet(name).table(1, _EXPECTED)), *_release(book))


def _release(book: Workbook) -> tuple[str, str]:
    if "Notes" not in book.parts:
        return "", ""
    said = _PUBLISHED.search(" ".join(c for row in book.sheet("Notes").rows for c in row))
    if said is None:
        return "", ""
    try:
        day = datetime.strptime(f"{said[2]} {said[3]} {said[4]}", "%d %B %Y")
    except ValueError:
        return said[1], ""
    return said[1], day.date().isoformat()


def _renamed(cells: Sequence[str]) -> list[str]:
    # earlier releases call the first column "region"
    return ["region_country" if c == "region" else c for c in cells] or [""]


def _named(table: Table) -> Table:
    frame = table.frame
    return Table(
        frame.rename(dict(zip(frame.columns, _renamed(frame.columns), strict=True))),
        table.first,
        table.where,
        table.letters,
    )


def _made(request: Request, member: Member, table: Table, version: str, stated: str) -> Made:
    frame = table.frame
    vintage, published, notes = dated(request, stated)
    statuses = parameters(request.entry, "status")
    rows = frame.select(
        indicator=pl.concat_str("parameter", "mode", "powertrain", "category", separator="|"),
        entity="region_country",
        period=table.matching("year", r"\d{4}", "year"),
        value=table.numbers("value"),
        unit="unit",
        status=_status(table, statuses),
        vintage=pl.lit(vintage),
        published=pl.lit(published),
    )
    found = observed(rows, request, member.where, parameters(request.entry, "recode"))
    title = f"Global EV Data Explorer{f', version {version}' if version else ''}"
    forecasts = found.frame.filter(pl.col("status") == "forecast")
    told = (
        "Values have two significant digits: sums of countries differ from printed totals.",
        f"{forecasts.height:,} rows are projections of the producer (status forecast).",
        "BEV, PHEV and FCEV are parts of EV; groups of countries overlap, and contain countries that have own rows.",
    )
    flags = {"version": version, "significant_digits": 2}
    return {table_name(request.entry.id): found.table(request, title, flags, (*told, *notes))}


def _status(table: Table, statuses: Mapping[str, str]) -> pl.Series:
    """The status of every row by its category; raises ZizhuError for a category that the catalogue does not know."""
    categories = table.frame["category"]
    kinds = {c: s for c in categories.unique() for k, s in statuses.items() if re.fullmatch(k, c)}
    unknown = [c for c in categories.unique() if c not in kinds]
    if unknown:
        remedy = "The edition has a new scenario: add it to the status of the catalogue entry."
        raise ZizhuError(
            Problem(
                f"categories {', '.join(map(repr, unknown[:5]))}",
                table.where,
                f"one of {', '.join(statuses)}",
                remedy,
            )
        )
    return categories.replace_strict(kinds, return_dtype=pl.String)
