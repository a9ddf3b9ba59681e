"""Closed forms for cutting an input and losing a supplier, and the solve that should agree with the latter."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cases.reading import Row, rows
from stress.trade.worlds import abroad, cells, world
from zizhu.stress.trade.base import Base
from zizhu.stress.trade.calibrate import from_table, without_deficits
from zizhu.stress.trade.envelope import (
    beside,
    ces_bound,
    extreme,
    lost,
    second_order,
    stopped,
    supplier_loss,
)
from zizhu.stress.trade.instruments import Embargo, Iceberg, Shock, combined
from zizhu.stress.trade.solve import solve
from zizhu.stress.trade.sourcing import NoSupplier, sourcing
from zizhu.stress.trade.welfare import equivalent_variation, own
from zizhu.vocab.problems import ZizhuError


def numbers(row: Row) -> list[float]:
    return [float(text) for text in re.findall(r"\d+(?:\.\d+)?", row.entity)]


@pytest.mark.parametrize("row", rows("trade_ge", "ces_bound", lambda q: q.startswith("output loss")))
def test_the_bound(row: Row) -> None:
    row.check(100 * float(ces_bound(*numbers(row))))


@pytest.mark.parametrize("row", rows("trade_ge", "ces_bound", lambda q: q.startswith("second")))
def test_the_second_order_which_is_no_result(row: Row) -> None:
    row.check(100 * float(second_order(*numbers(row))))


@pytest.mark.parametrize("row", rows("trade_ge", "ces_bound", lambda q: q.startswith("Germany")))
def test_the_published_gas_embargo(row: Row) -> None:
    row.check(100 * float(ces_bound(*numbers(row))))


@pytest.mark.parametrize("row", rows("trade_ge", "supplier_loss", bool))
def test_losing_a_supplier(row: Row) -> None:
    row.check(float(supplier_loss(*numbers(row))))


@pytest.mark.parametrize("elasticity", [0.999999, 1.000001])
def test_the_bound_is_cobb_douglas_at_one(elasticity: float) -> None:
    assert ces_bound(0.3, 0.4, 1.0) == pytest.approx(1 - 0.6**0.3, rel=1e-14)
    assert ces_bound(0.3, 0.4, elasticity) == pytest.approx(1 - 0.6**0.3, rel=1e-5)


def test_the_price_after_an_embargo_at_given_costs_is_the_closed_form() -> None:
    base = world(3)
    A = sourcing(base, combined(base, [Embargo(cells(0, 1, 2))])).paid.whole
    price = A[2, 0].sum() ** (-1 / base.theta[2])
    assert price == pytest.approx(float(supplier_loss(base.pi[0, 1, 2], base.theta[2])), rel=1e-13)


def test_costs_only_of_one_cell_change() -> None:
    base = world(3)
    A = sourcing(base, combined(base, [Embargo(cells(0, 1, 2))])).paid.whole.transpose(1, 2, 0)
    changed = np.argwhere(base.pi != A)
    assert changed.tolist() == [[0, 1, 2]]


def test_shares_are_of_one() -> None:
    with pytest.raises(ZizhuError, match="not of 100"):
        supplier_loss(60.0, 4.0)
    with pytest.raises(ZizhuError, match="elasticity is 0"):
        ces_bound(0.1, 0.3, 0.0)


def without_foreign_trade(seed: int) -> tuple[Base, Shock]:
    base = without_deficits(world(seed, 4, 3, tariffs=0.0))
    return base, combined(base, [Embargo(abroad(base))])


@pytest.mark.parametrize("seed", range(3))
def test_the_envelope_of_autarky_is_exact(seed: int) -> None:
    base, shock = without_foreign_trade(seed)
    found = beside(base, shock, base.theta, 0.1)
    assert_allclose(found.worth, equivalent_variation(solve(base, shock, closure="zero")), atol=1e-10)
    assert_allclose(found.price, own(base.pi) ** (-1 / base.theta), rtol=1e-12)
    assert_allclose(found.share, 1.0)
    assert_allclose(found.bound, found.cut, rtol=1e-12)


def test_the_envelope_of_one_supplier_by_hand() -> None:
    """Country 0 loses what country 1 sells it of sector 2; nobody else loses a supplier."""
    base = world(3)
    found = beside(base, combined(base, [Embargo(cells(0, 1, 2))]), base.theta, 0.2)
    s, share = base.pi[0, 1, 2], base.X[0, 2] / base.X[0].sum()
    assert found.price[0, 2] == pytest.approx((1 - s) ** (-1 / base.theta[2]), rel=1e-12)
    assert (np.delete(found.price.ravel(), 2) == 1).all()
    assert (found.share[0], found.cut[0]) == pytest.approx((share, s), rel=1e-12)
    assert found.bound[0] == pytest.approx(1 - (share * (1 - s) ** -4 + 1 - share) ** -0.25, rel=1e-12)
    assert found.second[0] == pytest.approx(float(second_order(share, s, 0.2)), rel=1e-12)
    inverse = np.linalg.inv(np.eye(3) - base.gamma[0].T)
    passed = base.alpha[0] @ inverse[:, 2] * np.log(found.price[0, 2])
    assert found.worth[0] == pytest.approx(np.exp(-passed) - 1, rel=1e-12)
    for nothing in (found.worth, found.share, found.cut, found.bound, found.second):
        assert (nothing[1:] == 0).all()


def test_a_cost_takes_a_part_of_a_supplier_and_a_gain_takes_none() -> None:
    base = world(5)
    dearer = combined(base, [Iceberg(cells(0, 1, 2), 3.0)])
    assert lost(base, dearer, base.theta)[0, 2] == pytest.approx(
        base.pi[0, 1, 2] * (1 - 3 ** -base.theta[2]), rel=1e-12
    )
    cheaper = combined(base, [Iceberg(cells(0, 1, 2), 0.5)])
    assert not lost(base, cheaper, base.theta).any()


def test_below_an_elasticity_of_one_embargoes_are_refused_and_large_losses_warned_of() -> None:
    base = world(5)
    flat = np.array([0.5, 1.0, 0.5])
    ended = combined(base, [Embargo(cells(0, 1, [0, 1])), Iceberg(cells(1, [0, 2], 2), 200.0)])
    assert stopped(base, ended, flat).tolist() == [[0, 1, 0]]
    gone = lost(base, ended, flat)
    assert gone[0, 0] < 0.3 < gone[1, 2]
    assert extreme(base, ended, flat).tolist() == [[1, 2]]
    assert extreme(base, ended, flat, large=0.5 * float(gone[0, 0])).tolist() == [[0, 0], [1, 2]]
    assert len(extreme(base, ended, base.theta)) == len(stopped(base, ended, base.theta)) == 0


def test_no_envelope_without_any_supplier() -> None:
    Z = np.array([[10.0, 4, 2, 1], [0, 0, 1, 2], [2, 1, 9, 3], [1, 2, 4, 8]])
    F = np.array([[20.0, 3], [0, 60], [4, 25], [2, 35]])
    base = from_table(Z, F, np.zeros((2, 2, 2)), np.array([4.0, 6.0])).base
    with pytest.raises(NoSupplier, match="importer 0, sector 1"):
        beside(base, combined(base, [Embargo(cells(0, 1, 1))]), base.theta, 0.5)
