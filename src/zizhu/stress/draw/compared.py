"""The figure of several scenarios: the world's loss by week, one line a scenario, with bands."""

from __future__ import annotations

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.periods import ALL, steps
from zizhu.stress.rows import OUTPUT
from zizhu.stress.scenario.model import Scenario
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer, Problem
from zizhu.vocab.sectors import TOTAL


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
    ranked = world.filter(pl.col("period") == ALL).sort("of_baseline", descending=True)
    rows = []
    for raw in result.run.params["scenarios"]:
        scenario = Scenario.model_validate(raw)
        own = {r["period"]: r for r in world.filter(pl.col("scenario") == scenario.id).iter_rows(named=True)}
        rows += [
            {
                "scenario": scenario.title if len(scenario.title) <= 40 else scenario.id,
                "week": round(span.stop * scenario.step / 7, 2),
                "loss": own[name]["of_baseline"],
                "lower": own[name]["of_lower"],
                "upper": own[name]["of_upper"],
                "ref": result.ref(own[name], "of_baseline"),
            }
            for name, span in steps(scenario).items()
            if name in own
        ]
    worst = ranked.row(0, named=True)
    return Figure(
        kind="lines",
        title="Scenarios side by side",
        sentence=(
            f"{worst['scenario']} costs the table's economies most: {worst['of_baseline']:.2%} of the run's output."
        ),
        unit="share of output",
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
