"""`zizhu register`: plans, what they promise and by what they act, what was observed, what happened, with sources."""

from __future__ import annotations

import typer

from zizhu.cli.register import comparing, listing, showing

app = typer.Typer(
    no_args_is_help=True,
    help="Plans, targets, instruments, money, events and who says so; your own plans beside the built-in ones.",
)
app.command("list")(listing.list_records)
app.command("show")(showing.show)
app.command("search")(listing.search)
app.command("diff")(comparing.diff)
app.command("fields")(listing.fields)
