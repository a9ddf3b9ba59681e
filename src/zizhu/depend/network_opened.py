"""The numbers of the network opened: linkages into entries of the inverse, centralities into what neighbours add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zizhu.depend.first_tier import Split, node_parts
from zizhu.depend.wholes import Industry
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.tables.leontief import Index, Vector, reciprocal
from zizhu.tables.mrio import MRIO
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem

if TYPE_CHECKING:
    from zizhu.depend.network import Inputs

Told = tuple[Split, str]
"""The parts of a number, and how they make it."""
Splitter = Callable[["Inputs", Mapping[str, Any], Industry, int], Told]


def opened(inputs: Inputs, result: Result, key: str, column: str, top: int) -> Explanation:
    """Open a linkage into the entries of its column or row, a centrality into the neighbours that make it.

    Raises CannotAnswer for a number that is null.
    """
    row, mrio = result.row(key), inputs.mrio
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value", key, "an industry that it is defined for", "See the notes.")
        )
    industry = Industry(row["country"], row["sector"], mrio.nodes.of([row["country"]], [row["sector"]]))
    split, how = _SPLITS[column](inputs, row, industry, top)
    sentence = f"{names.told(industry.label)}: {column.replace('_', ' ')}, {how}."
    if column in ("closeness", "counting"):
        sentence = f"{sentence[:1].upper()}{sentence[1:]}"
        ref, unit = result.ref(row, column), result.units[column]
        return Explanation(ref, row[column], unit, sentence, split[0], 0.0, (mrio.ref,), split[1])
    return result.opened(row, column, sentence, *split, inputs=(mrio.ref,))


def _spread(n: int, nodes: Index, values: Vector | float = 1.0) -> Vector:
    """Values at the nodes (k,), zero elsewhere (n,)."""
    spread = np.zeros(n)
    spread[nodes] = values
    return spread


def _nodes(mrio: MRIO, values: Vector, what: str, top: int) -> Split:
    found = np.flatnonzero(values)
    return node_parts(mrio, found, values[found], what, top)


def _cells(mrio: MRIO, me: str, values: Vector, out: bool, top: int, total: float | None) -> Split:
    """Parts (n,) of a number of the industry `me` by the flow to (or from) every node, largest first.

    `total` is the number that they are shares of; None makes them evidence beside it.
    """
    found = np.flatnonzero(values)
    order = found[np.argsort(-np.abs(values[found]), kind="stable")][: max(top, 0)]
    parts = []
    for k in order:
        other, value = mrio.nodes.label(int(k)), float(values[k])
        ref = mrio.cell_ref(me, other) if out else mrio.cell_ref(other, me)
        share = value / total if total else None
        parts.append(Part(ref, f"{'to' if out else 'from'} {names.told(other)}", value, share))
    return tuple(parts), len(found) - len(parts)


def _flows(inputs: Inputs, of: Industry, out: bool, top: int) -> Split:
    Z = inputs.mrio.Z
    flows = np.asarray(
        Z[of.nodes].sum(axis=0, dtype=float) if out else Z[:, of.nodes].sum(axis=1, dtype=float)
    )
    return _cells(inputs.mrio, of.label, flows, out, top, float(flows.sum()))


def _backward(
    inputs: Inputs, row: Mapping[str, Any], of: Industry, top: int, column: str = "backward"
) -> Told:
    mrio, x = inputs.mrio, inputs.mrio.x[of.nodes]
    entries = mrio.lu.solve(_spread(mrio.n, of.nodes, x / x.sum()))
    return _nodes(
        mrio, entries * (row[column] / row["backward"]), "output of", top
    ), "its column of the inverse"


def _forward(inputs: Inputs, row: Mapping[str, Any], of: Industry, top: int, column: str = "forward") -> Told:
    mrio = inputs.mrio
    entries = mrio.lu.solve_transposed(_spread(mrio.n, of.nodes)) * mrio.x / mrio.x[of.nodes].sum()
    return _nodes(
        mrio, entries * (row[column] / row["forward"]), "output of", top
    ), "its row of the Ghosh inverse"


def _katz(inputs: Inputs, _row: Mapping[str, Any], of: Industry, top: int) -> Told:
    entries = inputs.mrio.lu.solve_transposed(_spread(inputs.mrio.n, of.nodes)) * inputs.weights
    return _nodes(inputs.mrio, entries, "called for by a unit of", top), "its row of the inverse"


def _weighted(
    inputs: Inputs, of: Industry, weight: Vector, top: int, how: str, mine: Vector | None = None
) -> Told:
    """sum over its nodes i and customers j of mine_i A_ij weight_j, `mine` (k,) being ones if absent."""
    mrio = inputs.mrio
    sold = np.asarray(mrio.Z[of.nodes], dtype=float).T @ (np.ones(len(of.nodes)) if mine is None else mine)
    values = sold * reciprocal(mrio.x) * weight
    return _cells(mrio, of.label, values, True, top, float(values.sum())), how


def _eigenvector(inputs: Inputs, _row: Mapping[str, Any], of: Industry, top: int) -> Told:
    assert inputs.eigen is not None  # the number is not null
    e, eigenvalue = inputs.eigen
    return _weighted(
        inputs, of, e / eigenvalue, top, "coefficient times the customer's own, over the eigenvalue"
    )


def _pagerank(inputs: Inputs, row: Mapping[str, Any], of: Industry, top: int) -> Told:
    mrio, total = inputs.mrio, row["pagerank"]
    sold = mrio.Z[of.nodes].sum(axis=0, dtype=float)
    visits = inputs.params.damping * sold * reciprocal(inputs.strength.purchases) * inputs.rank
    jumps = total - float(visits.sum())
    jumped = Part(f"{mrio.ref}#{of.label}", "jumps from anywhere", jumps, jumps / total)
    parts, left_out = _cells(mrio, of.label, visits, True, top - 1, total)
    return ((jumped, *parts)[:top], left_out), "visits that come from customers, and jumps"


def _betweenness(inputs: Inputs, _row: Mapping[str, Any], of: Industry, top: int) -> Told:
    called, mine = inputs.mrio.lu.solve(inputs.final), inputs.between[0][of.nodes]
    return _weighted(inputs, of, called, top, "by the customer that it goes to next", mine)


def _bridge(inputs: Inputs, _row: Mapping[str, Any], of: Industry, top: int) -> Told:
    home, mine = inputs.mrio.nodes.country_index, inputs.across[0][of.nodes]
    called = inputs.mrio.lu.solve(np.where(home == home[of.nodes[0]], 0.0, inputs.final))
    return _weighted(inputs, of, called, top, "by the customer that it goes to next", mine)


def _outdegree(inputs: Inputs, _row: Mapping[str, Any], of: Industry, top: int) -> Told:
    return _weighted(inputs, of, inputs.weights, top, "coefficients of its customers")


def _walk(inputs: Inputs, _row: Mapping[str, Any], of: Industry, top: int) -> Told:
    mrio = inputs.mrio
    arrives = mrio.Z[:, of.nodes].sum(axis=1) * reciprocal(inputs.strength.sales)
    return _cells(
        mrio, of.label, arrives, False, top, None
    ), "beside the shares of suppliers' sales that lead here"


_SPLITS: Mapping[str, Splitter] = {
    "backward": _backward,
    "backward_index": lambda a, b, c, d: _backward(a, b, c, d, "backward_index"),
    "forward": _forward,
    "forward_index": lambda a, b, c, d: _forward(a, b, c, d, "forward_index"),
    "katz": _katz,
    "eigenvector": _eigenvector,
    "pagerank": _pagerank,
    "betweenness": _betweenness,
    "bridge": _bridge,
    "closeness": _walk,
    "counting": _walk,
    "sales": lambda a, _, i, top: (_flows(a, i, True, top), "by customer"),
    "purchases": lambda a, _, i, top: (_flows(a, i, False, top), "by supplier"),
    "outdegree": _outdegree,
    "output": lambda a, _, i, top: (
        node_parts(a.mrio, i.nodes, a.mrio.x[i.nodes], "output of", top),
        "as in the table",
    ),
}
