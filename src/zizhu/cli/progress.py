"""How far a long command is, on a terminal's standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

Tell = Callable[[float, int], None]


@contextmanager
def counting(title: str, when_stopped: str) -> Iterator[Tell]:
    """A bar of what is done and asked for; `when_stopped` is told where the user stops it (Ctrl-C)."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from zizhu.cli.screen import errors

    console = errors()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    try:
        # standard output is not the bar's: it may be a file
        with Progress(
            *columns, console=console, disable=not console.is_terminal, redirect_stdout=False, transient=True
        ) as bar:
            task = bar.add_task(title, total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)
    except KeyboardInterrupt:
        typer.echo(when_stopped, err=True)
        raise
