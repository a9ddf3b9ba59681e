"""Where the industries of a table stand: linkages, key industries, and centralities used to find choke points.

Linkages and kinds of industries are those of `zizhu.depend.structure.linkages`, centralities those of
`zizhu.depend.structure.centrality`. The headline is `bridge`: value added abroad that passes through an industry on its
way into final products of other countries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.draw import structure as drawn
from zizhu.depend.exposure import TAXES_APART
from zizhu.depend.first_tier import Split, node_parts
from zizhu.depend.structure import centrality, linkages
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.leontief import Vector, reciprocal
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import absent, countries_of
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.network"
KEY = ("country", "sector")
CENTRALITIES = ("bridge", "betweenness", "sales", "purchases", "outdegree", "katz", "pagerank", "eigenvector")
WALKS = ("closeness", "counting")
LINKAGES = ("backward", "backward_index", "forward", "forward_index")
NO_CYCLE = (
    "No eigenvector: the flows of the table have no cycle that returns a hundredth of what it started from."
)
TOLD = (
    "bridge: value added abroad that passes through the industry on its way into final products of other countries; "
    "betweenness: all value added that passes through it (Liang, Qu and Xu 2016); both once each time it passes.",
    "Backward linkages are column sums of the Leontief inverse: output called for by a unit of final demand, counted "
    "in each industry that works on it.",
    "Forward linkages are row sums of the Ghosh inverse: output that a unit of the industry's primary inputs is passed "
    "on to at unchanged shares of sales. Read as quantities they would mean output without inputs: they tell where "
    "costs and prices go, not a supply shortage.",
    "key: both indices above the mean of all industries with output; weak: neither.",
)


class Params(Record):
    """What is asked: the industries of `countries` (all if empty), measured in the network of the whole table."""

    table: str = "icio-2022"
    countries: tuple[Annotated[str, AfterValidator(groups.coded)], ...] = ()
    random_walk: bool = False
    damping: float = Field(default=0.85, gt=0, lt=1)


@dataclass(frozen=True)
class Inputs:
    """The table and the question, with the vectors (n,) that are made once for all industries."""

    params: Params
    mrio: MRIO

    @cached_property
    def strength(self) -> centrality.Strength:
        return centrality.strength(self.mrio.Z)

    @cached_property
    def final(self) -> Vector:
        """What is not sold as an input (n,): y = x - Z1."""
        return np.asarray(self.mrio.x - self.strength.sales)

    @cached_property
    def rank(self) -> Vector:
        return centrality.pagerank(self.mrio.Z, self.strength.purchases, self.params.damping)

    @cached_property
    def eigen(self) -> tuple[Vector, float] | None:
        return centrality.eigenvector(self.mrio.lu)

    @cached_property
    def between(self) -> tuple[Vector, Vector]:
        return centrality.betweenness(self.mrio.lu, self.mrio.v, self.final)

    @cached_property
    def across(self) -> tuple[Vector, Vector]:
        mrio = self.mrio
        return centrality.bridge(mrio.lu, mrio.contained, self.final, mrio.nodes.country_index)


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_mrio(workspace, params.table))


def solve(inputs: Inputs) -> Result:
    """One row an industry with output. Indices and ranks compare with all industries of the table.

    Raises ZizhuError for unknown codes and CannotAnswer when nothing in them has output.
    """
    params, mrio = inputs.params, inputs.mrio
    columns = _columns(inputs)
    shown = _shown(mrio, params.countries)
    frame = pl.DataFrame(
        {
            "country": [mrio.nodes.country[i] for i in shown],
            "sector": [mrio.nodes.sector[i] for i in shown],
            "kind": _kinds(columns, shown),
            **{name: values[shown] for name, values in columns.items()},
        }
    ).with_columns(pl.col(*columns).fill_nan(None))
    run = make_run(METHOD, params, (mrio.ref,), frame, KEY)
    units = _units(mrio.unit, tuple(columns))
    basis = f"{mrio.title}; indices and ranks among its {int((mrio.x > 0).sum()):,} industries with output"
    return Result(frame, KEY, units, basis, run, (), _notes(inputs, frame), drawn.network)


def _shown(mrio: MRIO, countries: tuple[str, ...]) -> list[int]:
    inside = [c for code in countries for c in countries_of(mrio, code)]
    nodes = mrio.nodes.of(dict.fromkeys(inside)) if inside else np.arange(mrio.n)
    shown = [int(i) for i in nodes if mrio.x[i] > 0]
    if not shown:
        raise CannotAnswer(
            Problem(
                "no output in the table", ", ".join(countries), "a country with output", "Choose another."
            )
        )
    return shown


def _columns(inputs: Inputs) -> dict[str, Vector]:
    mrio, active = inputs.mrio, inputs.mrio.x > 0
    backward, forward = linkages.backward(mrio.lu), linkages.forward(mrio.lu, mrio.x)
    columns = {
        "bridge": np.prod(inputs.across, axis=0),
        "betweenness": np.prod(inputs.between, axis=0),
        "sales": inputs.strength.sales,
        "purchases": inputs.strength.purchases,
        "outdegree": centrality.outdegree(mrio.Z, mrio.x),
        "katz": centrality.katz(mrio.lu),
        "pagerank": inputs.rank,
        "eigenvector": np.full(mrio.n, np.nan) if inputs.eigen is None else inputs.eigen[0],
        "backward": backward,
        "backward_index": linkages.index(backward, active),
        "forward": forward,
        "forward_index": linkages.index(forward, active),
        "output": mrio.x,
    }
    walk = centrality.random_walk(mrio.Z)._asdict() if inputs.params.random_walk else {}
    return columns | walk


def _kinds(columns: Mapping[str, Vector], shown: list[int]) -> list[str]:
    found = linkages.kind(columns["backward_index"][shown], columns["forward_index"][shown])
    return [linkages.KINDS[k] for k in found]


def _units(money: str, columns: tuple[str, ...]) -> dict[str, str]:
    units = {
        **dict.fromkeys(("bridge", "betweenness", "sales", "purchases", "output"), money),
        "outdegree": "input per unit of customers' output, added up",
        "katz": "output per unit of every final demand",
        "pagerank": "share of visits",
        "eigenvector": "share of all",
        "backward": "output per unit of final demand",
        "forward": "output per unit of primary inputs",
        **dict.fromkeys(("backward_index", "forward_index"), "mean of the table = 1"),
        "closeness": "per step",
        "counting": "visits a walk",
    }
    return {c: units[c] for c in columns}


def _notes(inputs: Inputs, frame: pl.DataFrame) -> tuple[str, ...]:
    mrio = inputs.mrio
    notes = [*absent(mrio, inputs.params.countries), *TOLD]
    if inputs.eigen is None:
        notes.append(NO_CYCLE)
    if inputs.params.random_walk and (outside := frame["closeness"].null_count()):
        notes.append(
            f"{outside} of the industries are outside the largest group that all reach each other: no walks."
        )
    if not mrio.sees_all_inputs:
        notes.append(f"The table has no rest of the world: links that leave {mrio.inside} are not seen.")
    if mrio.primary is not None:
        notes.append(TAXES_APART)
    return tuple(notes)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a linkage into the entries of its column or row, a centrality into the neighbours that make it.

    Raises CannotAnswer for a number that is null.
    """
    row, mrio = result.row(key), inputs.mrio
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value", key, "an industry that it is defined for", "See the notes.")
        )
    i = mrio.nodes.position[row["country"], row["sector"]]
    split, how = _SPLITS[column](inputs, row, i, top)
    node = mrio.nodes.label(i)
    sentence = f"{names.told(node)}: {column.replace('_', ' ')}, {how}."
    if column in WALKS:
        sentence = f"{sentence[:1].upper()}{sentence[1:]}"
        ref, unit = result.ref(row, column), result.units[column]
        return Explanation(ref, row[column], unit, sentence, split[0], 0.0, (mrio.ref,), split[1])
    return result.opened(row, column, sentence, *split, inputs=(mrio.ref,))


Told = tuple[Split, str]
Splitter = Callable[[Inputs, Mapping[str, Any], int, int], Told]


def _unit_vector(n: int, i: int) -> Vector:
    unit = np.zeros(n)
    unit[i] = 1.0
    return unit


def _nodes(mrio: MRIO, values: Vector, what: str, top: int) -> Split:
    found = np.flatnonzero(values)
    return node_parts(mrio, found, values[found], what, top)


def _cells(mrio: MRIO, i: int, values: Vector, out: bool, top: int, total: float | None) -> Split:
    """Parts (n,) of a number of node i by the flow to (or from) every other node, largest first.

    `total` is the number that they are shares of; None makes them evidence beside it.
    """
    found = np.flatnonzero(values)
    order = found[np.argsort(-np.abs(values[found]), kind="stable")][: max(top, 0)]
    me = mrio.nodes.label(i)
    parts = []
    for k in order:
        other, value = mrio.nodes.label(int(k)), float(values[k])
        ref = mrio.cell_ref(me, other) if out else mrio.cell_ref(other, me)
        share = value / total if total else None
        parts.append(Part(ref, f"{'to' if out else 'from'} {names.told(other)}", value, share))
    return tuple(parts), len(found) - len(parts)


def _flows(inputs: Inputs, i: int, out: bool, top: int) -> Split:
    flows = np.asarray(inputs.mrio.Z[i] if out else inputs.mrio.Z[:, i], dtype=float)
    return _cells(inputs.mrio, i, flows, out, top, float(flows.sum()))


def _backward(inputs: Inputs, row: Mapping[str, Any], i: int, top: int, column: str = "backward") -> Told:
    mrio = inputs.mrio
    entries = mrio.lu.solve(_unit_vector(mrio.n, i))
    return _nodes(
        mrio, entries * (row[column] / row["backward"]), "output of", top
    ), "its column of the inverse"


def _forward(inputs: Inputs, row: Mapping[str, Any], i: int, top: int, column: str = "forward") -> Told:
    mrio = inputs.mrio
    entries = mrio.lu.solve_transposed(_unit_vector(mrio.n, i)) * mrio.x / mrio.x[i]
    return _nodes(
        mrio, entries * (row[column] / row["forward"]), "output of", top
    ), "its row of the Ghosh inverse"


def _katz(inputs: Inputs, _row: Mapping[str, Any], i: int, top: int) -> Told:
    entries = inputs.mrio.lu.solve_transposed(_unit_vector(inputs.mrio.n, i))
    return _nodes(inputs.mrio, entries, "called for by a unit of", top), "its row of the inverse"


def _weighted(inputs: Inputs, i: int, weight: Vector, top: int, how: str) -> Told:
    """sum over customers j of A_ij weight_j."""
    mrio = inputs.mrio
    values = mrio.Z[i] * reciprocal(mrio.x) * weight
    return _cells(mrio, i, values, True, top, float(values.sum())), how


def _eigenvector(inputs: Inputs, _row: Mapping[str, Any], i: int, top: int) -> Told:
    assert inputs.eigen is not None  # the number is not null
    e, eigenvalue = inputs.eigen
    return _weighted(
        inputs, i, e / eigenvalue, top, "coefficient times the customer's own, over the eigenvalue"
    )


def _pagerank(inputs: Inputs, row: Mapping[str, Any], i: int, top: int) -> Told:
    mrio, total = inputs.mrio, row["pagerank"]
    visits = inputs.params.damping * mrio.Z[i] * reciprocal(inputs.strength.purchases) * inputs.rank
    jumps = total - float(visits.sum())
    jumped = Part(f"{mrio.ref}#{mrio.nodes.label(i)}", "jumps from anywhere", jumps, jumps / total)
    parts, left_out = _cells(mrio, i, visits, True, top - 1, total)
    return ((jumped, *parts)[:top], left_out), "visits that come from customers, and jumps"


def _betweenness(inputs: Inputs, _row: Mapping[str, Any], i: int, top: int) -> Told:
    called = inputs.mrio.lu.solve(inputs.final)
    return _weighted(inputs, i, inputs.between[0][i] * called, top, "by the customer that it goes to next")


def _bridge(inputs: Inputs, _row: Mapping[str, Any], i: int, top: int) -> Told:
    of = inputs.mrio.nodes.country_index
    called = inputs.mrio.lu.solve(np.where(of == of[i], 0.0, inputs.final))
    return _weighted(inputs, i, inputs.across[0][i] * called, top, "by the customer that it goes to next")


def _walk(inputs: Inputs, _row: Mapping[str, Any], i: int, top: int) -> Told:
    mrio = inputs.mrio
    arrives = mrio.Z[:, i] * reciprocal(inputs.strength.sales)
    return _cells(mrio, i, arrives, False, top, None), "beside the shares of suppliers' sales that lead here"


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
    "outdegree": lambda a, _, i, top: _weighted(
        a, i, np.ones(a.mrio.n), top, "coefficients of its customers"
    ),
    "output": lambda a, _, i, top: (
        node_parts(a.mrio, np.array([i]), a.mrio.x[[i]], "output of", top),
        "as in the table",
    ),
}


def by_size(result: Result, column: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Centralities and linkages of all industries, both by one column, largest first."""
    order = result.frame.sort(column, *KEY, descending=[True, False, False], nulls_last=True)
    walks = [c for c in WALKS if c in order.columns]
    return order.select(*KEY, *CENTRALITIES, *walks), order.select(*KEY, "kind", *LINKAGES, "output")
