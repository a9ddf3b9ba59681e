"""The backtest on walks whose law is known, its scores by hand, and the gates on real series."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from track.path import real_series
from zizhu.track.path import backtest, conformal, drift, mixture
from zizhu.track.path.backtest import Windows
from zizhu.track.path.drift import PLAIN, Student
from zizhu.track.path.transforms import Values

H = np.arange(1.0, backtest.AHEAD + 1)
TESTED = [0, 2, 4]
"""Columns of the horizons 1, 3 and 5."""
LEAST_IN_FAMILY = 100
"""Windows below which a share says nothing of a family."""


def plain(x: Values, h: Values) -> mixture.Parts:
    return mixture.predicted(x, h, PLAIN)


def of(x: Values, after: Values) -> Windows:
    return Windows(x, after, np.arange(len(x)), np.array(["one"] * len(x)), np.zeros(len(x), dtype=np.intp))


# --- what a backtest is made of ---


def test_windows_are_pieces_of_their_series_with_what_followed() -> None:
    series = [np.arange(100.0, 100 + n) for n in (8, 9, 13, 40)]
    found = backtest.windows(series, ["a", "a", "b", "b"], seed=3)
    assert set(found.group) == {1, 2, 3}
    for x, after, k, family, n in zip(found.x, found.after, found.group, found.family, found.n, strict=True):
        seen, then = x[np.isfinite(x)], after[np.isfinite(after)]
        assert (len(seen), family) == (n, "a" if k < 2 else "b")
        np.testing.assert_array_equal(np.diff(np.append(seen, then)), 1)
        assert series[k][0] <= seen[0]
        assert len(then) == min(backtest.AHEAD, len(series[k]) - n)
    assert sorted(found.n[found.group == 2]) == [6, 8, 10]
    with pytest.raises(ValueError):
        backtest.windows(series[:1], ["a"])


def test_series_that_stand_still_are_not_used() -> None:
    assert backtest.moving(np.array([0.0, 1, 2, 2, 3]))
    assert not backtest.moving(np.array([0.0, 1, 1, 1, 2]))
    assert not backtest.moving(np.array([0.0, np.nan, 1]))
    still = backtest.windows([np.append(np.zeros(8), np.arange(5.0)), np.arange(20.0)], ["a", "a"], (6,))
    assert list(still.group) == [1]


def test_scores_by_hand() -> None:
    x = np.array([[0.0, 1, 3], [0.0, 2, 4], [0.0, 1, 2], [0.0, 1, 2]])
    after = np.array([[4.0], [9.0], [-9.0], [np.nan]])
    zero, one = np.zeros((4, 1)), np.ones((4, 1))
    normal = Student(zero, one, 1e9 * one)
    found = backtest.scores(of(x, after), (normal, normal))
    end = stats.norm.ppf(0.9)
    assert found.windows[0] == 3
    assert (found.coverage[0], found.below[0], found.above[0]) == (
        0,
        pytest.approx(1 / 3),
        pytest.approx(2 / 3),
    )
    assert found.ase[0] == pytest.approx((4 / 1.5 + 9 / 2 + 9 / 1) / 3)
    assert found.width[0] == pytest.approx(2 * end / 1.5, rel=1e-6)


def test_verdicts_by_hand() -> None:
    x, after = (
        np.array([[0.0, 1, 2], [0.0, -1, -2]]),
        np.array([[9.0, 9, 9, 9, 9], [np.nan, np.nan, 0, 0, 0]]),
    )

    def method(x: Values, h: Values) -> mixture.Parts:
        part = Student(x[:, -1:] + 0 * h, np.ones((len(x), len(h))), np.full((len(x), 1), 3.0))
        return (part, part)

    found = backtest.verdicts(of(x, after), method)
    assert len(found.p) == 2 * len(backtest.PACES) * len(backtest.TARGET_YEARS)
    up, down = (found.p[found.group == k] for k in (0, 1))
    np.testing.assert_allclose(up, down, atol=1e-12)
    np.testing.assert_allclose(up[:3], stats.t.sf(0.5 * np.array([3, 4, 5]), 3), rtol=1e-10)
    assert list(found.attained[found.group == 0]) == [True] * 14 + [False]  # 2 + 1.5 * 5 lies above 9
    assert not found.attained[found.group == 1].any()


def test_brier_climatology_and_bins_by_hand() -> None:
    p, met = np.array([0.9, 0.1, 0.4, 0.6]), np.array([True, False, True, False])
    assert backtest.brier(p, met) == pytest.approx((0.01 + 0.01 + 0.36 + 0.36) / 4)
    assert backtest.climatology(met) == backtest.brier(np.full(4, met.mean()), met)
    assert backtest.reliability(p, met, bins=2) == [(2, 0.25, 0.5), (2, 0.75, 0.5)]


def test_halves_are_of_series() -> None:
    group = np.random.default_rng(0).integers(0, 41, 300)
    mine = backtest.halves(group)
    assert not set(group[mine]) & set(group[~mine])
    assert len(set(group[mine])) == 20


def test_the_formulas_as_published_cover_walks_of_their_own_law() -> None:
    rng, n, theta = np.random.default_rng(1), 10, drift.THETA
    v = rng.standard_normal((6000, n + backtest.AHEAD))
    x = (0.3 + v[:, 1:] + theta * v[:, :-1]).cumsum(axis=1)
    walks = of(x[:, :n], np.pad(x[:, n:], ((0, 0), (0, 1)), constant_values=np.nan))
    found = backtest.scores(walks, (drift.farmer_lafond(walks.x, H, PLAIN),) * 2)
    assert np.isnan(found.ase[4])
    # K is estimated from correlated changes as if they had no correlation, which the factor of the paper leaves in
    assert (found.coverage[:4] > 0.74).all()
    assert (found.coverage[:4] < 0.82).all()
    np.testing.assert_allclose(found.below[:4], found.above[:4], atol=0.02)


# --- real series ---


@cache
def windows() -> Windows:
    return real_series.real()


@pytest.mark.slow
@real_series.here
def test_there_are_windows_enough() -> None:
    of = windows()
    assert len(of.x) >= 2000
    assert len(np.unique(of.group)) >= 700
    assert set(of.family) == set(real_series.FAMILIES)


@real_series.here
def test_the_interval_covers_what_it_says_at_every_horizon_and_in_every_family() -> None:
    of = windows()
    found = backtest.scores(of, mixture.predicted(of.x, H))
    assert ((found.coverage >= 0.76) & (found.coverage <= 0.85))[TESTED].all(), found.coverage
    for tail in (found.below, found.above):
        assert ((tail >= 0.06) & (tail <= 0.13))[TESTED].all(), tail
    for name, scores in backtest.by_family(of, mixture.predicted).items():
        assert scores.windows[4] >= LEAST_IN_FAMILY
        assert ((scores.coverage >= 0.70) & (scores.coverage <= 0.90))[TESTED].all(), (name, scores.coverage)


@real_series.here
def test_probabilities_come_true_as_often_as_they_say() -> None:
    found = backtest.verdicts(windows(), mixture.predicted)
    assert len(found.p) > 10_000
    score = backtest.brier(found.p, found.attained)
    assert score <= 0.165
    assert score < 0.85 * backtest.climatology(found.attained)
    bins = backtest.reliability(found.p, found.attained)
    assert all(abs(b.attained - b.predicted) <= 0.07 for b in bins), bins
    assert all(a.attained < b.attained for a, b in pairwise(bins)), bins


@real_series.here
def test_tempering_wins_on_the_series_on_which_it_was_not_chosen() -> None:
    of = windows().where(~backtest.halves(windows().group))
    ours, theirs = (backtest.scores(of, method(of.x, H)) for method in (mixture.predicted, plain))
    assert (ours.ase < theirs.ase).all()
    assert (ours.width < 0.95 * theirs.width).all()
    assert (np.abs(ours.coverage - theirs.coverage) < 0.01).all()
    mine, other = (backtest.verdicts(of, method) for method in (mixture.predicted, plain))
    assert backtest.brier(mine.p, mine.attained) < backtest.brier(other.p, other.attained) - 0.005


@real_series.here
def test_a_second_opinion_agrees_overall_and_not_in_kinds_that_it_never_saw() -> None:
    of = windows()
    score = conformal.scores(of.after, mixture.quantile(mixture.predicted(of.x, H), 0.5), of.unit)
    seen = np.isfinite(score)
    inside = score <= conformal.crossed(score, of.n, of.group)
    share = inside.sum(axis=0, where=seen) / seen.sum(axis=0)
    np.testing.assert_allclose(share, conformal.COVERAGE, atol=0.02)
    mines = of.family == "mines"
    known = conformal.radii(score[~mines], of.n[~mines])
    strange = (score[mines] <= conformal.half_widths(known, of.n[mines], backtest.AHEAD))[seen[mines]].mean()
    assert strange < 0.75
