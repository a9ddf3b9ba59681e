"""The stage of a country in each product, from import over localisation to export, with its evidence.

One row a product and year: exports and imports outside the country or group, the trade balance index, its mean over
YEARS years, the stage of that mean (`vocab/trade_stages.csv`), the first year of the run of years in that stage,
and the part of the chain (ore, refined, compound...) of what is a raw material.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from zizhu.depend import position
from zizhu.depend.balance.stages import balance_index, since, smoothed, stage_of
from zizhu.depend.draw import balanced
from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.load import load_trade
from zizhu.vocab import names, products
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.stages"
KEY = ("reporter", "hs6", "year")
UNITS = {
    "balance": "index",
    "mean_balance": "index",
    "exports_usd": "USD",
    "imports_usd": "USD",
    "export_share": "share of world exports",
    "import_share": "share of world imports",
}
YEARS = 3
"""Years of the mean, so that one odd year makes no stage."""


Params = position.Params
"""What is asked is what `depend.position` is asked."""


@dataclass(frozen=True)
class Inputs(position.Inputs):
    """The trade table and the question."""

    @cached_property
    def positions(self) -> Result:
        """The shares of world trade that stages are made of."""
        return position.solve(self)


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row a product and year with trade. Raises ZizhuError for unknown codes."""
    traded = inputs.positions.frame
    parts = [_staged(path) for path in traded.sort("hs6", "year").partition_by("hs6", maintain_order=True)]
    frame = pl.concat(parts).select(*KEY, "stage", "since", "material", "part", *UNITS).sort(KEY)
    run = make_run(METHOD, inputs.params, (inputs.trade.ref,), frame, KEY)
    notes = [f"{s.stage}: {s.meaning}." for s in products.trade_stages()]
    notes.append(
        f"A stage is that of the mean of {YEARS} years and read off trade alone: what is made at home is inferred from "
        "what is exported, which may be bought abroad itself, and what is made and used at home is not seen."
    )
    if frame["balance"].has_nulls():
        notes.append(f"No index in a year without trade, and no stage after {YEARS} such years.")
    return Result(
        frame,
        KEY,
        UNITS,
        f"trade balance index, {inputs.trade.title}",
        run,
        notes=tuple(notes),
        draw=balanced.stages,
    )


def _staged(path: pl.DataFrame) -> pl.DataFrame:
    """The rows of one product, by year, with its stages."""
    stages = products.trade_stages()
    balance = balance_index(
        path["exports_usd"].to_numpy().astype(float), path["imports_usd"].to_numpy().astype(float)
    )
    mean = smoothed(balance, YEARS)
    number = stage_of(mean, [s.begins for s in stages])
    known = products.products().get(path["hs6"][0])
    return path.with_columns(
        pl.Series("balance", balance).fill_nan(None),
        pl.Series("mean_balance", mean).fill_nan(None),
        pl.Series("stage", [stages[k].stage if k >= 0 else None for k in number], dtype=pl.String),
        pl.Series("since", path["year"].to_numpy()[since(number)].astype(np.int64)),
        pl.lit(known.material if known else "").alias("material"),
        pl.lit(products.stage_labels().get(known.stage, "") if known else "").alias("part"),
    )


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a mean into the years' indices, an index into exports and imports, the rest as `depend.position` does."""
    row = result.row(key)
    if row[column] is None:
        remedy = "Open a year with trade."
        raise CannotAnswer(Problem(f"{column} has no value", key, "a number of the answer", remedy))
    product = names.within(names.product(row["hs6"]))
    told = f"{names.told(row['reporter'])}, {product}, {row['year']}: {_TOLD.get(column, '')}"
    if column == "balance":
        both = row["exports_usd"] + row["imports_usd"]
        sides = (("exports_usd", "exports over both", 1.0), ("imports_usd", "less imports over both", -1.0))
        parts = [
            _part(result.ref(row, c), said, sign * row[c] / both, row[column]) for c, said, sign in sides
        ]
        return result.opened(row, column, told, tuple(parts))
    if column == "mean_balance":
        so_far = result.frame.filter(hs6=row["hs6"]).filter(pl.col("year") <= row["year"]).sort("year")
        years = so_far.tail(YEARS).drop_nulls("balance")
        n = years.height
        one = f"1/{n} of the index" if n > 1 else "index"
        parts = [
            _part(result.ref(r, "balance"), f"{one} of {r['year']}", r["balance"] / n, row[column])
            for r in years.iter_rows(named=True)
        ]
        return result.opened(row, column, told, *largest(parts, top))
    opened = position.explain(inputs, inputs.positions, key, column, top)
    return result.opened(row, column, opened.sentence, opened.parts, opened.left_out)


def _part(ref: str, said: str, term: float, index: float) -> Part:
    """A term of an index with its share of it, which is below zero where it pulls the other way."""
    return Part(ref, said, term, term / index if index else 0.0)


_TOLD = {
    "balance": "exports less imports over both.",
    "mean_balance": f"mean of the trade balance index over {YEARS} years.",
}
