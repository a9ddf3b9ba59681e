"""The published tables of the one-sector model of 194 countries, and what must hold in any such world."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from cases.reading import ABSENT, SHARED, Row
from zizhu.stress.trade.liberation import (
    OneSector,
    Outcome,
    Parameters,
    balanced,
    fitted_nu,
    optimal_tariff,
    tariffs_of_one_sector,
)
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.groups import members

FOLDER = SHARED / "data" / "test" / "liberation_day"
EXPECTED = SHARED / "cases" / "trade_ge" / "expected.csv"
MAIN = Parameters(eps=4.0, k=0.5, psi=0.67 / 4, h=4 / 0.67)
TARGETS = (0.12, 0.26)
INPUT_SHARE = 0.49
LEAST = 0.1
here = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)


@cache
def countries() -> tuple[str, ...]:
    return tuple(pl.read_parquet(FOLDER / "country.parquet")["iso3"])


@cache
def trade() -> Matrix:
    flows = pl.read_parquet(FOLDER / "trade_2023.parquet")
    X = np.zeros((len(countries()), len(countries())))
    place = {c: i for i, c in enumerate(countries())}
    X[[place[c] for c in flows["exporter"]], [place[c] for c in flows["importer"]]] = flows["value_kusd"]
    return X


def usa() -> int:
    return countries().index("USA")


def gdp() -> Vector:
    return pl.read_parquet(FOLDER / "country.parquet")["gdp_kusd"].to_numpy()


@cache
def nu() -> Vector:
    group = (np.arange(len(countries())) == usa()).astype(np.intp)
    x = np.zeros((2, 2))
    np.add.at(x, (group[:, None], group[None, :]), trade())
    return fitted_nu(x, np.bincount(group, gdp()), TARGETS)[group]


def tariffs(rates: Vector | float, answered: bool = False) -> Matrix:
    """What the USA lays on its imports, and on what it sells if others answer in kind."""
    t = np.zeros_like(trade())
    t[:, usa()] = rates
    if answered:
        t[usa()] = rates
    t[usa(), usa()] = 0
    return t


def announced() -> Vector:
    return np.maximum(LEAST, pl.read_parquet(FOLDER / "country.parquet")["us_tariff"].to_numpy())


@cache
def outcome(case: str) -> Outcome:
    base = balanced(trade(), gdp(), nu())
    listed = tariffs(announced())
    if case == "1(2) USTR + lump-sum":
        return tariffs_of_one_sector(base, listed, MAIN, relief=False)
    if case.startswith("1(3)"):
        return tariffs_of_one_sector(base, tariffs(optimal_tariff(base, usa(), MAIN)), MAIN, relief=True)
    if case.startswith("2(1)"):
        return tariffs_of_one_sector(base, tariffs(announced(), answered=True), MAIN, relief=True)
    if case.startswith("9(alt2)"):
        return tariffs_of_one_sector(
            base, listed, Parameters(4.0, 0.5, 0.67 / 4, 4 / 0.67, 0.25), relief=True
        )
    if case.startswith("9(alt3)"):
        return tariffs_of_one_sector(base, listed, Parameters(8.0, 0.5, 0.67 / 4, 4 / 0.67), relief=True)
    if case.startswith("9(alt4)"):
        return tariffs_of_one_sector(OneSector(base.X, np.zeros_like(nu())), listed, MAIN, relief=True)
    if case.startswith("4pre(1)") or case == "IO":
        return tariffs_of_one_sector(balanced(trade(), gdp(), nu(), INPUT_SHARE), listed, MAIN, relief=True)
    return tariffs_of_one_sector(base, listed, MAIN, relief=True)


def across(F: Matrix) -> tuple[Vector, Vector]:
    """Exports and imports (N,)."""
    foreign = F * (1 - np.eye(len(F)))
    return foreign.sum(axis=1), foreign.sum(axis=0)


def changes(o: Outcome) -> dict[str, Vector]:
    """Changes (N,) as shares, as in the tables."""
    (x0, m0), (x1, m1) = across(o.base.X), across(o.F)
    return {
        "welfare": o.W - 1,
        "deficit": ((m1 - x1) - (m0 - x0)) / np.abs(m0 - x0),
        "exports_gdp": x1 / o.Y / (x0 / o.base.Y) - 1,
        "imports_gdp": m1 / o.Y / (m0 / o.base.Y) - 1,
        "employment": o.L - 1,
        "prices": o.P - 1,
    }


def averaged(o: Outcome, values: Vector, region: str) -> float:
    """A country, or the mean over a group weighted by expenditure."""
    group = {"nonUS": set(countries()) - {"USA"}, "EU": set(members("EU27", 2023))}.get(region, {region})
    inside = np.array([c in group for c in countries()]) * o.base.E
    return float(inside @ values / inside.sum())


def published() -> list[object]:
    if not FOLDER.is_dir():
        return [pytest.param("", None, marks=pytest.mark.skip(reason=ABSENT))]
    found = []
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            case = r["case"].removeprefix("liberation_day ")
            if case == r["case"] or r["status"] != "reproduced" or case.startswith("11 "):
                continue
            odd = case.startswith("2(1)") and (r["quantity"], r["entity"]) == ("deficit", "EU")
            why = "a mean of ratios over unnamed members: 15.1 with 27, of which Austria's +131 % is 3.3"
            marks = [pytest.mark.xfail(strict=True, reason=why)] if odd else []
            row = Row(r["quantity"], r["entity"], r["expected"], r["tolerance"], r["status"])
            found.append(pytest.param(case, row, marks=marks, id=f"{case} {row.quantity} {row.entity}"))
    return found


@pytest.mark.parametrize(("case", "row"), published())
def test_published_tables(case: str, row: Row) -> None:
    o = outcome(case)
    row.check(100 * averaged(o, changes(o)[row.quantity], row.entity))


@here
@pytest.mark.parametrize(("case", "printed"), [("main", "-9.4"), ("IO", "-10.8")])
def test_trade_of_the_world(case: str, printed: str) -> None:
    """With tariffs, by GDP, before retaliation."""
    o = outcome(case)
    t = tariffs(announced())
    with_tariffs = across((1 + t) * o.F)[0].sum() / o.Y.sum()
    Row("trade", "world", printed, "0.051", "reproduced").check(
        100 * float(with_tariffs / (across(o.base.X)[0].sum() / o.base.Y.sum()) - 1)
    )


@here
def test_the_optimal_tariff() -> None:
    found = optimal_tariff(balanced(trade(), gdp(), nu()), usa(), MAIN)
    assert 100 * found == pytest.approx(21.80, abs=0.005)


@here
def test_the_base_carries_the_targets() -> None:
    assert nu()[usa()] > nu()[0] > 0
    group = (np.arange(len(countries())) == usa()).astype(np.intp)
    assert set(nu()[group == 0]) == {nu()[0]}


def small(b: float = 1.0) -> OneSector:
    rng = np.random.default_rng(4)
    return balanced(rng.lognormal(size=(5, 5)), 40 * rng.lognormal(size=5), np.full(5, 0.15), b)


@pytest.mark.parametrize("b", [1.0, 0.6])
def test_nothing_happens_without_tariffs(b: float) -> None:
    o = tariffs_of_one_sector(small(b), np.zeros((5, 5)), MAIN, relief=True)
    assert o.sweeps == 1
    assert_allclose(o.W, 1, atol=1e-12)
    assert_allclose(o.F, o.base.X, rtol=1e-12)


@pytest.mark.parametrize("relief", [True, False])
@pytest.mark.parametrize("b", [1.0, 0.6])
def test_accounts(b: float, relief: bool) -> None:
    """What is spent is earned, raised or received; the world's transfers cancel; units do not matter."""
    base = small(b)
    t = 0.4 * (1 - np.eye(5)) * np.array([1.0, 0, 0, 0.5, 0])
    o = tariffs_of_one_sector(base, t, MAIN, relief=relief)
    spent = ((1 + t) * o.F).sum(axis=0)
    transfers = base.T * o.Y.sum() / base.Y.sum()
    assert_allclose(spent, o.revenue + o.Y + base.inputs(o.F) + transfers, rtol=1e-9)
    assert_allclose(o.Y, o.w * o.L * base.Y, rtol=1e-9)
    assert_allclose(o.revenue, (t * o.F).sum(axis=0), rtol=1e-12)
    assert abs(base.T.sum()) < 1e-10 * base.Y.sum()
    again = tariffs_of_one_sector(OneSector(1e6 * base.X, base.nu, b), t, MAIN, relief=relief)
    assert_allclose(again.W, o.W, rtol=1e-11)
