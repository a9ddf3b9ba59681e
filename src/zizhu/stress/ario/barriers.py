"""Restrictions on sales: which buyers meet which of them, and what they leave of final demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.shocks import Restriction, at
from zizhu.stress.passing import passing
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

Strength = tuple[float, ...]
"""The path of every restriction in a step: as long as it stands, so does what passes."""


@dataclass(frozen=True)
class Barriers:
    """Countries with buyers that meet the same restrictions form a group; group 0 meets none.

    Countries are taken whole, so that neighbours of a table are read together. group (n,): the group of every buying
    industry. meets (G, R): which restrictions a group meets.
    """

    restrictions: tuple[Restriction, ...]
    group: Index
    meets: NDArray[np.bool_]

    def strength(self, t: int) -> Strength:
        return tuple(at(r.path, t) for r in self.restrictions)

    def met(self, group: int) -> Index:
        """The places of the restrictions that a group meets."""
        return np.flatnonzero(self.meets[group])

    def restricts_final(self, strength: Strength) -> bool:
        return any(True for _ in self._on_final(strength))

    def final_theta(self, n: int, countries: int, strength: Strength) -> Matrix:
        """theta (n, C): the share of its final demand by destination that a seller may deliver."""
        hits = []
        for r, destinations, now in self._on_final(strength):
            last = np.arange(len(r.buyers), r.shape[1])
            hits.append(r.hit(r.rows, destinations, last, now))
        return passing((n, countries), hits)

    def _on_final(self, strength: Strength) -> Iterator[tuple[Restriction, Index, float]]:
        for r, now in zip(self.restrictions, strength, strict=True):
            if now > 0 and r.destinations is not None:
                yield r, r.destinations, now


def barriers(of: Economy, restrictions: tuple[Restriction, ...]) -> Barriers:
    """Group the countries. Raises CannotAnswer for restricted final demand where its destinations are not known, and
    ZizhuError for cuts of another shape than their sellers and buyers."""
    if of.Y0 is None and any(r.destinations is not None for r in restrictions):
        raise CannotAnswer(
            Problem(
                "a restriction on final demand",
                "restrictions",
                "final demand by destination",
                "Use a table that has it, or restrict intermediate sales alone.",
            )
        )
    _check(restrictions)
    member = np.zeros((of.countries + 1, len(restrictions)), dtype=bool)
    for r, restriction in enumerate(restrictions):
        member[restriction.buyers // of.sectors, r] = True
    # the row added at the end meets nothing and sorts first, so that group 0 is always there
    meets, group = np.unique(member, axis=0, return_inverse=True)
    of_countries = group.reshape(-1)[: of.countries].astype(np.intp)
    return Barriers(restrictions, np.repeat(of_countries, of.sectors), meets)


def barred_final(of: Economy, factor: Vector, theta: Matrix, sigma: Vector) -> Vector:
    """Final demand (n,) of a step under theta (n, C): sigma of what is barred moves to other sellers of the product."""
    assert of.Y0 is not None
    wanted = (of.Y0 * factor[:, None]).reshape(of.countries, of.sectors, -1)
    allowed = wanted * theta.reshape(wanted.shape)
    barred = (wanted - allowed).sum(axis=0)
    open_ = allowed.sum(axis=0)
    moved = np.divide(sigma[:, None] * barred, open_, out=np.zeros_like(barred), where=open_ > 0)
    return np.asarray((allowed * (1.0 + moved)).sum(axis=2).reshape(-1))


def _check(restrictions: Iterable[Restriction]) -> None:
    problems = [
        Problem(
            f"cut has shape {np.shape(r.cut)}, parts {', '.join(str(np.shape(p.share)) for p in r.of) or 'none'}",
            f"restriction {k}",
            f"one, {r.shape[:1]} or {r.shape}",
            "Give one a seller, or one a seller and buyer with the destinations last.",
        )
        for k, r in enumerate(restrictions, 1)
        if np.shape(r.cut) not in ((), r.shape[:1], r.shape) or any(u.shape != r.shape for u in r.uneven)
    ]
    if problems:
        raise ZizhuError(problems)
