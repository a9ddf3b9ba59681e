"""The world on paper: the Equal Earth projection, the ground that maps are drawn on, and places on it.

Equal Earth shows areas in true proportion (Savric, Patterson and Jenny 2018, "The Equal Earth map projection"). Its
scale and origin are fixed here, so that Vega draws the outlines where the marks of this side are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zizhu.show import theme
from zizhu.show.marks.sheet import Mark, Sheet
from zizhu.vocab import places
from zizhu.vocab.places import Place

Outlines = Mapping[str, Any]
"""The data of the outlines as Vega-Lite names them: the topology itself, or its address."""

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
NORTH, SOUTH = 84.0, -56.0
"""The latitudes that are shown: from the northernmost land to the southern tip of America."""


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """x to the east and y to the north of a place in degrees, on a sphere of radius 1."""
    a1, a2, a3, a4 = _A
    t = math.asin(_M * math.sin(math.radians(latitude)))
    t2 = t * t
    t6 = t2**3
    slope = a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
    x = math.radians(longitude) * math.cos(t) / (_M * slope)
    return x, t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


@dataclass(frozen=True)
class World:
    """The map `width` pixels wide, its upper edge `top` pixels down the figure."""

    width: float
    top: float

    @property
    def scale(self) -> float:
        """Pixels of one radius of the globe."""
        return self.width / (2 * equal_earth(180, 0)[0])

    @property
    def height(self) -> float:
        """Pixels from the northern to the southern edge."""
        return self.scale * (equal_earth(0, NORTH)[1] - equal_earth(0, SOUTH)[1])

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """A place in pixels of the figure."""
        x, y = equal_earth(longitude, latitude)
        return self.width / 2 + self.scale * x, self.top + self.scale * (equal_earth(0, NORTH)[1] - y)

    def of(self, place: Place) -> tuple[float, float]:
        """The point of a country in pixels of the figure."""
        return self.at(place.longitude, place.latitude)

    def projection(self) -> Mark:
        """The projection as Vega-Lite writes it."""
        return {
            "type": "equalEarth",
            "scale": round(self.scale, 4),
            "translate": [round(v, 3) for v in self.at(0, 0)],
        }

    def ground(self, sheet: Sheet, outlines: Outlines, areas: Iterable[Mark] = (), none: str = "") -> None:
        """Draw the outlines: those of `areas` (their code as `id`; fill, href and aria) as these say.

        `none` is said of all others.
        """
        known = list(areas)
        mark: Mark = {"type": "geoshape", "clip": False, "strokeWidth": 0.6, "strokeJoin": "round"}
        layer: Mark = {"data": dict(outlines), "projection": self.projection()}
        if not known:
            sheet.put(layer | {"mark": mark | {"fill": theme.GRID, "stroke": theme.PAPER, "aria": False}})
            return
        told = {"data": {"values": known}, "key": "id", "fields": ["fill", "href", "aria"]}
        found: Mark = {"lookup": "id", "from": told}
        otherwise = {"fill": theme.GRID, "href": "", "aria": none}
        bare = [{"calculate": f"datum.{k} || {json.dumps(v)}", "as": k} for k, v in otherwise.items()]
        encoding: Mark = {
            "fill": {"field": "fill", "type": "nominal", "scale": None},
            "description": {"field": "aria", "type": "nominal"},
            "tooltip": {"field": "aria", "type": "nominal"},
        }
        if any(area.get("href") for area in known):
            encoding["href"] = {"field": "href", "type": "nominal"}
        sheet.put(
            layer
            | {
                "transform": [found, *bare],
                "mark": mark | {"stroke": theme.PAPER},
                "encoding": encoding,
            }
        )


def inside() -> Outlines:
    """The outlines in the specification itself, so that it stands alone."""
    return {"values": places.outlines(), "format": _FORMAT}


def elsewhere(address: str) -> Outlines:
    """The outlines at an address, for a page that shows many maps."""
    return {"url": address, "format": _FORMAT}


_FORMAT = {"type": "topojson", "feature": places.FEATURES}
