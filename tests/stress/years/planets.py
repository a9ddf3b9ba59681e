"""Worlds for the tests of the horizon of years: the table of the acceptance cases, and one with elasticities."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from cases.reading import ABSENT, SHARED, labelled
from stress.scenario.scenarios import scenario
from tables.strategies import FLAGS, table
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.lasting import knowing_final
from zizhu.stress.scenario.resolve import resolve
from zizhu.stress.trade.quota import Found
from zizhu.stress.years.deals import Priced
from zizhu.stress.years.model import Years
from zizhu.stress.years.thetas import Elastic
from zizhu.stress.years.world import world
from zizhu.tables.mrio import MRIO
from zizhu.vocab.elasticities import horizons

TOY = SHARED / "cases" / "trade_ge" / "toy3x2.csv"
KNOWN = replace(FLAGS, has_final_by_destination=True)
needs_cases = pytest.mark.skipif(not TOY.is_file(), reason=ABSENT)


def measured(Z: Any, F: Any, countries: tuple[str, ...], sectors: tuple[str, ...]) -> MRIO:
    """The table of flows and of final sales by destination."""
    made = table(Z, Z.sum(axis=1) + F.sum(axis=1), countries, sectors, KNOWN)
    return replace(made, final=F)


@cache
def toy() -> MRIO:
    """Three countries and two sectors of the acceptance cases."""
    _, _, numbers = labelled(TOY)
    return measured(numbers[:, :6], numbers[:, 6:], ("AAA", "BBB", "CCC"), ("s1", "s2"))


@cache
def small(seed: int = 1, countries: int = 4, sectors: int = 3) -> MRIO:
    """A random table whose countries mostly buy at home."""
    rng = np.random.default_rng(seed)
    n = countries * sectors
    home = np.kron(np.eye(countries), np.ones((sectors, sectors)))
    Z = rng.lognormal(0, 1, (n, n)) * (1 + 8 * home)
    F = rng.lognormal(1, 1, (n, countries)) * (1 + 8 * np.kron(np.eye(countries), np.ones((sectors, 1))))
    F += Z.sum() / n / countries
    return measured(Z, F, ("CHN", "DEU", "USA", "FRA", "VNM")[:countries], ("C26", "C28", "B")[:sectors])


def elastic(*theta: tuple[float, ...], spread: float = 0.0, term: str = "long_run") -> Elastic:
    """Sets of elasticities by the names one, two..."""
    values = np.array(theta)
    names = ("one", "two", "three")[: len(values)]
    return Elastic(names, values, np.full_like(values, spread), horizons()[term])


def on(mrio: MRIO, *shocks: dict[str, Any], elastic: Elastic, **settings: Any) -> Years:
    """A scenario of years on a table."""
    said = scenario(*shocks, horizons=["years"], **{"draws": 0, **settings})
    ground = Ground(mrio, None)
    return Years.on(world(knowing_final(ground).mrio), said, resolve(said, ground), elastic)


def solved(mrio: MRIO, *shocks: dict[str, Any], elastic: Elastic, **settings: Any) -> Found[Priced]:
    return on(mrio, *shocks, elastic=elastic, **settings).central
