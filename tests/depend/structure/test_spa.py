"""Paths against all chains written out, and the exact sums that paths and remainders make."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from depend.structure.gapped import any_table
from examples import examples
from tables.strategies import dense
from zizhu.depend.structure.points import by_class
from zizhu.depend.structure.spa import Path, columns, paths, tiers
from zizhu.tables.leontief import Vector
from zizhu.tables.mrio import MRIO


def chains(mrio: MRIO, s: Vector, w: Vector, depth: int) -> list[Path]:
    """Every chain of at most `depth` purchases, with what it carries."""
    A = dense(mrio).A
    found = []
    for length in range(depth + 1):
        for chain in product(range(mrio.n), repeat=length + 1):
            links = [A[b, a] for a, b in pairwise(chain)]
            value = w[chain[0]] * float(np.prod(links)) * s[chain[-1]]
            if value:
                found.append(Path(chain, value))
    return sorted(found, key=lambda p: (-abs(p.value), p.chain))


def weights(mrio: MRIO, seed: int) -> tuple[Vector, Vector]:
    """Some origins' value added s and the weights w of one to three buyers."""
    rng = np.random.default_rng(seed)
    s = dense(mrio).v * (rng.random(mrio.n) < 0.6)
    w = np.zeros(mrio.n)
    w[rng.choice(mrio.n, min(3, mrio.n), replace=False)] = 1 / min(3, mrio.n)
    return s, w


@examples(40)
@given(any_table(most=5), st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_the_top_paths_are_those_of_all_chains(mrio: MRIO, seed: int, count: int) -> None:
    s, w = weights(mrio, seed)
    bound = mrio.lu.solve_transposed(s)
    expected = chains(mrio, s, w, 3)[:count]
    found = paths(columns(mrio.Z, mrio.x), s, bound, w, count, depth=3)
    assert_allclose([p.value for p in found], [p.value for p in expected], rtol=1e-12)
    clear = [k for k in range(len(found) - 1) if expected[k].value - expected[k + 1].value > 1e-9]
    if clear:
        assert {p.chain for p in found[: clear[-1] + 1]} == {p.chain for p in expected[: clear[-1] + 1]}


@examples(40)
@given(any_table(most=5), st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_all_paths_to_a_depth_and_the_remainder_are_the_total(mrio: MRIO, seed: int, depth: int) -> None:
    s, w = weights(mrio, seed)
    h, everything = mrio.lu.solve_transposed(s), 10**6
    found = paths(columns(mrio.Z, mrio.x), s, h, w, everything, depth=depth)
    *_, last = tiers(mrio.Z, mrio.x, w, depth)
    deeper = float(h @ (dense(mrio).A @ last))
    assert sum(p.value for p in found) + deeper == pytest.approx(float(h @ w), rel=1e-12, abs=1e-15)


@examples(40)
@given(any_table(most=30), st.integers(0, 2**32 - 1), st.integers(0, 6))
def test_tiers_and_what_lies_deeper_are_the_total(mrio: MRIO, seed: int, last: int) -> None:
    s, w = weights(mrio, seed)
    h = mrio.lu.solve_transposed(s)
    each = list(tiers(mrio.Z, mrio.x, w, last + 1))
    assert sum(s @ q for q in each[:-1]) + h @ each[-1] == pytest.approx(h @ w, rel=1e-11, abs=1e-14)
    assert_allclose(each[-1], np.linalg.matrix_power(dense(mrio).A, last + 1) @ w, rtol=1e-9, atol=1e-15)


@examples(20)
@given(any_table(most=20), st.integers(0, 2**32 - 1))
def test_more_paths_begin_with_the_same_ones(mrio: MRIO, seed: int) -> None:
    s, w = weights(mrio, seed)
    bound, column = mrio.lu.solve_transposed(s), columns(mrio.Z, mrio.x)
    few, many = (paths(column, s, bound, w, count) for count in (5, 40))
    assert_allclose([p.value for p in few], [p.value for p in many[: len(few)]], rtol=1e-12)
    assert sum(p.value for p in many) <= float(bound @ w) * (1 + 1e-12)
    assert len({p.chain for p in many}) == len(many)


@examples(30)
@given(any_table(most=5), st.integers(0, 2**32 - 1))
def test_quantities_below_zero_are_ranked_by_size(mrio: MRIO, seed: int) -> None:
    s, w = weights(mrio, seed)
    s = s * np.where(np.arange(mrio.n) % 2, -1.0, 1.0)
    found = paths(columns(mrio.Z, mrio.x), s, mrio.lu.solve_transposed(np.abs(s)), w, 12, depth=3)
    expected = chains(mrio, s, w, 3)[:12]
    assert_allclose([abs(p.value) for p in found], [abs(p.value) for p in expected], rtol=1e-12)


@examples(40)
@given(st.integers(1, 20), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_shares_of_a_class_and_the_largest_other(n: int, classes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    amounts, of = rng.random(n) * (rng.random(n) < 0.7), rng.integers(0, classes, n)
    found = by_class(amounts, of, classes)
    for i in range(n):
        mates = [k for k in range(n) if of[k] == of[i]]
        total = sum(amounts[k] for k in mates)
        share = [amounts[k] / total if total else 0.0 for k in mates if k != i]
        assert found.size[of[i]] == pytest.approx(total)
        assert found.share[i] == pytest.approx(amounts[i] / total if total else 0.0)
        assert found.other[i] == pytest.approx(max(share, default=0.0))
