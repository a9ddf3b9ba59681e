"""A first scenario file from a dated event of the register, for a person to correct.

What the event says comes from the register: who restricts what to whom. What no source says is assumed, and marked.
"""

from __future__ import annotations

from collections.abc import Iterator

from zizhu.ledger import register
from zizhu.ledger.controls import ALL, Control, Measure, controls, event_kinds, measures, needed
from zizhu.ledger.models import Event
from zizhu.stress.scenario.drafting import ASSUMED, Drafted, assumed, file_text, quoted, who_needs
from zizhu.stress.scenario.shocks import BY_KIND, WEEKS
from zizhu.stress.scenario.wording import TODO
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

BAN, TARIFF = "export_ban", "tariff"


def draftable() -> tuple[Event, ...]:
    """The events that a scenario can be drafted from, in the order of their dates."""
    return tuple(event for event in register.events().values() if _shocks(event))


def drafted(event_id: str) -> str:
    """A scenario file for an event: YAML with its sources and assumptions in comments.

    Raises ZizhuError for an id that the register does not have, and CannotAnswer for an event that restricts nothing
    that the tables know, saying why and what can be written by hand.
    """
    event = register.events().get(event_id)
    if event is None:
        close = unknown("event", event_id, list(register.events()), "event")
        remedy = f"{close.remedy} `zizhu stress events` lists those that can be drafted."
        raise ZizhuError(Problem(close.what, close.where, "the id of an event of the register", remedy))
    shocks = _shocks(event)
    if not shocks:
        raise CannotAnswer(_undrafted(event))
    by_week = any(WEEKS in BY_KIND[s.kind].acts for s in shocks)
    settings = {
        "id": event.id.casefold(),
        "title": quoted(_title(event)),
        "event": event.id,
        "horizons": "[weeks, quarters]" if by_week else "[years]",
    }
    return file_text([*_cited(event), *_open(event)], settings, shocks)


def _title(event: Event) -> str:
    return f"{event.date}, {names.name(event.actor)}: {event.event}"


def _cited(event: Event) -> Iterator[str]:
    source = register.sources()[event.source]
    beware = "; confirm it before relying on it" if event.quality == "low" else ""
    yield f"{_title(event)}."
    yield f"Source: {source.citation()}{f', {source.url}' if source.url else ''} (quality {event.quality}{beware})."
    yield (
        f"A first draft: the run begins on the day of the event. Check every line marked {ASSUMED} and fill in every "
        f"{TODO}. Where the tables see less than half of what is restricted, a run is refused unless the file says "
        "`insist: true`. `zizhu stress fields` lists all settings."
    )


def _open(event: Event) -> Iterator[str]:
    """What the event names and the draft does not have."""
    if lost := _uncoded(event):
        yield "Named by the event, and no product that this file could name:"
        yield from (f"- {covers}" for covers in lost)


def _uncoded(event: Event) -> list[str]:
    """What the event names that no code of the register holds."""
    return [p.covers for p in register.event_products() if p.event == event.id and not p.hs6]


def _measures(event: Event) -> list[Measure]:
    return [m for m in measures() if m.event == event.id]


def _shocks(event: Event) -> list[Drafted]:
    """What the register reads as shocks: products or all goods, and cuts of whole industries."""
    found = [_measured(m) for m in _measures(event) if m.shock and m.products]
    return found + [_controlled(c) for c in controls().values() if c.event == event.id]


def _measured(one: Measure) -> Drafted:
    """Products, or all goods of the sender, that an event restricts."""
    settings, notes = assumed(one.shock)
    sides = {"sender": one.sender, "receiver": one.receiver}
    if one.shock == TARIFF:
        settings = {"rate": TODO if one.rate is None else f"{one.rate:g}"}
        notes = {"rate": "As a share of the price: 0.25 for 25 percent."} if one.rate is None else {}
    if one.duration:
        settings["duration"] = one.duration
    covers = {p.hs6: p.covers for p in register.event_products() if p.event == one.event}
    products = [(code, covers[code]) for code in one.codes]
    goods = ["All goods of the sender."] if one.products == ALL else []
    left = who_needs(needed().get(one.event)) if products else {}
    return Drafted(
        one.shock, {**sides, **settings}, products, [f"Read so: {one.basis}.", *goods], notes, left
    )


def _controlled(one: Control) -> Drafted:
    """An industry's sales of which an event restricts a part."""
    settings, notes = assumed(BAN)
    remarks = [
        f"{one.label}, read as a cut of an industry ({one.basis}).",
        f"The event names a part of the industry: {one.covers}. With all of its sales this is an upper bound: make "
        "`share` the part that is meant.",
    ]
    return Drafted(BAN, {"sender": one.sender, "receiver": one.receiver, **settings}, (), remarks, notes)


def _undrafted(event: Event) -> Problem:
    """Why an event cannot be drafted, and what a person may write instead."""
    what, where = f"no scenario can be drafted from {event.id}", f"event: {event.event}"
    listing = "`zizhu stress events` lists the events that can be drafted."
    kind, read = event_kinds()[event.kind], _measures(event)
    lost = "; ".join(_uncoded(event))
    expected = "an event that restricts products with a code, an industry or all goods of a country"
    expected += f"; it names {lost}" if lost else ""
    if not kind.drafted:
        return Problem(what, where, expected, f"{kind.why} {listing}")
    if not any(m.shock for m in read):
        return Problem(what, where, expected, f"{' '.join(m.basis for m in read)} {listing}")
    return Problem(what, where, expected, _by_hand(read[0]))


def _by_hand(one: Measure) -> str:
    """The shock of an event without products, for a person to finish."""
    settings, _ = assumed(one.shock)
    if one.shock == TARIFF:
        settings = {"rate": TODO if one.rate is None else f"{one.rate:g}"}
    said = {"kind": one.shock, "sender": one.sender, "receiver": one.receiver, **settings}
    line = ", ".join(f"{name}: {value}" for name, value in said.items())
    return (
        f"Write it by hand, with HS codes of a trade table that has them (`zizhu data add baci`) or an industry as "
        f"`sender: {one.sender}:SECTOR`: {{{line}, products: [...]}}; {one.basis}."
    )
