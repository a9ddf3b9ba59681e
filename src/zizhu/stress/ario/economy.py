"""The table as ARIO sees it: flows in place, output and final demand by step, what every industry needs.

Notation (Hallegatte 2008, 2014): industries c = (country, sector), country-major, n = C S; product i = sector of the
seller; X0 output of a step, T[i, c] money of input i in one unit of c's output, y0 final demand of a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.leontief import Flows, Index, Matrix, Vector, reciprocal
from zizhu.vocab.problems import Problem, ZizhuError

LEAST_SHARE = 1e-5
"""Inputs below this share of the buyer's output never limit its production: the rule as documented, year with year.

BoARIO 0.7.2 compares the input of a year with the output of a step: its mask is `LEAST_SHARE / steps_per_year`.
"""


@dataclass(frozen=True)
class Economy:
    """A table cut into steps. Money of the table, Z by year, all else by step.

    Z (C, S, n): seller's country, product, buyer. A view of the table as given, so that no copy is made: rows of one
    product lie `S n` apart and every row is read along buyers.
    X0 (n,); T (S, n), 0 for industries without output; y0 (n,); Y0 (n, C) or None, y0 by destination;
    limiting (S, n): inputs that can limit production.
    """

    Z: Flows
    X0: Vector
    T: Matrix
    y0: Vector
    Y0: Matrix | None
    limiting: NDArray[np.bool_]
    steps_per_year: float

    @property
    def countries(self) -> int:
        return int(self.Z.shape[0])

    @property
    def sectors(self) -> int:
        return int(self.Z.shape[1])

    @property
    def n(self) -> int:
        return int(self.Z.shape[2])

    @property
    def imbalance(self) -> float:
        """Largest gap between output and what is sold in a quiet step, as a share of output.

        Above rounding, a run without a shock does not stand still.
        """
        sold = np.add(self.y0, _sold(self.Z, self.X0 > 0) / self.steps_per_year)
        return float((np.abs(sold - self.X0) * reciprocal(self.X0)).max(initial=0.0))


def economy(
    Z: Flows,
    x: Vector,
    final: Vector | Matrix | None,
    countries: int,
    *,
    steps_per_year: float,
    dtype: Any = None,
    least_share: float = LEAST_SHARE,
) -> Economy:
    """The economy of Z (n, n), x (n,) and final demand (n,), by destination (n, C) or None, all by year.

    Without final demand it is what is left of output. Purchases of industries without output are no inputs: they
    belong to final demand of their country. `dtype` float32 halves the time of a step and makes one copy of Z; as
    given, in rows, there is none. Raises ZizhuError with all that is wrong with shapes and numbers.
    """
    _check(Z, x, final, countries)
    n, sectors = len(x), len(x) // countries
    flows = held(np.ascontiguousarray(Z, dtype=dtype or Z.dtype)).reshape(countries, sectors, n)
    inputs = np.asarray(flows.sum(axis=0, dtype=float))
    T = inputs * reciprocal(x)
    h = 1.0 / steps_per_year
    by_destination = None
    if final is None:
        y = x - _sold(flows, x > 0)
    elif final.ndim == 1:
        y = final + _sold(flows, x <= 0)
    else:
        by_destination = h * (final + _sold_to(flows, x <= 0))
        y = by_destination.sum(axis=1) / h
    _finite(T, y)
    return Economy(flows, x * h, T, y * h, by_destination, least_share < T, steps_per_year)


class _Shown:
    """Memory of an array without its lock."""

    def __init__(self, array: Flows) -> None:
        self.array = array
        at = array.__array_interface__
        self.__array_interface__ = at | {"data": (at["data"][0], False)}


def held(Z: Flows) -> Flows:
    """The same memory, never written to, as the kernels know it: a locked array (a mapped file) is another type.

    It would be compiled anew, and added up in another order.
    """
    return Z if Z.flags.writeable else cast(Flows, np.asarray(_Shown(Z)))


def _sold(Z: Flows, buyers: NDArray[np.bool_]) -> Vector:
    """Sales (n,) of a year to some buyers; all are summed and the fewer taken out, so that Z is never copied."""
    rows = Z.reshape(-1, Z.shape[2])
    if 2 * int(buyers.sum()) <= len(buyers):
        return np.asarray(sales(Z, np.flatnonzero(buyers)).sum(axis=1))
    return np.asarray(rows.sum(axis=1, dtype=float) - sales(Z, np.flatnonzero(~buyers)).sum(axis=1))


def _sold_to(Z: Flows, buyers: NDArray[np.bool_]) -> Matrix:
    """Sales (n, C) of a year to some buyers by their country."""
    found = np.zeros((Z.shape[2], Z.shape[0]))
    for c in np.flatnonzero(buyers):
        found[:, c // Z.shape[1]] += Z.reshape(-1, Z.shape[2])[:, c]
    return found


def sales(Z: Flows, buyers: Index) -> Matrix:
    """Flows (n, m) of a year to some buyers, in double precision."""
    return np.asarray(Z.reshape(-1, Z.shape[2])[:, buyers], dtype=float)


def _check(Z: Flows, x: Vector, final: Vector | Matrix | None, countries: int) -> None:
    n = len(x)
    problems = [
        Problem(
            f"{what} has shape {found}", "economy", f"{wanted}", "Give all parts in the order of one table."
        )
        for what, found, wanted in (
            ("Z", Z.shape, (n, n)),
            ("final demand", None if final is None else final.shape, f"({n},) or ({n}, {countries})"),
        )
        if (what == "Z" and found != wanted)
        or (found is not None and what != "Z" and found not in ((n,), (n, countries)))
    ]
    if countries < 1 or n % countries:
        problems.append(
            Problem(
                f"{n} industries in {countries} countries",
                "economy",
                "the same sectors in every country",
                "Aggregate the table to common sectors.",
            )
        )
    if (x < 0).any():
        problems.append(
            Problem(
                f"negative output at node {int(x.argmin())}",
                "economy",
                "output >= 0",
                "Run `zizhu data check`.",
            )
        )
    if problems:
        raise ZizhuError(problems)


def _finite(T: Matrix, y: Vector) -> None:
    wrong = ~(np.isfinite(T).all(axis=0) & np.isfinite(y))
    if wrong.any():
        raise ZizhuError(
            Problem(
                f"flows of node {int(wrong.argmax())} are not finite",
                "economy",
                "a number in every cell",
                "Run `zizhu data check`.",
            )
        )
