"""Curves that assume a mechanism: S-curves of diffusion and experience curves of cost. Scenarios, never a verdict.

On real series they foresaw less than a damped drift, where diffusion and learning are at home too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zizhu.track.path.transforms import Values, mark


class Logistic(NamedTuple):
    """y = C / (1 + exp(-r (t - t_m))): ceiling C in the unit of y, rate r a year, midpoint t_m."""

    C: float
    r: float
    t_m: float

    def at(self, t: Any) -> Values:
        """y (...) at times t."""
        return np.asarray(self.C / (1 + np.exp(-self.r * (np.asarray(t, float) - self.t_m))))

    def when(self, y: Any) -> Values:
        """The time at which y (...), between 0 and C, is passed: t_m + logit(y / C) / r."""
        return np.asarray(self.t_m + mark(y, "logit", self.C) / self.r)


def logistic_through(t0: float, y0: float, t1: float, y1: float, C: float) -> Logistic:
    """The logistic curve with ceiling C through two points; r is the change of the log odds a year.

    Raises ValueError unless both lie strictly between 0 and C and differ, at different times.
    """
    if not (0 < y0 < C and 0 < y1 < C and t0 != t1 and y0 != y1):
        raise ValueError("two different points strictly between zero and the ceiling fix a logistic curve")
    odds = mark([y0, y1], "logit", C)
    r = float(odds[1] - odds[0]) / (t1 - t0)
    return Logistic(C, r, t0 - float(odds[0]) / r)


class Bass(NamedTuple):
    """Bass (1969, Management Science 15): innovation p and imitation q a year, t years after the launch."""

    p: float
    q: float

    def share(self, t: Any) -> Values:
        """F (...) = (1 - exp(-(p + q) t)) / (1 + (q / p) exp(-(p + q) t)), adopters as a share of all ever."""
        left = np.exp(-(self.p + self.q) * np.asarray(t, float))
        return np.asarray((1 - left) / (1 + self.q / self.p * left))

    def peak(self) -> float:
        """When most adopt a year: ln(q / p) / (p + q), at the launch where q <= p."""
        return max(0.0, float(np.log(self.q / self.p) / (self.p + self.q)))


def bass_of(F: Any) -> Bass:
    """The discrete Bass model of shares of all adopters F (n,), a year apart, n >= 4: dF = (p + q F) (1 - F).

    Least squares of dF / (1 - F) on F, as Bass estimated it with the potential unknown. Raises ValueError unless all
    lie strictly between 0 and 1, rise from first to last, and give p and q above zero.
    """
    share = np.asarray(F, float)
    if len(share) < 4 or not ((share > 0) & (share < 1)).all() or share[-1] <= share[0]:
        raise ValueError("four rising shares strictly between zero and the whole fix a Bass curve")
    hazard, at = np.diff(share) / (1 - share[:-1]), share[:-1]
    away = at - at.mean()
    q = float(away @ hazard / (away @ away))
    p = float(hazard.mean() - q * at.mean())
    if not (p > 0 and q > 0):
        raise ValueError("the shares do not spread as the model has it: p or q is not above zero")
    return Bass(p, q)


def bass_onward(curve: Bass, F: float, years: int) -> Values:
    """Shares (years,) after a share F by the discrete model."""
    found = []
    for _ in range(years):
        F = F + (curve.p + curve.q * F) * (1 - F)
        found.append(F)
    return np.array(found)


class Experience(NamedTuple):
    """cost = exp(a) cumulative^b: Wright (1936). `sd` is the standard deviation of the residuals in logs."""

    a: float
    b: float
    sd: float

    @property
    def learning_rate(self) -> float:
        """What every doubling takes off the cost: 1 - 2^b."""
        return float(1 - 2**self.b)

    def cost(self, cumulative: Any) -> Values:
        """Cost (...) at a cumulative quantity, in the units of the fit."""
        return np.asarray(np.exp(self.a + self.b * np.log(np.asarray(cumulative, float))))

    def needed(self, cost: float) -> float:
        """The cumulative quantity at which a cost is reached."""
        return float(np.exp((np.log(cost) - self.a) / self.b))


def experience(cumulative: Any, cost: Any) -> Experience:
    """The least-squares line of ln cost on ln cumulative quantity, from n >= 3 points (n,) above zero.

    Raises ValueError otherwise, or where the quantity does not change.
    """
    X, y = np.log(np.asarray(cumulative, float)), np.log(np.asarray(cost, float))
    if len(X) < 3 or not (np.isfinite(X).all() and np.isfinite(y).all() and np.ptp(X) > 0):
        raise ValueError("an experience curve needs three points above zero and a quantity that changes")
    away = X - X.mean()
    b = float(away @ (y - y.mean()) / (away @ away))
    a = float(y.mean() - b * X.mean())
    residuals = y - a - b * X
    return Experience(a, b, float(np.sqrt(residuals @ residuals / (len(X) - 2))))
