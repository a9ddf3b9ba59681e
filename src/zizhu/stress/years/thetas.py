"""Trade elasticities of a table's industries: several sets of estimates, none of which is the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from zizhu.stress.scenario.model import Years
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab.elasticities import HorizonRow, Thetas, horizons, require, sets
from zizhu.vocab.industries import recognised
from zizhu.vocab.problems import CannotAnswer, Problem

SET = "elasticities"
"""What is drawn first: which of the sets."""


@dataclass(frozen=True)
class Elastic:
    """K sets for S sectors: `theta` (K, S) of the long run, `spread` (K, S) the standard deviation of ln theta, and
    what the term makes of them. The first set is the central one. `left_out` are those that lack sectors, `flat` those
    that are too small where trade ends; draws are not below `least` (S,), see `years.extreme`."""

    names: tuple[str, ...]
    theta: Matrix
    spread: Matrix
    term: HorizonRow
    left_out: tuple[str, ...] = ()
    flat: tuple[str, ...] = ()
    least: Vector | float = 0.0

    @classmethod
    def of(cls, asked: Years, mrio: MRIO, parents: Mapping[str, str]) -> Elastic:
        """The sets that are asked for, or all that know the table's sectors; `parents` are the industries of these.

        Raises CannotAnswer for a table in no known classification and for asked sets that lack sectors.
        """
        industries = [parents[s] for s in mrio.nodes.sectors]
        classification = recognised(industries)
        each = {n: sets()[n].theta(industries, classification) for n in asked.elasticities or sets()}
        if asked.elasticities:
            _require_all(each)
        known = {n: t for n, t in each.items() if not t.missing}
        if not known:
            raise _no_set(mrio, each)
        return cls(
            tuple(known),
            np.stack([t.values for t in known.values()]),
            np.stack([t.log_spread for t in known.values()]),
            horizons()[asked.term],
            tuple(n for n in each if n not in known),
        )

    @property
    def titles(self) -> tuple[str, ...]:
        """What the sets are called."""
        return tuple(titled(self.names))

    @property
    def central(self) -> Vector:
        """theta (S,) of the first set, as published."""
        return self.published(0)

    def published(self, k: int) -> Vector:
        """theta (S,) of a set without an error, at the term."""
        return self.term.theta(self.theta[k])

    def chosen(self, draw: Vector) -> int:
        """The position of the set of a draw."""
        return min(int(draw[0] * len(self.names)), len(self.names) - 1)

    def drawn(self, draw: Vector) -> Vector:
        """theta (S,) of numbers (1 + S,) from 0 to 1: which set, and where in the error of each of its estimates.

        Errors are lognormal around the estimate, so that 0.5 is the estimate itself.
        """
        return np.maximum(self._free(draw), self.least)

    def held(self, draw: Vector) -> bool:
        """Whether an elasticity of the draw is held at `least`."""
        return bool((self._free(draw) < self.least).any())

    def _free(self, draw: Vector) -> Vector:
        from scipy.special import ndtri

        k = self.chosen(draw)
        return self.term.theta(self.theta[k] * np.exp(self.spread[k] * ndtri(draw[1:])))


def titled(names: Iterable[str]) -> Iterator[str]:
    """The titles of sets, of unknown ones their names."""
    yield from (sets()[n].title if n in sets() else n for n in names)


def _require_all(each: Mapping[str, Thetas]) -> None:
    problems: list[Problem] = []
    for name, thetas in each.items():
        try:
            require(thetas, f"years.elasticities: {name}")
        except CannotAnswer as error:
            problems += error.problems
    if problems:
        raise CannotAnswer(problems)


def _no_set(mrio: MRIO, each: Mapping[str, Thetas]) -> CannotAnswer:
    fewest = min(each.values(), key=lambda t: len(t.missing))
    return CannotAnswer(
        Problem(
            f"no set of elasticities has all industries of {mrio.title}: {', '.join(fewest.missing)} at least",
            "years.elasticities",
            "one for every industry",
            "Name another `table`; `zizhu stress elasticities --table NAME` shows what each set has.",
        )
    )
