"""S-curves and experience curves: closed forms and what generated data give back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.track.path import scenarios


@given(
    y0=st.floats(0.01, 0.9), y1=st.floats(0.01, 0.9), gap=st.floats(0.5, 30), C=st.sampled_from([1.0, 100.0])
)
def test_a_logistic_curve_goes_through_both_points_and_half_way_at_its_middle(
    y0: float, y1: float, gap: float, C: float
) -> None:
    if abs(y1 - y0) < 1e-3:
        y1 = y0 + 0.05
    curve = scenarios.logistic_through(2000, C * y0, 2000 + gap, C * y1, C)
    np.testing.assert_allclose(curve.at([2000, 2000 + gap]), [C * y0, C * y1], rtol=1e-7)
    assert curve.at(curve.t_m) == pytest.approx(C / 2)
    assert curve.when(C * y1) == pytest.approx(2000 + gap)


@pytest.mark.parametrize(
    "points", [(0, 0.0, 1, 0.5), (0, 0.5, 1, 1.0), (0, 0.2, 0, 0.5), (0, 0.2, 1, 0.2)], ids=str
)
def test_points_that_fix_no_curve(points: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError):
        scenarios.logistic_through(*points, C=1.0)


def test_bass_adopters_follow_their_equation_and_peak_where_they_say() -> None:
    bass, step = scenarios.Bass(0.03, 0.38), 1e-5
    t = np.linspace(0, 30, 301)
    F = bass.share(t)
    rate = (bass.share(t + step) - bass.share(t - step)) / (2 * step)
    np.testing.assert_allclose(rate, (bass.p + bass.q * F) * (1 - F), atol=1e-7)
    fine = np.linspace(0, 30, 300_001)
    assert fine[np.diff(bass.share(fine)).argmax()] == pytest.approx(bass.peak(), abs=1e-3)
    assert bass.share(0.0) == 0
    assert scenarios.Bass(0.5, 0.2).peak() == 0


def test_an_experience_curve_is_found_again() -> None:
    X = np.geomspace(1, 1e5, 40)
    exact = scenarios.experience(X, 100 * X**-0.32)
    assert (np.exp(exact.a), exact.b, exact.sd) == (
        pytest.approx(100),
        pytest.approx(-0.32),
        pytest.approx(0, abs=1e-9),
    )
    assert exact.cost(2 * X[7]) / exact.cost(X[7]) == pytest.approx(1 - exact.learning_rate)
    assert exact.cost(exact.needed(5.0)) == pytest.approx(5.0)
    noise = np.random.default_rng(0).normal(0, 0.1, 40)
    noisy = scenarios.experience(X, 100 * X**-0.32 * np.exp(noise))
    b, a = np.polyfit(np.log(X), np.log(100 * X**-0.32) + noise, 1)
    assert (noisy.a, noisy.b) == (pytest.approx(a), pytest.approx(b))
    assert noisy.sd == pytest.approx(np.std(noise, ddof=2), rel=0.1)


@pytest.mark.parametrize(
    ("X", "cost"),
    [([1, 2], [3, 4]), ([1, 1, 1], [3, 4, 5]), ([1, 2, 0], [3, 4, 5])],
    ids=["two", "still", "zero"],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_points_that_fix_no_experience_curve(X: list[float], cost: list[float]) -> None:
    with pytest.raises(ValueError):
        scenarios.experience(X, cost)
