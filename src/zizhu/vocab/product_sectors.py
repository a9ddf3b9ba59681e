"""The industry that makes a product: from the Harmonised System to the industries of the built-in table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zizhu.vocab.packfiles import rows


@dataclass(frozen=True)
class MadeBy:
    """The industry that makes what a chapter or heading of the HS holds, and what that rests on."""

    prefix: str
    sector: str
    basis: str


@cache
def _prefixes() -> Mapping[str, MadeBy]:
    listed = rows("vocab/product_sectors.csv")
    return {r["prefix"]: MadeBy(r["prefix"], r["sector"], r["basis"]) for r in listed}


def made_by(hs6: str) -> MadeBy | None:
    """The industry of a product by the longest beginning of its code that is listed; None for chapters without one.

    >>> made_by("284690").sector, made_by("854231").sector
    ('C20', 'C26')
    """
    found = (_prefixes().get(hs6[:digits]) for digits in (6, 4, 2))
    return next((m for m in found if m is not None), None)
