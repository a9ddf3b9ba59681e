"""What an economy, or the world, would lose with an industry or a country: hypothetical extraction by closed forms.

Extracted is an industry, a set of industries or a whole country (`zizhu.depend.structure.extraction`):
  complete  it is gone, with what it buys, sells and delivers to final demand
  backward  it buys no inputs any more: what its suppliers lose
  forward   it sells no inputs any more: what it and its own suppliers lose
The loss is of output that is no longer called for when nothing replaces what is lost, in all tiers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl
from pydantic import AfterValidator

from zizhu.depend.draw import structure as drawn
from zizhu.depend.exposure import TAXES_APART
from zizhu.depend.first_tier import node_parts
from zizhu.depend.structure import extraction
from zizhu.depend.structure.extraction import Kind
from zizhu.depend.wholes import Wholes
from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Result, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.coverage import flow_coverage, import_coverage, sales_coverage, world_coverage
from zizhu.tables.cut import inverse_columns
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import absent, select
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

METHOD = "depend.extract"
KEY = ("extracted", "country")
TOTAL = "TOTAL"
"""All countries of the table together."""
MEANING = {
    "complete": "the industry is gone with its purchases, its sales and its final demand",
    "backward": "the industry buys no inputs: the loss is its suppliers', in all tiers",
    "forward": "nobody buys from the industry as an input: the loss is its own and its suppliers', in all tiers",
}
DEMAND = (
    "Driven by demand: the loss is of purchases that end and are not replaced, in all tiers upstream. It is not the "
    "shortage of those who bought from what is extracted, and not a forecast."
)
GROSS = (
    "Output lost counts a product again in each industry that works on it; value added lost counts it once."
)


class Params(Record):
    """What is asked. `extracted` empty = each industry, or each country, of the table on its own."""

    table: str = "icio-2022"
    trade: str = "baci-raw-materials"
    extracted: tuple[Annotated[str, AfterValidator(groups.coded_part)], ...] = ()
    each: Literal["industry", "country"] = "industry"
    kind: Kind = "complete"
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The tables and the question."""

    params: Params
    mrio: MRIO
    trade: Trade

    @cached_property
    def sales(self) -> Vector:
        """Intermediate sales Z1 (n,)."""
        return np.asarray(self.mrio.Z.sum(axis=1, dtype=float))

    def lost(self, K: Index) -> Vector:
        """Output (n,) that every node loses when the nodes `K` are extracted."""
        U = inverse_columns(self.mrio.lu, K)
        return extraction.block(U, K, self.mrio.x, self.sales, self.params.kind)


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names."""
    return Inputs(params, load_mrio(workspace, params.table), load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row for what is extracted, and for named ones a row a country besides.

    Columns: value_added_lost and output_lost in all tiers, output_lost_others (without what is extracted),
    output_lost_abroad (outside its country) and share_of_output (of the country's output, or of the table's).
    Raises ZizhuError for unknown codes or a part of an industry, CannotAnswer without output and below half coverage.
    """
    params, mrio = inputs.params, inputs.mrio
    coverage = _coverage(inputs)
    require_coverage(coverage, params.insist, METHOD)
    if params.extracted:
        frame = pl.concat([_by_country(inputs, code) for code in dict.fromkeys(params.extracted)])
    elif params.each == "country":
        frame = pl.concat([_by_country(inputs, c).head(1) for c in _countries_with_output(mrio)])
    else:
        frame = _every_industry(inputs)
    run = make_run(METHOD, params, (mrio.ref, inputs.trade.ref), frame, KEY)
    units = dict.fromkeys(MONEY, mrio.unit) | {"share_of_output": "share of output"}
    basis = f"{params.kind} extraction from {mrio.title}: {MEANING[params.kind]}"
    return Result(frame, KEY, units, basis, run, coverage, _notes(inputs), drawn.extract)


MONEY = ("value_added_lost", "output_lost", "output_lost_others", "output_lost_abroad")


def nodes_of(mrio: MRIO, code: str) -> Index:
    """The nodes of what is to be extracted; raises ZizhuError for a plan sector, which is a part of industries."""
    chosen = select(mrio, code)
    if (chosen.part != 1).any():
        raise ZizhuError(
            Problem(
                "an extraction of parts of industries",
                code,
                "whole industries",
                f"Name them: {', '.join(dict.fromkeys(mrio.nodes.sector[i] for i in chosen.index))}.",
            )
        )
    if not mrio.x[chosen.index].any():
        raise CannotAnswer(
            Problem("no output in the table", code, "something with output", "Choose another.")
        )
    return chosen.index


def _countries_with_output(mrio: MRIO) -> list[str]:
    output = np.bincount(mrio.nodes.country_index, weights=mrio.x)
    return [c for c, x in zip(mrio.nodes.countries, output, strict=True) if x > 0]


def _by_country(inputs: Inputs, code: str) -> pl.DataFrame:
    """The total of an extraction and its part in every country of the table that has output."""
    mrio, K = inputs.mrio, nodes_of(inputs.mrio, code)
    of, C = mrio.nodes.country_index, len(mrio.nodes.countries)
    nodes = (*_amounts(mrio, inputs.lost(K), K), mrio.x)
    amounts = [np.bincount(of, weights=a, minlength=C) for a in nodes]
    columns = dict(zip((*MONEY, "output"), amounts, strict=True))
    frame = pl.DataFrame({"extracted": [code] * C, "country": mrio.nodes.countries, **columns})
    total = frame.select(
        "extracted", pl.lit(TOTAL).alias("country"), *(pl.col(c).sum() for c in columns)
    ).head(1)
    return _shared(pl.concat([total, frame.filter(pl.col("output") > 0)]))


def _amounts(mrio: MRIO, lost: Vector, K: Index) -> Matrix:
    """What every node adds to each of MONEY (4, n), of output lost (n,) with the nodes `K`."""
    of, others = mrio.nodes.country_index, lost.copy()
    others[K] = 0.0
    return np.vstack([mrio.v * lost, lost, others, np.where(np.isin(of, of[K]), 0.0, lost)])


def _every_industry(inputs: Inputs) -> pl.DataFrame:
    """The totals of all industries with output, each extracted alone; the parts of a split one together."""
    mrio, wholes = inputs.mrio, Wholes(inputs.mrio.nodes)
    every = _every_node(inputs)[:, [nodes[0] for nodes in wholes.members]]
    for k in wholes.split:
        K = wholes.members[k]
        every[:, k] = _amounts(mrio, inputs.lost(K), K).sum(axis=1)
    active = np.flatnonzero(wholes.added(mrio.x) > 0)
    frame = pl.DataFrame(
        {
            "extracted": [wholes.label(int(k)) for k in active],
            "country": [TOTAL] * len(active),
            **{column: every[row][active] for row, column in enumerate(MONEY)},
            "output": np.full(len(active), mrio.x.sum()),
        }
    )
    return _shared(frame)


def _every_node(inputs: Inputs) -> Matrix:
    """The totals (4, n) of MONEY when each node alone is extracted, from the inverse in one product."""
    mrio, kind = inputs.mrio, inputs.params.kind
    L = mrio.lu.inverse
    losses = extraction.every(L, np.vstack([mrio.v, np.ones(mrio.n)]), mrio.x, inputs.sales, kind)
    return np.vstack([losses, *extraction.others(L, mrio.x, inputs.sales, kind, mrio.nodes.country_index)])


def _shared(frame: pl.DataFrame) -> pl.DataFrame:
    """Output lost as a share of the row's output, in the place of that output."""
    return frame.with_columns((pl.col("output_lost") / pl.col("output")).alias("share_of_output")).drop(
        "output"
    )


def _coverage(inputs: Inputs) -> tuple[Coverage, ...]:
    """The imported inputs that the table holds or, for lost customers, the sales that it follows."""
    mrio, params = inputs.mrio, inputs.params
    if params.kind == "forward":
        everybody = np.arange(mrio.n)
        sides = [(code, nodes_of(mrio, code)) for code in dict.fromkeys(params.extracted)]
        return tuple(
            sales_coverage(
                mrio, K, everybody, inputs.sales[K], names.node(code), "all industries", gate=False
            )
            for code, K in sides
        ) or (flow_coverage(mrio),)
    countries = dict.fromkeys(code.partition(":")[0] for code in params.extracted)
    return tuple(import_coverage(mrio, inputs.trade, c) for c in countries) or (
        world_coverage(mrio, inputs.trade),
    )


def _notes(inputs: Inputs) -> tuple[str, ...]:
    mrio = inputs.mrio
    notes = [*absent(mrio, inputs.params.extracted), DEMAND, GROSS]
    notes += Wholes(mrio.nodes).told(
        "the parts of a country are extracted together and their losses added up."
    )
    if not mrio.sees_all_inputs:
        notes.append(
            f"The table has no rest of the world: losses outside {mrio.inside} are not seen, and what is bought from "
            "there counts as the buyer's own value."
        )
    if mrio.primary is not None:
        notes.append(TAXES_APART)
    return tuple(notes)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a loss into the industries that lose it, largest first."""
    row, mrio = result.row(key), inputs.mrio
    K = nodes_of(mrio, row["extracted"])
    lost = _parts_of(inputs, row, column, K)
    index = np.flatnonzero(np.abs(lost) > 0)
    what = "value added of" if column == "value_added_lost" else "output of"
    where = "" if row["country"] == TOTAL else f", in {names.the(row['country'])}"
    sentence = (
        f"Extraction of {names.told(row['extracted'])}{where}: {column.replace('_', ' ')}, by industry."
    )
    return result.opened(row, column, sentence, *node_parts(mrio, index, lost[index], what, top), (mrio.ref,))


def _parts_of(inputs: Inputs, row: Mapping[str, Any], column: str, K: Index) -> Vector:
    """What every node (n,) adds to the number of a row."""
    mrio = inputs.mrio
    here = np.ones(mrio.n, dtype=bool)
    if row["country"] != TOTAL:
        here = mrio.nodes.country_index == mrio.nodes.countries.index(row["country"])
    lost = np.where(here, inputs.lost(K), 0.0)
    if column == "share_of_output":
        return np.asarray(lost / mrio.x[here].sum())
    return np.asarray(_amounts(mrio, lost, K)[MONEY.index(column)])


def by_size(result: Result) -> Iterator[tuple[str, pl.DataFrame]]:
    """The totals by value added lost, then the countries of each named extraction."""
    order = result.frame.sort("value_added_lost", *KEY, descending=[True, False, False])
    yield "", order.filter(pl.col("country") == TOTAL)
    for code in order.filter(pl.col("country") != TOTAL)["extracted"].unique(maintain_order=True):
        yield code, order.filter(pl.col("extracted") == code, pl.col("country") != TOTAL)
