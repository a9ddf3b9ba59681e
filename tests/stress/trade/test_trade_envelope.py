"""Closed forms for cutting an input and losing a supplier, and the solve that should agree with the latter."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cases.reading import Row, rows
from stress.trade.worlds import cells, world
from zizhu.stress.trade.envelope import ces_bound, second_order, supplier_loss
from zizhu.stress.trade.instruments import Embargo, combined
from zizhu.stress.trade.sourcing import sourcing
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
    A = sourcing(base, combined(base, [Embargo(cells(0, 1, 2))])).A
    price = A[2, 0].sum() ** (-1 / base.theta[2])
    assert price == pytest.approx(float(supplier_loss(base.pi[0, 1, 2], base.theta[2])), rel=1e-13)


def test_costs_only_of_one_cell_change() -> None:
    base = world(3)
    A = sourcing(base, combined(base, [Embargo(cells(0, 1, 2))])).A.transpose(1, 2, 0)
    changed = np.argwhere(base.pi != A)
    assert changed.tolist() == [[0, 1, 2]]


def test_shares_are_of_one() -> None:
    with pytest.raises(ZizhuError, match="not of 100"):
        supplier_loss(60.0, 4.0)
    with pytest.raises(ZizhuError, match="elasticity is 0"):
        ces_bound(0.1, 0.3, 0.0)
