"""From a product to what else the register and the tables know of it: its industry, targets, dated events.

A target names a product when the words of its material stand in the target's item or indicator; otherwise it may be one
of a plan sector that the product's industry belongs to, which says less. An event touches an importer when it restricts
what the importer buys: China's duty on oil of the United States touches China's imports, and not those of others.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from zizhu.ledger import controls, register
from zizhu.ledger.models import Event, Ref, Target
from zizhu.vocab import groups, names, plans
from zizhu.vocab.product_sectors import MadeBy, made_by
from zizhu.vocab.products import products

NAMES_IT, ITS_SECTOR = "names it", "names its plan sector"


class Link(NamedTuple):
    """A fact about a product: its reference, what it says, and how it is linked.

    `buyers` are the countries, or WLD, whose purchases an event restricts; none for a target.
    """

    ref: Ref
    says: str
    how: str
    buyers: tuple[str, ...] = ()

    def touches(self, importer: str, year: int) -> bool:
        """Whether an event restricts what a country, or a group as it was in a year, buys."""
        return bool({groups.WORLD, *groups.expand(importer, year)} & set(self.buyers))


class Links(NamedTuple):
    """What is known of a product. `industry` is None for codes that no industry makes."""

    industry: MadeBy | None
    targets: tuple[Link, ...]
    events: tuple[Link, ...]


def links(hs6: str) -> Links:
    """The industry, targets and events of a product; targets that name it come first."""
    industry = made_by(hs6)
    named = [(t, NAMES_IT) for t in _active() if _names(t, hs6)]
    beside = [(t, ITS_SECTOR) for t in _active() if industry and _of_sector(t, industry.sector)]
    seen: dict[str, tuple[Target, str]] = {}
    for target, how in (*named, *beside):
        seen.setdefault(target.id, (target, how))
    targets = tuple(Link(f"fact:{t.id}", _told(t), how) for t, how in seen.values())
    return Links(industry, targets, _events(hs6))


def _active() -> list[Target]:
    return [t for t in register.targets().values() if t.status == "active"]


def _names(target: Target, hs6: str) -> bool:
    """Whether all words of the product's material stand in the target, in singular or plural."""
    known = products().get(hs6)
    if known is None or not known.material:
        return False
    text = f"{target.item} {target.indicator}".casefold()
    words = known.material.casefold().split()
    return all(re.search(rf"\b{re.escape(w.removesuffix('s'))}(?:s|es)?\b", text) for w in words)


def _of_sector(target: Target, sector: str) -> bool:
    return any(
        p.plan == target.plan
        and target.sector.casefold() in {t.casefold() for t in (p.slug, p.name, p.label)}
        for p in _plan_sectors_of(sector)
    )


@cache
def _plan_sectors_of(sector: str) -> tuple[plans.PlanSector, ...]:
    """The plan sectors that an industry belongs to."""
    return tuple(
        p
        for p in plans.all_plan_sectors()
        if any(row.icio_code == sector for row in plans.crosswalk(p.plan, p.number))
    )


def _told(target: Target) -> str:
    """Whose target it is, by which plan, and what it says."""
    value = "" if target.comparator is None else f" {target.comparator} {target.value:g}"
    until = f" by {target.deadline}" if target.deadline else ""
    whose = f"{target.id}, {names.told(target.country)}, {target.plan}"
    return f"{whose}: {target.item}, {target.indicator}{value} {target.unit}{until}"


def _events(hs6: str) -> tuple[Link, ...]:
    touching = [e for e in register.event_products() if e.hs6 == hs6]
    known = register.events()
    return tuple(
        _event(known[e.event], hs6, e.covers) for e in sorted(touching, key=lambda e: known[e.event].date)
    )


def _event(event: Event, hs6: str, covers: str) -> Link:
    """An event with who acts, and whose sales to whom it restricts."""
    sides = [(m.sender, m.receiver) for m in controls.measures() if m.event == event.id and hs6 in m.codes]
    told = " and ".join(f"{names.told(seller)} to {names.told(buyer)}" for seller, buyer in sides)
    restricted = f" (sales of {told})" if sides else ""
    says = f"{event.date}, {names.told(event.actor)}: {event.event}{restricted}"
    buyers = {code for _, buyer in sides for code in _members(buyer, int(event.date[:4]))}
    return Link(f"fact:{event.id}", says, covers, tuple(sorted(buyers)))


def _members(buyer: str, year: int) -> tuple[str, ...]:
    return (buyer,) if buyer == groups.WORLD else groups.expand(buyer, year)
