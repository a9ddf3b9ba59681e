"""Where the welfare of the central run comes from: its terms along the shock, in money, which add up to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zizhu.stress.trade.path import EXPORTED, IMPORTED, TERMS, path_split
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.stress.years.model import TOL, Years
from zizhu.tables.leontief import Matrix, Vector

STEPS = (4, 8, 16)
"""Steps of the path, tried in turn until the terms add up."""
CLOSE = 1e-3
"""What the terms may leave unexplained, as a share of all welfare that changes: told with the split."""
OF_TRADE = (EXPORTED, IMPORTED)

Split = Mapping[str, Matrix]


def split(model: Years) -> dict[str, Matrix]:
    """Losses (N, N) of countries by partner, in money, by the names of `trade.path.PathSplit.partners`, less those that
    are zero; none where trade ends, or where final sales are estimated.

    What is held down counts as the tax or cost that it amounts to. Terms are log shares of income, ln(1 + EV) in all;
    each is scaled by EV / ln(1 + EV), so that together they are EV times income but for the error of the path, which
    `left` tells. The path has no more steps than it needs for that to be small.
    """
    shock = model.central.at.shock
    if model.world.estimated or np.isinf(shock.iceberg).any():
        return {}
    gain = equivalent_variation(model.central.solution)
    log = np.log1p(gain)
    scale = np.divide(gain, log, out=np.ones_like(gain), where=log != 0)
    lost = (scale * model.base.I)[:, None]
    made: dict[str, Matrix] = {}
    for steps in STEPS:
        found = path_split(model.base, shock, steps, rule="romberg", tol=TOL, **model.options)
        made = {name: 0.0 - part * lost for name, part in found.partners.items() if part.any()}
        if left(model, made) <= CLOSE:
            break
    return made


def left(model: Years, found: Split) -> float:
    """What of the welfare the terms do not explain, of all countries, as a share of all that changes."""
    lost = -equivalent_variation(model.central.solution) * model.base.I
    gap = lost - sum((part.sum(axis=1) for part in found.values()), np.zeros_like(lost))
    return float(np.abs(gap).sum() / max(float(np.abs(lost).sum()), np.finfo(float).tiny))


def terms(found: Split) -> dict[str, Vector]:
    """The losses (N,) by term, in the order of TERMS."""
    each = {name: sum(found[p].sum(axis=1) for p in inside(name) if p in found) for name in TERMS}
    return {name: np.asarray(lost) for name, lost in each.items() if any(p in found for p in inside(name))}


def inside(term: str) -> tuple[str, ...]:
    """The names of the parts of a term."""
    return OF_TRADE if term == TERMS[0] else (term,)
