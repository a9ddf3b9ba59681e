"""Figures of one stress run: the course of the loss by country, with its band."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
    return Figure(
        kind="small_multiples",
        title=scenario.title,
        sentence=_who_loses(worst),
        unit="share of output",
        basis=result.basis,
        rows=tuple(_points(result, total, scenario, shown)),
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


def _who_loses(worst: dict[str, Any]) -> str:
    if worst["of_baseline"] <= 0:
        return "No country loses output. The course of each is shown by week as a share of output before."
    who = names.the(worst["country"])
    return (
        f"{who[:1].upper()}{who[1:]} loses most for its size: {worst['of_baseline']:.2%} of the run's output "
        f"({worst['of_lower']:.2%} to {worst['of_upper']:.2%}), shown by week as a share of output before."
    )


def _points(
    result: Result, total: pl.DataFrame, scenario: Scenario, shown: list[str]
) -> Iterator[dict[str, Any]]:
    for country in shown:
        rows = {r["period"]: r for r in total.filter(pl.col("country") == country).iter_rows(named=True)}
        for name, week in ends(scenario).items():
            r = rows[name]
            yield {
                "panel": names.name(country),
                "week": week,
                "loss": r["of_baseline"],
                "lower": r["of_lower"],
                "upper": r["of_upper"],
                "ref": result.ref(r, "of_baseline"),
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
