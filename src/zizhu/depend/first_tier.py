"""The first-tier split of what a buyer contains: which of its own purchases brought a source's value in.

Every split comes as its largest parts, at most `top`, and the number of parts left out.
"""

from __future__ import annotations

import numpy as np

from zizhu.ledger.result import Part
from zizhu.tables.leontief import Index, Vector, coefficients, reciprocal
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection
from zizhu.vocab.names import told

Split = tuple[tuple[Part, ...], int]
THROUGH = "through purchases from"


def content_parts(mrio: MRIO, buyer: Selection, source: list[int], top: int, scale: float = 1.0) -> Split:
    """Value-added content of the countries `source` in the buyer, by the purchase that carries it.

    Exact, since H = R'diag(v) + H A: own value added (when the buyer's country is in the source) plus, for
    every supplier k, A_kj times the content of k. Values are multiplied by `scale`.
    """
    weights = buyer.weights(mrio.x)
    at_home = np.isin(mrio.nodes.country_index[buyer.index], source)
    own = float((mrio.v[buyer.index] * weights)[at_home].sum()) * scale
    through = bought(mrio, buyer) * mrio.contained[source].sum(axis=0) * scale
    value = own + float(through.sum())
    first = (Part(f"{mrio.ref}#{buyer.code}", "own value added", own, own / value),) if own else ()
    parts, left_out = _largest(mrio, buyer, through, value, THROUGH, top - len(first))
    return (*first, *parts)[:top], left_out


def upstream_parts(mrio: MRIO, buyer: Selection, source: list[int], top: int) -> Split:
    """The content that came with purchases, without the buyer's own value added."""
    through = bought(mrio, buyer) * mrio.contained[source].sum(axis=0)
    return _largest(mrio, buyer, through, float(through.sum()), THROUGH, top)


def gross_parts(mrio: MRIO, buyer: Selection, source: list[int], top: int) -> Split:
    """Gross output of the countries `source` behind one unit of the buyer, by first purchase.

    Exact, since L - I = L A: A_kj times the output of the source that one unit of k calls for, k's own included.
    """
    called = mrio.lu.solve_transposed(np.isin(mrio.nodes.country_index, source).astype(float))
    through = bought(mrio, buyer) * called
    return _largest(mrio, buyer, through, float(through.sum()), THROUGH, top)


def tier_parts(mrio: MRIO, buyer: Selection, source: list[int], direct: bool, top: int) -> Split:
    """Value added of the countries `source` in direct purchases, or in the purchases of each direct supplier."""
    inside = np.where(np.isin(mrio.nodes.country_index, source), mrio.v, 0.0)
    per_unit = inside if direct else np.asarray(inside @ mrio.Z, dtype=float) * reciprocal(mrio.x)
    through = bought(mrio, buyer) * per_unit
    how = "purchases from" if direct else THROUGH
    return _largest(mrio, buyer, through, float(through.sum()), how, top)


def purchase_parts(mrio: MRIO, buyer: Selection, source: list[int], top: int, scale: float = 1.0) -> Split:
    """The buyer's purchases from the countries `source` per unit of output, by supplier, times `scale`."""
    inside = np.isin(mrio.nodes.country_index, source)
    from_source = np.where(inside, bought(mrio, buyer), 0.0) * scale
    return _largest(mrio, buyer, from_source, float(from_source.sum()), "purchases from", top)


def node_parts(mrio: MRIO, index: Index, values: Vector, what: str, top: int) -> Split:
    """A number (k,) of each of the nodes `index` that add up to one of their group."""
    value = float(values.sum())
    order = np.argsort(-values, kind="stable")[: max(top, 0)]
    nodes = [(mrio.nodes.label(int(index[k])), float(values[k])) for k in order]
    parts = tuple(
        Part(f"{mrio.ref}#{n}", f"{what} {told(n)}", v, v / value if value else 0.0) for n, v in nodes
    )
    return parts, len(values) - len(parts)


def bought(mrio: MRIO, buyer: Selection) -> Vector:
    """Purchases (n,) of the buyer from every node, per unit of its output."""
    return np.asarray(coefficients(mrio.Z, mrio.x, buyer.index) @ buyer.weights(mrio.x))


def _largest(mrio: MRIO, buyer: Selection, by: Vector, value: float, how: str, top: int) -> Split:
    order = np.argsort(-by, kind="stable")[: max(top, 0)]
    parts = tuple(
        Part(mrio.cell_ref(name, buyer.code), f"{how} {told(name)}", float(by[k]), float(by[k]) / value)
        for k, name in ((int(k), mrio.nodes.label(int(k))) for k in order)
        if by[k] > 0
    )
    return parts, int(np.count_nonzero(by > 0)) - len(parts)
