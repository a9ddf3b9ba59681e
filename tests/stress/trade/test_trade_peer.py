"""Against a plain solver written apart, on random worlds and on the table of WIOD for 2011."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from stress.trade.worlds import cells, world
from tables import hat_algebra, wiod2013
from zizhu.stress.trade.calibrate import from_table
from zizhu.stress.trade.instruments import Tariff, combined
from zizhu.stress.trade.solve import solve
from zizhu.stress.trade.welfare import equivalent_variation


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.floats(0.02, 0.8), st.floats(1.5, 8))
def test_tariffs_in_random_worlds(seed: int, rate: float, theta: float) -> None:
    base = world(seed, 4, 3, tariffs=0.0, theta=theta)
    shock = combined(base, [Tariff(cells(0, [1, 2], [0, 2]), rate), Tariff(cells(1, 0, 1), rate / 2)])
    plain = hat_algebra.Base(base.flow, base.gamma, base.alpha, base.VA, base.D)
    assert_allclose(
        100 * equivalent_variation(solve(base, shock)),
        hat_algebra.welfare(plain, shock.tau, theta),
        atol=1e-6,
    )


@wiod2013.needed
def test_mutual_tariffs_on_wiod() -> None:
    """25 points on all goods between the USA and China; the figures stand with the table's test data."""
    mrio = wiod2013.table(2011)
    assert mrio.final is not None
    N, J = len(mrio.nodes.countries), len(mrio.nodes.sectors)
    untaxed = np.zeros((N, N, J))
    base = from_table(np.asarray(mrio.Z, dtype=float), mrio.final, untaxed, np.full(J, 4.0)).base
    usa, chn = (mrio.nodes.countries.index(c) for c in ("USA", "CHN"))
    goods = list(range(16))
    mutual = [Tariff(cells(usa, chn, goods), 0.25), Tariff(cells(chn, usa, goods), 0.25)]
    found = solve(base, combined(base, mutual))
    assert 100 * equivalent_variation(found)[[usa, chn]] == pytest.approx((-0.081, -0.375), abs=6e-4)
    assert found.convergence.method.startswith("Anderson")
