"""What a unit of output contains: identities that hold on every table, and closed forms on small ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tables.strategies import Dense, dense, mrios, of_country, permuted, scaled, table
from zizhu.tables.content import (
    country_indicator,
    face_value,
    gross_look_through,
    value_added_content,
)
from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO


def contents(mrio: MRIO) -> tuple[Matrix, Matrix, Matrix]:
    """Value-added content, face value and gross look-through of every country in every node."""
    of, count = mrio.nodes.country_index, len(mrio.nodes.countries)
    return (
        value_added_content(mrio.lu, mrio.v, of, count),
        face_value(mrio.Z, mrio.x, of, count),
        gross_look_through(mrio.lu, of, count),
    )


def by_brute_force(mrio: MRIO) -> tuple[Matrix, Matrix, Matrix]:
    full: Dense = dense(mrio)
    rows = [of_country(mrio, c) for c in mrio.nodes.countries]
    return (
        np.array([[sum(r * full.v * full.L[:, j]) for j in range(mrio.n)] for r in rows]),
        np.array([[sum(r * full.A[:, j]) for j in range(mrio.n)] for r in rows]),
        np.array([[sum(r * (full.L - np.eye(mrio.n))[:, j]) for j in range(mrio.n)] for r in rows]),
    )


@given(mrios())
def test_contents_are_sums_over_the_dense_inverse(mrio: MRIO) -> None:
    for found, expected in zip(contents(mrio), by_brute_force(mrio), strict=True):
        assert found.shape == (len(mrio.nodes.countries), mrio.n)
        assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(mrios())
def test_value_added_contents_sum_to_one(mrio: MRIO) -> None:
    H, _, _ = contents(mrio)
    assert_allclose(H.sum(axis=0)[mrio.x > 0], 1.0, rtol=1e-10)
    assert (H[:, mrio.x == 0] == 0).all()
    assert (H >= -1e-12).all()
    assert np.array_equal(H, mrio.contained)


@given(mrios())
def test_face_values_sum_to_what_is_not_value_added(mrio: MRIO) -> None:
    _, F, _ = contents(mrio)
    active = mrio.x > 0
    assert_allclose(F.sum(axis=0)[active], 1 - mrio.v[active], rtol=1e-10)
    assert (F[:, ~active] == 0).all()


@given(mrios())
def test_gross_look_through_is_at_least_face_value(mrio: MRIO) -> None:
    _, F, G = contents(mrio)
    assert (G >= F - 1e-12).all()


@given(mrios(least=3))
def test_a_country_s_content_abroad_is_at_most_what_was_bought_there_or_came_through(mrio: MRIO) -> None:
    H, F, _ = contents(mrio)
    through = F.sum(axis=0)
    for r, country in enumerate(mrio.nodes.countries):
        abroad = of_country(mrio, country) == 0
        assert (H[r, abroad] <= through[abroad] + 1e-12).all()


@given(mrios())
def test_a_unit_of_money_changes_no_share(mrio: MRIO) -> None:
    for found, expected in zip(contents(scaled(mrio, 1000.0, "thousand USD")), contents(mrio), strict=True):
        assert_allclose(found, expected, rtol=1e-10, atol=1e-14)


@given(mrios(), st.data())
def test_the_order_of_countries_changes_nothing(mrio: MRIO, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(mrio.nodes.countries))))
    other = permuted(mrio, order)
    places = {pair: i for i, pair in enumerate(other.nodes)}
    nodes = [places[pair] for pair in mrio.nodes]
    countries = [other.nodes.countries.index(c) for c in mrio.nodes.countries]
    for found, expected in zip(contents(other), contents(mrio), strict=True):
        assert_allclose(found[np.ix_(countries, nodes)], expected, rtol=1e-10, atol=1e-14)


def test_two_countries_by_hand() -> None:
    """USA buys .5 of its output from CHN, CHN .2 from USA: L = [[1, .2], [.5, 1]] / .9."""
    Z = np.array([[0.0, 20.0], [20.0, 0.0]])
    mrio = table(Z, np.array([100.0, 40.0]), ("CHN", "USA"), ("C26",))
    H, F, G = contents(mrio)
    v = np.array([0.8, 0.5])
    L = np.array([[1.0, 0.5], [0.2, 1.0]]) / 0.9
    assert_allclose(H, v[:, None] * L, rtol=1e-14)
    assert_allclose(F, [[0.0, 0.5], [0.2, 0.0]], rtol=1e-14)
    assert_allclose(G, L - np.eye(2), rtol=1e-13)


def test_country_indicator_marks_every_node_once() -> None:
    R = country_indicator(np.array([1, 0, 1]), 3)
    assert R.tolist() == [[0, 1, 0], [1, 0, 0], [0, 1, 0]]
    assert R.flags.f_contiguous
