"""What a scenario does over years: its shocks, as if they stayed, on the sales between whole countries.

A model of trade knows who sells what to which country, not to which of its industries. Products, and what one industry
buys, are a part of such a sale: the part that has terms of its own, beside the rest, which keeps the terms that it had.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from zizhu.stress.once import once
from zizhu.stress.scenario.controlled import Controlled, controlled
from zizhu.stress.scenario.effects import Productivity, Terms
from zizhu.stress.scenario.ground import Ground, OwnInput
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import (
    YEARS,
    Embargo,
    ExportBan,
    ExportTax,
    Iceberg,
    Licence,
    Quota,
    Shock,
    Tariff,
    Technology,
    Traded,
)
from zizhu.stress.scenario.sides import each_way, selected, sides
from zizhu.tables.content import country_indicator
from zizhu.tables.final_demand import built_in_odds, with_estimated_final
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection
from zizhu.tables.split import sales_by_country
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

Made = list[tuple[Terms | Productivity, Controlled]]
ROUNDING = 1e-9
"""A part of a sale that is short of all of it by no more is all of it."""


def knowing_final(ground: Ground) -> Ground:
    """The ground on a table that knows to whom final sales go, by an estimate where it has none.

    Raises CannotAnswer for a table of one country, and for one whose industries have no odds to estimate it by.
    """
    if len(ground.mrio.nodes.countries) < 2:
        what = f"{ground.mrio.title} is of one country"
        remedy = "Name another `table`, or leave years out of the horizons."
        raise CannotAnswer(Problem(what, "horizons: years", "countries that trade", remedy))
    if ground.mrio.final is not None:
        return ground
    return replace(ground, mrio=_estimated(ground.mrio, tuple(parents(ground).items())))


def parents(ground: Ground) -> dict[str, str]:
    """The industry that every sector of the table is part of: its own, but for products that were divided off."""
    own = {code: industry for one in ground.inputs for code, industry in one.sectors.items()}
    return {s: own.get(s, s) for s in ground.sectors}


@once
def _estimated(mrio: MRIO, parents: tuple[tuple[str, str], ...]) -> MRIO:
    odds = built_in_odds()
    try:
        return with_estimated_final(mrio, {s: odds[p] for s, p in parents if p in odds})
    except ZizhuError as error:
        what = f"{mrio.title} does not know to whom final sales go"
        wanted = "a table with final demand by destination, or with the industries that it is estimated for"
        remedy = "Add one: `zizhu data add oecd-icio`, or leave years out of the horizons."
        raise CannotAnswer(Problem(what, "horizons: years", wanted, remedy)) from error


def lasting(shock: Shock, ground: Ground) -> Made:
    """What one shock does over years on a ground that knows final sales, and how much of it the table sees."""
    if isinstance(shock, Technology):
        return [_productivity(shock, ground.mrio)]
    if isinstance(shock, Traded):
        return list(each_way(shock, lambda one: _terms(one, ground, shock.label)))
    return []


def notes(scenario: Scenario) -> Iterator[str]:
    """What is done over years with shocks that end, and with parts of sales."""
    acting = [s for s in scenario.shocks if YEARS in s.acts]
    ending = [s.label for s in acting if s.duration is not None]
    if ending:
        yield f"Over years these count as if they stayed, though they end: {', '.join(ending)}."
    parts = [s.label for s in acting if isinstance(s, Traded) and _goods(s) and not s.needed_by]
    if parts:
        yield (
            f"Over years, {', '.join(parts)} is a part of what the sender's industry sells to a country, by value: it "
            "has a price of its own, and the rest of what is sold replaces it as easily as other suppliers do."
        )
    own = [s.label for s in acting if isinstance(s, Traded) and s.needed_by]
    if own:
        yield (
            f"Over years, {', '.join(own)} is an input of its own with the elasticity of the industry that it was part "
            "of: others who sell it serve instead."
        )


def _terms(one: Traded, ground: Ground, label: str) -> tuple[Terms, Controlled]:
    own, mrio = ground.own_input(one), ground.mrio
    sender, receiver = sides(one, own, mrio)
    seen = controlled(one, sender, receiver, mrio, ground.trade, own)
    if one.products:
        seen = replace(seen, notes=())
    hit = _hit(sender, receiver, seen, mrio)
    exporters, sectors, importers, part = _cells(sender, hit, mrio)
    goods = _goods(one, own) or ((one.where,) if (part < 1).any() else ())  # a part of a country trades
    return Terms(label, importers, exporters, sectors, part, goods, **_said(one)), seen


def _said(one: Traded) -> dict[str, Any]:
    """What a shock says of the terms."""
    if isinstance(one, Tariff):
        return {"tariff": one.rate}
    if isinstance(one, ExportTax):
        return {"export_tax": one.rate}
    if isinstance(one, Iceberg):
        return {"cost": 1.0 + one.change}
    stopped = _stopped(one)
    return {"closed": True} if stopped == 1 else {"cut": stopped}


def _stopped(one: Traded) -> float:
    if isinstance(one, Quota):
        return 1.0 - one.limit
    if isinstance(one, Licence):
        return 1.0 - one.granted
    return one.share if isinstance(one, ExportBan | Embargo) else 0.0


def _goods(one: Traded, own: OwnInput | None = None) -> tuple[str, ...]:
    """What part of the sales a shock is about, in words; none for all of them."""
    if own is not None:
        return ()
    _, _, seller = one.sender.partition(":")
    _, _, buyer = one.receiver.partition(":")
    made = (f"made by {seller}",) if "." in seller else ()
    return (*sorted(one.products), *made, *((f"bought by {buyer}",) if buyer else ()))


def _hit(sender: Selection, receiver: Selection, seen: Controlled, mrio: MRIO) -> Matrix:
    """What of the sales (k, C) of the sender's nodes a shock is about."""
    flows = np.asarray(mrio.Z[np.ix_(sender.index, receiver.index)], dtype=float)
    buyers = country_indicator(mrio.nodes.country_index, len(mrio.nodes.countries))[receiver.index]
    found = (flows * seen.share * receiver.part) @ buyers
    if mrio.final is not None and seen.final is not None:
        found += np.maximum(mrio.final[sender.index], 0.0) * seen.final
    return np.asarray(found)


def _cells(sender: Selection, hit: Matrix, mrio: MRIO) -> tuple[Index, Index, Index, Vector]:
    """Exporters, sectors and importers of the sales that are hit, and the part (q,) of each that is."""
    rows = whole_cells(mrio)[sender.index]
    within = np.unique(rows)
    nodes = np.flatnonzero(np.isin(whole_cells(mrio), within))
    whole = np.zeros((len(within), hit.shape[1]))
    np.add.at(whole, np.searchsorted(within, whole_cells(mrio)[nodes]), sum(sales_by_country(mrio, nodes)))
    found = np.zeros_like(whole)
    np.add.at(found, np.searchsorted(within, rows), hit)
    exporters, sectors = np.divmod(within, len(mrio.nodes.sectors))
    found[np.arange(len(within)), exporters] = 0.0
    at, importers = np.nonzero(found > 0)
    part = found[at, importers] / whole[at, importers]
    part = np.where(part > 1.0 - ROUNDING, 1.0, part)
    return exporters[at], sectors[at], importers, part


def whole_cells(mrio: MRIO) -> Index:
    """The position (n,) of every node's whole country and sector, countries outermost."""
    order = {s: j for j, s in enumerate(mrio.nodes.sectors)}
    sector = np.array([order[s] for s in mrio.nodes.sector], dtype=np.intp)
    return np.asarray(mrio.nodes.country_index * len(order) + sector)


def _productivity(shock: Technology, mrio: MRIO) -> tuple[Productivity, Controlled]:
    at = selected(mrio, shock.at)
    at.weights(mrio.x)
    cells, size = whole_cells(mrio), len(mrio.nodes.countries) * len(mrio.nodes.sectors)
    output = np.bincount(cells, mrio.x, size)
    touched = np.bincount(cells[at.index], mrio.x[at.index] * at.part, size)
    where = np.flatnonzero(touched > 0)
    change = shock.change * touched[where] / output[where]
    countries, sectors = np.divmod(where, len(mrio.nodes.sectors))
    said = f"All output of {shock.at} that the table has, whatever it makes."
    seen = Controlled.whole(f"the output of {shock.at}", said, at.note)
    return Productivity(shock.label, countries, sectors, change), seen
