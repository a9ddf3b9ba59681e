"""A rule over measures: how far a product is beyond all its cuts, in one year and over a window of years.

The margin of a condition "measure above cut" is measure / cut, that of a rule the smallest of its conditions, that
of a window of T years of which k must meet the rule the k-th largest of its years. A product is flagged where the
margin is above one (at one, where the rule says "at least").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]


@dataclass(frozen=True)
class Cut:
    """A condition: `measure` above `at`, or at least at it where `inclusive`; analysts choose within [low, high]."""

    measure: str
    at: float
    low: float
    high: float
    inclusive: bool = False


def holds(measures: Mapping[str, Values], cuts: Sequence[Cut]) -> NDArray[np.bool_]:
    """Whether all conditions are met (cells,); a measure without a value meets none."""
    met: list[Values] = [
        measures[c.measure] >= c.at if c.inclusive else measures[c.measure] > c.at for c in cuts
    ]
    return np.asarray(np.logical_and.reduce(met))


def margin(measures: Mapping[str, Values], cuts: Sequence[Cut]) -> Values:
    """The margin of the rule as its cuts stand (cells, ...), 0 where a measure has no value."""
    return smallest(measures, [(c.measure, np.float32(c.at)) for c in cuts])


def smallest(measures: Mapping[str, Values], cuts: Sequence[tuple[str, Values | np.float32]]) -> Values:
    """The smallest ratio of a measure to its cut (cells, ...), 0 where a measure has no value."""
    (name, cut), *others = cuts
    least = measures[name] / cut
    for name, cut in others:
        np.minimum(least, measures[name] / cut, out=least)
    return np.asarray(np.nan_to_num(least, copy=False, nan=0.0))


def chosen(cuts: Sequence[Cut], draws: int, rng: np.random.Generator) -> list[tuple[str, Values]]:
    """Every measure with a cut for each draw (D,), uniform in its band: one analyst a draw, for all products."""
    return [(c.measure, rng.uniform(c.low, c.high, draws).astype(np.float32)) for c in cuts]


def windowed(margins: Values, years: int, at_least: int) -> Values:
    """Margins of windows that end in each year: (P, T, ...) -> (P, T - years + 1, ...), the k-th largest of each."""
    if years == 1:
        return margins
    spans = np.lib.stride_tricks.sliding_window_view(margins, years, axis=1)
    return np.sort(spans, axis=-1)[..., years - at_least]


def ranks(margins: Values) -> Values:
    """The rank of each product by margin (P, ...), none below zero; 1 the largest, equal ones in their order."""
    by_draw = np.ascontiguousarray(margins.T, dtype=np.float32) + np.float32(0)  # no negative zero
    # bits of floats that are not negative have their order: sorted with the position below them, ties stay in order
    keys = (np.uint64(2**32 - 1) - by_draw.view(np.uint32)) << np.uint64(32) | np.arange(
        len(margins), dtype=np.uint64
    )
    order = (np.sort(keys, axis=-1) & np.uint64(2**32 - 1)).astype(np.int64)
    found = np.empty(order.shape, np.int32)
    np.put_along_axis(found, order, np.arange(1, len(margins) + 1, dtype=np.int32), axis=-1)
    return found.T


def rank_interval(margins: Values, low: float, high: float) -> tuple[Values, Values]:
    """Ranks (P,) of products by margin (P, D), 1 the most dependent: the `low` and `high` quantiles over draws."""
    place = np.quantile(np.arange(margins.shape[1]), (low, high), method="nearest")
    # sorting whole rows takes less than the selection within `np.quantile`
    found = np.sort(ranks(margins), axis=1)[:, place].astype(np.int64)
    return found[:, 0], found[:, 1]
