"""Groups of countries with their members of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from zizhu.vocab.countries import countries, country
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

WORLD = "WLD"


@dataclass(frozen=True)
class Member:
    """One country's membership, from `start` to `end` (None: still a member)."""

    iso3: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Group:
    """A group of countries: a composition (EU27), the same in every year, or a dated membership (EU)."""

    code: str
    name: str
    name_zh: str
    composition: bool
    members: tuple[Member, ...]
    source: str


@cache
def groups() -> Mapping[str, Group]:
    """All groups by code."""
    by_code: dict[str, list[dict[str, str]]] = {}
    for row in rows("vocab/groups.csv"):
        by_code.setdefault(row["group"], []).append(row)
    return {code: _group(code, listed) for code, listed in by_code.items()}


def _group(code: str, listed: list[dict[str, str]]) -> Group:
    first = listed[0]
    members = tuple(Member(r["member"], date.fromisoformat(r["start"]), _end(r["end"])) for r in listed)
    return Group(
        code, first["name"], first["name_zh"], first["kind"] == "composition", members, first["source"]
    )


def _end(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def members(code: str, year: int) -> tuple[str, ...]:
    """ISO codes, sorted, of the group's members on 31 December of `year`; of a composition in any year.

    Raises ZizhuError for an unknown group and CannotAnswer for a year without members.
    """
    key = code.strip().upper()
    if key not in groups():
        raise ZizhuError(unknown("group", code, list(groups()), "group"))
    group, last = groups()[key], date(year, 12, 31)
    inside = {
        m.iso3
        for m in group.members
        if group.composition or (m.start <= last and (m.end is None or m.end >= last))
    }
    if not inside:
        first = min(m.start for m in group.members).year
        raise CannotAnswer(
            Problem(f"{key} had no members in {year}", "group", f"{first} or later", "Choose a later year.")
        )
    return tuple(sorted(inside))


def expand(code: str, year: int) -> tuple[str, ...]:
    """ISO codes of a country (itself), a group (its members of `year`) or the world (`WLD`: every economy).

    Raises ZizhuError with the nearest codes of both kinds.
    """
    key = code.strip().upper()
    if key == WORLD:
        return tuple(c for c in countries())
    if key in groups():
        return members(key, year)
    try:
        return (country(code).iso3,)
    except ZizhuError:
        valid = [*countries(), *groups(), WORLD]
        raise ZizhuError(unknown("country or group", code, valid, "country or group")) from None


def baci_codes(code: str, year: int) -> tuple[int, ...]:
    """All BACI codes of a country or group, former codes included (EU27: 29 codes), sorted.

    Raises ZizhuError as `expand` does.
    """
    return tuple(sorted(c for iso3 in expand(code, year) for c in countries()[iso3].baci))
