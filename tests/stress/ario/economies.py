"""Small economies for the tests, and parameters of the published runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from tables.strategies import random_table
from zizhu.stress.ario.economy import Economy, economy
from zizhu.stress.ario.parameters import Parameters

YEAR = 365.0


def small(
    seed: int,
    countries: int = 3,
    sectors: int = 4,
    *,
    inactive: int = 0,
    dtype: Any = np.float64,
    money: float = 1,
) -> Economy:
    """A random balanced economy in daily steps; every industry buys something of every product, unless inactive."""
    table = random_table(seed, countries, sectors, inactive)
    Z, x = np.asarray(table.Z, dtype=float), table.x
    return economy((Z * money).astype(dtype), x * money, None, countries, steps_per_year=YEAR)


def usual(**changed: Any) -> Parameters:
    """The parameters of the stored runs, with some of them changed."""
    given: dict[str, Any] = {
        "alpha_base": 1.0,
        "alpha_max": 1.25,
        "tau_alpha": 365.0,
        "inventory": 90.0,
        "tau_inventory": 60.0,
        "psi": 0.8,
    }
    return Parameters(**(given | changed))
