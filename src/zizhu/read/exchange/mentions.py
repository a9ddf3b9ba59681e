"""The quantities and dates of a text, one row each, whether a claim gives them or not: for whoever scores both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zizhu.read.dates import dates
from zizhu.read.exchange import codes
from zizhu.read.extractors import language_read
from zizhu.read.model import Document, Number, Span, When
from zizhu.read.quantities import numbers


def mentions(document: Document) -> list[dict[str, Any]]:
    """Rows of type QUANTITY and DATE in the order of the text; relative dates count from the document's day."""
    text, language = document.text, language_read(document)
    anchor = document.published.edtf if document.published else None
    found = [(n.span, _quantity(n)) for n in numbers(text, language)]
    found += [(w.span, _date(w)) for w in dates(text, anchor, language)]
    return list(_rows(text, sorted(found, key=lambda pair: pair[0])))


def _rows(text: str, found: list[tuple[Span, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    for span, said in found:
        yield {
            "type": said.pop("type"),
            "quote": text[slice(*span)],
            "start": span.start,
            "end": span.end,
            **said,
        }


def _quantity(number: Number) -> dict[str, Any]:
    return {
        "type": "QUANTITY",
        "value": number.value,
        "value_low": number.low,
        "value_high": number.high,
        "comparator": number.comparator,
        # `billions in investment`: money of no currency, or things without a name
        "unit": None if number.vague and number.unit == "count" else codes.unit(number.unit),
        "iso": None,
    }


def _date(when: When) -> dict[str, Any]:
    blank = dict.fromkeys(("value", "value_low", "value_high", "comparator", "unit"))
    return {"type": "DATE", **blank, "iso": codes.date(when.edtf)}
