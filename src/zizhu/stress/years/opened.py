"""Opening a number of the horizon of years: the world into countries, a country into industries or terms of welfare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.stress import rows
from zizhu.stress.scenario.shocks import YEARS
from zizhu.stress.trade.path import TERMS
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer, Problem
from zizhu.vocab.sectors import TOTAL

Row = Mapping[str, Any]


def explain(result: Result, key: str, column: str, top: int) -> Explanation:
    """Raises CannotAnswer for the band of a number that has none."""
    row = result.row(key)
    who = row["country"] if row["sector"] == TOTAL else f"{row['country']}:{row['sector']}"
    what = f"{row['measure']} of {names.told(who)}, years"
    if row[column] is None:
        raise CannotAnswer(
            Problem(
                "no band", key, "a number", "The split of welfare is that of the central run: open its loss."
            )
        )
    if column not in ("loss", "of_baseline", "baseline"):
        end = "95" if column in ("upper", "of_upper") else "5"
        return result.opened(row, column, f"{what}: {end} per cent of the draws lie below.", ())
    amount = "baseline" if column == "baseline" else "loss"
    found, how = _inside(result, row, amount)
    parts = [
        Part(result.ref(r, amount), label, r[amount] * (row[column] / row[amount]), r[amount] / row[amount])
        for r, label in found
        if r[amount] and row[amount]
    ]
    shown, left = largest(parts, top)
    return result.opened(row, column, f"{what}{how}.", shown, left)


def _inside(result: Result, row: Row, amount: str) -> tuple[list[tuple[Row, str]], str]:
    """The rows that add up to one, each with what it is called, and how they do."""
    same = [pl.col("horizon") == YEARS, pl.col("measure") == row["measure"]]
    total = pl.col("sector") == TOTAL
    if row["sector"] != TOTAL:
        return [], ": in the equilibrium, against the table"
    if row["country"] == WORLD:
        countries = _rows(result, *same, total, pl.col("country") != WORLD)
        return [(r, names.told(r["country"])) for r in countries], ": by country"
    if row["measure"] == rows.WELFARE and amount == "loss":
        named = [t.replace("_", " ") for t in TERMS]
        terms = _rows(result, same[0], pl.col("measure").is_in(named), pl.col("country") == row["country"])
        return [(r, r["measure"]) for r in terms], ": by its terms, along the shock"
    inside = _rows(result, *same, ~total, pl.col("country") == row["country"])
    return [(r, names.told(f"{r['country']}:{r['sector']}")) for r in inside], ": by industry"


def _rows(result: Result, *conditions: pl.Expr) -> Iterator[Row]:
    yield from result.frame.filter(*conditions).iter_rows(named=True)
