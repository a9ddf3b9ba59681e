"""Against a plain solver written apart, on random worlds and on the table of WIOD for 2011; its pairs one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from stress.trade.worlds import cells, place_wiod, wiod, world
from tables import hat_algebra, wiod2013
from zizhu.stress.trade.base import Base
from zizhu.stress.trade.instruments import Shock, Tariff, combined
from zizhu.stress.trade.path import path_split
from zizhu.stress.trade.solve import solve
from zizhu.stress.trade.welfare import equivalent_variation

GOODS = list(range(16))
"""Agriculture to other manufacturing in the 35 sectors of WIOD."""


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
    base, usa, chn = wiod(), place_wiod("USA"), place_wiod("CHN")
    mutual = [Tariff(cells(usa, chn, GOODS), 0.25), Tariff(cells(chn, usa, GOODS), 0.25)]
    found = solve(base, combined(base, mutual))
    assert 100 * equivalent_variation(found)[[usa, chn]] == pytest.approx((-0.081, -0.375), abs=6e-4)
    assert found.convergence.method.startswith("Anderson")


def tariff(base: Base, importer: int, exporter: int) -> Shock:
    return combined(base, [Tariff(cells(importer, exporter, GOODS), 0.25)])


@pytest.mark.slow
@wiod2013.needed
def test_a_tariff_of_every_region_on_every_other() -> None:
    """Signs that docs/trade.md reports: exporters and the world lose wherever there is trade, importers mostly."""
    base = wiod()
    N = base.countries
    goods = base.flow[:, :, GOODS].sum(axis=2)
    ev = np.zeros((N, N, N))
    for n, i in itertools.permutations(range(N), 2):
        found = solve(base, tariff(base, n, i))
        assert found.convergence.method == "Anderson"
        ev[n, i] = equivalent_variation(found)
    at, traded = np.arange(N), (goods > 0) & ~np.eye(N, dtype=bool)
    of_importer, of_exporter = ev[at[:, None], at, at[:, None]], ev[at[:, None], at, at]
    of_world = ev @ base.I / base.I.sum()
    assert traded.sum() == 1610
    assert np.abs(ev[~traded]).max() < 1e-12
    assert (of_exporter[traded] < 0).all()
    assert (of_world[traded] < 0).all()
    assert (of_importer[traded] > 0).sum() == 468
    assert 100 * of_exporter.min() == pytest.approx(-2.820, abs=1e-3)
    assert 100 * of_importer[place_wiod("TWN"), place_wiod("RoW")] == pytest.approx(0.381, abs=1e-3)


@wiod2013.needed
@pytest.mark.parametrize(("importer", "exporter", "gains"), [("CZE", "DEU", True), ("LUX", "DEU", False)])
def test_importers_gain_where_terms_of_trade_outweigh_the_trade_lost(
    importer: str, exporter: str, gains: bool
) -> None:
    base, n = wiod(), place_wiod(importer)
    split = path_split(base, tariff(base, n, place_wiod(exporter)), 8).terms
    terms, volume = split["terms_of_trade"][n], split["volume_of_trade"][n]
    assert volume < 0 < terms
    assert (terms + volume > 0) == gains


@wiod2013.needed
def test_a_third_region_loses_what_its_customers_no_longer_buy() -> None:
    """Luxembourg, 71 % of whose exports go to the rest of the world, when the USA taxes the goods of that."""
    base, lux, rest = wiod(), place_wiod("LUX"), place_wiod("RoW")
    exports = base.flow[:, lux].sum(axis=1)
    assert exports[rest] / np.delete(exports, lux).sum() == pytest.approx(0.71, abs=0.005)
    split = path_split(base, tariff(base, place_wiod("USA"), rest), 8).terms
    assert 100 * split["terms_of_trade"][lux] == pytest.approx(-1.115, abs=2e-3)
    assert np.abs([v[lux] for name, v in split.items() if name != "terms_of_trade"]).max() < 1e-12
