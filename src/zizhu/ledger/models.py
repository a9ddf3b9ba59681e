"""The frozen records of the ledger. Every one forbids keys it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from zizhu.vocab.problems import Problem, ZizhuError, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Ref = str
"""`table:<name>@<digest>#<key>` | `doc:<sha>#<start>-<end>` | `fact:<id>` | `run:<id>#<key>,<column>`"""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""BLAKE2b-128 of a table's logical content, in hexadecimal."""

Quality = Literal["high", "medium", "low"]
Comparator = Literal["=", ">", ">=", "<", "<=", "~", "range"]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Record(BaseModel):
    """Base of all records: immutable, no unknown keys, no NaN or infinity.

    Making one raises ZizhuError with all that is wrong with its fields. Reading one (`model_validate`,
    `model_validate_json`) raises pydantic's ValidationError, which a loader that knows the file turns into
    problems of it by `faults`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    if not TYPE_CHECKING:  # a type checker is to see the fields of each record as the parameters

        def __init__(self, **values: Any) -> None:
            try:
                super().__init__(**values)
            except ValidationError as error:
                where = f"{type(self).__module__}.{type(self).__qualname__}"
                raise ZizhuError(faults(error, where, type(self).model_fields)) from None

        # as pydantic's own: reading and the records inside a record are validated without it
        __init__.__pydantic_base_init__ = True


def faults(error: ValidationError, where: str, known: Iterable[str] = ()) -> list[Problem]:
    """One problem for each field that a record refused; `known` are its fields, for the nearest of a wrong one."""
    fields = tuple(known)
    return [_fault(e, where, fields) for e in error.errors()]


def _fault(error: ErrorDetails, where: str, known: tuple[str, ...]) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    what = f"{place or 'record'}: {error['msg']}"
    if error["type"] == "extra_forbidden":
        close = nearest(place, known, 1)
        return Problem(what, where, "a known key", f"Nearest: {close[0]}." if close else "Remove it.")
    if error["type"] == "missing":
        return Problem(what, where, f"a value for {place}", "Add it.")
    expected = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return Problem(what, where, expected, f"Got {error['input']!r:.80}: correct it.")


class Source(Record):
    """Where a fact comes from. `quality` low = a repost or a page whose producer is not certain."""

    id: Text
    producer: Text
    title: str
    edition: str = ""
    published: str = ""
    url: str = ""
    licence: str = ""
    sha256: str = ""
    quality: Quality

    def citation(self) -> str:
        """Publisher, title, edition and date in one line, without what is not known."""
        parts = [self.producer, self.title, self.edition, self.published]
        return ", ".join(p for p in parts if p)


class Observation(Record):
    """One value of an indicator for an entity and period, from one source and vintage."""

    id: Text
    indicator: Text
    entity: Text
    period: Text
    comparator: Comparator = "="
    value: float
    lower: float | None = None
    upper: float | None = None
    unit: Text
    status: Literal["reported", "derived", "forecast"]
    vintage: str = ""
    source: Text
    published: str = ""
    quality: Quality
    note: str = ""


class Target(Record):
    """What a plan promises: an indicator, a comparator, a value and a deadline.

    `comparator_assumed` says that the comparator is a reading, not the source's word.
    `trackable_by` names the indicator on the same basis; `nearest` one on another basis, for context only.
    """

    id: Text
    plan: Text
    country: Text
    sector: Text
    item: Text
    indicator: Text
    comparator: Comparator | None
    comparator_assumed: bool
    value: float
    high: float | None = None
    unit: Text
    deadline: str = ""
    baseline: str = ""
    status: Literal["active", "withdrawn", "restatement", "description"]
    same_as: str = ""
    trackable_by: str = ""
    nearest: str = ""
    source: Text
    quality: Quality
    note: str = ""


class Event(Record):
    """A dated act of a government: control, tariff, listing, plan, truce."""

    id: Text
    date: Text
    actor: Text
    kind: Text
    event: Text
    source: Text
    quality: Quality


class Assessment(Record):
    """How somebody judges a plan. Assessments that disagree stand side by side."""

    id: Text
    kind: Literal["assessment"]
    speaker: Text
    date: str
    subject: Text
    indicator: Text
    comparator: Comparator | None
    value: float
    unit: Text
    verdict: str = ""
    trackable_by: str = ""
    source: Text
    quality: Quality


class Indicator(Record):
    """What a series measures: its label, its basis and, where it exists, the sector it belongs to."""

    id: Text
    label: Text
    basis: Text
    higher_is: Literal["self-reliance", "dependence", "size", "other"]
    icio_sector: str = ""
    plan_sector: str = ""
    note: str = ""


class Coverage(Record):
    """What an answer sees of the thing asked about. `share` lies in [0, 1]; None = not known.

    `gate` marks the row that decides whether the answer is given at all (below half: refused unless told).
    """

    what: Text
    share: float | None = Field(default=None, ge=0, le=1)
    statement: Text
    assumed: bool = False
    gate: bool = False

    @property
    def measured(self) -> str:
        """`Coverage of the imported inputs of Japan: 96%.`"""
        share = (
            "not known" if self.share is None else f"{self.share:.0%}{' (assumed)' if self.assumed else ''}"
        )
        return f"Coverage of {self.what}: {share}."


class Run(Record):
    """How an answer was made: enough to make it again and to compare the digest of the output."""

    id: Text
    method: Text
    version: Text
    params: Mapping[str, Any]
    seed: int | None
    inputs: tuple[Ref, ...]
    output: Digest


Kind = Literal[
    "bars", "dumbbell", "heatmap", "lines", "slope", "gauge", "small_multiples", "ledger", "strip", "table"
]


class Figure(Record):
    """A declarative figure. It opens with `sentence`, which is made from `rows`.

    `encoding` maps the roles of the kind (see `zizhu.show.spec`) to column names of `rows`;
    a column mapped to `ref` holds each mark's link to its trace.
    """

    kind: Kind
    title: Text
    sentence: Text
    unit: Text
    basis: Text
    rows: tuple[Mapping[str, Any], ...]
    encoding: Mapping[str, str]
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()
