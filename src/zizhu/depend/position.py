"""A country's place in world trade of a product over time: share of world exports, share of world imports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from zizhu.depend import draw
from zizhu.depend.suppliers import check_question
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Direction, Trade, by_partner, concentration, world_share
from zizhu.vocab import groups
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.position"
KEY = ("reporter", "hs6", "year")
UNITS = {
    "export_share": "share of world exports",
    "import_share": "share of world imports",
    "exports_usd": "USD",
    "imports_usd": "USD",
    "world_usd": "USD",
    "exports_t": "t",
    "imports_t": "t",
    "export_unit_value": "USD/t",
    "import_unit_value": "USD/t",
    "import_hhi": "index",
}


class Params(Record):
    """What is asked: the place of `reporter` in world trade of `products`; no products = all of the table."""

    trade: str = "baci-raw-materials"
    reporter: str
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """The trade table and the question."""

    params: Params
    trade: Trade

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The countries of the reporter, by the last year of the table."""
        return groups.expand(self.params.reporter, self.trade.years()[1])

    @cached_property
    def flows(self) -> pl.DataFrame:
        """The flows of the products asked for."""
        return self.trade.of(self.params.products or self.trade.products)

    @cached_property
    def _by_year(self) -> dict[tuple[Direction, str], dict[tuple[object, ...], pl.DataFrame]]:
        return {}

    def partners(self, direction: Direction, hs6: str, year: int) -> pl.DataFrame:
        """The reporter's partners in one product and year, largest first; a product is split by year once."""
        if (direction, hs6) not in self._by_year:
            flows = by_partner(self.trade.of([hs6]), self.members, direction)
            largest = flows.sort("value_usd", "partner", descending=[True, False])
            self._by_year[direction, hs6] = largest.partition_by("year", as_dict=True)
        return self._by_year[direction, hs6].get((year,), pl.DataFrame())


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row a product and year; a bloc's internal trade is in neither the bloc's nor the world's trade."""
    params, trade = inputs.params, inputs.trade
    check_question(trade, params.products, None, None)
    supply = concentration(by_partner(inputs.flows, inputs.members, "imports"))
    frame = (
        world_share(inputs.flows, inputs.members)
        .join(supply.select("year", "hs6", pl.col("hhi").alias("import_hhi")), on=["year", "hs6"], how="left")
        .with_columns(pl.lit(params.reporter).alias("reporter"))
        .select(*KEY, *UNITS)
        .sort(KEY)
    )
    run = make_run(METHOD, params, (trade.ref,), frame, KEY)
    basis = f"share of world trade, {trade.title}"
    return Result(frame, KEY, UNITS, basis, run, draw=draw.position)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a share of world trade into the reporter's partners, largest first."""
    row = result.row(key)
    direction: dict[str, Direction] = {
        "export_share": "exports",
        "exports_usd": "exports",
        "import_share": "imports",
        "imports_usd": "imports",
    }
    if column not in direction:
        raise CannotAnswer(
            Problem(f"{column} has no split", METHOD, f"one of {', '.join(direction)}", "Trace one of these.")
        )
    flows = inputs.partners(direction[column], row["hs6"], row["year"])
    scale = 1 / row["world_usd"] if column.endswith("share") else 1.0
    value = float(row[column])
    parts = tuple(
        Part(
            inputs.trade.flow_ref(
                row["year"], *_pair(direction[column], row["reporter"], f["partner"]), row["hs6"]
            ),
            f"{direction[column]} {'to' if direction[column] == 'exports' else 'from'} {f['partner']}",
            f["value_usd"] * scale,
            f["value_usd"] * scale / value if value else 0.0,
        )
        for f in flows.head(top).iter_rows(named=True)
    )
    sentence = f"{row['reporter']}, {row['hs6']}, {row['year']}: {UNITS[column]}, by partner."
    return result.opened(row, column, sentence, parts)


def _pair(direction: str, reporter: str, partner: str) -> tuple[str, str]:
    return (reporter, partner) if direction == "exports" else (partner, reporter)
