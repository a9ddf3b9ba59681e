"""Nested CES: its Cobb-Douglas limit, its duality with prices, and labour that stays in its sector."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from examples import examples
from stress.trade.worlds import cells, world
from zizhu.stress.trade.instruments import Embargo, Iceberg, Tariff, combined, unchanged
from zizhu.stress.trade.nested import nested
from zizhu.stress.trade.solve import rebase, solve
from zizhu.stress.trade.technology import cobb_douglas
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.vocab.problems import ZizhuError

TOL = 1e-12


@pytest.mark.parametrize("near", [1.0, 1 - 1e-12, 1 + 1e-7, 1 - 1e-5, 1 + 1e-5])
def test_the_limit_is_cobb_douglas(near: float) -> None:
    base = world(1, 4, 4)
    shock = combined(base, [Embargo(cells(0, 1, 2)), Tariff(cells(1, 2, [0, 1]), 0.3)])
    plain = equivalent_variation(solve(base, shock, tol=TOL))
    ces = solve(base, shock, technology=nested(base, rho=near, eps=near, sigma=near), tol=1e-11)
    assert_allclose(
        equivalent_variation(ces), plain, atol=max(2 * abs(near - 1) * np.abs(plain).max(), 1e-10)
    )


@examples(20)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 3), st.floats(0.1, 3), st.floats(0.1, 3), st.booleans())
def test_shares_are_slopes_of_prices(seed: int, rho: float, eps: float, sigma: float, sector: bool) -> None:
    """Shephard's lemma: cost shares are the derivatives of the logarithm of unit cost, and spend all of it."""
    base = world(seed)
    of = nested(base, rho=rho, eps=eps, sigma=sigma, sector_labour=sector)
    rng = np.random.default_rng(seed)
    wage, price = rng.normal(0, 0.2, (3, 3) if sector else (3, 1)), rng.normal(0, 0.2, (3, 3))
    gamma, alpha = of.shares(wage, price)
    h = 1e-6
    for k in range(3):
        up, down = price.copy(), price.copy()
        up[:, k], down[:, k] = up[:, k] + h, down[:, k] - h
        slope = (of.cost(wage, up)[0] - of.cost(wage, down)[0]) / (2 * h)
        assert_allclose(gamma[:, k], slope, atol=1e-8)
        slope = (of.consumer_price(up) - of.consumer_price(down)) / (2 * h)
        assert_allclose(alpha[:, k], slope, atol=1e-8)
    cost, materials = of.cost(wage, price)
    Y, income = rng.lognormal(size=(3, 3)), rng.lognormal(size=3)
    X, asked = of.uses(wage, price, cost, materials, Y, income)
    assert_allclose(X, np.einsum("nkj,nj->nk", gamma, Y) + alpha * income[:, None], rtol=1e-12)
    assert_allclose(asked, (1 - gamma.sum(axis=1)) * Y, rtol=1e-12)


def test_labour_that_stays_in_its_sector_is_paid_by_it() -> None:
    base = world(2)
    shock = combined(base, [Tariff(cells(0, [1, 2], 1), 0.5)])
    tied = solve(base, shock, technology=nested(base, sector_labour=True), tol=TOL)
    free = solve(base, shock, tol=TOL)
    after = rebase(tied)
    assert_allclose(after.beta * after.Y, tied.wages * base.beta * base.Y, rtol=1e-9)
    assert_allclose(tied.w * base.VA, (after.beta * after.Y).sum(axis=1), rtol=1e-10)
    assert np.ptp(tied.wages[0]) > 1e-3
    assert np.ptp(free.wages[0]) == 0
    assert tied.wages[0, 1] == tied.wages[0].max()


@pytest.mark.parametrize("sector", [False, True])
def test_fewer_ways_to_replace_an_input_cost_more(sector: bool) -> None:
    base = world(3, 4, 4)
    shock = combined(base, [Iceberg(cells(0, [1, 2, 3], 1), 1.5)])
    found = [
        equivalent_variation(
            solve(base, shock, technology=nested(base, rho=e, eps=e, sigma=e, sector_labour=sector))
        )[0]
        for e in (2.0, 1.0, 0.5, 0.1)
    ]
    assert (np.diff(found) < 0).all()


def test_the_way_back_from_a_nested_world() -> None:
    """Shares of the solved world are those at which the same elasticities lead back."""
    base = world(4)
    ces = {"rho": 0.5, "eps": 0.2, "sigma": 0.9}
    there = solve(
        base,
        combined(base, [Tariff(cells(0, 1, 1), 0.4)]),
        closure="zero",
        technology=nested(base, **ces),
        tol=TOL,
    )
    middle = rebase(there)
    zero = solve(base, unchanged(base), closure="zero", technology=nested(base, **ces), tol=TOL)
    back = combined(middle, [Tariff(cells(0, 1, 1), float(base.tau[0, 1, 1]))])
    here = solve(middle, back, closure="zero", technology=nested(middle, **ces), tol=TOL)
    assert_allclose(
        (1 + equivalent_variation(there)) * (1 + equivalent_variation(here)),
        1 + equivalent_variation(zero),
        rtol=1e-10,
    )


def test_elasticities_are_above_zero() -> None:
    with pytest.raises(ZizhuError) as caught:
        nested(world(1), rho=0.0, eps=-1.0)
    assert len(caught.value.problems) == 2


def test_without_elasticities_it_is_the_core_model() -> None:
    base = world(5)
    price = np.random.default_rng(0).normal(size=(3, 3))
    wage = np.ones((3, 1))
    assert_allclose(nested(base).cost(wage, price)[0], cobb_douglas(base).cost(wage, price)[0], rtol=1e-12)
