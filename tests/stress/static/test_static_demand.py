"""Unions of cuts and of final demand against the changed table solved anew by dense algebra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from cases.reading import ABSENT, SHARED, labelled
from tables.strategies import dense, mrios, random_table
from zizhu.stress.static.demand import anew, effects
from zizhu.stress.static.stopped import Block, Stopped, nothing, stopped
from zizhu.tables.cut import Cut
from zizhu.tables.leontief import Matrix, Vector, factor, value_added_share
from zizhu.tables.mrio import MRIO


@dataclass(frozen=True)
class Case:
    """A table, blocks of it and the final sales that stop as well."""

    mrio: MRIO
    blocks: tuple[Block, ...]
    final_cut: Vector

    @property
    def stop(self) -> Stopped:
        return stopped(self.mrio.Z, self.blocks)

    def solve(self, final_cut: Vector | None = None) -> Cut:
        m = self.mrio
        return effects(m.Z, m.x, m.lu, m.v, self.stop, final_cut)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    mrio = draw(mrios())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    nodes = st.lists(st.integers(0, mrio.n - 1), min_size=1, max_size=mrio.n, unique=True)
    blocks = []
    for _ in range(draw(st.integers(1, 4))):
        rows, columns = (np.array(draw(nodes), dtype=np.intp) for _ in range(2))
        whole = draw(st.booleans())
        share = draw(st.floats(0.01, 1)) if whole else 1 - rng.random((len(rows), len(columns)))
        blocks.append(Block(rows, columns, share))
    return Case(mrio, tuple(blocks), dense(mrio).y.clip(0) * rng.random(mrio.n))


def kept(case: Case) -> Matrix:
    """The share (n, n) of every flow that is left, block by block."""
    left = np.ones((case.mrio.n, case.mrio.n))
    for block in case.blocks:
        share = np.broadcast_to(block.share, (len(block.rows), len(block.columns)))
        for a, i in enumerate(block.rows):
            for b, j in enumerate(block.columns):
                left[i, j] *= 1 - share[a, b]
    return left


def changed_table(case: Case, final_cut: Vector) -> tuple[Vector, Vector]:
    """Output lost and carried by inverting the changed table."""
    full, x = dense(case.mrio), case.mrio.x
    L = np.linalg.inv(np.eye(case.mrio.n) - full.A * kept(case))
    return x - L @ (full.y - final_cut), x * (full.v @ full.L - full.v @ L)


@given(cases())
def test_several_blocks_and_final_demand_are_the_changed_table(case: Case) -> None:
    for final_cut in (None, case.final_cut):
        found = case.solve(final_cut)
        lost, carried = changed_table(case, np.zeros(case.mrio.n) if final_cut is None else final_cut)
        size = case.mrio.x.max()
        assert_allclose(found.lost_output, lost, rtol=1e-8, atol=1e-10 * size)
        assert_allclose(found.carried, carried, rtol=1e-8, atol=1e-10 * size)


@given(cases())
def test_the_update_and_the_new_factorisation_agree(case: Case) -> None:
    m = case.mrio
    first = Case(m, (Block(case.blocks[0].rows[:1], case.blocks[0].columns),), case.final_cut)
    again = anew(m.Z, m.x, m.lu, m.v, first.stop, case.final_cut)
    found = first.solve(case.final_cut)
    assert_allclose(found.lost_output, again.lost_output, rtol=1e-10, atol=1e-12 * m.x.max())
    assert_allclose(found.carried, again.carried, rtol=1e-10, atol=1e-12 * m.x.max())


@given(cases())
def test_final_demand_alone_is_the_multiplier(case: Case) -> None:
    m = case.mrio
    found = effects(m.Z, m.x, m.lu, m.v, nothing(), case.final_cut)
    assert_allclose(found.lost_output, dense(m).L @ case.final_cut, rtol=1e-10, atol=1e-12 * m.x.max())
    assert not found.carried.any()


def test_nothing_stopped_is_nothing_lost() -> None:
    m = random_table(3, 3, 4, inactive=2)
    found = effects(m.Z, m.x, m.lu, m.v, stopped(m.Z, []))
    assert not found.lost_output.any()
    assert not found.carried.any()


@given(cases())
def test_both_sides_lose_the_same_value_added(case: Case) -> None:
    """v'(x - x') = (v'L - v'L') y: value added lost by senders is what receivers' final sales carried."""
    m, found = case.mrio, case.solve()
    carried = np.divide(found.carried, m.x, out=np.zeros(m.n), where=m.x > 0) @ dense(m).y
    assert m.v @ found.lost_output == pytest.approx(carried, rel=1e-8, abs=1e-10 * m.x.max())


@given(cases())
def test_the_order_of_blocks_changes_nothing(case: Case) -> None:
    m, once = case.mrio, case.stop
    again = stopped(m.Z, [*reversed(case.blocks)])
    assert_allclose(once.flows, again.flows, rtol=1e-12, atol=1e-12 * m.x.max())
    assert np.array_equal(once.rows, again.rows)
    assert np.array_equal(once.columns, again.columns)
    assert (once.flows <= m.Z[np.ix_(once.rows, once.columns)]).all()


@given(cases())
def test_a_block_named_twice_takes_its_share_of_what_is_left(case: Case) -> None:
    m, one = case.mrio, case.blocks[0]
    once, twice = stopped(m.Z, [one]), stopped(m.Z, [one, one])
    whole = np.asarray(m.Z[np.ix_(once.rows, once.columns)], dtype=float)
    left = np.divide((whole - once.flows) ** 2, whole, out=np.zeros_like(whole), where=whole > 0)
    assert_allclose(twice.flows, whole - left, rtol=1e-9, atol=1e-9 * m.x.max())


@given(cases())
def test_one_more_block_costs_no_less(case: Case) -> None:
    fewer = Case(case.mrio, case.blocks[:-1], case.final_cut)
    slack = 1e-9 * case.mrio.x.max()
    assert (case.solve().lost_output >= fewer.solve().lost_output - slack).all()
    assert (case.solve().carried >= fewer.solve().carried - slack).all()


@pytest.mark.skipif(not SHARED.joinpath("cases").is_dir(), reason=ABSENT)
def test_a_trade_war_of_two_regions_on_the_test_system() -> None:
    """Both directions at once by the update, the new factorisation and a direct solution."""
    folder = SHARED / "cases" / "io"
    Z, F = (labelled(folder / f"testmrio_{part}.csv")[2] for part in "ZF")
    x, one, two = Z.sum(axis=1) + F.sum(axis=1), np.arange(8), np.arange(8, 16)
    lu, v = factor(Z, x), value_added_share(Z, x)
    stop = stopped(Z, [Block(one, two), Block(two, one)])
    assert stop.flows.shape == (16, 16)
    left = Z.copy()
    left[:8, 8:16] = left[8:16, :8] = 0
    direct = x - np.linalg.solve(np.eye(48) - left / x, F.sum(axis=1))
    found, again = effects(Z, x, lu, v, stop), anew(Z, x, lu, v, stop)
    assert found.lost_output.sum() == pytest.approx(direct.sum(), rel=1e-9)
    assert_allclose(found.lost_output, again.lost_output, rtol=1e-9)
    assert_allclose(found.carried, again.carried, rtol=1e-9)
