"""The number part of a quantity while it is being read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zizhu.ledger.claims import Bound

Form = Literal["digits", "words", "han", "fraction", "vague", "change", "rank", "range"]


@dataclass(slots=True)
class Piece:
    """A number found at code points `digits_start` to `digits_end`; `start` to `end` grows as unit and noun are found.

    `next` is the first token behind; `plain` says bare whole digits without separators; `scaled` that a word of scale
    follows; `power` that scale. `unit` stays empty until something says what is measured or counted.
    """

    token: int
    next: int
    start: int
    end: int
    digits_start: int
    digits_end: int
    form: Form
    value: float | None
    low: float | None = None
    high: float | None = None
    base: float = 0.0
    power: float = 1.0
    plain: bool = False
    whole: bool = True
    unit: str = ""
    kind: str = ""
    noun: str = ""
    bound: Bound = "="
    vague: bool = False
    hyphened: bool = False
    bounded: bool = False

    @property
    def small(self) -> float:
        """The smallest value that is given."""
        found = self.value if self.value is not None else self.low
        return found if found is not None else self.high or 0.0
