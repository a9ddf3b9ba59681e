"""Spans of time as a scenario writes them: `10 days`, `26 weeks`, `3 months`, `2 years`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}
"""Days of the units; a year has 365 steps of a day in models that divide an annual table."""
LONGEST = 20 * DAYS["year"]
_FORM = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(day|week|month|year)s?")


def days(text: object) -> float:
    """The days of a span; a float is taken as days already, as a run keeps it.

    >>> days("26 weeks"), days("1.5 years")
    (182.0, 547.5)
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        return float(text)
    found = _FORM.fullmatch(str(text).strip().casefold())
    if found is None:
        raise PydanticCustomError(
            "span", "Input should be a number with its unit: 10 days, 26 weeks, 3 months"
        )
    return float(found[1]) * DAYS[found[2]]


def told(span: float) -> str:
    """A span of days in the largest unit that leaves no fraction.

    >>> told(182), told(10), told(365)
    ('26 weeks', '10 days', '1 year')
    """
    for unit in ("year", "week", "day"):
        count = span / DAYS[unit]
        if count >= 1 and abs(count - round(count)) < 1e-9:
            return f"{round(count)} {unit}{'' if round(count) == 1 else 's'}"
    return f"{span:.4g} days"


Days = Annotated[float, BeforeValidator(days), Field(ge=0, le=LONGEST)]
"""A span in days; a file writes it with its unit."""
