"""The day of judgement, as commands read it."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from zizhu.vocab.problems import Problem

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Day of judgement: what could be known then. Today if absent."
    ),
]


def day(text: str | None, option: str = "--as-of") -> tuple[str, list[Problem]]:
    """The day in ISO 8601, today without one, and what is wrong with it."""
    today = datetime.date.today()
    try:
        asked = datetime.date.fromisoformat(text) if text is not None else today
    except ValueError:
        return "", [
            Problem(f"{text!r} is not a day", option, "a date such as 2026-06-30", "Change the date.")
        ]
    if asked > today:
        said = (
            f"{asked} has not come: deadlines up to it count as passed, and no more is known than on {today}."
        )
        typer.echo(said, err=True)
    return asked.isoformat(), []
