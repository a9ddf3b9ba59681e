"""The factorisation against dense algebra and against the numbers of a textbook.

Miller and Blair (2009), Input-Output Analysis, 2nd ed., section 2.3: two sectors, Z = [[150, 500], [200, 100]],
x = (1000, 2000).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tables.strategies import COUNTRIES, SECTORS, dense, mrios, table
from zizhu.tables.leontief import coefficients, factor, reciprocal, value_added_share
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer

BOOK_Z = np.array([[150.0, 500.0], [200.0, 100.0]])
BOOK_X = np.array([1000.0, 2000.0])


# --- the textbook ---


def test_textbook_coefficients() -> None:
    assert_allclose(coefficients(BOOK_Z, BOOK_X, np.arange(2)), [[0.15, 0.25], [0.20, 0.05]], rtol=1e-15)
    assert_allclose(value_added_share(BOOK_Z, BOOK_X), [0.65, 0.70], rtol=1e-15)


def test_textbook_inverse() -> None:
    L = factor(BOOK_Z, BOOK_X).inverse
    assert_allclose(L, [[1.2541, 0.3300], [0.2640, 1.1221]], atol=5.1e-5)
    assert_allclose(L, [[0.95 / 0.7575, 0.25 / 0.7575], [0.20 / 0.7575, 0.85 / 0.7575]], rtol=1e-15)


def test_textbook_output_for_new_final_demand() -> None:
    x = factor(BOOK_Z, BOOK_X).solve(np.array([600.0, 1500.0]))
    assert_allclose(x, [1247.5, 1841.6], atol=0.06)
    assert_allclose(x, [945 / 0.7575, 1395 / 0.7575], rtol=1e-15)


def test_textbook_output_multipliers() -> None:
    assert_allclose(
        factor(BOOK_Z, BOOK_X).solve_transposed(np.ones(2)), [1.15 / 0.7575, 1.10 / 0.7575], rtol=1e-15
    )


# --- against dense algebra ---


@given(mrios(), st.integers(0, 2**32 - 1))
def test_solves_and_inverse_are_those_of_dense_algebra(mrio: MRIO, seed: int) -> None:
    rng = np.random.default_rng(seed)
    L = dense(mrio).L
    one, many = rng.normal(size=mrio.n), rng.normal(size=(mrio.n, 3))
    assert_allclose(mrio.lu.inverse, L, rtol=1e-10, atol=1e-10)
    for b in (one, many, np.asfortranarray(many)):
        given_b = b.copy()
        assert_allclose(mrio.lu.solve(b), L @ b, rtol=1e-10, atol=1e-10)
        assert_allclose(mrio.lu.solve_transposed(b), L.T @ b, rtol=1e-10, atol=1e-10)
        assert np.array_equal(b, given_b)


@given(mrios())
def test_output_is_what_its_final_demand_calls_for(mrio: MRIO) -> None:
    assert_allclose(mrio.lu.solve(mrio.sales_elsewhere), mrio.x, rtol=1e-9, atol=1e-9 * mrio.x.max())


@given(mrios())
def test_value_added_shares_add_up_to_one_unit(mrio: MRIO) -> None:
    content = mrio.lu.solve_transposed(mrio.v)
    assert_allclose(content[mrio.x > 0], 1.0, rtol=1e-10)
    assert (content[mrio.x == 0] == 0).all()


@given(mrios())
def test_inverse_is_at_least_the_identity(mrio: MRIO) -> None:
    L = mrio.lu.inverse
    assert (L >= -1e-12).all()
    assert (L.diagonal() >= 1 - 1e-12).all()


@given(mrios())
def test_factoring_changes_neither_flows_nor_output(mrio: MRIO) -> None:
    Z, x = mrio.Z.copy(), mrio.x.copy()
    factor(mrio.Z, mrio.x)
    assert np.array_equal(mrio.Z, Z)
    assert np.array_equal(mrio.x, x)


@given(mrios())
def test_single_precision_flows_are_taken_at_their_exact_value(mrio: MRIO) -> None:
    narrow = mrio.Z.astype(np.float32)
    assert np.array_equal(factor(narrow, mrio.x).factors, factor(narrow.astype(float), mrio.x).factors)
    assert np.array_equal(value_added_share(narrow, mrio.x), value_added_share(narrow.astype(float), mrio.x))


def test_threads_that_solve_at_once_get_what_each_gets_alone() -> None:
    rng = np.random.default_rng(1)
    n = 1200
    lu = factor(rng.random((n, n)) / n, np.ones(n))
    demands = np.asfortranarray(rng.random((n, 200)))
    alone = lu.solve(demands)
    with ThreadPoolExecutor(2) as threads:
        at_once = list(threads.map(lu.solve, [demands] * 6))
    assert all(np.array_equal(found, alone) for found in at_once)


def test_nodes_without_output_have_no_coefficients() -> None:
    Z, x = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([4.0, 0.0])
    assert reciprocal(x).tolist() == [0.25, 0.0]
    assert value_added_share(Z, x).tolist() == [0.5, 0.0]
    assert factor(Z, x).inverse[:, 1].tolist() == [0.0, 1.0]


# --- tables that have no answer ---


@given(st.integers(0, 2**32 - 1), st.integers(1, 10))
@example(seed=0, n=1)
def test_a_table_in_which_nobody_adds_value_is_refused(seed: int, n: int) -> None:
    Z = np.random.default_rng(seed).random((n, n)) + 0.01
    with pytest.raises(CannotAnswer, match="I - A is singular at node"):
        factor(Z, Z.sum(axis=0))


def test_a_closed_group_inside_a_sound_table_is_found() -> None:
    Z = np.diag([0.5, 1.0, 1.0, 0.5, 0.5, 0.5])
    Z[1:3, 1:3] = [[1 / 3, 0.3], [2 / 3, 0.7]]
    mrio = table(Z, np.ones(6), COUNTRIES[:3], SECTORS[:2])
    with pytest.raises(CannotAnswer) as caught:
        _ = mrio.lu
    assert caught.value.exit_code == 3
    assert caught.value.problems[0].what in {f"I - A is singular at node {i}" for i in (1, 2)}


def test_a_thin_margin_is_not_taken_for_none() -> None:
    thin = 1e-9
    L = factor(np.array([[1.0 - thin]]), np.array([1.0])).inverse
    assert L[0, 0] == pytest.approx(1 / thin, rel=1e-6)
