"""Indicators of the World Bank: the CSV archives of its data pages, and what its interface answers.

Layout of the archive `API_<what>_DS2_en_csv_v2_<number>.zip`: one member of the same name with title lines (source,
date of the last update), a header (Country Name, Country Code, Indicator Name, Indicator Code, 1960, 1961, ...) and
one row an economy, and two members of metadata.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from zizhu.sources.asking import Asked, Got
from zizhu.sources.files.archive import Member
from zizhu.sources.files.cells import Table, base_name, text_of, text_table
from zizhu.sources.net.http_headers import asked_name
from zizhu.sources.net.offline import cleaned, require_online
from zizhu.sources.readers.observations import NOT_STATED, VINTAGE, dated, observed, parameters, table_name
from zizhu.sources.reading import Covers, Made, Request
from zizhu.store.files import write_atomic
from zizhu.vocab.problems import Problem, ZizhuError

INTERFACE = "https://api.worldbank.org"
HEADER = ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
_DATA = re.compile(r"(?!Metadata_).*\.csv", re.IGNORECASE)
_FILE = re.compile(r"API_(.+?)_DS\d+_", re.IGNORECASE)
_UNIT = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*$")
_UPDATED = re.compile(rb'"?Last Updated Date"?,"?(\d{4}-\d{2}-\d{2})"?')


def read(request: Request) -> Iterator[Made]:
    """One table a data file: `world-bank-<indicator>`, or `world-bank-<what>` for a file of many indicators.

    The unit is what the name of the indicator has in its last parentheses. The vintage is the date of the last
    update that the file states. An archive speaks for all that its table has, an answer of the interface for what was
    asked: what is not in them any more was withdrawn. Raises ZizhuError for a file of another layout, with the cells
    that are no numbers.
    """
    data = [m for m in request.members if _DATA.fullmatch(base_name(m)) or base_name(m).endswith(".json")]
    if not data:
        names = ", ".join(base_name(m) for m in request.members[:8])
        remedy = "Give the archive as the data page offers it under CSV."
        raise ZizhuError(Problem(f"no data among {names}", "World Bank", "a member API_....csv", remedy))
    for member in data:
        request.tell(base_name(member))
        if base_name(member).endswith(".json"):
            rows, updated, covers = _answers(member)
        else:
            (rows, updated), covers = _wide(member), Covers()
        yield _made(request, member, rows, updated, covers)


def ask(asked: Asked, folder: Path) -> tuple[Got, ...]:
    """The answer of the interface for every indicator asked for, see `download`."""
    economies = asked.countries or "all"
    return tuple(
        Got(
            download(what, folder, economies=economies, years=asked.years or None),
            f"{INTERFACE}/indicator/{what}",
        )
        for what in asked.what
    )


def download(
    indicator: str,
    folder: Path,
    *,
    economies: str | Sequence[str] = "all",
    years: Sequence[int] | None = None,
    database: int = 2,
    offline: bool | None = None,
) -> Path:
    """What the interface answers for one indicator, as `world-bank-....json` in `folder`, for `read`; questions that
    differ have files that differ.

    Needs the optional package wbgapi. `database` 2 is the World Development Indicators. Raises ZizhuError when it
    is not installed, the network is off, or the interface fails or knows no such indicator.
    """
    indicator = _code(indicator)
    require_online(INTERFACE, offline)
    content = _asked(_wbgapi(), indicator, economies, list(years) if years else "all", database)
    chosen = [*([economies] if isinstance(economies, str) else economies), *map(str, years or ())]
    path = folder / f"{asked_name('world-bank', indicator, *chosen)}.json"
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(path, f"{json.dumps(content, ensure_ascii=False)}\n".encode())
    return path


def _asked(
    wb: Any, indicator: str, economies: str | Sequence[str], years: str | list[int], database: int
) -> dict[str, object]:
    """What the interface says of an indicator: its name, the day of the last update, and the rows with a value."""
    options = {"numericTimeKeys": True, "db": database, "skipBlanks": True}
    try:
        about = wb.source.get(db=database) or {}
        label = wb.series.get(indicator, db=database) or {}
        found = list(wb.data.fetch(indicator, economies, years, **options))
    except Exception as error:
        words = cleaned(str(error))[:200]
        remedy = "Check the code on data.worldbank.org, or give its CSV archive with --from FILE."
        problem = Problem(
            f"the interface of the World Bank fails ({words})", indicator, "observations", remedy
        )
        raise ZizhuError(problem) from None
    return {
        "indicator": indicator,
        "name": label.get("value", ""),
        "last_updated": str(about.get("lastupdated", "")),
        "economies": economies,
        "years": years,
        "rows": [{"economy": r["economy"], "time": r["time"], "value": r["value"]} for r in found],
    }


def _made(request: Request, member: Member, rows: pl.DataFrame, updated: str, covers: Covers | None) -> Made:
    vintage, published, notes = dated(request, updated)
    labels = dict(rows.select("indicator", "label").unique().sort("indicator").iter_rows())
    found = observed(
        rows.drop("label").with_columns(vintage=pl.lit(vintage), published=pl.lit(published)),
        request,
        member.where,
        parameters(request.entry, "recode"),
    )
    what = next(iter(labels)) if len(labels) == 1 else _what(member)
    title = (
        f"World Bank, {next(iter(labels.values())) if len(labels) == 1 else f'{len(labels):,} indicators'}"
    )
    flags = {"labels": labels}
    table = found.table(request, title, flags, notes)
    if covers is not None:
        years = covers.years & request.years if covers.years else request.years
        table = replace(table, covers=replace(covers, years=years))
    return {table_name(request.entry.id, what): table}


def _wide(member: Member) -> tuple[pl.DataFrame, str]:
    """The rows of a data file, one a year, and the date of its last update ("" if it does not state one)."""
    table = text_table(
        member, lambda cells: tuple(cells[:4]) == HEADER, f"the columns {', '.join(HEADER)}, years"
    )
    years = [c for c in table.frame.columns if re.fullmatch(r"\d{4}", c)]
    strange = [c for c in table.frame.columns if c not in (*HEADER, *years)]
    if strange or not years:
        what = f"columns {', '.join(strange[:5])}" if strange else "no years"
        remedy = "Give the archive as the data page offers it under CSV."
        raise ZizhuError(
            Problem(what, f"{member.where}, row {table.first - 1}", "years such as 2019", remedy)
        )
    with member.open() as stream:
        stated = _UPDATED.search(stream.read(4096))
    return _long(table, years), stated.group(1).decode() if stated else ""


def _long(table: Table, years: Sequence[str]) -> pl.DataFrame:
    numbers = table.all_numbers(years, ("..",))
    fixed = table.frame.select(
        entity="Country Code",
        indicator="Indicator Code",
        label="Indicator Name",
        unit=_unit(pl.col("Indicator Name")),
    )
    wide = pl.concat([fixed, pl.DataFrame(numbers)], how="horizontal")
    return wide.unpivot(
        list(years), index=fixed.columns, variable_name="period", value_name="value"
    ).drop_nulls("value")


def _answers(member: Member) -> tuple[pl.DataFrame, str, Covers | None]:
    """The rows of a file that `download` wrote, the day of the last update, and what was asked."""
    try:
        content: Any = json.loads(text_of(member))
        rows = pl.DataFrame(
            [(str(r["economy"]), str(r["time"]), r["value"]) for r in content["rows"]],
            schema={"entity": pl.String, "period": pl.String, "value": pl.Float64},
            orient="row",
            strict=True,
        )
        indicator, label, updated = (str(content[k]) for k in ("indicator", "name", "last_updated"))
        covers = _asked_for(content)
    except (ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        remedy = "Download it again; a file of another kind is given as the CSV archive of a data page."
        problem = Problem(
            "not what the interface answers", member.where, "a file of zizhu's own download", remedy
        )
        raise ZizhuError(problem) from error
    named = rows.with_columns(indicator=pl.lit(indicator), label=pl.lit(label or indicator))
    stated = updated if re.fullmatch(VINTAGE, updated) else ""
    return named.with_columns(unit=_unit(pl.col("label"))), stated, covers


def _asked_for(content: Mapping[str, Any]) -> Covers | None:
    """The economies and years that the interface was asked for; None for a file that does not say."""
    if not {"economies", "years"} <= set(content):
        return None
    who, when = ([] if content[k] == "all" else content[k] for k in ("economies", "years"))
    return Covers(frozenset([who] if isinstance(who, str) else map(str, who)), frozenset(map(int, when)))


def _unit(label: pl.Expr) -> pl.Expr:
    """What the name has in its last parentheses: 'GDP (current US$)' is in current US$."""
    return label.str.extract(_UNIT.pattern, 1).fill_null(NOT_STATED)


def _what(member: Member) -> str:
    named = _FILE.match(base_name(member))
    return named.group(1) if named else base_name(member).rpartition(".")[0]


def _code(indicator: str) -> str:
    """The code of an indicator as it stands in an address; raises ZizhuError for a text that is none."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{3,60}", indicator):
        problem = Problem(
            f"{indicator[:60]!r} is no code", "World Bank", "a code such as NY.GDP.MKTP.CD", "Correct it."
        )
        raise ZizhuError(problem)
    return indicator


def _wbgapi() -> Any:
    try:
        return import_module("wbgapi")
    except ImportError:
        remedy = "Install it with: pip install 'zizhu[worldbank]'. Or give the CSV archive with --from FILE."
        problem = Problem("the package wbgapi is not installed", "World Bank", "wbgapi", remedy)
        raise ZizhuError(problem) from None
