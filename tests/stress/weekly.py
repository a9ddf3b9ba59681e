"""Weekly scenarios on a small table, and the direct calls of the kernel that they stand for."""

from __future__ import annotations

from typing import Any

import numpy as np

from stress.scenario.scenarios import scenario
from tables.strategies import random_table
from zizhu.stress.ario.economy import economy
from zizhu.stress.ario.parameters import Parameters
from zizhu.stress.ario.run import Paths, simulate
from zizhu.stress.ario.shocks import Shocks
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.parameters import parameters
from zizhu.stress.scenario.resolve import resolve
from zizhu.stress.weeks import Weeks
from zizhu.tables.leontief import Vector
from zizhu.tables.mrio import MRIO

TABLE = random_table(11, 4, 4)
CHN, DEU, USA, FRA = (np.arange(4) + 4 * c for c in range(4))
USUAL = {name: p.value for name, p in parameters().items()}
STOP: dict[str, Any] = {"kind": "capacity", "at": "DEU:C26", "share": 0.5}
BAN: dict[str, Any] = {"kind": "export_ban", "sender": "CHN:C28", "receiver": "USA", "share": 0.6}
STEPS = 10


def span(text: str) -> int:
    return int(text.split()[0])


def weeks(*shocks: dict[str, Any], table: MRIO = TABLE, **said: Any) -> Weeks:
    one = scenario(*shocks, **{"length": "10 weeks", "draws": 0, "horizons": ["weeks"], **said})
    return Weeks.of(one, resolve(one, Ground(table, None)), table)


def usual(step: float = 7.0, **changed: Any) -> Parameters:
    """The central parameters of a scenario that says nothing, as a caller of the kernel would write them."""
    given: dict[str, Any] = {
        "alpha_base": 1.0,
        "alpha_max": USUAL["overproduction"],
        "tau_alpha": USUAL["overproduction_time"] / step,
        "inventory": USUAL["stocks"] / step,
        "tau_inventory": USUAL["restocking"] / step,
        "psi": USUAL["stock_share_needed"],
        "sigma": USUAL["substitution"],
    }
    return Parameters(**(given | changed))


def by_hand(
    shocks: Shocks,
    asked: Parameters | None = None,
    table: MRIO = TABLE,
    step: float = 7.0,
    steps: int = STEPS,
) -> Paths:
    blocks = table.n // len(table.nodes.sectors)
    of = economy(np.asarray(table.Z), table.x, table.final, blocks, steps_per_year=365 / step)
    return simulate(of, asked or usual(step), shocks, steps)


def assert_same(found: Weeks, wanted: Paths, table: MRIO = TABLE, step: float = 7.0) -> None:
    """Losses of the central run against those of the direct call; they are not zero."""
    lost = table.x * step / 365 - wanted.production
    batch = found.batch(found_values(found))
    assert np.abs(lost).max() > 1e-4 * table.x.max() * step / 365
    scale = table.x.max()
    assert np.allclose(batch["nodes"][0], lost.sum(axis=0), rtol=0, atol=1e-10 * scale)
    assert np.allclose(batch["unmet"][0], wanted.unmet.sum(axis=0), rtol=0, atol=1e-10 * scale)
    assert np.allclose(found.central().lost, lost, rtol=0, atol=1e-11 * scale)
    of_country = np.stack([lost[:, table.nodes.country_index == c].sum(axis=1) for c in range(4)], axis=1)
    assert np.allclose(batch["countries"][0], of_country, rtol=0, atol=1e-10 * scale)


def found_values(of: Weeks) -> Any:
    return np.array([[of.scenario.central(n) for n in of.scenario.drawn]])


def flat(steps: int = STEPS, size: float = 1.0) -> Vector:
    return np.full(steps, size)


def node(label: str, table: MRIO = TABLE) -> int:
    country, _, sector = label.partition(":")
    return table.nodes.position[country, sector]


# --- the steps of time ---
