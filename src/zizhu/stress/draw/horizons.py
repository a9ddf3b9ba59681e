"""The figure of an answer with several horizons: each asks another question, so each has a panel of its own scale.

Weeks: output lost while stocks run down. Quarters: two sides that are never added, hence two panels. Years: welfare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.bounds import bound
from zizhu.stress.draw import losses
from zizhu.stress.draw.chosen import chosen
from zizhu.stress.draw.losses import DRAWN, Drawn, drawn_as
from zizhu.stress.periods import A_YEAR, ALL
from zizhu.stress.rows import FIRST, OUTPUT, SALES, WELFARE
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS, YEARS
from zizhu.stress.scenario.spans import told
from zizhu.tables.around import around
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.sectors import TOTAL

COUNTRIES = 6
Row = dict[str, Any]


class Panel(NamedTuple):
    """A horizon's measure and its meaning; `{length}` is how long the run of weeks is. Who loses most in it, and of
    what."""

    horizon: str
    measure: str
    said: str
    who: str
    of: str


PANELS = (
    Panel(WEEKS, OUTPUT, "Weeks: output lost in {length}, while stocks run down", "over weeks", "output"),
    Panel(
        QUARTERS,
        SALES,
        "Quarters, sellers: output no longer called for, a year at full size",
        "over quarters, as a seller,",
        "output",
    ),
    Panel(
        QUARTERS,
        FIRST,
        "Quarters, users: output that lacks what stops, a year at full size",
        "and, as a user,",
        "output",
    ),
    Panel(YEARS, WELFARE, "Years: welfare lost, once prices and trade have moved", "over years", "income"),
)


def figure(result: Result) -> Figure:
    """Horizon by horizon where years are among several, else the course of the weeks, or the figure of the one."""
    return side_by_side(result) if _with_years(result.frame) else losses.figure(result)


def others(frame: pl.DataFrame) -> Mapping[str, Callable[[Result], Figure]]:
    """Further figures of an answer with several horizons: its course over weeks, or its horizons side by side."""
    if frame["horizon"].n_unique() == 1:
        return {}
    if not _with_years(frame):
        return {"horizons": side_by_side}
    return {"course": losses.course} if WEEKS in frame["horizon"] else {}


def _with_years(frame: pl.DataFrame) -> bool:
    return YEARS in frame["horizon"] and frame["horizon"].n_unique() > 1


def side_by_side(result: Result) -> Figure:
    """Losses of those whom the scenario names, and of those of the largest losses and gains, in a panel a horizon."""
    scenario = Scenario.model_validate(result.run.params["scenario"])
    found = wholes(result.frame).filter(pl.col("country") != WORLD)
    shown = chosen(scenario, found, COUNTRIES)
    drawn = drawn_as(found.filter(pl.col("country").is_in(shown)), result)
    return Figure(
        kind="bars",
        title=scenario.title,
        sentence=_sentence(found, drawn),
        unit=unit(found, drawn),
        basis=result.basis,
        rows=tuple(_bars(result, found, scenario, shown, drawn)),
        encoding={
            "panel": "panel",
            "category": "country",
            "value": "loss",
            "lower": "lower",
            "upper": "upper",
            "ref": "ref",
        },
        sources=result.run.inputs,
        notes=around(result, len(shown), found["country"].n_unique(), DRAWN),
    )


def _bars(
    result: Result, found: pl.DataFrame, scenario: Scenario, shown: list[str], drawn: Drawn
) -> Iterator[Row]:
    """A panel for every measure in which somebody loses or gains."""
    for panel in PANELS:
        rows = {r["country"]: r for r in of_panel(found, panel).iter_rows(named=True)}
        for country in shown if any(r["loss"] for r in rows.values()) else ():
            r = rows.get(country)
            yield {
                "panel": _title(panel, scenario),
                "country": names.name(country),
                "loss": r and r[drawn.value],
                "lower": r and r[drawn.lower],
                "upper": r and r[drawn.upper],
                "ref": result.ref(r, drawn.value) if r else None,
            }


def wholes(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the panels: whole economies over whole runs, as far as they have a share."""
    return frame.filter(
        pl.col("sector") == TOTAL,
        pl.col("period").is_in([ALL, A_YEAR]),
        pl.col("of_baseline").is_not_null(),
        pl.struct("horizon", "measure").is_in([{"horizon": p.horizon, "measure": p.measure} for p in PANELS]),
    )


def unit(found: pl.DataFrame, drawn: Drawn) -> str:
    """The unit of the panels: shares are of output, over years of income."""
    income = ", over years of income" if drawn.value != "loss" and YEARS in found["horizon"] else ""
    return f"{drawn.unit}{income}"


def of_panel(found: pl.DataFrame, panel: Panel) -> pl.DataFrame:
    """The rows of one panel."""
    return found.filter(pl.col("horizon") == panel.horizon, pl.col("measure") == panel.measure)


def _title(panel: Panel, scenario: Scenario) -> str:
    what = bound(scenario, panel.measure).said
    return f"{panel.said.format(length=told(scenario.length))}{f' ({what})' if what else ''}"


def _sentence(found: pl.DataFrame, drawn: Drawn) -> str:
    """Who loses most money at each horizon."""
    worst = {
        p: of_panel(found, p).sort("loss", "country", descending=[True, False]).head(1).to_dicts()
        for p in PANELS
    }
    told = [
        f"{panel.who} {names.the(row['country'])}, {drawn.short(row, panel.of)}"
        for panel, rows in worst.items()
        for row in rows
        if row["loss"] > 0
    ]
    each = "Each horizon asks a question of its own: they are never added."
    return f"Who loses most money: {'; '.join(told)}. {each}" if told else f"Nobody loses. {each}"
