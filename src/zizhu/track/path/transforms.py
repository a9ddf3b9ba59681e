"""Scales on which indicators move without bounds: logarithm of levels, log odds of shares, or none.

Notation: y an indicator, x = tau(y) on the scale. Series of unequal length are rows (S, N) that end in the last column:
what a shorter one lacks stands before it as NaN, so that the last observation of every series is x[:, -1].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
Scale = Literal["log", "logit", "none"]

SCALES: dict[str, Scale] = {
    "level": "log",
    "count": "log",
    "price": "log",
    "rank": "log",
    "share": "logit",
    "index": "none",
    "rate": "none",
    "net zero": "none",
}
"""The scale of every kind of measure. Logarithms never reach zero, so what is to end there has none."""


def scaled(y: Any, scale: Scale, whole: float = 1.0) -> Values:
    """x (...), the values on their scale; NaN where it does not reach: y <= 0, or a share at 0 or at `whole`.

    log: x = ln y; logit: x = ln(s / (1 - s)) with s = y / whole; none: x = y.
    """
    edge = mark(y, scale, whole)
    return np.asarray(np.where(np.isfinite(edge), edge, np.nan))


def mark(y: Any, scale: Scale, whole: float = 1.0) -> Values:
    """Where targets y (...) stand on a scale: minus or plus infinity at and beyond what it can reach."""
    found = np.asarray(y, dtype=float)
    if scale == "none":
        return found
    with np.errstate(divide="ignore"):
        if scale == "log":
            return np.asarray(np.log(np.maximum(found, 0.0)))
        s = np.clip(found / whole, 0.0, 1.0)
        return np.asarray(np.log(s) - np.log1p(-s))


def unscaled(x: Any, scale: Scale, whole: float = 1.0) -> Values:
    """y (...), back from the scale: exp x, whole / (1 + exp(-x)), or x. Shares stay inside (0, whole)."""
    found = np.asarray(x, dtype=float)
    if scale == "none":
        return found
    with np.errstate(over="ignore"):
        if scale == "log":
            return np.asarray(np.exp(found))
        return np.asarray(whole / (1.0 + np.exp(-found)))


def unpinned(s: Any, N: Any) -> Values:
    """Shares (...) of N counted things, those at 0 or 1 moved half a thing inside: clip to [.5 / N, 1 - .5 / N].

    Without a known N (NaN) shares at 0 or 1 become NaN: they cannot be tracked.
    """
    found, half = np.asarray(s, dtype=float), 0.5 / np.asarray(N, dtype=float)
    inside = np.where((found > 0) & (found < 1), found, np.nan)
    return np.asarray(np.where(np.isnan(half), inside, np.clip(found, half, 1 - half)))


def stacked(series: Sequence[Any]) -> Values:
    """x (S, N) of series of unequal length (at least one), each at the end of its row, NaN before it."""
    rows = [np.asarray(one, dtype=float) for one in series]
    x = np.full((len(rows), max(len(row) for row in rows)), np.nan)
    for k, row in enumerate(rows):
        x[k, x.shape[1] - len(row) :] = row
    return x
