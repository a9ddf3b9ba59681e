"""Who supplies a country or bloc with a product, and whom it supplies: shares, HHI and unit values by year.

  share       partner's part of the reporter's trade in the product and year
  hhi         sum of squared shares over partners (Herfindahl-Hirschman index), in (0, 1]
  unit_value  USD per tonne, over the flows whose tonnes are known
A bloc's internal trade is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from zizhu.depend import draw
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Direction, Trade, by_partner, with_shares
from zizhu.vocab import groups, products
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


class Params(Record):
    """What is asked. `first`, `last` empty = all years; `direction` imports = who supplies the reporter."""

    trade: str = "baci-raw-materials"
    reporter: str
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
    return Result(frame, KEY, UNITS, basis, run, draw=draw.suppliers)


def _flows(inputs: Inputs) -> pl.DataFrame:
    params, trade = inputs.params, inputs.trade
    first, last = check_question(trade, params.products, params.first, params.last)
    window = trade.of(params.products).filter(pl.col("year").is_between(first, last))
    members = groups.expand(params.reporter, last)
    flows = by_partner(window, members, params.direction)
    if flows.is_empty():
        raise CannotAnswer(
            Problem(
                f"no {params.direction} of {', '.join(params.products)}",
                f"{params.reporter}, {first}-{last}",
                "at least one flow above zero",
                "Try another direction, year or product.",
            )
        )
    return flows


def check_question(
    trade: Trade, hs6: tuple[str, ...], first: int | None, last: int | None
) -> tuple[int, int]:
    """The years asked for, after products and years were checked against the table; raises ZizhuError."""
    begin, end = trade.years()
    problems = [
        unknown("HS 1992 product", p, list(products.products()), "products")
        for p in hs6
        if p not in products.products()
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
    """Open a number into the flows it adds up; the HHI opens into squared shares of partners."""
    row = result.row(key)
    if column == "quantity_t" and row[column] is None:
        raise CannotAnswer(
            Problem("the tonnes are not known", key, "a flow with tonnes", "Trace value_usd instead.")
        )
    if column == "hhi":
        parts = _squares(result, row)
    elif column in ("value_usd", "share", "quantity_t"):
        parts = _members(inputs, row, column)
    else:
        raise CannotAnswer(
            Problem(
                f"{column} is a ratio without parts",
                METHOD,
                "value_usd, quantity_t, share or hhi",
                "Trace these.",
            )
        )
    shown = tuple(sorted(parts, key=lambda p: (-p.value, p.ref))[:top])
    sentence = (
        f"{row['direction']} of {row['reporter']}, {row['hs6']}, {row['year']}, {row['partner']}: {column}."
    )
    return result.opened(row, column, sentence, shown)


def _squares(result: Result, row: dict[str, object]) -> list[Part]:
    same = result.frame.filter(pl.col("year") == row["year"], pl.col("hs6") == row["hs6"])
    return [
        Part(
            result.ref(r, "share"),
            f"{r['partner']}, share squared",
            r["share"] ** 2,
            r["share"] ** 2 / r["hhi"],
        )
        for r in same.iter_rows(named=True)
    ]


def _members(inputs: Inputs, row: dict[str, object], column: str) -> list[Part]:
    own, other = ("importer", "exporter") if row["direction"] == "imports" else ("exporter", "importer")
    members = groups.expand(str(row["reporter"]), inputs.params.last or inputs.trade.years()[1])
    flows = inputs.trade.of([str(row["hs6"])]).filter(
        pl.col("year") == row["year"],
        pl.col(other) == row["partner"],
        pl.col(own).is_in(list(members)),
    )
    measure = "quantity_t" if column == "quantity_t" else "value_usd"
    scale = float(row["share"]) / float(row["value_usd"]) if column == "share" else 1.0  # type: ignore[arg-type]
    total = float(row[column])  # type: ignore[arg-type]
    return [
        Part(
            inputs.trade.flow_ref(f["year"], f["exporter"], f["importer"], f["hs6"]),
            f"{f['exporter']} to {f['importer']}, {f['year']}",
            (f[measure] or 0.0) * scale,
            (f[measure] or 0.0) * scale / total if total else 0.0,
        )
        for f in flows.iter_rows(named=True)
    ]
