"""What must hold before anything is computed: a workspace that keeps the run, and files that can be written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import typer

from zizhu.cli.options import workspace
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    from zizhu.cli.output import Form
    from zizhu.ledger.models import Ref
    from zizhu.store import Workspace
    from zizhu.tables.choice import Choice

DRAWN = (".svg", ".png", ".vl.json")
_CHOSEN: WeakKeyDictionary[Workspace, dict[str, str]] = WeakKeyDictionary()
"""Why tables were chosen, by name, for the answer that is being made in a workspace."""


def ready(place: Path | None, form: Form | None = None, problems: Iterable[Problem] = ()) -> Workspace:
    """The workspace at `place` for an answer that is kept in it and given in `form`.

    Raises ZizhuError with `problems` and all that keeps the run or a file of the answer from being written.
    """
    found = list(problems)
    if form is not None and form.plot is not None:
        found += unwritable(form.plot, "--plot", DRAWN, "Rename the file.")
    if form is not None and form.drawing and form.plot is None:
        what = "a drawing is named and no file for it"
        found.append(Problem(what, "--drawing", "--plot FILE beside it", "Name the file with --plot."))
    if form is not None and form.csv is not None:
        found += unwritable(form.csv, "--csv", (".csv",), "Rename the file.")
    try:
        ws = workspace(place)
        ws.check_writable()
    except ZizhuError as error:
        raise ZizhuError([*found, *error.problems]) from None
    if found:
        raise ZizhuError(found)
    return ws


def mrio(ws: Workspace, named: str | None) -> str:
    """The input-output table that was named, or the best; on standard error it says which and why."""
    from zizhu.tables.choice import Best

    return named or _told(ws, Best(ws).mrio)


def mrio_with_final(ws: Workspace, named: str | None) -> str:
    """As `mrio`, for a question that needs final demand by destination: a table that measures it comes first."""
    from zizhu.tables.choice import Best

    return named or _told(ws, Best(ws).mrio_with_final)


def trade(ws: Workspace, named: str | None) -> str:
    """The trade table that was named, or the best; on standard error it says which and why."""
    from zizhu.tables.choice import Best

    return named or _told(ws, Best(ws).trade)


def tables(ws: Workspace, flows: str | None, goods: str | None) -> tuple[str, str]:
    """As `mrio` and `trade`, for a question that needs both."""
    from zizhu.tables.choice import Best

    best = Best(ws)
    return flows or _told(ws, best.mrio), goods or _told(ws, best.trade)


def _told(ws: Workspace, choice: Choice) -> str:
    if choice.why:
        typer.echo(choice.why, err=True)
        _CHOSEN.setdefault(ws, {})[choice.name] = choice.why
    return choice.name


def chosen(ws: Workspace, inputs: Iterable[Ref]) -> tuple[str, ...]:
    """Why the tables among the inputs of an answer were chosen, those of them that nobody named."""
    names = [ref.removeprefix("table:").partition("@")[0] for ref in inputs]
    return tuple(why for name, why in _CHOSEN.get(ws, {}).items() if name in names)


def unwritable(path: Path, option: str, endings: tuple[str, ...], remedy: str) -> list[Problem]:
    """What keeps `path` from being written with one of `endings`; nothing is left behind by the trial."""
    wanted = " or ".join(f"FILE{e}" for e in endings)
    if not path.name:
        return [Problem("no file is named", option, wanted, "Name a file.")]
    found = []
    if not path.name.casefold().endswith(endings):
        found.append(Problem(f"{path.name!r} has another ending", option, wanted, remedy))
    why = _obstacle(path)
    if why:
        expected = "a file in a folder that is there and that you may write to"
        found.append(Problem(f"cannot write: {why}", f"{option} {path}", expected, "Choose another file."))
    return found


def _obstacle(path: Path) -> str:
    from zizhu.store.files import probe_folder

    try:
        if path.is_dir():
            return "it is a folder"
        if not path.parent.exists():
            return f"there is no folder {path.parent}"
        probe_folder(path.parent)
    except OSError as error:
        return error.strerror or str(error)
    return ""
