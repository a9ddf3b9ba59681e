"""What every method says of every window of a backtest, and what came: the arrays behind all its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from zizhu.track import ratios, settings
from zizhu.track.own_series import Stretch
from zizhu.track.path import backtest, mixture, rivals, rules
from zizhu.track.path.backtest import Index, Outcomes, Targets, Windows
from zizhu.track.path.transforms import Flags, Values, unscaled

MIXTURE, NAIVE, CLIMATOLOGY = "mixture", "naive", "climatology"
DISTRIBUTIONS: Mapping[str, backtest.Method] = {MIXTURE: mixture.predicted, NAIVE: rivals.naive}
ALL = "all"
"""The family of all indicators together."""


class Judged(NamedTuple):
    """What a method says of the targets (C, W, Y): p, NaN where it says nothing, and p - attained."""

    p: Values
    gap: Values


@dataclass(frozen=True)
class Found:
    """Windows of series with the asked horizons (H,), their outcomes by method, and what is said of targets."""

    used: Sequence[Stretch]
    whole: Windows
    horizons: tuple[int, ...]

    @cached_property
    def of(self) -> Windows:
        """The windows (W, N) with what came at the horizons that are asked for (W, H)."""
        return replace(self.whole, after=self.whole.after[:, np.array(self.horizons) - 1])

    @cached_property
    def outcomes(self) -> Mapping[str, Outcomes]:
        """What came beside what every distribution said; only where the mixture says something."""
        h, coverage = np.array(self.horizons, dtype=float), settings.bound("coverage")
        found = {m: backtest.outcomes(self.of, f(self.of.x, h), coverage) for m, f in DISTRIBUTIONS.items()}
        ours = found[MIXTURE].seen
        return {
            m: o._replace(seen=o.seen & ours, below=o.below & ours, above=o.above & ours)
            for m, o in found.items()
        }

    @cached_property
    def goals(self) -> Targets:
        """Synthetic targets at the horizons of three years and more, else at the last one."""
        far = tuple(h for h in self.horizons if h >= backtest.LEAST_AHEAD)
        return backtest.targets(self.whole, far or self.horizons[-1:])

    @cached_property
    def known(self) -> Flags:
        """The targets (C, W, Y) with an outcome and a chance."""
        return self.goals.known & np.isfinite(self.chances[MIXTURE])

    @cached_property
    def chances(self) -> Mapping[str, Values]:
        """The chances (C, W, Y) of targets by method; NaN where one says nothing."""
        found = {m: backtest.chances(self.whole, self.goals, f) for m, f in DISTRIBUTIONS.items()}
        return found | {rule: self._rule(rule) for rule in ratios.judging_rules()}

    def _rule(self, name: str) -> Values:
        """1 where a rule says that a target will be met, 0 where not, NaN where it says nothing."""
        best = rules.rules()[name][0]
        ratio = np.full(self.goals.value.shape, np.nan)
        for scale in dict.fromkeys(s.scale for s in self.used):
            on = np.array([self.used[k].scale == scale for k in self.whole.group])
            if on.any():
                goals, measure = self.goals.where(on), ratios.RATIO_OF[best.measure]
                ratio[:, on] = rivals.ratios(self.whole.where(on), goals, measure, scale)
        yes, there = rivals.said(ratio, float(best.lower or 0.0), best.inclusive)
        return np.where(there, yes.astype(float), np.nan)

    def judged(self, method: str, family: Flags) -> Judged:
        """What a method says of the targets of a family (W,), NaN elsewhere; climatology knows their base rate."""
        here = self.known & family[:, None]
        met = self.goals.attained.astype(float)
        rate = met[here].mean() if here.any() else np.nan
        said = np.full(met.shape, rate) if method == CLIMATOLOGY else self.chances[method]
        p = np.where(here, said, np.nan)
        return Judged(p, p - met)

    @cached_property
    def judges(self) -> tuple[str, ...]:
        """The methods that judge targets, ours first."""
        return (*DISTRIBUTIONS, CLIMATOLOGY, *ratios.judging_rules())

    @cached_property
    def families(self) -> Mapping[str, Flags]:
        """All windows (W,), and those of every indicator where there are several."""
        names = np.unique(self.of.family)
        each = {str(n): self.of.family == n for n in names} if len(names) > 1 else {}
        return {ALL: np.ones(len(self.of.x), dtype=bool)} | each

    @cached_property
    def bins(self) -> list[np.ndarray]:
        """Places of the targets (C W Y,), flat, in bins of equal numbers by our chance."""
        places = np.flatnonzero(self.known)
        found = backtest.binned(self.chances[MIXTURE].ravel()[places])
        return [places[k] for k in found if len(k)]

    @cached_property
    def n(self) -> Index:
        """Points of every window (W,)."""
        return self.of.n

    def stretch(self, w: int) -> Stretch:
        """The series that a window is of."""
        return self.used[int(self.of.group[w])]

    def span(self, w: int) -> range:
        """The places in its series that a window has."""
        end = int(self.of.end[w])
        return range(end - int(self.n[w]), end)

    def at(self, w: int) -> str:
        """The name of a window: `CHN 2005-2014`."""
        s, span = self.stretch(w), self.span(w)
        return f"{s.entity} {s.first + span[0]}-{s.first + span[-1]}"

    def valued(self, w: int, x: float) -> float:
        """A value on the scale of a window's series in its unit."""
        s = self.stretch(w)
        return float(unscaled(x, s.scale, s.whole))
