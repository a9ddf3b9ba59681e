"""The mixture against a slow second implementation, and what every distribution must obey."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from examples import examples
from track.path import slow_track as slow
from zizhu.track.path import mixture
from zizhu.track.path.drift import PLAIN, TEMPERED, Prior, Student
from zizhu.track.path.mixture import Comparator
from zizhu.track.path.transforms import Values, stacked

HORIZONS = np.arange(1.0, 6.0)
LEVELS = (0.001, 0.1, 0.25, 0.5, 0.8, 0.9, 0.999)
CHANGES = arrays.arrays(
    float,
    st.tuples(st.integers(1, 4), st.integers(5, 12)),
    elements=st.integers(-60, 100).map(lambda k: k / 100),
)


def walk(d: Values) -> Values:
    return np.concatenate([np.zeros((len(d), 1)), d.cumsum(axis=1)], axis=1)


def varied(d: Values) -> Values:
    """Series that are not degenerate."""
    d[:, 0] = d[:, 1] + 0.5
    return walk(d)


@pytest.mark.parametrize("prior", [PLAIN, TEMPERED], ids=["plain", "tempered"])
def test_distribution_and_quantiles_are_those_of_the_slow_way(prior: Prior) -> None:
    rng = np.random.default_rng(0)
    series = [rng.normal(0.1, rng.uniform(0.02, 2), n).cumsum() for n in rng.integers(6, 16, 15)]
    parts = mixture.predicted(stacked(series), HORIZONS, prior)
    found = {q: mixture.quantile(parts, q) for q in LEVELS}
    for k, one in enumerate(series):
        for h in (1, 3, 5):
            alone = slow.parts(one.tolist(), h, *prior)
            size = max(p.scale for p in alone)
            for q in LEVELS:
                assert found[q][k, h - 1] == pytest.approx(slow.quantile(alone, q), abs=1e-9 * size)
            z = one[-1] + 0.3
            assert mixture.cdf(parts, z)[k, h - 1] == pytest.approx(slow.cdf(alone, z), abs=1e-12)


@examples(30)
@given(d=CHANGES, q=st.floats(1e-6, 1 - 1e-6))
def test_a_quantile_leads_back(d: Values, q: float) -> None:
    parts = mixture.predicted(varied(d), HORIZONS)
    np.testing.assert_allclose(mixture.cdf(parts, mixture.quantile(parts, q)), q, atol=1e-11)


@examples(30)
@given(d=CHANGES, q=st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)).filter(lambda t: t[0] < t[1]))
def test_quantiles_are_in_order(d: Values, q: tuple[float, float]) -> None:
    parts = mixture.predicted(varied(d), HORIZONS)
    assert (mixture.quantile(parts, q[0]) <= mixture.quantile(parts, q[1])).all()


@pytest.mark.parametrize("apart", [0.0, 3.0, 1e3, 1e5])
def test_parts_far_apart_are_no_trouble(apart: float) -> None:
    wide = Student(np.array([[0.0]]), np.array([[1.0]]), np.array([[4.0]]))
    sharp = Student(np.array([[apart]]), np.array([[1e-3]]), np.array([[9.0]]))
    for q in (0.01, 0.3, 0.499, 0.5, 0.501, 0.7, 0.99):
        z = mixture.quantile((wide, sharp), q)
        assert mixture.cdf((wide, sharp), z)[0, 0] == pytest.approx(q, abs=1e-7)


def test_equal_parts_are_one_student_distribution() -> None:
    one = Student(np.array([[2.0]]), np.array([[3.0]]), np.array([[6.0]]))
    t = stats.t(6, 2, 3)
    for q in LEVELS:
        assert mixture.quantile((one, one), q)[0, 0] == pytest.approx(t.ppf(q), rel=1e-10)
    for z in (-9.0, 0.0, 2.0, 5.5):
        assert mixture.cdf((one, one), z)[0, 0] == pytest.approx(t.cdf(z), rel=1e-12)
        assert mixture.density((one, one), z)[0, 0] == pytest.approx(t.pdf(z), rel=1e-12)


@examples(30)
@given(d=CHANGES, at=st.floats(-3, 3), width=st.floats(0, 3))
def test_chances_of_comparators_add_up(d: Values, at: float, width: float) -> None:
    parts = mixture.predicted(varied(d), HORIZONS)
    above, below = mixture.holds(parts, ">=", at), mixture.holds(parts, "<", at)
    np.testing.assert_allclose(above + below, 1, atol=1e-14)
    np.testing.assert_array_equal(above, mixture.holds(parts, ">", at))
    np.testing.assert_array_equal(below, mixture.holds(parts, "<=", at))
    between = mixture.holds(parts, "range", at, at + width)
    assert (between >= 0).all()
    np.testing.assert_allclose(between, above - mixture.holds(parts, ">", at + width), atol=1e-12)
    np.testing.assert_array_equal(between, mixture.holds(parts, "~", at, at + width))


@pytest.mark.parametrize(("comparator", "expected"), [(">=", 0.0), (">", 0.0), ("<", 1.0), ("<=", 1.0)])
def test_what_a_scale_cannot_reach_is_certain(comparator: Comparator, expected: float) -> None:
    parts = mixture.predicted(varied(np.full((1, 8), 0.1)), HORIZONS)
    np.testing.assert_array_equal(mixture.attained(parts, comparator, 100, "logit", whole=100), expected)
    np.testing.assert_array_equal(mixture.attained(parts, comparator, 0, "log"), 1 - expected)


@examples(30)
@given(d=CHANGES, rate=st.sampled_from([0.14, 6.9, 1e4]))
def test_money_may_change_its_unit(d: Values, rate: float) -> None:
    x = varied(d)
    here, there = (mixture.predicted(x + shift, HORIZONS) for shift in (0.0, np.log(rate)))
    for lower, upper in zip(mixture.interval(here, "log"), mixture.interval(there, "log"), strict=True):
        np.testing.assert_allclose(upper, rate * lower, rtol=1e-9)
    np.testing.assert_allclose(
        mixture.attained(there, ">=", 1.2 * rate, "log"), mixture.attained(here, ">=", 1.2, "log"), atol=1e-9
    )


@examples(30)
@given(d=CHANGES, at=st.floats(0.05, 0.95))
def test_intervals_of_shares_stay_inside_and_mirror_their_complement(d: Values, at: float) -> None:
    x = varied(d) + np.log(at / (1 - at))
    lower, middle, upper = mixture.interval(mixture.predicted(x, HORIZONS), "logit", whole=100)
    assert (lower > 0).all()
    assert (upper < 100).all()
    assert ((lower <= middle) & (middle <= upper)).all()
    other = mixture.interval(mixture.predicted(-x, HORIZONS), "logit", whole=100)
    np.testing.assert_allclose(100 - other[2], lower, atol=1e-9)


def test_the_ends_of_the_interval_cut_off_its_tails() -> None:
    x = varied(np.full((2, 9), 0.05))
    parts = mixture.predicted(x, HORIZONS)
    lower, _, upper = mixture.interval(parts, "none", coverage=0.9)
    np.testing.assert_allclose(mixture.holds(parts, "<", lower), 0.05, atol=1e-12)
    np.testing.assert_allclose(mixture.holds(parts, ">", upper), 0.05, atol=1e-12)


def test_too_few_points_or_no_variation_have_no_probability() -> None:
    rng = np.random.default_rng(1)
    x = stacked([rng.normal(size=5), rng.normal(size=6), 0.07 * np.arange(9)])
    parts = mixture.predicted(x, HORIZONS)
    np.testing.assert_array_equal(mixture.enough(x), [False, True, False])
    np.testing.assert_array_equal(np.isfinite(mixture.holds(parts, ">=", 0.3))[:, 0], [False, True, False])
    np.testing.assert_array_equal(np.isfinite(mixture.quantile(parts, 0.9))[:, 0], [False, True, False])


def test_series_with_gaps_have_a_distribution_where_they_have_points_enough_and_vary() -> None:
    t = stacked(
        [
            [2010, 2011, 2013, 2014, 2016, 2019, 2020],
            [2015, 2016, 2018, 2019, 2020],
            [2010, 2011, 2013, 2014, 2016, 2019, 2020],
        ]
    )
    x = stacked([[0.0, 0.2, 0.3, 0.7, 0.6, 1.2, 1.5], [0.0, 0.2, 0.3, 0.7, 0.6], 0.1 * (t[2] - 2000)])
    parts = mixture.predicted(x, HORIZONS, t=t)
    np.testing.assert_array_equal(np.isfinite(mixture.holds(parts, ">=", 2.0))[:, 4], [True, False, False])
    alone = mixture.predicted(x[:1], HORIZONS, t=t[:1])
    np.testing.assert_allclose(mixture.quantile(alone, 0.9)[0], mixture.quantile(parts, 0.9)[0], rtol=1e-12)


def test_what_lies_beyond_the_tested_years() -> None:
    np.testing.assert_array_equal(mixture.beyond_tested([1, 5, 6, 38]), [False, False, True, True])


def test_about_a_value_is_between_its_ends() -> None:
    low, high = mixture.about(8.0, 0.5)
    assert (low, high) == (7.5, 8.5)
    x = np.log(8) + walk(np.array([[0.02, 0.05, 0.01, 0.04, 0.03, 0.06]]))
    parts = mixture.predicted(x, [2.0])
    about = mixture.attained(parts, "~", low, "log", high)
    below = [mixture.attained(parts, "<", end, "log") for end in (low, high)]
    np.testing.assert_allclose(about, below[1] - below[0], atol=1e-15)
    assert about[0, 0] > 0
