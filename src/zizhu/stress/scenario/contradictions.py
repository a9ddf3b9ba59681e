"""Shocks that cannot both be meant: an embargo and a quota on the same sales at the same time.

Over years shocks count as if they stayed, whenever they begin and end: a tariff on what is no longer sold means
nothing, and taxes must leave a price.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

import numpy as np

from zizhu.stress.scenario.effects import Restriction, Terms
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import Licence, Quota, Shock, Traded
from zizhu.tables.leontief import Index
from zizhu.vocab.problems import Problem

Made = tuple[Shock, Sequence[object]]


def found(scenario: Scenario, made: Sequence[Made]) -> Iterator[Problem]:
    """A problem for each pair of shocks that say two things of the same sales."""
    yield from _fixed_twice(scenario, made)
    terms = [(s, e) for s, effects in made for e in effects if isinstance(e, Terms)]
    yield from _taxed_and_ended(scenario, terms)
    yield from _without_price(scenario, terms)


def _fixed_twice(scenario: Scenario, made: Sequence[Made]) -> Iterator[Problem]:
    """A problem for each pair of shocks that fix the same sales in two ways while both hold.

    Bans and embargoes take shares of what is left and may overlap; a quota or a licence fixes what is sold.
    """
    traded = [
        (s, [e for e in effects if isinstance(e, Restriction | Terms)])
        for s, effects in made
        if isinstance(s, Traded)
    ]
    for (one, cuts), (other, others) in combinations(traded, 2):
        fixes = isinstance(one, Quota | Licence) or isinstance(other, Quota | Licence)
        if not fixes or not _together(one, other) or _other_goods(one, other):
            continue
        if any(_same_sales(a, b) for a in cuts for b in others):
            yield Problem(
                f"{one.label} and {other.label} say two things of the same sales at the same time",
                f"{scenario.id}: shocks",
                "one rule for a flow at a time: a quota or a licence fixes what is sold",
                "Drop one, or let one end before the other starts.",
            )


def _taxed_and_ended(scenario: Scenario, terms: Sequence[tuple[Shock, Terms]]) -> Iterator[Problem]:
    """A problem for each pair of which one ends sales that the other changes the price of."""
    for (one, ends), (other, costs) in permutations(terms, 2):
        priced = costs.tariff or costs.export_tax or costs.cost != 1
        if ends.closed and priced and _same_goods(one, other) and np.isin(_sales(ends), _sales(costs)).any():
            yield Problem(
                f"{one.label} ends sales on which {other.label} lays a cost",
                f"{scenario.id}: shocks",
                "over years, where both count as if they stayed, one of the two for a sale",
                "Drop one, or make a scenario of each.",
            )


def _without_price(scenario: Scenario, terms: Sequence[tuple[Shock, Terms]]) -> Iterator[Problem]:
    """A problem for tariffs, and one for export taxes, that together take away the whole price or more."""
    for kind in ("tariff", "export_tax"):
        taxed = [(s, t) for s, t in terms if getattr(t, kind)]
        for one, under in taxed:
            also = [(s, t) for s, t in taxed if _same_goods(one, s)]
            total = sum(getattr(t, kind) * np.isin(_sales(under), _sales(t)) for _, t in also)
            if np.min(total) <= -1:
                yield Problem(
                    f"{' and '.join(s.label for s, _ in also)}: a rate of {np.min(total):g} in all",
                    f"{scenario.id}: shocks",
                    "more than -1, which is a subsidy of the whole price",
                    "Make the rates larger.",
                )
                break


def _same_goods(one: Shock, other: Shock) -> bool:
    return isinstance(one, Traded) and isinstance(other, Traded) and not _other_goods(one, other)


def _sales(terms: Terms) -> Index:
    """A number for every sale: importer, exporter and sector."""
    each = (terms.importers, terms.exporters, terms.sectors)
    return np.asarray(sum(a.astype(np.int64) << (20 * k) for k, a in enumerate(each)))


def _other_goods(one: Traded, other: Traded) -> bool:
    """Whether both name products, and none of the other's."""
    return bool(one.products and other.products) and not set(one.products) & set(other.products)


def _together(one: Shock, other: Shock) -> bool:
    return one.start < _end(other) and other.start < _end(one)


def _end(shock: Shock) -> float:
    return np.inf if shock.duration is None else shock.start + shock.duration


def _same_sales(a: Restriction | Terms, b: Restriction | Terms) -> bool:
    """Whether two shocks to sales have some in common, as far as the same horizons see them."""
    if isinstance(a, Restriction) and isinstance(b, Restriction):
        return bool(np.intersect1d(a.rows, b.rows).size and np.intersect1d(a.columns, b.columns).size)
    if isinstance(a, Terms) and isinstance(b, Terms):
        return (
            bool(a.cut or a.closed) and bool(b.cut or b.closed) and bool(np.isin(_sales(a), _sales(b)).any())
        )
    return False
