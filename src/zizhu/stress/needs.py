"""What both horizons take from a scenario alike: how badly industries need their inputs, how losses meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zizhu.stress.ario.shocks import Combine
from zizhu.stress.scenario.model import Needs
from zizhu.tables.leontief import Matrix

COMBINE: Mapping[str, Combine] = {"compound": "independent", "largest": "max"}
"""How losses of capacity of one industry meet, in the words of scenarios and of the kernels."""
HALF = 0.5
"""How far an important input binds, of an essential one (Pichler et al. 2022)."""


def essential(needs: Needs, sectors: Sequence[str]) -> Matrix:
    """How far the lack of an input binds its user (S inputs, S users): 1 essential, .5 important, 0 not critical."""
    order = {s: k for k, s in enumerate(sectors)}
    found = np.ones((len(order), len(order)))
    for codes, value in ((needs.important, HALF), (needs.non_critical, 0.0)):
        for code in codes:
            used, _, user = code.partition(":")
            found[order[used], order[user] if user else slice(None)] = value
    return found
