"""Reading: from documents to claims that passed the gate, kept one document after the other.

What is done stays where reading is broken off, and the document under way leaves nothing. A document is read by every
extractor that was asked for; where two say the same of the same words, it is one claim with the evidence of both.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from zizhu.ledger.claims import Claim
from zizhu.read import kept
from zizhu.read.documents.similar import Sameness, similar
from zizhu.read.extractors import fitting, named
from zizhu.read.gate.admit import admitted
from zizhu.read.gate.identity import Joined
from zizhu.read.gate.outcome import Admitted, Refused, Rejected
from zizhu.read.left_out import of_tables, unreadable
from zizhu.read.messages import Voice, spoken, voices
from zizhu.read.model import Candidate, Context, Document, Extractor
from zizhu.read.places import Means, Stated, Waiting, waiting
from zizhu.read.repeated import bounded
from zizhu.store import Workspace
from zizhu.vocab.problems import Problem, ZizhuError

Tell = Callable[[float, int], None]
"""How many documents are done, part of one among them, and how many are asked for."""
_SWEPT = 100_000
"""Objects that are made between two runs of the garbage collector: memory that it could free stays below 100 MB."""


@dataclass(frozen=True)
class Reading:
    """A document that was read: its claims, what the gate refused, and what that changed where it is kept."""

    document: Document
    admitted: Admitted
    change: kept.Difference | None = None


@dataclass(frozen=True)
class Unread:
    """A document that could not be read, and why."""

    name: str
    error: ZizhuError


@dataclass(frozen=True)
class Alike:
    """A document that is a copy of one that was read before it, or nearly: how, and the shared part of the shingles."""

    name: str
    of: str
    how: Sameness
    similarity: float


@dataclass
class Session:
    """Documents that are read one after the other. `texts` are those read so far, to tell which are alike.

    Raises ZizhuError for extractors that are not known.
    """

    workspace: Workspace | None = None
    extractors: Sequence[str] = ()
    texts: list[Document] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        named(self.extractors)

    def read(self, documents: Sequence[Waiting], tell: Tell | None = None) -> Iterator[Reading | Unread]:
        """Read and, where there is a workspace, keep the documents in order; `tell` has how far it is and all of them.

        A document that cannot be read is told and the next one is read; one that is a copy of an earlier one, byte by
        byte, is not read again. Raises ZizhuError where the workspace cannot be written.
        """
        for done, one in enumerate(documents):
            if tell is not None:
                tell(done, len(documents))
            outcome = self._one(one, tell and _within(tell, done, len(documents)))
            if outcome is not None:
                yield outcome
        if tell is not None:
            tell(len(documents), len(documents))

    def alike(self) -> tuple[Alike, ...]:
        """The documents read so far that are copies of earlier ones, or nearly."""
        groups = similar(self.texts)
        return tuple(
            Alike(self.texts[like.place].name, self.texts[group.first].name, like.how, like.similarity)
            for group in groups
            for like in group.others
        )

    def _one(self, one: Waiting, tell: Callable[[float], None] | None) -> Reading | Unread | None:
        try:
            document = one.opened()
            copy = document.id in self._ids
            found = None if copy else claims_of(document, fitting(document, self.extractors), tell)
        except ZizhuError as error:
            return Unread(one.name, error)
        tables = of_tables(document, found.claims) if found else ""
        document = replace(document, notes=(*document.notes, tables)) if tables else document
        self._ids.add(document.id)
        # neither pages nor boxes, which take more room than the text
        self.texts.append(replace(document, layer=replace(document.layer, pages=())))
        if found is None:
            return None
        change = None if self.workspace is None else kept.keep(self.workspace, document, found)
        return Reading(document, found, change)


def read(
    places: Sequence[str],
    workspace: Workspace | None = None,
    *,
    extractors: Sequence[str] = (),
    said: Stated | None = None,
    means: Means | None = None,
    tell: Tell | None = None,
) -> Iterator[Reading | Unread]:
    """Read what is at `places`, see `waiting`; in a workspace, what is read is kept."""
    return Session(workspace, extractors).read(waiting(places, said, means), tell)


def _within(tell: Tell, done: int, of: int) -> Callable[[float], None]:
    """Tells how far the document after those that are done has been read."""
    return lambda part: tell(done + min(part, 1.0), of)


def claims_of(
    document: Document, extractors: Iterable[Extractor], tell: Callable[[float], None] | None = None
) -> Admitted:
    """What passes the gate of all that `extractors` propose of a document; `tell` has the part of it that is done.

    Relative dates count from the day on which it was published, if that is known. A sentence that comes again and again
    is read at its first places, see `repeated`; numbers in a form that is not read are refused. Raises ZizhuError for
    an extractor that fails.
    """
    anchor = document.published.edtf if document.published else None
    context = Context(anchor) if tell is None else Context(anchor, tell)
    with _seldom_swept():
        read, repeated = bounded(document)
        said = voices(read)
        found = combined([admitted(document, _of_all(said, by, context), by, context) for by in extractors])
    return replace(found, rejected=(*found.rejected, *repeated, *unreadable(document.text)))


@contextmanager
def _seldom_swept() -> Iterator[None]:
    """The garbage collector runs seldom: reading makes many small objects, and hardly any that only it can free."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], _SWEPT) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _of_all(said: Sequence[Voice], by: Extractor, context: Context) -> Iterator[Candidate]:
    """The candidates of an extractor from the words of all who speak in a document."""
    for voice in said:
        for candidate in _proposed(voice.document, by, context):
            yield spoken(candidate, voice.speaker)


def _proposed(document: Document, by: Extractor, context: Context) -> Iterator[Candidate]:
    """The candidates of an extractor; what it raises becomes a problem of it."""
    try:
        for candidate in by.extract(document, context):
            if not isinstance(candidate, Candidate):
                raise TypeError(f"{type(candidate).__name__} is no Candidate")
            yield candidate
    except ZizhuError:
        raise
    except Exception as error:  # an extractor may be anybody's
        raise ZizhuError(
            Problem(
                f"the extractor {by.name} {by.version} failed: {type(error).__name__}: {error}",
                document.name,
                "candidates",
                "Read it with another extractor, or mend this one.",
            )
        ) from error


def combined(parts: Sequence[Admitted]) -> Admitted:
    """What several extractors found, as one; of two that differ on the same words, the first is kept."""
    if len(parts) == 1:
        return parts[0]
    joined = Joined()
    rejected: list[Rejected] = []
    for part in parts:
        rejected += part.rejected
        for claim in part.claims:
            try:
                joined.add(claim)
            except Refused as refused:
                rejected.append(_twin(claim, refused))
    return Admitted(joined.claims(), tuple(rejected))


def _twin(claim: Claim, refused: Refused) -> Rejected:
    return Rejected(
        reason=refused.reason,
        words=refused.words,
        quote=claim.evidence[0].quote.exact,
        start=claim.evidence[0].position.start,
        kind=claim.kind,
        subject=claim.subject,
        indicator=claim.indicator,
        said=claim.quantity.as_written if claim.quantity else "",
        times=tuple(t.edtf for t in claim.times),
        extractor=claim.extractor.name,
    )
