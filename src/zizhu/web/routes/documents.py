"""Documents that were read, their claims, and what reviewers say of these. A text is text: nothing in it runs."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response

from zizhu.ledger.claims import Claim
from zizhu.read.kept import Head, heads, load
from zizhu.vocab.problems import Problem
from zizhu.web.bench import Bench, Here
from zizhu.web.refusals import Refused, or_missing
from zizhu.web.shapes import Answer, Claims, DocumentText, Job, OneClaim, ReadDocument, Review, SaidClaim
from zizhu.web.worker import ReadTask
from zizhu.web.written import Written

if TYPE_CHECKING:  # brought in when a document is asked for, not at the start
    from zizhu.read.chosen import Asked, Found

router = APIRouter(tags=["documents"])
Text = Annotated[str, Query(max_length=200)]
Sha = Annotated[
    str, Path(pattern=r"^[0-9a-f]{64}$", description="The id of a document: the SHA-256 of its bytes.")
]
ClaimId = Annotated[
    str, Path(pattern=r"^[0-9a-f]{4,16}$", description="The id of a claim, or its beginning.")
]


@router.get("/documents")
async def documents(bench: Here) -> list[ReadDocument]:
    """The documents that are kept, by name."""
    return await bench.made(partial(_documents, bench))


@router.post("/documents", status_code=202)
def read(
    bench: Here,
    name: Annotated[
        str, Query(min_length=1, max_length=200, description="What it is called; no file is looked for.")
    ],
    data: Annotated[
        bytes, Body(media_type="application/octet-stream", description="The bytes of the document.")
    ] = b"",
    language: Annotated[str | None, Query(max_length=10)] = None,
    published: Annotated[str | None, Query(max_length=40)] = None,
    publisher: Text = "",
    title: Text = "",
) -> Job:
    """Read a document (text, HTML, PDF, DOCX): a job, whose claims are kept in the workspace."""
    bench.require_writing()
    if not data:
        raise Refused(
            400,
            Problem(
                "an empty file", name, "the bytes of a document", "Choose a file that has something in it."
            ),
        )
    return bench.jobs.begin("read", name, ReadTask(data, name, language, published, publisher, title))


@router.get("/documents/{sha}")
def document(sha: Sha, bench: Here) -> DocumentText:
    """The text of a document with its claims; spans count code points of the text."""
    with or_missing():
        held = load(bench.workspace, sha)
        head = _head(bench, sha)
    return DocumentText(head=head, text=held.document.text, claims=list(held.claims))


@router.get("/claims")
async def claims(
    bench: Here,
    kind: Text = "",
    status: Text = "",
    plan: Text = "",
    speaker: Text = "",
    indicator: Text = "",
    sector: Text = "",
    geography: Text = "",
    words: Text = "",
    numbers: bool = False,
    document: Text = "",
    first: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    count: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Claims:
    """The claims that are asked for, by document and in the order of its text, a stretch of them at a time."""
    from zizhu.read.chosen import Asked

    asked = Asked(kind, status, plan, speaker, indicator, sector, geography, words, numbers)
    return await bench.made(partial(_claims, bench, asked, document, first, count))


@router.get("/claims/conflicts", response_model=Answer)
async def conflicts(request: Request, bench: Here, document: Text = "") -> Response:
    """Claims that do not say the same of the same, side by side, with the reason."""
    page = await bench.made(partial(_conflicts, bench, document))
    return page.to(request)


@router.get("/claims/{claim}")
async def claim(claim: ClaimId, bench: Here) -> OneClaim:
    """A claim with its sentence, its links and its review."""
    return await bench.made(partial(_claim, bench, claim))


@router.post("/claims/{claim}/review")
async def review(claim: ClaimId, said: Review, bench: Here) -> SaidClaim:
    """Accept, reject or correct a claim; what was read stays beside the correction."""
    bench.require_writing()
    return await bench.made(partial(_reviewed, bench, claim, said))


def _documents(bench: Bench) -> list[ReadDocument]:
    from zizhu.read.chosen import every

    known = {head.id: head for head in heads(bench.workspace)}
    return [
        ReadDocument(
            head=known[one.document.id],
            claims=len(one.claims),
            refused=len(one.rejected),
            reviewed=sum(c.review is not None for c in one.claims),
        )
        for one in every(bench.workspace)
    ]


def _head(bench: Bench, sha: str) -> Head:
    return next(head for head in heads(bench.workspace) if head.id == sha)


def _claims(bench: Bench, asked: Asked, document: str, first: int, count: int) -> Claims:
    from zizhu.read.chosen import chosen

    found = chosen(bench.workspace, asked, document)
    total = sum(1 for _ in islice(found, first))
    shown = [_said(one, one.claim) for one in islice(found, count)]
    return Claims(claims=shown, total=total + len(shown) + sum(1 for _ in found))


def _conflicts(bench: Bench, document: str) -> Written:
    from zizhu.read import chosen as choosing
    from zizhu.read import conflicts as verb
    from zizhu.web.answers import Made, data

    only = (choosing.document(bench.workspace, document).id,) if document else ()
    inputs = verb.load(bench.workspace, verb.Params(documents=only))
    result = verb.solve(inputs)
    bench.workspace.save_run(result.run)
    return Written.of(data(Made(inputs, result, {}), None))


def _claim(bench: Bench, claim: str) -> OneClaim:
    from zizhu.read import chosen
    from zizhu.read.quoted import quoted

    with or_missing():
        found = chosen.claim(bench.workspace, claim)
    text = found.kept.document.text
    sentence = text[slice(*quoted(text, found.claim).sentence)]
    said = _said(found, found.claim)
    return OneClaim(**dict(said), sentence=sentence, links=chosen.links_of(bench.workspace, found.claim))


def _reviewed(bench: Bench, claim: str, said: Review) -> SaidClaim:
    from zizhu.read import chosen
    from zizhu.read.reviewing import decide
    from zizhu.read.targets import renewed

    with or_missing():
        found = chosen.claim(bench.workspace, claim)
    signed = decide(bench.workspace, found, said.decision, said.changes, by=said.by, note=said.note)
    renewed(bench.workspace, found.claim, signed)
    return _said(found, signed)


def _said(found: Found, claim: Claim) -> SaidClaim:
    from zizhu.read.chosen import status
    from zizhu.read.quoted import reference

    return SaidClaim(
        claim=claim, document=found.kept.document.name, ref=reference(claim), status=status(claim)
    )
