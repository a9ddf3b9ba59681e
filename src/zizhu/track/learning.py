"""The experience curve of a cost: what every doubling of what was made takes off it, as a scenario (Wright 1936).

The line of ln cost on ln cumulative quantity fits the years that have both; the curve goes on from the last cost by its
slope. Beyond what is known, quantities grow at the pace between the first and the last of them. What was made before
the first year with a quantity is not known and left out, so that doublings look more frequent than they were.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from zizhu.ledger.models import Indicator, Observation
from zizhu.track.path import scenarios
from zizhu.track.series import Point, Series, annual, end_of
from zizhu.vocab import units

ADD_UP = ("count", "count per year", "mass", "energy", "power", "volume", "length", "money")
"""Dimensions of what is made, which years add to."""


@dataclass(frozen=True)
class Learning:
    """An experience curve with what it rests on.

    `costs` are the points of the years that have both, `made` those of the quantity, `total` its sums up to each year,
    `growth` its yearly growth as a share.
    """

    curve: scenarios.Experience
    costs: tuple[Point, ...]
    made: tuple[Point, ...]
    total: Mapping[int, float]
    growth: float

    def cost(self, years: int) -> float:
        """The cost so many years after the last one that was seen, in its unit."""
        last = self.costs[-1]
        return float(
            last.best.value * (self._made_by(last.year + years) / self.total[last.year]) ** self.curve.b
        )

    def _made_by(self, year: int) -> float:
        """All that is made up to a year, those ahead with it."""
        end = self.made[-1]
        if year <= end.year:
            return self.total[year]
        ahead = sum((1 + self.growth) ** k for k in range(1, year - end.year + 1))
        return self.total[end.year] + end.best.value * ahead

    @property
    def said(self) -> str:
        """What it assumes, in words."""
        rate = self.curve.learning_rate
        doubling = f"takes {rate:.1%} off" if rate > 0 else f"adds {-rate:.1%}"
        return (
            f"every doubling of what was made since {self.made[0].year} {doubling}, and what a year makes changes by "
            f"{self.growth:+.1%} a year"
        )

    @property
    def rests_on(self) -> tuple[Observation, ...]:
        """The costs, then the quantities, the newest first."""
        return tuple(p.best.of for points in (self.costs, self.made) for p in reversed(points))


def quantities(observed: Sequence[Observation], of: Indicator | None, as_of: date) -> Series:
    """The yearly quantities of an indicator as known on a day, in the unit of the newest."""
    newest = max(observed, key=lambda o: (end_of(o), o.id))
    return annual(observed, of, newest.unit, as_of)


def learning(costs: Sequence[Point], made: Series) -> Learning:
    """The curve of costs over yearly quantities. Raises ValueError with what is missing."""
    known = [p.best.value for p in made.points if not p.best.open and p.best.value > 0]
    if units.unit(made.unit).dimension not in ADD_UP:
        raise ValueError(f"what is made in units that years add to; {made.unit} is none")
    if len(known) < max(len(made.points), 2) or made.gaps:
        raise ValueError("what was made in every year from its first to its last, above zero")
    total = dict(zip(made.years, accumulate(known), strict=True))
    both = tuple(p for p in costs if not p.best.open and p.best.value > 0 and p.year in total)
    if len(both) < 3 or both[-1] is not costs[-1]:
        raise ValueError(
            "three costs above zero in years in which the quantity is known, the last of them among these"
        )
    curve = scenarios.experience([total[p.year] for p in both], [p.best.value for p in both])
    growth = math.expm1(math.log(known[-1] / known[0]) / (len(known) - 1))
    return Learning(curve, both, made.points, total, growth)
