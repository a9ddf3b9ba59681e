"""Opening a reference: a number of a run, a cell of a table, a fact of the register, or words of a document.

Nothing about a single number is stored. A run's number is made again from the run's record on the tables it
names, its digest is compared, and the verb's `explain` splits it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from zizhu.ledger import register
from zizhu.ledger.models import Ref, Run, Source
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.show.opened import Opened, found_fact, sources_of
from zizhu.store import Workspace
from zizhu.vocab import names, plans
from zizhu.vocab.problems import Problem, ZizhuError, unknown

__all__ = [
    "METHODS",
    "Opened",
    "explain",
    "made_again",
    "open_plan_sector",
    "opened",
    "plan_sectors",
    "sources_of",
    "trace",
]

_METHODS = (
    "depend.circulation",
    "depend.complexity",
    "depend.content",
    "depend.domestic",
    "depend.exposure",
    "depend.extract",
    "depend.flags",
    "depend.influence",
    "depend.markets",
    "depend.network",
    "depend.paths",
    "depend.points",
    "depend.position",
    "depend.product_space",
    "depend.risk",
    "depend.stages",
    "depend.sufficiency",
    "depend.suppliers",
    "read.conflicts",
    "read.phrases",
    "stress.compare",
    "stress.pairs",
    "stress.run",
    "stress.spread",
    "stress.what_if",
    "track.assessed",
    "track.backtested",
    "track.course",
    "track.judged",
    "track.portfolio",
    "track.replay",
)


class _Modules(Mapping[str, ModuleType]):
    """The module of every method, which has its name; brought in when it is asked for, since some take seconds."""

    def __getitem__(self, method: str) -> ModuleType:
        if method not in _METHODS:
            raise KeyError(method)
        return import_module(f"zizhu.{method}")

    def __iter__(self) -> Iterator[str]:
        return iter(_METHODS)

    def __len__(self) -> int:
        return len(_METHODS)


METHODS: Mapping[str, ModuleType] = _Modules()


def trace(workspace: Workspace, ref: Ref, top: int = 20) -> Opened:
    """Open any reference. Raises ZizhuError for one that is malformed, unknown, or no longer reproduces."""
    kind, _, rest = ref.partition(":")
    if kind not in _OPENERS or not rest:
        raise ZizhuError(
            Problem(
                f"cannot read {ref if len(ref) <= 80 else f'{ref[:80]}...'!r}",
                "reference",
                "run:<id>#<key>,<column>, table:<name>@<digest>#<key>, fact:<id> or doc:<id>#<start>-<end>",
                "References are printed by every command and carried by every number of the brief.",
            )
        )
    return _OPENERS[kind](workspace, rest, top)


def _open_run(workspace: Workspace, rest: str, top: int) -> Opened:
    run_id, _, place = rest.partition("#")
    key, _, column = place.rpartition(",")
    inputs, result = made_again(workspace, run_id)
    module = METHODS[result.run.method]
    split = explain(module, inputs, result, key, column, top)
    return _of_explanation(workspace, split, workspace.load_run(run_id), again=True)


def made_again(workspace: Workspace, run_id: str) -> tuple[Any, Result]:
    """The inputs and the answer of a run that the workspace has the record of.

    Raises ZizhuError for a run that is not here or no longer gives the same answer.
    """
    run = workspace.load_run(run_id)
    if run.method not in METHODS:
        raise ZizhuError(unknown("method", run.method, list(METHODS), f"run {run_id}"))
    module = METHODS[run.method]
    inputs = module.load(workspace.pinned(run.inputs), _asked(module, run))
    result: Result = module.solve(inputs)
    if result.run.output != run.output:
        raise ZizhuError(
            Problem(
                f"the answer has digest {result.run.output}",
                f"run {run_id}, made by zizhu {run.version}",
                f"digest {run.output}",
                "The method, or what people say of documents, changed since: ask the question again.",
            )
        )
    return inputs, result


def _asked(module: ModuleType, run: Run) -> Any:
    """What a run was asked; raises ZizhuError where an earlier version asked in words that are no longer known."""
    try:
        return module.Params(**run.params)
    except ZizhuError as error:
        unread = ", ".join(dict.fromkeys(p.what.partition(":")[0] for p in error.problems))
        raise ZizhuError(
            Problem(
                f"its question cannot be read by this version: {unread}",
                f"run {run.id}, made by zizhu {run.version}",
                "a question in the words of this version",
                "Ask it again with the command that gave the number: the new answer prints a reference that opens.",
            )
        ) from error


def opened(workspace: Workspace, inputs: Any, result: Result, key: str, column: str, top: int = 20) -> Opened:
    """A number of an answer that was just made of these inputs, which are not read again."""
    module = METHODS[result.run.method]
    return _of_explanation(
        workspace, explain(module, inputs, result, key, column, top), result.run, again=False
    )


def explain(module: ModuleType, inputs: Any, result: Result, key: str, column: str, top: int) -> Explanation:
    """Open a number of an answer: a count of rows, a share of coverage, or a cell that the verb splits."""
    if column == "count" and "=" in key:
        return result.counted(key, top)
    if key == "coverage":
        return result.covered(column)
    if column not in result.units:
        raise ZizhuError(unknown("column", column, list(result.units), f"run {result.run.id}"))
    split: Explanation = module.explain(inputs, result, key, column, top)
    return split


def _of_explanation(workspace: Workspace, split: Explanation, run: Run, again: bool) -> Opened:
    return Opened(
        split.ref,
        split.sentence,
        split.value,
        split.unit,
        split.parts,
        split.remainder,
        sources_of(workspace, split.inputs),
        run,
        left_out=split.left_out,
        again=again,
    )


def _open_fact(workspace: Workspace, rest: str, top: int) -> Opened:
    sector, _, industry = rest.rpartition(".")
    if rest in plan_sectors():
        return open_plan_sector(plan_sectors()[rest], top)
    if sector in plan_sectors() and industry in _industries(plan_sectors()[sector]):
        return _open_industry(plan_sectors()[sector], industry)
    fact = found_fact(workspace, rest)
    fields = tuple((k, _joined(v)) for k, v in fact.model_dump().items() if v not in ("", None, ()))
    value = getattr(fact, "value", None)
    parts = _quoted(workspace, getattr(fact, "note", ""), value)
    return Opened(
        f"fact:{rest}",
        f"{type(fact).__name__} {rest} of the register.",
        value,
        getattr(fact, "unit", ""),
        parts[:top],
        0.0,
        sources_of(workspace, (f"fact:{rest}",)),
        None,
        fields,
        left_out=max(len(parts) - top, 0),
    )


def _quoted(workspace: Workspace, note: str, value: float | None) -> tuple[Part, ...]:
    """The words of kept documents that a fact was read from."""
    if "doc:" not in note:
        return ()
    from zizhu.show.quotes import cited

    return cited(workspace, note, value)


def _joined(value: Any) -> str:
    """A field as text: names with their language, several things joined."""
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {v}" for k, v in value.items())
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def plan_sectors() -> Mapping[str, plans.PlanSector]:
    """Plan sectors by the id under which `fact:` finds them, such as MIC2025.next_gen_it."""
    return {f"{p.plan}.{p.slug}": p for p in plans.all_plan_sectors()}


def open_plan_sector(found: plans.PlanSector, top: int) -> Opened:
    """A plan sector opened into the shares of industries that belong to it."""
    ref, rows = f"fact:{found.plan}.{found.slug}", tuple(_industries(found).values())
    parts = tuple(
        Part(
            f"{ref}.{r.icio_code}",
            f"{r.icio_code} ({names.sector(r.icio_code)}): {r.basis}, {r.note}".rstrip(", "),
            r.share,
            None,
        )
        for r in rows[:top]
    )
    fields = {"band": found.band, "source": _spelt(found.source), "note": found.note}
    return Opened(
        ref,
        f"{found.label} ({found.plan}). {plans.resolution_sentence(found)}",
        found.resolution,
        "share of output",
        parts,
        0.0,
        _cited(found.source),
        fields=tuple((k, v) for k, v in fields.items() if v),
        left_out=len(rows) - len(parts),
    )


def _industries(of: plans.PlanSector) -> Mapping[str, plans.CrosswalkRow]:
    return {r.icio_code: r for r in plans.crosswalk(of.plan, of.number)}


def _open_industry(found: plans.PlanSector, code: str) -> Opened:
    """The share of one industry that belongs to a plan sector, and on what it rests."""
    row = _industries(found)[code]
    fields = {"basis": row.basis, "year": row.year, "confidence": row.confidence, "note": row.note}
    return Opened(
        f"fact:{found.plan}.{found.slug}.{code}",
        f"The part of {names.sector(code)} ({code}) that belongs to {found.label} ({found.plan}): {row.label}.",
        row.share,
        "share of output",
        (),
        0.0,
        _cited(row.note),
        fields=tuple((k, v) for k, v in fields.items() if v),
    )


def _cited(text: str) -> tuple[Source, ...]:
    """The sources of the register that a text names by their ids."""
    known = register.sources()
    return tuple(known[i] for i in dict.fromkeys(re.findall(r"\w+", text)) if i in known)


def _spelt(text: str) -> str:
    """The text with publisher, title and date in the place of the ids of sources."""
    for source in _cited(text):
        text = text.replace(source.id, source.citation())
    return text


def _open_table(workspace: Workspace, rest: str, top: int) -> Opened:
    # brought in when it is asked for, as methods are: the kernels of tables take a second
    from zizhu.show.cells import open_table

    return open_table(workspace, rest, top)


def _open_document(workspace: Workspace, rest: str, top: int) -> Opened:
    # brought in when it is asked for: the rules that tell sentences read their words first
    from zizhu.show.quotes import open_document

    return open_document(workspace, rest, top)


_OPENERS: Mapping[str, Callable[[Workspace, str, int], Opened]] = {
    "run": _open_run,
    "table": _open_table,
    "fact": _open_fact,
    "doc": _open_document,
}
