"""What the distribution is held against, by hand, and bounds by drawing series again, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from zizhu.track.path import backtest, mixture, pace, resampled, rivals
from zizhu.track.path.backtest import Windows


def rising() -> Windows:
    """A window that doubles every year, and one that falls, both of three points."""
    x = np.log([[1.0, 2, 4], [9.0, 3, 1]])
    after = np.log([[8.0, 16, 20, 24, 28], [1 / 3, 1 / 9, 1 / 27, 1 / 27, 1 / 27]])
    return Windows(x, after, np.arange(2), np.array(["a", "b"]), np.array([3, 3]))


def test_no_change_is_a_walk_without_drift() -> None:
    (part,) = rivals.naive(np.array([[0.0, 1, 3]]), np.array([1.0, 4.0]))
    assert part.location.tolist() == [[3, 3]]
    assert part.scale[0].tolist() == pytest.approx([np.sqrt(2.5), 2 * np.sqrt(2.5)])
    assert part.df.tolist() == [[2]]
    end = mixture.quantile((part,), 0.9)[0, 0]
    assert end == pytest.approx(3 + np.sqrt(2.5) * stats.t.ppf(0.9, 2))


def test_no_change_covers_walks_that_have_none() -> None:
    x = np.random.default_rng(0).standard_normal((4000, 15)).cumsum(axis=1)
    of = Windows(x[:, :10], x[:, 10:], np.arange(4000), np.full(4000, "walk"), np.full(4000, 10))
    found = backtest.scores(of, rivals.naive(of.x, np.arange(1.0, 6)))
    np.testing.assert_allclose(found.coverage, 0.8, atol=0.02)


@pytest.mark.parametrize("scale", ["log", "logit"])
def test_ratios_are_those_of_two_points_and_the_target(scale: rivals.Scale) -> None:
    of = rising()
    goals = backtest.targets(of, (3,))
    found = rivals.ratios(of, goals, pace.cagr_ratio, scale)
    assert found.shape == (len(backtest.PACES), 2, 1)
    if scale == "log":  # a target at the pace of the past is exactly on track, whichever way it goes
        np.testing.assert_allclose(found[backtest.PACES.index(1.0)], 1)
        np.testing.assert_allclose(goals.value[2, :, 0], np.log([32, 1 / 27]))
    assert (np.diff(found, axis=0) < 0).all()  # the higher the target, the further behind


def test_a_rule_says_nothing_where_values_are_not_above_zero() -> None:
    of = rising()
    below = Windows(of.x - 5, of.after - 5, of.group, of.family, of.end)
    found = rivals.ratios(below, backtest.targets(below, (3,)), pace.cagr_ratio, "none")
    said, there = rivals.said(found, 0.95, inclusive=True)
    assert not there.any()
    assert not said.any()


def test_a_rule_says_yes_from_its_bound_on() -> None:
    ratio = np.array([0.94, 0.95, 0.96, np.nan])
    assert rivals.said(ratio, 0.95, inclusive=True)[0].tolist() == [False, True, True, False]
    assert rivals.said(ratio, 0.95, inclusive=False)[0].tolist() == [False, False, True, False]


def test_bounds_of_independent_series_are_those_of_a_binomial_share() -> None:
    inside = (np.arange(400) % 5 > 0).astype(float)[:, None]
    found = resampled.bounds(inside, np.ones((400, 1)), draws=4000)
    reach = stats.norm.ppf(0.975) * np.sqrt(0.8 * 0.2 / 400)
    assert (found.lower[0], found.upper[0]) == pytest.approx((0.8 - reach, 0.8 + reach), abs=0.004)


def test_windows_of_one_series_count_as_one() -> None:
    """Ten copies of every window tell nothing more."""
    inside = (np.arange(60) % 5 > 0).astype(float)
    group = np.arange(60)
    once = resampled.totals(group, np.stack([inside, np.ones(60)], axis=1))
    ten = resampled.totals(np.repeat(group, 10), np.stack([np.repeat(inside, 10), np.ones(600)], axis=1))
    np.testing.assert_array_equal(ten, 10 * once)
    one, other = (resampled.bounds(t[:, :1], t[:, 1:], seed=3) for t in (once, ten))
    assert (one.lower, one.upper) == (other.lower, other.upper)


def test_bounds_of_nothing_are_none() -> None:
    found = resampled.bounds(np.zeros((4, 2)), np.array([[0.0, 1]] * 4))
    assert np.isnan(found.lower[0])
    assert found.lower[1] == 0


def test_every_window_and_horizons_that_are_asked_for() -> None:
    series = [np.arange(12.0) ** 1.5, np.arange(9.0)]
    found = backtest.windows(series, ["a", "b"], (6, 8), ahead=2, every=True)
    assert list(zip(found.group, found.n, found.end, strict=True)) == [
        *((0, 6, end) for end in range(6, 11)),
        *((0, 8, end) for end in range(8, 11)),
        (1, 6, 6),
        (1, 6, 7),
    ]
    assert found.after.shape[1] == 2
    for x, after, k, end in zip(found.x, found.after, found.group, found.end, strict=True):
        assert x[-1] == series[k][end - 1]
        assert after[0] == series[k][end]
