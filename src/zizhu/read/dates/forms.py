"""What a date says before anything is resolved: which year, which part of it, and from when it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Base = Literal["fixed", "anchor", "chained", "near", "ahead", "closed", "decade"]
"""fixed: the year itself. anchor: years from that of the document. chained: years from the date mentioned before.
near: the latest such part up to the document's day. ahead: the first from the document's day on. closed: the year
that has come to its end, in the first months of the next one still the year before. decade: years from the first one
of the document's decade."""


class Year(NamedTuple):
    """A year: `number` is the year of a fixed one, else how many years away."""

    base: Base
    number: int = 0


class Part(NamedTuple):
    """Months of a year, both included, or days of them; a last month before the first is of the next year."""

    first: int = 1
    last: int = 12
    day: int = 0
    until: int = 0


WHOLE = Part()


class Point(NamedTuple):
    """A part of a year."""

    year: Year
    part: Part = WHOLE


class Count(NamedTuple):
    """So many units before (negative) or after a day: `stretch` is the time until then, else the point itself."""

    number: int
    unit: str
    stretch: bool = False
    chained: bool = False


class Weekday(NamedTuple):
    """A day of the week, 1 to 7: the latest (0), the one in the week before (-1) or after (1)."""

    day: int
    shift: int = 0


Form = Point | Count | Weekday | tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a text: tokens `first` to before `last` in code points `start` to `end`."""

    start: int
    end: int
    form: Form
