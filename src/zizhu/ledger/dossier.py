"""Everything that a register holds about one record: what belongs to it, its line, its siblings and its sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from zizhu.ledger import controls, finding, funds, kin, listed
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Source

_ID = re.compile(r"\w[\w.-]*\w")
OBSERVED = 12
"""Observations that are shown of a series, the latest ones."""


class Section(NamedTuple):
    """A table of a dossier: its title and its rows."""

    title: str
    rows: Sequence[Mapping[str, Any]]


class Dossier(NamedTuple):
    """A record with its fields, the sections about it, and the sources of all that is shown."""

    kind: str
    id: str
    name: str
    fields: Mapping[str, Any]
    sections: Sequence[Section]
    sources: Sequence[Source]


def dossier(held: Register, text: str) -> Dossier:
    """The dossier of an id or name; raises ZizhuError with the nearest."""
    kind, record = finding.one(held, text)
    sections = [s for s in _SECTIONS.get(kind, _linked)(held, record) if s.rows]
    cited = [getattr(record, "source", ""), *(row.get("source", "") for s in sections for row in s.rows)]
    if kind == "sources":
        cited = [record.id]
    cited += _named(held, getattr(record, "note", ""))
    plain = {k: v for k, v in record.model_dump(mode="json").items() if v not in ("", None, [], {})}
    sources = [held.sources[i] for i in dict.fromkeys(cited) if i in held.sources]
    if "note" in plain:
        plain["note"] = _spelt(held, plain["note"])
    return Dossier(kind, record.id, finding.name(record), plain, sections, sources)


def _named(held: Register, note: str) -> list[str]:
    """The sources that a note names by their ids."""
    return [word for word in _ID.findall(note) if word in held.sources]


def _spelt(held: Register, note: str) -> str:
    """A note with publisher and title in the place of the ids of sources."""
    return _ID.sub(lambda m: held.sources[m[0]].citation() if m[0] in held.sources else m[0], note)


def _plan(held: Register, plan: Any) -> Iterator[Section]:
    mine = kin.of_plan(held, plan.id)
    for kind in ("targets", "instruments", "amounts"):
        yield Section(kind, listed.lines(mine, kind, held))
    yield Section("money, no amount counted twice", money(mine))
    for kind in ("megaprojects", "pilots", "events"):
        yield Section(kind, listed.lines(mine, kind, held))
    yield Section("line of succession", [_kin(k) for k in kin.line(held, plan.id)])
    parts = [{"plan": p, "name": held.plans[p].name} for p in kin.parts(held, plan.id)[1:]]
    yield Section("parts", parts)
    yield from _linked(held, plan, without=("succeeds", "part of", "marks"))


def _target(held: Register, target: Any) -> Iterator[Section]:
    same = [(held.targets[key], why) for key, why in kin.siblings(held, target.id)]
    yield Section(
        "siblings: the same aim, worded or measured otherwise", [_beside(t, why) for t, why in same]
    )
    alike = [
        t
        for t in held.targets.values()
        if t.id != target.id
        and finding.folded(t.item) == finding.folded(target.item)
        and t.country == target.country
    ]
    yield Section("the same item in this and other plans", [_beside(t, "") for t in alike])
    for series, title in (
        (target.trackable_by, "observed on the same basis"),
        (target.nearest, "for context only"),
    ):
        yield Section(f"{title}: {series}", _observed(held, series, target.country))
    yield from _linked(held, target, without=("same aim",))


def _event(held: Register, event: Any) -> Iterator[Section]:
    acts = [
        {
            "shock": m.shock or "none",
            "products": m.products,
            "sender": m.sender,
            "receiver": m.receiver,
            "why": m.basis,
        }
        for m in controls.measures()
        if m.event == event.id
    ]
    yield Section("what it does to trade", acts)
    cuts = [
        {"control": c.id, "sender": c.sender, "receiver": c.receiver, "covers": c.covers, "why": c.basis}
        for c in controls.controls().values()
        if c.event == event.id
    ]
    yield Section("as a cut of an industry", cuts)
    yield from _linked(held, event)


def _instrument(held: Register, instrument: Any) -> Iterator[Section]:
    mine = Register(amounts={k: a for k, a in held.amounts.items() if a.instrument == instrument.id})
    yield Section("amounts", listed.lines(mine, "amounts", held))
    yield Section("money, no amount counted twice", money(mine))
    pilots = Register(pilots={k: p for k, p in held.pilots.items() if p.instrument == instrument.id})
    yield Section("pilots", listed.lines(pilots, "pilots", held))


def _amount(held: Register, amount: Any) -> Iterator[Section]:
    others = Register(
        amounts={
            k: a
            for k, a in held.amounts.items()
            if k != amount.id
            and (a.instrument == amount.instrument or k == amount.within or a.within == amount.id)
        }
    )
    yield Section(
        "other amounts of the instrument, and those it overlaps with", listed.lines(others, "amounts", held)
    )


def _indicator(held: Register, indicator: Any) -> Iterator[Section]:
    tracked = {k: t for k, t in held.targets.items() if indicator.id in (t.trackable_by, t.nearest)}
    yield Section("targets", listed.lines(Register(targets=tracked), "targets", held))
    observed = {k: o for k, o in held.observations.items() if o.indicator == indicator.id}
    yield Section("observations", listed.lines(Register(observations=observed), "observations", held))


def _member(held: Register, record: Any) -> Iterator[Section]:
    """An actor or a place: the plans, instruments and pilots in which it stands."""
    plans = {k: p for k, p in held.plans.items() if record.id in p.issuers}
    run = {k: i for k, i in held.instruments.items() if record.id in i.managers}
    tried = {k: p for k, p in held.pilots.items() if record.id in (p.lead, *p.places)}
    part = Register(plans=plans, instruments=run, pilots=tried)
    for kind in ("plans", "instruments", "pilots"):
        yield Section(kind, listed.lines(part, kind, held))
    yield from _linked(held, record)


def _source(held: Register, source: Any) -> Iterator[Section]:
    citing = [
        {"kind": kind, "id": key, "name": finding.name(r)}
        for kind in listed.KINDS
        for key, r in getattr(held, kind).items()
        if getattr(r, "source", "") == source.id
    ]
    yield Section("records that rest on it", citing)


def _linked(held: Register, record: Any, without: Sequence[str] = ()) -> Iterator[Section]:
    """The links of a record, each with what stands at its other end."""
    rows = []
    for link in kin.links_of(held, record.id):
        if link.relation not in without:
            end = link.b if link.a == record.id else link.a
            ends = f"{link.relation} {end}" if link.a == record.id else f"{end} {link.relation} it"
            told = finding.name(finding.one(held, end)[1])
            rows.append(
                {
                    "link": ends,
                    "what": told,
                    "note": link.note,
                    "source": link.source,
                    "quality": link.quality,
                }
            )
    yield Section("links", rows)


def money(mine: Register) -> list[dict[str, Any]]:
    """The totals of the amounts of a register, one a stage and currency."""
    return [
        {
            "stage": t.stage,
            "total": f"{t.bound} {t.value:,.10g} {t.unit}".removeprefix("= "),
            "if nothing overlaps": f"{t.most:,.10g} {t.unit}" if t.unclear else "",
            "taken out": t.taken_out,
            "amounts": len(t.counted) + len(t.inside) + len(t.unclear),
            "overlap not known": "; ".join(t.unclear),
            "disputing": "; ".join(t.disputed),
        }
        for t in funds.totals(mine.amounts.values())
    ]


def _kin(k: kin.Kin) -> dict[str, Any]:
    return {
        "steps": k.steps,
        "plan": k.plan.id,
        "name": k.plan.name,
        "note": k.link.note,
        "source": k.link.source,
        "quality": k.link.quality,
    }


def _beside(t: Any, why: str) -> dict[str, Any]:
    line = {
        "target": t.id,
        "plan": t.plan,
        "item": t.item,
        "indicator": t.indicator,
        "demands": listed.said(t),
    }
    line |= {"deadline": t.deadline, "basis": t.basis, "status": t.status}
    return line | ({"how": why} if why else {}) | {"source": t.source, "quality": t.quality}


def _observed(held: Register, series: str, country: str) -> list[dict[str, Any]]:
    mine = {k: o for k, o in held.observations.items() if o.indicator == series and o.entity == country}
    return listed.lines(Register(observations=mine), "observations", held)[-OBSERVED:]


_SECTIONS: Mapping[str, Callable[[Register, Any], Iterator[Section]]] = {
    "plans": _plan,
    "targets": _target,
    "events": _event,
    "instruments": _instrument,
    "amounts": _amount,
    "indicators": _indicator,
    "actors": _member,
    "places": _member,
    "sources": _source,
}
