"""Where a series may stand h years on: random walks whose drift is learnt from n points, as Student distributions.

Notation: x (S, N) series on their scale as in `transforms.stacked`, n points and m = n - 1 changes d of each; t (S, N)
the years of the points where they are not a year apart; h (H,) years after the last point. All answers broadcast to
(S, H).

Farmer and Lafond (2016, Research Policy 45): steps mu + v_t + theta v_(t-1), so that changes are correlated.
Damped drift: recent changes weigh more, and the drift fades with every year (Gardner and McKenzie 1985, Management
Science 31).

Where years are missing between points, a change d over dt years is one of dt steps: d - mu dt has the variance
K^2 dt, and the drift is learnt from all years that the points span. Of real series into which gaps were punched,
intervals so made held what they say; without gaps it is the published formula.

From a few points a drift looks surer, and a spread less sure, than they are. A `Prior` tempers both:
  mu times mu^2 / (mu^2 + doubt K^2 / m): with doubt 1, the factor that makes the expected squared error of f mu
  smallest, with estimates put in (Thompson 1968, JASA 63);
  K^2 = ((m - 1) K^2 + weight (share mean |d|)^2) / (m - 1 + weight), df m - 1 + weight: as if `weight` more changes
  had been seen that differ by `share` of the mean absolute change, the spread that series have in general.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zizhu.track.path.transforms import Flags, Values

THETA = 0.63
"""Correlation parameter of Farmer and Lafond, of the technologies that they pooled."""
PHI = 0.85
"""What a year leaves of the drift."""
DECAY = 0.8
"""Weight of a change relative to the next one."""
ROUNDING = 64 * np.finfo(float).eps
"""Spread of the changes, relative to the values, that rounding alone can make."""


class Prior(NamedTuple):
    """How far drifts are shrunk and spreads are pooled, see above."""

    doubt: float
    weight: float
    share: float


PLAIN = Prior(0.0, 0.0, 0.0)
"""The formulas as published."""
TEMPERED = Prior(1.0, 2.0, 0.75)
"""Chosen on one half of about a thousand real series and better on the other: narrower at the same coverage."""


class Student(NamedTuple):
    """T((z - location) / scale) with df degrees of freedom; each broadcasts to (S, H)."""

    location: Values
    scale: Values
    df: Values


class Learnt(NamedTuple):
    """What a series says of its steps a year (S,): mean, standard deviation, of how many years, degrees of freedom."""

    mu: Values
    K: Values
    n_e: Values
    df: Values


def changes(x: Values, t: Values | None = None) -> tuple[Values, Flags, Values]:
    """Changes d (S, N - 1), 0 where there is none, which there are, and over how many years each is; 1 without t."""
    d = np.diff(x, axis=1)
    there = np.isfinite(d)
    over = np.ones_like(d) if t is None else np.where(there, np.diff(t, axis=1), 1.0)
    return np.where(there, d, 0.0), there, over


def degenerate(x: Values, t: Values | None = None) -> Flags:
    """Series (S,) whose changes differ by no more than rounding does (K = 0), or that have fewer than two."""
    size = np.abs(np.where(np.isfinite(x), x, 0.0)).max(axis=1, initial=0.0)
    return np.asarray(~(np.nan_to_num(even(x, PLAIN, t).K) > ROUNDING * size))


def even(x: Values, prior: Prior = TEMPERED, t: Values | None = None) -> Learnt:
    """All years alike: mu = sum d / sum dt, K^2 = sum (d - mu dt)^2 / dt / (m - 1), tempered; n_e the years seen."""
    d, there, over = changes(x, t)
    return _learnt(d, there, over, there * over, prior)


def recent(x: Values, prior: Prior = TEMPERED, decay: float = DECAY, t: Values | None = None) -> Learnt:
    """Recent years first: a change weighs w, the sum of decay^age over its years; mu = sum (w d / dt) / sum w."""
    d, there, over = changes(x, t)
    if decay == 1:
        return _learnt(d, there, over, there * over, prior)
    age = (over * there)[:, ::-1].cumsum(axis=1)[:, ::-1] - over
    w = there * decay**age * (1 - decay**over) / (1 - decay)
    return _learnt(d, there, over, w, prior)


def _learnt(d: Values, there: Flags, over: Values, w: Values, prior: Prior) -> Learnt:
    m = there.sum(axis=1).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mu = (w * d / over).sum(axis=1) / w.sum(axis=1)
        n_e = w.sum(axis=1) ** 2 / (w**2 / over).sum(axis=1)
        squares = (there * (d - mu[:, None] * over) ** 2 / over).sum(axis=1)
        noise = prior.doubt * squares / (m - 1) / n_e
        factor = np.where(noise > 0, mu**2 / (mu**2 + noise), 1.0)
        df = m - 1 + prior.weight
        pooled = prior.weight * (prior.share * (np.abs(d) / np.sqrt(over)).sum(axis=1) / m) ** 2
        K = np.sqrt((squares + pooled) / df)
    return Learnt(factor * mu, np.where(m > 1, K, np.nan), n_e, df)


def farmer_lafond(
    x: Values, h: Any, prior: Prior = TEMPERED, theta: float = THETA, t: Values | None = None
) -> Student:
    """Farmer and Lafond (2016): location x_n + mu h and

    sd^2 = K^2 / (1 + theta^2) [-2 theta + (1 + 2 (m - 1) theta / m + theta^2) (h + h^2 / m)]

    with the years seen for m where there are gaps.
    """
    of, h = even(x, prior, t), years(h)
    sd = of.K[:, None] * np.sqrt(walked(h, h, of.n_e[:, None], theta))
    return Student(x[:, -1:] + of.mu[:, None] * h, sd, of.df[:, None])


def walked(h: Values, k: Values, m: Values, theta: float = THETA) -> Values:
    """Covariance of the errors of Farmer and Lafond h and k years on for K = 1; h, k and m broadcast.

    [min(1 + theta^2) + 2 (min - 1) theta + theta (h != k) - theta (h + k) / m + (1 + 2 (m - 1) theta / m + theta^2)
    h k / m] / (1 + theta^2), min the smaller of h and k; for h = k it is the variance above.
    """
    first = np.minimum(h, k)
    ahead = first * (1 + theta**2) + 2 * (first - 1) * theta + theta * (h != k)
    past = (1 + 2 * (m - 1) * theta / m + theta**2) * h * k / m
    return np.asarray((ahead - theta * (h + k) / m + past) / (1 + theta**2))


def damped(
    x: Values,
    h: Any,
    prior: Prior = TEMPERED,
    phi: float = PHI,
    decay: float = DECAY,
    t: Values | None = None,
) -> Student:
    """Damped drift: location x_n + mu_w D, D = sum_(k=1..h) phi^k, and sd = s sqrt(h + D^2 / n_e)."""
    of, h = recent(x, prior, decay, t), years(h)
    sd = of.K[:, None] * np.sqrt(faded(h, h, of.n_e[:, None], phi))
    return Student(x[:, -1:] + of.mu[:, None] * summed(h, phi), sd, of.df[:, None])


def faded(h: Values, k: Values, n_e: Values, phi: float = PHI) -> Values:
    """Covariance of the errors of damped drift h and k years on for s = 1: min(h, k) + D_h D_k / n_e."""
    return np.asarray(np.minimum(h, k) + summed(h, phi) * summed(k, phi) / n_e)


def summed(h: Values, phi: float = PHI) -> Values:
    """D (...) = phi + phi^2 + ... + phi^h."""
    return np.asarray(h if phi == 1 else phi * (1 - phi**h) / (1 - phi))


def years(h: Any) -> Values:
    """Horizons as (H,), or (S, 1) where every series has its own."""
    return np.atleast_1d(np.asarray(h, dtype=float))
