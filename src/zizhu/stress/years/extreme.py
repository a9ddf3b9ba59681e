"""Where the model should not be believed: trade ends, many suppliers with it, and the elasticity is below one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zizhu.stress.trade.base import Base
from zizhu.stress.trade.envelope import FLAT, LARGE, extreme
from zizhu.stress.years.deals import Deals, priced
from zizhu.tables.leontief import Index
from zizhu.vocab.problems import CannotAnswer, Problem


def unbelievable(base: Base, these: Deals) -> Index:
    """Importers and sectors (k, 2) of which trade ends and that are `envelope.extreme`."""
    importers, _, sectors = these.at[:, these.ended > 0]
    if not len(importers):
        return np.zeros((0, 2), dtype=np.intp)
    found = extreme(base, priced(base, these, np.zeros(len(these.held[0]))).shock, base.theta)
    ending = np.zeros(base.X.shape, dtype=np.bool_)
    ending[importers, sectors] = True
    return found[ending[found[:, 0], found[:, 1]]]


def refused(named: Sequence[str], count: int, where: str) -> CannotAnswer:
    """What to do where there are such cells."""
    return CannotAnswer(
        Problem(
            f"{', '.join(named)} lose more than {LARGE:.0%} of their suppliers ({count} in all), where the elasticity "
            f"is below {FLAT:g}",
            where,
            f"elasticities of {FLAT:g} or more where trade ends: below, what it costs is a matter of the elasticity",
            "Ask for weeks, let a share of the sales go on, take other elasticities or the long run, or insist with "
            "`--allow-extreme` (years: {allow_extreme: true}).",
        )
    )
