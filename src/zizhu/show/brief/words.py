"""The names under which codes appear in a brief."""

from __future__ import annotations

from zizhu.ledger.models import Comparator
from zizhu.vocab import countries, groups, periods, products, sectors, units

_COMPARATORS: dict[Comparator, str] = {
    ">": "more than ",
    ">=": "at least ",
    "<": "less than ",
    "<=": "at most ",
    "~": "about ",
    "range": "from ",
    "=": "",
}


def country(code: str) -> str:
    """The English name of a country or group."""
    if code in groups.groups():
        return groups.groups()[code].name
    return countries.country(code).name


def possessive(name: str) -> str:
    """China -> China's; United States -> United States'."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def sector(code: str) -> str:
    """The short label of an industry, or what an aggregate code stands for."""
    if code in sectors.sectors():
        return sectors.sectors()[code].label
    return {"MANUF": "all manufacturing", "TOTAL": "all industries"}.get(code, code)


def node(code: str) -> str:
    """`CHN:C26` as 'Computers and electronics of China'."""
    who, _, what = code.partition(":")
    return f"{sector(what or 'TOTAL')} of {country(who)}"


def product(hs6: str) -> str:
    """The short label of a product with its code."""
    return f"{products.product(hs6).label} (HS {hs6})"


def period(code: str) -> str:
    """A period in words."""
    return periods.label(periods.parse(code))


def comparator(code: Comparator | None) -> str:
    """A comparator before a number."""
    return _COMPARATORS[code] if code else ""


def quantity(value: float, unit: str) -> str:
    """A value with its unit: '70 %', '4,843 (100 million units)'."""
    number = f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")
    label = units.unit(unit).label
    return f"{number} {label}" if label else number
