"""Every embargo at once: what each country's stop of sales to each other one would touch, both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
import polars as pl
from pydantic import Field

from zizhu.ledger.models import Coverage, Figure, Record
from zizhu.ledger.result import Explanation, Result, largest, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.stress.after import After, after
from zizhu.stress.flow_parts import flow_parts
from zizhu.stress.static.pairs import Pairs, every
from zizhu.stress.what_if import EXCLUDED
from zizhu.tables.around import around
from zizhu.tables.coverage import sales_coverage
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import select
from zizhu.vocab import groups, names
from zizhu.vocab.sectors import TOTAL

METHOD = "stress.pairs"
KEY = ("sender", "receiver")
MOST = 16
"""Countries on each side of the map."""


class Params(Record):
    """What is asked: each country stops a share `cut` of what its `sector` sells to each other country."""

    table: str = "icio-2022"
    sector: str = TOTAL
    cut: Annotated[float, Field(gt=0, le=1)] = 1.0
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The table and the question."""

    params: Params
    mrio: MRIO

    @cached_property
    def sellers(self) -> Index:
        """The nodes whose sales stop."""
        return select(self.mrio, f"{groups.WORLD}:{self.params.sector}").index


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_mrio(workspace, params.table))


def solve(inputs: Inputs) -> Result:
    """A row for each ordered pair of countries that trade.

    Columns: direct (sales of inputs that stop), sender_lost (output of the sender no longer called for, all tiers) and
    sender_share of its output; others_lost (the same of all countries but these two); receiver_carried (value of the
    receiver's output that passes through these sales, all tiers) and receiver_share. Raises ZizhuError for an unknown
    sector, CannotAnswer below half coverage.
    """
    params, mrio = inputs.params, inputs.mrio
    coverage = _coverage(inputs)
    require_coverage(coverage, params.insist, METHOD)
    who = mrio.nodes.countries
    selling = np.zeros(mrio.n, dtype=bool)
    selling[inputs.sellers] = True
    index = mrio.nodes.country_index
    found = every(mrio.lu, mrio.Z, mrio.x, mrio.leftover, index, len(who), params.cut, selling)
    frame = _frame(who, found, np.asarray(np.bincount(index, mrio.x, len(who)), dtype=float))
    run = make_run(METHOD, params, (mrio.ref,), frame, KEY)
    units = dict.fromkeys(("direct", "sender_lost", "others_lost", "receiver_carried"), mrio.unit)
    units |= {
        "sender_share": "share of the sender's output",
        "receiver_share": "share of the receiver's output",
    }
    return Result(frame, KEY, units, mrio.title, run, coverage, EXCLUDED, figure)


def _coverage(inputs: Inputs) -> tuple[Coverage, ...]:
    """How much of all sales abroad the table follows to a buying industry."""
    mrio, rows = inputs.mrio, inputs.sellers
    abroad = np.asarray(mrio.Z[rows].sum(axis=1, dtype=float))
    what = names.within(names.sector(inputs.params.sector))
    everybody = np.arange(mrio.n)
    return (
        sales_coverage(mrio, rows, everybody, abroad, f"{what} of all countries", "each other", gate=True),
    )


def _frame(who: tuple[str, ...], found: Pairs, output: Vector) -> pl.DataFrame:
    p, q = np.nonzero(found.sales > 0)
    sender, receiver = found.lost[p, q, p], found.carried[p, q, q]
    return pl.DataFrame(
        {
            "sender": [who[i] for i in p],
            "receiver": [who[i] for i in q],
            "direct": found.sales[p, q],
            "sender_lost": sender,
            "sender_share": sender / output[p],
            "others_lost": found.lost[p, q].sum(axis=1) - sender - found.lost[p, q, q],
            "receiver_carried": receiver,
            "receiver_share": receiver / output[q],
        },
        schema_overrides=dict.fromkeys(KEY, pl.String()),  # nobody trades: lists without a type of their own
    ).sort(KEY)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number of a pair into the flows that stop, largest first."""
    row = result.row(key)
    mrio = inputs.mrio
    rows = np.intersect1d(inputs.sellers, mrio.nodes.of([row["sender"]]))
    columns = mrio.nodes.of([row["receiver"]])
    flows = inputs.params.cut * np.asarray(mrio.Z[np.ix_(rows, columns)], dtype=float)
    each = _parts(inputs, row, column, rows, columns, flows)
    total = each.sum()
    scaled = each * (row[column] / total) if total else each
    parts = flow_parts(mrio, rows, columns, scaled, row[column])
    shown, left = largest(parts, top)
    said = f"{names.told(row['sender'])} stops its sales to {names.told(row['receiver'])}: {column.replace('_', ' ')}"
    return result.opened(row, column, f"{said}, by flow that stops.", shown, left)


def _parts(
    inputs: Inputs, row: dict[str, object], column: str, rows: Index, columns: Index, flows: Matrix
) -> Matrix:
    """The part (k, m) of every flow in a number."""
    if column == "direct":
        return flows
    mrio = inputs.mrio
    made: After = after(mrio, rows, columns, flows)
    if column.startswith("receiver"):
        here = mrio.nodes.of([str(row["receiver"])])
        return np.asarray(sum((made.carried(mrio, int(i)) for i in here), np.zeros_like(flows)))
    mine = mrio.nodes.of([str(row["sender"])])
    weight = np.zeros(mrio.n)
    weight[mine] = 1.0
    if column == "others_lost":
        weight[mrio.nodes.of([str(row["receiver"])])] = 1.0
        weight = 1.0 - weight
    return np.asarray((weight @ made.sold)[:, None] * flows)


def figure(result: Result) -> Figure:
    """A heat map of what of the receiver's output passes through, with the largest of all shares among its cells."""
    sides = [result.frame.select(pl.col(side).alias("country"), "direct") for side in KEY]
    size = pl.concat(sides).group_by("country").agg(pl.col("direct").sum())
    every = size.sort("direct", "country", descending=[True, False])["country"].to_list()
    kept = _kept(result.frame, every)
    found = {(r["sender"], r["receiver"]): r for r in result.frame.iter_rows(named=True)}
    cells = [(p, q, found.get((p, q))) for p in kept for q in kept]
    rows = [
        {
            "sender": names.name(p),
            "receiver": names.name(q),
            "share": None if r is None else r["receiver_share"],
            "ref": None if r is None else result.ref(r, "receiver_share"),
        }
        for p, q, r in cells
    ]
    return Figure(
        kind="heatmap",
        title="What passes through each country's sales to each other",
        sentence="Rows stop selling, columns are cut off: what share of the column's output passes through, all tiers.",
        unit="share of the receiver's output",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"row": "sender", "column": "receiver", "value": "share", "ref": "ref"},
        sources=result.run.inputs,
        notes=around(
            result,
            len(kept),
            len(every),
            "countries, those of the largest shares, in the order of their trade",
        ),
    )


def _kept(frame: pl.DataFrame, every: Sequence[str]) -> list[str]:
    """The countries of the pairs of the largest shares, as many as the map has room for, in the order of `every`.

    Where no whole pair has room any more, those that trade most fill it.
    """
    kept: set[str] = set()
    for pair in ranked(frame, "receiver_share").select(KEY).iter_rows():
        if len(kept.union(pair)) > MOST:
            break
        kept.update(pair)
    kept.update([c for c in every if c not in kept][: MOST - len(kept)])
    return [c for c in every if c in kept]


def ranked(frame: pl.DataFrame, share: str) -> pl.DataFrame:
    """The pairs by a share, largest first."""
    return frame.sort(share, *KEY, descending=[True, False, False])
