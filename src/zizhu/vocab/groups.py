"""Groups of countries with their members of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from zizhu.vocab.countries import by_name, countries, folded, names
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

WORLD, WORLD_NAMES = "WLD", ("world", "世界")


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


@cache
def _by_name() -> Mapping[str, str]:
    """Codes of groups and of the world by folded code, English and Chinese name."""
    named = {folded(n): g.code for g in groups().values() for n in (g.name, g.name_zh, g.code)}
    return {folded(n): WORLD for n in (WORLD, *WORLD_NAMES)} | named


@cache
def _names() -> tuple[str, ...]:
    return (*WORLD_NAMES, *(n for g in groups().values() for n in (g.name, g.name_zh)))


def code_of(text: str, where: str = "country or group") -> str:
    """The code of a country, a group or the world, given by code (any case) or English or Chinese name.

    Raises ZizhuError with the nearest codes and names of both kinds.
    """
    key = _coded(text)
    if key is None:
        valid = [*countries(), *groups(), WORLD]
        raise ZizhuError(unknown("country or group", text, valid, where, (*names(), *_names())))
    return key


def coded(text: str) -> str:
    """`code_of` of what the vocabulary knows; other text as it is, for a table may have economies of its own.

    >>> coded("中国"), coded("Euro area"), coded("ROW")
    ('CHN', 'EA', 'ROW')
    """
    return _coded(text) or text.strip()


def coded_part(text: str) -> str:
    """`COUNTRY[:SECTOR]` with the country as by `coded`.

    >>> coded_part("中国：C26"), coded_part("germany")
    ('CHN:C26', 'DEU')
    """
    who, colon, sector = text.replace("：", ":").partition(":")
    return f"{coded(who)}{colon}{sector.strip()}"


def _coded(text: str) -> str | None:
    key = folded(text)
    return _by_name().get(key) or by_name().get(key)


def members(code: str, year: int) -> tuple[str, ...]:
    """ISO codes, sorted, of the group's members on 31 December of `year`; of a composition in any year.

    Raises ZizhuError for an unknown group and CannotAnswer for a year without members.
    """
    key = _by_name().get(folded(code), "")
    if key not in groups():
        raise ZizhuError(unknown("group", code, list(groups()), "group", _names()))
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

    Raises ZizhuError with the nearest codes and names of both kinds.
    """
    key = code_of(code)
    if key == WORLD:
        return tuple(c for c in countries())
    return members(key, year) if key in groups() else (key,)


def baci_codes(code: str, year: int) -> tuple[int, ...]:
    """All BACI codes of a country or group, former codes included (EU27: 29 codes), sorted.

    Raises ZizhuError as `expand` does.
    """
    return tuple(sorted(c for iso3 in expand(code, year) for c in countries()[iso3].baci))
