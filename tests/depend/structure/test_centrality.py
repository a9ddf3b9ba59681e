"""Centralities against the definitions of their papers, written out by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from depend.structure.gapped import any_table, of_flows
from examples import examples
from tables.strategies import dense, random_table
from zizhu.depend.structure import centrality
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.mrio import MRIO


def connected(n: int, seed: int) -> Matrix:
    """Flows of n nodes that all reach each other, with self-loops."""
    rng = np.random.default_rng(seed)
    Z = rng.random((n, n)) * (rng.random((n, n)) < 0.5) * 10 ** rng.uniform(-1, 2, (n, n))
    Z[np.arange(n), np.roll(np.arange(n), 1)] += 0.1
    return np.asarray(Z)


def passage_times(P: Matrix) -> Matrix:
    """H (n, n): H[i, t] is the mean number of steps from i to t, by removing t from the chain."""
    n = len(P)
    H = np.zeros((n, n))
    for t in range(n):
        others = np.delete(np.arange(n), t)
        H[others, t] = np.linalg.solve(np.eye(n - 1) - P[np.ix_(others, others)], np.ones(n - 1))
    return H


def visits(P: Matrix) -> Vector:
    """Counting betweenness by its definition, one walk (s, t) after the other."""
    n, total = len(P), np.zeros(len(P))
    for t in range(n):
        others = np.delete(np.arange(n), t)
        steps = np.linalg.inv(np.eye(n - 1) - P[np.ix_(others, others)])
        for row, s in zip(steps, others, strict=True):
            links = row[:, None] * P[np.ix_(others, others)]
            total[others] += (links.sum(axis=1) + links.sum(axis=0)) / 2
            total[s] += 1
            total[t] += 1
    return total / (n * (n - 1))


@examples(25)
@given(st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_random_walks_are_those_of_every_pair(n: int, seed: int) -> None:
    Z = connected(n, seed)
    P = Z / Z.sum(axis=1)[:, None]
    found = centrality.random_walk(Z)
    assert_allclose(found.closeness, n / passage_times(P).sum(axis=0), rtol=1e-8)
    assert_allclose(found.counting, visits(P), rtol=1e-8)


def test_random_walks_stay_in_the_largest_group() -> None:
    Z = np.zeros((7, 7))
    Z[:4, :4] = connected(4, 3)
    Z[4:6, 4:6] = connected(2, 3)
    Z[0, 6] = 5.0
    found = centrality.random_walk(Z)
    assert np.isnan(found.closeness[4:]).all()
    assert np.isnan(found.counting[4:]).all()
    assert_allclose(found.closeness[:4], centrality.random_walk(Z[:4, :4]).closeness)


def test_a_table_without_flows_has_no_walk() -> None:
    assert np.isnan(np.array(centrality.random_walk(np.zeros((3, 3))))).all()


@examples(25)
@given(any_table(most=30), st.floats(0.1, 0.95))
def test_pagerank_is_the_stationary_walk_with_jumps(mrio: MRIO, damping: float) -> None:
    Z, n = np.asarray(mrio.Z), mrio.n
    bought = Z.sum(axis=0)
    P = np.where(bought > 0, Z / np.where(bought > 0, bought, 1.0), 1 / n)
    p = np.full(n, 1 / n)
    for _ in range(800):
        p = damping * P @ p + (1 - damping) / n
    found = centrality.pagerank(mrio.Z, centrality.strength(mrio.Z).purchases, damping, np.ones(mrio.n))
    assert_allclose(found, p, rtol=1e-9, atol=1e-14)


@examples(25)
@given(any_table(most=30, least=3))
def test_the_eigenvector_is_the_largest_of_dense_algebra(mrio: MRIO) -> None:
    A = dense(mrio).A
    largest = max(abs(np.linalg.eigvals(A)))
    found = centrality.eigenvector(mrio.lu)
    if found is None:
        assert largest < centrality.LEAST_CYCLE * 1.001
        return
    e, eigenvalue = found
    assert eigenvalue == pytest.approx(largest, rel=1e-6)
    assert e.sum() == pytest.approx(1)
    assert_allclose(A @ e, eigenvalue * e, atol=1e-7)


def test_without_a_cycle_there_is_no_eigenvector() -> None:
    Z = np.triu(np.ones((4, 4)), 1)
    assert centrality.eigenvector(of_flows(Z, Z.sum(axis=1) + 1).lu) is None


@examples(25)
@given(any_table(most=30))
def test_strength_outdegree_and_katz_are_plain_sums(mrio: MRIO) -> None:
    full = dense(mrio)
    found = centrality.strength(mrio.Z)
    assert_allclose(found.sales, np.asarray(mrio.Z).sum(axis=1))
    assert_allclose(found.purchases, np.asarray(mrio.Z).sum(axis=0))
    assert_allclose(centrality.outdegree(mrio.Z, mrio.x), full.A.sum(axis=1), rtol=1e-10)
    assert_allclose(centrality.katz(mrio.lu, np.ones(mrio.n)), full.L.sum(axis=1), rtol=1e-9)


@examples(15)
@given(any_table(most=6))
def test_betweenness_adds_up_all_chains_through_a_node(mrio: MRIO) -> None:
    """Chains s -> ... -> i -> ... -> t written out up to many steps, f_s A^l1 J_i A^l2 y_t with l1, l2 >= 1."""
    full = dense(mrio)
    power, T = full.A.copy(), np.zeros_like(full.A)
    for _ in range(400):
        T, power = T + power, power @ full.A
    up, down = centrality.betweenness(mrio.lu, full.v, full.y)
    for i in range(mrio.n):
        J = np.zeros_like(T)
        J[i, i] = 1
        assert up[i] * down[i] == pytest.approx(full.v @ T @ J @ T @ full.y, rel=1e-7, abs=1e-9)


@examples(15)
@given(st.integers(0, 2**32 - 1))
def test_the_bridge_is_betweenness_without_the_own_country(seed: int) -> None:
    mrio = random_table(seed, 3, 3, inactive=1, silent=1)
    full, of = dense(mrio), mrio.nodes.country_index
    T = full.L - np.eye(mrio.n)
    up, down = centrality.bridge(mrio.lu, mrio.contained, full.y, of)
    for i in range(mrio.n):
        abroad = of != of[i]
        assert up[i] == pytest.approx((full.v * abroad) @ T[:, i], rel=1e-8, abs=1e-12)
        assert down[i] == pytest.approx(T[i] @ (full.y * abroad), rel=1e-8, abs=1e-8)
