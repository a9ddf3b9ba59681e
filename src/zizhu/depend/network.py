"""Where the industries of a table stand: linkages, key industries, and centralities used to find choke points.

Linkages and kinds of industries are those of `zizhu.depend.structure.linkages`, centralities those of
`zizhu.depend.structure.centrality`. The headline is `bridge`: value added abroad that passes through an industry on its
way into final products of other countries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Annotated

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.draw import structure as drawn
from zizhu.depend.exposure import TAXES_APART
from zizhu.depend.structure import centrality, linkages
from zizhu.depend.wholes import Industry, Wholes
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.coverage import flow_coverage
from zizhu.tables.leontief import Vector
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import absent, countries_of
from zizhu.vocab import groups
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.network"
KEY = ("country", "sector")
CENTRALITIES = ("bridge", "betweenness", "sales", "purchases", "outdegree", "katz", "pagerank", "eigenvector")
WALKS = ("closeness", "counting")
LINKAGES = ("backward", "backward_index", "forward", "forward_index")
NO_CYCLE = (
    "No eigenvector: the flows of the table have no cycle that returns a hundredth of what it started from."
)
MERGED = (
    "their parts are merged after the inversion. Flows, passages, visits and outlays of all customers are added up; of "
    "linkages it is the mean weighted by output. `--country` with the code of a part shows the part."
)
NO_WALK = (
    "how soon a walk arrives at any of several parts does not follow from how soon it arrives at each. Closeness and "
    "counting are given for a part alone, asked for by its own code."
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
    def wholes(self) -> Wholes:
        return Wholes(self.mrio.nodes)

    @cached_property
    def weights(self) -> Vector:
        """Every node's part (n,) in the output of its industry: 1 but for parts of countries."""
        return self.wholes.weights(self.mrio.x)

    @cached_property
    def rank(self) -> Vector:
        mrio, purchases = self.mrio, self.strength.purchases
        return centrality.pagerank(mrio.Z, purchases, self.params.damping, self.weights)

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
    shown = _shown(inputs)
    columns = _columns(inputs, shown)
    frame = pl.DataFrame(
        {
            "country": [i.country for i in shown],
            "sector": [i.sector for i in shown],
            "kind": _kinds(columns),
            **columns,
        }
    ).with_columns(pl.col(*columns).fill_nan(None))
    run = make_run(METHOD, params, (mrio.ref,), frame, KEY)
    units = _units(mrio.unit, tuple(columns))
    basis = f"{mrio.title}; indices and ranks among its {len(_active(inputs)):,} industries with output"
    coverage = (flow_coverage(mrio),)
    return Result(frame, KEY, units, basis, run, coverage, _notes(inputs, shown, frame), drawn.network)


def _shown(inputs: Inputs) -> list[Industry]:
    """The industries with output that are asked for, those of a part of a country where it is named."""
    mrio, countries = inputs.mrio, inputs.params.countries
    inside = dict.fromkeys(c for code in countries for c in countries_of(mrio, code))
    whole = set(inside or mrio.nodes.countries) & set(mrio.nodes.countries)
    found = [inputs.wholes.industry(k) for k in _active(inputs) if inputs.wholes.pairs[k][0] in whole]
    nodes = mrio.nodes.of([c for c in inside if c not in whole])
    found += [
        Industry(mrio.nodes.country[i], mrio.nodes.sector[i], np.array([i])) for i in nodes if mrio.x[i] > 0
    ]
    if not found:
        raise CannotAnswer(
            Problem(
                "no output in the table", ", ".join(countries), "a country with output", "Choose another."
            )
        )
    return sorted(found, key=lambda industry: int(industry.nodes[0]))


def _active(inputs: Inputs) -> list[int]:
    """The industries of whole countries that have output."""
    return [int(k) for k in np.flatnonzero(inputs.wholes.added(inputs.mrio.x) > 0)]


def _columns(inputs: Inputs, shown: list[Industry]) -> dict[str, Vector]:
    """Every measure (m,) of the industries shown: sums over their nodes, of linkages the mean weighted by output."""
    flat = np.concatenate([i.nodes for i in shown])
    size = np.array([len(i.nodes) for i in shown])
    of = np.repeat(np.arange(len(shown)), size)
    columns = {
        name: np.bincount(of, weights=values[flat]).astype(float) for name, values in _sums(inputs).items()
    }
    part = inputs.mrio.x[flat] / columns["output"][of]
    for name, values in _means(inputs).items():
        columns[name] = np.bincount(of, weights=values[flat] * part).astype(float)
    if inputs.params.random_walk:
        walks = centrality.random_walk(inputs.mrio.Z)._asdict()
        columns |= {
            name: np.where(size == 1, values[flat[np.cumsum(size) - 1]], np.nan)
            for name, values in walks.items()
        }
    return {name: columns[name] for name in (*CENTRALITIES, *LINKAGES, "output", *WALKS) if name in columns}


def _sums(inputs: Inputs) -> dict[str, Vector]:
    """Measures (n,) that add up over the parts of an industry."""
    mrio, wholes = inputs.mrio, inputs.wholes
    return {
        "bridge": np.prod(inputs.across, axis=0),
        "betweenness": np.prod(inputs.between, axis=0),
        "sales": inputs.strength.sales,
        "purchases": inputs.strength.purchases,
        "outdegree": centrality.outdegree(mrio.Z, wholes.added(mrio.x)[wholes.of]),
        "katz": centrality.katz(mrio.lu, inputs.weights),
        "pagerank": inputs.rank,
        "eigenvector": np.full(mrio.n, np.nan) if inputs.eigen is None else inputs.eigen[0],
        "output": mrio.x,
    }


def _means(inputs: Inputs) -> dict[str, Vector]:
    """Measures (n,) per unit of an industry."""
    mrio, weights = inputs.mrio, inputs.weights * (inputs.mrio.x > 0)
    backward, forward = linkages.backward(mrio.lu), linkages.forward(mrio.lu, mrio.x)
    return {
        "backward": backward,
        "backward_index": linkages.index(backward, weights),
        "forward": forward,
        "forward_index": linkages.index(forward, weights),
    }


def _kinds(columns: Mapping[str, Vector]) -> list[str]:
    found = linkages.kind(columns["backward_index"], columns["forward_index"])
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


def _notes(inputs: Inputs, shown: list[Industry], frame: pl.DataFrame) -> tuple[str, ...]:
    mrio = inputs.mrio
    notes = [*absent(mrio, inputs.params.countries), *TOLD, *inputs.wholes.told(MERGED)]
    if inputs.eigen is None:
        notes.append(NO_CYCLE)
    merged = sum(len(industry.nodes) > 1 for industry in shown)
    if inputs.params.random_walk and merged:
        notes.append(f"{merged} of the industries have parts: {NO_WALK}")
    if inputs.params.random_walk and (outside := frame["closeness"].null_count() - merged):
        notes.append(
            f"{outside} of the industries are outside the largest group that all reach each other: no walks."
        )
    if not mrio.sees_all_inputs:
        notes.append(f"The table has no rest of the world: links that leave {mrio.inside} are not seen.")
    if mrio.primary is not None:
        notes.append(TAXES_APART)
    return tuple(notes)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number into flows or entries of the inverse; see `zizhu.depend.network_opened`."""
    from zizhu.depend.network_opened import opened

    return opened(inputs, result, key, column, top)


def drawn_by(result: Result, column: str) -> Result:
    """The answer, drawn by one column."""
    return replace(result, draw=partial(drawn.network, by=column))


def by_size(result: Result, column: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Centralities and linkages of all industries, both by one column, largest first."""
    order = result.frame.sort(column, *KEY, descending=[True, False, False], nulls_last=True)
    walks = [c for c in WALKS if c in order.columns]
    return order.select(*KEY, *CENTRALITIES, *walks), order.select(*KEY, "kind", *LINKAGES, "output")
