"""Spans of documents, opened: the sentence, what was read there, and which document it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zizhu.ledger.claims import Claim
from zizhu.ledger.result import Part
from zizhu.read.chosen import status
from zizhu.read.kept import load
from zizhu.read.model import Document, Span
from zizhu.read.quoted import LEFT, RIGHT, marked, parsed, reference_to, sentence_of
from zizhu.show.claims_page import one_line, summary
from zizhu.show.opened import Opened
from zizhu.store import Workspace
from zizhu.vocab.problems import Problem, ZizhuError

_REFS = re.compile(r"doc:([0-9a-f]{4,64}#\d{1,12}-\d{1,12})")


def open_document(workspace: Workspace, rest: str, top: int) -> Opened:
    """Open `<sha>#<start>-<end>` of a document that is kept; at most `top` claims are told.

    Raises ZizhuError for a reference that is malformed, or to what the document does not have.
    """
    start, span = parsed(rest)
    held = load(workspace, start)
    text = held.document.text
    if span.end > len(text):
        raise ZizhuError(
            Problem(
                f"characters {span.start:,} to {span.end:,}",
                f"document {held.document.id[:12]}",
                f"at most {len(text):,}",
                "Check the reference.",
            )
        )
    there = [c for c in held.claims if _touches(c, span)]
    numbers = [c for c in there if c.quantity and marked(c) == span]
    quantity = numbers[0].quantity if numbers else None
    return Opened(
        reference_to(held.document.id, span),
        sentence_with_mark(text, sentence_of(text, span), span),
        quantity.value if quantity else None,
        quantity.unit if quantity else "",
        (),
        0.0,
        (),
        None,
        (*_of_document(held.document), *_place(held.document, span), *_drawn(there), *_of_claims(there, top)),
        left_out=max(len(there) - top, 0),
    )


def cited(workspace: Workspace, text: str, value: float | None) -> tuple[Part, ...]:
    """The words of documents that a text refers to (`doc:...`), as evidence beside a value."""
    parts = []
    for rest in _REFS.findall(text):
        start, span = parsed(rest)
        words = load(workspace, start).document.text
        told = sentence_with_mark(words, sentence_of(words, span), span)
        parts.append(Part(reference_to(start, span), told, value or 0.0, None))
    return tuple(parts)


def sentence_with_mark(text: str, sentence: Span, span: Span) -> str:
    """A sentence on one line, with marks around a span in it."""
    before, inside, after = (
        text[sentence.start : span.start],
        text[span.start : span.end],
        text[span.end : sentence.end],
    )
    return one_line(f"{before}{LEFT}{inside}{RIGHT}{after}")


def _touches(claim: Claim, span: Span) -> bool:
    """Whether a span lies in the quote of a claim, or holds its number."""
    where, number = claim.evidence[0].position, marked(claim)
    inside = where.start <= span.start and span.end <= where.end
    return inside or (span.start <= number.start and number.end <= span.end)


def _of_document(document: Document) -> Iterator[tuple[str, str]]:
    yield "document", one_line(document.name)
    if document.title:
        yield "title", one_line(document.title)
    if document.publisher:
        yield "publisher", one_line(document.publisher)
    if document.published:
        yield "published", f"{document.published.edtf} ({one_line(document.published.evidence)})"


def _place(document: Document, span: Span) -> Iterator[tuple[str, str]]:
    layer = document.layer
    yield (
        "place",
        f"characters {span.start:,} to {span.end:,} of {layer.name}, SHA-256 {layer.sha256[:16]}...",
    )
    page = next((p.number for p in layer.pages if p.span.start <= span.start < p.span.end), None)
    if page is not None:
        yield "page", str(page)


def _drawn(claims: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Where the words of the first claim stand on their page, in points from its lower left corner."""
    box = claims[0].evidence[0].pdf if claims else None
    if box is not None:
        yield "box", f"{', '.join(f'{x:.0f}' for x in box.bbox)} points on page {box.page}"


def _of_claims(claims: Sequence[Claim], top: int) -> Iterator[tuple[str, str]]:
    for claim in claims[:top]:
        yield f"claim {claim.id}", f"{summary(claim)}; {status(claim)}"
