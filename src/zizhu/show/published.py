"""Numbers that others published, each with the question by which a verb answers the same.

A row of `packs/reproduce/published.csv` names the verb, its parameters, and the rows and the column of its answer. What
is compared is the sum of that column over these rows, as a share of the sum over other rows where it says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from zizhu.ledger.models import Quality, Record, Text, faults
from zizhu.vocab.packfiles import pack, read_csv
from zizhu.vocab.problems import Problem, ZizhuError, unknown

__all__ = ["Published", "chosen", "published", "read"]

COUNT = "count"
"""The column that stands for the number of rows."""


class Published(Record):
    """One published number and how it is asked for.

    `rows` and `over` are conditions `column=value&column=value`, in which `*` stands for any letters; `over` empty =
    no share. Ours times `times` has the `unit` of `value`. `sign` says what was published: a value, or a bound on it.
    `tolerance`, in the same unit, is how far ours may be off, for the reason `tolerance_from`: mostly what rounding
    left out. `needs` names a table that is not built in, with `get` to have it; without a `verb` there is no question
    to ask. `reason` says why ours differs, and `grounds` whether that was found by numbers or is what follows from how
    the table or the model is made; `note` is what else a reader should know.
    """

    id: Text
    verb: str
    what: Text
    question: Mapping[str, Any]
    rows: str
    over: str
    column: str
    times: float = Field(gt=0)
    sign: Literal["=", ">", "<"]
    value: float
    unit: Text
    tolerance: float = Field(ge=0)
    tolerance_from: Text
    publisher: Text
    title: Text
    published: str
    url: Text
    quality: Quality
    needs: str
    get: str
    reason: str
    grounds: Literal["found", "likely", ""]
    note: str

    @field_validator("question", mode="before")
    @classmethod
    def _parsed(cls, text: object) -> object:
        return json.loads(text or "{}") if isinstance(text, str) else text

    @model_validator(mode="after")
    def _can_be_asked(self) -> Published:
        if self.verb and not (self.rows and self.column):
            raise ValueError("a verb without rows and column of its answer")
        if not self.verb and not (self.needs and self.reason):
            raise ValueError("without a verb it must say what it needs and the reason")
        if bool(self.reason) != bool(self.grounds):
            raise ValueError("a reason and its grounds go together: found or likely")
        return self

    def met(self, ours: float) -> bool:
        """Whether ours is the published number, or keeps its bound, within the tolerance."""
        if self.sign == "=":
            # what is printed in decimals is not a binary number: a rounding at the very edge counts
            return abs(ours - self.value) <= self.tolerance * (1 + 1e-9)
        return ours > self.value if self.sign == ">" else ours < self.value

    @property
    def citation(self) -> str:
        """Publisher, title and date."""
        return ", ".join(part for part in (self.publisher, self.title, self.published) if part)


def read(path: Path) -> tuple[Published, ...]:
    """The rows of a file. Raises ZizhuError with every fault of every row at once."""
    found, problems = [], []
    for line, row in read_csv(path, tuple(Published.model_fields), tuple(Published.model_fields)):
        try:
            found.append(Published.model_validate(row))
        except (ValidationError, json.JSONDecodeError) as error:
            problems += _faults(error, f"{path.name}, line {line}")
    ids = [p.id for p in found]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    problems += [Problem(f"id {i!r} occurs twice", path.name, "each id once", "Rename one.") for i in twice]
    if problems:
        raise ZizhuError(problems)
    return tuple(found)


def _faults(error: ValueError, where: str) -> list[Problem]:
    if isinstance(error, ValidationError):
        return faults(error, where, Published.model_fields)
    return [Problem(f"question: {error}", where, "parameters as JSON", "Mend the JSON.")]


@cache
def published() -> tuple[Published, ...]:
    """The built-in rows in their order."""
    return read(pack("reproduce/published.csv"))


def chosen(rows: Sequence[Published], what: str) -> tuple[Published, ...]:
    """The rows with that id, or of that verb (`depend.suppliers`, `suppliers`) or its room (`depend`); all if empty.

    Raises ZizhuError where there are none.
    """
    found = tuple(p for p in rows if what in ("", p.id, p.verb, *p.verb.split(".")))
    if not found:
        names = dict.fromkeys(name for p in rows for name in (p.id, p.verb) if name)
        raise ZizhuError(unknown("published number or verb", what, list(names), "WHAT"))
    return found
