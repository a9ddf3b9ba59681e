"""The method held against a user's own series: what it would have said in the past, and what came.

Windows of every series end at a year that is past; the intervals and chances of what followed are made of the window
alone, by the method of `zizhu.track.judged`, and scored beside others:
  interval  coverage of the 80 % interval and its tails, error of the median (ASE, in mean annual changes) by horizon
  verdict   Brier score of the chances of synthetic targets along the past trend, beside rules of statistical offices
            and beside one who always says how often targets are attained (climatology)
  decile    how often targets of similar chance were attained
  window    every window, whose numbers open into its points and what came
Bounds are those between which 95 of 100 draws of the series with replacement lie: windows of one series overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Result
from zizhu.store import Table, Workspace
from zizhu.store.runs import make_run
from zizhu.track import backtested_drawn, backtested_opened, backtested_told, own_series, settings
from zizhu.track.backtested_found import MIXTURE, Found
from zizhu.track.backtested_shares import BOUNDED, INTERVAL, WINDOW, Mean, Place, means, places
from zizhu.track.own_series import Asked, Left, Stretch
from zizhu.track.path import backtest
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "track.backtested"
KEY = ("of", "family", "method", "at")
LARGEST = 100_000
"""Windows that are held in memory, about 2 GB with their paths."""
CHANGES = "mean annual changes of the window"
UNITS = {
    **dict.fromkeys(("windows", "targets", "series"), "count"),
    **dict.fromkeys(("coverage", "coverage_lower", "coverage_upper", "below", "above"), "share of outcomes"),
    **dict.fromkeys(("ase", "width"), CHANGES),
    **dict.fromkeys(("brier", "brier_lower", "brier_upper"), "squared error of a chance"),
    **dict.fromkeys(("behind", "behind_lower", "behind_upper"), "squared error of a chance"),
    **dict.fromkeys(("attained", "came_true"), "share of targets"),
    "predicted": "share, mean chance",
    **dict.fromkeys(("gap", "gap_lower", "gap_upper"), "share of targets"),
    "points": "annual points",
    "change": "mean change a year on the scale of the series",
}


def _in_order(horizons: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(horizons)))


class Params(Record):
    """What is asked: the series of the table of observations `table`, of `indicators` alone where some are named.

    `horizons` are the years ahead, `min_points` the shortest window. `scale` is that on which paths move: `auto` is
    log odds for shares and logarithms for the rest, as in verdicts. With `every` all windows are taken, else one of
    every length and series, drawn by `seed`.
    """

    table: str
    indicators: tuple[str, ...] = ()
    horizons: Annotated[tuple[Annotated[int, Field(ge=1, le=20)], ...], AfterValidator(_in_order)] = Field(
        (1, 2, 3, 4, 5), min_length=1
    )
    min_points: int = Field(6, ge=6, le=60)
    scale: Asked = "auto"
    every: bool = False
    seed: int = Field(0, ge=0)

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many points windows have."""
        return (self.min_points, *(n for n in backtest.LENGTHS if n > self.min_points))

    @property
    def needed(self) -> int:
        """Years that a series must have."""
        return self.min_points + min(backtest.LEAST_AHEAD, self.horizons[-1])


@dataclass(frozen=True)
class Inputs:
    """A table and the question."""

    params: Params
    table: Table

    @cached_property
    def rows(self) -> own_series.Rows:
        """The annual values that are asked for."""
        held = own_series.rows(self.table)
        if not self.params.indicators:
            return held
        return held._replace(frame=held.frame.filter(pl.col("indicator").is_in(self.params.indicators)))

    @cached_property
    def series(self) -> tuple[list[Stretch], list[Left]]:
        """What is used of every series, and the series that are not."""
        p = self.params
        return own_series.stretches(self.rows.frame, p.scale, p.needed)

    @cached_property
    def found(self) -> Found:
        """The windows with what came of them. Raises CannotAnswer where no series is long enough."""
        (used, left), p = self.series, self.params
        if not used:
            raise CannotAnswer(backtested_told.nothing(left, p.needed, self.table.meta.name))
        x, families = [s.x for s in used], [s.indicator for s in used]
        try:
            whole = backtest.windows(x, families, p.lengths, p.seed, p.horizons[-1], p.every)
        except ValueError:
            raise CannotAnswer(backtested_told.nothing(left, p.needed, self.table.meta.name)) from None
        return Found(used, whole, p.horizons)


def load(workspace: Workspace, params: Params) -> Inputs:
    """The table. Raises ZizhuError for one that holds no series, and for indicators that it does not have."""
    inputs = Inputs(params, workspace.read(params.table))
    held = own_series.rows(inputs.table).frame["indicator"].unique().sort().to_list()
    problems = [
        unknown("indicator", i, held, f"table {params.table}") for i in params.indicators if i not in held
    ]
    if problems:
        raise ZizhuError(problems)
    return inputs


def solve(inputs: Inputs) -> Result:
    """Rows of scores and of windows. Raises CannotAnswer where no series is long enough."""
    found, p = inputs.found, inputs.params
    if len(found.whole.x) > LARGEST:
        raise ZizhuError(_too_many(len(found.whole.x)))
    scores = [_scored(found, place, p.seed) for place in places(found)]
    frame = pl.DataFrame([*scores, *_windows(found)], schema=_schema(), orient="row").sort(KEY)
    frame = frame.with_columns(pl.col(c).fill_nan(None) for c, t in frame.schema.items() if t == pl.Float64)
    run = make_run(METHOD, p, (inputs.table.meta.ref,), frame, KEY, p.seed)
    used, left = inputs.series
    return Result(
        frame,
        KEY,
        UNITS,
        f"{inputs.table.meta.title}: windows of {', '.join(map(str, p.lengths))} points",
        run,
        (_coverage(used, left),),
        tuple(backtested_told.notes(found, frame, (*inputs.rows.notes, *own_series.told(used, left)))),
        draw=backtested_drawn.backtested,
        lists={"left_out": pl.DataFrame(left, schema=list(Left._fields), orient="row")},
    )


def _schema() -> dict[str, pl.DataType]:
    whole = ("windows", "targets", "series", "points")
    return dict.fromkeys(KEY, pl.String()) | {c: pl.Int64() if c in whole else pl.Float64() for c in UNITS}


def _too_many(windows: int) -> Problem:
    return Problem(
        f"{windows:,} windows",
        "question",
        f"at most {LARGEST:,}",
        "Name some indicators, ask for longer windows, or draw one window a length and series.",
    )


def _coverage(used: list[Stretch], left: list[Left]) -> Coverage:
    total = len(used) + len(left)
    told = f"{len(used):,} of {total:,} series are long enough, move, and stay on their scale."
    return Coverage(what="the series of the table", share=len(used) / total, statement=told)


def _scored(found: Found, place: Place, seed: int) -> dict[str, object]:
    """A row of scores, with bounds where the series are enough for any."""
    held = means(found, place)
    first = next(iter(held.values()), None)
    counted = "windows" if place.of == INTERVAL else "targets"
    row: dict[str, object] = {**place._asdict(), **{column: mean.value for column, mean in held.items()}}
    if first is None:
        return row | {counted: 0, "series": 0}
    here = first.weight > 0
    row |= {counted: int(first.weight.sum()), "series": len(np.unique(found.of.group[here]))}
    if place.of == INTERVAL:
        k = found.horizons.index(int(place.at))
        row["width"] = float(np.median(found.outcomes[place.method].width[here, k]))
    return row | {n: v for c in BOUNDED[place.of] if c in held for n, v in _bounds(found, c, held[c], seed)}


def _bounds(found: Found, column: str, mean: Mean, seed: int) -> Iterator[tuple[str, float]]:
    group = found.of.group
    if len(np.unique(group[mean.weight > 0])) >= settings.bound("backtest_series"):
        lower, upper = mean.bounds(group, seed)
        yield from ((f"{column}_lower", float(lower[0])), (f"{column}_upper", float(upper[0])))


def _windows(found: Found) -> Iterator[dict[str, object]]:
    """A row a window: its points, how it moved, and how the interval and the median did on average over horizons."""
    o, of = found.outcomes[MIXTURE], found.of
    count = np.maximum(o.seen.sum(axis=1), 1)
    inside = (o.seen & ~o.below & ~o.above).sum(axis=1) / count
    error = np.where(o.seen, o.error, 0.0).sum(axis=1) / count
    unit = of.unit
    for w in range(len(of.x)):
        scored = {"coverage": float(inside[w]), "ase": float(error[w])} if o.seen[w].any() else {}
        moved = {"points": int(found.n[w]), "change": float(unit[w])}
        yield {**Place(WINDOW, str(of.family[w]), MIXTURE, found.at(w))._asdict(), **moved, **scored}


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a score into windows, and a window into its points; see `zizhu.track.backtested_opened`."""
    row: dict[str, Any] = result.row(key)
    if row[column] is None:
        problem = Problem(f"{column} is empty", f"row {key}", "a value", "It is not said of such a row.")
        raise CannotAnswer(problem)
    return backtested_opened.opened(inputs.found, inputs.table.meta, result, row, column, top)
