"""Domestic and external circulation of a country's value added, by what calls for it.

For country s with value-added row V_s, L_ss = (I - A_ss)^-1 and final demand y_r of country r:

  at_home    V_s L_ss Y_ss            called for by its own final demand through suppliers at home alone
  returning  V_s (L y_s)_s - at_home  by its own final demand, after crossing borders (back in imports)
  abroad     V_s sum_(r != s) (L y_r)_s   by the final demand of others (VAX: Johnson and Noguera 2012)

The three add up to the value added of s where every row does to output, x = A x + Y1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zizhu.tables.leontief import Flows, Index, Matrix, Vector, factor


class Circulation(NamedTuple):
    """Value added (k,) of each node of a country, by what calls for it."""

    at_home: Vector
    returning: Vector
    abroad: Vector


def circulation(
    Z: Flows, x: Vector, v: Vector, called: Matrix, final: Matrix, rows: Index, own: Index
) -> Circulation:
    """The circulation of a country with nodes `rows` (k,), whose own final demand is the columns `own` of `final`.

    `called` (n, C) is L final. For a group `rows` and `own` are those of all members.
    """
    inside = factor(np.asarray(Z[np.ix_(rows, rows)], dtype=float), x[rows])
    at_home = v[rows] * inside.solve(final[np.ix_(rows, own)].sum(axis=1))
    by_own = v[rows] * called[np.ix_(rows, own)].sum(axis=1)
    everyone = v[rows] * called[rows].sum(axis=1)
    return Circulation(np.asarray(at_home), np.asarray(by_own - at_home), np.asarray(everyone - by_own))
