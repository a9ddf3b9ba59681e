"""What a workspace keeps of the documents that were read: text, claims, refusals, links, and what reviewers said.

    documents/<sha>/{text, meta.json, claims.jsonl, rejected.jsonl, links.jsonl, reviews.jsonl}

A review outlives the claim that it was made of. It stands with the claim of the same id; where a later reading, or a
later version of the document, gave the claim another id, with the one of the same words and number; else it is shown
as an orphan.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from zizhu.ledger.claims import Claim, ClaimId, LayerName, Link, Review
from zizhu.ledger.models import Record, Text, faults
from zizhu.read.exchange import lines
from zizhu.read.gate.fold import fold
from zizhu.read.gate.outcome import Admitted, Rejected
from zizhu.read.model import Dated, Document, Layer, Page, Span
from zizhu.store import Workspace
from zizhu.store.documents import Shelf
from zizhu.vocab.problems import Problem, ZizhuError, unknown

TEXT, META, CLAIMS, REJECTED, LINKS, REVIEWS = (
    "text", "meta.json", "claims.jsonl", "rejected.jsonl", "links.jsonl", "reviews.jsonl",
)  # fmt: skip
_OPENING = 1_000
_CLAIM_ID = re.compile(r'^\{"id": "([0-9a-f]{16})"')


class Head(Record):
    """A document without its text. `pages` are number, start and end; boxes of characters are not kept."""

    id: Text
    name: str
    media: str
    layer: LayerName
    sha256: str
    language: str
    publisher: str
    title: str
    published: tuple[str, str, float] | None = None
    notes: tuple[str, ...] = ()
    pages: tuple[tuple[int, int, int], ...] = ()


class Signed(Record):
    """A review with the claim that it was made of, for when the claim's id changes; `carried` is its first document."""

    claim: ClaimId
    review: Review
    made_of: Claim
    carried: str = ""


@dataclass(frozen=True)
class Kept:
    """A document as it is kept. Claims hold their reviews; those of `moved` were made of a claim with another id."""

    document: Document
    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]
    links: tuple[Link, ...]
    orphans: tuple[Signed, ...] = ()
    moved: frozenset[ClaimId] = frozenset()
    unreadable: int = 0
    """Lines of reviews that were cut off by a dying machine."""


@dataclass(frozen=True)
class Difference:
    """What a reading changed: claims that are new, gone, or said before (with their earlier id); `before` is the
    document that it is compared with, None at the first reading."""

    added: tuple[Claim, ...]
    gone: tuple[Claim, ...]
    same: tuple[tuple[ClaimId, Claim], ...]
    before: str | None = None
    orphans: tuple[Signed, ...] = ()
    """Reviews of which no claim is left."""


def keep(
    workspace: Workspace, document: Document, admitted: Admitted, links: Iterable[Link] = ()
) -> Difference:
    """Keep a reading in the place of the earlier one, and say what it changed.

    The earlier one is that of the document of the same name that was kept last, whose reviews are carried over, or else
    of the same document under another name. Raises ZizhuError where the workspace cannot be written.
    """
    shelf = Shelf.of(workspace, document.id)
    before = Shelf.named(workspace, document.name) or (shelf if shelf.read(META) else None)
    old = lines.records(before.read(CLAIMS), Claim, f"{before.id} {CLAIMS}") if before else ()
    shelf.write(
        {
            TEXT: document.text,
            META: _head(document).model_dump_json(indent=1),
            CLAIMS: lines.written(admitted.claims),
            REJECTED: lines.written(admitted.rejected),
            LINKS: lines.written(links),
        }
    )
    if before is not None and before != shelf:
        _carry(before, shelf)
    # last, so that a reading that is killed before is made again with the reviews of the one before
    shelf.call(workspace, document.name)
    changed = difference(old, admitted.claims, before.id if before else None)
    return replace(changed, orphans=_placed(admitted.claims, _signed(shelf)[0])[1])


def load(workspace: Workspace, document: str) -> Kept:
    """A kept document, named by its id or a beginning of it. Raises ZizhuError for one that is not here or damaged."""
    shelf = Shelf.found(workspace, document)
    claims = lines.records(shelf.read(CLAIMS), Claim, f"{shelf.id} {CLAIMS}")
    signed, unreadable = _signed(shelf)
    reviews, orphans, moved = _placed(claims, signed)
    return Kept(
        _document(shelf),
        _reviewed(claims, reviews),
        lines.records(shelf.read(REJECTED), Rejected, f"{shelf.id} {REJECTED}"),
        lines.records(shelf.read(LINKS), Link, f"{shelf.id} {LINKS}"),
        orphans,
        moved,
        unreadable,
    )


def without_text(workspace: Workspace, head: Head, wanted: Callable[[str], bool]) -> Kept:
    """A document without its text, and the claims in whose lines (JSON) `wanted` finds what is asked for.

    Those that were reviewed are among them: a correction may make of them what is asked for. So are all of a document
    in which a review has another claim to find.
    """
    shelf = Shelf.of(workspace, head.id)
    signed, unreadable = _signed(shelf)
    reviewed = {s.claim for s in signed}
    found, here = [], set()
    for line in shelf.lines(CLAIMS):
        claim = _CLAIM_ID.match(line)
        own = claim is not None and claim[1] in reviewed
        here |= {claim[1]} if claim and own else set()
        if own or wanted(line):
            found.append(line)
    text = "\n".join(found) if here == reviewed else shelf.read(CLAIMS)
    claims = lines.records(text, Claim, f"{shelf.id} {CLAIMS}")
    reviews, orphans, moved = _placed(claims, signed)
    return Kept(_described(head, ""), _reviewed(claims, reviews), (), (), orphans, moved, unreadable)


def opening(workspace: Workspace, document: str) -> str:
    """The first characters of the text of a document, by its id."""
    return Shelf.of(workspace, document).read(TEXT)[:_OPENING]


def heads(workspace: Workspace) -> tuple[Head, ...]:
    """All documents of the workspace, without their texts, by name."""
    return tuple(sorted((_read_head(s) for s in Shelf.kept(workspace)), key=lambda h: (h.name, h.id)))


def current(workspace: Workspace) -> tuple[Head, ...]:
    """The documents of the workspace by name, without those of which a later version was read."""
    every = heads(workspace)
    last = {name: latest(workspace, name) for name in {h.name for h in every}}
    return tuple(h for h in every if last[h.name] in ("", h.id))


def latest(workspace: Workspace, name: str) -> str:
    """The id of the document that was last kept under a name; empty where there is none."""
    shelf = Shelf.named(workspace, name)
    return shelf.id if shelf else ""


def ids(workspace: Workspace) -> dict[ClaimId, str]:
    """The ids of all claims with those of their documents, found without reading the claims."""
    return {
        claim[1]: shelf.id
        for shelf in Shelf.kept(workspace)
        for line in shelf.lines(CLAIMS)
        if (claim := _CLAIM_ID.match(line))
    }


def review(workspace: Workspace, document: str, claim: str, said: Review) -> Claim:
    """Add a review of a claim to the log, where the last one counts; returns the claim with it.

    Raises ZizhuError for a claim that the document does not have.
    """
    shelf = Shelf.found(workspace, document)
    claims = {c.id: c for c in lines.records(shelf.read(CLAIMS), Claim, f"{shelf.id} {CLAIMS}")}
    if claim not in claims:
        raise ZizhuError(unknown("claim", claim, sorted(claims), f"document {shelf.id}"))
    shelf.add(REVIEWS, lines.written([Signed(claim=claim, review=said, made_of=claims[claim])]).rstrip("\n"))
    return claims[claim].model_copy(update={"review": said})


def remove(workspace: Workspace, document: str) -> None:
    """Remove a document with its claims and reviews."""
    Shelf.found(workspace, document).remove()


def _carry(before: Shelf, shelf: Shelf) -> None:
    """Add the reviews of an earlier version to the log of a later one, each once."""
    have = {_said(s) for s in _signed(shelf)[0]}
    for signed in _latest(_signed(before)[0]):
        if _said(signed) not in have:
            moved = signed.model_copy(update={"carried": signed.carried or before.id})
            shelf.add(REVIEWS, lines.written([moved]).rstrip("\n"))


def _said(signed: Signed) -> tuple[str, str]:
    return signed.claim, signed.review.model_dump_json()


def _latest(signed: Sequence[Signed]) -> list[Signed]:
    return list({s.claim: s for s in signed}.values())


def _signed(shelf: Shelf) -> tuple[list[Signed], int]:
    """The log of reviews, and how many of its lines cannot be read."""
    found: list[Signed] = []
    unreadable = 0
    for _, line in lines.numbered(shelf.read(REVIEWS), REVIEWS):
        try:
            found.append(Signed.model_validate_json(line))
        except ValidationError:
            unreadable += 1
    return found, unreadable


def _reviewed(claims: Iterable[Claim], reviews: Mapping[ClaimId, Review]) -> tuple[Claim, ...]:
    """The claims with their reviews."""
    return tuple(c.model_copy(update={"review": reviews[c.id]}) if c.id in reviews else c for c in claims)


def _placed(
    claims: Sequence[Claim], signed: Sequence[Signed]
) -> tuple[dict[ClaimId, Review], tuple[Signed, ...], frozenset[ClaimId]]:
    """The last review of each claim, the reviews without one, and the claims that were reviewed under another id."""
    ids = {c.id for c in claims}
    moved: dict[ClaimId, Review] = {}
    orphans: list[Signed] = []
    for said in (s for s in _latest(signed) if s.claim not in ids):
        heir = _heir(said.made_of, claims)
        if heir is None:
            orphans.append(said)
        else:
            moved[heir] = said.review
    direct = {s.claim: s.review for s in signed if s.claim in ids}
    return moved | direct, tuple(orphans), frozenset(moved) - frozenset(direct)


def _heir(gone: Claim, claims: Sequence[Claim]) -> ClaimId | None:
    """The one claim that says in all fields, or else in words and number, what a claim said that is gone."""
    for key in (_content, _words_and_number):
        alike = [c.id for c in claims if key(c) == key(gone)]
        if len(alike) == 1:
            return alike[0]
    return None


def _words_and_number(claim: Claim) -> Hashable:
    q = claim.quantity
    return fold(claim.evidence[0].quote.exact).text, q and (q.value, q.low, q.high, q.comparator, q.unit)


def _content(claim: Claim) -> Hashable:
    said = (claim.kind, claim.indicator, claim.subject, claim.predicate, claim.object, claim.polarity)
    return _words_and_number(claim), said


def difference(old: Sequence[Claim], new: Sequence[Claim], before: str | None) -> Difference:
    """What changed from one reading to another; claims that say the same in the same words are matched, each once."""
    waiting: dict[Hashable, list[Claim]] = {}
    for claim in old:
        waiting.setdefault(_content(claim), []).append(claim)
    added: list[Claim] = []
    same: list[tuple[ClaimId, Claim]] = []
    for claim in new:
        alike = waiting.get(_content(claim))
        if alike:
            same.append((alike.pop(0).id, claim))
        else:
            added.append(claim)
    matched = Counter(was for was, _ in same)
    return Difference(tuple(added), tuple(c for c in old if not matched[c.id]), tuple(same), before)


def _head(document: Document) -> Head:
    layer = document.layer
    return Head(
        id=document.id,
        name=document.name,
        media=document.media,
        layer=layer.name,
        sha256=layer.sha256,
        language=document.language,
        publisher=document.publisher,
        title=document.title,
        published=tuple(document.published) if document.published else None,
        notes=document.notes,
        pages=tuple((p.number, *p.span) for p in layer.pages),
    )


def _read_head(shelf: Shelf) -> Head:
    try:
        return Head.model_validate_json(shelf.read(META))
    except ValidationError as error:
        raise ZizhuError(faults(error, str(shelf.folder / META), Head.model_fields)) from error


def _document(shelf: Shelf) -> Document:
    """The document as it was read. Raises ZizhuError where its text is not the one that claims point into."""
    head, text = _read_head(shelf), shelf.read(TEXT)
    if hashlib.sha256(text.encode()).hexdigest() != head.sha256:
        where = str(shelf.folder / TEXT)
        raise ZizhuError(
            Problem(
                "is not the text that was read", where, f"SHA-256 {head.sha256[:16]}...", "Read it again."
            )
        )
    return _described(head, text)


def _described(head: Head, text: str) -> Document:
    """The document of a head with its text."""
    pages = tuple(Page(number, Span(start, end)) for number, start, end in head.pages)
    return Document(
        id=head.id,
        name=head.name,
        media=head.media,
        layer=Layer(head.layer, text, head.sha256, pages),
        language=head.language,
        publisher=head.publisher,
        title=head.title,
        published=Dated(*head.published) if head.published else None,
        notes=head.notes,
    )
