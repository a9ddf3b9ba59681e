"""Targets that need paths, and those that become a level: marginals, closed forms, bounds that cannot be crossed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.track.path import kinds, mixture, paths
from zizhu.track.path.mixture import Comparator
from zizhu.track.path.transforms import Values, stacked

H = 5


@pytest.fixture(scope="module")
def x() -> Values:
    rng = np.random.default_rng(0)
    return stacked([rng.normal(0.1, 0.15, n).cumsum() for n in (7, 12, 16, 9, 5)])


def simulated(x: Values, draws: int, seed: int = 0) -> Values:
    return np.concatenate([path for _, path in paths.simulated(x, H, draws, seed)])


def test_every_year_of_the_paths_has_the_distribution_of_the_mixture(x: Values) -> None:
    path = simulated(x[:4], 40_000)
    parts = mixture.predicted(x[:4], np.arange(1.0, H + 1))
    for q in (0.05, 0.25, 0.5, 0.75, 0.95):
        below = (path <= mixture.quantile(parts, q)[:, None, :]).mean(axis=1)
        np.testing.assert_allclose(below, q, atol=0.01)


def test_the_same_seed_gives_the_same_paths_whatever_else_is_asked(x: Values) -> None:
    np.testing.assert_array_equal(simulated(x[:4], 400)[2], simulated(x[2:3], 400)[0])
    np.testing.assert_array_equal(simulated(x[:4], 400), simulated(x[:4], 400))
    assert not np.array_equal(simulated(x[:4], 400), simulated(x[:4], 400, seed=1))


def test_paths_in_slices_are_those_at_once(x: Values, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulated(x, 400)
    monkeypatch.setattr(paths, "AT_ONCE", 4000)
    np.testing.assert_array_equal(simulated(x, 400), whole)


@pytest.mark.parametrize("above", [True, False])
def test_reached_by_is_held_at_in_the_first_year_and_never_less_later(x: Values, above: bool) -> None:
    value = np.exp(x[:, -1] + (0.3 if above else -0.3))
    chances = np.array(
        [kinds.reach_by(x, value, years, "log", above, draws=2000) for years in range(1, H + 1)]
    )
    held = mixture.attained(
        mixture.predicted(x, np.arange(1.0, H + 1)), ">=" if above else "<=", value[:, None], "log"
    ).T
    np.testing.assert_allclose(chances[0], held[0], atol=1e-14)
    assert (chances[:, :4] >= held[:, :4]).all()
    assert (np.diff(chances[:, :4], axis=0) > -0.02).all()
    assert np.isnan(chances[:, 4]).all()


def test_reached_by_is_the_share_of_paths_that_were_ever_there(x: Values) -> None:
    mark = x[:4, -1] + 0.2
    ever = (simulated(x[:4], 40_000, seed=5) >= mark[:, None, None]).any(axis=2).mean(axis=1)
    np.testing.assert_allclose(kinds.reach_by(x[:4], np.exp(mark), H, "log"), ever, atol=0.015)


def test_a_level_that_a_scale_cannot_reach_is_never_reached(x: Values) -> None:
    np.testing.assert_array_equal(kinds.reach_by(x[:4], 1.0, H, "logit", draws=400), 0)
    np.testing.assert_array_equal(kinds.reach_by(x[:4], 0.0, H, "log", above=False, draws=400), 0)


def test_a_sum_over_one_year_is_what_was_there_and_the_value_of_that_year(x: Values) -> None:
    observed, value = np.array([1.0, 2, 0, 5, 1]), np.exp(x[:, -1]) * 1.1
    found = kinds.cumulative(x, observed, ">=", observed + value, 1, "log", draws=40_000)
    parts = mixture.predicted(x, [1.0])
    np.testing.assert_allclose(found.p, mixture.attained(parts, ">=", value[:, None], "log")[:, 0], atol=0.01)
    ends = mixture.interval(parts, "log")
    for mine, one in zip((found.lower, found.median, found.upper), ends, strict=True):
        np.testing.assert_allclose(mine - observed, one[:, 0], rtol=0.02)


def test_a_sum_is_narrower_than_the_sum_of_the_ends(x: Values) -> None:
    found = kinds.cumulative(x[:4], 0.0, ">=", 1.0, H, "log")
    lower, _, upper = mixture.interval(mixture.predicted(x[:4], np.arange(1.0, H + 1)), "log")
    assert (found.lower > lower.sum(axis=1)).all()
    assert (found.upper < upper.sum(axis=1)).all()
    assert (found.lower < found.median).all()
    assert (found.median < found.upper).all()


@pytest.mark.parametrize(("one", "other"), [(">=", "<"), (">", "<=")])
def test_chances_of_sums_add_up(x: Values, one: Comparator, other: Comparator) -> None:
    p = [kinds.cumulative(x, 0.0, c, 8.0, H, "log", draws=400).p for c in (one, other)]
    np.testing.assert_allclose(p[0] + p[1], [1, 1, 1, 1, np.nan], atol=1e-15)
    middle = kinds.cumulative(x, 0.0, "range", 8.0, H, "log", high=11.0, draws=400).p
    above = kinds.cumulative(x, 0.0, ">", 11.0, H, "log", draws=400).p
    np.testing.assert_allclose(middle + above + p[1], [1, 1, 1, 1, np.nan], atol=1e-15)


@given(y0=st.floats(0.1, 1e6), g=st.floats(-0.5, 1.0), years=st.integers(1, 30))
def test_average_growth_is_a_level_and_back(y0: float, g: float, years: int) -> None:
    assert kinds.growth_between(y0, kinds.growth_level(y0, g, years), years) == pytest.approx(g, abs=1e-9)


def test_growth_is_unknown_where_a_value_is_not_above_zero() -> None:
    np.testing.assert_array_equal(kinds.growth_between([1, 0, -1], [0, 1, 2], 3), np.nan)


def test_levels_that_targets_on_a_baseline_mean() -> None:
    assert kinds.relative_level(200, -0.65) == pytest.approx(70)
    assert kinds.points_level(8.0, 4.0) == 12
    assert kinds.growth_level(100, 0.07, 2) == pytest.approx(114.49)


@pytest.mark.parametrize(
    ("comparator", "bound"), [(">=", 39.5), (">", 40.5), ("<=", 40.5), ("<", 39.5)], ids=str
)
def test_whole_numbers_stand_for_what_rounds_to_them(comparator: Comparator, bound: float) -> None:
    assert kinds.whole_bound(comparator, 40) == bound
    there = np.linspace(38, 42, 41)
    met = {
        ">=": np.round(there) >= 40,
        ">": np.round(there) > 40,
        "<=": np.round(there) <= 40,
        "<": np.round(there) < 40,
    }[comparator]
    beyond = there > bound if comparator in (">", ">=") else there < bound
    clear = np.abs(there - bound) > 1e-9
    np.testing.assert_array_equal(beyond[clear], met[clear])
