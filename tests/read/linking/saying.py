"""Claims of our own for the tests of links and targets, about plans and firms that are made up or mixed up."""

from __future__ import annotations

import hashlib
from typing import Any

from zizhu.ledger.claims import Claim, Extractor, Position, Quantity, Quote, Selector, Time


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def number(value: float | None, unit: str = "count:car", written: str = "", **more: Any) -> Quantity:
    return Quantity(value=value, unit=unit, as_written=written or f"{value:g}", **more)


def when(edtf: str, role: str = "observation") -> Time:
    return Time(edtf=edtf, as_written="", role=role)  # type: ignore[arg-type]


def claim(
    paper: str = "Paper A", quote: str = "What the document says.", start: int = 0, **fields: Any
) -> Claim:
    """A claim of a document that a paper published; its id follows from all that it says."""
    source = digest(fields.pop("document", paper))
    value = fields.pop("at", None)
    given: dict[str, Any] = {
        "kind": "actual",
        "modality": "achieved",
        "reported_by": paper,
        "said_on": "2024-03",
        "geography": ("NOR",),
        **fields,
    }
    known = repr((paper, quote, start, sorted(given.items(), key=str)))
    return Claim(
        id=digest(known)[:16],
        evidence=(
            Selector(
                source=source,
                sha256=source,
                quote=Quote(exact=quote),
                position=Position(start=start, end=start + len(quote)),
                value_position=Position(start=value[0], end=value[1]) if value else None,
                status="exact",
            ),
        ),
        extractor=Extractor(name="a person", version="1"),
        **given,
    )


def cars(paper: str, value: float | None, year: str = "2023", **fields: Any) -> Claim:
    """A claim of how many cars were exported in a year."""
    said = fields.pop("quantity", None) or number(value)
    times = fields.pop("times", (when(year),))
    quote = fields.pop("quote", f"{paper} counts {value} cars in {year}.")
    return claim(paper, quote, indicator="car_exports", quantity=said, times=times, **fields)


def share(paper: str, indicator: str, value: float, **fields: Any) -> Claim:
    """A claim of a share in percent."""
    quote = fields.pop("quote", f"{paper} has {indicator} at {value}.")
    return claim(
        paper, quote, indicator=indicator, quantity=number(value, "percent"), times=(when("2023"),), **fields
    )


def aim(paper: str, indicator: str, value: float | None, deadline: str = "2030", **fields: Any) -> Claim:
    """A claim of what is to be reached."""
    unit = fields.pop("unit", "percent")
    quote = fields.pop("quote", f"{paper} wants {indicator} at {value} by {deadline}.")
    return claim(
        paper,
        quote,
        kind="target",
        modality="planned",
        indicator=indicator,
        quantity=None if value is None else fields.pop("quantity", None) or number(value, unit),
        times=(when(deadline, "deadline"),) if deadline else (),
        **fields,
    )


def opinion(paper: str, quote: str, speaker: str | None = None, **fields: Any) -> Claim:
    """A claim without a number."""
    given: dict[str, Any] = {"kind": "attribution", "modality": "asserted", "speaker": speaker, **fields}
    return claim(paper, quote, **given)
