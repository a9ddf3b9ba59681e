"""A quote in its sentence, and the reference that opens it: `doc:<sha>#<start>-<end>`."""

from __future__ import annotations

import re
from typing import NamedTuple

from zizhu.ledger.claims import Claim
from zizhu.ledger.models import Ref
from zizhu.read.model import Span
from zizhu.read.rules.sentences import sentences
from zizhu.vocab.problems import Problem, ZizhuError

AROUND = 1500
"""Code points before and after a quote in which its sentence is looked for."""
KIND = "doc"
LEFT, RIGHT = ">>", "<<"
"""What stands around the marked words of a sentence, where nothing else can mark them."""
_REST = re.compile(r"([0-9a-f]{4,64})#(\d{1,12})-(\d{1,12})")


class Quoted(NamedTuple):
    """A sentence, and in it the quote and what is marked, all as spans of the document's text."""

    sentence: Span
    quote: Span
    marked: Span


def quoted(text: str, claim: Claim) -> Quoted:
    """The sentence of a claim with its number marked, or where it has none, its quote."""
    first = claim.evidence[0]
    quote = Span(first.position.start, first.position.end)
    return Quoted(sentence_of(text, quote), quote, marked(claim))


def marked(claim: Claim) -> Span:
    """The span of a claim's number, or where it has none, of its quote."""
    where = claim.evidence[0].value_position or claim.evidence[0].position
    return Span(where.start, where.end)


def sentence_of(text: str, span: Span) -> Span:
    """The sentence, or sentences, that hold a span; the span itself where it stands in none."""
    first = max(0, span.start - AROUND)
    start, end = span
    for sentence in sentences(text[first : span.end + AROUND]):
        begins, ends = first + sentence.start, first + sentence.end
        if begins < span.end and span.start < ends:
            start, end = min(start, begins), max(end, ends)
    return Span(start, end)


def reference(claim: Claim) -> Ref:
    """What opens the number, or the quote, of a claim."""
    return reference_to(claim.evidence[0].source, marked(claim))


def reference_to(document: str, span: Span) -> Ref:
    """What opens a span of a document."""
    return f"{KIND}:{document}#{span.start}-{span.end}"


def parsed(rest: str) -> tuple[str, Span]:
    """The document, or a beginning of its id, and the span that a reference names after `doc:`.

    Raises ZizhuError for one that names none.
    """
    found = _REST.fullmatch(rest)
    if found is None or int(found[2]) >= int(found[3]):
        raise ZizhuError(
            Problem(
                f"cannot read {rest!r:.100}",
                "reference",
                "doc:<id of a document>#<start>-<end>, in code points of its text",
                "`zizhu claims list` prints such references.",
            )
        )
    return found[1], Span(int(found[2]), int(found[3]))
