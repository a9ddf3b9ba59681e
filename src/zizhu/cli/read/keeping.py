"""`zizhu claims documents` and `diff`: which documents are kept, and what reading them again would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.options import Place, workspace
from zizhu.cli.read.telling import Json

if TYPE_CHECKING:
    from zizhu.read.kept import Kept

DocumentNamed = Annotated[
    str, typer.Argument(metavar="DOC", help="Id (or its beginning), path or file name of a document.")
]


def list_(
    alike: Annotated[
        bool, typer.Option("--alike", help="Only those that are copies of others, or nearly.")
    ] = False,
    as_json: Json = False,
    place: Place = None,
) -> None:
    """The documents that are kept, with their day, language and counts of claims and reviews.

    Of one that changed since, the last version counts; the earlier ones are listed below it.
    """
    from rich.markup import escape
    from rich.table import Column, Table

    from zizhu.cli.output import console, emit_json
    from zizhu.read import kept
    from zizhu.read.called import short
    from zizhu.show.claims_page import one_line

    ws = workspace(place)
    last = {head.id for head in kept.current(ws)}
    held = [kept.load(ws, head.id) for head in kept.heads(ws)]
    held.sort(key=lambda one: (one.document.name, one.document.id not in last))
    rows = [_row(one) | {"earlier_version": one.document.id not in last} for one in held]
    if alike:
        rows = _alike(held, rows)
    if as_json:
        emit_json(rows)
        return
    numbers = [Column(c, justify="right") for c in ("claims", "refused", "reviewed")]
    table = Table(
        Column("document", no_wrap=True), "name", "lang", "published", *numbers, box=None, header_style="bold"
    )
    for row in rows:
        name = one_line(short(row["name"])) + " (earlier version)" * row["earlier_version"]
        words = (row["id"][:12], name, row["language"], row["published"] or "")
        counts = [f"{row[c]:,}" for c in ("claims", "refused", "reviewed")]
        table.add_row(*map(escape, words), *counts)
    page = console()
    page.print(table)
    for row in rows if alike else ():
        one, of = _apart(row)
        page.print(escape(f"{one} is like {of}: {row['how']}, {row['similarity']:.0%}"))


def _apart(row: dict[str, Any]) -> tuple[str, str]:
    """Two documents by what tells them apart: parts of their paths, of versions of one the beginnings of their ids."""
    from zizhu.cli.read.telling import DOCUMENT
    from zizhu.read.called import told_apart
    from zizhu.show.claims_page import one_line

    one, of = map(one_line, told_apart(row["name"], row["of"]))
    return (one, of) if one != of else (f"{one} {row['id'][:DOCUMENT]}", f"{of} {row['of_id'][:DOCUMENT]}")


def _row(one: Kept) -> dict[str, Any]:
    document = one.document
    return {
        "id": document.id,
        "name": document.name,
        "language": document.language,
        "published": document.published.edtf if document.published else None,
        "title": document.title,
        "publisher": document.publisher,
        "claims": len(one.claims),
        "refused": len(one.rejected),
        "reviewed": sum(c.review is not None for c in one.claims),
        "reviews_without_claim": len(one.orphans),
    }


def _alike(held: list[Kept], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from zizhu.read.documents.similar import similar

    return [
        {
            **rows[like.place],
            "of": rows[group.first]["name"],
            "of_id": rows[group.first]["id"],
            "how": like.how,
            "similarity": like.similarity,
        }
        for group in similar([one.document for one in held])
        for like in group.others
    ]


def remove(
    document: DocumentNamed,
    yes: Annotated[bool, typer.Option("--yes", help="Also what reviewers said of its claims.")] = False,
    place: Place = None,
) -> None:
    """Remove a document with its claims; one that was reviewed only with --yes."""
    from zizhu.cli.ready import ready
    from zizhu.read import chosen, kept
    from zizhu.read.called import short
    from zizhu.read.targets import written
    from zizhu.vocab.problems import Problem, ZizhuError

    ws = ready(place)
    head = chosen.document(ws, document)
    held = kept.load(ws, head.id)
    reviewed = sum(c.review is not None for c in held.claims) + len(held.orphans)
    if reviewed and not yes:
        raise ZizhuError(
            Problem(f"{reviewed:,} reviews would be lost", head.name, "--yes", "Export its claims first.")
        )
    kept.remove(ws, head.id)
    written(ws)
    typer.echo(f"Removed {head.id[:12]} ({short(head.name)}).")


def diff(
    document: DocumentNamed,
    other: Annotated[
        str | None, typer.Argument(metavar="[OTHER]", help="A later version of it; else it is read again.")
    ] = None,
    as_json: Json = False,
    place: Place = None,
) -> None:
    """What reading a document again would change, or what a later version of it changed; nothing is kept."""
    from zizhu.cli.output import console, emit_json
    from zizhu.cli.read.telling import change_data, change_words, claim_data, item
    from zizhu.read import chosen, kept
    from zizhu.read.extractors import fitting
    from zizhu.read.reading import claims_of
    from zizhu.show.claims_page import one_line, summary

    ws = workspace(place)
    was = kept.load(ws, chosen.document(ws, document).id)
    now = kept.load(ws, chosen.document(ws, other).id) if other else None
    claims = now.claims if now else claims_of(was.document, fitting(was.document)).claims
    change = kept.difference(was.claims, claims, was.document.id)
    later = now.document if now else was.document
    if as_json:
        gone = [claim_data(was.document, c) for c in change.gone]
        added = [claim_data(later, c) for c in change.added]
        emit_json({**change_data(change), "gone": gone, "added": added})
        return
    page = console()
    page.print(f"{change_words(change)}.", markup=False)
    for word, of, changed in (("gone", was.document, change.gone), ("new", later, change.added)):
        for claim in changed:
            page.print(f"[bold]{word}[/]")
            page.print(item(of, claim), soft_wrap=True)
    for orphan in was.orphans:
        said = orphan.made_of
        told = f"A review ({orphan.review.status}) has no claim any more: {said.id}, {summary(said)}"
        page.print(f"{told}\n    {one_line(said.evidence[0].quote.exact)}", markup=False, soft_wrap=True)
