"""A scenario on a table: its codes become rows and columns, its products shares of an industry's sales.

All that does not fit is said at once, before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zizhu.stress.scenario import contradictions
from zizhu.stress.scenario.controlled import Controlled, controlled
from zizhu.stress.scenario.effects import Course, DemandChange, Effects, Loss, Restriction
from zizhu.stress.scenario.goods import industries
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
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown


@dataclass(frozen=True)
class Ground:
    """The tables that a scenario stands on; `trade` is needed for products alone."""

    mrio: MRIO
    trade: Trade | None

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        return self.mrio.nodes.sectors


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
            where = f"{scenario.id}: shock {i} ({shock.label})"
            problems += [Problem(p.what, f"{where}: {p.where}", p.expected, p.remedy) for p in error.problems]
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
        found = [_restriction(one, share, ground, shock) for one, share in _directions(shock)]
        return [r for r, _ in found], [c for _, c in found]
    if isinstance(shock, Capacity | Destruction):
        loss, seen = _loss(shock, ground)
        return [loss], [seen]
    if isinstance(shock, Demand):
        change, seen = _demand(shock, ground)
        return [change], [seen]
    return [], []


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
    sender, receiver = _sides(one, ground.mrio)
    seen = controlled(one, sender, receiver, ground.mrio, ground.trade)
    cut = share * seen.share * receiver.part
    final = None if seen.final is None else share * seen.final
    return Restriction(shock.label, sender.index, receiver.index, cut, final, course(shock)), seen


def _sides(one: Traded, mrio: MRIO) -> tuple[Selection, Selection]:
    """Sender and receiver as rows and columns; of a receiver that holds the sender, everybody else."""
    sender = _sold_by(one, mrio)
    receiver = select(mrio, one.receiver)
    senders = {mrio.nodes.whole[i] for i in sender.index}
    other = np.array([mrio.nodes.whole[i] not in senders for i in receiver.index], dtype=bool)
    if not other.any():
        raise ZizhuError(
            Problem(
                f"{one.sender} on both sides", one.where, "a receiver other than the sender", "Change one."
            )
        )
    left = Selection(receiver.code, receiver.index[other], receiver.part[other], receiver.note)
    return sender, left


def _sold_by(one: Traded, mrio: MRIO) -> Selection:
    """The sender's nodes: of its sector, or of the industries that make the products."""
    if not one.products:
        return select(mrio, one.sender)
    rows = mrio.nodes.of(countries_of(mrio, one.sender), set(industries(one.products, mrio).values()))
    return Selection(one.sender, rows, np.ones(len(rows)))


def _loss(shock: Capacity | Destruction, ground: Ground) -> tuple[Loss, Controlled]:
    mrio = ground.mrio
    at = select(mrio, shock.at)
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
    of = select(mrio, shock.sector)
    everybody = countries_of(mrio, shock.buyer) == mrio.nodes.countries
    if everybody:
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
        who = [mrio.nodes.countries.index(c) for c in countries_of(mrio, shock.buyer)]
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
