"""Charts of Our World in Data: the CSV of the grapher and its metadata.

The CSV has Entity, Code, Year (or Day) and one column an indicator. `<chart>.metadata.json` says for every column
its title, unit, type and the date of its last update; without it units are not known. A download of what a map shows
has one column more, `time`, and a row without year and value for each entity that the map has no value of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from zizhu.sources.asking import Asked, Got
from zizhu.sources.files.archive import Member
from zizhu.sources.files.cells import Table, base_name, text_of, text_table
from zizhu.sources.files.wrong_cells import Cause
from zizhu.sources.net.fetch import Fetched, fetch
from zizhu.sources.net.part import Policy
from zizhu.sources.readers.observations import NOT_STATED, VINTAGE, dated, observed, parameters, table_name
from zizhu.sources.reading import Made, Request
from zizhu.vocab.problems import Problem, ZizhuError

FIXED = ("entity", "code", "year", "day")
SHOWN = "time"
"""What a map shows, beside the year of the value: the last column of a download of the displayed data."""
_EXPECTED = "the columns Entity, Code, Year or Day, and one an indicator"
_METADATA = ".metadata.json"
_DAY = r"\d{4}-\d{2}-\d{2}"
_CHART = re.compile(r"[A-Za-z0-9_-]{1,120}")


@dataclass(frozen=True)
class _Column:
    """What is known of a column of values."""

    header: str
    indicator: str
    title: str
    unit: str
    kind: str
    updated: str
    citation: str


def read(request: Request) -> Iterator[Made]:
    """One table a chart: `owid-<chart>`, the indicators under their short names.

    Entities without a code (continents, income groups) go by their names. The vintage is the date of the last
    update of the column, else that of the download. Years before 1000 are left out, and columns of words.
    Raises ZizhuError for another layout, with the cells that are no numbers.
    """
    by_name = {base_name(m): m for m in request.members}
    charts = {n: m for n, m in by_name.items() if n.casefold().endswith(".csv")}
    if not charts:
        remedy = "Give the CSV, or the zip, that the chart offers under Download."
        raise ZizhuError(Problem("no CSV", ", ".join(by_name), "<chart>.csv", remedy))
    for name, member in charts.items():
        request.tell(name)
        stem = name[:-4]
        about = by_name.get(f"{stem}{_METADATA}") or (
            next((m for n, m in by_name.items() if n.endswith(_METADATA)), None) if len(charts) == 1 else None
        )
        yield _made(request, member, stem, _metadata(about) if about else {})


def ask(asked: Asked, folder: Path) -> tuple[Got, ...]:
    """The files of every chart asked for, see `download`; raises ZizhuError for countries: a chart has all of them."""
    if asked.countries:
        remedy = "Leave --country out; choose countries in the question about the table."
        raise ZizhuError(Problem("a chart has all its countries", asked.entry.id, "no --country", remedy))
    url = str(asked.entry.parameters["url"])
    got = (file for chart in asked.what for file in download(chart, folder, url))
    return tuple(Got(file.path, file.url_without_secrets) for file in got)


def download(
    chart: str, folder: Path, url: str, *, offline: bool | None = None, policy: Policy | None = None
) -> tuple[Fetched, Fetched]:
    """The CSV and the metadata of a chart, from `url` with {chart} and {ending} in their places.

    Raises ZizhuError for a text that is no name of a chart, and as `fetch`.
    """
    if not _CHART.fullmatch(chart):
        remedy = "Take it from the address of the chart."
        raise ZizhuError(Problem(f"{chart[:60]!r} is no chart", "Our World in Data", "co2-emissions", remedy))
    csv, about = (
        fetch(
            url.format(chart=chart, ending=ending),
            folder,
            name=f"{chart}{ending}",
            offline=offline,
            policy=policy,
        )
        for ending in (".csv", _METADATA)
    )
    return csv, about


def _made(request: Request, member: Member, chart: str, about: Mapping[str, Any]) -> Made:
    table = text_table(member, _is_header, _EXPECTED)
    table = _folded(table)
    columns = [_column(c, about) for c in _indicators(table)]
    numeric = [c for c in columns if c.kind in ("", "Numeric", "Integer", "Percentage", "Currency", "Ratio")]
    kept = numeric if about else [c for c in numeric if _has_numbers(table, c.header)]
    if not kept:
        raise ZizhuError(Problem("no column of values", member.where, _EXPECTED, "Download the CSV again."))
    rows, ancient = _rows(request, table, kept, str(about.get("dateDownloaded") or ""))
    found = observed(rows, request, member.where, parameters(request.entry, "recode"))
    words = [c.header for c in columns if c not in kept]
    title = str((about.get("chart") or {}).get("title") or chart)
    told = (
        *([f"{ancient:,} rows of years before 1000 are left out."] if ancient else []),
        *([f"Columns of words are left out: {', '.join(words)}."] if words else []),
        *(() if about else ("Without the metadata of the chart units and release dates are not known.",)),
        *sorted({f"Cite: {c.citation}." for c in kept if c.citation}),
    )
    flags = {"labels": {c.indicator: c.title for c in kept}}
    name = table_name(request.entry.id, chart)
    return {name: found.table(request, f"Our World in Data, {title}", flags, told)}


def _rows(
    request: Request, table: Table, columns: Sequence[_Column], downloaded: str
) -> tuple[pl.DataFrame, int]:
    """The rows of all columns of values, and how many are too old to be named by a year."""
    frame = table.frame
    period = "day" if "day" in frame.columns else "year"
    table.require(["entity", period])
    form, expected = (_DAY, "day") if period == "day" else (r"-?\d{1,7}", "year")
    valued = pl.any_horizontal(pl.col(c.header) != "" for c in columns)
    undated = frame.select((pl.col(period) == "") & valued).to_series()
    table.refuse(
        period, undated, Cause(f"is no {expected}", f"a {expected} for a value", "Download it again.")
    )
    periods = table.matching(period, f"(?:{form})?", expected)
    code = pl.col("code") if "code" in frame.columns else pl.lit("")
    entities = frame.select(pl.when(code != "").then(code).otherwise("entity").alias("entity"))["entity"]
    parts = []
    for column in columns:
        vintage, published, _ = dated(request, column.updated or downloaded)
        parts.append(
            pl.DataFrame(
                {"entity": entities, "period": periods, "value": table.numbers(column.header)}
            ).with_columns(
                indicator=pl.lit(column.indicator),
                unit=pl.lit(column.unit),
                vintage=pl.lit(vintage),
                published=pl.lit(published if column.updated else ""),
            )
        )
    rows = pl.concat(parts).filter(pl.col("period") != "")
    named = rows.filter(pl.col("period").str.contains(r"^\d{4}"))
    return named, rows.height - named.height


def _indicators(table: Table) -> list[str]:
    """The columns of indicators; the last is none if it is called `time` and there are others."""
    found = [c for c in table.frame.columns if c not in FIXED]
    return found[:-1] if len(found) > 1 and found[-1] == SHOWN else found


def _column(header: str, about: Mapping[str, Any]) -> _Column:
    held = about.get("columns")
    known: Mapping[str, Any] = held if isinstance(held, dict) else {}
    said: Any = known.get(header) or next(
        (
            c
            for c in known.values()
            if isinstance(c, dict) and header in (c.get("shortName"), c.get("titleShort"), c.get("titleLong"))
        ),
        {},
    )
    said = said if isinstance(said, dict) else {}

    def text(key: str) -> str:
        return str(said.get(key) or "").strip()

    updated = text("lastUpdated")[:10]
    return _Column(
        header,
        text("shortName") or header,
        text("titleLong") or text("titleShort") or header,
        text("unit") or NOT_STATED,
        text("type"),
        updated if re.fullmatch(VINTAGE, updated) else "",
        text("citationShort"),
    )


def _metadata(member: Member) -> Mapping[str, Any]:
    try:
        found: Any = json.loads(text_of(member))
    except ValueError as error:
        problem = Problem(
            f"no JSON ({error})"[:200], member.where, "the metadata of a chart", "Download it again."
        )
        raise ZizhuError(problem) from error
    if not isinstance(found, dict) or not isinstance(found.get("columns"), dict):
        problem = Problem("no columns", member.where, "the metadata of a chart", "Download it again.")
        raise ZizhuError(problem)
    return found


def _has_numbers(table: Table, header: str) -> bool:
    """Whether any cell of a column is a number: one without any is a column of words."""
    texts = table.frame[header]
    return texts.cast(pl.Float64, strict=False).is_not_null().any()


def _is_header(cells: Sequence[str]) -> bool:
    folded = [c.casefold() for c in cells]
    return folded[:1] == ["entity"] and any(p in folded for p in ("year", "day"))


def _folded(table: Table) -> Table:
    names = {c: c.casefold() for c in table.frame.columns if c.casefold() in FIXED}
    return Table(table.frame.rename(names), table.first, table.where, table.letters)
