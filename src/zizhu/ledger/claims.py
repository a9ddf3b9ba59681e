"""Claims: what documents say, each with the span that it was read from, and how claims stand to one another.

Claims are never merged or overwritten. Sources that disagree are two claims and a link between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from zizhu.ledger.models import Record, Text

ClaimKind = Literal["target", "actual", "forecast", "policy_event", "attribution", "ranking", "relation"]
Modality = Literal["planned", "achieved", "estimated", "criticised", "asserted"]
Polarity = Literal["affirmed", "negated"]
Bound = Literal["=", ">", ">=", "<", "<=", "about", "under", "over"]
"""How a number is meant. `under` and `over`: a little below and above ("nearly", "just over")."""
Change = Literal["increase", "decrease"]
"""Which way a number says that something goes by it: `fell by a fifth` is a decrease of 20 percent."""
Role = Literal["observation", "deadline", "event", "baseline", "statement"]
Alignment = Literal["exact", "folded", "ambiguous", "lost"]
LayerName = Literal["raw", "html-main", "pdf-text", "docx-text"]
LinkType = Literal[
    "same_fact",
    "restates",
    "corroborates",
    "contradicts",
    "supersedes",
    "different_definition",
    "different_scope",
    "different_vintage",
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ClaimId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
CONTEXT = 64
"""Code points kept before and after a quote."""


class Position(Record):
    """Where a span stands in a layer: code points, half open (W3C TextPositionSelector)."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span from {self.start} to {self.end} holds nothing")
        return self


class Quote(Record):
    """The words of a span with those around it (W3C TextQuoteSelector)."""

    exact: str = Field(min_length=1)
    prefix: str = Field(default="", max_length=CONTEXT)
    suffix: str = Field(default="", max_length=CONTEXT)


class Box(Record):
    """Where a span stands on a page of a PDF: page from 1, box in points (left, bottom, right, top)."""

    page: int = Field(ge=1)
    bbox: tuple[float, float, float, float]


class Selector(Record):
    """The span that a claim was read from. `sha256` is that of the layer's text, `value_position` the number's span."""

    source: Text
    sha256: Sha256
    layer: LayerName = "raw"
    quote: Quote
    position: Position
    value_position: Position | None = None
    pdf: Box | None = None
    status: Alignment


class Quantity(Record):
    """A number as a claim holds it. A range fills `low` and `high`, a vague plural `low` alone.

    unit: ISO 4217, percent, percentage_point, ratio, rank, year, count:<noun> and the like. `restates` is the claim
    that gives the same fact in another unit. `change` is set where the number is the size of a fall or rise: it is kept
    as written, without a sign, and is no level.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    comparator: Bound = "="
    unit: Text
    as_written: Text
    vague: bool = False
    restates: ClaimId | None = None
    change: Change | None = None


class Time(Record):
    """A date in EDTF (ISO 8601-2), and the day that a relative one was resolved against."""

    edtf: Text
    as_written: str
    resolved_against: str | None = None
    role: Role


class Extractor(Record):
    """Who proposed a claim: a set of rules, a model or a person; `field_rules` says which rule filled which field."""

    name: Text
    version: Text
    config_hash: str = ""
    model: str | None = None
    field_rules: Mapping[str, str] = {}


class Review(Record):
    """What a reviewer decided. `edited` claims keep what was read; the correction stands beside it."""

    status: Literal["open", "accepted", "edited", "rejected"]
    by: str = ""
    at: str = ""
    note: str = ""
    changes: Mapping[str, Any] = {}


class Claim(Record):
    """One thing that a document says."""

    id: ClaimId
    kind: ClaimKind
    subject: str = ""
    predicate: str | None = None
    object: tuple[str, ...] | None = None
    indicator: str | None = None
    quantity: Quantity | None = None
    times: tuple[Time, ...] = ()
    geography: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    plan_names: Mapping[str, str] = {}
    """Names as written of plans that no register has, by their ids."""
    polarity: Polarity = "affirmed"
    modality: Modality
    speaker: str | None = None
    reported_by: str = ""
    said_on: str | None = None
    evidence: tuple[Selector, ...] = Field(min_length=1)
    extractor: Extractor
    confidence: Mapping[str, float] = {}
    review: Review | None = None


class Link(Record):
    """How claim `b` stands to claim `a`: by which rule, and why in words."""

    a: ClaimId
    b: ClaimId
    type: LinkType
    by: Text
    note: str = ""
