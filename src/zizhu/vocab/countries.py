"""Countries and territories: ISO codes, names in English and Chinese, and their codes in the trade table."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import ZizhuError, unknown

REST = "ROW"
"""The rest of the world of a table: no country, so no supplier to be ranked."""


@dataclass(frozen=True)
class Country:
    """An economy. `baci` are its codes in BACI, former codes included; `icio` says that ICIO 2022 has it.

    `status` is current, former (ISO 3166-3) or not specified (a remainder of the trade table).
    """

    iso3: str
    name: str
    name_zh: str
    iso2: str
    m49: str
    baci: tuple[int, ...]
    icio: bool
    status: str
    aliases: tuple[str, ...]


@cache
def countries() -> Mapping[str, Country]:
    """All countries by ISO alpha-3 code."""
    return {r["iso3"]: _country(r) for r in rows("vocab/countries.csv")}


def _country(row: dict[str, str]) -> Country:
    return Country(
        row["iso3"],
        row["name"],
        row["name_zh"],
        row["iso2"],
        row["m49"],
        tuple(int(c) for c in row["baci"].split(";") if c),
        row["icio"] == "true",
        row["status"],
        tuple(a for a in row["aliases"].split(";") if a),
    )


def folded(text: str) -> str:
    """A code or name as it is looked up: without outer blanks, case and full-width forms."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


@cache
def by_name() -> Mapping[str, str]:
    """ISO alpha-3 codes by folded code, English and Chinese name and alias."""
    named = {folded(n): c.iso3 for c in countries().values() for n in (*c.aliases, c.name_zh, c.name)}
    return named | {folded(c): c for c in countries()}


@cache
def names() -> tuple[str, ...]:
    """English and Chinese names, for the nearest of a misspelt one."""
    return tuple(n for c in countries().values() for n in (c.name, c.name_zh))


def is_country(code: str) -> bool:
    """Whether a code is that of one country: remainders such as "other Asia" have codes too."""
    return code in countries() and countries()[code].status != "not specified"


def country(code: str, where: str = "") -> Country:
    """The country of an ISO alpha-3 code (any case) or of an exact English or Chinese name.

    Raises ZizhuError with the nearest codes or names.
    """
    iso3 = by_name().get(folded(code))
    if iso3 is None:
        raise ZizhuError(unknown("country", code, list(countries()), where or "country", names()))
    return countries()[iso3]


@cache
def _by_baci() -> Mapping[int, Country]:
    return {code: c for c in countries().values() for code in c.baci}


def from_baci(code: int) -> Country:
    """The country of a BACI code (842 is the United States); raises ZizhuError for an unknown code."""
    if code not in _by_baci():
        raise ZizhuError(unknown("BACI country", str(code), [str(c) for c in _by_baci()], "trade table"))
    return _by_baci()[code]
