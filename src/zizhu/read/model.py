"""What the parts of reading hand to one another: documents with text layers, mentions in them, candidates for claims.

Offsets are Unicode code points of a layer's text, half open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from zizhu.ledger.claims import Bound, Change, ClaimKind, LayerName, Modality, Polarity, Role

NEARBY = 1000
"""Characters between the words of a claim and a date outside of them, in the same paragraph, at most."""


class Span(NamedTuple):
    """Code points from `start` to before `end`."""

    start: int
    end: int


class Dated(NamedTuple):
    """When a document was published: EDTF, what says so in words, and how sure that is (0 to 1)."""

    edtf: str
    evidence: str
    confidence: float


class Page(NamedTuple):
    """A page of a PDF: its number from 1, its span of the layer, and a box (left, bottom, right, top) a character.

    `boxes` (len of span, 4) in points; None where the layer keeps none.
    """

    number: int
    span: Span
    boxes: Sequence[tuple[float, float, float, float]] | None = None


@dataclass(frozen=True)
class Layer:
    """A text that claims point into; `sha256` is that of its UTF-8 form."""

    name: LayerName
    text: str
    sha256: str
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document as it was read. `id` is the hash of its bytes; `name` the file or address that it came from.

    language: `en`, `zh`, another ISO 639-1 code, or `und`. `notes` say what could not be read.
    """

    id: str
    name: str
    media: str
    layer: Layer
    language: str = "und"
    publisher: str = ""
    title: str = ""
    published: Dated | None = None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that claims point into."""
        return self.layer.text


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity in a text: `span` holds it with its comparator and unit, `digits` the number words alone.

    A range fills `low` and `high` and no `value`; a vague plural ("hundreds") fills `low`.
    """

    span: Span
    digits: Span
    value: float | None
    low: float | None
    high: float | None
    comparator: Bound
    unit: str
    as_written: str
    vague: bool = False
    noun: str = ""
    """What is counted, as written."""
    change: Change | None = None
    """Whether it is the size of a rise or fall."""


@dataclass(frozen=True, slots=True)
class When:
    """A date or period in a text, in EDTF, and the day that a relative one was resolved against."""

    span: Span
    edtf: str
    as_written: str
    resolved_against: str | None = None


@dataclass(frozen=True, slots=True)
class TimeOf:
    """A date of a candidate and what it is the date of."""

    when: When
    role: Role


@dataclass(frozen=True)
class Candidate:
    """What an extractor proposes. Nothing of it is believed: the gate reads the span again.

    `start` says where the quote stands, if the extractor knows; `number` the quantity that it believes to be inside.
    """

    quote: str
    kind: ClaimKind
    modality: Modality
    start: int | None = None
    prefix: str = ""
    suffix: str = ""
    subject: str = ""
    predicate: str | None = None
    object: tuple[str, ...] | None = None
    indicator: str | None = None
    number: Number | None = None
    times: tuple[TimeOf, ...] = ()
    geography: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    plan_names: Mapping[str, str] = field(default_factory=dict)
    polarity: Polarity = "affirmed"
    speaker: str | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """What extractors know beside the document: the day that relative dates count from (ISO 8601), if any.

    `tell` may be called with the part of the work that is done, from 0 to 1.
    """

    anchor: str | None = None
    tell: Callable[[float], None] = lambda _: None


class Extractor(Protocol):
    """Something that proposes candidates; it never writes a claim."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    def extract(self, document: Document, context: Context) -> Iterable[Candidate]: ...
