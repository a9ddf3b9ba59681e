"""The numbers of the weekly model that nobody measures: their usual values, the bands they are drawn from, and why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple, get_args

from zizhu.vocab.packfiles import rows

Uncertain = Literal[
    "substitution",
    "stocks",
    "stock_share_needed",
    "restocking",
    "overproduction",
    "overproduction_time",
    "capital_to_value_added",
    "shock_size",
]
UNCERTAIN: tuple[str, ...] = get_args(Uncertain)


class Parameter(NamedTuple):
    """A value, the band [low, high] around it, what the model can take (`least` to `most`), its unit, what it is, and
    what value and band rest on."""

    name: str
    value: float
    low: float
    high: float
    least: float
    most: float
    unit: str
    what: str
    source: str
    url: str
    band_basis: str


@cache
def parameters() -> Mapping[str, Parameter]:
    """All parameters by name."""
    listed = rows("vocab/ario_parameters.csv")
    return {
        r["name"]: Parameter(
            r["name"],
            value=float(r["value"]),
            low=float(r["low"]),
            high=float(r["high"]),
            least=float(r["least"]),
            most=float(r["most"]),
            unit=r["unit"],
            what=r["what"],
            source=r["source"],
            url=r["url"],
            band_basis=r["band_basis"],
        )
        for r in listed
    }


@cache
def in_days() -> frozenset[str]:
    """The parameters that are times, in days."""
    return frozenset(name for name, p in parameters().items() if p.unit == "days")
