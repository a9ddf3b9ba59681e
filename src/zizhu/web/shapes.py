"""What the workbench says, as typed JSON. Records of the ledger are said as they are."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from zizhu.ledger.claims import Claim, Link
from zizhu.ledger.models import Coverage, Run, Source
from zizhu.read.kept import Head
from zizhu.store.meta import Meta

Cell = str | int | float | bool | None
Value = Cell | list[Cell] | dict[str, Cell]
State = Literal["waiting", "running", "done", "failed", "cancelled"]


class Shape(BaseModel):
    """Base of all that is said."""

    model_config = ConfigDict(frozen=True)


class Fault(Shape):
    """One fault: what is wrong, where, what was expected, and how to mend it."""

    what: str
    where: str
    expected: str
    remedy: str


class Refusal(Shape):
    """Why there is no answer, all problems at once. `cannot`: the question is sound, the data cannot answer it."""

    problems: list[Fault]
    cannot: bool = False


class Listed(Shape):
    """A table beside an answer. `units` are those of columns that the answer itself does not have."""

    columns: list[str]
    rows: list[list[Cell]]
    units: dict[str, str] = {}


class Drawing(Shape):
    """A figure: a Vega-Lite specification, and what a page says around it. Marks link to `#/trace/<ref>`."""

    kind: str
    title: str
    sentence: str
    unit: str
    basis: str
    sources: list[str]
    notes: list[str]
    spec: dict[str, JsonValue]


class Answer(Shape):
    """An answer. The number of a row in a column opens under `run:<run.id>#<its key columns joined by |>,<column>`."""

    columns: list[str]
    key: list[str]
    units: dict[str, str]
    rows: list[list[Cell]]
    basis: str
    coverage: list[Coverage]
    notes: list[str]
    run: Run
    lists: dict[str, Listed]
    draws: bool = Field(description="Whether the answer has a figure.")
    preview: bool = Field(
        description="Whether its run is kept only when that is asked for, at `/runs/{run}/keep`."
    )
    others: list[str] = Field(description="Further figures of it by name, such as `map` and `flows`.")
    figure: Drawing | None = Field(None, description="The figure, where a width was asked for.")


class Verb(Shape):
    """A question that can be asked, and where."""

    path: str
    method: str
    about: str


class About(Shape):
    """The workbench and the workspace that it was started on.

    `state` changes whenever a table does. `writes`: whether reviews, documents and runs in the background are taken
    here; else `elsewhere` says who has the workspace, or it was removed or replaced, and is `lost`. `country`: whose
    questions are asked where none is named.
    """

    version: str
    state: str
    country: str
    writes: bool
    elsewhere: str
    lost: bool
    jobs_at_once: int
    largest_upload: int
    verbs: list[Verb]


class Coded(Shape):
    """A code with its names."""

    code: str
    name: str
    name_zh: str = ""
    about: str = ""
    """What is meant by it, where that is more than its name."""
    holds: str = ""
    """What is in an industry that plans name and no table tells apart."""
    held: bool = True
    """Whether there are values of it: some places without people are in no table, some indicators have no series."""


class Vocabulary(Shape):
    """The codes of questions and answers, by name."""

    countries: list[Coded]
    groups: list[Coded]
    sectors: list[Coded]
    plans: list[Coded]
    presets: list[Coded]
    indicators: list[Coded]
    bases: list[Coded]
    """What a share is a share of, with what each word means."""
    rules: list[Coded]
    """The rules of statistical offices, by the column of their verdicts."""
    entities: list[Coded]
    """Plans, organisations, persons and parts of countries that documents are about, by the ids of claims."""


class StoredTable(Shape):
    """A table: its description, its reference, and whether it is the user's own."""

    meta: Meta
    ref: str
    own: bool


class Tables(Shape):
    """All tables, and what is wrong with those whose description cannot be read."""

    tables: list[StoredTable]
    damaged: list[Fault]


class Product(Shape):
    """A product of a trade table with the years in which it was traded."""

    hs6: str
    label: str | None
    material: str | None
    stage: str | None
    first: int
    last: int
    flows: int


class Counted(Shape):
    """How many records of a kind the register holds."""

    kind: str
    records: int


class Records(Shape):
    """Records of a kind, a line each, and for amounts the money of which none is counted twice."""

    kind: str
    rows: list[dict[str, Cell]]
    money: list[dict[str, Cell]] = []


class Hit(Shape):
    """A record that words were found in."""

    kind: str
    id: str
    name: str
    where: str


class Part(Shape):
    """A table of a dossier."""

    title: str
    rows: list[dict[str, Value]]


class Dossier(Shape):
    """Everything about one record."""

    kind: str
    id: str
    name: str
    fields: dict[str, Value]
    sections: list[Part]
    sources: list[Source]


class Step(Shape):
    """A pillar or an item in two plans."""

    change: str
    kind: str
    sector: str
    item: str
    a: str
    b: str
    moved: str
    why: str
    targets_a: list[str]
    targets_b: list[str]


class Succession(Shape):
    """Two plans side by side."""

    a: str
    b: str
    parts_a: list[str]
    parts_b: list[str]
    steps: list[Step]
    left_out: list[str]


class ProductLink(Shape):
    """A fact about a product, and how it is linked."""

    ref: str
    says: str
    how: str
    buyers: list[str]


class ProductLinks(Shape):
    """What the register knows of a product."""

    hs6: str
    name: str
    sector: str | None
    basis: str
    targets: list[ProductLink]
    events: list[ProductLink]


class ReadDocument(Shape):
    """A document that was read, with how many claims, refusals and reviews it has."""

    head: Head
    claims: int
    refused: int
    reviewed: int


class DocumentText(Shape):
    """The text of a document with its claims. It is text: nothing in it is markup."""

    head: Head
    text: str
    claims: list[Claim]


class SaidClaim(Shape):
    """A claim with its document and the reference that opens it."""

    claim: Claim
    document: str
    ref: str
    status: str


class Claims(Shape):
    """A stretch of the claims that were asked for, and how many there are in all."""

    claims: list[SaidClaim]
    total: int


class OneClaim(SaidClaim):
    """A claim with the sentence that it stands in, and its links."""

    sentence: str
    links: list[Link]


class Review(Shape):
    """What a reviewer decides of a claim; `changes` are `FIELD=VALUE`, of a correction alone."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["accept", "reject", "correct"]
    changes: list[str] = Field([], max_length=50)
    by: str = Field("", max_length=200)
    note: str = Field("", max_length=4000)


class ScenarioText(Shape):
    """A scenario file: its text (YAML), and the name that a scenario without an id goes by."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=1 << 20)
    name: str = Field("scenario", pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")


class ScenarioRun(ScenarioText):
    """What is to be run: one scenario of a file, or several side by side."""

    several: bool = Field(False, description="Run all scenarios of the file and compare them.")
    scenario: str | None = Field(None, description="The id of one, where the file has several.")
    draws: int | None = Field(None, ge=0, le=100_000)
    seed: int | None = Field(None, ge=0, le=2**32 - 1)
    insist: bool = False
    allow_extreme: bool = False


class ReadScenario(Shape):
    """A scenario that a file holds."""

    id: str
    title: str
    horizons: list[str]
    runs: int


class CheckedScenario(Shape):
    """What a scenario file holds, and all that is wrong with it."""

    scenarios: list[ReadScenario]
    problems: list[Fault]


class Draft(Shape):
    """The text of a first scenario file."""

    text: str


class DatedEvent(Shape):
    """An event that a scenario can be drafted from."""

    id: str
    date: str
    actor: str
    event: str


class KeptRun(Shape):
    """A scenario run of which parts are kept."""

    key: str
    id: str
    title: str
    done: int
    of: int
    bytes: int


class ReportRun(Shape):
    """A report to be made: its views and what else a report's file says, and whether as PDF too."""

    model_config = ConfigDict(extra="forbid")

    report: dict[str, JsonValue]
    pdf: bool = False


class ReportPreset(Shape):
    """A built-in report."""

    name: str
    report: dict[str, JsonValue]


class Reports(Shape):
    """The built-in reports. `cannot_print`: why no PDF can be made on this machine."""

    presets: list[ReportPreset]
    cannot_print: Fault | None


class Job(Shape):
    """Work under way in a process of its own. `done` of `of` is its progress; `runs`, `documents` and `files` (of
    reports) what it made."""

    id: str
    kind: Literal["scenario", "read", "report"]
    title: str
    state: State
    done: int = 0
    of: int | None = None
    runs: list[str] = []
    documents: list[str] = []
    files: list[str] = []
    problems: list[Fault] = []
