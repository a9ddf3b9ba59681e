"""A document with its claims marked in it, as one self-contained HTML page: no network, no script, everything escaped.

A claim's number links to its row below the text, and the row back. Where claims overlap, the text is cut into pieces
that the same claims cover. Controls of direction, which could make a text read otherwise than it is stored, and other
controls are shown as U+FFFD.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from zizhu.ledger.claims import Claim, Quantity, Time
from zizhu.read.corrected import standing
from zizhu.read.model import Document
from zizhu.vocab import names, periods, units
from zizhu.vocab.problems import ZizhuError

if TYPE_CHECKING:
    from jinja2 import Template

KEPT = "\t\n\r"
_SHORT = 6
"""Signs of a number up to which it is said in millions, billions or trillions."""
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_BYTE_ORDER_MARK = 0xFEFF
_HIDDEN = {code: "\N{REPLACEMENT CHARACTER}" for code in _CONTROLS if chr(code) not in KEPT} | {
    _BYTE_ORDER_MARK: ""
}
_LINK = Markup('<a class="ref" id="c-{0}" href="#r-{0}" aria-label="claim {1}: {2}">{1}</a>')
_BOLD = Markup("<b>{}</b>")
_MARK = Markup('<mark class="{}" title="{}">{}</mark>')


class Piece(NamedTuple):
    """A stretch of the text, the claims that cover it, and those of them that begin with it (by index)."""

    start: int
    end: int
    covering: tuple[int, ...]
    beginning: tuple[int, ...]


def claims_page(document: Document, claims: Sequence[Claim]) -> str:
    """The page's HTML. A claim that does not point into this document is left out of the text, not of the list."""
    ordered = sorted(claims, key=lambda c: (c.evidence[0].position.start, c.evidence[0].position.end, c.id))
    return _template().render(
        name=shown(document.title or document.name or document.id),
        document=document,
        published=document.published,
        css=Markup(_text("claims_page.css")),
        text=_marked(document, ordered),
        claims=ordered,
        summary=summary,
        quantity=number,
        standing=standing,
        when=when,
        about=about,
        changes=changes,
        shown=shown,
    )


def shown(text: object) -> str:
    """A text without controls that a reader cannot see."""
    return str(text).translate(_HIDDEN)


def one_line(text: object) -> str:
    """A text on one line, without controls that a reader cannot see."""
    return " ".join(shown(text).split())


def _marked(document: Document, claims: Sequence[Claim]) -> Markup:
    """The text, with quotes marked and the numbers in them bold."""
    text, made = document.text, []
    spans = [_span(document, claim) for claim in claims]
    numbers = [_number_in(claim) if span else None for claim, span in zip(claims, spans, strict=True)]
    for piece in pieces(len(text), [*spans, *numbers]):
        covering = [i for i in piece.covering if i < len(claims)]
        words = escape(shown(text[piece.start : piece.end]))
        words = _BOLD.format(words) if len(covering) < len(piece.covering) else words
        made += [
            _LINK.format(claims[i].id, i + 1, summary(claims[i])) for i in piece.beginning if i < len(claims)
        ]
        if covering:
            told = "; ".join(f"{i + 1}: {summary(claims[i])}" for i in covering)
            kind = "several" if len(covering) > 1 else claims[covering[0]].kind
            made.append(_MARK.format(kind, told, words))
        else:
            made.append(words)
    return Markup("").join(made)


def _number_in(claim: Claim) -> tuple[int, int] | None:
    """Where the number of a claim stands inside its quote."""
    first = claim.evidence[0]
    at, quote = first.value_position, first.position
    inside = at is not None and quote.start <= at.start < at.end <= quote.end
    return (at.start, at.end) if at and inside else None


def _span(document: Document, claim: Claim) -> tuple[int, int] | None:
    """Where a claim stands in the document, or None where the words there are not its quote."""
    first = claim.evidence[0]
    start, end = first.position.start, first.position.end
    here = first.sha256 == document.layer.sha256 and document.text[start:end] == first.quote.exact
    return (start, end) if here else None


def pieces(length: int, spans: Sequence[tuple[int, int] | None]) -> Iterator[Piece]:
    """The stretches of a text of `length` that the same spans cover, in order; together they are the text."""
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for i, span in enumerate(spans):
        if span is not None:
            starts.setdefault(span[0], []).append(i)
            ends.setdefault(span[1], []).append(i)
    covering: dict[int, None] = {}
    cuts = sorted({0, length, *starts, *ends})
    for start, end in pairwise(cuts):
        for i in ends.get(start, ()):
            covering.pop(i)
        begun = starts.get(start, [])
        covering |= dict.fromkeys(begun)
        yield Piece(start, end, tuple(covering), tuple(begun))


def summary(claim: Claim) -> str:
    """`target: share of sales, >= 70 percent, deadline 2025, negated`; of a corrected claim also what was read."""
    counts = standing(claim)
    now, before = _summary(counts), _summary(claim)
    if now == before:
        return now
    numbers = [number(c.quantity) if c.quantity else "no number" for c in (counts, claim)]
    alone = counts.quantity is not None and before == now.replace(numbers[0], numbers[1], 1)
    return f"{now} (read as {numbers[1] if alone else before})"


def _summary(claim: Claim) -> str:
    said = [claim.indicator or claim.predicate or _subject(claim.subject)]
    said += [number(claim.quantity)] if claim.quantity else []
    said += [f"{t.role} {when(t)}" for t in claim.times]
    said += ["negated"] if claim.polarity == "negated" else []
    return shown(f"{claim.kind}: {', '.join(filter(None, said))}").replace("_", " ")


def when(time: Time) -> str:
    """A time in words: `first half of 2024`; as EDTF writes it where there are none."""
    try:
        return periods.label(periods.parse(time.edtf))
    except ZizhuError:
        return time.edtf


def _subject(subject: str) -> str:
    """A subject in words: a country by its name."""
    kind, _, code = subject.partition(":")
    return names.name(code) if kind == "country" else subject


def about(claim: Claim) -> str:
    """What a claim is about, in words: `Chile: hydrogen capacity; 21 sectors`."""
    subject, said = _subject(claim.subject), (claim.indicator or claim.predicate or "").replace("_", " ")
    objects = ", ".join(map(_subject, claim.object or ()))
    return ": ".join(filter(None, (subject, said))) + (f"; {objects}" if objects else "")


def changes(claim: Claim) -> str:
    """What a reviewer corrected: `value=85.0`."""
    said = claim.review.changes if claim.review else {}
    return ", ".join(f"{k}={', '.join(map(str, v)) if isinstance(v, list) else v}" for k, v in said.items())


def scaled(value: float) -> str:
    """A number that a line can hold: `2.5 billion`; others as they are."""
    for scale, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= scale and math.isfinite(value):
            short = units.number(value / scale)
            return f"{short} {word}" if len(short) <= _SHORT else units.number(value)
    return units.number(value)


def number(quantity: Quantity) -> str:
    """`>= 70 percent`."""
    ends = [scaled(v) for v in (quantity.low, quantity.high) if v is not None]
    value = scaled(quantity.value) if quantity.value is not None else " to ".join(ends)
    bound = "" if quantity.comparator == "=" else f"{quantity.comparator} "
    return f"{bound}{value} {quantity.unit.removeprefix('count:')}"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_text("claims_page.html.j2"))


def _text(name: str) -> str:
    return (resources.files("zizhu.show") / name).read_text(encoding="utf-8")
