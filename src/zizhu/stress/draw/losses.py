"""Figures of one stress run: the course of the loss by country, with its band."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.bounds import bound
from zizhu.stress.draw.chosen import chosen
from zizhu.stress.periods import ALL, ends
from zizhu.stress.rows import FIRST, OUTPUT, SALES, THROUGH, WELFARE
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS
from zizhu.tables.around import around
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer
from zizhu.vocab.sectors import TOTAL

PANELS = 6
LEAST_SHARE = 0.002
"""Below this share, losses are drawn in money."""
SIDES = {SALES: "Sales lost", THROUGH: "Passes through what stops", FIRST: "Lacks inputs, first tier"}
LEAST_PERCENT = 1e-4
TURNED = {"loss": "loss", "lower": "upper", "upper": "lower"}
TURNED |= {"of_baseline": "of_baseline", "of_lower": "of_upper", "of_upper": "of_lower"}
"""The columns of losses, and those of gains that they are with the other sign."""
COUNTRIES = 5
MOVED = 12
OF = "the run's output"
UP = "Up is a loss against the table, by week."
"""How a course is read; the last words of its sentence."""
DRAWN = "countries: those that the scenario names, then those of the largest losses and gains in money"


def figure(result: Result) -> Figure:
    """Over weeks, whom the scenario names and who loses most as small multiples; else both sides of the quarterly
    answer as bars, or the welfare of those whom the new equilibrium moves most."""
    horizons = result.frame["horizon"]
    if WEEKS in horizons:
        return course(result)
    return _sides(result) if QUARTERS in horizons else _welfare(result)


def course(result: Result, first: Sequence[str] = ()) -> Figure:
    """What countries and the world lose by week: `first` come first. The sentence says who loses most money."""
    scenario, hit = _asked(result), _weekly(result)
    shown = list(dict.fromkeys((*first, *chosen(scenario, hit, PANELS - 1))))[: PANELS - 1]
    drawn = drawn_as(hit.filter(pl.col("country").is_in(list(shown))), result)
    total = result.frame.filter(pl.col("sector") == TOTAL, pl.col("measure") == OUTPUT)
    worst = most(hit)
    return Figure(
        kind="small_multiples",
        title=scenario.title,
        sentence=_who_loses(worst, drawn, bound(scenario, OUTPUT).told),
        unit=drawn.unit,
        basis=result.basis,
        rows=tuple(_points(result, total, scenario, [*shown, WORLD], drawn)),
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
        notes=around(result, len(shown), hit.height, DRAWN),
    )


def in_words(result: Result) -> str:
    """Title and sentence of the answer's figure, less how its picture is read; nothing where none can be drawn."""
    try:
        drawn = result.figure()
    except CannotAnswer:
        return ""
    return f"{drawn.title}\n{drawn.sentence.removesuffix(UP).rstrip()}"


def _asked(result: Result) -> Scenario:
    return Scenario.model_validate(result.run.params["scenario"])


def _weekly(result: Result) -> pl.DataFrame:
    """What countries that make something lose in all weeks."""
    return result.frame.filter(
        pl.col("sector") == TOTAL,
        pl.col("measure") == OUTPUT,
        pl.col("period") == ALL,
        pl.col("country") != WORLD,
        pl.col("of_baseline").is_not_null(),
    )


class Drawn(NamedTuple):
    """Which columns are drawn, value and ends of the band, and their unit."""

    value: str
    lower: str
    upper: str
    unit: str

    def short(self, row: dict[str, Any], of: str) -> str:
        """The value of a row: money, or a share `of` something."""
        return f"{self.number(row[self.value])} {self.unit if self.value == 'loss' else f'of {of}'}"

    def full(self, row: dict[str, Any], of: str) -> str:
        """The same with its band."""
        return self.short(row, of) + self._band(row)

    def _band(self, row: dict[str, Any]) -> str:
        ends = [None if row[c] is None else self.number(row[c]) for c in (self.lower, self.upper)]
        return f" ({ends[0]} to {ends[1]})" if all(ends) else ""

    def number(self, value: float) -> str:
        """A value as a sentence writes it."""
        if self.value != "loss":
            return _percent(value)
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _percent(share: float) -> str:
    """A share with two decimals of a per cent, and no nought where there is something."""
    if 0 < abs(share) < LEAST_PERCENT / 2:
        return f"{'less' if share > 0 else 'more'} than {math.copysign(LEAST_PERCENT, share):.2%}"
    return f"{share:.2%}"


def drawn_as(rows: pl.DataFrame, result: Result, of: str = "output") -> Drawn:
    """Shares of output or of income, or money where all shares are too small to be read."""
    largest = rows.select(
        pl.max_horizontal(pl.col("of_upper").abs(), pl.col("of_baseline").abs()).max()
    ).item()
    if largest is not None and largest >= LEAST_SHARE:
        return Drawn("of_baseline", "of_lower", "of_upper", f"share of {of}")
    return Drawn("loss", "lower", "upper", result.units["loss"])


def _who_loses(worst: dict[str, Any], drawn: Drawn, what: str) -> str:
    if worst["loss"] <= 0:
        return f"No country loses output. {UP}"
    who = names.the(worst["country"])
    said = f": {what}" if what else ""
    return f"{who[:1].upper()}{who[1:]} loses most money: {drawn.full(worst, OF)}{said}. {UP}"


def _points(
    result: Result, total: pl.DataFrame, scenario: Scenario, shown: Sequence[str], drawn: Drawn
) -> Iterator[dict[str, Any]]:
    for country in shown:
        rows = {r["period"]: r for r in total.filter(pl.col("country") == country).iter_rows(named=True)}
        for name, week in ends(scenario).items():
            r = rows[name]
            yield {
                "panel": "World, net of gains" if country == WORLD else names.name(country),
                "week": week,
                "loss": r[drawn.value],
                "lower": r[drawn.lower],
                "upper": r[drawn.upper],
                "ref": result.ref(r, drawn.value),
            }


def _sides(result: Result) -> Figure:
    scenario = _asked(result)
    side = {measure: bound(scenario, measure).of(said) for measure, said in SIDES.items()}
    total = result.frame.filter(
        pl.col("horizon") == QUARTERS,
        pl.col("measure").is_in(list(SIDES)),
        pl.col("sector") == TOTAL,
        pl.col("country") != WORLD,
        pl.col("of_baseline").is_not_null(),
    )
    kept = chosen(scenario, total, COUNTRIES)
    drawn = drawn_as(total.filter(pl.col("country").is_in(kept)), result)
    rows = tuple(
        _bar(result, r, drawn) | {"side": side[r["measure"]]}
        for country in kept
        for measure in SIDES
        for r in total.filter(pl.col("country") == country, pl.col("measure") == measure).iter_rows(
            named=True
        )
    )
    return Figure(
        kind="bars",
        title=scenario.title,
        sentence=_who_on_each_side(total, drawn),
        unit=drawn.unit,
        basis=result.basis,
        rows=rows,
        encoding={**_BAR, "group": "side"},
        sources=result.run.inputs,
        notes=around(result, len(kept), total["country"].n_unique(), DRAWN),
    )


def _who_on_each_side(total: pl.DataFrame, drawn: Drawn) -> str:
    """Who loses most money as a seller and as a user."""
    worst = {m: most(total.filter(pl.col("measure") == m)) for m in (SALES, FIRST)}
    found = [
        f"{what}, {names.the(row['country'])}, {drawn.full(row, 'output')}"
        for what, row in zip(("as a seller", "as a user of what stops"), worst.values(), strict=True)
        if row["loss"] > 0
    ]
    what = f"Who loses most money: {'; '.join(found)}" if found else "Nobody loses"
    return f"{what}. A year at full size, once stocks are gone; the sides are never added."


def most(rows: pl.DataFrame) -> dict[str, Any]:
    """The row of who loses most money."""
    return rows.sort("loss", "country", descending=[True, False]).row(0, named=True)


_BAR = {"category": "country", "value": "loss", "lower": "lower", "upper": "upper", "ref": "ref"}


def _bar(result: Result, r: dict[str, Any], drawn: Drawn) -> dict[str, Any]:
    return {
        "country": names.name(r["country"]),
        "loss": r[drawn.value],
        "lower": r[drawn.lower],
        "upper": r[drawn.upper],
        "ref": result.ref(r, drawn.value),
    }


def _welfare(result: Result) -> Figure:
    scenario = _asked(result)
    total = result.frame.filter(
        pl.col("measure") == WELFARE, pl.col("country") != WORLD, pl.col("of_baseline").is_not_null()
    )
    moved = total.filter(pl.col("country").is_in(chosen(scenario, total, MOVED)))
    drawn = drawn_as(moved, result, "income")
    ordered = moved.sort(drawn.value, "country", descending=[True, False])
    return Figure(
        kind="bars",
        title=scenario.title,
        sentence=_whose_welfare(total, drawn),
        unit=drawn.unit,
        basis=result.basis,
        rows=tuple(_bar(result, r, drawn) for r in ordered.iter_rows(named=True)),
        encoding=_BAR,
        sources=result.run.inputs,
        notes=around(result, moved.height, total.height, DRAWN),
    )


def _whose_welfare(total: pl.DataFrame, drawn: Drawn) -> str:
    """Who loses and who gains most money once prices and trade have moved."""
    turned = total.with_columns((-pl.col(a)).alias(b) for a, b in TURNED.items())
    found = [
        f"{names.the(row['country'])} {verb} most money, {drawn.full(row, 'income')}"
        for verb, row in (("loses", most(total)), ("gains", most(turned)))
        if row["loss"] > 0
    ]
    said = "; ".join(found) or "no country's welfare changes"
    return f"{said[:1].upper()}{said[1:]}. A new equilibrium of trade; below zero it is a gain."
