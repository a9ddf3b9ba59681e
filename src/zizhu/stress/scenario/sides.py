"""Who sells and who buys in a shock: codes become rows and columns of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from zizhu.stress.scenario.controlled import Controlled, NothingSold
from zizhu.stress.scenario.goods import industries
from zizhu.stress.scenario.ground import OwnInput
from zizhu.stress.scenario.shocks import Embargo, Traded
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, countries_of, select
from zizhu.vocab import groups
from zizhu.vocab.countries import REST
from zizhu.vocab.problems import Problem, ZizhuError

T = TypeVar("T")


def each_way(shock: Traded, made: Callable[[Traded], tuple[T, Controlled]]) -> list[tuple[T, Controlled]]:
    """What is made of a trade shock; of an embargo, in each of the directions in which something is sold."""
    found: list[tuple[T, Controlled]] = []
    idle: list[NothingSold] = []
    for one in _directions(shock):
        try:
            found.append(made(one))
        except NothingSold as error:
            idle.append(error)
    if idle and not found:
        raise idle[0]
    said = tuple(f"{shock.label}: {p.what}." for error in idle for p in error.problems)
    return [(one, replace(seen, notes=(*seen.notes, *said))) for one, seen in found]


def _directions(shock: Traded) -> Iterator[Traded]:
    """The one-sided shocks that a trade shock is."""
    yield shock
    if isinstance(shock, Embargo):
        whom, _, _ = shock.receiver.partition(":")
        who, colon, sector = shock.sender.partition(":")
        yield shock.model_copy(update={"sender": f"{whom}{colon}{sector}", "receiver": who})


def sides(one: Traded, own: OwnInput | None, mrio: MRIO) -> tuple[Selection, Selection]:
    """Sender and receiver as rows and columns; a side that holds the other one is everybody else of it."""
    sender, receiver = _sold_by(one, own, mrio), selected(mrio, one.receiver)
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
        return selected(mrio, one.sender)
    sold = set(own.sectors) if own else set(industries(one.products, mrio).values())
    rows = mrio.nodes.of(members(mrio, one.sender), sold)
    return Selection(one.sender, rows, np.ones(len(rows)))


def selected(mrio: MRIO, code: str) -> Selection:
    """A side of a shock; the world holds the table's rest of the world too."""
    found = select(mrio, code)
    who, colon, sector = code.partition(":")
    if members(mrio, who) == countries_of(mrio, who):
        return found
    rest = select(mrio, f"{REST}{colon}{sector}")
    index, part = (np.concatenate([getattr(s, of) for s in (found, rest)]) for of in ("index", "part"))
    return Selection(found.code, index, part, found.note)


def members(mrio: MRIO, code: str) -> tuple[str, ...]:
    """The table's countries in a code, its rest of the world among those of the world."""
    rest = (REST,) if code == groups.WORLD and REST in mrio.nodes.countries else ()
    return (*countries_of(mrio, code), *rest)
