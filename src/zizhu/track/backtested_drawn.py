"""The figure of a backtest: coverage by horizon beside no change, and the reliability of chances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.track import settings
from zizhu.track.backtested_found import ALL, MIXTURE, NAIVE
from zizhu.track.backtested_shares import DECILE, INTERVAL
from zizhu.track.backtested_told import SYNTHETIC, answer

Row = Mapping[str, Any]


def backtested(result: Result) -> Figure:
    """Bars in two panels: what the interval held by horizon, and what was attained by decile of the chance."""
    return Figure(
        kind="bars",
        title="What was said, and what came",
        sentence=answer(result.frame),
        unit="share",
        basis=result.basis,
        rows=(*_coverage(result), *_reliability(result)),
        encoding={
            "category": "what",
            "value": "share",
            "panel": "panel",
            "mark": "mark",
            "lower": "lower",
            "upper": "upper",
            "reference": "said",
            "reference_label": "what was said",
            "ref": "ref",
        },
        sources=result.run.inputs,
        notes=(SYNTHETIC,),
    )


def _coverage(result: Result) -> Iterator[dict[str, Any]]:
    said = settings.bound("coverage")
    for r in _of(result, INTERVAL).iter_rows(named=True):
        years = f"{r['at']} year{'' if r['at'] == '1' else 's'} on"
        mark = {NAIVE: "no change"}.get(r["method"])
        bounds = (None, None) if mark else (r["coverage_lower"], r["coverage_upper"])
        row = _row(result, r, f"Held by the {said:.0%} interval", years, "coverage", bounds, said)
        yield row | {"mark": mark, "said": None if mark else said}


def _reliability(result: Result) -> Iterator[dict[str, Any]]:
    for r in _of(result, DECILE).iter_rows(named=True):
        gap = (r["gap_lower"], r["gap_upper"])
        bounds = tuple(None if g is None else min(max(r["predicted"] + g, 0.0), 1.0) for g in gap)
        name = f"{r['at']}: chance {r['predicted']:.0%}"
        yield _row(result, r, "Attained, by tenths of the chances", name, "attained", bounds, r["predicted"])


def _row(
    result: Result, r: Row, panel: str, what: str, column: str, bounds: tuple[Any, ...], said: float
) -> dict[str, Any]:
    return {
        "panel": panel,
        "what": what,
        "share": r[column],
        "lower": bounds[0],
        "upper": bounds[1],
        "said": said,
        "mark": None,
        "ref": result.ref(r, column),
    }


def _of(result: Result, of: str) -> pl.DataFrame:
    """Rows of all series, ours before those of no change, in the order of horizons or tenths."""
    kept = result.frame.filter(pl.col("of") == of, pl.col("family") == ALL)
    return kept.sort(pl.col("method") != MIXTURE, pl.col("at").cast(pl.Int64))
