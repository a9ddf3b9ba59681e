"""The sectors of industrial plans, and where they lie in the industries of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import ZizhuError, unknown
from zizhu.vocab.sectors import sector

PROXY, STATISTIC = "proxy", "statistic"


@dataclass(frozen=True)
class PlanSector:
    """A sector that a plan names.

    `resolution` = sum_k w_k s_k, where s_k is the share of industry k that belongs to the sector and w_k is
    proportional to s_k times the industry's Chinese output of 2022: how much of what is shown is meant.
    `band` is resolved (at least .5), coarse or proxy (below .2).
    """

    plan: str
    number: int
    name: str
    slug: str
    resolution: float
    band: str
    industries: int
    source: str
    note: str
    label: str


@dataclass(frozen=True)
class CrosswalkRow:
    """The part of one industry that belongs to a plan sector: `share` in (0, 1], resting on `basis`."""

    plan: str
    number: int
    icio_code: str
    share: float
    year: str
    basis: str
    confidence: str
    note: str
    label: str


@cache
def all_plan_sectors() -> tuple[PlanSector, ...]:
    """The sectors of every plan."""
    return tuple(
        PlanSector(
            r["plan"],
            int(r["plan_sector_no"]),
            r["plan_sector"],
            r["slug"],
            float(r["resolution"]),
            r["band"],
            int(r["icio_sectors"]),
            r["source"],
            r["note"],
            r["label"],
        )
        for r in rows("vocab/plan_sectors.csv")
    )


def plan_sectors(plan: str) -> tuple[PlanSector, ...]:
    """The sectors of one plan in its order; raises ZizhuError with the nearest plans."""
    found = tuple(p for p in all_plan_sectors() if p.plan.casefold() == plan.strip().casefold())
    if not found:
        raise ZizhuError(unknown("plan", plan, sorted({p.plan for p in all_plan_sectors()}), "plan"))
    return found


def plan_sector(plan: str, slug: str) -> PlanSector:
    """The sector of a plan by its slug or number; raises ZizhuError with the nearest slugs."""
    by_name = {key: p for p in plan_sectors(plan) for key in (p.slug, str(p.number))}
    if slug not in by_name:
        raise ZizhuError(
            unknown(f"sector of {plan}", slug, [p.slug for p in plan_sectors(plan)], "plan sector")
        )
    return by_name[slug]


@cache
def _crosswalk() -> Mapping[tuple[str, int], tuple[CrosswalkRow, ...]]:
    found: dict[tuple[str, int], tuple[CrosswalkRow, ...]] = {}
    for r in rows("vocab/crosswalk_icio.csv"):
        row = CrosswalkRow(
            r["plan"],
            int(r["plan_sector_no"]),
            r["icio_code"],
            float(r["share_of_icio_sector"]),
            r["year_basis"],
            r["basis"],
            r["confidence"],
            r["note"],
            r["label"],
        )
        found[row.plan, row.number] = (*found.get((row.plan, row.number), ()), row)
    return found


def crosswalk(plan: str, number: int) -> tuple[CrosswalkRow, ...]:
    """The industries in which a plan sector lies, with the share of each, in the order of the pack.

    Raises ZizhuError for an unknown plan or number.
    """
    found = plan_sector(plan, str(number))
    return _crosswalk()[found.plan, found.number]


def resolution_sentence(of: PlanSector) -> str:
    """What a figure for this plan sector really shows: `Shows all of C28 (machinery); 3 % of its ...`."""
    within = [row.icio_code for row in crosswalk(of.plan, of.number)]
    share = "less than 1 %" if of.resolution < 0.01 else f"{100 * of.resolution:.0f} %"
    part = (
        f"{share} of its output belongs to {_lower(of.label)}"
        if len(within) == 1
        else f"the output of {_lower(of.label)} lies in industries of which on average {share} belongs to it"
    )
    sentence = f"Shows all of {_named(within)}; {part}."
    return f"{sentence} Read it as a figure for the industry." if of.band == PROXY else sentence


def part_sentence(icio_sector: str, covers: str) -> str:
    """What a figure for an industry shows of a thing inside it; `covers` says how large that part is.

    >>> part_sentence("C26", "chips are at most .39 of C26")
    'Shows all of C26 (electronics and optics); chips are at most .39 of C26.'
    """
    return f"Shows all of {_named([icio_sector])}; {covers}."


def industry_sentence(code: str) -> str:
    """What an industry holds: its name, the things in it that plans name, and how much of it statistics say they are.

    Raises ZizhuError for an unknown industry.
    """
    of = sector(code)
    things = "; ".join(things_in(of.code))
    known = dict.fromkeys(row.note for row in _within(of.code) if row.basis == STATISTIC and row.note)
    said = [f"{of.code}: {of.name} (ISIC Rev. 4: {of.isic})."]
    said += [f"Plans name parts of it, which the table does not tell apart: {things}."] if things else []
    return " ".join((*said, *(f"{note}." for note in known)))


def things_in(code: str) -> tuple[str, ...]:
    """The things inside an industry that plans name and no table tells apart: chips, solar cells."""
    return tuple(dict.fromkeys(row.label for row in _within(code) if row.label))


def _within(code: str) -> list[CrosswalkRow]:
    return [row for found in _crosswalk().values() for row in found if row.icio_code == code]


def _named(codes: Sequence[str]) -> str:
    named = [f"{c} ({_lower(sector(c).label)})" for c in codes]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[0].lower() + label[1:]
