"""Lists of what a register holds, by kind, each record in a line, for one plan, sector or country if asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from zizhu.ledger import finding, kin
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Target
from zizhu.vocab import units
from zizhu.vocab.problems import ZizhuError, unknown

KINDS = tuple(f.name for f in fields(Register))
Cell = Callable[[Register, Any], Any]


def kind_of(text: str) -> str:
    """The kind that a word names, in singular or plural; raises ZizhuError with the nearest."""
    by_name = {
        name: kind for kind in KINDS for name in (kind, kind.removesuffix("s"), kind.replace("_", "-"))
    }
    if text.casefold() not in by_name:
        raise ZizhuError(unknown("kind", text, KINDS, "KIND"))
    return by_name[text.casefold()]


def counts(held: Register) -> dict[str, int]:
    """How many records there are of each kind."""
    return {kind: len(getattr(held, kind)) for kind in KINDS}


def narrowed(held: Register, plan: str = "", sector: str = "", country: str = "") -> Register:
    """The part of a register that belongs to a plan with its parts, speaks of a sector, and is of a country.

    Raises ZizhuError for an unknown plan.
    """
    if plan:
        found = kin.parts(held, finding.plan(held, plan).id)
        held = _joined([kin.of_plan(held, p) for p in found])
    kept = {
        kind: {
            key: r
            for key, r in getattr(held, kind).items()
            if (not sector or _speaks_of(held, kind, r, sector))
            and (not country or country == _country(held, r))
        }
        for kind in KINDS
    }
    return Register(**kept)


def lines(held: Register, kind: str, whole: Register) -> list[dict[str, Any]]:
    """The records of a kind, one line each; names are looked up in the whole register."""
    columns = {"id": _id, **_COLUMNS[kind], **_ENDS}
    return [
        {name: cell(whole, r) for name, cell in columns.items() if name in columns and _has(name, r)}
        for r in getattr(held, kind).values()
    ]


def records(held: Register, kind: str) -> list[dict[str, Any]]:
    """The records of a kind with all of their fields."""
    return [{"id": r.id, **r.model_dump(mode="json")} for r in getattr(held, kind).values()]


def said(t: Target) -> str:
    """What a target demands: `>= 70 %`, `3 to 5`."""
    if t.high is not None:
        return f"{units.number(t.value)} to {units.quantity(t.high, t.unit)}"
    sign = f"{t.comparator} " if t.comparator not in (None, "=") else ""
    return sign + units.quantity(t.value, t.unit)


def valued(record: Any) -> str:
    """A value with the sign that the source gives it."""
    sign = f"{record.comparator} " if record.comparator not in (None, "=") else ""
    return sign + units.quantity(record.value, record.unit)


def _joined(parts: list[Register]) -> Register:
    found = Register()
    for part in parts:
        found = found.and_those(part)
    return found


def _speaks_of(held: Register, kind: str, record: Any, sector: str) -> bool:
    if kind in ("links", "sources"):
        return False
    if kind == "observations":
        record = held.indicators.get(record.indicator)
    elif kind == "amounts":
        record = held.instruments.get(record.instrument)
    return record is not None and finding.about(record, sector)


def _country(held: Register, record: Any) -> str:
    """Whose a record is: its own country, or that of what it belongs to."""
    for field in ("country", "actor", "entity"):
        if getattr(record, field, ""):
            return str(getattr(record, field))
    if getattr(record, "instrument", "") in held.instruments:
        return held.instruments[record.instrument].country
    if getattr(record, "plan", "") in held.plans:
        return held.plans[record.plan].country
    return ""


def _has(name: str, record: Any) -> bool:
    return name not in _ENDS or hasattr(record, name)


def _id(held: Register, record: Any) -> str:
    del held
    return str(record.id)


def _field(name: str) -> Cell:
    return lambda _, r: getattr(r, name)


def _listed(name: str) -> Cell:
    return lambda _, r: "; ".join(getattr(r, name))


def _name(held: Register, record: Any) -> str:
    del held
    return finding.name(record)


def _span(held: Register, record: Any) -> str:
    del held
    return f"{record.start}/{record.end}".strip("/") if record.start != record.end else record.start


_ENDS: Mapping[str, Cell] = {"source": _field("source"), "quality": _field("quality")}
_COLUMNS: Mapping[str, Mapping[str, Cell]] = {
    "plans": {
        "name": _name,
        "zh": lambda _, r: r.names.get("zh", ""),
        "kind": _field("kind"),
        "country": _field("country"),
        "issued": _field("issued"),
        "span": _span,
        "targets": lambda held, r: sum(t.plan == r.id for t in held.targets.values()),
    },
    "targets": {
        "plan": _field("plan"),
        "country": _field("country"),
        "sector": _field("sector"),
        "item": _field("item"),
        "indicator": _field("indicator"),
        "demands": lambda _, t: said(t),
        "deadline": _field("deadline"),
        "basis": _field("basis"),
        "status": _field("status"),
    },
    "instruments": {
        "name": _name,
        "kind": _field("kind"),
        "plan": _field("plan"),
        "country": _field("country"),
        "span": _span,
        "amounts": lambda held, r: sum(a.instrument == r.id for a in held.amounts.values()),
    },
    "amounts": {
        "instrument": _field("instrument"),
        "stage": _field("stage"),
        "amount": lambda _, a: valued(a),
        "date": _field("date"),
        "within": _field("within"),
        "overlap": _field("overlap"),
        "disputes": _field("disputes"),
    },
    "megaprojects": {
        "name": _name,
        "zh": lambda _, r: r.names.get("zh", ""),
        "plan": _field("plan"),
        "kind": _field("kind"),
    },
    "pilots": {
        "name": _name,
        "plan": _field("plan"),
        "lead": _field("lead"),
        "places": _listed("places"),
        "span": _span,
    },
    "events": {
        "date": _field("date"),
        "actor": _field("actor"),
        "kind": _field("kind"),
        "event": _field("event"),
    },
    "links": {"a": _field("a"), "relation": _field("relation"), "b": _field("b"), "note": _field("note")},
    "indicators": {
        "label": _field("label"),
        "basis": _field("basis"),
        "higher_is": _field("higher_is"),
        "industry": _field("icio_sector"),
        "values": lambda held, r: sum(o.indicator == r.id for o in held.observations.values()),
    },
    "observations": {
        "indicator": _field("indicator"),
        "entity": _field("entity"),
        "period": _field("period"),
        "value": lambda _, o: valued(o),
        "status": _field("status"),
        "vintage": _field("vintage"),
    },
    "assessments": {
        "speaker": _field("speaker"),
        "date": _field("date"),
        "subject": _field("subject"),
        "indicator": _field("indicator"),
        "value": lambda _, c: valued(c),
        "verdict": _field("verdict"),
    },
    "official_indicators": {
        "indicator": _field("indicator"),
        "unit": _field("unit"),
        "target_2025": _field("target_2025"),
    },
    "actors": {"name": _name, "kind": _field("kind"), "country": _field("country"), "role": _field("role")},
    "places": {
        "name": _name,
        "kind": _field("kind"),
        "country": _field("country"),
        "region": _field("region"),
    },
    "sources": {
        "producer": _field("producer"),
        "title": _field("title"),
        "published": _field("published"),
        "url": _field("url"),
    },
}
"""The columns of each kind between its id and its source."""
