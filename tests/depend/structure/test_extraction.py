"""Closed forms of extraction against changed tables solved anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from numpy.testing import assert_allclose

from depend.structure.gapped import any_table, made, node_sets
from examples import examples
from tables.strategies import dense
from zizhu.depend.structure.extraction import KINDS, Kind, block, every, others
from zizhu.tables.cut import cut, inverse_columns
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO


def sales(mrio: MRIO) -> Vector:
    return np.asarray(mrio.Z.sum(axis=1, dtype=float))


def anew(mrio: MRIO, K: Index, kind: Kind) -> Vector:
    """Output lost (n,), from the changed table by a direct solve."""
    A = np.divide(mrio.Z, mrio.x, out=np.zeros((mrio.n, mrio.n)), where=mrio.x > 0)
    y = mrio.x - sales(mrio)
    if kind != "forward":
        A[:, K] = 0
    if kind != "backward":
        A[K] = 0
    if kind == "complete":
        y[K] = 0
    return np.asarray(mrio.x - np.linalg.solve(np.eye(mrio.n) - A, y))


def each_node(mrio: MRIO, kind: Kind) -> Matrix:
    """Losses (n, n): of every node (row) by the extraction of every node (column)."""
    return every(mrio.lu.inverse, np.eye(mrio.n), mrio.x, sales(mrio), kind)


@pytest.mark.parametrize("kind", KINDS)
@examples(20)
@given(mrio=any_table(most=60))
def test_every_node_is_the_table_solved_anew(kind: Kind, mrio: MRIO) -> None:
    expected = np.stack([anew(mrio, np.array([k]), kind) for k in range(mrio.n)], axis=1)
    assert_allclose(each_node(mrio, kind), expected, rtol=0, atol=1e-10 * mrio.x.max())


@pytest.mark.parametrize("kind", KINDS)
@examples(30)
@given(case=node_sets())
def test_a_block_is_the_table_solved_anew(kind: Kind, case: tuple[MRIO, Index]) -> None:
    mrio, K = case
    found = block(inverse_columns(mrio.lu, K), K, mrio.x, sales(mrio), kind)
    assert_allclose(found, anew(mrio, K, kind), rtol=0, atol=1e-10 * mrio.x.max())


@pytest.mark.parametrize("kind", KINDS)
def test_three_hundred_nodes(kind: Kind) -> None:
    mrio = made(300, seed=300, blocks=2, inactive=2, silent=3)
    found = each_node(mrio, kind)
    for k in (0, 7, 150, 299):
        assert_allclose(found[:, k], anew(mrio, np.array([k]), kind), rtol=0, atol=1e-10 * mrio.x.max())
    K = np.arange(60, 120)
    lost = block(inverse_columns(mrio.lu, K), K, mrio.x, sales(mrio), kind)
    assert_allclose(lost, anew(mrio, K, kind), rtol=0, atol=1e-10 * mrio.x.max())


@pytest.mark.parametrize("kind", KINDS)
@examples(20)
@given(mrio=any_table(most=20))
def test_what_others_lose_is_all_but_their_own(kind: Kind, mrio: MRIO) -> None:
    of = mrio.nodes.country_index
    elsewhere, abroad = others(mrio.lu.inverse, mrio.x, sales(mrio), kind, of)
    losses = each_node(mrio, kind)
    np.fill_diagonal(losses, 0.0)
    assert_allclose(elsewhere, losses.sum(axis=0), rtol=1e-9, atol=1e-12 * mrio.x.max())
    losses[of[:, None] == of] = 0.0
    assert_allclose(abroad, losses.sum(axis=0), rtol=1e-9, atol=1e-12 * mrio.x.max())


@examples(20)
@given(node_sets())
def test_nothing_is_left_of_what_is_extracted_completely(case: tuple[MRIO, Index]) -> None:
    mrio, K = case
    lost = block(inverse_columns(mrio.lu, K), K, mrio.x, sales(mrio), "complete")
    assert_allclose(lost[K], mrio.x[K], rtol=1e-9, atol=1e-10 * mrio.x.max())


@examples(20)
@given(node_sets())
def test_forward_extraction_is_a_cut_of_the_rows(case: tuple[MRIO, Index]) -> None:
    mrio, some = case
    K, everybody = some[: max(mrio.n // 4, 1)], np.arange(mrio.n)
    assume(mrio.n >= 4)
    found = block(inverse_columns(mrio.lu, K), K, mrio.x, sales(mrio), "forward")
    same = cut(mrio.lu, mrio.x, mrio.v, dense(mrio).A[K], K, everybody).lost_output
    assert_allclose(found, same, rtol=0, atol=1e-10 * mrio.x.max())


@examples(20)
@given(node_sets())
def test_a_larger_block_loses_no_less(case: tuple[MRIO, Index]) -> None:
    mrio, K = case
    slack = 1e-9 * mrio.x.max()
    whole = block(inverse_columns(mrio.lu, K), K, mrio.x, sales(mrio), "complete")
    part = block(inverse_columns(mrio.lu, K[:1]), K[:1], mrio.x, sales(mrio), "complete")
    assert (whole >= part - slack).all()
    assert (whole <= mrio.x + slack).all()
