"""Walks with drift: closed forms, published limits, errors of simulated walks, and indifference to units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from examples import examples
from zizhu.track.path import drift
from zizhu.track.path.drift import PLAIN, TEMPERED, Prior
from zizhu.track.path.transforms import Values, stacked

HORIZONS = np.arange(1.0, 9.0)
CHANGES = arrays.arrays(
    float, st.tuples(st.integers(1, 4), st.integers(5, 12)), elements=st.integers(-1000, 1000).map(float)
)
PRIORS = st.sampled_from([PLAIN, TEMPERED])


def walk(d: Values) -> Values:
    return np.concatenate([np.zeros((len(d), 1)), d.cumsum(axis=1)], axis=1)


def test_drift_and_spread_by_hand() -> None:
    x = np.array([[0.0, 1, 3, 4, 8, 8]])
    of = drift.even(x, PLAIN)
    assert of.mu[0] == pytest.approx(8 / 5)
    assert of.K[0] ** 2 == pytest.approx(np.var([1, 2, 1, 4, 0], ddof=1))
    assert (of.n_e[0], of.df[0]) == (5, 4)


def test_a_drift_as_large_as_its_error_is_halved_and_two_more_changes_are_counted() -> None:
    d = np.array([[1.0, 3, 1, 3, 2, 2]])
    error = np.sqrt(np.var(d, ddof=1) / 6)
    shifted = walk(d - 2 + error)
    of = drift.even(shifted, Prior(1, 2, 0.75))
    assert of.mu[0] == pytest.approx(error / 2)
    typical = 0.75 * np.abs(np.diff(shifted)).mean()
    assert of.K[0] ** 2 == pytest.approx((5 * np.var(d, ddof=1) + 2 * typical**2) / 7)
    assert of.df[0] == 7


def test_without_correlation_the_variance_is_that_of_a_random_walk() -> None:
    variance = drift.walked(HORIZONS, HORIZONS, np.array(7.0), theta=0.0)
    np.testing.assert_allclose(variance, HORIZONS + HORIZONS**2 / 7, rtol=1e-13)


@pytest.mark.parametrize("theta", [0.0, 0.63])
def test_the_covariance_is_that_of_errors_of_correlated_walks(theta: float) -> None:
    m, H, draws = 7, 4, 400_000
    v = np.random.default_rng(1).standard_normal((draws, m + H + 1))
    d = (v[:, 1:] + theta * v[:, :-1]) / np.sqrt(1 + theta**2)
    h = np.arange(1.0, H + 1)
    errors = d[:, m:].cumsum(axis=1) - d[:, :m].mean(axis=1, keepdims=True) * h
    expected = drift.walked(h[:, None], h, np.array(float(m)), theta)
    np.testing.assert_allclose(np.cov(errors.T), expected, atol=0.02 * expected.max())


def test_the_covariance_of_damped_drift_is_that_of_its_errors() -> None:
    m, H, draws = 7, 4, 400_000
    rng = np.random.default_rng(2)
    w = drift.DECAY ** np.arange(m)[::-1]
    h = np.arange(1.0, H + 1)
    past = rng.standard_normal((draws, m)) @ w / w.sum()
    ahead = rng.standard_normal((draws, H)).cumsum(axis=1)
    errors = ahead - past[:, None] * drift.summed(h)
    expected = drift.faded(h[:, None], h, drift.recent(walk(rng.normal(size=(1, m)))).n_e)
    np.testing.assert_allclose(np.cov(errors.T), expected, atol=0.02 * expected.max())


@given(m=st.integers(2, 40), decay=st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_effective_number_of_changes(m: int, decay: float) -> None:
    w = decay ** np.arange(m)
    of = drift.recent(walk(np.random.default_rng(m).normal(size=(1, m))), decay=decay)
    assert of.n_e[0] == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=1e-9)


@given(h=st.integers(1, 20), phi=st.sampled_from([0.5, 0.85, 1.0]))
def test_years_of_drift(h: int, phi: float) -> None:
    assert drift.summed(np.array(float(h)), phi) == pytest.approx(sum(phi**k for k in range(1, h + 1)))


@given(
    d=CHANGES, prior=PRIORS, size=st.sampled_from([0.01, 3.0, 1e6]), shift=st.sampled_from([-7.0, 0.0, 40.0])
)
def test_the_unit_does_not_matter(d: Values, prior: Prior, size: float, shift: float) -> None:
    x = walk(d)
    for model in (drift.farmer_lafond, drift.damped):
        plain, moved = model(x, HORIZONS, prior), model(size * x + shift, HORIZONS, prior)
        far = size * np.abs(d).sum() + abs(shift)
        np.testing.assert_allclose(moved.location, size * plain.location + shift, atol=1e-9 * far, rtol=1e-9)
        np.testing.assert_allclose(moved.scale, size * plain.scale, atol=1e-9 * far, rtol=1e-9)


@examples(40)
@given(d=CHANGES, prior=PRIORS)
def test_a_mirrored_series_has_mirrored_distributions(d: Values, prior: Prior) -> None:
    x = walk(d)
    for model in (drift.farmer_lafond, drift.damped):
        up, down = model(x, HORIZONS, prior), model(-x, HORIZONS, prior)
        np.testing.assert_allclose(down.location, -up.location, atol=1e-9)
        np.testing.assert_array_equal(down.scale, up.scale)


@examples(40)
@given(d=CHANGES)
def test_doubt_only_brings_forecasts_nearer_to_the_last_point(d: Values) -> None:
    x = walk(d)
    for model in (drift.farmer_lafond, drift.damped):
        bold, wary = model(x, HORIZONS, PLAIN), model(x, HORIZONS, Prior(1.0, 0.0, 0.0))
        last = x[:, -1:]
        assert (np.abs(wary.location - last) <= np.abs(bold.location - last) + 1e-9).all()
        np.testing.assert_array_equal(wary.scale, bold.scale)


def test_series_of_unequal_length_are_as_they_are_alone() -> None:
    rng = np.random.default_rng(3)
    series = [rng.normal(0.1, 1, n).cumsum() for n in (6, 15, 9)]
    for model in (drift.farmer_lafond, drift.damped):
        together = model(stacked(series), HORIZONS)
        for k, one in enumerate(series):
            alone = model(one[None], HORIZONS)
            np.testing.assert_allclose(together.location[k], alone.location[0], rtol=1e-12)
            np.testing.assert_allclose(together.scale[k], alone.scale[0], rtol=1e-12)
            assert together.df[k] == alone.df[0]


def test_each_series_may_have_a_horizon_of_its_own() -> None:
    x = walk(np.random.default_rng(4).normal(size=(3, 7)))
    mine = np.array([[1.0], [4.0], [2.0]])
    all_of_them = drift.damped(x, HORIZONS)
    np.testing.assert_allclose(
        drift.damped(x, mine).scale[:, 0], all_of_them.scale[[0, 1, 2], [0, 3, 1]], rtol=1e-12
    )


def test_years_without_gaps_change_nothing() -> None:
    x = walk(np.random.default_rng(5).normal(size=(3, 7)))
    t = np.broadcast_to(np.arange(2000.0, 2008.0), x.shape)
    for model in (drift.farmer_lafond, drift.damped):
        for found, wanted in zip(model(x, HORIZONS, t=t), model(x, HORIZONS), strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_gaps_by_hand() -> None:
    t, x = np.array([[np.nan, 2000, 2001, 2004, 2006]]), np.array([[np.nan, 0.0, 1, 2, 6]])
    found = drift.farmer_lafond(x, [2.0], PLAIN, 0.0, t)
    K2 = ((1 - 1) ** 2 / 1 + (1 - 3) ** 2 / 3 + (4 - 2) ** 2 / 2) / 2
    assert found.location[0, 0] == pytest.approx(6 + 2 * 1)
    assert found.scale[0, 0] ** 2 == pytest.approx(K2 * (2 + 4 / 6))
    w, over = np.array([0.8**5, 0.8**4 + 0.8**3 + 0.8**2, 0.8 + 1]), np.array([1, 3, 2])
    d = np.array([1.0, 1, 4])
    mu = (w * d / over).sum() / w.sum()
    of = drift.recent(x, PLAIN, t=t)
    assert of.mu[0] == pytest.approx(mu)
    assert of.n_e[0] == pytest.approx(w.sum() ** 2 / (w**2 / over).sum())
    assert of.K[0] ** 2 == pytest.approx(((d - mu * over) ** 2 / over).sum() / 2)


def test_a_steady_series_with_gaps_does_not_vary() -> None:
    t = np.array([[2010.0, 2011, 2013, 2014, 2016, 2019, 2020]])
    assert drift.degenerate(0.1 * (t - 2000), t)[0]
    assert not drift.degenerate(0.1 * (t - 2000))[0]


def test_series_that_do_not_vary_are_degenerate_in_any_unit() -> None:
    steady, noisy = np.log(3.7) + 0.07 * np.arange(9), np.array([0.0, 1, 1, 2, 5, 4, 4, 7, 8])
    short = np.array([0.0, 1.0])
    x = stacked([steady, noisy, short, np.full(9, 5.0)])
    for size in (1e-6, 1.0, 1e9):
        np.testing.assert_array_equal(drift.degenerate(size * x), [True, False, True, True])
