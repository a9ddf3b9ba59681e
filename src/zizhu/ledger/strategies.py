"""The frozen records of a strategy: plans and their links, instruments and their money, actors, places, pilots.

Cells of a CSV file that hold several things join them by `;`; names carry their language, as in `en:Chips Act`. A YAML
file has lists and mappings instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from zizhu.ledger.models import Comparator, Quality, Record, Text

SEPARATOR = ";"


def _words(cell: Any) -> Any:
    """The parts of a cell without blanks around them; a list stays as it is."""
    if isinstance(cell, str):
        return tuple(part.strip() for part in cell.split(SEPARATOR) if part.strip())
    return cell


def _names(cell: Any) -> Any:
    """`en:Chips Act;zh:...` as a mapping from languages to names; a mapping stays as it is."""
    if not isinstance(cell, str):
        return cell
    pairs = [part.partition(":") for part in _words(cell)]
    wrong = [language for language, colon, name in pairs if not (colon and name.strip())]
    if wrong or not pairs:
        raise ValueError("names with their language, such as en:Chips Act;zh:中国制造2025")
    return {language.strip(): name.strip() for language, _, name in pairs}


Words = Annotated[tuple[Text, ...], BeforeValidator(_words)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Names = Annotated[Mapping[Language, Text], BeforeValidator(_names), Field(min_length=1)]

PlanKind = Literal["plan", "strategy", "programme", "policy", "law", "pledge", "proposal"]
PlanStatus = Literal["in force", "ended", "superseded", "draft", "proposed", "not stated"]


class Named(Record):
    """A record with names in several languages."""

    id: Text = Field(description="Its own id.")
    names: Names = Field(description="Its names by language (BCP 47): the first is shown.")
    aliases: Words = Field((), description="Other names, short forms and spellings, in any language.")

    @property
    def name(self) -> str:
        """The name that is shown: English where there is one."""
        return self.names.get("en") or next(iter(self.names.values()))

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that it may be called, its id first."""
        return (self.id, *self.names.values(), *self.aliases)


class Plan(Named):
    """A strategy, plan, programme, law or pledge."""

    kind: PlanKind = Field(description="What it is.")
    country: Text = Field(description="Whose it is: country (ISO alpha-3) or group.")
    issuers: Words = Field((), description="The ids of the actors that issued it.")
    issued: str = Field("", description="When it was issued, as EDTF.")
    start: str = Field("", description="From when it holds, as EDTF.")
    end: str = Field("", description="Until when, as EDTF.")
    pillars: Words = Field((), description="Its parts, in its own order.")
    status: PlanStatus = Field("not stated", description="How it stands.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


InstrumentKind = Literal[
    "fund",
    "subsidy",
    "reward",
    "state aid",
    "tax relief",
    "public budget",
    "joint undertaking",
    "talent programme",
    "regulation",
    "procurement",
    "pilot scheme",
]


class Instrument(Named):
    """What a plan acts by: a fund, a subsidy, a reward, a talent programme, a rule."""

    plan: str = Field("", description="The id of its plan; empty where none is named.")
    kind: InstrumentKind = Field(description="What it is.")
    country: Text = Field(description="Whose it is: country (ISO alpha-3) or group.")
    managers: Words = Field((), description="The ids of the actors that run it.")
    start: str = Field("", description="Since when, as EDTF.")
    end: str = Field("", description="Until when, as EDTF.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


Stage = Literal["target", "registered", "raised", "committed", "invested"]
Overlap = Literal["", "whole", "part", "not known"]


class Amount(Record):
    """Money of an instrument at one stage, from one source. What is also in another amount is counted once.

    A fund that aims at 40 bn, has raised 18 and invested 6 has three amounts; they are never added.
    """

    id: Text = Field(description="Its own id.")
    instrument: Text = Field(description="The id of its instrument.")
    stage: Stage = Field(description="What has become of the money: stages are never added.")
    comparator: Comparator = Field("=", description="What the source says of the value.")
    value: float = Field(description="The value, in `unit`.")
    unit: Text = Field(description="A unit of money, such as billion CNY: the currency is part of it.")
    date: str = Field("", description="As of when, as EDTF.")
    payers: str = Field("", description="Whose money it is, in words: public and private, the EU budget.")
    within: str = Field("", description="The id of another amount that this money is also in.")
    overlap: Overlap = Field("", description="How much of it: whole, part (then `shared`), or not known.")
    shared: float | None = Field(None, description="The part that is also in `within`, in `unit`.")
    disputes: str = Field("", description="The id of an amount of the same thing that another source gives.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


ActorKind = Literal[
    "person",
    "state",
    "party",
    "union",
    "agency",
    "court",
    "firm",
    "research",
    "think tank",
    "consultancy",
    "finance",
    "media",
    "international",
]


class Actor(Named):
    """Who issues, runs, judges or is touched by plans. `role` is what the source calls a person."""

    kind: ActorKind = Field(description="What it is.")
    country: str = Field(
        "", description="Country (ISO alpha-3) or group; empty where the source states none."
    )
    role: str = Field("", description="Office or affiliation, as the source has it.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


class Place(Named):
    """A city, region, park or country that plans speak of."""

    kind: Literal["country", "region", "city", "area", "site"] = Field(description="What it is.")
    country: str = Field("", description="Country (ISO alpha-3) or group it lies in.")
    region: str = Field("", description="Its first-level subdivision, ISO 3166-2.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


class Megaproject(Named):
    """A project that a plan lists by name."""

    plan: Text = Field(description="The id of its plan.")
    kind: Literal["project", "engineering programme", "not stated"] = Field(
        description="What the plan calls it."
    )
    end: str = Field("", description="Until when, as EDTF.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


class Pilot(Named):
    """A city, zone or group of cities chosen to try something out."""

    plan: Text = Field(description="The id of its plan.")
    instrument: str = Field("", description="The id of the instrument it is tried with.")
    lead: Text = Field(description="The id of the place that leads it.")
    places: Words = Field((), description="The ids of all places in it, as far as they were read.")
    start: str = Field("", description="Since when, as EDTF.")
    end: str = Field("", description="Until when, as EDTF.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")


Relation = Literal[
    "succeeds", "part of", "draws on", "responds to", "countered by", "marks", "same aim", "names"
]
ENDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "succeeds": (("plan",), ("plan",)),
    "part of": (("plan",), ("plan",)),
    "draws on": (("plan",), ("plan",)),
    "responds to": (("plan",), ("event", "plan")),
    "countered by": (("plan",), ("event", "plan")),
    "marks": (("event",), ("plan",)),
    "same aim": (("target",), ("target",)),
    "names": (("plan",), ("place", "actor")),
}
"""The kinds of record at the two ends of each relation."""


class Link(Record):
    """How record `a` stands to record `b`: a plan to the one before it, an event to the plan it marks, two siblings."""

    a: Text = Field(description="An id.")
    relation: Relation = Field(
        description="a succeeds, is part of, draws on, responds to or is countered by b; event a marks plan b; targets "
        "a and b word the same aim on another basis; plan a names place or actor b."
    )
    b: Text = Field(description="An id.")
    source: Text = Field(description="An id of `sources.csv`.")
    quality: Quality = Field(description="Of the source, for this row.")
    note: str = Field("", description="What a reader must know.")

    @property
    def id(self) -> str:
        """What names it in lists: its ends and its relation."""
        return f"{self.a} {self.relation} {self.b}"
