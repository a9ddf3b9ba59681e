"""Who supplies a country or bloc with a product, and whom it supplies: shares, HHI and unit values by year.

  share       partner's part of the reporter's trade in the product and year
  hhi         sum of squared shares over partners (Herfindahl-Hirschman index), in (0, 1]
  unit_value  USD per tonne, over the flows whose tonnes are known
A bloc's internal trade is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import polars as pl
from pydantic import AfterValidator

from zizhu.depend.draw import mapped, traded
from zizhu.ledger.models import Record, Ref
from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Direction, Trade, by_partner, with_shares
from zizhu.vocab import groups, names, products
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "depend.suppliers"
KEY = ("reporter", "direction", "hs6", "year", "partner")
UNITS = {
    "value_usd": "USD",
    "quantity_t": "t",
    "share": "share of trade",
    "unit_value": "USD/t",
    "hhi": "index",
}
SMALL_TONNES = 1.0
"""Tonnes of a flow below which its unit value is called unreliable.

From one year to the next the unit value of a flow in BACI moves by more than a factor of ten in 17 % of the cases
below one tonne and in 3 % of the others (raw materials, 1995-2024); quantities are rounded to 0.001 t besides.
"""
SMALL_SHARE = 0.1
"""Share of the dollars from flows that small above which a unit value is cautioned against.

Dollars that bring hardly any tonnes lift a unit value by s / (1 - s) for their share s: here by a ninth.
"""

Flow = Mapping[str, Any]


class Params(Record):
    """What is asked. `first`, `last` empty = all years; `direction` imports = who supplies the reporter."""

    trade: str = "baci-raw-materials"
    reporter: Annotated[str, AfterValidator(groups.coded)]
    products: tuple[str, ...]
    direction: Direction = "imports"
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Inputs:
    """The trade table and the question."""

    params: Params
    trade: Trade


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row a product, year and partner.

    Raises ZizhuError for unknown codes or years and CannotAnswer when there is no such trade.
    """
    params = inputs.params
    frame = with_shares(_flows(inputs)).with_columns(
        pl.lit(params.reporter).alias("reporter"),
        pl.lit(params.direction).alias("direction"),
        (pl.col("share") ** 2).sum().over("year", "hs6").alias("hhi"),
    )
    frame = frame.select(*KEY, *UNITS).sort(KEY)
    run = make_run(METHOD, params, (inputs.trade.ref,), frame, KEY)
    basis = f"{params.direction} of {params.reporter}, {inputs.trade.title}"
    notes = revision_notes(inputs.trade)
    maps = mapped.suppliers(frame)
    return Result(frame, KEY, UNITS, basis, run, notes=notes, draw=traded.suppliers, others=maps)


def _flows(inputs: Inputs) -> pl.DataFrame:
    params, trade = inputs.params, inputs.trade
    first, last = check_question(trade, params.products, params.first, params.last)
    window = trade.of(params.products).filter(pl.col("year").is_between(first, last))
    members = groups.expand(params.reporter, last)
    flows = by_partner(window, members, params.direction)
    if flows.is_empty():
        raise CannotAnswer(_no_flows(params, first, last))
    return flows


def _no_flows(params: Params, first: int, last: int) -> Problem:
    if params.reporter == groups.WORLD:
        return Problem(
            "the world has no partners: what its members sell to each other is left out",
            params.reporter,
            "a country or a group that trades with others",
            "Choose another reporter.",
        )
    return Problem(
        f"no {params.direction} of {', '.join(params.products)}",
        f"{params.reporter}, {first}-{last}",
        "at least one flow above zero",
        "Try another direction, year or product.",
    )


def revision_notes(trade: Trade) -> tuple[str, ...]:
    """What to beware of where the table is not in the revision of the vocabulary."""
    if trade.revision in ("", products.REVISION):
        return ()
    return (
        f"The table is in {trade.revision}. Names of products are those of {products.REVISION}, in which a code may "
        "stand for other goods.",
    )


def check_question(
    trade: Trade, hs6: tuple[str, ...], first: int | None, last: int | None
) -> tuple[int, int]:
    """The years asked for, after products and years were checked against the table; raises ZizhuError."""
    begin, end = trade.years()
    problems = [
        unknown("product", p, [*products.products(), *trade.products], "products")
        for p in hs6
        if p not in products.products() and p not in trade.products
    ]
    problems += [
        Problem(
            f"no trade in {p} in this table",
            "products",
            f"one of its {len(trade.products)} products",
            "`zizhu data list`.",
        )
        for p in hs6
        if p in products.products() and p not in trade.products
    ]
    wanted = (first if first is not None else begin, last if last is not None else end)
    if not begin <= wanted[0] <= wanted[1] <= end:
        problems.append(
            Problem(
                f"years {wanted[0]}-{wanted[1]}",
                "years",
                f"within {begin}-{end}, in order",
                "Change the years.",
            )
        )
    if problems:
        raise ZizhuError(problems)
    return wanted


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number into the flows it adds up; the HHI opens into squared shares of partners.

    A flow's part of a unit value is its value over the tonnes of all flows weighed. Raises CannotAnswer for
    tonnes and unit values that are not known.
    """
    row = result.row(key)
    require_tonnes(row, column, key)
    way = "from" if row["direction"] == "imports" else "to"
    told = (
        f"{row['direction']} of {names.told(row['reporter'])} {way} {names.told(row['partner'])}, "
        f"{names.within(names.product(row['hs6']))}, {row['year']}: {column.replace('_', ' ')}."
    )
    if column == "hhi":
        return result.opened(row, column, told, *largest(_squares(result, row), top))
    if column == "share" and row["share"]:
        told += f" {row['value_usd']:,.0f} of {row['value_usd'] / row['share']:,.0f} USD."
    flows, trade = _members(inputs, row), inputs.trade

    def named(flow: Flow) -> tuple[Ref, str]:
        pair = flow["exporter"], flow["importer"]
        label = f"{names.told(pair[0])} to {names.told(pair[1])}, {flow['year']}"
        return trade.flow_ref(flow["year"], *pair, flow["hs6"]), label

    measure = measure_of(column)
    if measure != "value_usd":
        told = f"{told} {weighed(flows)}"
    return result.opened(row, column, told, *largest(split(flows, measure, row[column], named), top))


def measure_of(column: str) -> str:
    """By what a number is split: tonnes by tonnes, a unit value by the value of what has tonnes, others by value."""
    if column.endswith("unit_value"):
        return "weighed_usd"
    return "quantity_t" if column.endswith("_t") else "value_usd"


def require_tonnes(row: Flow, column: str, key: str) -> None:
    """Raise CannotAnswer for tonnes or a unit value that the table does not give."""
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value", key, "flows with tonnes above zero", "Trace the value in USD.")
        )


def split(
    flows: Sequence[Flow], measure: str, value: float, named: Callable[[Flow], tuple[Ref, str]]
) -> list[Part]:
    """The parts that flows or partners have in `value`, in proportion to `measure`; what has none is no part.

    `named` gives the reference and the label of each. In a unit value each also tells its own dollars and tonnes.
    """
    some = [f for f in flows if f[measure]]
    total = sum(f[measure] for f in some)
    parts = []
    for flow in some:
        ref, label = named(flow)
        if measure == "weighed_usd":
            usd, tonnes = flow["weighed_usd"], flow["quantity_t"]
            there = f", {usd / tonnes:,.5g} USD/t there" if tonnes else ""
            label = f"{label}: {usd:,.0f} USD over {tonnes:,.10g} t{there}; adds"
        parts.append(Part(ref, label, float(flow[measure] * (value / total)), float(flow[measure] / total)))
    return parts


def weighed(flows: Sequence[Flow]) -> str:
    """What stands behind tonnes and unit values: the value of the flows or partners with tonnes, over these.

    What has no tonnes is named, and so are dollars that rest on quantities too small to divide by.
    """
    tonnes = sum(f["quantity_t"] or 0.0 for f in flows)
    usd, all_usd = sum(f["weighed_usd"] for f in flows), sum(f["value_usd"] for f in flows)
    said = f"{usd:,.0f} USD over {tonnes:,.10g} t."
    if usd < all_usd:
        said += f" Left out: {all_usd - usd:,.0f} USD whose tonnes are not known."
    small = sum(f["weighed_usd"] for f in flows if (f["quantity_t"] or 0.0) < SMALL_TONNES)
    if small > SMALL_SHARE * usd:
        said += (
            f" Caution: {100 * small / usd:.0f} % of these dollars come in flows below {SMALL_TONNES:g} t, "
        )
        said += "so the unit value is unreliable."
    return said


def _squares(result: Result, row: Flow) -> list[Part]:
    same = result.frame.filter(pl.col("year") == row["year"], pl.col("hs6") == row["hs6"])
    return [
        Part(
            result.ref(r, "share"),
            f"{names.told(r['partner'])}, share squared",
            r["share"] ** 2,
            r["share"] ** 2 / r["hhi"],
        )
        for r in same.iter_rows(named=True)
    ]


def _members(inputs: Inputs, row: Flow) -> list[dict[str, Any]]:
    """The flows between a partner and the reporter's members behind one row."""
    own, other = ("importer", "exporter") if row["direction"] == "imports" else ("exporter", "importer")
    members = groups.expand(row["reporter"], inputs.params.last or inputs.trade.years()[1])
    flows = inputs.trade.of([row["hs6"]]).filter(
        pl.col("year") == row["year"],
        pl.col(other) == row["partner"],
        pl.col(own).is_in(list(members)),
        pl.col("value_usd") > 0,
    )
    known = pl.when(pl.col("quantity_t").is_not_null()).then(pl.col("value_usd")).otherwise(0)
    return flows.with_columns(known.alias("weighed_usd")).to_dicts()
