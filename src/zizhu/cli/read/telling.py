"""Claims on a page for people: the sentence with its number marked, and the reference that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.text import Text

    from zizhu.ledger.claims import Claim
    from zizhu.read.kept import Difference
    from zizhu.read.model import Document, Span

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
DocumentNamed = Annotated[
    str,
    typer.Option("--document", metavar="DOC", help="Id, path or file name of a document, or a beginning."),
]
DOCUMENT = 12
"""Letters of a document's id that are printed; any beginning that is clear is understood."""
INDENT = 4
SIDE = 160
"""Characters that are shown of a sentence before and after what is marked."""


def item(document: Document, claim: Claim) -> Text:
    """A claim on three lines: what it says, its sentence, and what opens it."""
    from rich.text import Text

    from zizhu.read.called import short
    from zizhu.read.quoted import marked, reference_to
    from zizhu.show.claims_page import one_line, summary

    told = Text().append(f"{claim.id}  ", style="dim")
    told.append(summary(claim), style="bold")
    who = f"; {one_line(claim.speaker)}" if claim.speaker else ""
    told.append(f"  ({claim.modality}{who}; {reviewed(claim)})\n")
    told.append_text(sentence(document.text, claim, SIDE)).append("\n")
    opens = reference_to(document.id[:DOCUMENT], marked(claim))
    told.append(f"    {one_line(short(document.name))}  {opens}", style="dim")
    return told


def reviewed(claim: Claim) -> str:
    """What reviewers decided of a claim, with what they corrected: `edited: value=85.0`."""
    from zizhu.read.chosen import status
    from zizhu.show.claims_page import one_line

    changes = claim.review.changes if claim.review else {}
    told = ", ".join(f"{field}={_joined(value)}" for field, value in changes.items())
    return one_line(f"{status(claim)}{f': {told}' if told else ''}")


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")


def side(document: Document, claim: Claim) -> Text:
    """A claim as one of two that stand beside one another: who says it where, its sentence, and what opens it."""
    from rich.text import Text

    from zizhu.read.called import called
    from zizhu.read.quoted import marked, reference_to
    from zizhu.show.claims_page import one_line, summary

    who = "; ".join(one_line(t) for t in (claim.speaker, claim.said_on, called(document)) if t)
    told = Text().append(f"{who}\n", style="bold")
    told.append_text(sentence(document.text, claim, SIDE)[INDENT:]).append("\n")
    told.append(f"{summary(claim)} ({claim.modality}, {reviewed(claim)})\n", style="dim")
    opens = reference_to(document.id[:DOCUMENT], marked(claim))
    return told.append(f"claim {claim.id}  {opens}", style="dim")


def sentence(text: str, claim: Claim, side: int | None = None) -> Text:
    """The sentence of a claim, its quote bright and its number marked; at most `side` characters on each side."""
    from rich.text import Text

    from zizhu.read.quoted import LEFT, RIGHT, marked, quoted

    found = quoted(text, claim)
    mark = marked(claim)
    first, last = found.sentence
    if side is not None:
        first, last = max(first, mark.start - side), min(last, mark.end + side)
    told = Text(" " * INDENT + "…" * (first != found.sentence.start))
    for start, end, style in _pieces(first, last, found.quote, mark):
        words = _line(text[start:end])
        inside = (start, end) == mark and mark != found.quote
        told.append(f"{LEFT}{words}{RIGHT}" if inside else words, style=style)
    return told.append("" if last == found.sentence.end else "…")


def _pieces(first: int, last: int, quote: Span, mark: Span) -> list[tuple[int, int, str]]:
    """The stretches of a sentence: outside the quote, inside it, and its number."""
    cuts = sorted({min(max(cut, first), last) for cut in (first, last, *quote, *mark)})
    styles = []
    for start, end in pairwise(cuts):
        inside = quote.start <= start < quote.end
        number = mark != quote and mark.start <= start < mark.end
        styles.append((start, end, "bold reverse" if number else "" if inside else "dim"))
    return styles


def _line(words: str) -> str:
    """Words on one line, with the blanks at their ends."""
    from zizhu.show.claims_page import one_line

    plain = one_line(words)
    return f"{' ' * words[:1].isspace()}{plain}{' ' * (words[-1:].isspace() and bool(plain))}"


def claim_data(document: Document, claim: Claim) -> dict[str, Any]:
    """A claim as plain data, with the reference that opens it and its document's name.

    `corrected` holds the fields that a reviewer changed, as they count now; they stand beside as they were read.
    """
    from zizhu.read.corrected import standing
    from zizhu.read.exchange.lines import data
    from zizhu.read.quoted import reference

    read, counts = data(claim), data(standing(claim))
    changed = {name: value for name, value in counts.items() if value != read.get(name)}
    fixed = {"corrected": changed} if changed else {}
    return {**read, **fixed, "document": document.name, "ref": reference(claim)}


def document_data(document: Document) -> dict[str, Any]:
    """What is known of a document, without its text."""
    return {
        "id": document.id,
        "name": document.name,
        "media": document.media,
        "language": document.language,
        "publisher": document.publisher,
        "title": document.title,
        "published": document.published._asdict() if document.published else None,
        "characters": len(document.text),
        "notes": list(document.notes),
    }


def change_words(change: Difference) -> str:
    """`3 claims new, 2 gone, 40 as before`; nothing for a first reading."""
    if change.before is None:
        return ""
    counts = (len(change.added), "new"), (len(change.gone), "gone"), (len(change.same), "as before")
    return ", ".join(f"{count:,} {word}" for count, word in counts)


def change_data(change: Difference) -> dict[str, Any]:
    """A difference by the ids of claims; `same` are pairs of the earlier id and the one now."""
    return {
        "before": change.before,
        "added": [c.id for c in change.added],
        "gone": [c.id for c in change.gone],
        "same": [[was, now.id] for was, now in change.same],
    }


def counted(words: Sequence[str]) -> str:
    """`12 target, 3 ranking`, the most frequent first."""
    from collections import Counter

    ranked = sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count:,} {word.replace('_', ' ')}" for word, count in ranked)
