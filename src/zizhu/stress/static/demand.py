"""The demand side: output no longer called for when purchases stop and final demand falls, nothing replacing it.

The table after the cut has A' = A - f diag(x_J)^-1 for the flows f that stop, and final demand y - dy:
    x - L'(y - dy) = L'(f 1 + dy)
because the old output meets the old final demand and the sales that stop, x = L'(y + f 1). What the receivers' output
carries, v'L - v'L', is `zizhu.tables.cut.Cut.carried` (hypothetical extraction of links, Dietzenbacher, van der Linden
and Steenge 1993). Value added lost is the value-added share times output lost.
"""

from __future__ import annotations

import numpy as np

from zizhu.stress.static.stopped import Stopped
from zizhu.tables.cut import LARGEST_RANK, Cut, cut, rank
from zizhu.tables.leontief import LU, Flows, Vector, factor, reciprocal


def effects(Z: Flows, x: Vector, lu: LU, v: Vector, stop: Stopped, final_cut: Vector | None = None) -> Cut:
    """Output lost (n,) and output carried (n,) when the flows `stop` and final sales `final_cut` (n,) end together.

    `lu` are the factors of the table as it is and `v` value-added shares with v'L = 1'. Up to a quarter of the rows
    (or columns) the inverse is updated; beyond, the changed table is factored anew, with 8 n^2 bytes twice.
    """
    if rank(stop.rows, stop.columns) > LARGEST_RANK * len(x):
        return anew(Z, x, lu, v, stop, final_cut)
    D = stop.flows * reciprocal(x)[stop.columns]
    return cut(lu, x, v, D, stop.rows, stop.columns, final_cut)


def anew(Z: Flows, x: Vector, lu: LU, v: Vector, stop: Stopped, final_cut: Vector | None = None) -> Cut:
    """The same from the changed table: L'(f 1 + dy), and x times p'D L'[J] with p = (v'L)_I."""
    n = len(x)
    changed = np.array(Z, dtype=float)
    changed[np.ix_(stop.rows, stop.columns)] -= stop.flows
    after = factor(changed, x)
    p = lu.solve_transposed(v)[stop.rows]
    lost_value = np.zeros(n)
    lost_value[stop.columns] = p @ (stop.flows * reciprocal(x)[stop.columns])
    no_longer_called_for = stop.sales(n) + (0.0 if final_cut is None else final_cut)
    return Cut(after.solve(no_longer_called_for), x * after.solve_transposed(lost_value))
