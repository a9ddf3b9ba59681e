"""The readings that analysts asked for and that a workspace keeps: each beside that of the register, on a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zizhu.ledger.models import Run
from zizhu.store import Workspace
from zizhu.track import course, told
from zizhu.vocab.problems import ZizhuError

GONE = "no longer in the register"


def kept(ws: Workspace, as_of: str) -> list[dict[str, Any]]:
    """A row a target with its other series or basis: both verdicts on the day, and the run that asked first.

    Raises ZizhuError for a record of a run that cannot be read.
    """
    asked: dict[tuple[str, str, str], Run] = {}
    for run in sorted(_runs(ws), key=lambda r: (r.params["as_of"], r.id)):
        asked.setdefault(tuple(run.params[k] for k in ("target", "series", "basis")), run)
    return [_row(ws, as_of, *key, run) for key, run in sorted(asked.items())]


def _runs(ws: Workspace) -> Iterator[Run]:
    """The runs of one target with a reading of their own."""
    for path in (ws.root / "runs").glob("*.json"):
        run = ws.load_run(path.stem)
        if run.method == course.METHOD and (run.params["series"] or run.params["basis"]):
            yield run


def _row(ws: Workspace, as_of: str, target: str, series: str, basis: str, run: Run) -> dict[str, Any]:
    row = {"target": target, "what": "", "series": series, "basis": basis, "as asked": GONE, "observed": ""}
    row |= {"of the register": "", "asked of": run.params["as_of"], "run": f"run:{run.id}"}
    params = course.Params(target=target, as_of=as_of, series=series, basis=basis)
    try:
        question = course.load(ws, params)
    except ZizhuError:
        return row
    v = question.verdict
    registered = question.asked.registered[target]
    asked = f"{told.short(v)} (by a proxy)" if v.measured.proxy else told.short(v)
    said = {"what": told.goal(v.target), "as asked": asked, "observed": told.seen(v)}
    return row | said | {"of the register": told.short(registered)}
