"""What held production over the weeks of the central run: which input ran short first, for whom, and what it cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from zizhu.ledger.result import Result
from zizhu.stress.ario.step import CAPACITY, DEMAND
from zizhu.stress.periods import steps
from zizhu.stress.run import Inputs
from zizhu.stress.scenario.shocks import WEEKS

WHAT_HELD = "what_held"
TITLE = "Weeks, what held production, all countries together, in the central run"
UNITS = {"of_losses": "share of all output lost"}
BESIDE_STOCKS = {DEMAND: "less demand", CAPACITY: "capacity"}


def beside(inputs: Inputs, result: Result) -> Result:
    """The answer with the list of what held production, where it has weeks."""
    if WEEKS not in inputs.params.scenario.horizons:
        return result
    return replace(result, lists={**result.lists, WHAT_HELD: frame(inputs)})


def frame(inputs: Inputs) -> pl.DataFrame:
    """What held production, that which cost most first: a stock of an input, less demand, or capacity.

    since: the first step in which it held an industry that lost by it; where: the industry that lost most by it in all;
    loss, in the table's money; of_losses, its share of all output lost by those who lose.
    """
    nodes, central = inputs.ground.mrio.nodes, inputs.central
    named, lost = list(steps(inputs.params.scenario)), np.maximum(central.lost, 0.0)
    rows = []
    for code in np.unique(central.binding[lost > 0]):
        by = np.where(central.binding == code, lost, 0.0)
        rows.append(
            {
                "input": BESIDE_STOCKS[int(code)] if int(code) in BESIDE_STOCKS else nodes.sectors[int(code)],
                "since": named[int(np.flatnonzero(by.any(axis=1))[0])],
                "where": nodes.label(int(by.sum(axis=0).argmax())),
                "loss": float(by.sum(dtype=float)),
            }
        )
    found = pl.DataFrame(
        rows, schema={"input": pl.String, "since": pl.String, "where": pl.String, "loss": pl.Float64}
    )
    return found.with_columns((pl.col("loss") / pl.col("loss").sum()).alias("of_losses")).sort(
        "loss", "input", descending=[True, False]
    )
