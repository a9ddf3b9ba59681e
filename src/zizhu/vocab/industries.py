"""The industries of input-output tables other than the built-in one, by classification, with their ISIC section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from zizhu.vocab.packfiles import rows
from zizhu.vocab.sectors import sectors

ICIO_2025 = "icio-2025"
"""The classification of the built-in table, kept in `zizhu.vocab.sectors`."""


@dataclass(frozen=True)
class Industry:
    """An industry: `section` is of ISIC Rev. 4; `note` says what of other sections it has."""

    code: str
    name: str
    name_zh: str
    section: str
    note: str


@cache
def classifications() -> Mapping[str, Mapping[str, Industry]]:
    """The industries of every classification by code, in the order of its tables."""
    found: dict[str, dict[str, Industry]] = {
        ICIO_2025: {s.code: Industry(s.code, s.name, s.name_zh, s.section, "") for s in sectors().values()}
    }
    for r in rows("vocab/industries.csv"):
        one = Industry(r["code"], r["name"], r["name_zh"], r["section"], r["note"])
        found.setdefault(r["classification"], {})[one.code] = one
    return found


def recognised(codes: Iterable[str]) -> str:
    """The classification whose industries are exactly these codes, empty where none is.

    Of several with the same codes it is the first.
    """
    wanted = frozenset(codes)
    return next((name for name, known in classifications().items() if wanted == set(known)), "")


def sections(classification: str) -> Mapping[str, str]:
    """The section of every industry by code; empty for a classification that is not known."""
    return {code: one.section for code, one in classifications().get(classification, {}).items()}
