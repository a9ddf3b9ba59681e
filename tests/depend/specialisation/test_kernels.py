"""Kernels of complexity against dense definitions, closed forms and identities."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from zizhu.depend.specialisation import eci, fitness, outlook, prody, proximity, rca, relatedness
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, ZizhuError

SALES = arrays.arrays(
    float,
    st.tuples(st.integers(3, 9), st.integers(3, 12)),
    elements=st.one_of(st.just(0.0), st.integers(1, 10**6).map(float)),
)
PRESENCE = arrays.arrays(np.bool_, st.tuples(st.integers(1, 8), st.integers(1, 12))).map(
    lambda M: M.astype(float)
)


def presence(M: Matrix) -> Matrix:
    """M without empty rows and columns."""
    rows, columns = rca.trimmed(M)
    assume(len(rows) > 0)
    return M[np.ix_(rows, columns)]


def ranked(M: Matrix) -> eci.Complexity:
    """Complexity of an M that has a ranking, clear of rounding."""
    M = presence(M)
    try:
        of = eci.eci_pci(M)
    except CannotAnswer:
        assume(False)
        raise
    assume(min(1 - of.second, of.second - of.third, of.second) > 1e-4)
    return of


def dense_proximity(M: Matrix) -> Matrix:
    u = M.sum(axis=0)
    return np.asarray((M.T @ M) / np.maximum(u[:, None], u))


# --- RCA ---


def test_rca_by_hand() -> None:
    X = np.array([[6.0, 2.0, 0.0], [3.0, 9.0, 0.0], [0.0, 0.0, 0.0]])
    R = rca.rca(X)
    np.testing.assert_allclose(
        R[:2, :2], [[6 / 8 / (9 / 20), 2 / 8 / (11 / 20)], [3 / 12 / 0.45, 0.75 / 0.55]]
    )
    assert not R[2].any()
    assert not R[:, 2].any()


@given(SALES)
def test_rca_averages_to_one_over_the_world(X: Matrix) -> None:
    assume(X.sum() > 0)
    sold = X.sum(axis=0) > 0
    weights = X.sum(axis=1) / X.sum()
    np.testing.assert_allclose((weights @ rca.rca(X))[sold], 1.0, rtol=1e-12)


@given(SALES, st.integers(-20, 20))
def test_the_unit_does_not_matter(X: Matrix, power: int) -> None:
    np.testing.assert_array_equal(rca.rca(X * 2.0**power), rca.rca(X))


def test_a_place_alone_has_an_rca_of_one() -> None:
    assert set(rca.rca(np.array([[0.1, 0.2, 0.7, 1e9]])).ravel()) == {1.0}


def test_what_is_no_sale_is_told_all_at_once() -> None:
    X = np.array([[1.0, np.nan, -2.0], [np.inf, -1.0, 0.0]])
    with pytest.raises(ZizhuError) as caught:
        rca.check(X, "trade")
    said = [p.what for p in caught.value.problems]
    assert said == ["1 cells are no numbers (NaN)", "1 cells are infinite", "2 cells are below 0"]
    rca.check(np.zeros((2, 2)), "trade")
    with pytest.raises(ZizhuError, match="1 axes"):
        rca.check(np.zeros(3), "trade")


def test_trimming_goes_on_until_nothing_changes() -> None:
    # the last place leaves with its only product, which leaves the third product with one place, and so on
    M = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1.0]])
    rows, columns = rca.trimmed(M, 2)
    assert (rows.tolist(), columns.tolist()) == ([0, 1, 2], [0, 1, 2])
    M[2, 2] = 0
    rows, columns = rca.trimmed(M, 2)
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [0, 1])
    rows, columns = rca.trimmed(np.zeros((2, 3)))
    assert (len(rows), len(columns)) == (0, 0)


# --- ECI and PCI ---


def second_of(A: Matrix) -> tuple[float, Vector]:
    values, vectors = np.linalg.eig(A)
    at = np.argsort(-values.real)[1]
    return float(values[at].real), np.asarray(vectors[:, at].real)


@given(PRESENCE)
def test_both_sides_solve_the_problem_of_their_definition(raw: Matrix) -> None:
    M, of = presence(raw), ranked(raw)
    k, u = M.sum(axis=1), M.sum(axis=0)
    for found, operator in (
        (of.eci, (M / k[:, None]) @ (M / u).T),
        (of.pci, (M / u).T @ (M / k[:, None])),
    ):
        value, vector = second_of(operator)
        assert of.second == pytest.approx(value, abs=1e-9)
        np.testing.assert_allclose(np.abs(found / np.linalg.norm(found)), np.abs(vector), atol=1e-6)


@given(PRESENCE)
def test_eci_is_the_mean_pci_of_the_products(raw: Matrix) -> None:
    M, of = presence(raw), eci.atlas(ranked(raw))
    np.testing.assert_allclose(M @ of.pci / M.sum(axis=1), of.eci, atol=1e-10)
    assert of.eci.mean() == pytest.approx(0, abs=1e-10)
    assert of.eci.std() == pytest.approx(1)
    k = M.sum(axis=1)
    assert (of.eci - of.eci.mean()) @ (k - k.mean()) >= -1e-9


@given(PRESENCE, st.integers(0, 11))
def test_a_product_told_twice_has_the_complexity_of_the_one(raw: Matrix, which: int) -> None:
    """Every product doubled leaves ECI as it is; one doubled gets the same PCI twice."""
    M, of = presence(raw), eci.atlas(ranked(raw))
    twice = eci.atlas(eci.eci_pci(np.hstack([M, M])))
    np.testing.assert_allclose(twice.eci, of.eci, atol=1e-8)
    np.testing.assert_allclose(twice.pci, np.tile(of.pci, 2), atol=1e-8)
    more = np.hstack([M, M[:, [which % M.shape[1]]]])
    found = ranked(more)
    assert found.pci[which % M.shape[1]] == pytest.approx(found.pci[-1], abs=1e-12)


def test_the_product_of_one_seller_is_as_complex_as_its_seller() -> None:
    M = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [0, 1, 0, 1], [1, 0, 0, 1.0]])
    of = eci.eci_pci(M)
    assert of.pci[2] == pytest.approx(of.eci[0] / of.second)


@pytest.mark.parametrize(
    ("M", "said"),
    [
        (np.ones((1, 3)), "1 place with the same products"),
        (np.ones((4, 3)), "4 places with the same products"),
        (np.eye(3), "blocks that share no product"),
        (np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1.0]]), "not simple"),
    ],
    ids=["one", "alike", "blocks", "ring"],
)
def test_what_cannot_be_ranked_is_refused(M: Matrix, said: str) -> None:
    with pytest.raises(CannotAnswer, match=said):
        eci.eci_pci(M)


def test_blocks() -> None:
    M = np.array([[0, 0, 1, 0], [1, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1.0]])
    assert [b.tolist() for b in eci.blocks(M)] == [[1, 2, 3], [0], [4]]
    assert [b.tolist() for b in eci.blocks(np.tril(np.ones((4, 4))))] == [[0, 1, 2, 3]]


# --- fitness ---


def test_fitness_by_hand() -> None:
    M = np.array([[1, 1.0], [1, 0]])
    F, Q = fitness.fitness(M, 1)
    np.testing.assert_allclose(F, np.array([2, 1]) / 1.5)
    np.testing.assert_allclose(Q, np.array([1 / 2, 1]) / 0.75)
    again, _ = fitness.fitness(M, 2)
    np.testing.assert_allclose(again, M @ Q / (M @ Q).mean())
    assert fitness.fitness(M, 0)[0].tolist() == [1, 1]


def test_fitness_that_vanishes_is_refused() -> None:
    M = np.zeros((10, 6))
    M[0], M[:, 0] = 1, 1
    with pytest.raises(CannotAnswer, match="range of numbers"):
        fitness.fitness(M, 3000)


# --- proximity, density, outlook ---


@given(PRESENCE)
def test_proximity_is_the_smaller_conditional_probability(raw: Matrix) -> None:
    M = presence(raw)
    phi = proximity.proximity(M)
    np.testing.assert_allclose(phi, dense_proximity(M), rtol=1e-7)
    assert (np.diag(phi) == 1).all()
    for p in range(M.shape[1]):
        np.testing.assert_allclose(proximity.of_product(M, p), dense_proximity(M)[p], rtol=1e-14)


@given(PRESENCE, st.integers(0, 2**32 - 1))
def test_sums_over_proximity_need_no_matrix_of_pairs(raw: Matrix, seed: int) -> None:
    M = presence(raw)
    W = np.random.default_rng(seed).normal(size=(3, M.shape[1]))
    phi = dense_proximity(M)
    np.testing.assert_allclose(proximity.near(W, M), W @ phi, atol=1e-12)
    np.testing.assert_allclose(proximity.total(M), phi.sum(axis=0), rtol=1e-12)


@given(PRESENCE)
def test_density_is_the_share_of_what_is_near(raw: Matrix) -> None:
    M, phi = presence(raw), dense_proximity(presence(raw))
    found = proximity.density(M)
    np.testing.assert_allclose(found, M @ phi / phi.sum(axis=0), atol=1e-12)
    assert found.min() >= 0
    assert found.max() <= 1
    everything = proximity.density(np.vstack([M, np.ones(M.shape[1])]))
    np.testing.assert_allclose(everything[-1], 1.0, rtol=1e-14)


@given(PRESENCE, st.integers(0, 2**32 - 1), st.sampled_from(get_args(outlook.Variant)))
def test_outlook_is_its_definition(raw: Matrix, seed: int, variant: outlook.Variant) -> None:
    M, phi = presence(raw), dense_proximity(presence(raw))
    K = np.random.default_rng(seed).normal(size=M.shape[1])
    density = proximity.density(M)
    found = outlook.cog(density, M, K, variant)
    for c in range(M.shape[0]):
        assert outlook.coi(density, M, K)[c] == pytest.approx(
            sum(density[c, p] * (1 - M[c, p]) * K[p] for p in range(M.shape[1])), abs=1e-10
        )
        for p in range(M.shape[1]):
            gain = sum((1 - M[c, q]) * phi[q, p] * K[q] / phi[:, q].sum() for q in range(M.shape[1]))
            own = density[c, p] * K[p] if variant == "net" else 0.0
            assert found[c, p] == pytest.approx((1 - M[c, p]) * (gain - own), abs=1e-10)


# --- income ---


@given(SALES, st.floats(1, 1e5))
def test_equal_incomes_give_every_product_and_basket_that_income(X: Matrix, income: float) -> None:
    assume((X.sum(axis=1) > 0).all() and (X.sum(axis=0) > 0).all())
    found = prody.prody(rca.rca(X), np.full(len(X), income))
    np.testing.assert_allclose(found, income, rtol=1e-10)
    np.testing.assert_allclose(prody.expy(X, found), income, rtol=1e-10)


def test_the_income_of_a_product_lies_between_those_of_its_sellers() -> None:
    X = np.array([[8.0, 2.0], [5.0, 5.0], [0.0, 1.0]])
    y = np.array([10.0, 20.0, 40.0])
    R = rca.rca(X)
    np.testing.assert_allclose(prody.weights(R).sum(axis=0), 1.0)
    assert prody.prody(R, y)[0] == pytest.approx((R[0, 0] * 10 + R[1, 0] * 20) / R[:, 0].sum())
    assert 10 < prody.prody(R, y)[0] < 20


# --- relatedness and the frontier ---


@given(PRESENCE, st.sampled_from(get_args(relatedness.Normalisation)))
def test_relatedness_is_symmetric_and_its_density_a_per_cent(
    raw: Matrix, by: relatedness.Normalisation
) -> None:
    M = presence(raw)
    phi = relatedness.relatedness(M, by)
    np.testing.assert_allclose(phi, phi.T, rtol=1e-12)
    assert phi.min() >= 0
    assert not np.diag(phi).any()
    density = relatedness.relatedness_density(M, phi)
    assert density.min() >= 0
    assert density.max() <= 100 + 1e-9


def test_relatedness_by_hand() -> None:
    M = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    # C = [[0, 2, 1], [2, 0, 2], [1, 2, 0]], s = (3, 4, 3), T = 10
    expected: dict[relatedness.Normalisation, float] = {
        "association": 2 * 10 / (3 * 4),
        "cosine": 2 / np.sqrt(12),
        "jaccard": 2 / (3 + 4 - 2),
        "probability": 2 / (((3 / 10) * (4 / 7) + (4 / 10) * (3 / 6)) * 5),
    }
    for by, value in expected.items():
        assert relatedness.relatedness(M, by)[0, 1] == pytest.approx(value)
    jaccard = relatedness.relatedness(M, "jaccard")
    found = relatedness.relatedness_density(M, jaccard)
    assert found[0, 2] == pytest.approx(100.0)
    assert found[2, 0] == pytest.approx(100.0)
    assert found[0, 1] == pytest.approx(100 * 0.4 / 0.8)


def test_a_product_related_to_none_has_no_density() -> None:
    M = np.array([[1, 0, 0], [0, 1, 1.0]])
    for by in get_args(relatedness.Normalisation):
        phi = relatedness.relatedness(M, by)
        assert not relatedness.relatedness_density(M, phi)[:, 0].any()


PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


@given(PAIRS)
def test_the_frontier_is_what_no_other_beats(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array([p[i] for p in pairs], dtype=float) for i in (0, 1))

    def beaten(i: int) -> bool:
        return any(a[j] >= a[i] and b[j] >= b[i] and (a[j] > a[i] or b[j] > b[i]) for j in range(len(a)))

    assert relatedness.frontier(a, b).tolist() == [i for i in range(len(pairs)) if not beaten(i)]
