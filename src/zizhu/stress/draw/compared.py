"""The figure of several scenarios: the world's loss by week, one line a scenario, with bands."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.draw.losses import drawn_as
from zizhu.stress.periods import ALL, ends
from zizhu.stress.rows import OUTPUT
from zizhu.stress.scenario.model import Scenario
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer, Problem
from zizhu.vocab.sectors import TOTAL

LONGEST = 40
"""Letters of a title in a legend."""


def figure(result: Result) -> Figure:
    """Raises CannotAnswer where no scenario has a weekly horizon."""
    world = result.frame.filter(
        pl.col("measure") == OUTPUT, pl.col("country") == WORLD, pl.col("sector") == TOTAL
    )
    if world.is_empty():
        raise CannotAnswer(
            Problem(
                "no weekly run", "scenarios", "the horizon of weeks", "Add it to a scenario's `horizons`."
            )
        )
    asked = [Scenario.model_validate(raw) for raw in result.run.params["scenarios"]]
    called, drawn = _named(asked), drawn_as(world.filter(pl.col("period") == ALL), result)
    rows = []
    for scenario in asked:
        own = {r["period"]: r for r in world.filter(pl.col("scenario") == scenario.id).iter_rows(named=True)}
        rows += [
            {
                "scenario": called[scenario.id],
                "week": week,
                "loss": own[name][drawn.value],
                "lower": own[name][drawn.lower],
                "upper": own[name][drawn.upper],
                "ref": result.ref(own[name], drawn.value),
            }
            for name, week in ends(scenario).items()
            if name in own
        ]
    whole = world.filter(pl.col("period") == ALL)
    worst = whole.sort("of_baseline", "scenario", descending=[True, False]).row(0, named=True)
    return Figure(
        kind="lines",
        title="Scenarios side by side",
        sentence=(
            f"{called[worst['scenario']]} costs the table's economies most: {drawn.told(worst)}. "
            "Up is a loss against the table, by week."
        ),
        unit=drawn.unit,
        basis=result.basis,
        rows=tuple(rows),
        encoding={
            "x": "week",
            "y": "loss",
            "series": "scenario",
            "lower": "lower",
            "upper": "upper",
            "ref": "ref",
            "x_title": "week",
        },
        sources=result.run.inputs,
    )


def _named(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """What the chart calls them: their titles, where each has one of its own that is short enough, else their ids."""
    titles = [s.title for s in scenarios]
    short = len(set(titles)) == len(titles) and max(map(len, titles)) <= LONGEST
    return {s.id: s.title if short else s.id for s in scenarios}
