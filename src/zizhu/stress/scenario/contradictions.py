"""Shocks that cannot both be meant: an embargo and a quota on the same sales at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from zizhu.stress.scenario.effects import Restriction
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import Licence, Quota, Shock, Traded
from zizhu.vocab.problems import Problem

Made = tuple[Shock, Sequence[object]]


def found(scenario: Scenario, made: Sequence[Made]) -> Iterator[Problem]:
    """A problem for each pair of shocks that fix the same sales in two ways while both hold.

    Bans and embargoes take shares of what is left and may overlap; a quota or a licence fixes what is sold.
    """
    traded = [
        (s, [e for e in effects if isinstance(e, Restriction)])
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


def _other_goods(one: Traded, other: Traded) -> bool:
    """Whether both name products, and none of the other's."""
    return bool(one.products and other.products) and not set(one.products) & set(other.products)


def _together(one: Shock, other: Shock) -> bool:
    return one.start < _end(other) and other.start < _end(one)


def _end(shock: Shock) -> float:
    return np.inf if shock.duration is None else shock.start + shock.duration


def _same_sales(a: Restriction, b: Restriction) -> bool:
    return bool(np.intersect1d(a.rows, b.rows).size and np.intersect1d(a.columns, b.columns).size)
