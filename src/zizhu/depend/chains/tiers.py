"""Value-added content by tier of supplier: direct purchases, their suppliers, and all beyond.

With a = A w the purchases of a buyer per unit of output (w its weights), the value added that reaches it from tier 1
is v_i a_i, from tier 2 v_i (A a)_i, and from all tiers together v_i (L w)_i: the rest is tier 3 and beyond.
"""

from __future__ import annotations

import numpy as np

from zizhu.tables.leontief import Flows, Vector, reciprocal


def first(bought: Vector, v: Vector) -> Vector:
    """v_i a_i (n,): value added of direct suppliers in one unit of the buyer, from its purchases a (n,)."""
    return np.asarray(v * bought)


def second(Z: Flows, x: Vector, bought: Vector, v: Vector) -> Vector:
    """v_i (A a)_i (n,): value added of the suppliers of direct suppliers."""
    return np.asarray(v * (Z @ (bought * reciprocal(x))))
