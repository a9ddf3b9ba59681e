"""Linear scales, round ticks and the reading of periods as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real
from typing import Any, NamedTuple

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_NOISE = 1e-9
_LITTLE = 0.25
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


def read_domain(text: str) -> tuple[float, float] | None:
    """'0 100' as (0.0, 100.0); None when it is not two finite numbers in rising order."""
    try:
        low, high = map(float, text.split())
    except ValueError:
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


class Range(NamedTuple):
    """The data range of an axis, and the distance of its ticks."""

    low: float
    high: float
    step: float

    @property
    def ends(self) -> tuple[float, float]:
        """Where it begins and ends."""
        return self.low, self.high

    def ticks(self) -> list[float]:
        """The multiples of the step within the range."""
        first = math.ceil(self.low / self.step - 1e-9)
        last = math.floor(self.high / self.step + 1e-9)
        return [_plain(i * self.step) for i in range(first, last + 1)]


def ranged(low: float, high: float, count: int) -> Range:
    """The range as it is, with the round step (1, 2, 2.5 or 5 times a power of ten) of about `count` intervals."""
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    return Range(low, high, next(s * power for s in _STEPS if s * power >= rough * 0.999))


def rounded(low: float, high: float, count: int) -> Range:
    """The range extended to whole steps."""
    step = ranged(low, high, count).step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Range(_plain(first * step), _plain(last * step), step)


def _plain(value: float) -> float:
    """The value without the noise of its last digits."""
    return float(f"{value:.12g}") + 0.0


def decimals(values: Iterable[float]) -> int:
    """The decimals needed to write round values exactly, at most 4."""
    written = [f"{v:.4f}".rstrip("0").partition(".")[2] for v in values]
    return max(map(len, written), default=0)


def widened(values: Iterable[float], *, zero: bool) -> tuple[float, float]:
    """The smallest and largest value, with zero if asked; never an empty range."""
    known = list(values) + ([0.0] if zero else [])
    low, high = min(known), max(known)
    if high - low <= _NOISE * max(abs(low), abs(high)):
        return (low - 1.0, low + 1.0) if low else (0.0, 1.0)
    return low, high


def level(values: Iterable[float], count: int) -> Range:
    """The range of a vertical axis: from zero, unless the values lie in the upper half of what that would show.

    Where they pass zero by little (`_LITTLE` of a step), it ends with them and not a whole step further.
    """
    low, high = widened(values, zero=False)
    near_zero = low < 0.5 * high if low >= 0 else high > 0.5 * low if high <= 0 else True
    low, high = widened((low, high), zero=near_zero)
    whole = rounded(low, high, count)
    little = _LITTLE * whole.step
    least = low if -little < low < 0 < high else whole.low
    most = high if low < 0 < high < little else whole.high
    return whole._replace(low=least, high=most)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number, and not a truth value."""
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def position(value: Any) -> float | None:
    """A number as it is; a period such as 2019, 2019-07, 2019Q3, 2019H1 or 2019-07-31 as a fraction of years.

    None when it is neither.
    """
    if is_number(value):
        return float(value)
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
    """Whole years in [low, high], at most `count` of them, by the finest step that allows it."""
    years: list[float] = []
    for step in _YEAR_STEPS:
        years = [
            float(i * step) for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        ]
        if len(years) <= count:
            break
    return years
