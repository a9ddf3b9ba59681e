"""The figure of several scenarios over several horizons: what the world loses, a panel a measure, a bar a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.bounds import bound
from zizhu.stress.draw.compared import called
from zizhu.stress.draw.horizons import PANELS, Panel, of_panel, unit, wholes
from zizhu.stress.draw.losses import Drawn, drawn_as
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.spans import told
from zizhu.vocab.groups import WORLD


def figure(result: Result) -> Figure:
    """The world's losses, net of gains; a scenario without an answer at a horizon has no bar there."""
    asked = {s["id"]: Scenario.model_validate(s) for s in result.run.params["scenarios"]}
    found = wholes(result.frame).filter(pl.col("country") == WORLD)
    drawn = drawn_as(found, result)
    return Figure(
        kind="bars",
        title="Scenarios side by side, by horizon",
        sentence="What the world loses, net of gains. Each horizon asks a question of its own: they are never added.",
        unit=unit(found, drawn),
        basis=result.basis,
        rows=tuple(_bars(result, found, asked, drawn)),
        encoding={
            "panel": "panel",
            "category": "scenario",
            "value": "loss",
            "lower": "lower",
            "upper": "upper",
            "ref": "ref",
        },
        sources=result.run.inputs,
        notes=result.notes,
    )


def _bars(
    result: Result, found: pl.DataFrame, asked: Mapping[str, Scenario], drawn: Drawn
) -> Iterator[dict[str, Any]]:
    """A bar for every scenario that has an answer, in the order of the question, panel by panel."""
    name = called(list(asked.values()))
    for panel in PANELS:
        rows = {r["scenario"]: r for r in of_panel(found, panel).iter_rows(named=True)}
        for scenario in asked.values():
            if r := rows.get(scenario.id):
                yield {
                    "panel": _title(panel, [asked[i] for i in rows]),
                    "scenario": bound(scenario, panel.measure).of(name[scenario.id]),
                    "loss": r[drawn.value],
                    "lower": r[drawn.lower],
                    "upper": r[drawn.upper],
                    "ref": result.ref(r, drawn.value),
                }


def _title(panel: Panel, scenarios: list[Scenario]) -> str:
    """The panel's meaning, and how long the runs are where all are as long."""
    lengths = {s.length for s in scenarios}
    length = told(*lengths) if len(lengths) == 1 else "each run"
    return panel.said.format(length=length)
