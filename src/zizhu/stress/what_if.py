"""What a cut of one country's sales to another would touch: a two-sided ledger, quarters ahead at most.

Sender's side: sales lost, and output lost with them up its supply chain, when nothing replaces the buyer.
Receiver's side: purchases at risk, as a share of its inputs and of its output, and the value of its output
that passes through them. Neither is a forecast: no substitution, stocks, prices or re-routing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Part, Result, largest, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.stress.after import After, after
from zizhu.stress.draw import cutting as drawn
from zizhu.tables.coverage import sales_coverage
from zizhu.tables.cut import Cut, cut
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, absent, select
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError
from zizhu.vocab.sectors import TOTAL

METHOD = "stress.what_if"
KEY = ("side", "country", "sector")
SENDER, RECEIVER, OTHERS = drawn.SENDER, drawn.RECEIVER, "others"
LEAST_CUT = 1e-6
"""Below this share a cut is far smaller than the error of the table's own values."""
EXCLUDED = (
    "Not in it: capital goods and final sales, goods that reach the receiver through third countries, "
    "substitution, stocks, prices. It is neither a forecast nor the receiver's shortage.",
    "Sender's and receiver's sides measure different things and are never added.",
)
MEASURED = ("direct", "all_tiers", "same_from", "same_all", "inputs", "output")
TIERS = ("all_tiers", "all_tiers_of_output")
OF = {
    "direct": "the flows that are cut",
    "of_inputs": "the flows that are cut over all intermediate inputs",
    "of_output": "the flows that are cut over output",
    "same_input": "the sender's flows, cut or not, over all purchases of the same products",
}
HOW = {
    SENDER: "each sale that stops, times the output of {} that one unit of it called for in the table after the cut",
    RECEIVER: "each purchase that stops, times the output of {} that one unit of it reached in the table after the cut",
}


def _named_part(text: str) -> str:
    """Refuse `COUNTRY:` without the sector that the colon announces."""
    if text.endswith(":"):
        raise PydanticCustomError(
            "no_sector", "Input should be COUNTRY or COUNTRY:SECTOR (no sector follows the colon)"
        )
    return text


def _visible(share: float) -> float:
    """Refuse a cut below LEAST_CUT."""
    if share < LEAST_CUT:
        raise PydanticCustomError(
            "cut_too_small",
            "Input should be at least {least}: a smaller cut is lost in the error of the table's own values",
            {"least": f"{LEAST_CUT:f}"},
        )
    return share


Side = Annotated[str, AfterValidator(groups.coded_part), AfterValidator(_named_part)]


class Params(Record):
    """What is asked: `sender` (`USA:C26`) stops a share `cut` of its sales of inputs to `receiver` (`CHN`)."""

    table: str = "icio-2022"
    sender: Side
    receiver: Side
    cut: Annotated[float, Field(gt=0, le=1), AfterValidator(_visible)] = 1.0
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The table and the question."""

    params: Params
    mrio: MRIO

    @cached_property
    def after(self) -> After:
        """The table after the cut, solved once for all numbers that are opened."""
        sender, receiver = _sides(self.mrio, self.params)
        flows = _cut_flows(self.mrio, sender, receiver, self.params.cut)
        return after(self.mrio, sender.index, receiver.index, flows)


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_mrio(workspace, params.table))


def solve(inputs: Inputs) -> Result:
    """The two-sided ledger by node, with a TOTAL row a side.

    Columns: direct (sales lost by the sender, purchases at risk of the receiver), of_inputs and of_output
    (shares of the node), same_input (sender's share in the receiver's purchases of the products cut),
    all_tiers and all_tiers_of_output (sender and others: output no longer called for; receiver: value of
    output that passes through the cut). Raises ZizhuError for unknown codes or a sender that is the receiver,
    CannotAnswer below half coverage or when nothing is traded.
    """
    params, mrio = inputs.params, inputs.mrio
    sender, receiver = _sides(mrio, params)
    flows = _cut_flows(mrio, sender, receiver, params.cut)
    coverage = (_coverage(mrio, sender, receiver, flows, params),)
    if not flows.any():
        raise CannotAnswer(
            Problem(
                "no sales to cut",
                f"{params.sender} to {params.receiver}",
                "a flow above zero",
                "Choose another.",
            )
        )
    require_coverage(coverage, params.insist, METHOD)
    effects = _effects(mrio, sender.index, receiver.index, flows)
    frame = _ledger(mrio, sender, receiver, flows, effects)
    run = make_run(METHOD, params, (mrio.ref,), frame, KEY)
    units = {"direct": mrio.unit, "all_tiers": mrio.unit, "of_inputs": "share of intermediate inputs"}
    units |= {"same_input": "share of purchases of the same products"}
    units |= dict.fromkeys(("of_output", "all_tiers_of_output"), "share of output")
    lacking = absent(mrio, (params.sender, params.receiver))
    notes = tuple(n for n in (sender.note, receiver.note) if n) + lacking + (*EXCLUDED, _outside(mrio))
    return Result(
        frame,
        KEY,
        units,
        mrio.title,
        run,
        coverage,
        notes,
        drawn.figure,
        others={"industries": drawn.industries},
    )


def _coverage(mrio: MRIO, sender: Selection, receiver: Selection, flows: Matrix, params: Params) -> Coverage:
    who, whom = names.within(names.node(params.sender)), names.the(params.receiver.partition(":")[0])
    return sales_coverage(mrio, sender.index, receiver.index, flows.sum(axis=1), who, whom, gate=True)


def _outside(mrio: MRIO) -> str:
    """What the table has of the economies that it does not tell apart."""
    if mrio.flags.has_rest_of_world:
        return (
            "Every economy is in it: those that the table does not tell apart are one, the rest of the world, and what "
            "passes through them is followed as through a single country."
        )
    return (
        f"The table has no rest of the world: what countries outside {mrio.inside} buy and sell, and what passes "
        "through them, is on neither side."
    )


def _sides(mrio: MRIO, params: Params) -> tuple[Selection, Selection]:
    sender, receiver = select(mrio, params.sender), select(mrio, params.receiver)
    both = {mrio.nodes.whole[i] for i in sender.index} & {mrio.nodes.whole[i] for i in receiver.index}
    if both:
        raise ZizhuError(
            Problem(
                f"{', '.join(sorted(both))} on both sides",
                f"{params.sender} to {params.receiver}",
                "two different countries",
                "A cut needs a sender and a receiver.",
            )
        )
    return sender, receiver


def _cut_flows(mrio: MRIO, sender: Selection, receiver: Selection, share: float) -> Matrix:
    """The flows that stop (k, m): the share `share` of what the sender's nodes sell to the receiver's."""
    sold = np.asarray(mrio.Z[np.ix_(sender.index, receiver.index)], dtype=float)
    return np.asarray(sold * sender.part[:, None] * receiver.part * share)


def _effects(mrio: MRIO, rows: Index, columns: Index, flows: Matrix) -> Cut:
    scale = np.where(mrio.x[columns] > 0, mrio.x[columns], 1.0)
    return cut(mrio.lu, mrio.x, mrio.leftover, flows / scale, rows, columns)


def _ledger(mrio: MRIO, sender: Selection, receiver: Selection, flows: Matrix, effects: Cut) -> pl.DataFrame:
    home, away = _country_nodes(mrio, sender), _country_nodes(mrio, receiver)
    others = _others(mrio, home, away)
    lost, risk, none = np.zeros((3, mrio.n))
    lost[sender.index] = flows.sum(axis=1)
    risk[receiver.index] = flows.sum(axis=0)
    same = _same_products(mrio, sender, receiver.index)
    sides = pl.concat(
        [
            _side(mrio, RECEIVER, away, (risk, effects.carried, *same)),
            _side(mrio, SENDER, home, (lost, effects.lost_output, none, none)),
            _side(mrio, OTHERS, others, (none, effects.lost_output, none, none)).tail(1),
        ]
    )
    order = (
        pl.col("side").rle_id(),
        pl.col("sector") != TOTAL,
        -pl.col("all_tiers").abs(),
        "country",
        "sector",
    )
    return sides.sort(*order).select(
        *KEY,
        "direct",
        pl.when(side=RECEIVER).then(_ratio("direct", "inputs")).alias("of_inputs"),
        _ratio("direct", "output").alias("of_output"),
        _ratio("same_from", "same_all").alias("same_input"),
        "all_tiers",
        _ratio("all_tiers", "output").alias("all_tiers_of_output"),
    )


def _country_nodes(mrio: MRIO, part: Selection) -> Index:
    countries = dict.fromkeys(mrio.nodes.whole[i] for i in part.index)
    return mrio.nodes.of(countries)


def _others(mrio: MRIO, home: Index, away: Index) -> Index:
    return np.delete(np.arange(mrio.n), np.union1d(home, away))


def _same_products(mrio: MRIO, sender: Selection, columns: Index) -> Matrix:
    """Purchases (2, n): of the sender's sectors from the sender, and from everybody."""
    sectors = {mrio.nodes.sector[i] for i in sender.index}
    rows = mrio.nodes.of(mrio.nodes.countries, sectors)
    totals = np.zeros((2, mrio.n))
    totals[0, columns] = mrio.Z[np.ix_(sender.index, columns)].sum(axis=0, dtype=float)
    totals[1, columns] = mrio.Z[np.ix_(rows, columns)].sum(axis=0, dtype=float)
    return totals


def _side(mrio: MRIO, side: str, nodes: Index, values: tuple[Vector, Vector, Vector, Vector]) -> pl.DataFrame:
    """The MEASURED columns of the nodes of a side that produce, then their total; values are per node of the table."""
    nodes = nodes[mrio.x[nodes] > 0]
    columns = np.array([*values, mrio.x * (1 - mrio.leftover), mrio.x])[:, nodes]
    countries = [mrio.nodes.country[i] for i in nodes]
    who = countries[0] if len(set(countries)) == 1 else TOTAL
    named: dict[str, Any] = {
        "side": [side] * (len(nodes) + 1),
        "country": [*countries, who],
        "sector": [*(mrio.nodes.sector[i] for i in nodes), TOTAL],
    }
    with_total = np.column_stack([columns, columns.sum(axis=1)])
    return pl.DataFrame(named | dict(zip(MEASURED, with_total, strict=True)))


def by_size(result: Result) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The totals of sender, receiver and others, then the sender's nodes and the receiver's nodes by size.

    Nodes that the cut does not touch are left out, and so are the sender's columns that only a receiver fills.
    """
    total = pl.col("sector") == "TOTAL"
    order = pl.col("side").replace_strict({SENDER: 0, RECEIVER: 1, OTHERS: 2})
    touched = (pl.col("direct") > 0) | (pl.col("all_tiers").abs() > 0)
    nodes = result.frame.filter(~total, touched).sort(
        -pl.col("direct"), -pl.col("all_tiers"), "country", "sector"
    )
    sender, receiver = (nodes.filter(pl.col("side") == side) for side in (SENDER, RECEIVER))
    return result.frame.filter(total).sort(order), sender.drop("of_inputs", "same_input"), receiver


def _ratio(a: str, b: str) -> pl.Expr:
    return pl.when(pl.col(b) > 0).then(pl.col(a) / pl.col(b))


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number into the flows that are cut; a total of all tiers opens into the nodes of its side.

    The all-tiers number of a node splits over the cut flows exactly, see `After`. Raises CannotAnswer for a
    number that is null.
    """
    row = result.row(key)
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value for this row", key, "a number", "Trace direct or of_output.")
        )
    node = f"{row['country']}:{row['sector']}"
    split: tuple[tuple[Part, ...], int]
    if column not in TIERS and row["side"] == OTHERS:
        split, how = ((), 0), "none of the sales that stop is theirs"
    elif column not in TIERS:
        split, how = _by_flow(inputs, _direct(inputs, row, column), row[column], top), OF[column]
    elif row["sector"] == "TOTAL":
        split, how = largest(_by_node(inputs, result, row, column), top), "by industry of this side"
    else:
        flows = _through(inputs, row) * (row[column] / row["all_tiers"] if row["all_tiers"] else 0.0)
        split, how = _by_flow(inputs, flows, row[column], top), HOW[row["side"]].format(node)
    place = row["side"] if row["side"] == OTHERS else f"{row['side']} {names.told(node)}"
    cut_off = f"{names.told(inputs.params.sender)} to {names.told(inputs.params.receiver)}"
    told = f"Cut of {cut_off}, {place}: {column.replace('_', ' ')}, {how}."
    return result.opened(row, column, told, *split)


def _direct(inputs: Inputs, row: Mapping[str, Any], column: str) -> Matrix:
    """The flows (k, m) behind a number of one tier, scaled so that they add up to it."""
    mrio = inputs.mrio
    sender, receiver = _sides(mrio, inputs.params)
    flows = _cut_flows(mrio, sender, receiver, inputs.params.cut)
    if column == "same_input":
        flows = np.asarray(mrio.Z[np.ix_(sender.index, receiver.index)], dtype=float)
    own = mrio.nodes.labels((receiver if row["side"] == RECEIVER else sender).index)
    mine = f"{row['country']}:{row['sector']}"
    keep = np.array([row["sector"] == "TOTAL" or name == mine for name in own])
    flows = np.where(keep if row["side"] == RECEIVER else keep[:, None], flows, 0.0)
    total = float(flows.sum())
    return flows * (row[column] / total) if total else flows


def _through(inputs: Inputs, row: Mapping[str, Any]) -> Matrix:
    """The part (k, m) of every cut flow in the all-tiers number of a node."""
    i = inputs.mrio.nodes.position[row["country"], row["sector"]]
    return inputs.after.carried(inputs.mrio, i) if row["side"] == RECEIVER else inputs.after.lost(i)


def _by_flow(inputs: Inputs, flows: Matrix, value: float, top: int) -> tuple[tuple[Part, ...], int]:
    """The `top` largest of the flows (k, m) that add up to `value`, and how many more there are."""
    mrio = inputs.mrio
    sellers, buyers = (mrio.nodes.labels(side.index) for side in _sides(mrio, inputs.params))
    order = np.argsort(-np.abs(flows), axis=None, kind="stable")[: min(top, np.count_nonzero(flows))]
    parts = tuple(
        Part(
            mrio.cell_ref(sellers[s], buyers[b]),
            f"{names.told(sellers[s])} to {names.told(buyers[b])}",
            float(flows[s, b]),
            float(flows[s, b]) / value,
        )
        for s, b in zip(*np.unravel_index(order, flows.shape), strict=True)
    )
    return parts, int(np.count_nonzero(flows)) - len(parts)


def _by_node(inputs: Inputs, result: Result, row: Mapping[str, Any], column: str) -> list[Part]:
    """A side's total by node, each in proportion to its all-tiers number."""
    mrio, total = inputs.mrio, row["all_tiers"]
    if row["side"] == OTHERS:
        home, away = (_country_nodes(mrio, side) for side in _sides(mrio, inputs.params))
        others, lost = _others(mrio, home, away), inputs.after.lost_by_node
        labels = mrio.nodes.labels(others)
        each = [
            (f"{mrio.ref}#{n}", names.told(n), float(lost[i])) for n, i in zip(labels, others, strict=True)
        ]
    else:
        nodes = result.frame.filter(pl.col("side") == row["side"], pl.col("sector") != "TOTAL")
        each = [
            (result.ref(r, "all_tiers"), names.told(f"{r['country']}:{r['sector']}"), r["all_tiers"])
            for r in nodes.iter_rows(named=True)
        ]
    return [Part(ref, name, v * row[column] / total, v / total) for ref, name, v in each if v]
