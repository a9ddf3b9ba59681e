"""Projection a second time, one series and one horizon at a time, from the formulas alone: nothing of the kernels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy import optimize, special


@dataclass(frozen=True)
class Part:
    """A Student distribution."""

    location: float
    scale: float
    df: float

    def cdf(self, z: float) -> float:
        u = (z - self.location) / self.scale
        tail = float(special.betainc(self.df / 2, 0.5, self.df / (self.df + u**2))) / 2
        return tail if u < 0 else 1 - tail


def learnt(
    d: Sequence[float], w: Sequence[float], doubt: float, weight: float, share: float
) -> tuple[float, float]:
    """Drift and spread of the changes d with weights w, tempered."""
    m = len(d)
    mu = sum(a * b for a, b in zip(w, d, strict=True)) / sum(w)
    squares = sum((change - mu) ** 2 for change in d)
    n_e = sum(w) ** 2 / sum(a**2 for a in w)
    factor = mu**2 / (mu**2 + doubt * squares / (m - 1) / n_e) if mu else 1.0
    typical = share * sum(abs(change) for change in d) / m
    return factor * mu, math.sqrt((squares + weight * typical**2) / (m - 1 + weight))


def parts(x: Sequence[float], h: int, doubt: float, weight: float, share: float) -> list[Part]:
    """Farmer-Lafond and damped drift with theta .63, phi .85 and decay .8."""
    d = [b - a for a, b in pairwise(x)]
    m, theta, phi, decay = len(d), 0.63, 0.85, 0.8
    mu, K = learnt(d, [1.0] * m, doubt, weight, share)
    variance = -2 * theta + (1 + 2 * (m - 1) * theta / m + theta**2) * (h + h**2 / m)
    first = Part(x[-1] + mu * h, K * math.sqrt(variance / (1 + theta**2)), m - 1 + weight)
    w = [decay ** (m - i) for i in range(1, m + 1)]
    mu, s = learnt(d, w, doubt, weight, share)
    D = sum(phi**k for k in range(1, h + 1))
    n_e = sum(w) ** 2 / sum(a**2 for a in w)
    return [first, Part(x[-1] + mu * D, s * math.sqrt(h + D**2 / n_e), m - 1 + weight)]


def cdf(of: Sequence[Part], z: float) -> float:
    """The mixture."""
    return sum(p.cdf(z) for p in of) / len(of)


def quantile(of: Sequence[Part], q: float) -> float:
    """Brent's root between the locations -+ 60 standard deviations."""
    low = min(p.location - 60 * p.scale for p in of)
    high = max(p.location + 60 * p.scale for p in of)
    return float(optimize.brentq(lambda z: cdf(of, z) - q, low, high, xtol=1e-13, rtol=1e-14))
