"""Scores of chances against what happened: squared errors (Brier 1950), climatology, and what a few of them can say.

Climatology is left out one by one: of each how often the others came true; and once more as one who knew the share of
all. Targets of one series come true together, so that bounds draw series again, and of few series there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from zizhu.track import settings
from zizhu.track.path import resampled

ERRORS = ("error", "base_error", "known_error")
"""Of the chance, of the share of the other targets, and of the share of all of them."""
BOUNDED = "bounds between which 95 of 100 draws of the series with replacement lie"


def score(
    p: Sequence[float], happened: Sequence[float], series: Sequence[str]
) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """The errors of N chances p of outcomes (1 or 0), each on a series; and their means with bounds and a word."""
    each = [_one(*of, happened) for of in zip(p, happened, strict=True)]
    whole: dict[str, Any] = {"scored": len(p), "series": len(set(series))}
    if not p:
        return each, whole | {"says": "nothing to score"}
    whole |= {"p": _mean(p), "happened": _mean(happened)}
    whole |= {name: _mean([e[name] for e in each]) for name in each[0] if name in (*ERRORS, "base")}
    return each, whole | _bounded(each, series)


def _one(p: float, happened: float, all_of: Sequence[float]) -> dict[str, float]:
    errors = {"error": (p - happened) ** 2, "known_error": (_mean(all_of) - happened) ** 2}
    others = len(all_of) - 1
    if not others:
        return errors
    rate = (sum(all_of) - happened) / others
    return errors | {"base": rate, "base_error": (rate - happened) ** 2}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _bounded(each: Sequence[dict[str, float]], series: Sequence[str]) -> dict[str, Any]:
    """Bounds of both scores, and whether they can be told apart; of too few series that there are too few."""
    names, group = np.unique(np.array(series), return_inverse=True)
    n = len(names)
    if n < settings.bound("backtest_series"):
        return {"says": f"too few to say ({n} series)"}
    errors = np.array([[e["error"], e["base_error"], e["base_error"] - e["error"]] for e in each])
    sums, counts = resampled.totals(group, errors), resampled.totals(group, np.ones((len(each), 1)))
    low, high = resampled.bounds(sums, counts)
    says = "not told apart"
    if low[2] > 0 or high[2] < 0:
        says = "better than climatology" if low[2] > 0 else "worse than climatology"
    ends = {"error_lower": low[0], "error_upper": high[0], "base_lower": low[1], "base_upper": high[1]}
    return {name: float(value) for name, value in ends.items()} | {"says": says}
