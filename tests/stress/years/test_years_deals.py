"""Parts of sales with terms of their own: held against a plain solver of the same equations, and the kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import fsolve

from stress.years.planets import elastic, measured, on, small, solved
from zizhu.stress.trade.base import with_theta
from zizhu.stress.trade.instruments import (
    Cells,
    Efficiency,
    Embargo,
    ExportTax,
    Iceberg,
    Tariff,
    combined,
    unchanged,
)
from zizhu.stress.trade.quota import Quota, solve_quotas
from zizhu.stress.trade.solve import solve
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.stress.years.deals import equilibrium
from zizhu.stress.years.measures import losses, trade
from zizhu.tables.mrio import MRIO, Nodes

THETA = (4.0, 6.0, 2.5)
THREE = elastic(THETA)
SELL = {"sender": "CHN:C26", "receiver": "USA"}
CHN, USA, C26 = 0, 2, 0


def cells(importer: int, exporter: int, sectors: list[int]) -> Cells:
    return Cells(np.array([importer]), np.array([exporter]), np.array(sectors))


# --- whole sales: the instruments of the kernels ---


@pytest.mark.parametrize(
    ("shock", "change"),
    [
        ({"kind": "tariff", "rate": 0.25, **SELL}, Tariff(cells(USA, CHN, [C26]), 0.25)),
        ({"kind": "export_tax", "rate": 0.25, **SELL}, ExportTax(cells(USA, CHN, [C26]), 0.25)),
        ({"kind": "iceberg", "change": 0.25, **SELL}, Iceberg(cells(USA, CHN, [C26]), 1.25)),
        ({"kind": "export_ban", **SELL}, Embargo(cells(USA, CHN, [C26]))),
        ({"kind": "quota", "limit": 0, **SELL}, Embargo(cells(USA, CHN, [C26]))),
        ({"kind": "licence", "granted": 0, **SELL}, Embargo(cells(USA, CHN, [C26]))),
        (
            {"kind": "technology", "at": "CHN:C26", "change": 0.1},
            Efficiency(np.array([CHN]), np.array([C26]), 1.1 ** THETA[C26]),
        ),
        (
            {"kind": "tariff", "rate": 0.1, "sender": "CHN", "receiver": "USA"},
            Tariff(cells(USA, CHN, [0, 1, 2]), 0.1),
        ),
    ],
    ids=[
        "tariff",
        "export tax",
        "iceberg",
        "ban",
        "quota of none",
        "licence for none",
        "technology",
        "all sectors",
    ],
)
def test_a_shock_to_all_of_a_sale_is_the_instrument_of_its_name(shock: dict[str, Any], change: Any) -> None:
    model = on(small(), shock, elastic=THREE)
    direct = solve(model.base, combined(model.base, [change]))
    assert_allclose(model.central.solution.w, direct.w, rtol=1e-8)
    assert_allclose(model.central.solution.P, direct.P, rtol=1e-8)


def test_an_embargo_ends_both_directions() -> None:
    model = on(small(), {"kind": "embargo", "sender": "CHN", "receiver": "USA"}, elastic=THREE)
    changes = [Embargo(cells(USA, CHN, [0, 1, 2])), Embargo(cells(CHN, USA, [0, 1, 2]))]
    direct = solve(model.base, combined(model.base, changes))
    assert_allclose(model.central.solution.P, direct.P, rtol=1e-8)


@pytest.mark.parametrize("rent", ["importer", "exporter", "nobody"])
@pytest.mark.parametrize(
    "shock",
    [
        {"kind": "export_ban", "share": 0.4, **SELL},
        {"kind": "quota", "limit": 0.6, **SELL},
        {"kind": "licence", "granted": 0.6, **SELL},
    ],
    ids=lambda s: s["kind"],
)
def test_a_cut_of_one_sale_is_the_quota_of_the_kernels(shock: dict[str, Any], rent: str) -> None:
    model = on(small(), shock, elastic=THREE, years={"rent": rent})
    quota = Quota(cells(USA, CHN, [C26]), 0.4, rent)  # type: ignore[arg-type]
    direct = solve_quotas(model.base, unchanged(model.base), [quota])
    assert_allclose(np.exp(model.central.z), direct.factors, rtol=1e-6)
    assert_allclose(model.central.solution.P, direct.solution.P, rtol=1e-7)


def test_two_cuts_each_take_their_share_of_what_the_other_leaves() -> None:
    one, other = ({"kind": "export_ban", "share": s, **SELL} for s in (0.2, 0.5))
    twice = solved(small(), one, other, elastic=THREE)
    once = solved(small(), {**one, "share": 0.6}, elastic=THREE)
    assert_allclose(twice.solution.P, once.solution.P, rtol=1e-7)


def test_a_quantity_that_falls_by_itself_is_not_held_down() -> None:
    tariff = {"kind": "tariff", "rate": 0.5, **SELL}
    held = on(small(), tariff, {"kind": "export_ban", "share": 0.05, **SELL}, elastic=THREE)
    assert_allclose(held.central.z, 0.0)
    assert_allclose(held.central.solution.w, solved(small(), tariff, elastic=THREE).solution.w, rtol=1e-9)


def test_taxes_on_one_sale_add_up() -> None:
    parts = [{"kind": "tariff", "rate": r, **SELL} for r in (0.1, 0.15)]
    whole = solved(small(), {"kind": "tariff", "rate": 0.25, **SELL}, elastic=THREE)
    assert_allclose(solved(small(), *parts, elastic=THREE).solution.w, whole.solution.w, rtol=1e-10)


# --- parts of sales ---


def one_sector(seed: int) -> MRIO:
    """Two countries and one sector, which sells to industries and to final buyers."""
    rng = np.random.default_rng(seed)
    Z, F = rng.uniform(5, 20, (2, 2)), rng.uniform(5, 20, (2, 2))
    return measured(Z + 40 * np.eye(2), F + 60 * np.eye(2), ("CHN", "DEU"), ("C26",))


def plain(mrio: MRIO, theta: float, t: float, e: float, d: float) -> Any:
    """w, EV of CHN and DEU when DEU pays more for what its industry buys of CHN: every good with its own price."""
    Z, F = np.asarray(mrio.Z, dtype=float), mrio.final
    assert F is not None
    flow = (Z + F).T
    X, Y = flow.sum(axis=1), flow.sum(axis=0)
    pi = flow / X[:, None]
    gamma = Z.sum(axis=0) / Y
    VA, D = (1 - gamma) * Y, X - Y
    income = VA + D
    p = Z[0, 1] / flow[1, 0]
    world = VA.sum()

    def accounts(w: Any, P: Any, Xs: Any) -> Any:
        c = w ** (1 - gamma) * P**gamma
        plainly = (1 - p) * c[0] ** -theta
        dearly = p * ((1 + t) * (1 + e) * d * c[0]) ** -theta
        weights = pi * c**-theta
        weights[1, 0] = pi[1, 0] * (plainly + dearly)
        phi = weights.sum(axis=1)
        spent = weights / phi[:, None] * Xs[:, None]
        s = dearly / (plainly + dearly)
        border = spent[1, 0] * (1 - s + s / (1 + t))
        got = spent[1, 0] * (1 - s + s / (1 + t) / (1 + e))
        sold = np.array([spent[0, 0] + got, spent[0, 1] + spent[1, 1]])
        taxes = np.array([border - got, spent[1, 0] - border])
        return phi ** (-1 / theta), sold, w * VA + taxes + D

    def gaps(z: Any) -> Any:
        w, P, Xs = np.exp(z[:2]), np.exp(z[2:4]), np.exp(z[4:]) * X
        prices, sold, incomes = accounts(w, P, Xs)
        labour = (1 - gamma) * sold - w * VA
        return [
            labour[0] / VA[0],
            (w * VA).sum() / world - 1,
            *(prices / P - 1),
            *((gamma * sold + incomes) / Xs - 1),
        ]

    z = fsolve(gaps, np.zeros(6), xtol=1e-13)
    w, P = np.exp(z[:2]), np.exp(z[2:4])
    _, _, incomes = accounts(w, P, np.exp(z[4:]) * X)
    return w, incomes / income / P - 1


@pytest.mark.parametrize(
    ("kind", "value", "prices"),
    [
        ("tariff", 0.4, (0.4, 0.0, 1.0)),
        ("tariff", 3.0, (3.0, 0.0, 1.0)),
        ("export_tax", 0.4, (0.0, 0.4, 1.0)),
        ("iceberg", 0.4, (0.0, 0.0, 1.4)),
        ("export_ban", 1.0, (0.0, 0.0, 1e9)),
    ],
    ids=["tariff", "high tariff", "export tax", "iceberg", "ban"],
)
@pytest.mark.parametrize("theta", [2.0, 5.0])
def test_what_one_industry_buys_has_a_price_of_its_own(
    kind: str, value: float, prices: Any, theta: float
) -> None:
    name = {"iceberg": "change", "export_ban": "share"}.get(kind, "rate")
    shock = {"kind": kind, "sender": "CHN", "receiver": "DEU:C26", name: value}
    mrio = one_sector(3)
    found = solved(mrio, shock, elastic=elastic((theta,))).solution
    w, ev = plain(mrio, theta, *prices)
    assert_allclose(found.w, w, rtol=1e-8)
    assert_allclose(equivalent_variation(found), ev, atol=1e-9)
    assert abs(ev).max() > 1e-4


def test_a_small_tariff_on_a_part_is_a_part_of_the_tariff_and_a_huge_one_ends_it() -> None:
    mrio = one_sector(5)
    part = np.asarray(mrio.Z, dtype=float)[0, 1] / (mrio.Z[0, 1] + mrio.final[0, 1])  # type: ignore[index]
    to_industry, four = {"sender": "CHN", "receiver": "DEU:C26"}, elastic((4.0,))

    def ev(shock: dict[str, Any]) -> Any:
        return equivalent_variation(solved(mrio, shock, elastic=four).solution)

    small_rate = 1e-5
    of_part = ev({"kind": "tariff", "rate": small_rate, **to_industry})
    of_all = ev({"kind": "tariff", "rate": small_rate * part, "sender": "CHN", "receiver": "DEU"})
    assert_allclose(of_part, of_all, rtol=1e-4)
    ended = ev({"kind": "export_ban", **to_industry})
    assert_allclose(ev({"kind": "tariff", "rate": 100, **to_industry}), ended, atol=1e-6)


@pytest.mark.parametrize("rent", ["importer", "exporter", "nobody"])
def test_a_part_that_is_held_down_arrives_in_the_quantity_allowed(rent: str) -> None:
    shock = {"kind": "quota", "sender": "CHN", "receiver": "DEU:C26", "limit": 0.3}
    mrio = one_sector(7)
    model = on(mrio, shock, elastic=elastic((3.0,)), years={"rent": rent})
    factor = float(np.exp(model.central.z[0]))
    prices = {"importer": (factor - 1, 0, 1), "exporter": (0, factor - 1, 1), "nobody": (0, 0, factor)}[rent]
    w, ev = plain(mrio, 3.0, *prices)
    assert factor > 1.2
    assert_allclose(model.central.solution.w, w, rtol=1e-7)
    assert_allclose(equivalent_variation(model.central.solution), ev, atol=1e-8)
    s, part = model.central.solution, model.deals.part[1, 0]
    weights = np.array([1 - part, part * factor**-3.0])
    paid = s.X[1, 0] * s.pi[1, 0, 0] * weights[1] / weights.sum() / factor
    assert paid / s.c[0, 0] / (part * s.base.flow[1, 0, 0]) == pytest.approx(0.3, rel=1e-6)


# --- what it costs ---


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of countries that do not trade at all
def test_productivity_in_a_country_that_does_not_trade_is_known_in_closed_form() -> None:
    mrio = small()
    N, J, g = 4, 3, 0.2
    own = np.kron(np.eye(N), np.ones((J, J)))
    Z, F = np.asarray(mrio.Z) * own, np.asarray(mrio.final) * np.kron(np.eye(N), np.ones((J, 1)))
    alone = measured(Z, F, mrio.nodes.countries, mrio.nodes.sectors)
    model = on(alone, {"kind": "technology", "at": "CHN:C28", "change": g}, elastic=THREE)
    base = model.base
    through_inputs = np.linalg.inv(np.eye(J) - base.gamma[CHN].T)  # ln P = -through_inputs ln(1 + change)
    expected = (1 + g) ** (base.alpha[CHN] @ through_inputs)[1] - 1
    lost = losses(model.central)
    assert_allclose(-lost["welfare"] / base.I, [expected, 0, 0, 0], atol=1e-9)
    more = (1 + g) ** through_inputs[:, 1] - 1  # the same value at lower prices
    assert_allclose(-lost["output"][CHN] / base.Y[CHN], more, rtol=1e-9)


def test_what_leaves_one_country_arrives_in_others() -> None:
    cut = {"kind": "quota", "limit": 0.5, **SELL}
    for rent in ("importer", "nobody"):
        model = on(small(), cut, elastic=THREE, years={"rent": rent})
        lost = losses(model.central)
        assert lost["exports"].sum() == pytest.approx(lost["imports"].sum(), rel=1e-9)
        exports, _ = trade(model.base.flow)
        assert 0 < lost["exports"][CHN, C26] < exports[CHN, C26]


def test_a_ban_of_all_sales_stops_them() -> None:
    everything = {"kind": "export_ban", "sender": "CHN", "receiver": "WLD"}
    found = on(small(), everything, elastic=THREE, years={"closure": "zero"})
    with pytest.raises(Exception, match="CHN"):
        found.central  # noqa: B018  it could buy and no longer sell


def test_money_has_no_unit() -> None:
    shocks = [
        {"kind": "tariff", "rate": 0.3, **SELL},
        {"kind": "quota", "limit": 0.5, "sender": "DEU", "receiver": "USA:B"},
    ]
    mrio = small()
    assert mrio.final is not None
    rich = replace(mrio, Z=mrio.Z * 1e6, x=mrio.x * 1e6, final=mrio.final * 1e6)
    one, other = (on(m, *shocks, elastic=THREE) for m in (mrio, rich))
    here, there = (losses(m.central) for m in (one, other))
    for name, lost in here.items():
        assert_allclose(there[name] / 1e6, lost, atol=1e-8 * one.base.I.max())


def test_parts_of_a_country_are_one_in_trade() -> None:
    """A table that splits a country is the table that does not, and a part of it a part of its sales."""
    mrio = small()
    assert mrio.final is not None
    rng = np.random.default_rng(2)
    own = rng.dirichlet((2, 2), 3).T  # of each sector, what the two parts make
    spread = np.zeros((15, 12))
    spread[:3, :3], spread[3:6, :3], spread[6:, 3:] = np.diag(own[0]), np.diag(own[1]), np.eye(9)
    nodes = Nodes(
        ("CN1",) * 3 + ("CN2",) * 3 + mrio.nodes.country[3:],
        mrio.nodes.sectors * 5,
        ("CHN",) * 6 + mrio.nodes.country[3:],
    )
    split = replace(
        mrio, nodes=nodes, Z=spread @ mrio.Z @ spread.T, x=spread @ mrio.x, final=spread @ mrio.final
    )
    shock = {"kind": "tariff", "rate": 0.3, "sender": "CHN", "receiver": "USA"}
    whole = on(mrio, shock, elastic=THREE)
    assert_allclose(on(split, shock, elastic=THREE).central.solution.w, whole.central.solution.w, rtol=1e-9)
    of_part = on(split, {**shock, "sender": "CN1"}, elastic=THREE)
    assert_allclose(of_part.deals.part[1], own[0], rtol=1e-9)


def test_the_central_run_is_where_draws_begin() -> None:
    model = on(
        small(),
        {"kind": "quota", "limit": 0.4, **SELL},
        elastic=elastic(THETA, (5.0, 3.0, 8.0), spread=0.2),
        draws=12,
    )
    runs = model.begun().batch(model.values)
    assert runs["sweeps"][0] == 1
    assert_allclose(runs["welfare"][0], losses(model.central)["welfare"], rtol=1e-6)
    assert np.ptp(runs["welfare"][1:, USA]) > 0
    draw = model.values[5]
    again = equilibrium(with_theta(model.base, model.elastic.drawn(draw)), model.deals, tol=1e-12)
    assert_allclose(runs["welfare"][5], losses(again)["welfare"], atol=1e-6 * model.base.I.max())
