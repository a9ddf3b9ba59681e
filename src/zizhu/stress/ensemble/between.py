"""How much of a spread lies between the groups of a category, which has no order that a rank could follow."""

from __future__ import annotations

import numpy as np

from zizhu.stress.ensemble.drivers import ENOUGH, SURE, ranks
from zizhu.tables.leontief import Index, Vector


def between(group: Index, outcome: Vector) -> float:
    """The share of the variance of the ranks of `outcome` (M,) that lies between the groups (M,) of draws.

    What chance puts between as many groups is taken off (Kelley's epsilon squared, 1935). Not a number where chance
    alone may give it: the F of the variances between and within within its lower 95 %. Zero where nothing moves.

    Raises ValueError with fewer than two groups, or fewer than 2 draws a group.
    """
    from scipy.special import fdtri

    _, at = np.unique(group, return_inverse=True)
    count, k = len(at), int(at.max()) + 1
    if k < 2 or count < ENOUGH * k + 1:
        raise ValueError(f"{count} draws of {k} groups: two groups and {ENOUGH * k + 1} draws at least")
    y = ranks(outcome)
    means = np.bincount(at, y) / np.bincount(at)
    total, within = np.sum((y - y.mean()) ** 2), np.sum((y - means[at]) ** 2)
    if total == 0:
        return 0.0
    chance = within / (count - k)
    if (total - within) / (k - 1) <= fdtri(k - 1, count - k, SURE) * chance:
        return float("nan")
    return float((total - within - (k - 1) * chance) / total)
