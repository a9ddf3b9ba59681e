"""Controls of the register as restrictions of trade: who restricts which sales to whom, by which event.

A control is a cut of a whole industry's sales; a measure restricts products, or all goods of a country, or says why an
event restricts nothing that a table knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from zizhu.ledger import register
from zizhu.ledger.models import Record, Text
from zizhu.ledger.records import Line, load, one_of
from zizhu.vocab import countries, groups, sectors
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import Problem

ALL = "all"
"""In place of products: all goods of the sender."""


class Control(Record):
    """A cut in the words of an input-output table. `covers` says which part of the industry the event names."""

    id: Text
    label: Text
    sender: Text
    receiver: Text
    event: Text
    covers: Text
    basis: Text


class Measure(Record):
    """What an event does to trade, by kind of shock; without `shock`, `basis` says why it does nothing to be modelled.

    `products` are HS codes joined by `;`, or `all`; empty where the event names none that a trade table holds. `rate`
    is the duty as a share of the price, None where the event states no single one.
    """

    event: Text
    products: str
    shock: Literal["export_ban", "licence", "tariff", ""]
    sender: str
    receiver: str
    rate: float | None = None
    duration: str
    basis: Text

    @property
    def codes(self) -> tuple[str, ...]:
        """The HS codes; none for all goods."""
        return () if self.products in (ALL, "") else tuple(self.products.split(";"))


class EventKind(Record):
    """A kind of event: whether such an event restricts trade, and why not where it does not."""

    kind: Text
    drafted: bool
    why: str


class DraftSetting(Record):
    """What a first draft of a scenario assumes where events say nothing: a setting of a kind of shock."""

    shock: Text
    setting: Text
    value: Text
    basis: Text


class Needed(Record):
    """The industries that cannot do without what an event restricts (codes joined by `;`); briefs run these events."""

    event: Text
    needed_by: Text
    basis: Text
    url: Text

    @property
    def users(self) -> tuple[str, ...]:
        """The codes of the industries."""
        return tuple(self.needed_by.split(";"))


@cache
def controls() -> Mapping[str, Control]:
    """All controls by id; raises ZizhuError with every fault of the file."""
    return {c.id: c for c in load(pack("policy/controls.csv"), Control, [_event])}


@cache
def measures() -> tuple[Measure, ...]:
    """All measures; raises ZizhuError with every fault of the file."""
    return load(pack("policy/event_shocks.csv"), Measure, [_event, _codes, _sides, _rated], key="")


@cache
def needed() -> Mapping[str, Needed]:
    """Who needs what events restrict, by event; raises ZizhuError with every fault of the file."""
    return {
        n.event: n
        for n in load(pack("policy/brief_scenarios.csv"), Needed, [_of_products, _users], key="event")
    }


@cache
def event_kinds() -> Mapping[str, EventKind]:
    """All kinds of events."""
    return {k.kind: k for k in load(pack("policy/event_kinds.csv"), EventKind, key="kind", checks=[])}


@cache
def draft_settings() -> tuple[DraftSetting, ...]:
    """All settings that drafts assume."""
    return load(pack("policy/draft_settings.csv"), DraftSetting, key="", checks=[])


def _event(line: Line[Control] | Line[Measure]) -> Iterator[Problem]:
    return one_of(line, "event", "event", register.events())


def _of_products(line: Line[Needed]) -> Iterator[Problem]:
    return one_of(line, "event", "event", {m.event for m in measures() if m.codes})


def _users(line: Line[Needed]) -> Iterator[Problem]:
    wrong = [s for s in line.record.users if s not in sectors.sectors()]
    if wrong:
        yield Problem(
            f"{', '.join(wrong)} is no industry", line.at("needed_by"), "codes of industries", "Correct it."
        )


def _codes(line: Line[Measure]) -> Iterator[Problem]:
    touched = {e.hs6 for e in register.event_products() if e.event == line.record.event}
    wrong = [code for code in line.record.codes if code not in touched]
    if wrong:
        yield Problem(
            f"{', '.join(wrong)} is no product of the event",
            line.at("products"),
            "codes that event_products.csv has for it",
            "Add them there, with what they cover.",
        )


def _sides(line: Line[Measure]) -> Iterator[Problem]:
    known = {*countries.countries(), *groups.groups(), groups.WORLD}
    for side in ("sender", "receiver"):
        yield from one_of(line, side, "country or group", known, blank=not line.record.shock)


def _rated(line: Line[Measure]) -> Iterator[Problem]:
    if line.record.rate is not None and line.record.shock != "tariff":
        yield Problem("a rate", line.at("rate"), "a rate for a tariff alone", "Leave it empty.")
