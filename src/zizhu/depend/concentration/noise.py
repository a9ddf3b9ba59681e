"""The noise of one figure a flow, learnt from the table itself by size of flow.

The level of a flow has lasting shocks and passing noise of variance s^2. Its growth rates d_t = ln v_t - ln v_(t-1)
then have cov(d_t, d_(t+1)) = -s^2 (the moment condition of permanent-transitory models: MaCurdy 1982, J. Econometrics
18), so that lasting changes, which are no noise, do not count. Nor does what all flows of a product have in common in
a year, its price: prices that rise for years on end would hide the noise, and a crash with its rebound would pass for
it. Passing changes of the trade itself count: s is an upper bound of the error of measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.depend.concentration.flows import Index, Vector

LEAST = 200
"""Triples of years that a class of size needs to have a noise of its own."""
TOLD_APART = 10
"""Flows that a group needs for the change that they have in common to be told from their own."""
MAD = 1.4826
"""Standard deviation over median absolute deviation of a normal distribution."""
EFFICIENCY = 0.3675
"""Of the scale from MAD, relative to the standard deviation of a normal sample (Rousseeuw and Croux 1993, JASA 88)."""


@dataclass(frozen=True)
class Noise:
    """Relative standard deviation by decade of size: `sd[k]` from `10**decade[k]` on, the ends for sizes outside.

    `triples[k]` is the number of triples of years that it was learnt from.
    """

    decade: Vector
    sd: Vector
    triples: Index

    def of(self, value: Vector) -> Vector:
        """The noise of flows of these values (n,), in the unit that it was learnt in."""
        place = np.searchsorted(self.decade, np.log10(np.maximum(value, 1e-300)), side="right") - 1
        return np.asarray(self.sd[np.clip(place, 0, len(self.sd) - 1)])


def learn(before: Vector, now: Vector, after: Vector, group: Index) -> Noise:
    """The noise by size, from values (n,) above zero of the same flows in three successive years.

    Flows of a `group` (n,) have a product and years in common. Without LEAST triples of any decade all sizes have one
    noise; without any triple it is zero.
    """
    earlier, here, later = np.log(before), np.log(now), np.log(after)
    first, second = own(here - earlier, group), own(later - here, group)
    decade = np.floor((earlier + here + later) / (3 * np.log(10))).astype(int)
    held = [k for k in np.unique(decade) if np.count_nonzero(decade == k) >= LEAST]
    if not held:
        return Noise(np.zeros(1), np.array([passing(first, second)]), np.array([len(first)]))
    sds = [passing(first[decade == k], second[decade == k]) for k in held]
    return Noise(
        np.array(held, float), np.array(sds), np.array([np.count_nonzero(decade == k) for k in held])
    )


def own(growth: Vector, group: Index) -> Vector:
    """Growth rates (n,) less the median of their group (n,), where it has flows enough to know it."""
    order = np.lexsort((growth, group))
    rates = growth[order]
    starts = np.flatnonzero(np.diff(group[order], prepend=group[order[:1]] - 1))
    counts = np.diff(starts, append=len(rates))
    median = (rates[starts + (counts - 1) // 2] + rates[starts + counts // 2]) / 2
    found = np.empty_like(growth)
    found[order] = rates - np.repeat(np.where(counts >= TOLD_APART, median, 0), counts)
    return found


def passing(first: Vector, second: Vector) -> float:
    """s = sqrt(-cov) of successive growth rates (n,), from robust scales of their sum and difference.

    cov = (scale(first + second)^2 - scale(first - second)^2) / 4 (Gnanadesikan and Kettenring 1972, Biometrics 28).
    Less noise than the standard error of cov cannot be told from none, so -cov is at least that.
    """
    if len(first) == 0:
        return 0.0
    apart, together = _scale(first - second) ** 2, _scale(first + second) ** 2
    error = np.hypot(apart, together) / 4 * np.sqrt(2 / (EFFICIENCY * len(first)))
    return float(np.sqrt(max((apart - together) / 4, error)))


def _scale(values: Vector) -> float:
    return float(MAD * np.median(np.abs(values - np.median(values))))
