"""Targets that were read, written where the register of the workspace finds them.

    register/from-documents/{plans,sources,targets}.csv

The folder is the work of this module alone and is written anew each time: what people add belongs in another one.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zizhu.ledger import register
from zizhu.ledger.claims import Claim
from zizhu.ledger.folders import Register, read_folders
from zizhu.ledger.models import Record, Source, Target
from zizhu.ledger.strategies import Plan
from zizhu.read import kept
from zizhu.read.called import masthead
from zizhu.read.chosen import documents
from zizhu.read.targets.rows import Beside, Rows, rows
from zizhu.read.targets.views import targets_of
from zizhu.store import Workspace, files
from zizhu.store.workspace import reaching

FOLDER = "from-documents"


def written(workspace: Workspace) -> Rows:
    """Write the targets of all kept documents into the register of the workspace, in the place of those before.

    Raises ZizhuError where a folder of the register is not sound, or the workspace cannot be written.
    """
    # of a document of which a later version was read, only that counts
    made, beside = _made(workspace, kept.current(workspace))
    final = workspace.root / register.OWN / FOLDER
    if made.targets or final.is_dir():
        _write(workspace, made, beside)
    return made


def renewed(workspace: Workspace, *claims: Claim) -> None:
    """Write the targets anew where one of the claims, before a review or after it, bears on them."""
    if any(map(_concerns, claims)):
        written(workspace)


def stated(workspace: Workspace, document: str = "") -> Rows:
    """The targets of all kept documents as `written` writes them, or those that one states, see `chosen.document`.

    No other document is read for those of one. Raises ZizhuError as `written` does.
    """
    return _made(workspace, documents(workspace, document))[0]


def _made(workspace: Workspace, heads: Iterable[kept.Head]) -> tuple[Rows, Register]:
    """The rows, and the register beside them."""
    have = [kept.without_text(workspace, head, _of_target) for head in heads]
    beside = _without_ours(workspace)
    silent = [one.document.id for one in have if one.claims and not one.document.publisher]
    mastheads = {d: masthead(kept.opening(workspace, d)) for d in silent}
    of = Beside(beside, {one.document.id: one.document for one in have}, mastheads)
    return rows(targets_of(c for one in have for c in one.claims), of), beside


def _concerns(claim: Claim) -> bool:
    """Whether a claim, as it was read or as it was corrected, bears on a target."""
    changed = claim.review.changes if claim.review else {}
    starts = any(t.role == "baseline" for t in claim.times)
    return claim.kind == "target" or starts or bool({"kind", "times"} & set(changed))


def _of_target(line: str) -> bool:
    """Whether a claim, a line of JSON, may be a target or what one starts from."""
    return '"target"' in line or '"baseline"' in line


def _without_ours(workspace: Workspace) -> Register:
    """The built-in register with a user's own folders, but not the one that is written here."""
    place = workspace.root / register.OWN
    own = sorted(p for p in place.glob("*") if p.is_dir() and p.name != FOLDER) if place.is_dir() else []
    built_in = register.builtin()
    return built_in.and_those(read_folders(own, built_in)) if own else built_in


def _write(workspace: Workspace, made: Rows, beside: Register) -> None:
    """All files, each checked as the register will read it before the first is put in its place."""
    final = workspace.root / register.OWN / FOLDER
    with reaching(final, "written"):
        staged = files.staging_folder(workspace.root, FOLDER)
        try:
            for name, model, records in _tables(made):
                (staged / name).write_text(_csv(model, records), encoding="utf-8", newline="")
            read_folders((staged,), beside)
            if final.is_dir():
                files.renew_folder(staged, final)
            else:
                files.make_folder(final.parent)
                files.publish_folder(staged, final)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _tables(made: Rows) -> Sequence[tuple[str, type[Record], Sequence[Record]]]:
    return (
        ("plans.csv", Plan, made.plans),
        ("sources.csv", Source, made.sources),
        ("targets.csv", Target, made.targets),
    )


def _csv(model: type[Record], records: Iterable[Record]) -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, list(model.model_fields), lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in r.model_dump().items()} for r in records)
    return out.getvalue()


def _cell(value: Any) -> str:
    """A value as loaders read it back: lists joined by `;`, names with their language, nothing for None."""
    if isinstance(value, Mapping):
        return ";".join(f"{language}:{name}" for language, name in value.items())
    if isinstance(value, tuple):
        return ";".join(str(v) for v in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)
