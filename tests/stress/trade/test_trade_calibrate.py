"""From data that do not fit to a base: every change listed, everything else as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from stress.trade.worlds import cells, world
from zizhu.stress.trade import calibrate
from zizhu.stress.trade.base import Base, assemble, check
from zizhu.stress.trade.calibrate import exit_test, from_shares, from_table, without_deficits
from zizhu.stress.trade.envelope import supplier_loss
from zizhu.stress.trade.instruments import Embargo, combined
from zizhu.stress.trade.solve import solve
from zizhu.stress.trade.sourcing import NoSupplier
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.vocab.problems import ZizhuError

THETA = np.array([4.0, 6.0])


def table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Two countries, two sectors: flows, final use, tariffs of 10 % on what country 0 imports."""
    Z = np.array([[10.0, 4, 2, 1], [3, 12, 1, 2], [2, 1, 9, 3], [1, 2, 4, 8]])
    F = np.array([[20.0, 3], [30, 2], [4, 25], [2, 35]])
    tau = np.zeros((2, 2, 2))
    tau[0, 1] = 0.1
    return Z, F, tau


def test_a_table_by_hand() -> None:
    """Shares, cost shares and accounts of a table small enough to add up on paper."""
    Z, F, tau = table()
    found = from_table(Z, F, tau, THETA)
    base = found.base
    assert found.repairs == ()
    assert_allclose(base.Y, (Z.sum(axis=1) + F.sum(axis=1)).reshape(2, 2))
    own, imported = 10 + 4 + 20, (2 + 1 + 4) * 1.1
    assert base.pi[0, 1, 0] == pytest.approx(imported / (own + imported))
    assert base.X[0, 0] == pytest.approx(own + imported)
    assert base.gamma[0, 0, 0] == pytest.approx((10 + 2 * 1.1) / 40)
    assert base.gamma[1, 1, 0] == pytest.approx((1 + 4) / 44)
    imports, exports = 2 + 1 + 1 + 2 + 4 + 2, 2 + 1 + 1 + 2 + 3 + 2
    assert base.D[0] == pytest.approx(imports - exports)
    assert base.I[0] == pytest.approx(20 + 30 + (4 + 2) * 1.1)
    assert base.I[0] == pytest.approx(base.VA[0] + 0.1 * imports + base.D[0])


def test_repairs_of_a_table_are_listed_one_by_one() -> None:
    Z, F, tau = table()
    F[0, 1] = -2
    F[3] = [0.0, 0.0]
    Z[0, 3] = 30
    found = from_table(Z, F, tau, THETA)
    by_why = {r.why: r for r in found.repairs}
    clipped, filled = by_why[calibrate.NEGATIVE_FINAL], by_why[calibrate.NO_VALUE_ADDED]
    assert (clipped.index, clipped.before, clipped.after) == ((0, 1), -2.0, 0.0)
    assert filled.index == (3, 1)
    assert filled.after == pytest.approx(Z[:, 3].sum() - Z[3].sum())
    assert len(found.repairs) == 2
    assert found.base.beta[1, 1] == pytest.approx(0, abs=1e-15)


def test_own_sales_have_a_floor_if_asked() -> None:
    Z, F, tau = table()
    Z[1, :2], F[1] = 0, [0, 60]
    assert from_table(Z, F, tau, THETA).base.pi[0, 0, 1] == 0
    found = from_table(Z, F, tau, THETA, least_own=1e-3)
    assert [r.why for r in found.repairs] == [calibrate.OWN]
    bought = found.base.flow[0, :, 1]
    assert bought[0] / bought.sum() == pytest.approx(1e-3)


def test_a_floor_of_own_sales_is_the_way_out_of_an_embargo_on_all_suppliers() -> None:
    """What is bought at home then costs what the closed form says of so small a share."""
    Z, F, tau = table()
    Z[1, :2], F[1] = 0, [0, 60]
    alone = [Embargo(cells(0, 1, 1))]
    bare = without_deficits(from_table(Z, F, 0 * tau, THETA).base)
    with pytest.raises(NoSupplier, match="least_own") as caught:
        solve(bare, combined(bare, alone), closure="income")
    assert caught.value.cells.tolist() == [[0, 1]]
    base = without_deficits(from_table(Z, F, 0 * tau, THETA, least_own=1e-3).base)
    found = solve(base, combined(base, alone), closure="income")
    dearer = found.P[0, 1] / found.c[0, 1]
    assert dearer == pytest.approx(float(supplier_loss(1 - base.pi[0, 0, 1], THETA[1])), rel=1e-12)
    assert -0.9 < equivalent_variation(found)[0] < 0


def test_a_sector_that_nobody_buys_is_bought_at_home() -> None:
    Z, F, tau = table()
    Z[[1, 3]], Z[:, [1, 3]], F[[1, 3]] = 0, 0, 0
    found = from_table(Z, F, tau, THETA)
    assert {r.why for r in found.repairs} == {calibrate.NO_SPENDING}
    assert found.base.pi[0, 0, 1] == found.base.pi[1, 1, 1] == 1
    exit_test(without_deficits(found.base))


def test_shares_that_fit_are_left_alone() -> None:
    """National shares out of a sound base lead back to it."""
    base = world(3, 3, 4)
    found = from_shares(base.flow, base.Y, base.gamma, base.beta, base.tau, base.theta)
    assert {r.why for r in found.repairs} <= {calibrate.COLUMN, calibrate.OUTPUT}
    for name in ("pi", "gamma", "beta", "alpha", "X", "Y", "VA", "I"):
        assert_allclose(getattr(found.base, name), getattr(base, name), rtol=1e-10, atol=1e-12, err_msg=name)


def test_clipped_final_spending_makes_another_world_which_is_at_rest() -> None:
    base = world(3, 3, 4)
    gamma = base.gamma.copy()
    gamma[1, 2] *= 20
    found = from_shares(base.flow, base.Y, gamma, base.beta, base.tau, base.theta)
    clipped = [r for r in found.repairs if r.why == calibrate.CLIPPED]
    assert [r.index for r in clipped] == [(1, 2)]
    assert clipped[0].before < 0
    assert exit_test(found.base).largest <= 1e-12
    assert np.abs(found.base.VA / base.VA - 1).max() > 1e-3


def test_final_shares_without_inventories_are_taken_as_given() -> None:
    base = world(4, 3, 3)
    alpha = base.alpha * np.array([1.0, 0.5, 1.5])
    found = from_shares(base.flow, base.Y, base.gamma, base.beta, base.tau, base.theta, alpha)
    assert_allclose(found.base.alpha, alpha / alpha.sum(axis=1, keepdims=True), rtol=1e-14)
    assert exit_test(found.base).largest <= 1e-12


def test_deficits_close() -> None:
    closed = without_deficits(world(7))
    assert_allclose(closed.D, 0, atol=1e-10 * closed.VA.sum())


def broken(**changes: object) -> Base:
    return replace(world(1), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (lambda: broken(theta=-world(1).theta), "theta is the trade elasticity"),
        (lambda: broken(theta=np.ones(2)), "theta has shape"),
        (lambda: broken(tau=world(1).tau + 0.01), "output is what is bought"),
        (lambda: broken(alpha=2 * world(1).alpha), "shares of final spending"),
        (lambda: broken(pi=world(1).pi.transpose(1, 0, 2)), "shares of suppliers"),
        (lambda: broken(VA=np.full(3, np.nan)), "VA is nan"),
    ],
    ids=["sign", "shape", "tariffs", "alpha", "axes", "nan"],
)
def test_what_is_no_equilibrium_is_refused(base: object, said: str) -> None:
    with pytest.raises(ZizhuError, match=said):
        check(base())  # type: ignore[operator]


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(ZizhuError) as caught:
        check(broken(theta=-world(1).theta, alpha=2 * world(1).alpha))
    assert len(caught.value.problems) > 2


def test_bad_tables_are_refused() -> None:
    Z, F, tau = table()
    with pytest.raises(ZizhuError, match="tau has shape"):
        from_table(Z, F, tau[:1], THETA)
    with pytest.raises(ZizhuError, match="negative or no numbers"):
        from_table(-Z, F, tau, THETA)


def test_a_base_that_is_not_solved_does_not_pass_the_exit_test() -> None:
    base = world(2)
    moved = assemble(base.pi, base.tau, base.gamma, np.roll(base.alpha, 1, axis=1), base.theta, base.X)
    with pytest.raises(ZizhuError, match="spending is what uses need"):
        exit_test(moved)


@pytest.mark.filterwarnings("error")
def test_a_country_that_trades_with_nobody_is_at_rest() -> None:
    Z = np.kron(np.eye(3), np.ones((2, 2)))
    Z[:2, 2:4] = Z[2:4, :2] = 0.5  # the third country is alone
    F = np.kron(np.eye(3), np.full((2, 1), 5.0))
    found = from_table(Z, F, np.zeros((3, 3, 2)), np.full(2, 4.0))
    assert exit_test(found.base).largest < 1e-12
