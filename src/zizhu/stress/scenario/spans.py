"""Spans of time as a scenario writes them: `10 days`, `26 weeks`, `3 months`, `2 years`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}
"""Days of the units; a year has 365 steps of a day in models that divide an annual table."""
LONGEST = 20 * DAYS["year"]
EXAMPLES = "a number with its unit, such as 10 days, 26 weeks, 3 months or 2 years"
_FORM = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(day|week|month|year)s?")


def days(text: object) -> float:
    """The days of a span; a float is taken as days already, as a run keeps it.

    >>> days("26 weeks"), days("1.5 years")
    (182.0, 547.5)
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        return float(text)
    found = _FORM.fullmatch(str(text).strip().casefold())
    if found is None:
        raise PydanticCustomError("span", f"Input should be {EXAMPLES}")
    return float(found[1]) * DAYS[found[2]]


def told(span: float) -> str:
    """A span of days in the largest unit that leaves no fraction.

    >>> told(182), told(10), told(365), told(days("7 months"))
    ('26 weeks', '10 days', '1 year', '7 months')
    """
    for unit in ("year", "month", "week", "day"):
        count = span / DAYS[unit]
        if count >= 1 and abs(count - round(count)) < 1e-9:
            return f"{round(count)} {unit}{'' if round(count) == 1 else 's'}"
    return f"{span:.6g} days"


Days = Annotated[float, BeforeValidator(days), Field(ge=0, le=LONGEST)]
"""A span in days; a file writes it with its unit."""


def is_span(info: FieldInfo | None) -> bool:
    """Whether spans of time are written in a setting, or in a mapping that it is."""
    return any(getattr(mark, "func", None) is days for mark in marks(info))


def marks(info: FieldInfo | None) -> tuple[Any, ...]:
    """All that the type of a setting is marked with, also inside a mapping and for what may be left out."""
    return () if info is None else (*info.metadata, *_inner(info.annotation))


def _inner(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield from part.metadata if isinstance(part, FieldInfo) else (part,)
        yield from _inner(part)
