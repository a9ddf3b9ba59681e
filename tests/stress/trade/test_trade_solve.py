"""How an equilibrium is found, and what is said when it is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cases.reading import ABSENT
from stress.trade.worlds import NAFTA, abroad, cells, nafta, wiod, world
from tables import wiod2013
from zizhu.stress.trade import solve as solving
from zizhu.stress.trade.anderson import fixed_point
from zizhu.stress.trade.base import Base, with_theta
from zizhu.stress.trade.calibrate import from_table, without_deficits
from zizhu.stress.trade.instruments import Embargo, Iceberg, Shock, Tariff, combined
from zizhu.stress.trade.solve import Unconverged, solve
from zizhu.stress.trade.welfare import (
    equivalent_variation,
    gains_from_trade,
    own,
    real_wage,
    real_wage_formula,
)
from zizhu.tables.leontief import Vector

nafta_needed = pytest.mark.skipif(not NAFTA.is_dir(), reason=ABSENT)


def large() -> tuple[Base, Shock]:
    """All tariffs of one country up by 150 points and an embargo of another."""
    base = world(9, 5, 4)
    everything = [0, 1, 2, 3]
    walls = Tariff(cells(0, [1, 2, 3, 4], everything), 1.5, added=True)
    return base, combined(base, [walls, Embargo(cells(1, 2, 0))])


@pytest.mark.parametrize(("limit", "method"), [(14, "shock in 4 steps"), (13, "shock in 16 steps")])
def test_what_fails_at_once_is_reached_in_steps(
    monkeypatch: pytest.MonkeyPatch, limit: int, method: str
) -> None:
    base, shock = large()
    base = with_theta(base, base.theta / 5)
    exact = equivalent_variation(solve(base, shock, closure="income"))
    monkeypatch.setattr(solving, "LIMIT", limit)
    found = solve(base, shock, closure="income", tol=1e-6)
    assert found.convergence.method == method
    assert_allclose(equivalent_variation(found), exact, atol=1e-6)


def test_what_does_not_converge_is_raised_with_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    base, shock = large()
    monkeypatch.setattr(solving, "LIMIT", 6)
    with pytest.raises(Unconverged, match="Use an embargo") as caught:
        solve(base, shock)
    failed = caught.value
    assert failed.convergence.residuals.largest > failed.convergence.tol
    assert failed.exit_code == 3
    assert failed.state.price.shape == base.X.shape
    monkeypatch.undo()
    solve(base, shock, start=failed.state)


@pytest.mark.parametrize("factor", [4.0, 10.0, 100.0])
@pytest.mark.parametrize("flat", [1.0, 4.0], ids=["theta", "theta x 4"])
def test_costs_of_all_trade_up_to_next_to_none(factor: float, flat: float) -> None:
    """Icebergs that leave less and less trade come to the end of it, whose cost is known."""
    base = without_deficits(world(9, 5, 4, tariffs=0.0))
    base = with_theta(base, flat * base.theta)
    found = solve(base, combined(base, [Iceberg(abroad(base), factor)]))
    assert found.convergence.method == "Anderson"
    worth, alone = equivalent_variation(found), -gains_from_trade(base)
    assert (worth > alone - 1e-9).all()
    assert_allclose(worth, alone, atol=1e-9 + 0.2 * (1 - own(found.pi).min()))


REAL = [
    pytest.param(lambda: nafta(deficits=False), marks=nafta_needed, id="nafta"),
    pytest.param(lambda: without_deficits(wiod()), marks=wiod2013.needed, id="wiod"),
]


@pytest.mark.parametrize("factor", [4.0, 10.0])
@pytest.mark.parametrize("made", REAL)
def test_real_worlds_bear_large_costs_of_all_trade(made: Callable[[], Base], factor: float) -> None:
    base = made()
    found = solve(base, combined(base, [Iceberg(abroad(base), factor)]))
    assert found.convergence.method == "Anderson"
    assert (equivalent_variation(found) < 0).all()
    formula = real_wage_formula(found)
    known = np.isfinite(formula)
    assert_allclose(real_wage(found)[known], formula[known], atol=1e-8)


@pytest.mark.parametrize("flat", [4.0, 1 / 3])
@pytest.mark.parametrize("made", REAL)
def test_real_worlds_bear_other_elasticities(made: Callable[[], Base], flat: float) -> None:
    base = made()
    base = with_theta(base, flat * base.theta)
    found = solve(base, combined(base, [Tariff(abroad(base), 0.25, added=True)]))
    assert found.convergence.method == "Anderson"
    formula = real_wage_formula(found)
    known = np.isfinite(formula)
    assert_allclose(real_wage(found)[known], formula[known], atol=1e-8)


def test_a_surplus_that_trade_can_no_longer_carry_is_said() -> None:
    base = world(9, 5, 4)
    walls = combined(base, [Iceberg(abroad(base), 1000.0)])
    with pytest.raises(Unconverged, match="give away more than they earn") as caught:
        solve(base, walls, closure="fixed")
    assert len(caught.value.broke) > 0
    assert (base.D[caught.value.broke] < 0).all()
    solve(base, walls, closure="zero")


def test_a_start_nearby_saves_sweeps() -> None:
    base, shock = large()
    first = solve(base, shock)
    again = solve(base, shock, start=first.state)
    assert again.convergence.sweeps <= 2 < first.convergence.sweeps
    assert_allclose(again.P, first.P, rtol=1e-9)


def test_the_residual_is_that_of_prices_spending_and_labour() -> None:
    """A state whose wages are right and whose prices are not does not pass."""
    base, shock = large()
    found = solve(base, shock, tol=1e-12)
    wrong = found.of.state(np.concatenate([found.state.wage.ravel(), np.zeros(2 * base.X.size)]))
    residuals = found.of.sweep(wrong).residuals
    assert residuals.price > 0.01
    assert residuals.spending > 0.01
    assert found.convergence.residuals.largest <= 1e-12


@pytest.mark.parametrize("seed", range(5))
def test_the_accelerated_point_is_that_of_plain_steps(seed: int) -> None:
    """A contraction with a known fixed point, and faster than by itself."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(40, 40))
    A *= 0.95 / np.abs(np.linalg.eigvals(A)).max()
    b = rng.normal(size=40)

    def step(z: Vector) -> tuple[Vector, float]:
        g = A @ z + b
        return g, float(np.abs(g - z).max())

    found = fixed_point(step, np.zeros(40), 1e-10, 500)
    assert found.converged
    assert found.sweeps < np.log(1e-10) / np.log(0.95)
    assert_allclose(found.z, np.linalg.solve(np.eye(40) - A, b), atol=1e-6)


def test_steps_into_nowhere_are_taken_back() -> None:
    """The square root of 2 by a map that is NaN beyond 0 keeps its last sound point."""

    def step(z: Vector) -> tuple[Vector, float]:
        with np.errstate(invalid="ignore"):
            g = 0.5 * (np.sqrt(z) ** 2 + 2 / z)
        return g, float(np.abs(g - z).max())

    assert fixed_point(step, np.array([3.0]), 1e-12, 100).z[0] == pytest.approx(np.sqrt(2), rel=1e-11)
    lost = fixed_point(step, np.array([-3.0]), 1e-12, 100)
    assert not lost.converged


def test_a_country_without_own_sales_has_no_formula() -> None:
    Z = np.array([[10.0, 4, 2, 1], [0, 0, 1, 2], [2, 1, 9, 3], [1, 2, 4, 8]])
    F = np.array([[20.0, 3], [0, 60], [4, 25], [2, 35]])
    base = from_table(Z, F, np.zeros((2, 2, 2)), np.array([4.0, 6.0])).base
    gains = gains_from_trade(base)
    assert np.isnan(gains).tolist() == [True, False]
