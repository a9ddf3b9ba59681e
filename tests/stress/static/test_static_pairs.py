"""All pairs of countries at once against one cut at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from cases.reading import SHARED, Row, labelled, rows
from tables.strategies import dense, mrios, random_table
from zizhu.stress.static.demand import effects
from zizhu.stress.static.pairs import Pairs, every
from zizhu.stress.static.stopped import Block, stopped
from zizhu.tables.leontief import Index, factor, value_added_share
from zizhu.tables.mrio import MRIO


def regrouped(mrio: MRIO, seed: int, count: int) -> Index:
    """Countries of unequal numbers of nodes, spread over the table, each with one at least."""
    rng = np.random.default_rng(seed)
    country = rng.integers(0, count, mrio.n)
    country[rng.permutation(mrio.n)[:count]] = np.arange(count)
    return country


def ask(mrio: MRIO, country: Index, **options: object) -> Pairs:
    count = int(country.max()) + 1
    return every(mrio.lu, mrio.Z, mrio.x, mrio.v, country, count, **options)  # type: ignore[arg-type]


@given(mrios(), st.integers(0, 2**32 - 1), st.floats(0.01, 1), st.booleans())
def test_every_pair_is_the_changed_table(mrio: MRIO, seed: int, share: float, some: bool) -> None:
    country = regrouped(mrio, seed, 3)
    sellers = np.random.default_rng(seed).random(mrio.n) < 0.5 if some else np.ones(mrio.n, dtype=bool)
    found, full, x = ask(mrio, country, share=share, sellers=sellers if some else None), dense(mrio), mrio.x
    size = x.sum()
    for p in range(3):
        for q in range(3):
            stop = ((country == p) & sellers)[:, None] & (country == q) & (p != q)
            L = np.linalg.inv(np.eye(mrio.n) - full.A * (1 - share * stop))
            lost, carried = x - L @ full.y, x * (full.v @ full.L - full.v @ L)
            expected = [np.bincount(country, part, 3) for part in (lost, carried)]
            assert_allclose(found.lost[p, q], expected[0], rtol=1e-8, atol=1e-10 * size)
            assert_allclose(found.carried[p, q], expected[1], rtol=1e-8, atol=1e-10 * size)
            assert found.sales[p, q] == pytest.approx((mrio.Z * stop).sum() * share, rel=1e-6)


@given(mrios(), st.integers(0, 2**32 - 1))
def test_the_seller_loses_at_least_its_sales_and_nobody_stops_trade_with_himself(
    mrio: MRIO, seed: int
) -> None:
    found = ask(mrio, regrouped(mrio, seed, 2))
    slack = 1e-9 * mrio.x.sum()
    own = np.arange(2)
    for part in (found.lost, found.carried):
        assert not part[own, own].any()
        assert (part >= -slack).all()
    assert (found.lost[own, :, own] >= found.sales - slack).all()


def test_countries_without_output_are_zero_and_never_nan() -> None:
    mrio = random_table(4, 3, 3, inactive=2)
    country = np.where(mrio.x == 0, 1, 0)
    found = ask(mrio, country)
    for part in (found.sales, found.lost, found.carried):
        assert not part.any()


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith("embargo_country_block")))
def test_country_blocks_of_the_test_system(row: Row) -> None:
    folder = SHARED / "cases" / "io"
    _, _, Z = labelled(folder / "testmrio_Z.csv")
    _, _, F = labelled(folder / "testmrio_F.csv")
    x, country = Z.sum(axis=1) + F.sum(axis=1), np.repeat(np.arange(6), 8)
    found = every(factor(Z, x), Z, x, value_added_share(Z, x), country, 6)
    p, q = (int(name[-1]) - 1 for name in row.entity.split(" -> "))
    row.check(float(found.lost[p, q].sum()), float(np.finfo(float).eps * x.sum()))


@pytest.mark.slow
def test_pairs_of_the_built_in_table_are_single_cuts(icio: MRIO) -> None:
    of, count = icio.nodes.country_index, len(icio.nodes.countries)
    found = every(icio.lu, icio.Z, icio.x, icio.leftover, of, count)
    size = np.bincount(of, icio.x, count)
    for part in (found.sales, found.lost, found.carried):
        assert np.isfinite(part).all()
        assert part.min() >= -1e-9 * size.max()
    for p, q in [(0, 1), (3, 50), (70, 12), (12, 79)]:
        stop = stopped(icio.Z, [Block(np.flatnonzero(of == p), np.flatnonzero(of == q))])
        alone = effects(icio.Z, icio.x, icio.lu, icio.leftover, stop)
        assert_allclose(found.lost[p, q], np.bincount(of, alone.lost_output, count), atol=1e-10 * size.max())
        assert_allclose(found.carried[p, q], np.bincount(of, alone.carried, count), atol=1e-10 * size.max())
        assert found.sales[p, q] == pytest.approx(stop.flows.sum(), rel=1e-9)
