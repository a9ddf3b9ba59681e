"""Who exports to whom: exporters and partners as regions of a table.

A group may stand for one region, whose internal trade is no export (perspective group), or for its members, each of
which exports to the others (country, world). Groups are merged after the inversion, as parts of a country are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from zizhu.depend.valueadded.blocks import World
from zizhu.depend.valueadded.methods import Perspective
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import whole_countries_of
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import Problem, ZizhuError

Worlds = dict[tuple[int, ...], World]
"""Tables that were cut, by the region of every country."""
ROUNDING = 1e-6
"""Part of output that rows may lack and still balance: the rounding of published tables."""


@dataclass(frozen=True)
class Side:
    """An exporter or a partner: positions in `nodes.countries` of the countries that it stands for."""

    code: str
    countries: tuple[int, ...]


@dataclass(frozen=True)
class Cut:
    """An exporter, region `s` of `world`, and its partners with the regions of each (one unless it is all others)."""

    exporter: Side
    partners: tuple[Side, ...]
    world: World
    s: int
    regions: tuple[Index, ...]


def sides(mrio: MRIO, codes: Iterable[str], perspective: Perspective) -> list[Side]:
    """The regions that codes stand for, each once. Raises ZizhuError for unknown codes."""
    asked = [Side(code, tuple(whole_countries_of(mrio, code))) for code in dict.fromkeys(codes)]
    if perspective == "group":
        return asked
    members = dict.fromkeys(c for side in asked for c in side.countries)
    return [Side(mrio.nodes.countries[c], (c,)) for c in members]


def cuts(
    mrio: MRIO, exporters: list[Side], partners: list[Side], by_partner: bool, worlds: Worlds
) -> Iterator[Cut]:
    """The table cut for every exporter; without partners all others are one, or each when `by_partner`.

    Raises ZizhuError for an exporter without partners and for partners that overlap.
    """
    problems = [p for e in exporters for p in _faults(mrio, e, partners)]
    if problems:
        raise ZizhuError(problems)
    for exporter in exporters:
        yield _cut(mrio, exporter, partners, by_partner, worlds)


def _cut(mrio: MRIO, exporter: Side, partners: list[Side], by_partner: bool, worlds: Worlds) -> Cut:
    others = [Side(p.code, tuple(c for c in p.countries if c not in exporter.countries)) for p in partners]
    of = merged(len(mrio.nodes.countries), (s.countries for s in (exporter, *others) if s.countries))
    s = of[exporter.countries[0]]
    if partners:
        shown = [p for p in others if p.countries]
        regions = [np.array([of[p.countries[0]]]) for p in shown]
    elif by_partner:
        names = mrio.nodes.countries
        shown = [Side(name, (c,)) for c, name in enumerate(names) if c not in exporter.countries]
        regions = [np.array([of[p.countries[0]]]) for p in shown]
    else:
        rest = tuple(c for c in range(len(of)) if c not in exporter.countries)
        shown = [Side(WORLD, rest)]
        regions = [np.array(sorted({of[c] for c in rest}), dtype=np.intp)]
    if of not in worlds:
        worlds[of] = world_of(mrio, of)
    return Cut(exporter, tuple(shown), worlds[of], s, tuple(regions))


def _faults(mrio: MRIO, exporter: Side, partners: list[Side]) -> Iterator[Problem]:
    everyone, home = len(mrio.nodes.countries), set(exporter.countries)
    if len(home) == everyone:
        remedy = "Ask from the perspective of countries, or of a smaller group."
        yield Problem("nobody is left to export to", exporter.code, "an exporter with partners", remedy)
    if partners and all(home >= set(p.countries) for p in partners):
        yield Problem(
            "no partner is left", exporter.code, "a partner outside the exporter", "Choose another partner."
        )
    for i, one in enumerate(partners):
        for other in partners[:i]:
            if set(one.countries) & set(other.countries):
                yield Problem(
                    f"{other.code} and {one.code} overlap",
                    "partners",
                    "partners without a common member",
                    "Ask for them one by one.",
                )


def merged(count: int, groups: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """The region of each of `count` countries, numbered without gaps, when the members of a group are one.

    >>> merged(5, [(1, 3)])
    (0, 1, 2, 1, 3)
    """
    lead = np.arange(count)
    for members in groups:
        lead[list(members)] = min(members)
    return tuple(int(r) for r in np.unique(lead, return_inverse=True)[1])


def world_of(mrio: MRIO, of: tuple[int, ...]) -> World:
    """The table with these regions of its countries, its rows closed by final sales where it knows destinations."""
    regions = np.array(of, dtype=np.intp)
    Y = np.zeros((mrio.n, int(regions.max()) + 1))
    if mrio.final is not None:
        np.add.at(Y.T, regions, closed(mrio, mrio.final).T)
    return World(mrio.Z, mrio.x, mrio.v, Y, regions[mrio.nodes.country_index], mrio.lu)


def closed(mrio: MRIO, final: Matrix) -> Matrix:
    """Final sales by destination (n, C) with which every row adds up to output: x = A x + F1.

    Sales to industries without output count as final sales there, and what rows lack to output as those at home.
    """
    home, made = mrio.nodes.country_index, np.array(final, dtype=float)
    made[np.arange(mrio.n), home] += shortfall(mrio, final)
    idle = np.flatnonzero(mrio.x == 0)
    np.add.at(made.T, home[idle], np.asarray(mrio.Z[:, idle], dtype=float).T)
    return made


def shortfall(mrio: MRIO, final: Matrix) -> Vector:
    """x - Z1 - F1 (n,): what the rows of the table lack to output."""
    return np.asarray(mrio.x - mrio.Z.sum(axis=1, dtype=float) - final.sum(axis=1))


def unbalanced(mrio: MRIO, final: Matrix, so_that: str) -> tuple[str, ...]:
    """A note on rows that differ from output by more than rounding, and what becomes of the difference."""
    lost = float(np.abs(shortfall(mrio, final)).sum() / mrio.x.sum())
    if lost <= ROUNDING:
        return ()
    return (
        f"Rows of the table differ from output, by {lost:.2g} of it in all: the difference counts as final sales at "
        f"home, so that {so_that}.",
    )
