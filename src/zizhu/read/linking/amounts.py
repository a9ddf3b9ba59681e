"""Amounts as claims hold them: the interval that a number stands for, in the base of its dimension."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from zizhu.ledger.claims import Quantity
from zizhu.read.linking.lists import setting
from zizhu.vocab.units import number, units

_DIGITS = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_SHARES = frozenset(("percent", "ratio", "percentage_point", "rank"))
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_NEAR = 0.1
"""How far from a number "nearly" and "just over" reach, relative to it."""
_MARKS = {"about": "about ", "over": "just over ", "under": "almost "}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number between `low` and `high`, of a dimension; `value` is the number itself, if it is one."""

    dimension: str
    currency: str
    low: float
    high: float
    value: float | None
    text: str

    def meets(self, other: Amount) -> bool:
        """Whether one number can be meant by both."""
        return self.low <= other.high and other.low <= self.high

    def alike(self, other: Amount) -> bool:
        """Whether both give one number, or one bound, not only a bound that admits the other's number."""
        return self.meets(other) and self.near(other) and self._open == other._open

    def near(self, other: Amount) -> bool:
        """Whether the numbers are about the same, so that one says something of the other."""
        one, another = self._middle, other._middle
        return abs(one - another) <= setting("bound_reach") * max(abs(one), abs(another))

    @property
    def _open(self) -> tuple[bool, bool]:
        return math.isfinite(self.low), math.isfinite(self.high)

    @property
    def _middle(self) -> float:
        """The number, else the middle of a range, else its only end."""
        if self.value is not None:
            return self.value
        ends = [end for end in (self.low, self.high) if math.isfinite(end)]
        return sum(ends) / len(ends) if ends else 0.0

    @property
    def relative(self) -> bool:
        """Whether it is a share, a multiple or a rank: what can be compared between different measures."""
        return self.dimension in _SHARES


def amount(quantity: Quantity | None) -> Amount | None:
    """The amount of a quantity, below nothing for a decrease; None where it gives no number that can be compared."""
    if quantity is None:
        return None
    dimension, currency, scale = _dimension(quantity.unit)
    scale = -scale if quantity.change == "decrease" else scale
    low, high = _ends(quantity)
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return None
    low, high = sorted((low * scale, high * scale))
    value = quantity.value * scale if quantity.value is not None else None
    return Amount(dimension, currency, low, high, value, told(quantity))


def _dimension(unit: str) -> tuple[str, str, float]:
    """Dimension, currency and what one of the unit is in the base of its dimension; all counts are one dimension."""
    if unit.startswith("count") or unit in _SHARES:
        return unit.partition(":")[0], "", 1.0
    known = units().get(unit)
    return (known.dimension, known.currency, float(known.scale)) if known else (unit, "", 1.0)


def _ends(q: Quantity) -> tuple[float | None, float | None]:
    """The interval that a quantity stands for, rounding counted."""
    if q.value is None:
        low = q.low if q.low is not None else (-math.inf if q.high is not None else None)
        return low, q.high if q.high is not None else math.inf
    half = _half_step(q)
    near = max(half, abs(q.value) * _NEAR)
    low = {"<": -math.inf, "<=": -math.inf, "under": q.value - near}.get(q.comparator, q.value - half)
    high = {">": math.inf, ">=": math.inf, "over": q.value + near}.get(q.comparator, q.value + half)
    return low, high


def _half_step(q: Quantity) -> float:
    """Half of the last place that is written; of a round number that is `about`, of its last digit but zeros."""
    assert q.value is not None
    match = _DIGITS.search(q.as_written)
    if match is None:
        return abs(q.value) * 1e-9
    digits = match.group().replace(",", "")
    written = float(digits[:300])
    if not written or not math.isfinite(q.value):
        return 0.0
    places = -len(match[1]) if match[1] else 0
    if q.comparator == "about" and not match[1]:
        places = len(digits) - len(digits.rstrip("0"))
    counted = places == 0 and q.unit.startswith(("count", "rank")) and written == q.value
    return 0.0 if counted else abs(q.value / written) * 10.0**places / 2


def told(q: Quantity) -> str:
    """A quantity in words: `about 20 percent`, `5 to 10 year`."""
    unit = q.unit.removeprefix("count:")
    if q.value is None:
        ends = [_short(x) for x in (q.low, q.high) if x is not None]
        return f"{'at least ' if len(ends) < 2 and q.low is not None else ''}{' to '.join(ends)} {unit}"
    mark = "" if q.comparator == "=" else _MARKS.get(q.comparator, f"{q.comparator} ")
    mark = f"down by {mark}" if q.change == "decrease" else mark
    return f"{mark}{_short(q.value)} {unit}"


def _short(value: float) -> str:
    """A number that a line can hold: 13.7 billion, 1,800."""
    scale, word = next(((s, w) for s, w in _SCALES if abs(value) >= s), (1.0, ""))
    return f"{number(round(value / scale, 6))} {word}".strip()
