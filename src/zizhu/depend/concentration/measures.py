"""The measures that dependency presets compare with cuts, observed (cells,) and in draws (cells, D).

With M imports from outside, N trade inside a bloc, X exports to outside, m_i and w_e the flows of suppliers and the
world's exporters:

  hhi_imports             HHI of suppliers outside
  hhi_world               HHI of the world's exporters, a bloc as one of them and its inner trade left out
  lead_share              largest supplier's part of M
  extra_share             M / (M + N); 1 for a single country, of which it says nothing
  import_export_ratio     M / X
  import_all_export_ratio M / (X + N), exports to members counted
  relative_concentration  hhi_imports / hhi_world: effective exporters of the world to each effective supplier
  import_share            M / (M + X)
  imports_usd             M

A ratio to exports of zero is `NO_EXPORTS`. Cells without imports have NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zizhu.depend.concentration.drawing import Bank, Drawn, DrawnFlows
from zizhu.depend.concentration.flows import Flows, Index, Vector

NO_EXPORTS = 9999.0
"""The ratio of imports to exports where there are none, as in CEPII's GeoDep."""
MEASURES = {
    "hhi_imports": "index",
    "hhi_world": "index",
    "lead_share": "share of imports",
    "extra_share": "share of imports",
    "import_export_ratio": "ratio",
    "import_all_export_ratio": "ratio",
    "relative_concentration": "ratio",
    "import_share": "share of trade",
    "imports_usd": "USD",
}
"""Names of the measures and their units."""
Values = NDArray[Any]


@dataclass(frozen=True)
class Traded:
    """The flows of an entity by cell: `imports` from outside by supplier, `inside` a bloc, `exports` to outside by
    customer, `world` exports by exporter."""

    imports: Flows
    inside: Flows
    exports: Flows
    world: Flows


def observed(traded: Traded) -> dict[str, Vector]:
    """Every measure as the flows have it (cells,)."""
    imports = traded.imports
    return _measures(
        np.where(imports.total > 0, imports.total, np.nan),
        traded.inside.total,
        traded.exports.total,
        imports.hhi,
        traded.world.hhi,
        imports.lead[1],
    )


def drawn(
    traded: Traded, cells: Index, world: Drawn, bank: Bank, rng: np.random.Generator
) -> dict[str, Drawn]:
    """Every measure of some cells in each draw (cells, D).

    The HHI of the `world` in these cells is drawn once for all single countries.
    """
    imports, inside, exports = (
        DrawnFlows.of(side.of_cells(cells), bank, rng)
        for side in (traded.imports, traded.inside, traded.exports)
    )
    total = np.where(imports.flows.count[:, None] > 0, imports.total, np.float32(np.nan))
    return _measures(total, inside.total, exports.total, imports.hhi, world, imports.lead_share)


def _measures(M: Values, N: Values, X: Values, hhi: Values, world: Values, lead: Values) -> dict[str, Values]:
    return {
        "hhi_imports": hhi,
        "hhi_world": world,
        "lead_share": lead,
        "extra_share": M / (M + N),
        "import_export_ratio": _ratio(M, X),
        "import_all_export_ratio": _ratio(M, X + N),
        "relative_concentration": hhi / world,
        "import_share": M / (M + X),
        "imports_usd": M,
    }


def _ratio(M: Values, X: Values) -> Values:
    ratio = np.divide(M, X, out=np.full_like(M, NO_EXPORTS), where=X > 0)
    return np.where(np.isnan(M), M, ratio)
