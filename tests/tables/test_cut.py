"""The low-rank cut against the full solution of the changed table, on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tables.strategies import dense, mrios, random_table
from zizhu.tables.cut import LARGEST_RANK, Cut, cut
from zizhu.tables.leontief import Index, Matrix
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer


@dataclass(frozen=True)
class Case:
    """A table and the flows to cut: shares `theta` (k, m) of A[rows, columns]."""

    mrio: MRIO
    rows: Index
    columns: Index
    theta: Matrix

    @property
    def cut_away(self) -> Matrix:
        return dense(self.mrio).A[np.ix_(self.rows, self.columns)] * self.theta

    def solve(self, D: Matrix | None = None, rows: Index | None = None) -> Cut:
        m = self.mrio
        return cut(
            m.lu,
            m.x,
            m.v,
            self.cut_away if D is None else D,
            self.rows if rows is None else rows,
            self.columns,
        )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    mrio = draw(mrios(least=3))
    most = int(LARGEST_RANK * mrio.n)
    nodes = st.integers(0, mrio.n - 1)
    few, many = (draw(st.lists(nodes, min_size=1, max_size=size, unique=True)) for size in (most, mrio.n))
    rows, columns = (few, many) if draw(st.booleans()) else (many, few)
    seed = draw(st.integers(0, 2**32 - 1))
    theta = np.random.default_rng(seed).random((len(rows), len(columns)))
    return Case(mrio, np.array(sorted(rows)), np.array(sorted(columns)), theta)


def in_full(case: Case) -> Cut:
    """Both sides by inverting the changed table; value-added shares are held at their old values."""
    full, x = dense(case.mrio), case.mrio.x
    changed = full.A.copy()
    changed[np.ix_(case.rows, case.columns)] -= case.cut_away
    L = np.linalg.inv(np.eye(case.mrio.n) - changed)
    return Cut(x - L @ full.y, x * (full.v @ full.L - full.v @ L))


def assert_same(found: Cut, expected: Cut, size: float) -> None:
    assert_allclose(found.lost_output, expected.lost_output, rtol=1e-8, atol=1e-10 * size)
    assert_allclose(found.carried, expected.carried, rtol=1e-8, atol=1e-10 * size)


@pytest.mark.parametrize("hold_inverse", [False, True])
@given(case=cases())
def test_low_rank_is_the_full_solution(hold_inverse: bool, case: Case) -> None:
    if hold_inverse:
        _ = case.mrio.lu.inverse
    assert ("inverse" in case.mrio.lu.__dict__) is hold_inverse
    assert_same(case.solve(), in_full(case), case.mrio.x.max())


@given(cases())
def test_carried_is_the_downstream_effect_of_the_ghosh_model(case: Case) -> None:
    """x - w (I - B')^-1 with B = diag(x)^-1 Z and the primary inputs w held (Dietzenbacher 1997)."""
    mrio, full = case.mrio, dense(case.mrio)
    Z = full.A * mrio.x
    Z[np.ix_(case.rows, case.columns)] *= 1 - case.theta
    share = np.divide(1.0, mrio.x, out=np.zeros(mrio.n), where=mrio.x > 0)
    B = share[:, None] * Z
    left = np.linalg.solve((np.eye(mrio.n) - B).T, full.v * mrio.x)
    assert_allclose(case.solve().carried, mrio.x - left, rtol=1e-8, atol=1e-9 * mrio.x.max())


@given(cases())
def test_nothing_cut_is_nothing_lost(case: Case) -> None:
    nothing = case.solve(np.zeros_like(case.cut_away))
    assert not nothing.lost_output.any()
    assert not nothing.carried.any()


@given(cases(), st.floats(0.01, 0.99))
def test_a_larger_cut_costs_no_less_anywhere(case: Case, part: float) -> None:
    less, more = case.solve(case.cut_away * part), case.solve()
    slack = 1e-10 * case.mrio.x.max()
    assert (more.lost_output >= less.lost_output - slack).all()
    assert (more.carried >= less.carried - slack).all()
    assert (less.lost_output >= -slack).all()
    assert (more.lost_output <= case.mrio.x + slack).all()


@given(cases())
def test_senders_lose_at_least_the_sales_that_are_cut(case: Case) -> None:
    """x - x' = A'(x - x') + D x_J, and nothing there is negative."""
    direct = case.cut_away @ case.mrio.x[case.columns]
    assert (case.solve().lost_output[case.rows] >= direct - 1e-10 * case.mrio.x.max()).all()


@given(cases())
def test_who_buys_nothing_from_the_receivers_at_any_tier_carries_nothing(case: Case) -> None:
    unreached = (dense(case.mrio).L[case.columns] < 1e-15).all(axis=0)
    assert np.abs(case.solve().carried[unreached]).max(initial=0.0) <= 1e-12 * case.mrio.x.max()


@given(cases())
def test_a_cut_of_several_rows_is_one_cut_and_not_the_sum_of_cuts(case: Case) -> None:
    together = case.solve()
    apart = [case.solve(case.cut_away[k : k + 1], case.rows[k : k + 1]) for k in range(len(case.rows))]
    slack = 1e-9 * case.mrio.x.max()
    each = np.array([a.lost_output for a in apart])
    assert (together.lost_output >= each.max(axis=0) - slack).all()
    assert (together.lost_output <= each.sum(axis=0) + slack).all()


@given(cases(), st.data())
def test_the_order_of_rows_and_columns_changes_nothing(case: Case, data: st.DataObject) -> None:
    rows = data.draw(st.permutations(range(len(case.rows))))
    columns = data.draw(st.permutations(range(len(case.columns))))
    other = Case(case.mrio, case.rows[rows], case.columns[columns], case.theta[np.ix_(rows, columns)])
    assert_same(other.solve(), case.solve(), case.mrio.x.max())


@given(cases())
def test_the_inputs_are_left_as_they_were(case: Case) -> None:
    D, x, v = case.cut_away, case.mrio.x.copy(), case.mrio.v.copy()
    before = D.copy()
    cut(case.mrio.lu, x, v, D, case.rows, case.columns)
    assert np.array_equal(D, before)
    assert np.array_equal(x, case.mrio.x)
    assert np.array_equal(v, case.mrio.v)


@pytest.mark.parametrize("hold_inverse", [False, True])
@given(cases(), st.integers(0, 2**32 - 1))
def test_final_sales_stop_with_the_purchases(hold_inverse: bool, case: Case, seed: int) -> None:
    m, full = case.mrio, dense(case.mrio)
    if hold_inverse:
        _ = m.lu.inverse
    final_cut = full.y * np.random.default_rng(seed).random(m.n)
    changed = full.A.copy()
    changed[np.ix_(case.rows, case.columns)] -= case.cut_away
    left = np.linalg.solve(np.eye(m.n) - changed, full.y - final_cut)
    found = cut(m.lu, m.x, m.v, case.cut_away, case.rows, case.columns, final_cut)
    assert_same(found, Cut(m.x - left, case.solve().carried), m.x.max())


def test_a_cut_of_more_than_a_quarter_of_rows_and_of_columns_is_refused() -> None:
    mrio = random_table(1, 4, 4)
    all_columns = np.arange(16)
    at_most = np.arange(4)
    A = dense(mrio).A
    cut(mrio.lu, mrio.x, mrio.v, A[at_most], at_most, all_columns)
    cut(mrio.lu, mrio.x, mrio.v, A[:, at_most], all_columns, at_most)
    with pytest.raises(CannotAnswer, match="a cut of 5 of 16 rows"):
        cut(mrio.lu, mrio.x, mrio.v, A[:5], np.arange(5), all_columns)


def test_a_tiny_cut_keeps_its_digits() -> None:
    """The difference of two solutions would lose them; here they are those of rational arithmetic."""
    mrio, row, column = random_table(5, 3, 3), 0, 5
    share = Fraction(1, 10**9)
    Z = [[Fraction(float(z)) for z in line] for line in mrio.Z]
    x = [Fraction(float(value)) for value in mrio.x]
    A = [[Z[i][j] / x[j] for j in range(mrio.n)] for i in range(mrio.n)]
    y = [x[i] - sum(Z[i]) for i in range(mrio.n)]
    changed = [list(line) for line in A]
    changed[row][column] *= 1 - share
    lost = [old - new for old, new in zip(x, solved(changed, y), strict=True)]
    D = np.array([[float(A[row][column] * share)]])
    found = cut(mrio.lu, mrio.x, mrio.v, D, np.array([row]), np.array([column])).lost_output
    assert_allclose(found, [float(value) for value in lost], rtol=1e-13)


def solved(A: list[list[Fraction]], y: list[Fraction]) -> list[Fraction]:
    """(I - A)^-1 y by Gauss-Jordan elimination in rational numbers."""
    n = len(A)
    rows = [[Fraction(int(i == j)) - A[i][j] for j in range(n)] + [y[i]] for i in range(n)]
    for k in range(n):
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(n):
            if i != k:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [line[n] for line in rows]
