"""Trade that ends where the elasticity is too small to know what that costs: refused, left out of a band, held at one.

The rule is `trade.envelope.stopped`; here is what becomes of it in a scenario with several sets of elasticities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zizhu.stress.trade.base import Base
from zizhu.stress.trade.envelope import FLAT, stopped
from zizhu.stress.trade.instruments import Shock
from zizhu.stress.years.deals import Deals, priced
from zizhu.stress.years.thetas import Elastic
from zizhu.tables.leontief import Index, Vector
from zizhu.vocab.problems import CannotAnswer, Problem


def moderate(base: Base, these: Deals, elastic: Elastic) -> Elastic:
    """The elasticities without sets by which trade ends below an elasticity of one, and with draws held at one there.

    The first set stays: see `flat`.
    """
    if not these.ended.any():
        return elastic
    shock = _shock(base, these)
    flat = [k for k in range(1, len(elastic.names)) if len(stopped(base, shock, elastic.published(k)))]
    ended = np.zeros(base.sectors, dtype=np.bool_)
    ended[stopped(base, shock, base.theta, flat=np.inf)[:, 2]] = True
    kept = [k for k in range(len(elastic.names)) if k not in flat]
    return replace(
        elastic,
        names=tuple(elastic.names[k] for k in kept),
        theta=elastic.theta[kept],
        spread=elastic.spread[kept],
        flat=tuple(elastic.names[k] for k in flat),
        least=np.where(ended, FLAT, 0.0),
    )


def flat(base: Base, these: Deals) -> Index:
    """The sectors (k,) whose trade ends somewhere though their elasticity in `base` is below one."""
    return np.unique(stopped(base, _shock(base, these), base.theta)[:, 2])


def _shock(base: Base, these: Deals) -> Shock:
    return priced(base, these, np.zeros(len(these.held[0]))).shock


def refused(sectors: Sequence[str], theta: Vector, term: str, where: str) -> CannotAnswer:
    """What to do where trade ends in `sectors`, whose elasticities are `theta`."""
    each = ", ".join(f"{s} ({t:.3g})" for s, t in zip(sectors, theta, strict=True))
    longer = "" if term == "long_run" else "take the long run (years: {term: long_run}), "
    return CannotAnswer(
        Problem(
            f"trade between countries ends in sectors whose elasticity is below {FLAT:g}: {each}",
            where,
            f"elasticities of {FLAT:g} or more where trade ends: below, the model does not know what that costs",
            "Let a part of the sales go on (`kind: quota`, `limit: 0.1`), ask for the horizon of weeks, "
            f"{longer}or insist with `--allow-extreme` (years: {{allow_extreme: true}}).",
        )
    )
