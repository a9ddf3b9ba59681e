"""Through which chains a source's value added reaches a buyer: structural path analysis with an exact remainder.

A path runs from the industry that adds the value through those that pass it on to the buyer; it carries the product of
its coefficients and the origin's value added per unit of output (`zizhu.depend.structure.spa`). The paths shown, and
what all others carry, add up to the value-added content of `zizhu.depend.exposure`. So do the tiers: what comes by
exactly so many purchases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.draw import structure as drawn
from zizhu.depend.exposure import BASIS, SHARE, TAXES_APART, in_table
from zizhu.depend.first_tier import Split, content_parts, node_parts
from zizhu.depend.structure import spa
from zizhu.depend.structure.spa import Path
from zizhu.depend.wholes import Wholes
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result, first, largest, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables import leontief
from zizhu.tables.coverage import import_coverage
from zizhu.tables.leontief import Index, Vector
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, absent, select, whole_countries_of
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.paths"
KEY = ("path",)
STEP = ">"
"""Stands between the nodes of a path, from the origin to the buyer."""
TOTAL, OTHERS, TIER, DEEPER = "TOTAL", "OTHERS", "TIER:", "TIER:deeper"
NOT_A_FORECAST = (
    "Paths follow purchases of the year of the table; they say nothing of what could take their place."
)


class Params(Record):
    """What is asked: the `count` largest paths of value added of `sources` (all countries if empty) into the buyer.

    `abroad` leaves out value added in the buyer's own country or group, wherever it goes on its way.
    """

    table: str = "icio-2022"
    trade: str = "baci-raw-materials"
    buyer: Annotated[str, AfterValidator(groups.coded_part)]
    sources: tuple[Annotated[str, AfterValidator(groups.coded)], ...] = ()
    count: int = Field(default=50, ge=1, le=10_000)
    tiers: int = Field(default=5, ge=0, le=50)
    abroad: bool = False
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The tables and the question."""

    params: Params
    mrio: MRIO
    trade: Trade

    @cached_property
    def buyer(self) -> Selection:
        return select(self.mrio, self.params.buyer)

    @cached_property
    def weights(self) -> Vector:
        """w (n,): shares of the buyer's nodes in its output."""
        return self.buyer.spread(self.mrio.x)

    @cached_property
    def sources(self) -> list[int]:
        """The positions of the source countries, each once."""
        asked = self.params.sources or self.mrio.nodes.countries
        found = {c for s in asked for c in whole_countries_of(self.mrio, s)}
        return sorted(found - self.home if self.params.abroad else found)

    @property
    def home(self) -> set[int]:
        """The positions of the buyer's countries."""
        return set(self.mrio.nodes.country_index[self.buyer.index].tolist())

    @cached_property
    def added(self) -> Vector:
        """s (n,): value added of the sources per unit of output, zero elsewhere."""
        return np.where(np.isin(self.mrio.nodes.country_index, self.sources), self.mrio.v, 0.0)

    @cached_property
    def content(self) -> Vector:
        """s'L (n,)."""
        return self.mrio.lu.solve_transposed(self.added)

    @cached_property
    def wholes(self) -> Wholes:
        return Wholes(self.mrio.nodes)

    @cached_property
    def tiers(self) -> list[Vector]:
        """A^t w (n,) for every tier that is told apart, and for the one after."""
        return list(spa.tiers(self.mrio.Z, self.mrio.x, self.weights, self.params.tiers + 1))


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names."""
    return Inputs(params, load_mrio(workspace, params.table), load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row a path, one for all others, one a tier, one for deeper tiers, and the total.

    Columns: value_added_content per unit of the buyer's output, its share of the total, and the number of purchases.
    Raises ZizhuError for unknown codes and CannotAnswer where nothing of the sources is in the buyer.
    """
    params, mrio = inputs.params, inputs.mrio
    coverage = (import_coverage(mrio, inputs.trade, inputs.buyer.code.partition(":")[0]),)
    require_coverage(coverage, params.insist, METHOD)
    total = float(inputs.content @ inputs.weights)
    if total <= 0:
        raise CannotAnswer(
            Problem(
                "no value added of the sources is in the buyer",
                f"{', '.join(params.sources)} in {params.buyer}",
                "a content above zero",
                "Choose other sources, or leave them out.",
            )
        )
    frame = _frame(inputs, total)
    run = make_run(METHOD, params, (mrio.ref, inputs.trade.ref), frame, KEY)
    units = {"value_added_content": SHARE, "share": "share of the total", "purchases": "purchases"}
    return Result(frame, KEY, units, in_table(BASIS, mrio), run, coverage, _notes(inputs), drawn.paths)


def _frame(inputs: Inputs, total: float) -> pl.DataFrame:
    found = _largest(inputs)
    rows: list[tuple[str, str, float, int | None]] = [
        (_label(inputs, p), "path", p.value, len(p.chain) - 1) for p in found
    ]
    rows.append((OTHERS, "path", total - sum(p.value for p in found), None))
    *tiers, next_one = inputs.tiers
    rows += [(f"{TIER}{t}", "tier", float(inputs.added @ called), t) for t, called in enumerate(tiers)]
    rows += [(DEEPER, "tier", float(inputs.content @ next_one), None), (TOTAL, "total", total, None)]
    columns = {"path": pl.String, "kind": pl.String, "value_added_content": pl.Float64, "purchases": pl.Int64}
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    return frame.with_columns((pl.col("value_added_content") / total).alias("share"))


def _label(inputs: Inputs, path: Path) -> str:
    """The industries of a path from the origin to the buyer, who may be a part of a country."""
    labels = [inputs.wholes.label(k) for k in path.chain]
    who = inputs.buyer.code.partition(":")[0]
    if who in inputs.mrio.nodes.country:
        labels[0] = f"{who}:{labels[0].partition(':')[2]}"
    return STEP.join(reversed(labels))


def _largest(inputs: Inputs) -> list[Path]:
    """The paths of the answer; raises CannotAnswer where no bound on the rest of a path can be given."""
    mrio, size = inputs.mrio, np.abs(inputs.added)
    positive = bool((inputs.added >= 0).all()) and not bool((mrio.Z < 0).any())
    lu = mrio.lu if positive else leontief.factor(np.abs(mrio.Z), mrio.x)
    bound = inputs.content if positive else lu.solve_transposed(size)
    if (bound < size * (1 - 1e-9)).any():
        raise CannotAnswer(
            Problem(
                "flows below zero leave paths without a bound",
                mrio.ref,
                "a table whose flows in size leave something of each output",
                "Mend it with `zizhu data calibrate`.",
            )
        )
    column = spa.columns(mrio.Z, mrio.x)
    members = inputs.wholes.members
    return spa.paths(column, inputs.added, bound, inputs.weights, inputs.params.count, members=members)


def _notes(inputs: Inputs) -> tuple[str, ...]:
    mrio, params = inputs.mrio, inputs.params
    notes = [n for n in (inputs.buyer.note,) if n]
    notes += [*absent(mrio, (params.buyer, *params.sources)), NOT_A_FORECAST]
    notes += inputs.wholes.told("a path through a country is the sum of the paths through its parts.")
    if not mrio.sees_all_inputs:
        notes.append(
            f"The table has no rest of the world: inputs from outside {mrio.inside} count as the buyer's own value, "
            "and paths that leave it are cut there."
        )
    if mrio.primary is not None:
        notes.append(TAXES_APART)
    return tuple(notes)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a path into its coefficients, a tier into the industries that add value there, the total by purchase.

    The coefficients of a path are its factors and do not add up to it. A path through a country that the table splits
    opens into the paths through its parts, which add up.
    """
    row, mrio = result.row(key), inputs.mrio
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value", key, "a path or a tier", "Trace another number.")
        )
    if row["kind"] == "path" and key != OTHERS:
        if all(len(inside) == 1 for inside in _chain(inputs, row)):
            return _factors(inputs, result, row, column, top)
        told = f"{row['path'].replace(STEP, ' > ')}, by the parts of countries that it runs through."
        return result.opened(row, column, told, *_routes(inputs, row, column, top), inputs=(mrio.ref,))
    scale = row[column] / row["value_added_content"] if row["value_added_content"] else 0.0
    split: Split = ((), 0)
    if column == "purchases":
        how = "the number of purchases between origin and buyer"
    elif key == OTHERS:
        split, how = _difference(result, column, top), "the total less the paths shown"
    elif key == TOTAL:
        split, how = content_parts(mrio, inputs.buyer, inputs.sources, top, scale), "first-tier split"
    else:
        split = _origins(inputs, row, scale, top)
        how = (
            "by the industry behind which it lies" if key == DEEPER else "by the industry that adds the value"
        )
    told = f"{_sources(inputs)} in {names.told(inputs.params.buyer)}, {key.lower()}: {column.replace('_', ' ')}, {how}."
    return result.opened(row, column, told, *split, inputs=(mrio.ref,))


def _sources(inputs: Inputs) -> str:
    return drawn.of_whom(inputs.params.sources, inputs.params.abroad)


def _chain(inputs: Inputs, row: Mapping[str, Any]) -> list[Index]:
    """The nodes of every industry of a path, from the origin to the buyer."""
    pairs = (label.split(":", 1) for label in row["path"].split(STEP))
    return [inputs.mrio.nodes.of([country], [sector]) for country, sector in pairs]


def _routes(inputs: Inputs, row: Mapping[str, Any], column: str, top: int) -> Split:
    """A path through parts of countries by the paths from part to part."""
    mrio, value = inputs.mrio, row["value_added_content"]
    scale, parts = 1.0 if column == "purchases" else row[column] / value, []
    for chain in product(*_chain(inputs, row)):
        links = [float(mrio.Z[i, j]) / float(mrio.x[j]) if mrio.x[j] else 0.0 for i, j in pairwise(chain)]
        carried = float(inputs.added[chain[0]] * np.prod(links) * inputs.weights[chain[-1]]) * scale
        labels = mrio.nodes.labels(np.array(chain))
        share = None if column == "purchases" else carried / row[column]
        if carried:
            told = " > ".join(map(names.told, labels))
            ref = mrio.cell_ref(*labels[:2]) if links else f"{mrio.ref}#{labels[0]}"
            parts.append(Part(ref, told, carried, share, unit="" if share is not None else SHARE))
    return largest(parts, top)


def _factors(inputs: Inputs, result: Result, row: Mapping[str, Any], column: str, top: int) -> Explanation:
    """Value added of the origin per unit, every coefficient on the way, and the weight of the buying industry."""
    mrio = inputs.mrio
    chain = [int(inside[0]) for inside in _chain(inputs, row)]
    first, last = (mrio.nodes.label(chain[end]) for end in (0, -1))
    parts = [
        Part(f"{mrio.ref}#{first}", f"value added of {names.told(first)}", float(mrio.v[chain[0]]), None)
    ]
    for i, j in pairwise(chain):
        seller, buyer = mrio.nodes.label(i), mrio.nodes.label(j)
        told = f"{names.told(seller)} to {names.told(buyer)}"
        parts.append(Part(mrio.cell_ref(seller, buyer), told, float(mrio.Z[i, j]) / float(mrio.x[j]), None))
    if len(inputs.buyer.index) > 1:
        weight = float(inputs.weights[chain[-1]])
        parts.append(Part(f"{mrio.ref}#{last}", f"share of {names.told(last)} in the buyer", weight, None))
    if column == "share":
        total = result.row(TOTAL)["value_added_content"]
        parts.append(
            Part(
                result.ref({"path": TOTAL}, "value_added_content"),
                "one over the total",
                1 / total,
                None,
                unit="per share of output",
            )
        )
    how = "the number of its purchases" if column == "purchases" else "the product of what is listed"
    sentence = f"From {names.told(first)} to {names.told(last)}, per unit of output: {how}."
    ref, unit = result.ref(row, column), result.units[column]
    return Explanation(
        ref,
        float(row[column]),
        unit,
        sentence,
        tuple(parts[:top]),
        0.0,
        (mrio.ref,),
        max(len(parts) - top, 0),
    )


def _difference(result: Result, column: str, top: int) -> Split:
    """The total and, taken off it, the paths that are shown."""
    total = result.row(TOTAL)[column]
    shown = result.frame.filter(pl.col("kind") == "path", pl.col("path") != OTHERS)
    rest = total - float(shown[column].sum())
    parts = [Part(result.ref({"path": TOTAL}, column), "all paths", total, total / rest if rest else 0.0)]
    for r in shown.sort("value_added_content", "path", descending=[True, False]).iter_rows(named=True):
        parts.append(
            Part(result.ref(r, column), f"less {r['path']}", -r[column], -r[column] / rest if rest else 0.0)
        )
    return first(parts, top)


def _origins(inputs: Inputs, row: Mapping[str, Any], scale: float, top: int) -> Split:
    """Value added of a tier by the industry that adds it; of deeper ones by the industry behind which it lies."""
    deeper = row["path"] == DEEPER
    called = inputs.tiers[-1] if deeper else inputs.tiers[row["purchases"]]
    values = (inputs.content if deeper else inputs.added) * called * scale
    found = np.flatnonzero(values)
    return node_parts(inputs.mrio, found, values[found], "behind" if deeper else "value added of", top)


def by_size(result: Result) -> Iterator[pl.DataFrame]:
    """The paths, largest first and all others last, and the tiers, each followed by the total."""
    total = result.frame.filter(pl.col("kind") == "total")
    paths = result.frame.filter(pl.col("kind") == "path", pl.col("path") != OTHERS)
    others = result.frame.filter(pl.col("path") == OTHERS)
    order = paths.sort("value_added_content", "path", descending=[True, False])
    tiers = result.frame.filter(pl.col("kind") == "tier").sort("purchases", nulls_last=True)
    for part in ([order, others, total], [tiers, total]):
        yield pl.concat(part).select("path", "value_added_content", "share", "purchases")
