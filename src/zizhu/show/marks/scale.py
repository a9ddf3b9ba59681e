"""Linear scales, round ticks and the reading of periods as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real
from typing import Any

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)
_DAYS = 365.25
_MONTHS = 12
_PERIOD = re.compile(r"(\d{4})(?:-?(?:Q([1-4])|H([12])|(\d{2})(?:-(\d{2}))?))?")
_CALENDAR = range(1000, 3000)


@dataclass(frozen=True)
class Scale:
    """A linear map from data `low`..`high` to pixels `start`..`end` of the whole figure."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def vega(self) -> dict[str, Any]:
        """The scale as Vega-Lite writes it."""
        return {"domain": [self.low, self.high], "nice": False, "zero": False}


def step_of(low: float, high: float, count: int) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) that gives about `count` intervals."""
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(s * power for s in _STEPS if s * power >= rough * 0.999)


def ticks(low: float, high: float, count: int) -> list[float]:
    """Round values within [low, high]."""
    step = step_of(low, high, count)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 10) + 0.0 for i in range(first, last + 1)]


def decimals(values: Iterable[float]) -> int:
    """The decimals needed to write round values exactly, at most 4."""
    written = [f"{v:.4f}".rstrip("0").partition(".")[2] for v in values]
    return max(map(len, written), default=0)


def widened(values: Iterable[float], *, zero: bool) -> tuple[float, float]:
    """The smallest and largest value, with zero if asked; never an empty range."""
    known = list(values) + ([0.0] if zero else [])
    low, high = min(known), max(known)
    if low == high:
        return (low - 1.0, high + 1.0) if low else (0.0, 1.0)
    return low, high


def rounded(low: float, high: float, count: int) -> tuple[float, float]:
    """The range extended to whole ticks."""
    step = step_of(low, high, count)
    return round(math.floor(low / step + 1e-9) * step, 10), round(math.ceil(high / step - 1e-9) * step, 10)


def level(values: Iterable[float], count: int) -> tuple[float, float]:
    """The range of a vertical axis: from zero, unless the values lie in the upper half of what that would show."""
    low, high = widened(values, zero=False)
    near_zero = low < 0.5 * high if low >= 0 else high > 0.5 * low if high <= 0 else True
    low, high = widened((low, high), zero=near_zero)
    return rounded(low, high, count)


def position(value: object) -> float | None:
    """A number as it is; a period such as 2019, 2019-07, 2019Q3, 2019H1 or 2019-07-31 as a fraction of years.

    None when it is neither.
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    found = _PERIOD.fullmatch(str(value).strip())
    if not found:
        return None
    year, quarter, half, month, day = found.groups()
    if quarter:
        return int(year) + (int(quarter) - 1) / 4
    if half:
        return int(year) + (int(half) - 1) / 2
    within = (int(month) - 1) / _MONTHS if month else 0.0
    return int(year) + within + ((int(day) - 1) / _DAYS if day else 0.0)


def is_calendar(values: Iterable[float]) -> bool:
    """Whether all values can be years."""
    return all(_CALENDAR.start <= v < _CALENDAR.stop for v in values)


def year_ticks(low: float, high: float, count: int) -> list[float]:
    """Whole years in [low, high], at most about `count` of them."""
    step = next((s for s in _YEAR_STEPS if (high - low) / s <= count), _YEAR_STEPS[-1])
    first = math.ceil(low / step - 1e-9)
    return [float(i * step) for i in range(first, math.floor(high / step + 1e-9) + 1)]
