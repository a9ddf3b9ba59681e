"""The Herfindahl-Hirschman index by hand and by its closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.tables.herfindahl import hhi


def test_squared_shares_by_hand() -> None:
    """Shares of .5, .25 and .25, of .75 and .25, and nothing."""
    found = hhi(np.array([2, 3, 1, 1, 1]), np.array([0, 1, 0, 1, 0]), 3)
    assert found[:2] == pytest.approx([6 / 16, 10 / 16])
    assert np.isnan(found[2])
    assert np.isnan(hhi([]))


@given(st.integers(1, 50), st.floats(1e-3, 1e9))
def test_equal_parts_have_one_over_their_number(count: int, value: float) -> None:
    assert hhi(np.full(count, value)) == pytest.approx(1 / count)


@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=30))
def test_values_whose_squares_are_no_integers_of_the_machine(values: list[int]) -> None:
    exact = sum(v * v for v in values) / sum(values) ** 2
    assert hhi(np.array(values)) == pytest.approx(exact, rel=1e-12)
