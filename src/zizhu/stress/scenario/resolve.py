"""A scenario on a table: its codes become rows and columns, its products shares of an industry's sales.

All that does not fit is said at once, before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from zizhu.ledger.models import Coverage
from zizhu.stress.passing import Part
from zizhu.stress.scenario import codes, contradictions
from zizhu.stress.scenario.controlled import Controlled, controlled
from zizhu.stress.scenario.effects import (
    Course,
    DemandChange,
    Effects,
    Loss,
    Productivity,
    Restriction,
    Terms,
)
from zizhu.stress.scenario.ground import Faults, Ground, Undivided, at_shock, grounded
from zizhu.stress.scenario.lasting import knowing_final, lasting, notes
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import (
    YEARS,
    Capacity,
    Demand,
    Destruction,
    Embargo,
    ExportBan,
    Licence,
    Quota,
    Shock,
    Traded,
)
from zizhu.stress.scenario.sides import each_way, members, selected, sides
from zizhu.tables.leontief import Vector
from zizhu.tables.selection import absent
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

Change = Restriction | Loss | DemandChange | Terms | Productivity
Made = tuple[Shock, list[Change], list[Controlled]]
Lists = tuple[tuple[str, ...], ...]


def resolve(scenario: Scenario, ground: Ground) -> Effects:
    """The effects of a scenario on the tables, at the horizons that it asks for.

    Raises ZizhuError with every code that the tables do not have and every contradiction among the shocks, and
    CannotAnswer where all of its faults are that the tables lack what it needs.
    """
    faults, undivided = Faults(), Faults()
    made: list[Made] = []
    over_years = _knowing_final(ground, faults) if YEARS in scenario.horizons else None
    for i, shock in enumerate(scenario.shocks, start=1):
        where = at_shock(scenario, i, shock)
        wrong = codes.unfit(shock, ground)
        for error in wrong:
            faults.add(error, where)
        try:
            if not wrong:
                made.append((shock, *_all_effects(shock, scenario, ground, over_years)))
        except Undivided as error:
            undivided.add(error, where)
        except ZizhuError as error:
            faults.add(error, where)
    for problem in codes.settings(scenario, ground):
        faults.add(ZizhuError(problem))
    for problem in contradictions.found(scenario, [(s, e) for s, e, _ in made]):
        faults.add(ZizhuError(problem))
    faults.require_none()
    undivided.require_none()
    return _gathered(scenario, ground, made)


def contradicting(scenario: Scenario, ground: Ground) -> list[Problem]:
    """The shocks that cannot both be meant, among those of a faulty scenario that can be read and fit the tables."""
    whole = [s for s in scenario.shocks if all(hasattr(s, name) for name in type(s).model_fields)]
    said = scenario.model_copy(update={"shocks": tuple(whole)})
    over_years = _knowing_final(ground, Faults()) if YEARS in said.horizons else None
    made: list[contradictions.Made] = []
    for shock in whole:
        with suppress(ZizhuError):  # told beside this
            if not codes.unfit(shock, ground):
                made.append((shock, _all_effects(shock, said, ground, over_years)[0]))
    return list(contradictions.found(said, made))


def stood(scenario: Scenario, ground: Ground) -> Ground:
    """The ground that a scenario stands on, see `grounded`.

    Raises as `resolve` does for codes that the tables do not have, with all that is wrong beside them.
    """
    if next(codes.settings(scenario, ground), None) or any(codes.unfit(s, ground) for s in scenario.shocks):
        resolve(scenario, ground)
    return grounded(scenario, ground)


def _knowing_final(ground: Ground, faults: Faults) -> Ground | None:
    try:
        return knowing_final(ground)
    except ZizhuError as error:
        faults.add(error)
        return None


def _all_effects(
    shock: Shock, scenario: Scenario, ground: Ground, over_years: Ground | None
) -> tuple[list[Change], list[Controlled]]:
    """What one shock does at the horizons asked for, and what of it the tables see."""
    found: list[tuple[Change, Controlled]] = []
    if set(scenario.horizons) - {YEARS} or YEARS not in shock.acts:
        found += _effects(shock, ground, _lists(scenario))
    if over_years is not None and YEARS in shock.acts:
        found += [
            (change, _over_years(seen, over_years if found else None))
            for change, seen in lasting(shock, over_years)
        ]
    return [change for change, _ in found], [seen for _, seen in found]


def _over_years(seen: Controlled, beside: Ground | None) -> Controlled:
    """What is seen over years, named as that where shorter horizons see less: without an estimate of final sales."""
    if beside is None or not beside.mrio.flags.final_is_estimated:
        return seen
    what = f"{seen.coverage.what}, over years"
    return replace(seen, coverage=seen.coverage.model_copy(update={"what": what}))


def _gathered(scenario: Scenario, ground: Ground, made: list[Made]) -> Effects:
    effects = [e for _, found, _ in made for e in found]
    seen = [c for _, _, found in made for c in found]
    sides = [code for s, _, _ in made for code in s.sides]
    told = tuple(n for c in seen for n in c.notes) + absent(ground.mrio, sides)
    if YEARS in scenario.horizons:
        told = (*told, *notes(scenario))
    return Effects(
        restrictions=tuple(e for e in effects if isinstance(e, Restriction)),
        losses=tuple(e for e in effects if isinstance(e, Loss)),
        demands=tuple(e for e in effects if isinstance(e, DemandChange)),
        coverage=tuple(_once(c.coverage for c in seen)),
        notes=tuple(dict.fromkeys((*told, *_left_out(scenario)))),
        terms=tuple(e for e in effects if isinstance(e, Terms)),
        productivity=tuple(e for e in effects if isinstance(e, Productivity)),
    )


def _once(coverage: Iterable[Coverage]) -> list[Coverage]:
    """Coverages, each once: horizons that see the same say it together."""
    found: list[Coverage] = []
    for one in coverage:
        if one not in found:
            found.append(one)
    return found


def _left_out(scenario: Scenario) -> Iterator[str]:
    """Shocks that the horizons asked for do not see."""
    for horizon in scenario.horizons:
        idle = [s.label for s in scenario.shocks if horizon not in s.acts]
        if idle:
            yield f"At the horizon of {horizon} nothing is done with: {', '.join(idle)}."


def _effects(shock: Shock, ground: Ground, others: Lists) -> Sequence[tuple[Change, Controlled]]:
    """What one shock does over weeks and quarters, and how much of it the tables see; nothing for other horizons."""
    if isinstance(shock, ExportBan | Quota | Licence | Embargo):
        return _restrictions(shock, ground, others)
    if isinstance(shock, Capacity | Destruction):
        return [_loss(shock, ground)]
    if isinstance(shock, Demand):
        return [_demand(shock, ground)]
    return []


def _restrictions(shock: Traded, ground: Ground, others: Lists) -> list[tuple[Restriction, Controlled]]:
    """The cuts of a trade shock, one for each direction and each lot of its goods."""
    made = each_way(shock, lambda one: _restriction(one, ground, shock.label, others))
    return [(cut, seen) for cuts, seen in made for cut in cuts]


def _lists(scenario: Scenario) -> Lists:
    """The products of every shock to sales, each list once."""
    return tuple({s.products: None for s in scenario.shocks if isinstance(s, Traded)})


def lots(products: Iterable[str], lists: Lists) -> Lists:
    """Products in lots of which every one of the lists holds all or nothing."""
    found: dict[tuple[bool, ...], list[str]] = {}
    for product in sorted(products):
        found.setdefault(tuple(product in some for some in lists), []).append(product)
    return tuple(map(tuple, found.values()))


def _stopped(shock: Traded) -> float:
    """The share of its sales that a shock stops at its height."""
    if isinstance(shock, Quota):
        return 1.0 - shock.limit
    return shock.share if isinstance(shock, ExportBan | Embargo) else 1.0


def course(shock: Shock) -> Course:
    """How the strength of a shock goes over time."""
    end = None if shock.duration is None else shock.start + shock.duration
    if isinstance(shock, Licence):
        return Course(
            shock.start, shock.ramp, end, shock.recovery, shock.start + shock.delay, 1.0 - shock.granted
        )
    return Course(shock.start, shock.ramp, end, shock.recovery)


def _restriction(
    one: Traded, ground: Ground, label: str, others: Lists
) -> tuple[list[Restriction], Controlled]:
    stops, own = _stopped(one), ground.own_input(one)
    sender, receiver = sides(one, own, ground.mrio)
    apart = lots(one.products, others)
    seen = controlled(one, sender, receiver, ground.mrio, ground.trade, own, apart)
    bought = Part((one.receiver.partition(":")[2],), receiver.part) if (receiver.part < 1).any() else Part()
    return [
        Restriction(label, sender.index, receiver.index, stops, piece, course(one), bought)
        for piece in seen.pieces
    ], seen


def _loss(shock: Capacity | Destruction, ground: Ground) -> tuple[Loss, Controlled]:
    mrio = ground.mrio
    at = selected(mrio, shock.at)
    at.weights(mrio.x)
    said = f"All output of {shock.at} that the table has stands still in this proportion, whatever it makes."
    seen = Controlled.whole(f"the output of {shock.at}", said, at.note)
    share = shock.share * at.part
    if isinstance(shock, Capacity):
        return Loss(shock.label, at.index, share, course(shock)), seen
    rebuilt = _rebuilt(shock, ground)
    return Loss(shock.label, at.index, share, course(shock), rebuilt, shock.rebuilding), seen


def _rebuilt(shock: Destruction, ground: Ground) -> Vector:
    """The shares (S,) of the sectors that rebuild."""
    return np.array([shock.rebuilt_by.get(s, 0.0) for s in ground.sectors])


def _demand(shock: Demand, ground: Ground) -> tuple[DemandChange, Controlled]:
    """The share of each seller's final sales that goes to the buyer, times the change of it."""
    mrio = ground.mrio
    of, buyers = selected(mrio, shock.sector), members(mrio, shock.buyer)
    if set(buyers) == set(mrio.nodes.countries):
        part = np.ones(len(of.index))
    elif mrio.final is None:
        raise CannotAnswer(
            Problem(
                f"{mrio.title} has final demand by seller only",
                "buyer",
                "a table with final demand by destination, or buyer: WLD",
                "Add one: `zizhu data add oecd-icio`.",
            )
        )
    else:
        who = [mrio.nodes.countries.index(c) for c in buyers]
        sales = np.maximum(mrio.final[of.index], 0.0)
        whole = sales.sum(axis=1)
        part = np.divide(sales[:, who].sum(axis=1), whole, out=np.zeros_like(whole), where=whole > 0)
    said = f"Final demand for {shock.sector} in the table, by {shock.buyer}."
    seen = Controlled.whole(f"final demand for {shock.sector}", said, of.note)
    return DemandChange(shock.label, of.index, shock.change * of.part * part, course(shock)), seen
