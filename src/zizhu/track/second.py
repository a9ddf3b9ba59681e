"""A second opinion on the interval of a chance, from errors of forecasts of other series. It decides nothing.

Pooled split conformal prediction (`zizhu.track.path.conformal`): the interval reaches to both sides of the median as
far as 80 of 100 forecasts were off, in mean annual changes, from as many points and so many years ahead. The errors
pooled are those of `packs/policy/pooled_radii.csv`: series of another kind, so that it need not hold 80 % of outcomes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from zizhu.ledger.models import Record, Text
from zizhu.ledger.records import load
from zizhu.track.ahead import Step, shown, unit
from zizhu.track.path import conformal
from zizhu.track.path.transforms import scaled, unscaled
from zizhu.track.verdicts import Verdict
from zizhu.vocab.packfiles import pack


class Radius(Record):
    """How far forecasts from so many points were off so many years ahead, in mean annual changes."""

    points: int
    years: int
    radius: float
    windows: int
    unit: Text
    source: Text


@cache
def _rows() -> tuple[Radius, ...]:
    return load(pack("policy/pooled_radii.csv"), Radius, (), key="")


def opinions(v: Verdict, steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """A row a year ahead: the interval beside that of the verdict; none of sums, with gaps or past the years pooled."""
    if v.ask is None or not v.ask.regular or v.ask.so_far is not None:
        return []
    known: conformal.Radii = {(r.points, r.years): r.radius for r in _rows()}
    last = max(r.years for r in _rows())
    reach = conformal.half_widths(known, np.array([len(v.ask.y)]), last)[0]
    step = float(np.abs(np.diff(scaled(v.ask.y, v.scale, v.whole))).mean())
    return [
        _row(v, s, step * float(reach[int(s.h) - 1]))
        for s in steps
        if s.halves and s.h == int(s.h) and s.h <= last
    ]


def _row(v: Verdict, s: Step, half_width: float) -> dict[str, Any]:
    middle = float(scaled([s.middle], v.scale, v.whole)[0])
    ends = [float(unscaled(middle + sign * half_width, v.scale, v.whole)) for sign in (-1, 1)]
    low, high = (shown(v, y, s.year) for y in ends)
    target = "inside" if ends[0] <= v.goal <= ends[1] else "outside"
    return {
        "period": s.period,
        "lower": low,
        "upper": high,
        "verdict_lower": s.lower,
        "verdict_upper": s.upper,
        "unit": unit(v),
        "target": target if s.h == v.h else "",
        "errors_of": f"{_rows()[0].source}, another kind of series",
    }
