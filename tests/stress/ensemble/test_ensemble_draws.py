"""Draws cover their bands evenly; the shares of the spread are those of answers whose spread is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.stress.ensemble.band import band
from zizhu.stress.ensemble.draws import drawn
from zizhu.stress.ensemble.drivers import drivers

BANDS = ((0.2, 0.8), (45.0, 135.0), (1.0, 1.5))


@given(st.integers(1, 200), st.integers(0, 2**31))
def test_every_slice_of_a_band_has_one_draw(count: int, seed: int) -> None:
    found = drawn(BANDS, count, seed)
    low, high = np.array(BANDS).T
    slices = np.sort(np.floor((found - low) / (high - low) * count), axis=0)
    assert np.array_equal(slices, np.tile(np.arange(count)[:, None], len(BANDS)))


def test_a_seed_says_all() -> None:
    assert np.array_equal(drawn(BANDS, 50, 7), drawn(BANDS, 50, 7))
    assert not np.array_equal(drawn(BANDS, 50, 7), drawn(BANDS, 50, 8))


@pytest.mark.parametrize(("count", "bands"), [(0, BANDS), (9, ())])
def test_nothing_to_draw(count: int, bands: tuple[tuple[float, float], ...]) -> None:
    assert drawn(bands, count, 1).shape == (count, len(bands))


def test_shares_of_a_linear_answer() -> None:
    """y = 3 a + b + 0 c of uniform draws of one width: variances stand 9 to 1 to 0, ranks come near."""
    draws = drawn(((0, 1),) * 3, 4000, 3)
    shares, rest = drivers(draws, 3 * draws[:, 0] + draws[:, 1])
    assert shares[:2] == pytest.approx([0.9, 0.1], abs=0.02)
    assert np.isnan(shares[2])
    assert rest == pytest.approx(1 - shares[:2].sum())
    assert rest < 0.03


def test_a_steady_curve_counts_in_full_and_a_valley_does_not() -> None:
    draws = drawn(((-1, 1),) * 2, 2000, 5)
    steady, rest = drivers(draws, np.exp(9 * draws[:, 0]))
    assert steady[0] == pytest.approx(1, abs=1e-6)
    assert rest == pytest.approx(0, abs=1e-6)
    assert drivers(draws, draws[:, 1] ** 2)[1] > 0.95


def test_an_answer_that_does_not_move_has_no_drivers() -> None:
    shares, rest = drivers(drawn(BANDS, 20, 1), np.full(20, 4.0))
    assert np.isnan(shares).all()
    assert rest == 1


@pytest.mark.slow
@pytest.mark.parametrize("count", [13, *(pytest.param(n, marks=pytest.mark.slow) for n in (16, 64))])
def test_what_does_nothing_is_told_apart_by_chance_alone(count: int) -> None:
    """One of five inputs moves the answer, beside noise; each other one is taken to in a twentieth of cases."""
    told = np.zeros(5)
    for seed in range(400):
        draws, noise = drawn(((0, 1),) * 5, count, seed), np.random.default_rng(seed).random(count)
        shares, rest = drivers(draws, 2 * draws[:, 0] + 0.3 * noise)
        assert np.nansum(shares) + rest == pytest.approx(1)
        told += ~np.isnan(shares)
    assert told[0] == 400
    assert (told[1:] <= 400 * 0.05 + 4 * np.sqrt(400 * 0.05 * 0.95)).all()
    assert told[1:].sum() > 0


def test_the_shares_of_those_that_count_are_those_without_the_others() -> None:
    draws = drawn(((0, 1),) * 4, 200, 8)
    y = 3 * draws[:, 0] + draws[:, 1]
    shares, rest = drivers(draws, y)
    assert np.isnan(shares).tolist() == [False, False, True, True]
    alone, rest_alone = drivers(draws[:, :2], y)
    assert shares[:2] == pytest.approx(alone)
    assert rest == pytest.approx(rest_alone)


def test_too_few_draws_for_a_ranking() -> None:
    with pytest.raises(ValueError, match="at least 7"):
        drivers(drawn(BANDS, 6, 1), np.arange(6.0))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_a_band_holds_nine_of_ten(values: list[float]) -> None:
    low, high = band(np.array(values)[:, None])
    inside = [low[0] - 1e-6 <= v <= high[0] + 1e-6 for v in values]
    assert sum(inside) >= 0.9 * len(values) - 2
    assert min(values) - 1e-6 <= low[0] <= high[0] <= max(values) + 1e-6
