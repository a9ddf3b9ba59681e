"""Deficits in a changed world: the closure is part of a result's name, because it can decide its sign.

    fixed      D' = D in money, and the numeraire is world value added
    world_gdp  D' / world GDP = D / world GDP, GDP with taxes on trade (Dekle, Eaton and Kortum 2008)
    income     D' / earned = D / earned less one number for all, so that deficits add up to zero (Felbermayr, Groeschl
               and Heiland 2022 keep the share; the common shift is what closes the world)
    zero       D' = 0

Where trade between groups of countries ends, deficits must add up to zero within each: `income` shifts every group by
a number of its own, `fixed` and `world_gdp` are refused there unless they add up.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.base import EXACT, Base
from zizhu.tables.leontief import Index, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

Closure = Literal["fixed", "world_gdp", "income", "zero"]
CLOSURES: tuple[Closure, ...] = get_args(Closure)


def deficits(closure: Closure, base: Base, earned: Vector, group: Index) -> Vector:
    """D' (N,) where countries earn `earned` (N,) in value added and taxes; `group` (N,) of countries that trade."""
    if closure == "fixed":
        return base.D
    if closure == "zero":
        return np.zeros_like(base.D)
    if closure == "world_gdp":
        return np.asarray(base.D * (earned.sum() / base.earned.sum()))
    kept = base.D / base.earned * earned
    shift = np.bincount(group, kept) / np.bincount(group, earned)
    return np.asarray(kept - shift[group] * earned)


def closable(closure: Closure, base: Base, group: Index, circuit: Index) -> None:
    """Raise CannotAnswer where no wages can bring about the deficits of `closure`.

    group (N,): countries between which trade is left; circuit (N,): those that both buy from and sell to each other.
    """
    if closure in ("fixed", "world_gdp"):
        left, size = np.bincount(group, base.D), np.bincount(group, base.VA)
        wrong = np.flatnonzero(np.abs(left) > EXACT * size)
        if len(wrong):
            raise CannotAnswer(
                Problem(
                    f"a deficit of {left[wrong[0]]:.6g} with countries that no longer trade",
                    f"closure {closure}, countries {_listed(group == wrong[0])}",
                    "deficits that add up to zero within every group that trades",
                    "Take the closure `income` or `zero`, or start from the world without deficits.",
                )
            )
    elif circuit.max() > group.max():
        outside = np.bincount(circuit).argmin()
        raise CannotAnswer(
            Problem(
                "countries that could sell to others and no longer buy from them, or the reverse",
                f"closure {closure}, countries {_listed(circuit == outside)}",
                "trade in both directions, if through others, or none",
                "Forbid the other direction as well, or make the embargo a partial cut.",
            )
        )


def _listed(members: NDArray[np.bool_]) -> str:
    return ", ".join(map(str, np.flatnonzero(members)[:5]))
