"""Paths that BoARIO 0.7.2 computed on pymrio's test system, every industry and step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
import pytest

from cases.reading import ABSENT, SHARED, Row, rows
from stress.ario.economies import YEAR, usual
from zizhu.stress.ario.economy import LEAST_SHARE, Economy, economy
from zizhu.stress.ario.profiles import profile
from zizhu.stress.ario.run import Paths, simulate
from zizhu.stress.ario.shocks import CapacityLoss, Rebuilding, Shocks
from zizhu.tables.leontief import Matrix, Vector

FOLDER = SHARED / "cases" / "ario"
STEPS = 365
HIT = np.arange(3)
DESTROYED, CAPITAL_TO_VALUE_ADDED = 1e5, 4
ORDERS = {"alt": 1.0, "noalt": 0.0}
"""How the peer places orders, and the share of lost orders that moves."""
EVENTS = ("arbitrary", "recovery", "rebuild")

here = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)


@dataclass(frozen=True)
class System:
    economy: Economy
    value_added: Vector
    names: list[str]


@cache
def system() -> System:
    """The test system with the mask that the peer uses: inputs of a year against output of a day."""
    pymrio = pytest.importorskip("pymrio")
    peer = pymrio.load_test()
    Z = peer.Z.sort_index(axis=0).sort_index(axis=1)
    flows, final = Z.to_numpy(), peer.Y.loc[Z.index].to_numpy().sum(axis=1)
    x = flows.sum(axis=1) + final
    of = economy(flows, x, final, 6, steps_per_year=YEAR, least_share=LEAST_SHARE / YEAR)
    return System(of, x - flows.sum(axis=0), ["|".join(name) for name in Z.index])


@cache
def stored() -> pl.DataFrame:
    return pl.read_parquet(FOLDER / "testmrio_production_paths.parquet")


def shocks(event: str, steps: int = STEPS) -> Shocks:
    """The events of the case. The peer keeps an event of 30 steps for 32, and an arbitrary one starts a step later.

    It rounds losses to six digits.
    """
    capital = CAPITAL_TO_VALUE_ADDED * system().value_added[HIT]
    if event == "arbitrary":
        path = np.round(0.5 * profile(steps, 2, 32, recovery=60), 6)
        return Shocks(losses=(CapacityLoss(HIT, 1.0, path),))
    if event == "recovery":
        path = profile(steps, 1, 32, recovery=180)
        return Shocks(losses=(CapacityLoss(HIT, DESTROYED / capital, path),))
    transport, construction = 7, 0
    asked = np.array([transport, construction])
    destroyed = np.full(len(HIT), DESTROYED)
    return Shocks(rebuilding=(Rebuilding(HIT, destroyed, capital, asked, np.array([0.4, 0.6]), 60, 1, 31),))


@cache
def ours(event: str, order: str) -> Paths:
    return simulate(system().economy, usual(sigma=ORDERS[order], calm=None), shocks(event), STEPS)


@here
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("event", EVENTS)
def test_every_industry_and_step(event: str, order: str) -> None:
    theirs = (
        stored().filter(pl.col("case") == f"{order}_{event}").sort("row").select(system().names).to_numpy()
    )
    np.testing.assert_allclose(ours(event, order).production, theirs, rtol=1e-9)


def quantity(event: str, order: str, name: str) -> float:
    found = ours(event, order)
    made: Matrix = found.production
    if name == "production_loss_365_rows":
        return float((made[0] - made).sum())
    if name == "min_ratio_single_node":
        return float((made / made[0]).min())
    if name == "final_demand_unmet":
        return float(found.unmet.sum())
    if name == "first_affected_row":
        return float(np.flatnonzero(np.abs(made / made[0] - 1).max(axis=1) > 1e-6)[0])
    assert name.startswith("production_row_")
    return float(made[int(name.split("_")[2])].sum())


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("order", ORDERS)
def test_totals(event: str, order: str) -> None:
    wanted = rows("ario", f"testmrio_{event}", lambda q: not q.startswith("max relative"))
    for case in wanted:
        row = case.values[0]  # type: ignore[attr-defined]
        if row is None:
            pytest.skip(ABSENT)
        assert isinstance(row, Row)
        if row.entity == f"order_type={order}":
            row.check(quantity(event, order, row.quantity))
