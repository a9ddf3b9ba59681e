"""A country's place in world trade of a product over time: share of world exports, share of world imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Annotated

import polars as pl
from pydantic import AfterValidator

from zizhu.depend.draw import traded
from zizhu.depend.suppliers import (
    Flow,
    check_question,
    measure_of,
    require_tonnes,
    revision_notes,
    split,
    weighed,
)
from zizhu.ledger.models import Record, Ref
from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Direction, Trade, by_partner, concentration, world_share
from zizhu.vocab import groups, names

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
    reporter: Annotated[str, AfterValidator(groups.coded)]
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
    asked = [list(params.products)] if params.products else trade.groups_of_products()
    frame = pl.concat(_positions(inputs, products) for products in asked).sort(KEY)
    run = make_run(METHOD, params, (trade.ref,), frame, KEY)
    basis = f"share of world trade, {trade.title}"
    return Result(frame, KEY, UNITS, basis, run, notes=revision_notes(trade), draw=traded.position)


def _positions(inputs: Inputs, products: list[str]) -> pl.DataFrame:
    flows = inputs.trade.of(products)
    supply = concentration(by_partner(flows, inputs.members, "imports"))
    return (
        world_share(flows, inputs.members)
        .join(supply.select("year", "hs6", pl.col("hhi").alias("import_hhi")), on=["year", "hs6"], how="left")
        .with_columns(pl.lit(inputs.params.reporter).alias("reporter"))
        .select(*KEY, *UNITS)
    )


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number into the reporter's partners, world trade into exporters, the HHI into squared shares.

    A partner's part of a unit value is its value over the tonnes of all partners weighed. Raises CannotAnswer
    for tonnes, unit values and concentrations that the table does not give.
    """
    row = result.row(key)
    require_tonnes(row, column, key)
    told = (
        f"{names.told(row['reporter'])}, {names.within(names.product(row['hs6']))}, {row['year']}: "
        f"{column.replace('_', ' ')}, {UNITS[column]}"
    )
    if column in ("export_share", "import_share"):
        mine = row[f"{column.removesuffix('_share')}s_usd"]
        told += f": {mine:,.0f} of {row['world_usd']:,.0f} USD"
    if column == "world_usd":
        return result.opened(row, column, f"{told}, by exporter.", *largest(_world(inputs, row), top))
    direction: Direction = "exports" if column.startswith("export") else "imports"
    flows = inputs.partners(direction, row["hs6"], row["year"]).to_dicts()
    if column.endswith("hhi"):
        return result.opened(
            row, column, f"{told}, by supplier.", *largest(_squares(inputs, row, flows), top)
        )
    measure = measure_of(column)
    parts = split(flows, measure, row[column], partial(_named, inputs, row, direction))
    more = "" if measure == "value_usd" else f" {weighed(flows)}"
    return result.opened(row, column, f"{told}, by partner.{more}", *largest(parts, top))


def _named(inputs: Inputs, row: Flow, direction: Direction, flow: Flow) -> tuple[Ref, str]:
    """The flow between the reporter and a partner, as a reference and as a label."""
    mine, partner = _code(inputs), flow["partner"]
    if direction == "exports":
        return inputs.trade.flow_ref(
            row["year"], mine, partner, row["hs6"]
        ), f"exports to {names.told(partner)}"
    return inputs.trade.flow_ref(
        row["year"], partner, mine, row["hs6"]
    ), f"imports from {names.told(partner)}"


def _code(inputs: Inputs) -> str:
    """The reporter in references: a group whose members change is written with the year of its members."""
    reporter = inputs.params.reporter
    group = groups.groups().get(reporter.strip().upper())
    dated = group is not None and not group.composition
    return f"{reporter}@{inputs.trade.years()[1]}" if dated else reporter


def _squares(inputs: Inputs, row: Flow, flows: Sequence[Flow]) -> list[Part]:
    total = sum(f["value_usd"] for f in flows)
    squares = [(*_named(inputs, row, "imports", f), (f["value_usd"] / total) ** 2) for f in flows]
    return [
        Part(ref, f"{label}, share squared", value, value / row["import_hhi"])
        for ref, label, value in squares
    ]


def _world(inputs: Inputs, row: Flow) -> list[Part]:
    """World trade by exporter; the reporter is one of them and its internal trade is left out."""
    inside_from, inside_to = (pl.col(c).is_in(list(inputs.members)) for c in ("exporter", "importer"))
    exporter = pl.when(inside_from).then(pl.lit(_code(inputs))).otherwise(pl.col("exporter"))
    flows = (
        inputs.trade.of([row["hs6"]])
        .filter(pl.col("year") == row["year"], pl.col("value_usd") > 0, ~(inside_from & inside_to))
        .group_by(exporter.alias("exporter"))
        .agg(pl.col("value_usd").sum())
    )

    def named(flow: Flow) -> tuple[Ref, str]:
        ref = inputs.trade.flow_ref(row["year"], flow["exporter"], groups.WORLD, row["hs6"])
        return ref, f"exports of {names.told(flow['exporter'].partition('@')[0])}"

    return split(flows.to_dicts(), "value_usd", row["world_usd"], named)
