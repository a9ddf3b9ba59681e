"""Where the welfare of the central run comes from: its terms along the shock, in money, which add up to it."""

from __future__ import annotations

import numpy as np

from zizhu.stress.trade.path import path_split
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.stress.years.model import TOL, Years
from zizhu.tables.leontief import Vector

STEPS = 16
"""Steps of the path: what they leave unexplained is told with the split."""


def split(model: Years) -> dict[str, Vector]:
    """Losses (N,) in money by term of `trade.path.TERMS`, less those that are zero; none where trade ends, or where
    final sales are estimated.

    What is held down counts as the tax or cost that it amounts to. Terms are log shares of income, ln(1 + EV) in all;
    each is scaled by EV / ln(1 + EV), so that together they are EV times income but for the error of the path.
    """
    shock = model.central.at.shock
    if model.world.estimated or np.isinf(shock.iceberg).any():
        return {}
    found = path_split(model.base, shock, STEPS, tol=TOL, **model.options)
    gain = equivalent_variation(model.central.solution)
    log = np.log1p(gain)
    scale = np.divide(gain, log, out=np.ones_like(gain), where=log != 0)
    return {name: 0.0 - term * scale * model.base.I for name, term in found.terms.items() if term.any()}
