"""`zizhu track backtest`: what the method would have said of your own series, and what came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import Top
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import polars as pl

    from zizhu.cli.output import Listing
    from zizhu.ledger.result import Result
    from zizhu.store import Workspace


class OnScale(StrEnum):
    """The scale on which series move."""

    AUTO = "auto"
    LOG = "log"
    LOGIT = "logit"
    NONE = "none"


TableOrFile = Annotated[
    str,
    typer.Argument(
        metavar="TABLE|FILE",
        help="A table of observations, or a file (CSV, Parquet, .xlsx) with columns such as entity, indicator, "
        "period and value.",
    ),
]
IndicatorName = Annotated[list[str] | None, typer.Option("--indicator", help="One of several; repeatable.")]
Horizons = Annotated[str, typer.Option("--horizons", help="Years ahead: 1-5, or 1,3,5.")]
MinPoints = Annotated[int, typer.Option("--min-points", help="Points of the shortest window; 6 or more.")]
Scale = Annotated[
    OnScale,
    typer.Option("--scale", help="Where series move: auto is log odds for shares, logarithms for the rest."),
]
Every = Annotated[
    bool,
    typer.Option("--every", help="All windows, and not one of every length and series, drawn by --seed."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Which windows are drawn, and the bounds.")]


@answering
def backtest(
    ask: Asked,
    table: TableOrFile,
    indicator: IndicatorName = None,
    horizons: Horizons = "1-5",
    min_points: MinPoints = 6,
    scale: Scale = OnScale.AUTO,
    every: Every = False,
    seed: Seed = 0,
    top: Top = 20,
) -> None:
    """Coverage of the interval, error, and how often chances came true, beside no change and official rules."""
    from zizhu.cli.output import give, working
    from zizhu.track import backtested as verb
    from zizhu.track.backtested_told import answer

    years = _years(horizons)
    ws = ask.ready()
    with working("Looking back"), _named(ws, table) as name:
        params = verb.Params(
            table=name,
            indicators=tuple(indicator or ()),
            horizons=years,
            min_points=min_points,
            scale=scale.value,
            every=every,
            seed=seed,
        )
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    give(ws, result, _listings(result, top), ask.form, "coverage", inputs, answer(result.frame))


def _years(said: str) -> tuple[int, ...]:
    """`1,3,5` or `1-5` as years."""
    span = re.fullmatch(r"\s*(\d{1,2})\s*-\s*(\d{1,2})\s*", said)
    if span and int(span[1]) <= int(span[2]):
        return tuple(range(int(span[1]), int(span[2]) + 1))
    if re.fullmatch(r"\s*\d{1,2}(\s*,\s*\d{1,2})*\s*", said):
        return tuple(int(year) for year in said.split(","))
    raise ZizhuError(Problem(f"{said!r}", "--horizons", "years ahead: 1-5, or 1,3,5", "Correct it."))


@contextmanager
def _named(ws: Workspace, said: str) -> Iterator[str]:
    """The name of a table; a file is one of the workspace from now on, unless it cannot answer the question."""
    held, file = ws.names(), Path(said)
    if said in held or not (file.suffix or file.is_file()):
        yield said
        return
    if not file.is_file():
        raise ZizhuError(Problem("no such file", said, "a file, or the name of a table", "Correct the path."))
    from zizhu.sources.own.adopted import adopted

    name = adopted(ws, file).name
    try:
        yield name
    except ZizhuError:
        if name not in held:
            ws.remove(name)
        raise
    typer.echo(f"{said} is read as the table {name}; `zizhu data remove {name}` removes it.", err=True)


def _listings(result: Result, top: int) -> list[Listing]:
    """Coverage by horizon first, then verdicts, tenths of the chances, and the windows that went worst."""
    import polars as pl

    from zizhu.cli.output import Listing

    frame, number = result.frame, pl.col("at").cast(pl.Int64, strict=False)
    ours = pl.col("method") != "mixture"
    whole = pl.col("family") != "all"
    by_horizon = frame.filter(pl.col("of") == "interval").sort(whole, "family", ours, number)
    verdicts = frame.filter(pl.col("of") == "verdict").sort(whole, "family", "brier", nulls_last=True)
    tenths = frame.filter(pl.col("of") == "decile").sort(number)
    worst = frame.filter(pl.col("of") == "window").sort(
        "ase", "at", descending=[True, False], nulls_last=True
    )
    titles = {
        "The interval and the median, `at` so many years ahead": (by_horizon, 2 * top),
        "Chances of targets: Brier score (less is better), and how far behind the mixture": (verdicts, top),
        "Chances by tenths: predicted and attained": (tenths, None),
        "Windows with the largest errors": (worst, min(top, 5)),
    }
    return [Listing(title, _filled(rows), most) for title, (rows, most) in titles.items() if rows.height]


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without the columns of other rows."""
    return rows.select(c for c in rows.columns if rows[c].null_count() < rows.height)
