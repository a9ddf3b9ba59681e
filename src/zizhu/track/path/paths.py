"""Whole paths into the years ahead, for targets that ask for more than the value at the deadline.

Notation: x (S, N) series on their scale, P draws, H years; paths (S, P, H). One half of the draws follows each part of
the mixture through all years, so that the values of every year have the distribution of `mixture.predicted`, and
years hang together by the covariance of their errors (`drift.walked`, `drift.faded`). The same seed gives all series
the same draws: an answer does not depend on what else is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy import special

from zizhu.track.path import drift
from zizhu.track.path.drift import TEMPERED, Learnt, Prior
from zizhu.track.path.mixture import enough
from zizhu.track.path.transforms import Flags, Values

DRAWS = 4000
_ALIKE = 9
"""Decimals to which numbers of years are one, whatever order they were summed in."""
AT_ONCE = 2**22
"""Numbers of paths in memory at a time."""

Covariance = Callable[[Values, Values, Values], Values]


def simulated(
    x: Values,
    H: int,
    draws: int = DRAWS,
    seed: int = 0,
    prior: Prior = TEMPERED,
    t: Values | None = None,
) -> Iterator[tuple[slice, Values]]:
    """Paths (s, P, H) of the years 1 to H, a slice of series at a time; NaN where `mixture.enough` is false.

    t (S, N) are the years of the points, where some are missing.
    `draws` is a multiple of four: two parts, each draw with its mirror image.
    """
    normal, unit = _base(H, draws // 4, seed)
    step = max(1, AT_ONCE // (draws * H))
    for start in range(0, len(x), step):
        part = slice(start, start + step)
        yield part, _paths(x[part], None if t is None else t[part], normal, unit, prior)


def _base(H: int, count: int, seed: int) -> tuple[Values, Values]:
    """Normal draws (2 count, H) with their mirror images and evenly spread uniform draws (2 count,)."""
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((count, H))
    unit = (rng.permutation(count) + rng.random(count)) / count
    return np.concatenate([normal, -normal]), np.concatenate([unit, unit])


def _paths(x: Values, t: Values | None, normal: Values, unit: Values, prior: Prior) -> Values:
    h = np.arange(1.0, normal.shape[1] + 1)
    halves = [
        _part(drift.even(x, prior, t), h, drift.walked, normal, unit),
        _part(drift.recent(x, prior, t=t), drift.summed(h), drift.faded, normal, unit),
    ]
    found = np.concatenate(halves, axis=1) + x[:, -1:, None]
    found[~enough(x, t)] = np.nan
    return found


def _part(of: Learnt, ahead: Values, covariance: Covariance, normal: Values, unit: Values) -> Values:
    """Changes since the last point (S, P, H) of one part: multivariate Student, ahead (H,) the years of drift."""
    h = np.arange(1.0, len(ahead) + 1)
    found = np.empty((len(of.mu), *normal.shape))
    known, n_years = np.isfinite(of.K), np.round(of.n_e, _ALIKE)
    for n_e, df in np.unique(np.stack([n_years, of.df])[:, known], axis=1).T:
        mine = np.flatnonzero(known & (n_years == n_e) & (of.df == df))
        root = np.linalg.cholesky(covariance(h[:, None], h, np.array(n_e)))
        shape = (normal @ root.T) / np.sqrt(special.chdtri(df, 1 - unit) / df)[:, None]
        found[mine] = of.mu[mine, None, None] * ahead + of.K[mine, None, None] * shape
    return found


def reached(
    x: Values,
    mark: Values,
    H: int,
    at_deadline: Values,
    above: Flags,
    draws: int = DRAWS,
    seed: int = 0,
    t: Values | None = None,
) -> Values:
    """The chance (S,) that a mark (S,) is reached in at least one of the years 1 to H.

    `at_deadline` (S,) is the exact chance that it holds in year H; draws only add the paths that were there before
    and are not any more. `above` (S,): whether the mark is to be reached from below.
    """
    found = np.array(at_deadline, dtype=float)
    for part, path in simulated(x, H, draws, seed, t=t):
        way = np.where(above[part], 1.0, -1.0)[:, None, None]
        there = way * (path - mark[part][:, None, None]) >= 0
        found[part] += (there[:, :, :-1].any(axis=2) & ~there[:, :, -1]).mean(axis=1)
    return np.asarray(np.where(enough(x, t), found, np.nan))


def totals(x: Values, H: int, back: Callable[[Values], Values], draws: int = DRAWS, seed: int = 0) -> Values:
    """Sums (S, P) of the values of the years 1 to H, `back` (S, P, H) -> (S, P, H) from the scale to the unit."""
    found = np.empty((len(x), draws))
    for part, path in simulated(x, H, draws, seed):
        found[part] = back(path).sum(axis=2)
    return found
