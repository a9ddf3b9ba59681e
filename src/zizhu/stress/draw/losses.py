"""Figures of one stress run: the course of the loss by country, with its band."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.periods import ALL, ends
from zizhu.stress.rows import FIRST, OUTPUT, SALES, THROUGH
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.sectors import TOTAL

PANELS = 6
LEAST_SHARE = 0.002
"""Below this share of output, weeks are drawn in money."""
SIDES = {SALES: "Sales lost", THROUGH: "Passes through what stops", FIRST: "Lacks inputs, first tier"}
COUNTRIES = 5


def figure(result: Result) -> Figure:
    """Over weeks, the countries that lose most as small multiples; else both sides of the quarterly answer as bars."""
    return _course(result) if WEEKS in result.frame["horizon"] else _sides(result)


def _course(result: Result) -> Figure:
    scenario = Scenario.model_validate(result.run.params["scenario"])
    total = result.frame.filter(pl.col("sector") == TOTAL, pl.col("measure") == OUTPUT)
    hit = total.filter(
        pl.col("period") == ALL, pl.col("country") != WORLD, pl.col("of_baseline").is_not_null()
    ).sort(pl.col("of_baseline").abs(), "country", descending=[True, False])
    shown = [*hit["country"][: PANELS - 1], WORLD]
    worst = hit.sort("of_baseline", "country", descending=[True, False]).row(0, named=True)
    drawn = drawn_as(hit.head(PANELS - 1), result)
    return Figure(
        kind="small_multiples",
        title=scenario.title,
        sentence=_who_loses(worst, drawn),
        unit=drawn.unit,
        basis=result.basis,
        rows=tuple(_points(result, total, scenario, shown, drawn)),
        encoding={
            "panel": "panel",
            "x": "week",
            "y": "loss",
            "lower": "lower",
            "upper": "upper",
            "ref": "ref",
            "x_title": "week",
            "y_scale": "independent",
        },
        sources=result.run.inputs,
    )


class Drawn(NamedTuple):
    """Which columns are drawn, value and ends of the band, and their unit."""

    value: str
    lower: str
    upper: str
    unit: str

    def told(self, row: dict[str, Any]) -> str:
        """The value of a row with its band."""
        values = (row[self.value], row[self.lower], row[self.upper])
        if self.value == "loss":
            middle, low, high = (f"{v:,.0f}" if abs(v) >= 100 else f"{v:.3g}" for v in values)
            return f"{middle} {self.unit} ({low} to {high})"
        middle, low, high = (f"{v:.2%}" for v in values)
        return f"{middle} of the run's output ({low} to {high})"


def drawn_as(rows: pl.DataFrame, result: Result) -> Drawn:
    """Shares of output, or money where all shares are too small to be read."""
    largest = rows.select(
        pl.max_horizontal(pl.col("of_upper").abs(), pl.col("of_baseline").abs()).max()
    ).item()
    if largest is not None and largest >= LEAST_SHARE:
        return Drawn("of_baseline", "of_lower", "of_upper", "share of output")
    return Drawn("loss", "lower", "upper", result.units["loss"])


def _who_loses(worst: dict[str, Any], drawn: Drawn) -> str:
    up = "Up is a loss against the table, by week."
    if worst["of_baseline"] <= 0:
        return f"No country loses output. {up}"
    who = names.the(worst["country"])
    return f"{who[:1].upper()}{who[1:]} loses most for its size: {drawn.told(worst)}. {up}"


def _points(
    result: Result, total: pl.DataFrame, scenario: Scenario, shown: list[str], drawn: Drawn
) -> Iterator[dict[str, Any]]:
    for country in shown:
        rows = {r["period"]: r for r in total.filter(pl.col("country") == country).iter_rows(named=True)}
        for name, week in ends(scenario).items():
            r = rows[name]
            yield {
                "panel": "All of them" if country == WORLD else names.name(country),
                "week": week,
                "loss": r[drawn.value],
                "lower": r[drawn.lower],
                "upper": r[drawn.upper],
                "ref": result.ref(r, drawn.value),
            }


def _sides(result: Result) -> Figure:
    total = result.frame.filter(
        pl.col("horizon") == QUARTERS, pl.col("sector") == TOTAL, pl.col("country") != WORLD
    )
    hit = (
        total.filter(pl.col("measure").is_in(list(SIDES)))
        .group_by("country")
        .agg(pl.col("of_baseline").abs().max())
        .drop_nulls()
        .sort("of_baseline", "country", descending=[True, False])
    )
    kept = list(hit["country"][:COUNTRIES])
    rows = tuple(
        {
            "country": names.name(r["country"]),
            "side": SIDES[r["measure"]],
            "loss": r["of_baseline"],
            "lower": r["of_lower"],
            "upper": r["of_upper"],
            "ref": result.ref(r, "of_baseline"),
        }
        for country in kept
        for r in total.filter(pl.col("country") == country, pl.col("measure").is_in(list(SIDES))).iter_rows(
            named=True
        )
    )
    return Figure(
        kind="bars",
        title=str(result.run.params["scenario"]["title"]),
        sentence="Two sides that are never added, as shares of a year's output at full size, once stocks are gone.",
        unit="share of output",
        basis=result.basis,
        rows=rows,
        encoding={
            "category": "country",
            "group": "side",
            "value": "loss",
            "lower": "lower",
            "upper": "upper",
            "ref": "ref",
        },
        sources=result.run.inputs,
    )
