"""The first-tier split of what a buyer contains: which of its own purchases brought a source's value in."""

from __future__ import annotations

import numpy as np

from zizhu.ledger.result import Part
from zizhu.tables.leontief import Vector, coefficients
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection


def content_parts(mrio: MRIO, buyer: Selection, source: list[int], top: int) -> tuple[Part, ...]:
    """Value-added content of the countries `source` in the buyer, by the purchase that carries it.

    Exact, since H = R'diag(v) + H A: own value added (when the buyer's country is in the source) plus, for
    every supplier k, A_kj times the content of k. Largest first, at most `top`.
    """
    weights = buyer.weights(mrio.x)
    at_home = np.isin(mrio.nodes.country_index[buyer.index], source)
    own = float((mrio.v[buyer.index] * weights)[at_home].sum())
    through = bought(mrio, buyer) * mrio.contained[source].sum(axis=0)
    value = own + float(through.sum())
    first = [Part(f"{mrio.ref}#{buyer.code}", "own value added", own, own / value)] if own else []
    return (*first, *_largest(mrio, buyer, through, value, "through purchases from", top - len(first)))


def purchase_parts(mrio: MRIO, buyer: Selection, source: list[int], top: int) -> tuple[Part, ...]:
    """The buyer's purchases from the countries `source` per unit of output, by supplier, largest first."""
    from_source = np.where(np.isin(mrio.nodes.country_index, source), bought(mrio, buyer), 0.0)
    return _largest(mrio, buyer, from_source, float(from_source.sum()), "purchases from", top)


def bought(mrio: MRIO, buyer: Selection) -> Vector:
    """Purchases (n,) of the buyer from every node, per unit of its output."""
    return np.asarray(coefficients(mrio.Z, mrio.x, buyer.index) @ buyer.weights(mrio.x))


def _largest(mrio: MRIO, buyer: Selection, by: Vector, value: float, how: str, top: int) -> tuple[Part, ...]:
    order = np.argsort(-by, kind="stable")[: max(top, 0)]
    return tuple(
        Part(mrio.cell_ref(name, buyer.code), f"{how} {name}", float(by[k]), float(by[k]) / value)
        for k, name in ((int(k), mrio.nodes.label(int(k))) for k in order)
        if by[k] > 0
    )
