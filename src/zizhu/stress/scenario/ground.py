"""The tables that a scenario stands on, with the products that its shocks make inputs of their own divided off.

A table lets the users of an industry replace a product by the rest of what the industry sells. Where a shock says which
industries cannot do without its products, these become sectors of the table: `zizhu.tables.split`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from zizhu.stress.scenario.goods import no_trade_table, trade_between
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import Shock, Traded
from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO
from zizhu.tables.split import with_product
from zizhu.tables.trade import Trade
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown


@dataclass(frozen=True)
class OwnInput:
    """Products that are inputs of their own: one sector of the table for each industry that makes some of them.

    home: how far countries make them for themselves. sectors: the industry of each.
    seen (C, C): the trade of the products that the table follows to `users`.
    """

    products: tuple[str, ...]
    users: tuple[str, ...]
    home: float
    sectors: Mapping[str, str]
    seen: Matrix


class Undivided(ZizhuError):
    """Products that a shock says who needs are no sectors of the table yet."""


@dataclass(frozen=True)
class Ground:
    """The tables that a scenario stands on; `trade` is needed for products alone.

    `inputs` are the sectors of `mrio` that are products.
    """

    mrio: MRIO
    trade: Trade | None
    inputs: tuple[OwnInput, ...] = ()

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        return self.mrio.nodes.sectors

    def own_input(self, one: Traded) -> OwnInput | None:
        """What stands in the table for the products of a shock; None where nobody is said to need them.

        Raises Undivided where the table was not divided for the shock, and ZizhuError where it was for some of its
        products alone.
        """
        if not one.needed_by:
            problems = list(_divided_off(one, self))
            if problems:
                raise ZizhuError(problems)
            return None
        found = [i for i in self.inputs if (i.products, i.users, i.home) == _asked(one)]
        if not found:
            raise Undivided(
                Problem(
                    f"{', '.join(one.products)} in no sector of {self.mrio.title}",
                    "needed_by",
                    "a table that is divided for the scenario",
                    "Divide it first: `grounded(scenario, ground)`.",
                )
            )
        return found[0]


def grounded(scenario: Scenario, ground: Ground) -> Ground:
    """The ground with a sector for the products of every shock that says who needs them, the same ones once.

    Raises ZizhuError with every product and user that the tables do not have, and CannotAnswer where all of its faults
    are that the tables lack what it needs.
    """
    faults = Faults()
    for i, shock in enumerate(scenario.shocks, start=1):
        if isinstance(shock, Traded) and shock.needed_by:
            try:
                ground = _divided(shock, ground)
            except ZizhuError as error:
                faults.add(error, at_shock(scenario, i, shock))
    faults.require_none()
    return ground


@dataclass
class Faults:
    """What is wrong with a scenario on its tables, and whether it is only that they lack what it needs."""

    problems: list[Problem] = field(default_factory=list)
    lacking: bool = True

    def add(self, error: ZizhuError, where: str = "") -> None:
        """The problems of an error, with the place in the scenario before theirs."""
        self.problems += [replace(p, where=f"{where}: {p.where}") if where else p for p in error.problems]
        self.lacking = self.lacking and isinstance(error, CannotAnswer)

    def require_none(self) -> None:
        """Raise all that was found: CannotAnswer where the tables only lack what is needed, else ZizhuError."""
        if self.problems:
            raise (CannotAnswer if self.lacking else ZizhuError)(self.problems)


def at_shock(scenario: Scenario, number: int, shock: Shock) -> str:
    """The place of a shock in a scenario, by its kind alone where no more of it could be read."""
    return f"{scenario.id}: shock {number} ({getattr(shock, 'label', getattr(shock, 'kind', 'unread'))})"


def _asked(one: Traded) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """Products and users of a shock, whatever their order, and the supply at home."""
    return tuple(sorted(one.products)), tuple(sorted(set(one.needed_by))), one.home_supply


def _divided(one: Traded, ground: Ground) -> Ground:
    """The ground with the products of a shock as sectors, bought by its users."""
    products, users, home = _asked(one)
    if any((i.products, i.users, i.home) == (products, users, home) for i in ground.inputs):
        return ground
    if ground.trade is None:
        raise CannotAnswer(no_trade_table())
    problems = list(_faults(one, ground, ground.trade))
    if problems:
        raise ZizhuError(problems)
    year, value = trade_between(products, ground.trade, ground.mrio)
    mrio, seen = ground.mrio, np.zeros((len(ground.mrio.nodes.countries),) * 2)
    sectors: dict[str, str] = {}
    for industry, (codes, flows) in value.items():
        code = f"HS{codes[0]}" + (f"+{len(codes) - 1}" if codes[1:] else "")
        basis = f"{', '.join(map(names.product, codes))}; {year}, {ground.trade.title}"
        split = with_product(
            mrio, code, industry, flows, users=[*users, *_parts(users, ground)], home=home, basis=basis
        )
        mrio, seen = split.mrio, seen + flows - split.unseen
        sectors[code] = industry
    mrio = replace(mrio, sources=tuple(dict.fromkeys((*mrio.sources, *ground.trade.sources))))
    return Ground(mrio, ground.trade, (*ground.inputs, OwnInput(products, users, home, sectors, seen)))


def _parts(users: tuple[str, ...], ground: Ground) -> Iterator[str]:
    """The sectors that earlier products took out of the users: they need what the users need."""
    for one in ground.inputs:
        yield from (code for code, industry in one.sectors.items() if industry in users)


def _faults(one: Traded, ground: Ground, trade: Trade) -> Iterator[Problem]:
    """Products and users that the tables do not have, and products that other users were said to need."""
    yield from trade.find(one.products)[1]
    here = ground.sectors
    yield from (unknown("sector", s, here, "needed_by") for s in one.needed_by if s not in here)
    yield from _divided_off(one, ground)


def _divided_off(one: Traded, ground: Ground) -> Iterator[Problem]:
    """Products that another shock made sectors of the table, for users of its own."""
    for other in ground.inputs:
        twice = [p for p in one.products if p in other.products]
        if twice:
            yield Problem(
                f"{', '.join(twice)} in another shock with other products or users",
                "needed_by",
                "a product in one group of products, with the same users in every shock",
                "Make `products`, `needed_by` and `home_supply` of these shocks the same.",
            )
