"""What moves the band of a scenario: its uncertain parameters, ranked by the spread of the loss that they explain."""

from __future__ import annotations

import numpy as np
import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store.runs import make_run
from zizhu.stress import run
from zizhu.stress.ensemble.drivers import ENOUGH, drivers
from zizhu.stress.run import Inputs, Params
from zizhu.stress.scenario.parameters import parameters
from zizhu.stress.scenario.shocks import WEEKS
from zizhu.tables.leontief import Vector
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "stress.spread"
KEY = ("parameter",)
REST = "curvature and interplay"
UNITS = {
    "explained": "share of the spread",
    "low": "see parameter",
    "central": "see parameter",
    "high": "see parameter",
}

__all__ = ["METHOD", "Params", "explain", "load", "solve"]
load = run.load


def solve(inputs: Inputs) -> Result:
    """Share of the spread of the world's loss of output that each parameter explains, with its band.

    Rows: one a parameter that is drawn, and `curvature and interplay` for what none explains alone. Raises CannotAnswer
    without a weekly horizon or with too few draws for a ranking.
    """
    said = inputs.params.scenario
    least = ENOUGH * len(said.drawn) + 1
    if WEEKS not in said.horizons or not said.drawn or said.draws < least:
        raise CannotAnswer(
            Problem(
                f"{said.draws} draws of {len(said.drawn)} parameters",
                said.id,
                f"the horizon of weeks and at least {least} draws",
                "Raise `draws` in the scenario.",
            )
        )
    lost = _lost(inputs)
    explained, rest = drivers(inputs.values[1:], lost)
    bands = np.array([said.band(n) for n in said.drawn])
    frame = pl.DataFrame(
        {
            "parameter": [*said.drawn, REST],
            "explained": [*explained, rest],
            "low": [*bands[:, 0], None],
            "central": [*(said.central(n) for n in said.drawn), None],
            "high": [*bands[:, 1], None],
            "unit": [*(parameters()[n].unit for n in said.drawn), ""],
            "what": [*(parameters()[n].what for n in said.drawn), "what no parameter explains alone"],
        }
    ).sort(KEY)
    tables = run.refs(inputs.ground)
    made = make_run(METHOD, inputs.params, tables, frame, KEY, said.seed)
    notes = ("Squared standardised rank regression coefficients of the world's loss of output over the run.",)
    return Result(frame, KEY, UNITS, inputs.ground.mrio.title, made, notes=notes, draw=figure)


def _lost(inputs: Inputs) -> Vector:
    """The world's loss of output of every draw (M,)."""
    return inputs.weekly.all("nodes", lambda a: a.sum(axis=1))[1:]


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a share into the losses at the lower and upper third of the parameter's draws, as evidence beside it."""
    row = result.row(key)
    said = inputs.params.scenario
    if key not in said.drawn or column != "explained":
        how = f"{row['what']}; {column}" if column != "explained" else "what the parameters leave unexplained"
        return result.opened(row, column, f"{key}: {how}.", ())
    draws = inputs.values[1:, said.drawn.index(key)]
    lost = _lost(inputs)
    order = np.argsort(draws, kind="stable")
    third = max(len(order) // 3, 1)
    unit = inputs.ground.mrio.unit
    parts = tuple(
        Part(
            result.ref(row, column),
            f"mean loss of the world where {name}",
            float(lost[some].mean()),
            None,
            unit=unit,
        )
        for name, some in (("it is low", order[:third]), ("it is high", order[-third:]))
    )[:top]
    return result.opened(row, column, f"{key} ({row['what']}): share of the spread that it explains.", parts)


def figure(result: Result) -> Figure:
    """Bars of the shares, largest first."""
    ranked = result.frame.sort("explained", "parameter", descending=[True, False])
    rows = tuple(
        {
            "parameter": r["parameter"].replace("_", " "),
            "explained": r["explained"],
            "ref": result.ref(r, "explained"),
        }
        for r in ranked.iter_rows(named=True)
    )
    return Figure(
        kind="bars",
        title="What moves the band",
        sentence=f"Most of the spread of the loss comes from {rows[0]['parameter']}.",
        unit="share of the spread",
        basis=result.basis,
        rows=rows,
        encoding={"category": "parameter", "value": "explained", "ref": "ref"},
        sources=result.run.inputs,
    )
