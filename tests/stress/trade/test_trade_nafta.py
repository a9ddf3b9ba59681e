"""NAFTA's tariffs (Caliendo and Parro 2015), published at first order, beside the exact numbers of separate solves."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from cases.reading import ABSENT, Row, rows
from stress.trade.worlds import MEMBERS, NAFTA, nafta, nafta_calibrated, nafta_shock, place
from zizhu.stress.trade import calibrate
from zizhu.stress.trade.calibrate import exit_test
from zizhu.stress.trade.path import PathSplit, Rule, path_split
from zizhu.stress.trade.solve import Solution, solve
from zizhu.stress.trade.welfare import equivalent_variation, published_split, real_wage
from zizhu.tables.leontief import Vector

ZERO, WITH = "cp2015_nafta_tariffs_zero_deficit", "cp2015_nafta_tariffs_with_deficit"
here = pytest.mark.skipif(not NAFTA.is_dir(), reason=ABSENT)


@cache
def solved(deficits: bool) -> Solution:
    base = nafta(deficits)
    return solve(base, nafta_shock(base))


@cache
def split(steps: int, rule: Rule) -> PathSplit:
    base = nafta(deficits=False)
    return path_split(base, nafta_shock(base), steps, rule=rule)


def table_2(s: Solution) -> dict[str, Vector]:
    parts = published_split(s)
    return {
        "terms_of_trade": parts.terms_of_trade.sum(axis=1),
        "volume_of_trade": parts.volume_of_trade.sum(axis=1),
        "welfare_first_order": parts.welfare,
        "real_wage": real_wage(s),
    }


@pytest.mark.parametrize("row", rows("trade_ge", ZERO, lambda q: q.startswith("table2")))
def test_published_effects(row: Row) -> None:
    found = table_2(solved(deficits=False))[row.quantity.removeprefix("table2: ")]
    row.check(100 * float(found[place(row.entity)]))


@pytest.mark.parametrize("row", rows("trade_ge", WITH, bool))
def test_published_effects_with_deficits(row: Row) -> None:
    found = table_2(solved(deficits=True))[row.quantity.removeprefix("pkg_test: ")]
    row.check(100 * float(found[place(row.entity)]))


@pytest.mark.parametrize("row", rows("trade_ge", ZERO, lambda q: q.startswith("table3")))
def test_effects_by_partner(row: Row) -> None:
    n, parts = place(row.entity), published_split(solved(deficits=False))
    kind, _, partner = row.quantity.removeprefix("table3: ").partition("_")
    terms = parts.terms_of_trade if kind == "tot" else parts.volume_of_trade
    inside = np.zeros(31, dtype=bool)
    inside[[place(c) for c in MEMBERS]] = True
    row.check(100 * float(terms[n, inside if partner == "nafta" else ~inside].sum()))


@pytest.mark.parametrize("row", rows("trade_ge", ZERO, lambda q: q.startswith("exact")))
def test_exact_welfare(row: Row) -> None:
    row.check(100 * float(equivalent_variation(solved(deficits=False))[place(row.entity)]))


@pytest.mark.parametrize("row", rows("trade_ge", ZERO, lambda q: q.startswith("trade")))
def test_trade_inside(row: Row) -> None:
    s, n = solved(deficits=False), place(row.entity)
    others = [place(c) for c in MEMBERS if c != row.entity]
    row.check(100 * float(s.flow[n, others].sum() / s.base.flow[n, others].sum() - 1))


@pytest.mark.slow
@pytest.mark.parametrize("row", rows("trade_ge", ZERO, lambda q: q.startswith("path256")))
def test_the_split_along_the_path(row: Row) -> None:
    kind = "terms_of_trade" if "tot_" in row.quantity else "volume_of_trade"
    row.check(100 * float(split(256, "chained").terms[kind][place(row.entity)]))


@here
def test_a_trapezoid_of_few_steps_adds_up_to_the_exact_number() -> None:
    exact = np.log1p(equivalent_variation(solved(deficits=False)))
    off = [100 * np.abs(split(steps, "trapezoid").welfare - exact).max() for steps in (8, 16)]
    assert off[1] < 2e-3
    assert off[0] / off[1] == pytest.approx(4, rel=0.1)


@here
def test_every_repair_of_the_calibration_is_listed() -> None:
    counted = Counter(repair.why for repair in nafta_calibrated().repairs)
    assert counted[calibrate.CLIPPED] == 185
    assert counted[calibrate.NO_OWN] == 26
    worst = max(
        (r for r in nafta_calibrated().repairs if r.why == calibrate.COLUMN), key=lambda r: abs(r.before - 1)
    )
    assert worst.before == pytest.approx(1.00057, abs=5e-6)
    assert worst.index[0] == place("CAN")


@here
@pytest.mark.parametrize("deficits", [True, False])
def test_both_bases_are_at_rest(deficits: bool) -> None:
    assert exit_test(nafta(deficits)).largest <= 1e-12
