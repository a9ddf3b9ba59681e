"""Where countries lie: a point in each, and the outlines of those that are large enough to be drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from zizhu.vocab.packfiles import pack, rows

OUTLINES = "geo/outlines.json"
FEATURES = "countries"
"""The object of the topology that holds the countries."""


@dataclass(frozen=True)
class Place:
    """A point in a country, in degrees; `outlined` says that the country has an outline."""

    code: str
    longitude: float
    latitude: float
    outlined: bool


@cache
def places() -> Mapping[str, Place]:
    """All places by ISO 3166-1 alpha-3 code."""
    return {
        r["code"]: Place(r["code"], float(r["longitude"]), float(r["latitude"]), r["outlined"] == "true")
        for r in rows("geo/places.csv")
    }


@cache
def outlines() -> Mapping[str, Any]:
    """The outlines as TopoJSON in degrees, each feature under its code; a few have none. Not to be changed."""
    found: Mapping[str, Any] = json.loads(pack(OUTLINES).read_text(encoding="utf-8"))
    return found


@cache
def borders() -> str:
    """Whose borders these are, in a sentence."""
    return next(r["caveats"] for r in rows("geo/MANIFEST.csv") if r["path"] == OUTLINES)
