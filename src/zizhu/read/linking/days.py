"""When a claim holds: days from and to, and how two such spans stand to one another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from zizhu.ledger.claims import Claim, Role
from zizhu.vocab.periods import parse
from zizhu.vocab.problems import ZizhuError

_YEAR = re.compile(r"\b(\d{3})([\dX])")
_SHORT = 31
_ROLES: tuple[Role, ...] = ("observation", "event", "deadline")


class Days(NamedTuple):
    """Ordinals of the first and the last day, and the text that says so."""

    first: int
    last: int
    edtf: str

    @property
    def year(self) -> int:
        """The year in which the span ends."""
        return date.fromordinal(max(1, min(self.last, date.max.toordinal()))).year

    def meets(self, other: Days) -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def same(self, other: Days) -> bool:
        """Whether the two are the same, or the same to a month."""
        return self[:2] == other[:2] or (self.meets(other) and max(self.length, other.length) <= _SHORT)

    @property
    def length(self) -> int:
        """Days from first to last."""
        return self.last - self.first + 1


@lru_cache(maxsize=8192)
def days(edtf: str) -> Days | None:
    """The days of a date in EDTF; of a form that periods do not know, those of its years; None without a year."""
    try:
        period = parse(edtf)
    except ZizhuError:
        return _of_years(edtf)
    return Days(period.start.toordinal(), period.end.toordinal(), edtf)


def _of_years(edtf: str) -> Days | None:
    found = _YEAR.findall(edtf)
    if not found:
        return None
    first, last = (int(a + b.replace("X", x)) for (a, b), x in ((found[0], "0"), (found[-1], "9")))
    first, last = sorted((max(first, 1), max(last, 1)))
    return Days(int((first - 1) * 365.2425) + 1, int(last * 365.2425), edtf)


def of_claim(claim: Claim, roles: Iterable[Role] = _ROLES) -> Days | None:
    """The days of a claim: of its deadline for an aim, else of the first date of the first role that it has."""
    wanted: tuple[Role, ...] = ("deadline",) if claim.kind == "target" else tuple(roles)
    for role in wanted:
        for time in claim.times:
            if time.role == role:
                return days(time.edtf)
    return None
