"""Geopolitical supply risk of a raw material (GeoPolRisk, Gemechu et al.).

    score  = HHI * sum_i g_i f_i / (p + F)      F = sum_i f_i
    midpoint = score * price,   characterisation factor = midpoint / midpoint of the reference material

HHI is that of the world's production by country (totals left out), f_i the imports from country i, p the country's own
production, in one unit of mass, and g_i the governance risk of country i in [0, 1].
"""

from __future__ import annotations

import numpy as np

from zizhu.depend.concentration.flows import Vector

LEAST, MOST = -2.5, 2.5
"""The span of the Worldwide Governance Indicators."""


def governance_risk(estimate: Vector) -> Vector:
    """g in [0, 1] from a governance estimate: 0 where it is best (2.5), 1 where it is worst (-2.5)."""
    return np.asarray((MOST - np.clip(estimate, LEAST, MOST)) / (MOST - LEAST))


def import_risk(imports: Vector, risk: Vector, own: float) -> float:
    """sum_i g_i f_i / (p + F) of imports f (n,), their risks g (n,) and own production p; NaN without supply.

    Raises ValueError for negative quantities and for risks outside [0, 1] or unknown where there are imports.
    """
    if own < 0 or (imports < 0).any():
        raise ValueError("imports and production are not below zero")
    held = imports > 0
    if not ((risk[held] >= 0) & (risk[held] <= 1)).all():
        raise ValueError("a risk between 0 and 1 for every country that sells")
    supply = own + float(imports.sum())
    return float(imports[held] @ risk[held] / supply) if supply > 0 else float("nan")


def score(hhi: float, weighted: float) -> float:
    """HHI times import risk, in [0, 1]."""
    return hhi * weighted
