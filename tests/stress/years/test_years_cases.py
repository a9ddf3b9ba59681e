"""The acceptance cases of trade through scenarios, whose numbers a plain solver of others found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cases.reading import Row, rows
from stress.years.planets import elastic, needs_cases, on, solved, toy
from zizhu.stress.years.measures import losses
from zizhu.tables.mrio import MRIO

COUNTRIES = ("AAA", "BBB", "CCC")
THETA = elastic((4.0, 6.0))
TARIFF = {"kind": "tariff", "sender": "BBB:s1", "receiver": "AAA", "rate": 0.1}
BAN = {"kind": "export_ban", "sender": "BBB:s2", "receiver": "AAA"}


def is_welfare(quantity: str) -> bool:
    return quantity == "equivalent_variation"


def is_of_the_solution(quantity: str) -> bool:
    return quantity in ("equivalent_variation", "real_wage", "wage_change_hat", "tariff_revenue")


def check(row: Row, shocks: list[dict[str, Any]], mrio: MRIO, **settings: Any) -> None:
    model = on(mrio, *shocks, elastic=THETA, **settings)
    found = model.central.solution
    lost, n = losses(model.central), COUNTRIES.index(row.entity)
    numbers = {
        "equivalent_variation": -100 * lost["welfare"] / model.base.I,
        "real_wage": -100 * lost["wage"] / model.base.VA,
        "wage_change_hat": found.w,
        "tariff_revenue": found.tariffs,
    }
    row.check(float(numbers[row.quantity][n]))


@pytest.mark.parametrize("row", rows("trade_ge", "toy_tariff10_AAA_on_BBB_s1", is_of_the_solution))
def test_a_tariff(row: Row) -> None:
    check(row, [TARIFF], toy())


@pytest.mark.parametrize(
    "row", rows("trade_ge", "toy_embargo_AAA_from_BBB_s2 (iceberg infinite)", is_of_the_solution)
)
def test_a_ban(row: Row) -> None:
    check(row, [BAN], toy())


@pytest.mark.parametrize("row", rows("trade_ge", "toy_autarky_after_zero_deficits", bool))
def test_the_end_of_all_trade(row: Row) -> None:
    pairs = (("AAA", "BBB"), ("AAA", "CCC"), ("BBB", "CCC"))
    ended = [{"kind": "embargo", "sender": a, "receiver": b} for a, b in pairs]
    check(row, ended, toy(), years={"closure": "zero"})


@pytest.mark.parametrize("row", rows("trade_ge", "toy_tariff10_after_zero_deficits", is_of_the_solution))
def test_a_tariff_where_deficits_are_closed(row: Row) -> None:
    check(row, [TARIFF], toy(), years={"closure": "zero"})


@needs_cases
def test_the_same_through_an_enormous_iceberg() -> None:
    near = solved(
        toy(), {"kind": "iceberg", "sender": "BBB:s2", "receiver": "AAA", "change": 99}, elastic=THETA
    )
    ban = solved(toy(), BAN, elastic=THETA)
    assert np.allclose(near.solution.c, ban.solution.c, atol=1e-6)
