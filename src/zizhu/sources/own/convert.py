"""Texts of a user's table turned into numbers, periods, countries and products; what is none of these is marked.

A conversion looks at each distinct text once and returns null where the text is not what it should be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache

import polars as pl

from zizhu.sources.own.words import cell_words
from zizhu.vocab.countries import by_name, countries, folded
from zizhu.vocab.products import products

HS1992 = "HS1992"
_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's count, for days after February 1900."""
_SERIALS = range(1, 80_000)
_BLANKS = r"[\s\u00a0\u202f\u2009']"
_GROUPED = {".": r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$", ",": r"^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$"}
_PLAIN = {
    ".": r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$",
    ",": r"^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d{1,3})?$",
}
_YEAR = r"(?P<year>(?:1[5-9]|2[01])\d{2})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:FY)?{_YEAR}(?:\.0+)?\s*年?(?:度)?(?:\s*\[YR\d{{4}}\])?",
        rf"{_YEAR}[-/.\s年]*(?:Q|第)?(?P<quarter>[1-4])\s*季度?",
        rf"{_YEAR}[-/.\s]*Q(?P<quarter>[1-4])",
        rf"{_YEAR}[-/.\s]*[SH](?P<half>[12])",
        rf"{_YEAR}年?(?P<half>上|下)半年",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?:\.0)?",
        rf"{_YEAR}[-/.\s年M]+(?P<month>0?[1-9]|1[0-2])月?",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:\.0)?",
        rf"{_YEAR}[-/.年](?P<month>0?[1-9]|1[0-2])[-/.月](?P<day>0?[1-9]|[12]\d|3[01])日?"
        r"(?:[ T]00:00(?::00(?:\.0+)?)?)?",
    )
)
_HALVES = {"上": "1", "下": "2"}


def numbers(texts: pl.Series, decimal: str, percents: bool = False) -> pl.Series:
    """Float64 of texts with that decimal sign, groups of three and proper minus signs; null where one is no number.

    Not finite numbers are none. With `percents` a percent sign at the end is read over.
    """
    other = "," if decimal == "." else "."
    bare = texts.str.replace_all("−", "-", literal=True).str.replace_all(_BLANKS, "")
    if percents:
        bare = bare.str.replace("[%％]$", "")
    grouped = bare.str.contains(_GROUPED[decimal])
    if grouped.any():
        bare = bare.zip_with(~grouped, bare.str.replace_all(other, "", literal=True))
    bare = bare.set(~bare.str.contains(_PLAIN[decimal]), None)
    if decimal == ",":
        bare = bare.str.replace(",", ".", literal=True)
    found = bare.cast(pl.Float64, strict=False)
    return found.set(~found.is_finite(), None)


def each(texts: pl.Series, of: Callable[[str], str | None]) -> pl.Series:
    """What `of` makes of each distinct text; null where it makes nothing of it."""
    distinct = texts.unique().to_list()
    made = [None if t is None else of(t) for t in distinct]
    return texts.replace_strict(distinct, made, return_dtype=pl.String)


@cache
def period(text: str) -> str | None:
    """A period as observations have it; None where the text names none.

    >>> period("2023年第1季度"), period("202303"), period("2023/3/31"), period("2023.0")
    ('2023-Q1', '2023-03', '2023-03-31', '2023')
    """
    for form in _FORMS:
        if found := form.fullmatch(folded(text)):
            return _period(found.groupdict())
    return None


def _period(parts: Mapping[str, str | None]) -> str | None:
    year, month = parts["year"], parts.get("month")
    if quarter := parts.get("quarter"):
        return f"{year}-Q{quarter}"
    if half := parts.get("half"):
        return f"{year}-S{_HALVES.get(half, half)}"
    if not month:
        return year
    if not (day := parts.get("day")):
        return f"{year}-{int(month):02}"
    try:
        return date(int(year or 0), int(month), int(day)).isoformat()
    except ValueError:
        return None


def excel_day(text: str) -> str | None:
    """The date of a day in Excel's count.

    >>> excel_day("45016")
    '2023-03-31'
    """
    whole = text.removesuffix(".0")
    if not whole.isdigit() or len(whole) > 6 or int(whole) not in _SERIALS:
        return None
    return (_DAY_ZERO + timedelta(days=int(whole))).isoformat()


@cache
def coded(codes: str) -> Mapping[str, str]:
    """ISO 3166 alpha-3 codes by the codes or names of one kind; a current economy before a former one."""
    known = sorted(countries().values(), key=lambda c: c.status == "current")
    if codes == "iso2":
        others = {folded(a): c.iso3 for c in known for a in c.aliases if len(a) == 2 and a.isascii()}
        return others | {folded(c.iso2): c.iso3 for c in known if c.iso2}
    if codes == "m49":
        return {c.m49.lstrip("0"): c.iso3 for c in known if c.m49}
    if codes == "baci":
        return {str(code): c.iso3 for c in known for code in c.baci}
    if codes == "iso3":
        return {folded(c): c for c in countries()}
    return by_name()


def country(text: str, codes: str) -> str | None:
    """The alpha-3 code of a country given in `codes` (iso3, iso2, m49, baci, name; "" takes names and alpha-3)."""
    key = folded(text)
    if codes in ("m49", "baci"):
        key = key.removesuffix(".0").lstrip("0")
    return coded(codes).get(key)


def hs6(text: str, digits: int, revision: str) -> str | None:
    """The six-digit heading of an HS code of `digits` digits, of which a zero at the beginning may be lost.

    >>> hs6("8504.40", 6, "HS2017"), hs6("1012100", 8, "HS2017")
    ('850440', '010121')
    """
    bare = text.lstrip("'").replace(" ", "")
    if bare.endswith(".0") and bare[:-2].isdigit() and len(bare) > 6:
        bare = bare[:-2]
    bare = bare.replace(".", "")
    if not (bare.isascii() and bare.isdigit()) or not digits - 1 <= len(bare) <= digits:
        return None
    code = bare.zfill(digits)[:6]
    known = products()
    if revision == HS1992:
        return code if code in known else None
    return code if code[:2] in _chapters() else None


@cache
def _chapters() -> frozenset[str]:
    return frozenset(code[:2] for code in products())


def flow(text: str) -> str | None:
    """`imports` or `exports`, None for another flow (re-exports, transit)."""
    key = folded(text)
    return next((f for f in ("imports", "exports") if key in cell_words(f)), None)
