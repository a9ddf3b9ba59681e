"""What must hold in every world whatever happens to it: accounts, units, numeraire, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from examples import examples
from stress.trade.worlds import abroad, cells, world
from zizhu.stress.trade.base import Base, check, with_theta
from zizhu.stress.trade.calibrate import exit_test, response, without_deficits
from zizhu.stress.trade.closures import CLOSURES, Closure
from zizhu.stress.trade.instruments import (
    Change,
    Efficiency,
    Embargo,
    ExportTax,
    Iceberg,
    Shock,
    Tariff,
    combined,
    unchanged,
)
from zizhu.stress.trade.nested import nested
from zizhu.stress.trade.path import EXPORTED, IMPORTED, TERMS, path_split
from zizhu.stress.trade.solve import Solution, rebase, solve
from zizhu.stress.trade.sourcing import buying, circuits, sourcing, trading_groups
from zizhu.stress.trade.welfare import (
    equivalent_variation,
    gains_from_trade,
    own,
    real_wage,
    real_wage_formula,
)
from zizhu.tables.leontief import Vector
from zizhu.vocab.problems import CannotAnswer

TOL = 1e-13
some = examples(25)


@dataclass(frozen=True)
class Case:
    base: Base
    shock: Shock
    closure: Closure
    elasticities: dict[str, float] | None

    def solve(self) -> Solution:
        technology = None if self.elasticities is None else nested(self.base, **self.elasticities)
        return solve(self.base, self.shock, closure=self.closure, technology=technology, tol=TOL)


@st.composite
def cases(draw: st.DrawFn, cobb_douglas: bool = False) -> Case:
    """A world of 2 to 4 countries, some instruments at once, a closure and a technology."""
    N, J = draw(st.integers(2, 4)), draw(st.integers(1, 4))
    base = world(draw(st.integers(0, 2**32 - 1)), N, J)
    size = st.floats(0.05, 0.6)
    parts = st.tuples(st.integers(0, N - 1), st.integers(1, N - 1), st.integers(0, J - 1))
    changes: list[Change] = []
    for kind in (Tariff, ExportTax, Iceberg, Embargo, Efficiency):
        for n, step, j in draw(st.lists(parts, max_size=2, unique=True)):
            where = cells(n, (n + step) % N, j)
            if kind is Embargo:
                changes.append(Embargo(where))
            elif kind is Efficiency:
                changes.append(Efficiency(where.exporters, where.sectors, 1 + draw(size)))
            elif kind is Iceberg:
                changes.append(Iceberg(where, 1 + draw(size)))
            else:
                changes.append(kind(where, draw(size), added=True))
    ces = None
    if not cobb_douglas and draw(st.booleans()):
        ces = {
            "rho": draw(st.floats(0.3, 2)),
            "eps": draw(st.floats(0.3, 2)),
            "sigma": draw(st.floats(0.3, 2)),
        }
    shock = combined(base, changes) if changes else unchanged(base)
    links = buying(sourcing(base, shock).paid.abroad)
    assume(np.array_equal(circuits(links), trading_groups(links)))
    return Case(base, shock, draw(st.sampled_from(("income", "zero"))), ces)


def balance(s: Solution) -> Vector:
    """Imports less exports (N,) at the border."""
    border = s.flow * (1 + s.shock.e)
    return border.sum(axis=(1, 2)) - border.sum(axis=(0, 2))


@some
@given(cases())
def test_accounts_close(case: Case) -> None:
    """Trade balances, markets clear, incomes are spent, and the world earns what it produces and taxes."""
    s, base = case.solve(), case.base
    scale = base.VA.sum()
    border = s.flow * (1 + s.shock.e)
    taxes = (s.shock.tau * border).sum(axis=(1, 2)) + (s.shock.e * s.flow).sum(axis=(0, 2))
    assert_allclose(s.pi.sum(axis=1), 1, rtol=1e-12)
    assert_allclose(balance(s), s.D, atol=1e-10 * scale)
    assert_allclose(s.D.sum(), 0, atol=1e-12 * scale)
    assert_allclose(s.tariffs + s.export_taxes, taxes, atol=1e-10 * scale)
    assert_allclose(s.flow.sum(axis=0), s.Y, atol=1e-10 * scale)
    assert_allclose(s.I.sum(), (s.w * base.VA).sum() + taxes.sum(), rtol=1e-12)
    assert_allclose((s.w * base.VA).sum(), scale, rtol=1e-12)
    after = rebase(s)
    assert_allclose((after.beta * after.Y).sum(axis=1), s.w * base.VA, rtol=1e-10)
    check(after)


@some
@given(cases(cobb_douglas=True))
def test_the_way_back_leads_home(case: Case) -> None:
    """Undoing a finite shock from the solved world restores all levels."""
    base = without_deficits(case.base)
    finite = replace(case.shock, iceberg=np.where(np.isinf(case.shock.iceberg), 1.5, case.shock.iceberg))
    there = solve(base, finite, tol=TOL)
    middle = rebase(there)
    back = Shock(base.tau, base.e, 1 / finite.iceberg, 1 / finite.efficiency)
    here = solve(middle, back, tol=TOL)
    assert_allclose((1 + equivalent_variation(there)) * (1 + equivalent_variation(here)), 1, atol=1e-11)
    assert_allclose(there.P * here.P, 1, atol=1e-11)
    assert_allclose(here.X, base.X, rtol=1e-10)


def test_a_round_trip_of_a_tariff_is_exact() -> None:
    base = without_deficits(world(8, 4, 4))
    there = solve(base, combined(base, [Tariff(cells(0, [1, 2], [0, 1]), 0.3)]), tol=1e-14)
    here = solve(rebase(there), Shock(base.tau, base.e, *unchanged_factors(base)), tol=1e-14)
    back = (1 + equivalent_variation(there)) * (1 + equivalent_variation(here)) - 1
    assert np.abs(back).max() <= 1e-12


def unchanged_factors(base: Base) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    return unchanged(base).iceberg, unchanged(base).efficiency


@some
@given(cases())
def test_money_has_no_unit(case: Case) -> None:
    base = case.base
    money = {name: 1e6 * getattr(base, name) for name in ("X", "Y", "VA", "D", "I")}
    richer = replace(base, **money)
    again = Case(richer, replace(case.shock), case.closure, case.elasticities).solve()
    assert_allclose(equivalent_variation(again), equivalent_variation(case.solve()), atol=1e-12)


@given(st.integers(0, 2**32 - 1), st.sampled_from(CLOSURES[:3]), st.booleans())
def test_nothing_happens_without_a_shock(seed: int, closure: Closure, ces: bool) -> None:
    base = world(seed)
    technology = nested(base, rho=0.4, eps=0.2, sigma=0.7, sector_labour=True) if ces else None
    found = solve(base, unchanged(base), closure=closure, technology=technology, tol=1e-12)
    assert found.convergence.sweeps == 1
    assert np.abs(equivalent_variation(found)).max() <= 1e-12
    assert exit_test(base).largest <= 1e-12


@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 5))
def test_autarky_is_the_closed_form(seed: int, countries: int, sectors: int) -> None:
    base = without_deficits(world(seed, countries, sectors, tariffs=0.0))
    alone = solve(base, combined(base, [Embargo(abroad(base))]), closure="zero", tol=TOL)
    assert_allclose(equivalent_variation(alone), -gains_from_trade(base), atol=1e-12)
    assert len(np.unique(alone.of.group)) == countries


@some
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 1.0))
def test_the_real_wage_is_known_from_own_shares(seed: int, rate: float) -> None:
    base = world(seed, 4, 3)
    s = solve(base, combined(base, [Tariff(cells(0, [1, 2, 3], 1), rate, added=True)]), tol=TOL)
    assert_allclose(real_wage_formula(s), real_wage(s), atol=1e-11)
    assert (own(s.pi)[0, 1] > own(base.pi)[0, 1]).all()


@given(st.integers(0, 2**32 - 1))
def test_a_tariff_lowers_a_share_by_the_trade_elasticity(seed: int) -> None:
    slope, wanted = response(world(seed))
    assert slope < 0
    assert slope == pytest.approx(wanted, rel=1e-4)


@settings(max_examples=10)
@given(cases())
def test_the_split_along_the_path_adds_up(case: Case) -> None:
    """All six terms, taxes on both sides of the border and any technology; the error falls with the square."""
    finite = replace(case.shock, iceberg=np.where(np.isinf(case.shock.iceberg), 1.2, case.shock.iceberg))
    technology = None if case.elasticities is None else nested(case.base, **case.elasticities)
    options = {"closure": "income", "technology": technology}
    exact = np.log1p(equivalent_variation(solve(case.base, finite, **options)))  # type: ignore[arg-type]
    off = [np.abs(path_split(case.base, finite, steps, **options).welfare - exact).max() for steps in (2, 8)]
    assert off[1] <= max(off[0] / 8, 1e-8)
    assert off[1] < 2e-3


def test_extrapolated_splits_are_those_of_many_steps_and_belong_to_partners() -> None:
    base = world(3)
    shock = combined(base, [Tariff(cells(0, 1, [0, 1, 2]), 0.4), Iceberg(cells(1, 2, 1), 1.3)])
    exact = np.log1p(equivalent_variation(solve(base, shock, tol=TOL)))
    found, many = (
        path_split(base, shock, n, rule=r, tol=TOL) for n, r in ((8, "romberg"), (64, "trapezoid"))
    )
    plain = path_split(base, shock, 8, tol=TOL)
    off, plainly = (np.abs(one.welfare - exact).max() for one in (found, plain))
    assert off < plainly / 100
    for name, term in found.terms.items():
        assert_allclose(term, many.terms[name], atol=1e-5)
    assert set(found.terms) == set(TERMS)
    sold, bought = found.partners[EXPORTED], found.partners[IMPORTED]
    assert_allclose(np.diag(sold) + np.diag(bought), 0.0, atol=1e-14)  # own sales have no terms of trade
    assert np.count_nonzero(found.partners["resource_cost"]) == 1
    assert found.partners["resource_cost"][1, 2] < 0
    with pytest.raises(ValueError, match="power of two"):
        path_split(base, shock, 6, rule="romberg")


@pytest.mark.parametrize(("closure", "match"), [("fixed", "no longer trade"), ("zero", "no longer buy")])
def test_deficits_that_cannot_be_are_refused(closure: Closure, match: str) -> None:
    base = world(4)
    everything = [0, 1, 2]
    blocked = [Embargo(cells(0, [1, 2], everything))]
    if closure == "fixed":
        blocked.append(Embargo(cells([1, 2], 0, everything)))
    with pytest.raises(CannotAnswer, match=match):
        solve(base, combined(base, blocked), closure=closure)


def test_world_income_shares_and_fixed_deficits_agree_without_taxes() -> None:
    base = world(5, tariffs=0.0)
    shock = combined(base, [Iceberg(cells(0, 1, 1), 1.4)])
    found = [equivalent_variation(solve(base, shock, closure=c, tol=TOL)) for c in ("fixed", "world_gdp")]
    assert_allclose(found[0], found[1], atol=1e-12)


def test_income_keeps_the_ranking_of_deficits_but_for_one_shift() -> None:
    base = world(6)
    s = solve(base, combined(base, [Tariff(cells(0, [1, 2], [0, 1, 2]), 0.4)]), closure="income", tol=TOL)
    earned = s.I - s.D
    shift = s.D / earned - base.D / base.earned
    assert np.ptp(shift) < 1e-12


@pytest.mark.parametrize("factor", [4.0, 1 / 3])
def test_steep_and_flat_elasticities_converge(factor: float) -> None:
    base = world(11, 6, 6)
    steep = with_theta(base, factor * base.theta)
    s = solve(steep, combined(steep, [Tariff(cells(0, [1, 2, 3], [0, 1, 2]), 0.6, added=True)]))
    assert s.convergence.residuals.largest <= 1e-10
