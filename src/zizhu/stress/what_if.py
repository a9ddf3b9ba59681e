"""What a cut of one country's sales to another would touch: a two-sided ledger, quarters ahead at most.

Sender's side: sales lost, and output lost with them up its supply chain, when nothing replaces the buyer.
Receiver's side: purchases at risk, as a share of its inputs and of its output, and the value of its output
that passes through them. Neither is a forecast: no substitution, stocks, prices or re-routing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from pydantic import Field

from zizhu.ledger.models import Coverage, Figure, Record
from zizhu.ledger.result import Explanation, Part, Result, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.coverage import sales_coverage
from zizhu.tables.cut import Cut, cut
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, select
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

METHOD = "stress.what_if"
KEY = ("side", "country", "sector")
SENDER, RECEIVER, OTHERS = "sender", "receiver", "others"
EXCLUDED = (
    "Not in it: capital goods and final sales, goods that reach the receiver through third countries, "
    "substitution, stocks, prices. It is neither a forecast nor the receiver's shortage.",
    "Sender's and receiver's sides measure different things and are never added.",
)


class Params(Record):
    """What is asked: `sender` (`USA:C26`) stops a share `cut` of its sales of inputs to `receiver` (`CHN`)."""

    table: str = "icio-2022"
    sender: str
    receiver: str
    cut: float = Field(default=1.0, gt=0, le=1)
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The table and the question."""

    params: Params
    mrio: MRIO


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
    coverage = (_coverage(mrio, sender, flows, params),)
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
    notes = tuple(n for n in (sender.note, receiver.note) if n) + EXCLUDED
    return Result(frame, KEY, units, f"{mrio.title}, intermediate sales", run, coverage, notes, figure)


def _coverage(mrio: MRIO, sender: Selection, flows: Matrix, params: Params) -> Coverage:
    who, whom = names.node(params.sender), names.the(params.receiver.partition(":")[0])
    return sales_coverage(mrio, sender.index, flows.sum(axis=1), who, whom, gate=True)


def _sides(mrio: MRIO, params: Params) -> tuple[Selection, Selection]:
    sender, receiver = select(mrio, params.sender), select(mrio, params.receiver)
    both = {mrio.nodes.country[i] for i in sender.index} & {mrio.nodes.country[i] for i in receiver.index}
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
    return cut(mrio.lu, mrio.x, mrio.v, flows / scale, rows, columns)


def _ledger(mrio: MRIO, sender: Selection, receiver: Selection, flows: Matrix, effects: Cut) -> pl.DataFrame:
    home = _country_nodes(mrio, sender)
    away = _country_nodes(mrio, receiver)
    others = np.setdiff1d(np.arange(mrio.n), np.union1d(home, away))
    lost = np.zeros(mrio.n)
    lost[sender.index] = flows.sum(axis=1)
    risk = np.zeros(mrio.n)
    risk[receiver.index] = flows.sum(axis=0)
    same = _same_products(mrio, sender, receiver.index)
    sides = [
        _side(mrio, SENDER, home, lost, effects.lost_output, None),
        _side(mrio, RECEIVER, away, risk, effects.carried, same),
        _side(mrio, OTHERS, others, np.zeros(mrio.n), effects.lost_output, None).filter(
            pl.col("sector") == "TOTAL"
        ),
    ]
    return pl.concat(sides).sort(KEY)


def _country_nodes(mrio: MRIO, part: Selection) -> Index:
    countries = dict.fromkeys(mrio.nodes.country[i] for i in part.index)
    return mrio.nodes.of(countries)


def _same_products(mrio: MRIO, sender: Selection, columns: Index) -> Matrix:
    """Purchases (2, n): of the sender's sectors from the sender, and from everybody."""
    sectors = {mrio.nodes.sector[i] for i in sender.index}
    rows = mrio.nodes.of(mrio.nodes.countries, sectors)
    totals = np.zeros((2, mrio.n))
    totals[0, columns] = mrio.Z[np.ix_(sender.index, columns)].sum(axis=0, dtype=float)
    totals[1, columns] = mrio.Z[np.ix_(rows, columns)].sum(axis=0, dtype=float)
    return totals


def _side(
    mrio: MRIO, side: str, nodes: Index, direct: Vector, tiers: Vector, same: Matrix | None
) -> pl.DataFrame:
    inputs = (mrio.x * (1 - mrio.v))[nodes]
    frame = pl.DataFrame(
        {
            "side": [side] * len(nodes),
            "country": [mrio.nodes.country[i] for i in nodes],
            "sector": [mrio.nodes.sector[i] for i in nodes],
            "direct": direct[nodes],
            "all_tiers": tiers[nodes],
            "inputs": inputs,
            "output": mrio.x[nodes],
            "same_from": same[0, nodes] if same is not None else np.zeros(len(nodes)),
            "same_all": same[1, nodes] if same is not None else np.zeros(len(nodes)),
        },
        schema_overrides=dict.fromkeys(KEY, pl.String()),  # nobody else: lists without a type of their own
    ).filter(pl.col("output") > 0)
    who = frame["country"].unique(maintain_order=True)
    total = frame.select(
        pl.lit(side).alias("side"),
        pl.lit(who[0] if len(who) == 1 else "TOTAL").alias("country"),
        pl.lit("TOTAL").alias("sector"),
        *(pl.col(c).sum() for c in frame.columns[3:]),
    )
    return pl.concat([frame, total]).select(
        *KEY,
        "direct",
        (_ratio("direct", "inputs") if side == RECEIVER else pl.lit(None, pl.Float64)).alias("of_inputs"),
        _ratio("direct", "output").alias("of_output"),
        _ratio("same_from", "same_all").alias("same_input"),
        "all_tiers",
        _ratio("all_tiers", "output").alias("all_tiers_of_output"),
    )


def figure(result: Result) -> Figure:
    """The two sides as bars that are never added: output of the sender and of the receiver, all tiers."""
    sender, receiver = str(result.run.params["sender"]), str(result.run.params["receiver"])
    total = {r["side"]: r for r in result.frame.filter(pl.col("sector") == "TOTAL").iter_rows(named=True)}
    lost, risk = total[SENDER], total[RECEIVER]
    row = {
        "cut": f"{names.node(sender)} to {names.the(receiver.partition(':')[0])}",
        "lost": lost["all_tiers"],
        "risk": risk["all_tiers"],
        "lost_share": lost["all_tiers_of_output"],
        "risk_share": risk["all_tiers_of_output"],
        "ref_lost": result.ref(lost, "all_tiers"),
        "ref_risk": result.ref(risk, "all_tiers"),
    }
    return Figure(
        kind="ledger",
        title="Both sides of a cut, all tiers",
        sentence="The two sides measure different things and are never added; shares are of the country's output.",
        unit=result.units["all_tiers"],
        basis=result.basis,
        rows=(row,),
        encoding={
            "category": "cut",
            "left": "lost",
            "right": "risk",
            "left_share": "lost_share",
            "right_share": "risk_share",
            "left_label": "Sender: output no longer called for",
            "right_label": "Receiver: output that passes through",
            "ref_left": "ref_lost",
            "ref_right": "ref_risk",
        },
        sources=result.run.inputs,
    )


def by_size(result: Result) -> pl.DataFrame:
    """The ledger with its totals first and every side by size; nodes that the cut does not touch are left out."""
    touched = (pl.col("direct") > 0) | (pl.col("all_tiers").abs() > 0)
    side = pl.col("side").replace_strict({SENDER: 0, RECEIVER: 1, OTHERS: 2})
    order = (side, pl.col("sector") != "TOTAL", -pl.col("direct"), -pl.col("all_tiers"), "country", "sector")
    return result.frame.filter(touched).sort(*order)


def _ratio(a: str, b: str) -> pl.Expr:
    return pl.when(pl.col(b) > 0).then(pl.col(a) / pl.col(b))


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a direct number into the flows that are cut, largest first.

    Raises CannotAnswer for the numbers of all tiers, which no sum of flows makes.
    """
    row = result.row(key)
    if column not in ("direct", "of_inputs", "of_output") or row["side"] == OTHERS:
        raise CannotAnswer(
            Problem(f"{column} has no split", METHOD, "direct, of_inputs or of_output", "Trace one of these.")
        )
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value for this row", key, "a number", "Trace direct or of_output.")
        )
    parts = _largest(inputs, row, float(row[column]), top)
    place = f"{row['side']} {row['country']}:{row['sector']}"
    sentence = f"{inputs.params.sender} to {inputs.params.receiver}, {place}: {column}."
    return result.opened(row, column, sentence, parts)


def _largest(inputs: Inputs, row: dict[str, Any], value: float, top: int) -> tuple[Part, ...]:
    """The `top` largest flows of one row of the ledger, scaled so that all of them add up to `value`."""
    mrio = inputs.mrio
    sender, receiver = _sides(mrio, inputs.params)
    flows = _cut_flows(mrio, sender, receiver, inputs.params.cut)
    sellers, buyers = mrio.nodes.labels(sender.index), mrio.nodes.labels(receiver.index)
    whole = row["sector"] == "TOTAL"
    mine = f"{row['country']}:{row['sector']}"
    own = buyers if row["side"] == RECEIVER else sellers
    keep = np.array([whole or label == mine for label in own])
    flows = np.where(keep if row["side"] == RECEIVER else keep[:, None], flows, 0.0)
    total = flows.sum()
    order = np.argsort(-flows, axis=None, kind="stable")[: min(top, np.count_nonzero(flows))]
    return tuple(
        Part(
            mrio.cell_ref(sellers[s], buyers[b]),
            f"{sellers[s]} to {buyers[b]}",
            float(flows[s, b] / total * value),
            float(flows[s, b] / total),
        )
        for s, b in zip(*np.unravel_index(order, flows.shape), strict=True)
    )
