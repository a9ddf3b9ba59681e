"""Restrictions on sales as few groups of buyers: what each group may still get from every seller, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.shocks import Restriction, at
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem


@dataclass(frozen=True)
class Barriers:
    """Buyers that meet the same restrictions form a group; group 0 meets none.

    group (n,): the group of every buying industry. meets (G, R): which restrictions a group meets.
    """

    restrictions: tuple[Restriction, ...]
    group: Index
    meets: Matrix

    @property
    def groups(self) -> int:
        return int(self.meets.shape[0])

    def strength(self, t: int) -> tuple[float, ...]:
        """The paths in step t: as long as they stand, so does theta."""
        return tuple(at(r.path, t) for r in self.restrictions)

    def theta(self, n: int, strength: tuple[float, ...]) -> Matrix:
        """theta (G, n): the share of its orders that a seller may deliver to a group."""
        found = np.ones((self.groups, n))
        for r, (restriction, now) in enumerate(zip(self.restrictions, strength, strict=True)):
            if now > 0:
                met = np.flatnonzero(self.meets[:, r])
                found[np.ix_(met, restriction.rows)] *= 1.0 - np.asarray(restriction.cut) * now
        return found

    def final_theta(self, n: int, countries: int, strength: tuple[float, ...]) -> Matrix:
        """The same (n, C) for final demand by destination."""
        found = np.ones((n, countries))
        for restriction, now in zip(self.restrictions, strength, strict=True):
            if now > 0 and restriction.destinations is not None:
                passed = 1.0 - np.broadcast_to(np.asarray(restriction.cut), restriction.rows.shape) * now
                found[np.ix_(restriction.rows, restriction.destinations)] *= passed[:, None]
        return found


def barriers(of: Economy, restrictions: tuple[Restriction, ...]) -> Barriers:
    """Group the buyers. Raises CannotAnswer for restricted final demand where its destinations are not known."""
    if of.Y0 is None and any(r.destinations is not None for r in restrictions):
        raise CannotAnswer(
            Problem(
                "a restriction on final demand",
                "restrictions",
                "final demand by destination",
                "Use a table that has it, or restrict intermediate sales alone.",
            )
        )
    member = np.zeros((of.n + 1, len(restrictions)), dtype=bool)
    for r, restriction in enumerate(restrictions):
        member[restriction.buyers, r] = True
    # the row added at the end meets nothing and sorts first, so that group 0 is always there
    meets, group = np.unique(member, axis=0, return_inverse=True)
    return Barriers(restrictions, group.reshape(-1)[: of.n].astype(np.intp), meets.astype(float))


def weights(of: Economy, w: Vector, theta: Matrix, sigma: Vector) -> Matrix:
    """Suppliers' weights (G, n) in the pools of a group: w (1 - sigma (1 - theta)).

    The pool is pool_theta + (1 - sigma)(pool_full - pool_theta): with sigma = 1 orders are spread over those who may
    sell, with sigma = 0 what is barred is not ordered anywhere else.
    """
    return np.asarray(w * (1.0 - np.tile(sigma, of.countries) * (1.0 - theta)))


def barred_final(of: Economy, factor: Vector, theta: Matrix, sigma: Vector) -> Vector:
    """Final demand (n,) of a step under theta (n, C): sigma of what is barred moves to other sellers of the product."""
    assert of.Y0 is not None
    wanted = (of.Y0 * factor[:, None]).reshape(of.countries, of.sectors, -1)
    allowed = wanted * theta.reshape(wanted.shape)
    barred = (wanted - allowed).sum(axis=0)
    open_ = allowed.sum(axis=0)
    moved = np.divide(sigma[:, None] * barred, open_, out=np.zeros_like(barred), where=open_ > 0)
    return np.asarray((allowed * (1.0 + moved)).sum(axis=2).reshape(-1))
