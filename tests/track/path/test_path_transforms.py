"""Scales: where they reach, that they lead back, and what pinned shares become."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.track.path.transforms import SCALES, Scale, mark, scaled, stacked, unpinned, unscaled

ON_SCALE = st.floats(-30, 30)


@pytest.mark.parametrize("scale", ["log", "logit", "none"])
@given(x=ON_SCALE, whole=st.sampled_from([1.0, 100.0]))
def test_a_scale_leads_back(scale: Scale, x: float, whole: float) -> None:
    y = unscaled(x, scale, whole)
    assert unscaled(scaled(y, scale, whole), scale, whole) == pytest.approx(y, rel=1e-12)


@given(x=ON_SCALE, whole=st.sampled_from([1.0, 100.0]))
def test_shares_stay_inside(x: float, whole: float) -> None:
    assert 0 < unscaled(x, "logit", whole) < whole


def test_marks_beyond_reach_are_infinite_and_values_there_are_none() -> None:
    np.testing.assert_array_equal(mark([-1, 0, 1], "log"), [-np.inf, -np.inf, 0])
    np.testing.assert_array_equal(
        mark([-5, 0, 50, 100, 120], "logit", 100), [-np.inf, -np.inf, 0, np.inf, np.inf]
    )
    np.testing.assert_array_equal(scaled([0, 50, 100], "logit", 100), [np.nan, 0, np.nan])
    np.testing.assert_array_equal(scaled([-1, 0, 1], "none"), [-1, 0, 1])


def test_log_odds_by_hand() -> None:
    assert scaled(0.8, "logit") == pytest.approx(np.log(4))
    assert scaled(25, "logit", 100) == pytest.approx(-np.log(3))


def test_the_scale_of_what_ends_at_zero_reaches_zero() -> None:
    assert np.isfinite(mark(0.0, SCALES["net zero"]))
    assert not np.isfinite(mark(0.0, SCALES["level"]))


def test_pinned_shares_move_by_half_a_thing_where_things_were_counted() -> None:
    np.testing.assert_array_equal(unpinned([0, 0.3, 1], 20), [0.025, 0.3, 0.975])
    np.testing.assert_array_equal(unpinned([0, 0.3, 1], np.nan), [np.nan, 0.3, np.nan])


def test_series_end_in_the_last_column() -> None:
    np.testing.assert_array_equal(stacked([[1, 2, 3], [4]]), [[1, 2, 3], [np.nan, np.nan, 4]])
