"""The map of a user's own table: which column holds what, in which codes and units. Written by `zizhu data map`,
corrected by the user, obeyed by `zizhu data add`.

The description of each field is the comment that stands beside it in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, ValidationError

from zizhu.ledger.models import Quality, Record, Text, faults
from zizhu.sources.files.cells import Delimiter
from zizhu.sources.readers.observations import VINTAGE
from zizhu.store import files
from zizhu.store.meta import NAME
from zizhu.vocab import plain_yaml
from zizhu.vocab.problems import Problem, ZizhuError, unknown

TODO = "TODO"
Kind = Literal["trade", "series", "production", "panel"]
Encoding = Literal[
    "utf-8", "utf-16", "gb18030", "cp1252", "latin-1", "big5", "shift_jis", "euc_kr", "cp1250", "cp1251"
]
PLACES = ("firm", "city", "province", "country", "entity")
"""Roles that name an entity, the finest first."""
TIMES = ("year", "period")
TRADERS = ("exporter", "importer", "reporter", "partner", "country")
"""Roles whose cells are turned into ISO 3166 alpha-3 codes."""
ROLES: Mapping[str, str] = {
    "year": "the calendar year",
    "period": "a year, half year, quarter, month or day",
    "exporter": "the country that sells",
    "importer": "the country that buys",
    "reporter": "the country whose statistics these are (its partner and the flow say who sells)",
    "partner": "the other country",
    "flow": "imports or exports, as the reporter sees it",
    "country": "a country",
    "province": "a province or state, kept as text",
    "city": "a city, kept as text",
    "firm": "a firm, its code kept as text",
    "entity": "a place or unit of another kind, kept as text",
    "product": "a product: a code of the HS, or of the classification that is stated",
    "sector": "an industry: a code of the classification that is stated",
    "indicator": "what the value measures",
    "value": "a number: money, or in a series and a panel whatever the unit says",
    "quantity": "a number of tonnes, pieces or the like",
    "unit": "the unit of the value, row by row",
    "quantity_unit": "the unit of the quantity, row by row",
    "currency": "the currency of the value, row by row",
    "lower": "the lower bound of the value",
    "upper": "the upper bound of the value",
    "status": "reported, derived or forecast",
    "vintage": "the date of the release that says so",
    "attribute": "text that belongs to the entity, kept as it is",
    "ignore": "not read",
}
_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "trade": (
        *("year", "period", "exporter", "importer", "reporter", "partner", "flow", "product"),
        *("value", "quantity", "unit", "quantity_unit", "currency", "ignore"),
    ),
    "production": (
        *("year", "period", "country", "product", "sector", "value", "quantity"),
        *("unit", "quantity_unit", "currency", "ignore"),
    ),
    "series": (
        *("year", "period", "indicator", *PLACES, "value", "unit"),
        *("lower", "upper", "status", "vintage", "ignore"),
    ),
    "panel": ("year", "period", *PLACES, "value", "attribute", "ignore"),
}
STATED: Mapping[str, tuple[str, ...]] = {
    "trade": ("revision",),
    "production": ("classification", "basis"),
    "series": ("vintage", "status"),
    "panel": (),
}
"""What may be stated of a whole table beside the roles of columns."""
BASES = ("territorial", "ownership", "brand", "value_added")
REVISIONS = ("HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022")
COUNTRY_CODES = ("iso3", "iso2", "m49", "baci", "name")
PRODUCT_CODES = ("HS6", "HS8", "HS10")
TIME_CODES = ("excel",)
_MANY = ("value", "attribute", "ignore")


class Layout(Record):
    """How the file is written."""

    member: str = Field("", description="the file inside a zip archive")
    sheet: str = Field("", description="the sheet of a workbook")
    encoding: Encoding = Field(
        "utf-8", description="utf-8, gb18030 (holds GBK), cp1252 (Western), utf-16, ..."
    )
    delimiter: Delimiter = Field(",", description="what stands between cells")
    decimal: Literal[".", ","] = Field(
        ".", description="the decimal sign; the other one stands between thousands"
    )
    header_row: int = Field(1, ge=0, le=1000, description="the row of the names; 0: there is none")
    skip_rows: int = Field(0, ge=0, le=1000, description="rows below the names that hold no data (units)")


class Column(Record):
    """One column of the file. The lists have the file's own words."""

    name: str = Field(
        description="the name as it is in the file; a second one of that name has (2) behind it"
    )
    role: str = Field(description="what the column holds")
    unit: str = Field(
        "", description="the unit of its numbers, of the vocabulary (series and panels: or any text)"
    )
    scale: float = Field(1.0, gt=0, description="numbers are multiplied by this to be in the unit")
    codes: str = Field("", description="how it is coded")
    period: str = Field("", description="the period whose values stand in this column (years side by side)")
    indicator: str = Field("", description="what the values of this column measure, where no column says it")
    missing: tuple[str, ...] = Field((), description="cells that stand for no value, beside empty ones")
    omit: tuple[str, ...] = Field((), description="cells whose rows are left out, such as totals")
    recode: Mapping[str, str] = Field(default_factory=dict, description="cells and what they stand for")


class Cited(Record):
    """How the table is cited."""

    producer: Text = Field(description="who made the table")
    title: Text = Field(description="its title, as it is to be cited")
    published: str = Field("", description="the day of publication: 2024-03-31, or the part that is known")
    url: str = Field("", description="where it can be had")
    licence: str = Field("", description="what may be done with it")
    quality: Quality = Field(description="high (a statistical office), medium, or low (a repost, unknown)")


class TableMap(Record):
    """The map of a table. `constants` are roles that hold one value throughout, and what is stated of the table."""

    file: Text = Field(description="the table; a path from the folder of this map")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="the table as it was looked at")
    kind: Kind = Field(description="trade, series, production or panel")
    table: str = Field(pattern=NAME, description="the name that the table has in zizhu")
    title: Text = Field(description="what the table holds, in a line")
    source: Cited
    layout: Layout = Field(default_factory=Layout)
    constants: Mapping[str, str] = Field(default_factory=dict)
    rates: Mapping[str, float] = Field(
        default_factory=dict,
        description="units of the currency a US dollar, by year, where money is not in USD",
    )
    columns: tuple[Column, ...] = Field(min_length=1, max_length=20_000)

    def of(self, *roles: str) -> tuple[Column, ...]:
        """The columns of these roles, in order of the file."""
        return tuple(c for c in self.columns if c.role in roles)

    def one(self, role: str) -> Column | None:
        """The column of a role that only one can have, None where none has it."""
        return next((c for c in self.columns if c.role == role), None)

    def says(self, role: str) -> bool:
        """Whether a column or a constant has that role."""
        return role in self.constants or self.one(role) is not None


def allowed(kind: str) -> tuple[str, ...]:
    """The roles that a table of that kind can have."""
    return _BY_KIND[kind]


def load(path: Path) -> TableMap:
    """The map in a YAML file; raises ZizhuError with everything in it that is open or wrong."""
    content = plain_yaml.read(path)
    if not isinstance(content, dict):
        remedy = "Write it with `zizhu data map FILE`."
        raise ZizhuError(Problem("no map of a table", path.name, "names and values", remedy))
    problems = list(_open(content, path.name))
    if problems:
        raise ZizhuError(problems)
    try:
        made = TableMap.model_validate(content)
    except ValidationError as error:
        raise ZizhuError(faults(error, path.name, TableMap.model_fields)) from error
    problems = [*_wrong(made, path.name), *_lacking(made, path.name)]
    if problems:
        raise ZizhuError(problems)
    return made


def table_of(made: TableMap, path: Path) -> Path:
    """The file that a map at `path` names; raises ZizhuError where it is not the one that was looked at."""
    table = path.parent / made.file
    if not table.is_file():
        what = "no such file" if not table.exists() else "no file with data"
        remedy = f"Correct `file` in {path.name}: it is read from the folder of that map."
        raise ZizhuError(Problem(what, str(table), "the table that was mapped", remedy))
    found = files.sha256_of(table)
    if found != made.sha256:
        remedy = (
            f"Map it again with `zizhu data map`; if its columns are the same as before, write {found} as sha256 "
            f"into {path.name}."
        )
        raise ZizhuError(
            Problem("the file has changed since it was mapped", str(table), made.sha256[:16] + "...", remedy)
        )
    return table


def _open(content: Any, where: str) -> Iterator[Problem]:
    """What still says TODO."""
    if isinstance(content, dict):
        name = str(content.get("name", ""))
        for key, value in content.items():
            yield from _open(
                value, f"{where}, {f'column {name!r}, ' if name and 'role' in content else ''}{key}"
            )
    elif isinstance(content, list):
        for i, value in enumerate(content):
            yield from _open(value, where if isinstance(value, dict) else f"{where} {i + 1}")
    elif isinstance(content, str) and content.strip().upper().startswith(TODO):
        yield Problem("it is left open (TODO)", where, "a value", "The comment beside it says what is meant.")


def _wrong(made: TableMap, where: str) -> Iterator[Problem]:
    """Roles, codes and constants that a table of this kind cannot have."""
    roles = allowed(made.kind)
    seen: dict[str, str] = {}
    names: set[str] = set()
    for column in made.columns:
        at = f"{where}, column {column.name!r}"
        if column.name in names:
            yield Problem("it stands there twice", at, "every column once", "Remove one.")
        names.add(column.name)
        if column.role in STATED[made.kind] and column.role not in roles:
            yield _stated_alone(column.role, made.kind, at)
        elif column.role not in roles:
            yield unknown(f"role in a {made.kind} table:", column.role, roles, at)
        elif column.role in seen and column.role not in _MANY:
            remedy = f"Give one of them the role ignore (the other is {seen[column.role]!r})."
            yield Problem(f"a second column of role {column.role}", at, "one", remedy)
        seen.setdefault(column.role, column.name)
        yield from _wrong_codes(column, at)
    for name in made.constants:
        valid = [
            r for r in (*roles, *STATED[made.kind]) if r not in (*_MANY, "quantity", "lower", "upper", "unit")
        ]
        at = f"{where}, constants"
        if name not in valid:
            yield unknown("constant", name, valid, at)
        elif made.one(name) is not None and name in roles:
            yield Problem(f"{name} is a constant and a column", at, "one of the two", "Remove one.")
    yield from _wrong_words(made, where)


def _stated_alone(role: str, kind: str, at: str) -> Problem:
    """The problem of a column with a role that only a whole table can have."""
    return Problem(
        f"a column of role {role}",
        at,
        f"one {role} for a whole {kind} table, under constants",
        f"Give it the role ignore and state {role} under constants; rows of another one go under omit of this column.",
    )


def _wrong_codes(column: Column, at: str) -> Iterator[Problem]:
    known = {
        **dict.fromkeys(TRADERS, COUNTRY_CODES),
        **dict.fromkeys(TIMES, TIME_CODES),
        "product": PRODUCT_CODES,
    }.get(column.role, ())
    if column.codes and known and column.codes not in known:
        yield unknown("coding", column.codes, known, at)
    if column.period and column.role not in ("value", "quantity", "ignore"):
        yield Problem(
            "it has a period", at, "a period for values alone", f"Remove it from this {column.role}."
        )


def _wrong_words(made: TableMap, where: str) -> Iterator[Problem]:
    for name, valid in (("basis", BASES), ("revision", REVISIONS)):
        said = made.constants.get(name, valid[0])
        if said not in valid:
            yield unknown(name, said, valid, f"{where}, constants")
    said = made.source.published
    if said and not re.fullmatch(VINTAGE, said):
        yield Problem(
            f"published {said!r}", f"{where}, source", "2024-03-31, 2024-03, 2024 or nothing", "Correct it."
        )
    for year, rate in made.rates.items():
        if not year.isdigit() or len(year) != 4 or not rate > 0:
            yield Problem(
                f"{year}: {rate}", f"{where}, rates", "a year and a rate above 0", "For example 2020: 6.9."
            )


def _lacking(made: TableMap, where: str) -> Iterator[Problem]:
    """What a table of this kind must have and this one has not."""
    wide = any(c.period for c in made.columns)
    for roles in _needed(made):
        if wide and "period" in roles:
            continue
        if not any(made.says(r) for r in roles):
            shown = " or ".join(roles)
            only = roles[0] in (*STATED[made.kind],)
            remedy = f"State it under constants as {roles[0]}: ..."
            more = "" if only else f", or give a column the role {roles[0]}"
            yield Problem(
                f"nothing says the {shown}", where, f"the {shown} of a {made.kind} table", f"{remedy}{more}."
            )
    if made.kind == "production" and made.says("product") and made.says("sector"):
        yield Problem("products and sectors", where, "one of the two", "Give one of them the role ignore.")


def _needed(made: TableMap) -> Sequence[tuple[str, ...]]:
    if made.kind == "trade":
        if made.says("reporter") or made.says("partner"):
            who: tuple[tuple[str, ...], ...] = (("reporter",), ("partner",), ("flow",))
        else:
            who = (("exporter",), ("importer",))
        return (TIMES, *who, ("product",), ("revision",), ("value",))
    if made.kind == "production":
        stated = (("classification",), ("basis",))
        return (TIMES, ("country",), ("product", "sector"), ("value", "quantity"), *stated)
    return (TIMES, PLACES, ("value",))


KINDS: tuple[Kind, ...] = get_args(Kind)
