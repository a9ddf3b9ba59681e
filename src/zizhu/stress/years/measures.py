"""What a new equilibrium costs whom, in money of the base: losses are positive."""

from __future__ import annotations

import numpy as np

from zizhu.stress.trade.base import Base
from zizhu.stress.trade.quota import Found
from zizhu.stress.trade.welfare import equivalent_variation, published_split, real_wage
from zizhu.stress.years.deals import Priced
from zizhu.tables.leontief import Matrix, Vector

Losses = dict[str, Matrix]
WELFARE, WAGE, OUTPUT, EXPORTS, IMPORTS = "welfare", "wage", "output", "exports", "imports"
FIRST_ORDER = "first_order"


def losses(found: Found[Priced]) -> Losses:
    """Of countries (N,): welfare, exact equivalent variation times income; wage, real value added at the prices of
    final spending; first_order, the published formula of the terms of trade. Of countries and sectors (N, J), as
    quantities at prices of the base: output, and what arrives of exports and imports.
    """
    s, base = found.solution, found.solution.base
    before, after = trade(base.flow), trade(found.at.arriving(s))
    return welfare(found) | {
        WAGE: -real_wage(s) * base.VA,
        FIRST_ORDER: -published_split(s).terms_of_trade.sum(axis=1) * base.I,
        OUTPUT: base.Y - s.Y / (s.c * found.at.price),
        EXPORTS: before[0] - after[0],
        IMPORTS: before[1] - after[1],
    }


def welfare(found: Found[Priced]) -> Losses:
    """The first of these alone."""
    return {WELFARE: -equivalent_variation(found.solution) * found.solution.base.I}


def trade(flow: Matrix) -> tuple[Matrix, Matrix]:
    """Exports and imports (N, J) of flows (N, N, J)."""
    own = np.arange(len(flow))
    home = flow[own, own]
    return np.asarray(flow.sum(axis=0) - home), np.asarray(flow.sum(axis=1) - home)


def baselines(base: Base) -> dict[str, Matrix | Vector]:
    """What the losses are losses of."""
    exports, imports = trade(base.flow)
    whole = {WELFARE: base.I, WAGE: base.VA, FIRST_ORDER: base.I}
    return {**whole, OUTPUT: base.Y, EXPORTS: exports, IMPORTS: imports}
