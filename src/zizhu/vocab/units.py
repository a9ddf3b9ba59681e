"""Units of measure: which can be compared, and how one is turned into another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import Problem, ZizhuError, unknown


@dataclass(frozen=True)
class Unit:
    """A unit: one of it is `scale` times the `base` of its dimension. Money also has a currency."""

    code: str
    dimension: str
    scale: Fraction
    base: str
    currency: str
    label: str

    @property
    def summable(self) -> bool:
        """Whether values of several years can be added up: money, masses, energy and counts can, shares cannot."""
        return self.dimension in _EXTENSIVE


_EXTENSIVE = frozenset(
    (
        "money",
        "count",
        "mass",
        "mass of CO2",
        "mass of rare-earth oxides",
        "energy",
        "coal equivalent",
        "power",
    )
) | {"volume", "length"}


@cache
def units() -> Mapping[str, Unit]:
    """All units by code."""
    return {
        r["unit"]: Unit(r["unit"], r["dimension"], Fraction(r["scale"]), r["base"], r["currency"], r["label"])
        for r in rows("vocab/units.csv")
    }


def unit(code: str, where: str = "") -> Unit:
    """The unit of that code; raises ZizhuError with the nearest codes."""
    if code not in units():
        raise ZizhuError(unknown("unit", code, list(units()), where or "unit"))
    return units()[code]


def same_dimension(a: str, b: str) -> bool:
    """Whether values in `a` and `b` can be compared: the same dimension and, for money, the same currency."""
    one, other = unit(a), unit(b)
    return (one.dimension, one.currency) == (other.dimension, other.currency)


def convert(value: float, from_: str, to: str) -> float:
    """`value` of the unit `from_` in the unit `to`; exact up to one rounding, infinite values stay.

    Raises ZizhuError for an unknown unit, for another dimension and for another currency
    (an exchange rate is a fact with a date, not a unit).

    >>> convert(24.4, "100 million CNY", "billion CNY")
    2.44
    """
    one, other = unit(from_), unit(to)
    if not same_dimension(from_, to):
        raise ZizhuError(
            Problem(
                f"{from_} ({_kind(one)}) cannot be turned into {to} ({_kind(other)})",
                "unit conversion",
                f"a unit of {_kind(one)}",
                f"For example: {', '.join(u for u in units() if same_dimension(u, from_))}.",
            )
        )
    if not math.isfinite(value):
        return value
    return float(Fraction(str(value)) * one.scale / other.scale)


def number(value: float) -> str:
    """A value in up to ten digits, with separators and a proper minus sign: '1,370', '−18'."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def quantity(value: float, code: str) -> str:
    """A value with its unit: '70 %', '1,370 thousand units', '15' of what is counted, 'yes', 'none'.

    Raises ZizhuError for an unknown unit.
    """
    of = unit(code)
    if of.dimension == "yes or no":
        return "yes" if value else "no"
    if of.dimension == "effect":
        return number(value) if value else "none"
    return number(value) if code in ("count", "rank") else f"{number(value)} {of.label}"


def _kind(of: Unit) -> str:
    return f"{of.dimension}, {of.currency}" if of.currency else of.dimension
