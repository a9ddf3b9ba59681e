"""Linkages against dense Ghosh and Leontief algebra, and fields of influence against a moved coefficient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from depend.structure.gapped import any_table, made
from examples import examples
from tables.strategies import dense
from zizhu.depend.structure import influence, linkages
from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO


def ghosh(mrio: MRIO) -> Matrix:
    """(I - B)^-1 with B = diag(x)^-1 Z."""
    B = np.divide(mrio.Z, mrio.x[:, None], out=np.zeros((mrio.n, mrio.n)), where=mrio.x[:, None] > 0)
    return np.asarray(np.linalg.inv(np.eye(mrio.n) - B))


@examples(30)
@given(any_table(most=40))
def test_linkages_are_sums_of_the_two_inverses(mrio: MRIO) -> None:
    assert_allclose(linkages.backward(mrio.lu), dense(mrio).L.sum(axis=0), rtol=1e-9)
    assert_allclose(linkages.forward(mrio.lu, mrio.x), ghosh(mrio).sum(axis=1), rtol=1e-9)


@examples(30)
@given(any_table(most=40))
def test_indices_average_to_one_over_active_nodes(mrio: MRIO) -> None:
    active = mrio.x > 0
    for linkage in (linkages.backward(mrio.lu), linkages.forward(mrio.lu, mrio.x)):
        assert linkages.index(linkage, active)[active].mean() == pytest.approx(1, rel=1e-12)


def test_the_kind_of_an_industry_is_told_by_both_indices() -> None:
    b, f = np.array([0.5, 0.5, 1.5, 1.5]), np.array([0.5, 1.5, 0.5, 1.5])
    assert [linkages.KINDS[k] for k in linkages.kind(b, f)] == ["weak", "forward", "backward", "key"]


@examples(30)
@given(any_table(most=25), st.data())
def test_the_norm_is_that_of_the_change_of_the_inverse(mrio: MRIO, data: st.DataObject) -> None:
    """L(e) - L = e F / (1 - e L_ji), by inverting the moved table."""
    full, e = dense(mrio), 1e-3
    i, j = (data.draw(st.integers(0, mrio.n - 1)) for _ in range(2))
    moved = full.A.copy()
    moved[i, j] += e
    change = np.linalg.inv(np.eye(mrio.n) - moved) - full.L
    columns, rows = influence.norms(mrio.lu.inverse)
    norm = columns[i] * rows[j] * e / (1 - e * full.L[j, i])
    assert np.linalg.norm(change) == pytest.approx(norm, rel=1e-6)


@examples(40)
@given(any_table(most=25), st.integers(1, 40), st.booleans(), st.booleans())
def test_the_strongest_coefficients_are_those_of_the_whole_ranking(
    mrio: MRIO, count: int, whole: bool, apart: bool
) -> None:
    columns, rows = influence.norms(mrio.lu.inverse)
    sizes = np.outer(columns, rows) * (dense(mrio).A if whole else 1.0)
    group = np.arange(mrio.n) % 3
    wanted = (mrio.Z > 0) & ((group[:, None] != group) | (not apart))
    all_norms = np.where(wanted, sizes, 0.0).ravel()
    order = np.lexsort((np.arange(all_norms.size), -all_norms))[:count]
    expected = order[all_norms[order] > 0]
    i, j = influence.strongest(
        columns, rows, mrio.Z, count, mrio.x if whole else None, group if apart else None
    )
    assert wanted[i, j].all()
    assert_allclose(sizes[i, j], all_norms[expected], rtol=1e-12)
    assert len(set(zip(i.tolist(), j.tolist(), strict=True))) == len(expected)


def test_a_table_without_flows_has_no_strongest_coefficient() -> None:
    mrio = made(6, 1, 1, 0, 0, density=0.0)
    i, j = influence.strongest(*influence.norms(mrio.lu.inverse), mrio.Z, 5)
    assert (len(i), len(j)) == (0, 0)
