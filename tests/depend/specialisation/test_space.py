"""The map of products: its tree against another implementation, its links and places by their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree

from zizhu.depend.specialisation import space
from zizhu.tables.leontief import Matrix


def symmetric(n: int, seed: int) -> Matrix:
    raw = np.random.default_rng(seed).random((n, n))
    phi = (raw + raw.T) / 2
    np.fill_diagonal(phi, 1.0)
    return phi


@given(st.integers(2, 20), st.integers(0, 2**32 - 1))
def test_the_tree_has_the_largest_weight(n: int, seed: int) -> None:
    phi = symmetric(n, seed)
    pairs = space.spanning_tree(phi)
    theirs = minimum_spanning_tree(2.0 - np.triu(phi, 1) - np.tril(np.full((n, n), 2.0)))
    assert len(pairs) == n - 1
    assert phi[pairs[:, 0], pairs[:, 1]].sum() == pytest.approx(2.0 * (n - 1) - theirs.sum())
    assert (pairs[:, 0] < pairs[:, 1]).all()


@given(st.integers(3, 15), st.integers(0, 2**32 - 1), st.floats(1, 4))
def test_links_are_the_tree_and_the_strongest_others(n: int, seed: int, each: float) -> None:
    phi = symmetric(n, seed)
    pairs = {tuple(p) for p in space.links(phi, round(each * n)).tolist()}
    tree = {tuple(p) for p in space.spanning_tree(phi).tolist()}
    assert tree <= pairs
    assert len(pairs) == max(min(round(each * n), n * (n - 1) // 2), n - 1)
    rest = {(i, j) for i in range(n) for j in range(i + 1, n)} - pairs
    others = pairs - tree
    if others and rest:
        assert min(phi[p] for p in others) >= max(phi[p] for p in rest)


def test_pairs_that_share_nothing_are_no_strong_links() -> None:
    phi = np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1.0]])
    assert space.links(phi, 6).tolist() == [[0, 1], [0, 2]]


def test_a_path_is_drawn_straight_and_evenly() -> None:
    pairs = np.array([[i, i + 1] for i in range(6)])
    places = space.layout(7, pairs, 0)
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps.mean(), rtol=0.02)
    assert np.linalg.norm(places[-1] - places[0]) == pytest.approx(steps.sum(), rel=0.01)


def test_a_map_is_the_same_for_a_seed_and_nearer_for_linked_products() -> None:
    phi = symmetric(40, 3)
    pairs = space.links(phi, 80)
    places = space.layout(40, pairs, 7)
    np.testing.assert_array_equal(places, space.layout(40, pairs, 7))
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert apart[pairs[:, 0], pairs[:, 1]].mean() < 0.6 * apart[np.triu_indices(40, 1)].mean()
    assert np.abs(places).max() == pytest.approx(1.0)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_products_have_places(n: int) -> None:
    places = space.layout(n, space.spanning_tree(np.ones((n, n))), 0)
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()
