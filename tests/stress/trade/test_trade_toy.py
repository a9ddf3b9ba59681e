"""Every number of the small world of the acceptance cases, found by a plain solver of others."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from cases.reading import Row, rows
from stress.trade.worlds import abroad, cells, toy
from zizhu.stress.trade.base import Base
from zizhu.stress.trade.calibrate import without_deficits
from zizhu.stress.trade.instruments import Embargo, Iceberg, Tariff, combined, unchanged
from zizhu.stress.trade.solve import Solution, rebase, solve
from zizhu.stress.trade.welfare import (
    equivalent_variation,
    gains_from_trade,
    own,
    real_wage,
    real_wage_formula,
)

COUNTRIES = ("AAA", "BBB", "CCC")
TOL = 1e-13


@cache
def closed() -> Base:
    return without_deficits(toy())


@cache
def tariff(deficits: bool = True) -> Solution:
    base = toy() if deficits else closed()
    return solve(base, combined(base, [Tariff(cells(0, 1, 0), 0.1)]), tol=TOL)


@cache
def embargo() -> Solution:
    return solve(toy(), combined(toy(), [Embargo(cells(0, 1, 1))]), tol=TOL)


@cache
def zero() -> Solution:
    return solve(toy(), unchanged(toy()), closure="zero", tol=TOL)


SINGLE = {
    "tariff_revenue": lambda s: s.tariffs[0],
    "price_index_hat s1": lambda s: s.P[0, 0],
    "import_share AAA<-BBB s1": lambda s: s.pi[0, 1, 0],
    "ln(pi_AB hat / pi_AA hat) + theta*(ln 1.1 + ln c_B - ln c_A)": lambda s: float(
        np.log(s.pi[0, 1, 0] / s.base.pi[0, 1, 0] / (s.pi[0, 0, 0] / s.base.pi[0, 0, 0]))
        + s.base.theta[0] * (np.log(1.1) + np.log(s.c[1, 0] / s.c[0, 0]))
    ),
}


def check(row: Row, s: Solution) -> None:
    if row.quantity in SINGLE:
        row.check(float(SINGLE[row.quantity](s)))
        return
    found = {
        "equivalent_variation": 100 * equivalent_variation(s),
        "wage_change_hat": s.w,
        "real_wage": 100 * real_wage(s),
    }[row.quantity]
    row.check(float(found[COUNTRIES.index(row.entity)]))


@pytest.mark.parametrize("row", rows("trade_ge", "toy_tariff10_AAA_on_BBB_s1", bool))
def test_a_tariff(row: Row) -> None:
    check(row, tariff())


@pytest.mark.parametrize("row", rows("trade_ge", "toy_embargo_AAA_from_BBB_s2 (iceberg infinite)", bool))
def test_an_embargo(row: Row) -> None:
    check(row, embargo())


@pytest.mark.parametrize("row", rows("trade_ge", "toy_zero_deficits", bool))
def test_closing_the_deficits(row: Row) -> None:
    check(row, zero())


@pytest.mark.parametrize("row", rows("trade_ge", "toy_autarky_after_zero_deficits", bool))
def test_autarky_is_solved_and_known_in_closed_form(row: Row) -> None:
    base = closed()
    solved = solve(base, combined(base, [Embargo(abroad(base))]), tol=TOL)
    n = COUNTRIES.index(row.entity)
    row.check(100 * float(equivalent_variation(solved)[n]))
    row.check(-100 * float(gains_from_trade(base)[n]))


@pytest.mark.parametrize("row", rows("trade_ge", "toy_tariff10_after_zero_deficits", bool))
def test_real_wages_follow_from_own_shares(row: Row) -> None:
    s = tariff(deficits=False)
    n = COUNTRIES.index(row.entity)
    row.check(100 * float(real_wage(s)[n]))
    statistic = np.log1p(real_wage_formula(s)[n])
    assert 100 * statistic == pytest.approx(100 * float(np.log1p(real_wage(s)[n])), abs=1e-10)


@pytest.mark.parametrize("row", rows("trade_ge", "embargo_limit", bool))
def test_a_large_iceberg_is_nearly_an_embargo(row: Row) -> None:
    large = solve(toy(), combined(toy(), [Iceberg(cells(0, 1, 1), 1e4)]), tol=TOL)
    row.check(100 * float(np.abs(equivalent_variation(large) - equivalent_variation(embargo())).max()))
    assert own(large.pi).min() > 0


@pytest.mark.parametrize("row", rows("trade_ge", "toy_no_shock", bool))
def test_without_a_shock_one_sweep_moves_nothing(row: Row) -> None:
    still = solve(toy(), unchanged(toy()), tol=TOL)
    row.check(100 * float(np.abs(equivalent_variation(still)).max()))
    assert still.convergence.sweeps == 1


@pytest.mark.parametrize("row", rows("trade_ge", "toy_money_units_x1e6", bool))
def test_money_has_no_unit(row: Row) -> None:
    money = {name: 1e6 * getattr(toy(), name) for name in ("X", "Y", "VA", "D", "I")}
    rich = replace(toy(), **money)
    again = solve(rich, combined(rich, [Tariff(cells(0, 1, 0), 0.1)]), tol=TOL)
    row.check(100 * float(np.abs(equivalent_variation(again) - equivalent_variation(tariff())).max()))


@pytest.mark.parametrize("row", rows("trade_ge", "toy_round_trip", bool))
def test_the_way_back(row: Row) -> None:
    there = tariff()
    raised = rebase(there)
    back = solve(raised, combined(raised, [Tariff(cells(0, 1, 0), 0.0)]), tol=TOL)
    row.check(float(np.abs((1 + equivalent_variation(there)) * (1 + equivalent_variation(back)) - 1).max()))
