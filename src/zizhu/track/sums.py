"""How many of several targets are met, where they are not independent.

Notation: p (S,) chances, some of them 0 or 1, in groups that move together. Within a group one uniform draw U decides:
target i is met where U < p_i, so that whoever is likelier is met whenever a less likely one is. Of all joint
distributions with the same chances this spreads the number most (comonotone variables are largest in convex order).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zizhu.track import settings

Values = NDArray[np.float64]


class Spread(NamedTuple):
    """The expected number met; its interval where groups are drawn apart, and where one draw moves all targets."""

    expected_met: float
    low: float
    high: float
    lowest: float
    highest: float


def met(p: Sequence[float], group: Sequence[Hashable]) -> Spread:
    """The number met of targets with chances p in groups that move together; ends cut off equal tails."""
    tail = (1 - settings.bound("coverage")) / 2
    by_group: dict[Hashable, list[float]] = {}
    for chance, name in zip(p, group, strict=True):
        by_group.setdefault(name, []).append(chance)
    apart = np.array([1.0])
    for chances in by_group.values():
        apart = np.convolve(apart, together(chances))
    return Spread(float(sum(p)), *_ends(apart, tail), *_ends(together(p), tail))


def together(p: Sequence[float]) -> Values:
    """The chances (S + 1,) of 0 to S met where one draw decides: k are met where U is between the chances in order.

    >>> together([0.5, 0.9]).round(12).tolist()
    [0.1, 0.4, 0.5]
    """
    ordered = np.concatenate([[1.0], np.sort(np.asarray(p, dtype=float))[::-1], [0.0]])
    return np.asarray(ordered[:-1] - ordered[1:])


def _ends(of: Values, tail: float) -> tuple[float, float]:
    """The smallest numbers whose distribution function reaches `tail` and 1 - `tail`."""
    reached = np.cumsum(of) + 1e-12  # of sums of chances
    return float(np.argmax(reached >= tail)), float(np.argmax(reached >= 1 - tail))
