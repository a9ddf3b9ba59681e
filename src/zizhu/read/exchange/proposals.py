"""Claims that come back from elsewhere, as candidates: what their number and dates are, the source decides.

A foreign form names a value, a unit and dates without saying where they stand. They are looked up in the source near
the quote, so that the gate has a place to check; what is not found there is proposed as it was written, and refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zizhu.read.dates.derived import makeable
from zizhu.read.exchange import codes
from zizhu.read.gate.readings import Readings
from zizhu.read.model import Candidate, Number, Span, TimeOf, When

Fields = Mapping[str, Any]
"""Fields of a candidate by their names; `times` as pairs of EDTF and role, and the number's `value`, `low`, `high`,
`comparator`, `unit` and `value_span`. What is not known is left out or None."""
NUMBER = ("value", "low", "high")
LISTS = ("geography", "sectors", "plans")
NOWHERE = Span(0, 0)
NEARBY = 1000
"""Characters around a quote in which its dates are looked for."""


def candidate(fields: Fields, readings: Readings) -> Candidate:
    """What the fields propose of the document of `readings`."""
    quote, start = str(fields.get("quote") or ""), fields.get("start")
    where = readings.aligner.aligned(quote, start=start).span or NOWHERE
    kind: Any = fields.get("kind")
    modality: Any = fields.get("modality") or "asserted"
    polarity: Any = fields.get("polarity") or "affirmed"
    geography, sectors, plans = (texts(fields.get(name)) for name in LISTS)
    return Candidate(
        quote=quote,
        kind=kind,
        modality=modality,
        start=start,
        subject=str(fields.get("subject") or ""),
        predicate=fields.get("predicate"),
        object=texts(fields.get("object")) or None,
        indicator=fields.get("indicator"),
        number=_number(readings, where, fields),
        times=tuple(TimeOf(_when(readings, where, edtf), role) for edtf, role in fields.get("times", ())),
        geography=geography,
        sectors=sectors,
        plans=plans,
        polarity=polarity,
        speaker=fields.get("speaker"),
    )


def _number(readings: Readings, quote: Span, fields: Fields) -> Number | None:
    """The number as it was said, at the place and in the unit of the source's where that one means the same."""
    value, low, high = (real(fields.get(name)) for name in NUMBER)
    if value is low is high is None:
        return None
    unit, place = fields.get("unit"), fields.get("value_span")
    near = sorted(readings.numbers_in(quote), key=lambda n: _apart(n.span, place or n.span))
    alike = [n for n in near if (n.value, n.low, n.high) == (value, low, high)]
    known = next((n for n in alike if unit in (None, n.unit, codes.unit(n.unit))), None)
    comparator: Any = fields.get("comparator") or (known.comparator if known else "=")
    return Number(
        span=known.span if known else NOWHERE,
        digits=known.digits if known else NOWHERE,
        value=value,
        low=low,
        high=high,
        comparator=comparator,
        unit=known.unit if known else str(unit or ""),
        as_written=known.as_written if known else str(value if low is high is None else (low, high)),
    )


def _when(readings: Readings, quote: Span, edtf: str) -> When:
    around = Span(max(0, quote.start - NEARBY), quote.end + NEARBY)
    dates = readings.dates_in(around)
    found = [w for w in dates if edtf in (w.edtf, codes.date(w.edtf))]
    if not found:
        made = (*readings.implied, *makeable(dates, readings.document.text))
        found = [w for w in made if edtf == w.edtf]
    return min(found, key=lambda w: _apart(w.span, quote), default=When(NOWHERE, edtf, edtf))


def _apart(a: Span, b: Span) -> int:
    return max(0, a.start - b.end, b.start - a.end)


def texts(value: object) -> tuple[str, ...]:
    """One text, several or none, as a tuple."""
    if value is None or value == "":
        return ()
    return (
        tuple(map(str, value))
        if isinstance(value, Iterable) and not isinstance(value, str)
        else (str(value),)
    )


def real(value: Any) -> float | None:
    """A number, or None for what is none."""
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def offset(value: object) -> int | None:
    """An offset, or None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
