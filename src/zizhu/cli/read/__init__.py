"""`zizhu read`, `zizhu claims` and `zizhu phrases`: from documents to claims, one module a question."""

from __future__ import annotations

import typer

from zizhu.cli.read import exporting, keeping, listing, reviewing, targets

app = typer.Typer(no_args_is_help=True, help="What documents say: claims with the words they were read from.")
documents = typer.Typer(no_args_is_help=True, help="The documents that are kept.")
app.command("list")(listing.list_)
for command in (
    listing.show,
    reviewing.review,
    listing.conflicts,
    targets.targets,
    exporting.export,
    exporting.open_,
    listing.rejected,
    keeping.diff,
):
    app.command(command.__name__.rstrip("_"))(command)
documents.command("list")(keeping.list_)
documents.command("remove")(keeping.remove)
app.add_typer(documents, name="documents")
