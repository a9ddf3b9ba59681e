"""Who steps in for sales that stop: conservation, limits of capacity, and small cases by hand."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tables.strategies import mrios, random_table
from zizhu.stress.static.stopped import Block, Stopped, nothing, stopped
from zizhu.stress.static.substitution import First, Replacement, replace
from zizhu.tables.leontief import Index, Vector
from zizhu.tables.mrio import MRIO

ORDERS = get_args(First)


def products(mrio: MRIO) -> Index:
    return np.array([mrio.nodes.sectors.index(s) for s in mrio.nodes.sector], dtype=np.intp)


def ask(mrio: MRIO, stop: Stopped, spare: Vector, sigma: float | Vector, first: First) -> Replacement:
    return replace(mrio.Z, stop, products(mrio), mrio.nodes.country_index, spare, sigma, first)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[MRIO, Stopped, Vector]:
    mrio = draw(mrios())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    of = mrio.nodes.country_index
    rows, columns = np.flatnonzero(of == 0), np.flatnonzero((of == 1) | (rng.random(mrio.n) < 0.2))
    stop = stopped(mrio.Z, [Block(rows, columns, draw(st.floats(0.01, 1)))])
    return mrio, stop, draw(st.sampled_from([0.0, 0.01, 0.25, 10.0])) * mrio.x * rng.random(mrio.n)


@given(cuts(), st.floats(0, 1), st.sampled_from(ORDERS))
def test_nobody_delivers_beyond_his_capacity_and_nobody_gets_more_than_he_wants(
    case: tuple[MRIO, Stopped, Vector], sigma: float, first: First
) -> None:
    mrio, stop, spare = case
    found, size = ask(mrio, stop, spare, sigma, first), mrio.x.max()
    assert (found.gained <= spare * (1 + 1e-12) + 1e-15 * size).all()
    assert (found.replaced <= sigma * found.lost + 1e-12 * size).all()
    assert (found.flows >= 0).all()
    assert (found.remaining >= 0).all()
    assert_allclose(found.lost, found.replaced + found.remaining, rtol=1e-12, atol=1e-12 * size)
    assert found.lost.sum() == pytest.approx(stop.flows.sum(), rel=1e-12)
    assert found.gained.sum() == pytest.approx(found.replaced.sum(), rel=1e-9, abs=1e-12 * size)
    by_product = np.zeros_like(found.replaced)
    np.add.at(by_product, (products(mrio)[found.suppliers][:, None], found.buyers), found.flows)
    assert_allclose(by_product, found.replaced, rtol=1e-9, atol=1e-12 * size)


@given(cuts(), st.sampled_from(ORDERS))
def test_a_buyer_left_wanting_knows_no_seller_with_anything_spare(
    case: tuple[MRIO, Stopped, Vector], first: First
) -> None:
    mrio, stop, spare = case
    found = ask(mrio, stop, spare, 1.0, first)
    left = spare - found.gained > 1e-9 * mrio.x.max()
    product = products(mrio)
    barred = np.zeros((mrio.n, mrio.n), dtype=bool)
    barred[np.ix_(stop.rows, stop.columns)] = stop.flows > 0
    for k, j in zip(*np.nonzero(found.remaining > 1e-9 * mrio.x.max()), strict=True):
        assert not ((product == k) & left & (mrio.Z[:, j] > 0) & ~barred[:, j]).any()


@given(cuts(), st.sampled_from(ORDERS))
def test_those_who_stop_their_sales_do_not_replace_them(
    case: tuple[MRIO, Stopped, Vector], first: First
) -> None:
    mrio, stop, spare = case
    found = ask(mrio, stop, spare + mrio.x, 1.0, first)
    place = np.searchsorted(found.suppliers, stop.rows)
    assert not found.flows[place][stop.flows > 0].any()


@given(cuts(), st.floats(0, 0.99))
def test_more_may_be_replaced_and_less_remains(case: tuple[MRIO, Stopped, Vector], sigma: float) -> None:
    mrio, stop, spare = case
    less, more = (ask(mrio, stop, spare, share, "proportional") for share in (sigma, 1.0))
    assert more.replaced.sum() >= less.replaced.sum() - 1e-9 * mrio.x.max()


@pytest.mark.parametrize("first", ORDERS)
def test_without_spare_capacity_or_without_a_cut_nothing_moves(first: First) -> None:
    mrio = random_table(2, 3, 3, inactive=1)
    stop = stopped(mrio.Z, [Block(np.arange(3), np.arange(3, 6))])
    none = ask(mrio, stop, np.zeros(mrio.n), 1.0, first)
    assert not none.flows.any()
    assert_allclose(none.remaining, none.lost)
    assert not ask(mrio, nothing(), mrio.x, 1.0, first).lost.any()


# three sellers of one product (0, 1, 2) in countries 0, 1, 2 and buyers 3 in country 1 and 4 in country 2
PRODUCT, COUNTRY = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 1, 2])


def flows() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    Z = np.zeros((5, 5))
    Z[:3, 3], Z[:3, 4] = (60, 10, 30), (20, 20, 0)
    return Z


def by_hand(spare: tuple[float, float], sigma: float, first: First = "proportional") -> Replacement:
    Z = flows()
    stop = stopped(Z, [Block(np.array([0]), np.array([3, 4]))])
    return replace(Z, stop, PRODUCT, COUNTRY, np.array([99.0, *spare, 0, 0]), sigma, first)


def test_ample_capacity_replaces_in_proportion_to_present_purchases() -> None:
    found = by_hand((1e3, 1e3), 0.5)
    assert_allclose(found.flows, [[0, 0], [7.5, 10], [22.5, 0]])
    assert_allclose(found.gained, [0, 17.5, 22.5, 0, 0])
    assert_allclose(found.remaining[0, 3:], [30, 10])


def test_a_full_seller_serves_all_alike_and_the_others_take_over() -> None:
    """Asked for 15 and 20 with 7 spare, seller 1 gives 3 and 4; buyer 3 finds the rest of its 60 at seller 2."""
    found = by_hand((7, 1e3), 1.0)
    assert_allclose(found.flows, [[0, 0], [3, 4], [57, 0]])
    assert_allclose(found.remaining[0, 3:], [0, 16])


def test_home_comes_first() -> None:
    """Buyer 3 empties seller 1 of its own country; buyer 4 has none at home that it knows and comes too late."""
    found = by_hand((12, 1e3), 1.0, "home")
    assert_allclose(found.flows, [[0, 0], [12, 0], [48, 0]])
    assert_allclose(found.remaining[0, 3:], [0, 20])
