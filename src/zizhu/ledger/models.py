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
                raise ZizhuError(faults(error, _called(type(self)), type(self).model_fields)) from None

        # as pydantic's own: reading and the records inside a record are validated without it
        __init__.__pydantic_base_init__ = True


def _called(record: type) -> str:
    """How a message calls a record: parameters are a question."""
    return "question" if record.__name__ == "Params" else f"{record.__module__}.{record.__qualname__}"


def faults(error: ValidationError, where: str, known: Iterable[str] = ()) -> list[Problem]:
    """One problem for each field that a record refused; `known` are its fields, for the nearest of a wrong one."""
    fields = tuple(known)
    errors = error.errors()
    inner = {e["loc"][:k] for e in errors for k in range(len(e["loc"]))}
    return [_fault(e, where, fields) for e in errors if e["loc"] not in inner]


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

    id: Text = Field(description="What other records cite it by.")
    producer: Text = Field(description="Who published it.")
    title: str = Field(description="What it is called.")
    edition: str = Field("", description="Which edition or version.")
    published: str = Field("", description="When, as EDTF (2024, 2024-07, 2024-07-31).")
    url: str = Field("", description="Where it can be read.")
    licence: str = Field("", description="Its licence as stated.")
    sha256: str = Field("", description="The digest of the file that was read, if a file was.")
    quality: Quality = Field(
        description="high: the publisher itself or an official page; medium: a known medium or firm; low: a repost or "
        "no certain producer."
    )

    def citation(self) -> str:
        """Publisher, title, edition and date in one line, without what is not known."""
        parts = [self.producer, self.title, self.edition, self.published]
        return ", ".join(p for p in parts if p)


class Observation(Record):
    """One value of an indicator for an entity and period, from one source and vintage."""

    id: Text = Field(description="Its own id; the register writes `<indicator>.<entity>.<period>.<n>`.")
    indicator: Text = Field(description="An id of `indicators.csv`.")
    entity: Text = Field(description="Country (ISO alpha-3), group, or WLD.")
    period: Text = Field(
        description="EDTF; 2024-40 is a first half, 2024-33 a first quarter, 2013/2022 a span."
    )
    comparator: Comparator = Field("=", description="What the source says of the value.")
    value: float = Field(description="The value, in `unit`.")
    lower: float | None = Field(None, description="Its lower bound, if the source has one.")
    upper: float | None = Field(None, description="Its upper bound, if the source has one.")
    unit: Text = Field(description="A unit of the vocabulary.")
    status: Literal["reported", "derived", "forecast"] = Field(
        description="Read in the source, computed from what stands in it, or expected."
    )
    vintage: str = Field("", description="Which release or revision; vintages stand side by side.")
    source: Text = Field(description="An id of `sources.csv`.")
    published: str = Field("", description="When the value was published, as EDTF.")
    quality: Quality = Field(description="Of the source, for this value.")
    note: str = Field("", description="What a reader must know.")


Measure = Literal[
    "level",
    "share",
    "count",
    "average growth",
    "cumulative change",
    "cumulative total",
    "multiple",
    "rank",
    "yes or no",
    "net zero",
    "upper figure",
]
PriceBasis = Literal["", "nominal", "real", "not stated"]


class Target(Record):
    """What a plan promises: an indicator, a comparator, a value and a deadline.

    `comparator_assumed` says that the comparator is a reading, not the source's word.
    `trackable_by` names the indicator on the same basis; `nearest` one on another basis, for context only.
    """

    id: Text = Field(description="Its own id.")
    plan: Text = Field(description="The id of its plan.")
    country: Text = Field(description="Whose target it is: country (ISO alpha-3) or group.")
    sector: Text = Field(description="The sector as the plan names it.")
    item: Text = Field(description="What is to be changed.")
    indicator: Text = Field(description="By what it is measured, in words.")
    measure: Measure | None = Field(None, description="What kind of measure that is.")
    basis: str = Field("", description="On what basis, a word of `vocab/bases.csv`.")
    price_basis: PriceBasis = Field("", description="Prices, where money is meant; empty where none is.")
    comparator: Comparator | None = Field(description="Empty where the wording allows none.")
    comparator_assumed: bool = Field(
        description="Whether the comparator is a reading and not the source's word."
    )
    value: float = Field(description="The value, or the first bound of a range.")
    high: float | None = Field(None, description="The second bound of a range.")
    unit: Text = Field(description="A unit of the vocabulary.")
    deadline: str = Field("", description="EDTF; empty where the plan sets none.")
    baseline: str = Field("", description="Where it starts, as the source says it: `15.9 (2020)`.")
    baseline_value: float | None = Field(None, description="The number in it.")
    baseline_unit: str = Field("", description="Its unit, where it is not that of the target.")
    baseline_period: str = Field("", description="Its period, as EDTF.")
    status: Literal["active", "withdrawn", "restatement", "description", "unreviewed"] = Field(
        description="A restatement repeats the target `same_as` and is not counted again; a description is no promise; "
        "an unreviewed one was read from a document and looked at by nobody."
    )
    same_as: str = Field("", description="The target that a restatement repeats.")
    trackable_by: str = Field("", description="The observed indicator on the same basis.")
    nearest: str = Field("", description="An indicator on another basis, for context only.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


class Event(Record):
    """A dated act of a government: control, tariff, listing, plan, truce."""

    id: Text = Field(description="Its own id; the register writes `<date>.<actor>.<kind>.<n>`.")
    date: Text = Field(description="EDTF; announcement and effect are two events.")
    actor: Text = Field(description="Country (ISO alpha-3) or group.")
    kind: Text = Field(description="A kind of `event_kinds.csv`, such as industrial_policy or tariff.")
    event: Text = Field(description="What happened, in a line.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")


class Assessment(Record):
    """How somebody judges a plan. Assessments that disagree stand side by side."""

    id: Text = Field(description="Its own id.")
    kind: Literal["assessment"]
    country: Text = Field(description="Whose plans are judged: country (ISO alpha-3) or group.")
    speaker: Text = Field(description="Who judges.")
    date: str = Field(description="When, as EDTF.")
    subject: Text = Field(description="What is judged.")
    indicator: Text = Field(description="By what.")
    comparator: Comparator | None = Field(description="What the source says of the value.")
    value: float = Field(description="The value, in `unit`.")
    unit: Text = Field(description="A unit of the vocabulary.")
    verdict: str = Field("", description="The judgement in a few words.")
    trackable_by: str = Field("", description="The observed indicator on the same basis.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")


class Indicator(Record):
    """What a series measures: its label, its basis and, where it exists, the sector it belongs to."""

    id: Text = Field(description="What observations and targets call it.")
    label: Text = Field(description="What it is, in a few words.")
    basis: Text = Field(
        description="A word of `vocab/bases.csv`: made in the country, own brand, share of the world..."
    )
    higher_is: Literal["self-reliance", "dependence", "size", "other"] = Field(
        description="What a higher value means."
    )
    lowest: float | None = Field(
        None, description="The least value that can be, in the unit of its observations."
    )
    highest: float | None = Field(None, description="The greatest value that can be, in that unit.")
    icio_sector: str = Field(
        "", description="The industry in which the thing is made; then `note` says what part."
    )
    plan_sector: str = Field("", description="A plan sector it belongs to, by its slug.")
    note: str = Field(
        "",
        description="What a reader must know; of money `current prices` or `constant prices`, by which it is nominal "
        "or real.",
    )


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
    "bars",
    "dumbbell",
    "heatmap",
    "lines",
    "slope",
    "gauge",
    "small_multiples",
    "ledger",
    "strip",
    "choropleth",
    "flows",
    "network",
    "table",
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
