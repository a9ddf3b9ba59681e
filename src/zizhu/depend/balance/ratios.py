"""Self-sufficiency in a product, from production P, imports M and exports X of one unit, year and territory.

    SSR = own / (P + M - X)      self-sufficiency; own = P, or the output of domestic firms or brands
    IP  = M / (P + M - X)        import penetration
    NIR = (M - X) / (P + M - X)  net import reliance; NIR = 1 - SSR where own = P

(FAO and Eurostat practice; OECD STAN; USGS Mineral Commodity Summaries.) Re-exports and changes of stocks push values
outside [0, 1] and the denominator below zero: nothing is clamped, and `oddity` names what it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

NO_USE, REEXPORTS = "no apparent use", "exports above production"
ODDITIES = {
    NO_USE: "production and imports do not exceed exports: stocks or re-exports, so there is no ratio",
    REEXPORTS: "more is exported than produced, so more imported than used: imports pass through, or stocks were sold",
}
"""What makes a ratio odd, and what it means."""


class Ratios(NamedTuple):
    """Use (n,) in the unit of P; SSR, IP and NIR (n,), NaN without use above zero; what is odd (n,), or empty."""

    use: Vector
    self_sufficiency: Vector
    import_penetration: Vector
    net_import_reliance: Vector
    oddity: NDArray[np.str_]


def ratios(P: Vector, M: Vector, X: Vector, own: Vector | None = None) -> Ratios:
    """The ratios of production, imports and exports (n,), NaN where one of them is."""
    use = P + M - X
    with np.errstate(invalid="ignore"):
        base = np.where(use > 0, use, np.nan)
        odd = np.select([use <= 0, X > P], [NO_USE, REEXPORTS], default="")
    return Ratios(use, (P if own is None else own) / base, M / base, (M - X) / base, odd)
