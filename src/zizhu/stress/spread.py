"""What moves the band of a scenario: its uncertain parameters, ranked by the spread of the loss that they explain."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store.runs import make_run
from zizhu.stress import run
from zizhu.stress.ensemble.drivers import ENOUGH, SURE, drivers
from zizhu.stress.run import Inputs, Params
from zizhu.stress.scenario.parameters import parameters
from zizhu.stress.scenario.shocks import WEEKS, YEARS
from zizhu.stress.years import ranked
from zizhu.stress.years.thetas import SET
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
BANDS = dict.fromkeys(UNITS, pl.Float64)

__all__ = ["METHOD", "Params", "explain", "load", "solve"]
load = run.load


def solve(inputs: Inputs) -> Result:
    """Share of the spread of the world's loss that each parameter explains, with its band.

    Rows: over weeks, of the loss of output, one a parameter that is drawn, and `curvature and interplay` for what none
    explains alone; over years, of the loss of welfare, the set of elasticities and the errors in it. No share where it
    is not told apart from chance. Raises CannotAnswer without these horizons or with too few draws for a ranking.
    """
    said = inputs.params.scenario
    least = _least(inputs)
    enough = [horizon for horizon, draws in least.items() if said.draws >= draws]
    if not enough:
        raise CannotAnswer(
            Problem(
                f"{said.draws} draws of {len(said.drawn)} parameters",
                said.id,
                f"the horizon of weeks or of years, and at least {min(least.values(), default=1)} draws",
                "Raise `draws` in the scenario.",
            )
        )
    found = [_weekly(inputs) if horizon == WEEKS else _yearly(inputs) for horizon in enough]
    frame = pl.concat(found).with_columns(pl.col("explained").fill_nan(None)).sort(KEY)
    tables = run.refs(inputs.ground)
    made = make_run(METHOD, inputs.params, tables, frame, KEY, said.seed)
    notes = tuple(_NOTES[horizon].format(draws=said.draws) for horizon in enough)
    return Result(frame, KEY, UNITS, inputs.ground.mrio.title, made, notes=notes, draw=figure)


_NOTES = {
    WEEKS: (
        "Weeks: squared standardised rank regression coefficients of the world's loss of output over the run; no share "
        f"where {{draws}} draws do not tell the coefficient apart from chance (t-test, {SURE:.0%})."
    ),
    YEARS: (
        "Years: the share of the variance of the world's loss of welfare, in ranks, that lies between the sets of "
        "elasticities, less what chance puts there; no share where {draws} draws do not tell it apart from chance "
        f"(F-test, {SURE:.0%}). The rest lies within the sets."
    ),
}


def _least(inputs: Inputs) -> dict[str, int]:
    """The draws that each horizon needs of those that draw something."""
    said = inputs.params.scenario
    needs = {WEEKS: ENOUGH * len(said.drawn) + 1} if said.drawn and WEEKS in said.horizons else {}
    return needs | ({YEARS: ranked.least(inputs.years)} if YEARS in said.horizons else {})


def _weekly(inputs: Inputs) -> pl.DataFrame:
    said = inputs.params.scenario
    explained, rest = drivers(inputs.values[1:], _lost(inputs))
    bands = np.array([said.band(n) for n in said.drawn])
    return _frame(
        {
            "parameter": [*said.drawn, REST],
            "horizon": WEEKS,
            "explained": [*explained, rest],
            "low": [*bands[:, 0], None],
            "central": [*(said.central(n) for n in said.drawn), None],
            "high": [*bands[:, 1], None],
            "unit": [*(parameters()[n].unit for n in said.drawn), ""],
            "what": [*map(_what, said.drawn, explained), "what no parameter explains alone"],
        }
    )


def _yearly(inputs: Inputs) -> pl.DataFrame:
    shares = ranked.explained(inputs.years, inputs.yearly)
    what = [f"{ranked.WHAT[n]}{_chance(share)}" for n, share in shares.items()]
    none = dict.fromkeys(("low", "central", "high"))
    told = {"parameter": [*shares], "horizon": YEARS, "explained": [*shares.values()]}
    return _frame({**told, **none, "unit": "", "what": what})


def _frame(columns: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema_overrides=BANDS)


def _what(name: str, explained: float) -> str:
    """What a parameter is, and that it may explain nothing."""
    return f"{parameters()[name].what}{_chance(explained)}"


def _chance(explained: float) -> str:
    return " (not told apart from chance)" if np.isnan(explained) else ""


def _lost(inputs: Inputs) -> Vector:
    """The world's loss of output of every draw (M,)."""
    return inputs.weekly.all("nodes", lambda a: a.sum(axis=1))[1:]


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a share into the losses at the lower and upper third of the parameter's draws, or of each set, beside it."""
    row = result.row(key)
    said = inputs.params.scenario
    if row[column] is None:
        drawn = column == "explained"
        what = f"{key}: not told apart from chance" if drawn else f"no {column}"
        raise CannotAnswer(Problem(what, f"{key},{column}", "a number", "Raise `draws` in the scenario."))
    if column != "explained":
        return result.opened(row, column, f"{key}: {row['what']}; {column}.", ())
    if row["horizon"] == YEARS:
        evidence = _of_sets(inputs, key)
    elif key in said.drawn:
        evidence = _of_thirds(inputs, key)
    else:
        return result.opened(row, column, f"{key}: what the parameters leave unexplained.", ())
    unit, ref = inputs.ground.mrio.unit, result.ref(row, column)
    parts = tuple(Part(ref, label, value, None, unit=unit) for label, value in evidence)[:top]
    return result.opened(row, column, f"{key} ({row['what']}): share of the spread that it explains.", parts)


def _of_thirds(inputs: Inputs, name: str) -> Iterator[tuple[str, float]]:
    """The world's mean loss where a parameter is low, and where it is high."""
    draws = inputs.values[1:, inputs.params.scenario.drawn.index(name)]
    lost = _lost(inputs)
    order = np.argsort(draws, kind="stable")
    third = max(len(order) // 3, 1)
    for said, some in (("it is low", order[:third]), ("it is high", order[-third:])):
        yield f"mean loss of the world where {said}", float(lost[some].mean())


def _of_sets(inputs: Inputs, name: str) -> Iterator[tuple[str, float]]:
    """The world's loss of welfare with each set: its mean, or how far its draws lie apart."""
    for one in ranked.by_set(inputs.years, inputs.yearly):
        if name == SET:
            yield f"mean loss of the world: {one.title}", one.mean
        else:
            yield f"standard deviation of the world's loss: {one.title}", one.deviation


def figure(result: Result) -> Figure:
    """Bars of the shares that are told apart from chance, largest first, of each horizon."""
    shares = result.frame.filter(pl.col("explained").is_not_null())
    shown = shares.sort("horizon", "explained", "parameter", descending=[False, True, False])
    several = shown["horizon"].n_unique() > 1
    rows = tuple(
        {
            "parameter": r["parameter"].replace("_", " "),
            "horizon": r["horizon"],
            "explained": r["explained"],
            "ref": result.ref(r, "explained"),
        }
        for r in shown.iter_rows(named=True)
    )
    first = {r["horizon"]: r["parameter"] for r in reversed(rows)}
    most = "; ".join(f"over {horizon} {who}" if several else who for horizon, who in first.items())
    return Figure(
        kind="bars",
        title="What moves the band",
        sentence=f"Most of the spread of the loss comes from {most}.",
        unit="share of the spread",
        basis=result.basis,
        rows=rows,
        encoding={"category": "parameter", "value": "explained", "ref": "ref"}
        | ({"group": "horizon"} if several else {}),
        sources=result.run.inputs,
    )
