"""Worlds for the tests of the trade equilibrium: generated ones, the small table of the cases and the NAFTA base."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from cases.reading import SHARED, labelled
from tables import wiod2013
from zizhu.stress.trade.base import Base, Cube
from zizhu.stress.trade.calibrate import Calibrated, from_shares, from_table, without_deficits
from zizhu.stress.trade.instruments import Cells, Shock, unchanged

TOY = SHARED / "cases" / "trade_ge" / "toy3x2.csv"
NAFTA = SHARED / "data" / "test" / "cp2015"
MEMBERS = ("MEX", "CAN", "USA")


def world(
    seed: int, countries: int = 3, sectors: int = 3, *, tariffs: float = 0.2, theta: float | None = None
) -> Base:
    """A random input-output table with tariffs, as a base; trade elasticities 2 to 8 or `theta`."""
    rng = np.random.default_rng(seed)
    n = countries * sectors
    home = np.kron(np.eye(countries), np.ones((sectors, sectors)))
    Z = rng.lognormal(0, 1, (n, n)) * (1 + 8 * home)
    F = rng.lognormal(1, 1, (n, countries)) * (1 + 8 * np.kron(np.eye(countries), np.ones((sectors, 1))))
    F[:, 0] += 0.5 * Z.sum(axis=0)
    tau = tariffs * rng.random((countries, countries, sectors))
    tau[np.arange(countries), np.arange(countries)] = 0
    elasticities = rng.uniform(2, 8, sectors) if theta is None else np.full(sectors, theta)
    return from_table(Z, F + Z.sum() / n / countries, tau, elasticities).base


def cells(importers: int | list[int], exporters: int | list[int], sectors: int | list[int]) -> Cells:
    return Cells(*(np.atleast_1d(part).astype(np.intp) for part in (importers, exporters, sectors)))


def abroad(base: Base) -> Cells:
    """All foreign trade."""
    everyone = list(range(base.countries))
    return cells(everyone, everyone, list(range(base.sectors)))


@cache
def toy() -> Base:
    """The table of three countries and two sectors, without tariffs."""
    _, _, numbers = labelled(TOY)
    return from_table(numbers[:, :6], numbers[:, 6:], np.zeros((3, 3, 2)), np.array([4.0, 6.0])).base


@cache
def nafta_calibrated() -> Calibrated:
    """31 countries x 40 sectors in 1993, solved with its deficits."""
    flow, tau, _ = (nafta_cube(name) for name in ("value_net_of_tariff_usd", "tariff_1993", "tariff_2005"))
    output, beta = nafta_matrix("gross_output"), nafta_matrix("va_share")
    shares = pl.read_parquet(NAFTA / "gamma.parquet")
    gamma = np.zeros((31, 40, 40))
    gamma[places(shares["country"]), shares["input_id"].to_numpy() - 1, shares["user_id"].to_numpy() - 1] = (
        shares["gamma"].to_numpy()
    )
    theta = pl.read_parquet(NAFTA / "sector.parquet").sort("sector_id")["theta"].to_numpy()
    return from_shares(flow, output, gamma, beta, tau, theta)


@cache
def nafta(deficits: bool) -> Base:
    kept = nafta_calibrated().base
    return kept if deficits else without_deficits(kept)


def nafta_shock(base: Base) -> Shock:
    """Tariffs of 2005 among the members."""
    members = [place(c) for c in MEMBERS]
    inside = cells(members, members, list(range(40))).mask(base)
    return replace(unchanged(base), tau=np.where(inside, nafta_cube("tariff_2005"), base.tau))


def place(country: str) -> int:
    return int(places(pl.Series([country]))[0])


def places(countries: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    order = pl.read_parquet(NAFTA / "country.parquet")["country"].to_list()
    return np.array([order.index(c) for c in countries], dtype=np.intp)


def nafta_cube(column: str) -> Cube:
    trade = pl.read_parquet(NAFTA / "trade.parquet")
    cube = np.zeros((31, 31, 40))
    at = places(trade["importer"]), places(trade["exporter"]), trade["sector_id"].to_numpy() - 1
    cube[at] = trade[column].to_numpy()
    return cube


def nafta_matrix(column: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    frame = pl.read_parquet(NAFTA / "country_sector.parquet")
    matrix = np.zeros((31, 40))
    matrix[places(frame["country"]), frame["sector_id"].to_numpy() - 1] = frame[column].to_numpy()
    return matrix


@cache
def wiod() -> Base:
    """41 regions x 35 sectors without tariffs, every elasticity 4."""
    mrio = wiod2013.table(2011)
    assert mrio.final is not None
    N, J = len(mrio.nodes.countries), len(mrio.nodes.sectors)
    return from_table(np.asarray(mrio.Z, dtype=float), mrio.final, np.zeros((N, N, J)), np.full(J, 4.0)).base


def place_wiod(region: str) -> int:
    return wiod2013.table(2011).nodes.countries.index(region)
