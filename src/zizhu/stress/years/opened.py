"""Opening a number of the horizon of years: the world into countries, countries into industries, all into sales.

The ends of a band open into nothing: they are quantiles of draws, or the central run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.stress.rows import end_of_band
from zizhu.stress.scenario.shocks import YEARS
from zizhu.stress.years.inside import Opener
from zizhu.stress.years.rows import OF_INDUSTRIES
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer, Problem
from zizhu.vocab.sectors import TOTAL

Row = Mapping[str, Any]
AGREES = 1e-9
"""Difference between an answer and its parts, as a share of it, above which it is told: what two solves differ by."""


def explain(opener: Callable[[], Opener], result: Result, key: str, column: str, top: int) -> Explanation:
    """Raises CannotAnswer for the band of a number that has none."""
    row = result.row(key)
    who = row["country"] if row["sector"] == TOTAL else f"{row['country']}:{row['sector']}"
    what = f"{row['measure']} of {names.told(who)}, years"
    if row[column] is None:
        remedy = (
            "Let the scenario draw, `draws: 64`; terms of welfare have the central run alone. Open the loss."
        )
        raise CannotAnswer(Problem("no band", f"{key},{column}", "a number", remedy))
    if column not in ("loss", "of_baseline", "baseline"):
        return result.opened(row, column, f"{what}: {end_of_band(row, column)}.", ())
    amount = "baseline" if column == "baseline" else "loss"
    parts, how = _inside(opener, result, row, amount)
    shown, left = largest(_closed(parts, result.ref(row, amount), row[amount], row[column]), top)
    return result.opened(row, column, f"{what}: {how}.", shown, left)


def _inside(opener: Callable[[], Opener], result: Result, row: Row, amount: str) -> tuple[list[Part], str]:
    """What adds up to a number: rows of the answer where it has them, else sales."""
    same = [pl.col("horizon") == YEARS, pl.col("measure") == row["measure"]]
    total = pl.col("sector") == TOTAL
    if row["country"] == WORLD:
        same, how = [*same, total, pl.col("country") != WORLD], "by country"
    elif row["sector"] == TOTAL and row["measure"] in OF_INDUSTRIES:
        same, how = [*same, ~total, pl.col("country") == row["country"]], "by industry"
    else:
        return opener().parts(row["measure"], row["country"], row["sector"], amount)
    found = result.frame.filter(*same).iter_rows(named=True)
    return [Part(result.ref(r, amount), _who(r), r[amount], None) for r in found], how


def _who(row: Row) -> str:
    return names.told(row["country"] if row["sector"] == TOTAL else f"{row['country']}:{row['sector']}")


def _closed(parts: list[Part], ref: str, amount: float, value: float) -> list[Part]:
    """The parts of an amount as parts of another value of it, with what they leave over where that is told."""
    left = amount - sum(p.value for p in parts)
    if abs(left) > AGREES * abs(amount):
        parts = [*parts, Part(ref, "what the solver leaves open", left, None)]
    if not amount:
        return []
    scale = value / amount
    return [Part(p.ref, p.label, p.value * scale, p.value / amount) for p in parts if p.value]
