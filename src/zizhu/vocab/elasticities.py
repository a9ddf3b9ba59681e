"""Trade elasticities by sector from published estimates, and what is assumed of them at each horizon.

theta > 0 is the elasticity of a supplier's share in spending to its cost: d ln pi / d ln c = -theta (1 - pi). Each
set says in `convention` how its published numbers became theta. The sectors of a set and the industries of a table
meet in the divisions of ISIC Rev. 4, of which both are lists.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from zizhu.vocab.industries import ICIO_2025, Industry, classifications
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown
from zizhu.vocab.sectors import sectors as icio_sectors

Vector = NDArray[np.float64]
Divisions = tuple[str, ...]
"""Codes of ISIC Rev. 4 of two or more digits: 16, 2431."""

ASSUMED = "assumed"
HORIZON_BOUND = {"theta_least": 0.0, "theta_most": math.inf}
"""What an empty cell stands for."""


@dataclass(frozen=True)
class Estimate:
    """One row of a set: `standard_error` is nan where none was found; `assumed` where nobody estimated it."""

    sector: str
    theta: float
    standard_error: float
    sector_code: str
    divisions: Divisions
    assumed: bool
    note: str


@dataclass(frozen=True, eq=False)
class Thetas:
    """Elasticities of S industries. `values` (S,) > 0, nan where the set has none; `spread` (S,) standard error over
    the value, nan where not published; `log_spread` (S,) standard deviation of ln theta for draws, the set's `band`
    where no error is published; `missing` the industries without a value; `how` (S) what each was made of."""

    values: Vector
    spread: Vector
    missing: tuple[str, ...]
    how: tuple[str, ...]
    log_spread: Vector


@dataclass(frozen=True)
class ElasticitySet:
    """Estimates that belong together. `url` is the place where they were seen, `table` where they are published,
    `band` the standard deviation of ln theta where no standard error was found, with what that rests on."""

    name: str
    title: str
    citation: str
    table: str
    url: str
    classification: str
    concordance: str
    convention: str
    licence: str
    band: float
    band_basis: str
    rows: tuple[Estimate, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        return tuple(row for row in self.rows if not row.assumed)

    @property
    def assumed(self) -> tuple[Estimate, ...]:
        return tuple(row for row in self.rows if row.assumed)

    @property
    def mean(self) -> float:
        """Mean of what was estimated."""
        return math.fsum(row.theta for row in self.estimates) / len(self.estimates)

    def theta(self, sectors: Sequence[str], classification: str) -> Thetas:
        """The elasticities of industries of a classification, in their order.

        An industry gets the mean of all rows that share a division of ISIC Rev. 4 with it; what is assumed counts
        only where no estimate does. Raises ZizhuError for unknown codes, CannotAnswer for an unknown classification.
        """
        known = divisions(classification)
        problems = [
            unknown("sector", code, list(known), classification) for code in sectors if code not in known
        ]
        if problems:
            raise ZizhuError(problems)
        found = [_matching(self.rows, known[code]) for code in sectors]
        values = np.array([_mean(matched) for matched in found])
        spread = np.array([_error(matched) for matched in found]) / values
        return Thetas(
            values,
            spread,
            missing=tuple(code for code, matched in zip(sectors, found, strict=True) if not matched),
            how=tuple(_told(matched) for matched in found),
            log_spread=np.where(np.isnan(spread), self.band, np.sqrt(np.log1p(spread**2))),
        )


@dataclass(frozen=True)
class HorizonRow:
    """What is assumed at a horizon: theta is scaled, then held between least and most; rho between value added and
    materials, eps among materials, sigma in final use; `source` says where each comes from."""

    name: str
    theta_scale: float
    theta_least: float
    theta_most: float
    rho: float
    eps: float
    sigma: float
    sector_labour: bool
    source: str
    basis: str

    def theta(self, values: Vector) -> Vector:
        """theta (S,) of the horizon, from that of the long run."""
        return np.clip(self.theta_scale * values, self.theta_least, self.theta_most)


@cache
def sets() -> Mapping[str, ElasticitySet]:
    """All sets by name."""
    held: dict[str, list[Estimate]] = {}
    for r in rows("vocab/elasticities.csv"):
        held.setdefault(r["set"], []).append(_estimate(r))
    return {
        r["name"]: ElasticitySet(**{**r, "band": float(r["band"])}, rows=tuple(held[r["name"]]))  # type: ignore[arg-type]
        for r in rows("vocab/elasticity_sets.csv")
    }


def elasticity_set(name: str, where: str = "") -> ElasticitySet:
    """The set of that name; raises ZizhuError with the nearest names."""
    if name not in sets():
        raise ZizhuError(unknown("elasticity set", name, list(sets()), where or "elasticity set"))
    return sets()[name]


@cache
def horizons() -> Mapping[str, HorizonRow]:
    """What is assumed at every horizon, by name."""
    return {r["name"]: _horizon(r) for r in rows("vocab/horizon_elasticities.csv")}


@cache
def divisions(classification: str) -> Mapping[str, Divisions]:
    """The divisions of ISIC Rev. 4 of each industry of a classification; raises CannotAnswer for an unknown one."""
    if classification == ICIO_2025:
        return {s.code: spelled(s.isic) for s in icio_sectors().values()}
    listed = rows("vocab/industry_divisions.csv")
    found = {r["code"]: spelled(r["isic"]) for r in listed if r["classification"] == classification}
    if not found:
        raise CannotAnswer(
            Problem(
                "its industries are of no classification that elasticities are known for",
                classification or "the table's industries",
                f"one of {', '.join(classifications())}",
                "Use a table in one of these.",
            )
        )
    return found


def classified(industries: Iterable[Industry]) -> str:
    """The classification whose list these industries are, all of it; empty where there is none."""
    wanted = {one.code: one for one in industries}
    return next((name for name, listed in classifications().items() if listed == wanted), "")


def require(thetas: Thetas, where: str) -> Vector:
    """The values, all there; raises CannotAnswer with every industry that has none."""
    if thetas.missing:
        what = f"no elasticity for {', '.join(thetas.missing)}"
        remedy = "Take a set that has them: `zizhu stress elasticities SET` shows what each set has."
        raise CannotAnswer(Problem(what, where, "one for every industry", remedy))
    return thetas.values


def spelled(text: str) -> Divisions:
    """The codes of a list with ranges.

    >>> spelled("10-12; 2431; 302-304")
    ('10', '11', '12', '2431', '302', '303', '304')
    """
    found: list[str] = []
    for part in text.split(";"):
        first, _, last = part.strip().partition("-")
        found += [f"{n:0{len(first)}}" for n in range(int(first), int(last or first) + 1)]
    return tuple(found)


def _matching(listed: Iterable[Estimate], industry: Divisions) -> tuple[Estimate, ...]:
    """The rows that share a division with an industry: one code is the other or its beginning."""
    shared = [
        r for r in listed if any(a.startswith(b) or b.startswith(a) for a in r.divisions for b in industry)
    ]
    return tuple([r for r in shared if not r.assumed] or shared)


def _mean(matched: Sequence[Estimate]) -> float:
    return math.fsum(r.theta for r in matched) / len(matched) if matched else math.nan


def _error(matched: Sequence[Estimate]) -> float:
    """Standard error of the mean of independent estimates, nan where that of one is not known."""
    return math.hypot(*(r.standard_error for r in matched)) / len(matched) if matched else math.nan


def _told(matched: Sequence[Estimate]) -> str:
    if not matched:
        return "none"
    each = ", ".join(f"{r.sector} {r.theta:g}" for r in matched)
    word = "assumed: " if all(r.assumed for r in matched) else ""
    return f"{word}mean of {each}" if len(matched) > 1 else f"{word}{each}"


def _estimate(r: Mapping[str, str]) -> Estimate:
    return Estimate(
        r["sector"],
        float(r["theta"]),
        float(r["standard_error"] or math.nan),
        r["sector_code"],
        spelled(r["isic"]),
        r["basis"] == ASSUMED,
        r["note"],
    )


def _horizon(r: Mapping[str, str]) -> HorizonRow:
    bounds = {name: float(r[name]) if r[name] else empty for name, empty in HORIZON_BOUND.items()}
    told = {"theta": "theta", "rho, eps, sigma": "nests", "labour": "labour"}
    sources = [
        f"{what}: {r[f'{part}_source']} {r.get(f'{part}_url', '')}".strip() for what, part in told.items()
    ]
    return HorizonRow(
        r["name"],
        float(r["theta_scale"]),
        **bounds,
        rho=float(r["rho"]),
        eps=float(r["eps"]),
        sigma=float(r["sigma"]),
        sector_labour=r["sector_labour"] == "true",
        source="; ".join(sources),
        basis=r["basis"],
    )
