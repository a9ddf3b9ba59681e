"""Paths of events against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.stress.ario.profiles import profile
from zizhu.vocab.problems import ZizhuError


def test_a_ramp_a_hold_and_an_end() -> None:
    np.testing.assert_allclose(profile(9, 2, 3, ramp=1), [0, 0, 0.5, 1, 1, 1, 0, 0, 0])


def test_linear_recovery_is_over_at_tau() -> None:
    np.testing.assert_allclose(profile(8, 1, 2, recovery=4), [0, 1, 1, 0.75, 0.5, 0.25, 0, 0])


def test_convex_recovery() -> None:
    found = profile(40, 0, 1, recovery=10, shape="convex")
    np.testing.assert_allclose(found, 0.9 ** np.arange(40.0))


def test_concave_recovery_is_half_done_at_half_of_tau() -> None:
    found = profile(61, 0, 1, recovery=60, shape="concave")
    assert found[30] == pytest.approx(0.5)
    assert found[5] > 0.99
    assert (np.diff(found) <= 0).all()
    assert found[1] == pytest.approx(1 / (1 + 1e-6 / 60), rel=1e-12)


def test_bad_times_are_named_together() -> None:
    with pytest.raises(ZizhuError) as caught:
        profile(10, -1, -1, ramp=-1, recovery=-1)
    assert len(caught.value.problems) == 4
    with pytest.raises(ZizhuError, match="more than 2"):
        profile(10, 0, 1, recovery=2, shape="concave")
