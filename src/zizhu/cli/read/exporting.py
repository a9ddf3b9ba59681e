"""`zizhu claims export` and `open`: claims as files for others, and as a page with the text."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.options import Place, workspace
from zizhu.cli.read.forms import Out
from zizhu.cli.read.listing import Indicator, Kind, Numbers, Plan, Speaker, Status
from zizhu.cli.read.telling import DocumentNamed

if TYPE_CHECKING:
    from zizhu.ledger.claims import Claim
    from zizhu.read.kept import Kept
    from zizhu.store import Workspace


def export(
    form: Annotated[
        str, typer.Option("--format", help="gold-jsonl, jsonl, csv, annotation, label-studio or html.")
    ] = "jsonl",
    out: Out = None,
    kind: Kind = "",
    plan: Plan = "",
    document: DocumentNamed = "",
    status: Status = "",
    speaker: Speaker = "",
    indicator: Indicator = "",
    numbers: Numbers = False,
    place: Place = None,
) -> None:
    """Write the claims that are kept, with what reviewers said; to standard output without -o.

    jsonl, csv and annotation hold several documents in one file; of the others, several documents go into a folder.
    """
    from zizhu.cli.read.forms import writing
    from zizhu.read.chosen import Asked, chosen

    asked = Asked(kind, status, plan, speaker, indicator, numbers=numbers)
    found = list(chosen(workspace(place), asked, document))
    by_document = [(k, [f.claim for f in g]) for k, g in groupby(found, key=lambda f: f.kept)]
    writer = writing(form, out, several=len(by_document) > 1, streams=True)
    if writer is None or not by_document:
        raise _nothing()
    for kept, claims in by_document:
        writer.write(kept.document, claims)
    writer.end()
    if out is not None:
        several = "s" * (len(by_document) != 1)
        typer.echo(
            f"{out}: {len(found):,} claim{'s' * (len(found) != 1)} of {len(by_document):,} document{several}."
        )


def _nothing() -> Exception:
    from zizhu.vocab.problems import CannotAnswer, Problem

    return CannotAnswer(
        Problem("no claims", "workspace", "claims that are asked for", "zizhu claims list shows them.")
    )


def open_(
    what: Annotated[
        str, typer.Argument(metavar="ID|DOC", help="A claim, or a document with all its claims.")
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The page; zizhu-claims-NAME.html here if absent.")
    ] = None,
    place: Place = None,
) -> None:
    """Write a page with the text of a document and its claims marked in it: one file, no network."""
    from zizhu.cli.output import save
    from zizhu.cli.read.forms import FORMS, file_stem

    kept, claim = _found(workspace(place), what)
    path = out or Path(f"zizhu-claims-{file_stem(kept.document)}.html")
    save(path, FORMS["html"].written(kept.document, kept.claims))
    typer.echo(f"{path}{f'#c-{claim.id}' if claim else ''}")


def _found(ws: Workspace, what: str) -> tuple[Kept, Claim | None]:
    """The document of that name or id, or else the one of the claim with that id."""
    from zizhu.read import chosen
    from zizhu.read.kept import load
    from zizhu.vocab.problems import ZizhuError

    try:
        return load(ws, chosen.document(ws, what).id), None
    except ZizhuError as no_document:
        try:
            found = chosen.claim(ws, what)
        except ZizhuError:
            raise no_document from None
        return found.kept, found.claim
