"""The 50 industries of the ICIO table, in table order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import ZizhuError, unknown

TOTAL, MANUFACTURING = "TOTAL", "MANUF"


@dataclass(frozen=True)
class Sector:
    """An industry: its ISIC Rev. 4 divisions, its section, and a label of at most 28 characters."""

    code: str
    name: str
    name_zh: str
    isic: str
    section: str
    kind: str
    manufacturing: bool
    label: str


@cache
def sectors() -> Mapping[str, Sector]:
    """All industries by code, in table order."""
    return {
        r["code"]: Sector(
            r["code"],
            r["name"],
            r["name_zh"],
            r["isic"],
            r["section"],
            r["kind"],
            r["manufacturing"] == "true",
            r["label"],
        )
        for r in rows("vocab/sectors.csv")
    }


def sector(code: str, where: str = "") -> Sector:
    """The industry of that code (any case); raises ZizhuError with the nearest codes."""
    key = code.strip().upper()
    if key not in sectors():
        raise ZizhuError(unknown("sector", code, list(sectors()), where or "sector"))
    return sectors()[key]


def manufacturing() -> tuple[Sector, ...]:
    """The 19 manufacturing industries, in table order."""
    return tuple(s for s in sectors().values() if s.manufacturing)


def aggregates() -> tuple[str, ...]:
    """Codes that stand for several industries: MANUF, TOTAL and the section letters."""
    return (MANUFACTURING, TOTAL, *dict.fromkeys(s.section for s in sectors().values()))


def sections_in(code: str) -> tuple[str, ...]:
    """The ISIC sections that MANUF, TOTAL or a section letter stands for."""
    return tuple(dict.fromkeys(sectors()[s].section for s in expand_sector(code)))


def expand_sector(code: str) -> tuple[str, ...]:
    """The codes behind a code, `MANUF`, `TOTAL` or a section letter, in table order.

    A plan sector is not expanded here: it needs shares (`zizhu.vocab.plans.crosswalk`).
    Raises ZizhuError with the nearest codes.
    """
    key = code.strip().upper()
    if key == TOTAL:
        return tuple(sectors())
    if key == MANUFACTURING:
        return tuple(s.code for s in manufacturing())
    in_section = tuple(s.code for s in sectors().values() if s.section == key)
    if in_section:
        return in_section
    if key in sectors():
        return (key,)
    raise ZizhuError(unknown("sector", code, [*sectors(), MANUFACTURING, TOTAL], "sector"))
