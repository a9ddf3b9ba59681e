"""Real series into which gaps are punched: intervals hold what they say, and all points say more than the last run."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from track.path import real_series
from zizhu.track.path import mixture
from zizhu.track.path.transforms import Values

pytestmark = [pytest.mark.slow, real_series.here]
AHEAD, RUN, EARLIER = 5, 6, 5
"""Years ahead; points a year apart at the end; points before them, of twice as many years."""
H = np.arange(1.0, AHEAD + 1)


class Punched(NamedTuple):
    """Points x in years t (S, RUN + EARLIER), and what came after them (S, AHEAD)."""

    x: Values
    t: Values
    after: Values


@cache
def punched(seed: int = 0) -> Punched:
    rng = np.random.default_rng(seed)
    length = RUN + 2 * EARLIER + 1
    found: list[tuple[Values, Values, Values]] = []
    for name in real_series.FAMILIES:
        for x in real_series.family(name):
            for end in range(len(x) - AHEAD, length - 1, -4):
                early = np.sort(rng.choice(length - RUN - 1, EARLIER, replace=False))
                at = np.concatenate([early, np.arange(length - RUN, length)])
                found.append((x[end - length : end][at], at.astype(float), x[end : end + AHEAD]))
    return Punched(*(np.array(column) for column in zip(*found, strict=True)))


def test_the_interval_holds_what_it_says() -> None:
    of = punched()
    assert len(of.x) > 2000
    lower, _, upper = mixture.interval(mixture.predicted(of.x, H, t=of.t), "none")
    known = np.isfinite(lower[:, 0])
    inside = ((of.after >= lower) & (of.after <= upper))[known].mean(axis=0)
    assert known.mean() > 0.99
    assert ((inside[[0, 2, 4]] > 0.76) & (inside[[0, 2, 4]] < 0.85)).all(), inside


def test_all_points_say_more_than_those_of_the_last_run() -> None:
    of = punched()
    step = np.abs(np.diff(of.x[:, -RUN:], axis=1)).mean(axis=1, keepdims=True)
    way = np.sign(of.x[:, -1:] - of.x[:, :1])
    scores = []
    for parts in (mixture.predicted(of.x, H, t=of.t), mixture.predicted(of.x[:, -RUN:], H)):
        squares = []
        for pace in (0.5, 0.75, 1.0, 1.25, 1.5):
            goal = of.x[:, -1:] + way * pace * step * H
            p = np.where(way > 0, 1 - mixture.cdf(parts, goal), mixture.cdf(parts, goal))
            squares.append((p - (way * (of.after - goal) >= 0)) ** 2)
        scores.append(np.nanmean(np.array(squares)[:, :, 2:]))
    assert scores[0] < scores[1] - 0.002
