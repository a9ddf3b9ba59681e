"""Parts of a table by name: `USA:C26`, `EU27:MANUF`, `CHN` (all sectors), `CHN:MIC2025.new_materials`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab import groups, plans, sectors
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

LISTED = 12
"""Members of a group that a note names."""


@dataclass(frozen=True)
class Selection:
    """Nodes of a table and the part of each that is meant (1 except for plan sectors).

    `note` says what a figure for this selection really shows when the table cannot separate it.
    """

    code: str
    index: Index
    part: Vector
    note: str = ""

    def weights(self, x: Vector) -> Vector:
        """Share of each node in the selection's output, summing to one; raises CannotAnswer without output."""
        size = self.part * x[self.index]
        total = size.sum()
        if total <= 0:
            raise CannotAnswer(
                Problem(
                    "no output in the table", self.code, "an industry with output", "Choose another industry."
                )
            )
        return np.asarray(size / total)

    def spread(self, x: Vector) -> Vector:
        """The weights as a vector over all nodes (n,), zero outside the selection."""
        w = np.zeros(len(x))
        w[self.index] = self.weights(x)
        return w

    def mean(self, per_unit: Matrix, x: Vector) -> Vector:
        """Output-weighted mean of per-unit columns: (C, n) -> (C,)."""
        return np.asarray(per_unit[:, self.index] @ self.weights(x))


def select(mrio: MRIO, code: str) -> Selection:
    """The selection written `COUNTRY[:SECTOR]`.

    COUNTRY is an ISO alpha-3 code or a group; SECTOR a sector of the table, MANUF, TOTAL (default) or
    PLAN.slug of a plan sector. Raises ZizhuError with the nearest codes for anything else.
    """
    country, colon, sector = code.partition(":")
    if country and colon and not sector:
        raise ZizhuError(
            Problem("no sector follows the colon", code, "COUNTRY or COUNTRY:SECTOR", "Name one, or drop it.")
        )
    inside = countries_of(mrio, country)
    sector = sector or sectors.TOTAL
    wanted, part, note = _sectors_of(mrio, sector, code)
    index = mrio.nodes.of(inside, wanted)
    shares = np.array([part.get(mrio.nodes.sector[i], 1.0) for i in index])
    return Selection(f"{country}:{sector}", index, shares, note)


def countries_of(mrio: MRIO, code: str) -> tuple[str, ...]:
    """The table's countries in a country or group code of the table's year.

    Raises ZizhuError for an unknown code and CannotAnswer when the table holds none of its members.
    """
    if code in mrio.nodes.codes:
        return (code,)
    members = groups.expand(code, max(mrio.flags.years))
    inside = tuple(c for c in mrio.nodes.countries if c in set(members))
    if not inside:
        raise CannotAnswer(
            Problem(
                f"{code} is not in {mrio.title}",
                code,
                f"one of its {len(mrio.nodes.countries)} economies (`zizhu data show {mrio.name}`)",
                "Ask `zizhu depend suppliers` for its trade in goods; this table cannot see it.",
            )
        )
    return inside


def absent(mrio: MRIO, codes: Iterable[str]) -> tuple[str, ...]:
    """A note for each group among these codes (`COUNTRY[:SECTOR]`) of which the table lacks members."""
    notes = []
    for code in dict.fromkeys(c.partition(":")[0] for c in codes):
        if code in mrio.nodes.codes:
            continue
        members, inside = groups.expand(code, max(mrio.flags.years)), countries_of(mrio, code)
        lost = [m for m in members if m not in inside]
        if lost and code != groups.WORLD:
            shown = ", ".join(lost[:LISTED]) + (
                f" and {len(lost) - LISTED} more" if len(lost) > LISTED else ""
            )
            notes.append(f"Of {code} the table has {len(inside)} of {len(members)} members; not {shown}.")
    return tuple(notes)


def whole_countries_of(mrio: MRIO, code: str) -> list[int]:
    """The positions in `nodes.countries` of a country or group, as `countries_of` finds them.

    Raises CannotAnswer for a part of a country: sources are merged by whole countries.
    """
    found = countries_of(mrio, code)
    if code in mrio.nodes.codes and code not in mrio.nodes.countries:
        whole = mrio.nodes.whole[mrio.nodes.country.index(code)]
        raise CannotAnswer(
            Problem(f"{code} is a part of {whole}", code, "a whole country", f"Ask for {whole}.")
        )
    return [mrio.nodes.countries.index(c) for c in found]


def _sectors_of(mrio: MRIO, sector: str, where: str) -> tuple[list[str], dict[str, float], str]:
    """Sectors of the table, the part of each that is meant where it is not all of it, and what that leaves open."""
    here = mrio.nodes.sectors
    known = {f"{p.plan}.{p.slug}": p for p in plans.all_plan_sectors()}
    if sector == sectors.TOTAL or sector in here:
        return list(here) if sector == sectors.TOTAL else [sector], {}, ""
    if sector in known:
        found = known[sector]
        part = {
            r.icio_code: r.share for r in plans.crosswalk(found.plan, found.number) if r.icio_code in here
        }
        return list(part), part, plans.resolution_sentence(found)
    if sector in sectors.aggregates():
        inside = set(sectors.expand_sector(sector)) | set(mrio.nodes.sections_of(sectors.sections_in(sector)))
        return [s for s in here if s in inside], {}, ""
    problem = unknown("sector", sector, [*here, *sectors.aggregates(), *known], where)
    listing = f"`zizhu data show {mrio.name}` lists those of the table by name."
    raise ZizhuError(replace(problem, remedy=f"{problem.remedy} {listing}"))
