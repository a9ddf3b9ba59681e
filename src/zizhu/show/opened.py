"""A reference opened, and what every kind of reference is opened with: facts, tables and the sources behind them."""

from __future__ import annotations

from dataclasses import dataclass

from zizhu.ledger import register
from zizhu.ledger.facts import Record, facts, records
from zizhu.ledger.models import Ref, Run, Source
from zizhu.ledger.result import Part
from zizhu.store import Workspace
from zizhu.vocab.problems import Problem, ZizhuError, unknown


@dataclass(frozen=True)
class Opened:
    """A reference opened: what it says, its parts and the sources behind them.

    `left_out` counts the parts that are not shown; `again` says that its run was made again to open it.
    """

    ref: Ref
    sentence: str
    value: float | None
    unit: str
    parts: tuple[Part, ...]
    remainder: float
    sources: tuple[Source, ...]
    run: Run | None = None
    fields: tuple[tuple[str, str], ...] = ()
    left_out: int = 0
    again: bool = False


def sources_of(workspace: Workspace, inputs: tuple[Ref, ...]) -> tuple[Source, ...]:
    """The sources behind tables and facts, each once, in order of appearance."""
    ids: list[str] = []
    cited: dict[str, Source] = {}
    for ref in inputs:
        kind, _, rest = ref.partition(":")
        if kind == "table":
            name, digest = table_parts(rest.partition("#")[0])
            meta = workspace.read(name, digest).meta
            ids += meta.sources
            cited |= {s.id: s for s in (meta.origin.cited if meta.origin else ())}
        elif kind == "fact":
            ids.append(found_fact(workspace, rest).source)
    known = {**register.sources(), **cited}
    if not known.keys() >= set(ids):
        known = {**register.of(workspace.root).sources, **cited}
    missing = [i for i in dict.fromkeys(ids) if i not in known]
    if missing:
        raise ZizhuError([_unregistered(i, inputs) for i in missing])
    return tuple(known[i] for i in dict.fromkeys(ids))


def _unregistered(source: str, inputs: tuple[Ref, ...]) -> Problem:
    return Problem(
        f"source {source!r} is not registered",
        ", ".join(dict.fromkeys(ref.partition("#")[0] for ref in inputs)),
        "a source of the register, or one that the table itself cites (`origin.cited`)",
        "Add the table again with `zizhu data add`, which keeps the citation with it.",
    )


def found_fact(workspace: Workspace, fact_id: str) -> Record:
    """A record of the register; a workspace's own folders are read for what the built-in one does not have."""
    if fact_id in facts():
        return facts()[fact_id]
    held = records(register.of(workspace.root))
    if fact_id not in held:
        raise ZizhuError(unknown("fact", fact_id, list(held), "register"))
    return held[fact_id]


def table_parts(place: str) -> tuple[str, str | None]:
    name, _, digest = place.partition("@")
    return name, digest or None
