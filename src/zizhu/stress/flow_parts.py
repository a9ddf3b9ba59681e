"""Flows as the parts of a number that is opened."""

from __future__ import annotations

import numpy as np

from zizhu.ledger.result import Part
from zizhu.tables.leontief import Index, Matrix
from zizhu.tables.mrio import MRIO
from zizhu.vocab import names


def flow_parts(
    mrio: MRIO, sellers: Index, buyers: Index, flows: Matrix, of: float | None = None
) -> list[Part]:
    """A part for each of the flows (k, m) that is not zero, with its cell; its share of the number `of`, if given."""
    who, whom = mrio.nodes.labels(sellers), mrio.nodes.labels(buyers)
    return [
        Part(
            mrio.cell_ref(who[a], whom[b]),
            f"{names.told(who[a])} to {names.told(whom[b])}",
            float(flows[a, b]),
            float(flows[a, b]) / of if of else None,
        )
        for a, b in zip(*np.nonzero(flows), strict=True)
    ]
