"""A scenario on a table: its codes become rows and columns, its products shares of an industry's sales.

All that does not fit is said at once, before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from zizhu.stress.scenario import contradictions
from zizhu.stress.scenario.controlled import Controlled, NothingSold, controlled
from zizhu.stress.scenario.effects import Course, DemandChange, Effects, Loss, Restriction
from zizhu.stress.scenario.goods import industries, no_trade_table
from zizhu.stress.scenario.ground import Ground, OwnInput, at_shock
from zizhu.stress.scenario.model import DEFAULT, Scenario
from zizhu.stress.scenario.shocks import (
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
from zizhu.tables.leontief import Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, absent, countries_of, select
from zizhu.tables.trade import Trade
from zizhu.vocab import groups
from zizhu.vocab.countries import REST
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown


def resolve(scenario: Scenario, ground: Ground) -> Effects:
    """The effects of a scenario at weeks and quarters on the tables.

    Raises ZizhuError with every code that the tables do not have and every contradiction among the shocks, and
    CannotAnswer where all of its faults are that the tables lack what it needs.
    """
    problems: list[Problem] = []
    lacking: list[bool] = []
    made: list[tuple[Shock, list[Restriction | Loss | DemandChange], list[Controlled]]] = []
    for i, shock in enumerate(scenario.shocks, start=1):
        try:
            made.append((shock, *_effects(shock, ground)))
        except ZizhuError as error:
            problems += at_shock(scenario, i, shock, error)
            lacking += [isinstance(error, CannotAnswer)] * len(error.problems)
    more = [*_settings(scenario, ground), *contradictions.found(scenario, [(s, e) for s, e, _ in made])]
    if problems or more:
        kind = CannotAnswer if all(lacking) and not more else ZizhuError
        raise kind([*problems, *more])
    return _gathered(scenario, ground, made)


def _gathered(
    scenario: Scenario,
    ground: Ground,
    made: list[tuple[Shock, list[Restriction | Loss | DemandChange], list[Controlled]]],
) -> Effects:
    effects = [e for _, found, _ in made for e in found]
    seen = [c for _, _, found in made for c in found]
    sides = [code for s, _, _ in made for code in _codes(s)]
    notes = tuple(n for c in seen for n in c.notes) + absent(ground.mrio, sides)
    return Effects(
        restrictions=tuple(e for e in effects if isinstance(e, Restriction)),
        losses=tuple(e for e in effects if isinstance(e, Loss)),
        demands=tuple(e for e in effects if isinstance(e, DemandChange)),
        coverage=tuple(c.coverage for c in seen),
        notes=tuple(dict.fromkeys((*notes, *_left_out(scenario)))),
    )


def _left_out(scenario: Scenario) -> Iterator[str]:
    """Shocks that the horizons asked for do not see."""
    for horizon in scenario.horizons:
        idle = [s.label for s in scenario.shocks if horizon not in s.acts]
        if idle:
            yield f"At the horizon of {horizon} nothing is done with: {', '.join(idle)}."


def _codes(shock: Shock) -> tuple[str, ...]:
    if isinstance(shock, Traded):
        return shock.sender, shock.receiver
    return (shock.sector, shock.buyer) if isinstance(shock, Demand) else (shock.where,)


def _effects(
    shock: Shock, ground: Ground
) -> tuple[list[Restriction | Loss | DemandChange], list[Controlled]]:
    """What one shock does, and how much of it the tables see; nothing for shocks of other horizons."""
    if isinstance(shock, ExportBan | Quota | Licence | Embargo):
        found = _restrictions(shock, ground)
        return [r for r, _ in found], [c for _, c in found]
    if isinstance(shock, Capacity | Destruction):
        loss, seen = _loss(shock, ground)
        return [loss], [seen]
    if isinstance(shock, Demand):
        change, seen = _demand(shock, ground)
        return [change], [seen]
    return [], []


def _restrictions(shock: Traded, ground: Ground) -> list[tuple[Restriction, Controlled]]:
    """The cuts of a trade shock; of an embargo, those of the directions in which something is sold."""
    _require_goods(shock, ground.trade)
    found: list[tuple[Restriction, Controlled]] = []
    idle: list[NothingSold] = []
    for one, share in _directions(shock):
        try:
            found.append(_restriction(one, share, ground, shock))
        except NothingSold as error:
            idle.append(error)
    if idle and not found:
        raise idle[0]
    said = tuple(f"{shock.label}: {p.what}." for error in idle for p in error.problems)
    return [(cut, replace(seen, notes=(*seen.notes, *said))) for cut, seen in found]


def _require_goods(shock: Traded, trade: Trade | None) -> None:
    """Raise what is wrong with the products of a shock before anything else is said of them."""
    if shock.products and trade is None:
        raise CannotAnswer(no_trade_table())
    if shock.products and trade is not None:
        trade.chosen(shock.products)


def _directions(shock: Traded) -> Iterator[tuple[Traded, float]]:
    """The one-sided cuts of a trade shock with the share that stops at its height."""
    if isinstance(shock, Quota):
        yield shock, 1.0 - shock.limit
    elif isinstance(shock, Licence):
        yield shock, 1.0
    elif isinstance(shock, ExportBan | Embargo):
        yield shock, shock.share
    if isinstance(shock, Embargo):
        whom, _, _ = shock.receiver.partition(":")
        who, colon, sector = shock.sender.partition(":")
        back = {"sender": f"{whom}{colon}{sector}", "receiver": who}
        yield shock.model_copy(update=back), shock.share


def course(shock: Shock) -> Course:
    """How the strength of a shock goes over time."""
    end = None if shock.duration is None else shock.start + shock.duration
    if isinstance(shock, Licence):
        return Course(
            shock.start, shock.ramp, end, shock.recovery, shock.start + shock.delay, 1.0 - shock.granted
        )
    return Course(shock.start, shock.ramp, end, shock.recovery)


def _restriction(one: Traded, share: float, ground: Ground, shock: Shock) -> tuple[Restriction, Controlled]:
    own = ground.own_input(one)
    sender, receiver = _sides(one, own, ground.mrio)
    seen = controlled(one, sender, receiver, ground.mrio, ground.trade, own)
    cut = share * seen.share * receiver.part
    final = None if seen.final is None else share * seen.final
    return Restriction(shock.label, sender.index, receiver.index, cut, final, course(shock)), seen


def _sides(one: Traded, own: OwnInput | None, mrio: MRIO) -> tuple[Selection, Selection]:
    """Sender and receiver as rows and columns; a side that holds the other one is everybody else of it."""
    sender, receiver = _sold_by(one, own, mrio), _selected(mrio, one.receiver)
    sellers, buyers = ({mrio.nodes.whole[i] for i in side.index} for side in (sender, receiver))
    both = sellers & buyers
    if both and (sellers == buyers or both not in (sellers, buyers)):
        who = ", ".join(sorted(both)[:3])
        raise ZizhuError(
            Problem(f"{who} on both sides", one.where, "a sender and a receiver apart", "Change one.")
        )
    if both == sellers:
        return sender, _without(receiver, both, mrio)
    return _without(sender, both, mrio), receiver


def _without(side: Selection, countries: set[str], mrio: MRIO) -> Selection:
    """A side less some countries."""
    left = np.array([mrio.nodes.whole[i] not in countries for i in side.index], dtype=bool)
    return Selection(side.code, side.index[left], side.part[left], side.note)


def _sold_by(one: Traded, own: OwnInput | None, mrio: MRIO) -> Selection:
    """The sender's nodes: of its sector, of the products themselves, or of the industries that make them."""
    if not one.products:
        return _selected(mrio, one.sender)
    sold = set(own.sectors) if own else set(industries(one.products, mrio).values())
    rows = mrio.nodes.of(_members(mrio, one.sender), sold)
    return Selection(one.sender, rows, np.ones(len(rows)))


def _selected(mrio: MRIO, code: str) -> Selection:
    """A side of a shock; the world holds the table's rest of the world too."""
    found = select(mrio, code)
    who, colon, sector = code.partition(":")
    if _members(mrio, who) == countries_of(mrio, who):
        return found
    rest = select(mrio, f"{REST}{colon}{sector}")
    index, part = (np.concatenate([getattr(s, of) for s in (found, rest)]) for of in ("index", "part"))
    return Selection(found.code, index, part, found.note)


def _members(mrio: MRIO, code: str) -> tuple[str, ...]:
    """The table's countries in a code, its rest of the world among those of the world."""
    rest = (REST,) if code == groups.WORLD and REST in mrio.nodes.countries else ()
    return (*countries_of(mrio, code), *rest)


def _loss(shock: Capacity | Destruction, ground: Ground) -> tuple[Loss, Controlled]:
    mrio = ground.mrio
    at = _selected(mrio, shock.at)
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
    wrong = [s for s in shock.rebuilt_by if s not in ground.sectors]
    if wrong:
        raise ZizhuError([unknown("sector", s, ground.sectors, "rebuilt_by") for s in wrong])
    return np.array([shock.rebuilt_by.get(s, 0.0) for s in ground.sectors])


def _demand(shock: Demand, ground: Ground) -> tuple[DemandChange, Controlled]:
    """The share of each seller's final sales that goes to the buyer, times the change of it."""
    mrio = ground.mrio
    of, buyers = _selected(mrio, shock.sector), _members(mrio, shock.buyer)
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


def _settings(scenario: Scenario, ground: Ground) -> Iterator[Problem]:
    """Sectors in the settings that the table does not have."""
    named: list[tuple[str, str]] = [("substitution", s) for s in scenario.substitution if s != DEFAULT]
    named += [("stocks", s) for s in scenario.stocks if s != DEFAULT]
    named += [("priority", s) for s in scenario.priority]
    for setting, inputs in (
        ("important", scenario.needs.important),
        ("non_critical", scenario.needs.non_critical),
    ):
        named += [(f"needs.{setting}", part) for code in inputs for part in code.split(":")]
    for setting, sector in named:
        if sector not in ground.sectors:
            yield unknown("sector", sector, ground.sectors, f"{scenario.id}: {setting}")
