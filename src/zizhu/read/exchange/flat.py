"""The flat form: one row a claim, its first period and deadline, codes as in `codes`.

What it leaves out: predicate, polarity, further dates and evidence, confidence, reviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zizhu.ledger.claims import Claim, Role
from zizhu.read.exchange import codes, proposals
from zizhu.read.gate.readings import Readings
from zizhu.read.model import Candidate, Span

PERIODS: tuple[Role, ...] = ("observation", "event")
LISTS = {"geography": "geography", "sector": "sectors", "plan": "plans", "object": "object"}
"""Columns that hold one text or several, and the field of a claim that they are."""
SHARED = ("quote", "kind", "subject", "indicator", "comparator", "unit", "speaker", "modality")


def flat(claim: Claim) -> dict[str, Any]:
    """The row of a claim."""
    evidence, quantity = claim.evidence[0], claim.quantity
    position, exact = evidence.position, evidence.quote.exact
    at = evidence.value_position
    return {
        "id": claim.id,
        "quote": exact,
        "start": position.start,
        "end": position.end,
        "kind": claim.kind,
        "subject": codes.subject(claim.subject) or None,
        "indicator": claim.indicator,
        "value": quantity.value if quantity else None,
        "value_low": quantity.low if quantity else None,
        "value_high": quantity.high if quantity else None,
        "comparator": quantity.comparator if quantity else None,
        "unit": codes.unit(quantity.unit) if quantity else None,
        "change": quantity.change if quantity else None,
        "value_quote": exact[at.start - position.start : at.end - position.start] if at else None,
        "value_start": at.start if at else None,
        "value_end": at.end if at else None,
        "period": _date(claim, PERIODS),
        "deadline": _date(claim, ("deadline",)),
        **{column: _one_or_more(getattr(claim, field)) for column, field in LISTS.items()},
        "geography": _one_or_more(tuple(codes.place(p) for p in claim.geography)),
        "plan": _one_or_more(codes.plans(claim.plans, claim.plan_names)),
        "speaker": claim.speaker,
        "modality": claim.modality,
    }


def _date(claim: Claim, roles: tuple[Role, ...]) -> str | None:
    return next((codes.date(t.edtf) for t in claim.times if t.role in roles), None)


def _one_or_more(values: tuple[str, ...] | None) -> str | list[str] | None:
    if not values:
        return None
    return values[0] if len(values) == 1 else list(values)


def candidates(rows: Iterable[Mapping[str, Any]], readings: Readings) -> tuple[Candidate, ...]:
    """What rows of the flat form propose of a document."""
    return tuple(proposals.candidate(_fields(row), readings) for row in rows)


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    start, end = (proposals.offset(row.get(f"value_{side}")) for side in ("start", "end"))
    return {
        **{name: row.get(name) or None for name in SHARED},
        **{field: row.get(column) for column, field in LISTS.items()},
        "subject": codes.subject_back(str(row.get("subject") or "")),
        "plans": codes.plans_back(proposals.texts(row.get("plan"))),
        "geography": tuple(codes.place_back(p) for p in proposals.texts(row.get("geography"))),
        "start": proposals.offset(row.get("start")),
        "value": row.get("value"),
        "low": row.get("value_low"),
        "high": row.get("value_high"),
        "value_span": None if start is None or end is None else Span(start, end),
        "times": list(_times(row)),
    }


def _times(row: Mapping[str, Any]) -> Iterator[tuple[str, Role]]:
    if row.get("period"):
        yield str(row["period"]), "event" if row.get("kind") == "policy_event" else "observation"
    if row.get("deadline"):
        yield str(row["deadline"]), "deadline"
