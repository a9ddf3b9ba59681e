"""Opening a reference: a number of a run, a cell of a table, or a fact of the register.

Nothing about a single number is stored. A run's number is made again from the run's record on the tables it
names, its digest is compared, and the verb's `explain` splits it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import polars as pl

from zizhu.depend import domestic, exposure, position, suppliers
from zizhu.ledger import register
from zizhu.ledger.facts import Fact, facts
from zizhu.ledger.models import Ref, Run, Source
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store import Table, Workspace
from zizhu.stress import what_if
from zizhu.tables.load import load_mrio
from zizhu.tables.selection import select
from zizhu.track import assessed, judged
from zizhu.vocab import groups, plans
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

TRADERS = ("exporter", "importer")

METHODS: Mapping[str, ModuleType] = {
    module.METHOD: module for module in (assessed, domestic, exposure, judged, position, suppliers, what_if)
}


@dataclass(frozen=True)
class Opened:
    """A reference opened: what it says, its parts and the sources behind them."""

    ref: Ref
    sentence: str
    value: float | None
    unit: str
    parts: tuple[Part, ...]
    remainder: float
    sources: tuple[Source, ...]
    run: Run | None = None
    fields: tuple[tuple[str, str], ...] = ()


def trace(workspace: Workspace, ref: Ref, top: int = 20) -> Opened:
    """Open any reference. Raises ZizhuError for one that is malformed, unknown, or no longer reproduces."""
    kind, _, rest = ref.partition(":")
    if kind not in _OPENERS or not rest:
        raise ZizhuError(
            Problem(
                f"cannot read {ref!r}",
                "reference",
                "run:<id>#<key>,<column>, table:<name>@<digest>#<key> or fact:<id>",
                "References are printed by every command and carried by every number of the brief.",
            )
        )
    return _OPENERS[kind](workspace, rest, top)


def sources_of(workspace: Workspace, inputs: tuple[Ref, ...]) -> tuple[Source, ...]:
    """The sources behind tables and facts, each once, in order of appearance."""
    ids: list[str] = []
    for ref in inputs:
        kind, _, rest = ref.partition(":")
        if kind == "table":
            name, digest = _table_parts(rest.partition("#")[0])
            ids += workspace.read(name, digest).meta.sources
        elif kind == "fact":
            ids.append(_fact(rest).source)
    known = register.sources()
    return tuple(known[i] for i in dict.fromkeys(ids))


def _open_run(workspace: Workspace, rest: str, top: int) -> Opened:
    run_id, _, place = rest.partition("#")
    run = workspace.load_run(run_id)
    key, _, column = place.rpartition(",")
    if run.method not in METHODS:
        raise ZizhuError(unknown("method", run.method, list(METHODS), f"run {run_id}"))
    module = METHODS[run.method]
    pinned = workspace.pinned(run.inputs)
    inputs = module.load(pinned, module.Params(**run.params))
    result = module.solve(inputs)
    if result.run.output != run.output:
        raise ZizhuError(
            Problem(
                f"the answer has digest {result.run.output}",
                f"run {run_id}, made by zizhu {run.version}",
                f"digest {run.output}",
                "The method changed between versions: ask the question again.",
            )
        )
    return _of_explanation(workspace, explain(module, inputs, result, key, column, top), run)


def explain(module: ModuleType, inputs: Any, result: Result, key: str, column: str, top: int) -> Explanation:
    """Open a number of an answer: a count of rows, a share of coverage, or a cell that the verb splits."""
    if column == "count" and "=" in key:
        return result.counted(key, top)
    if key == "coverage":
        return _coverage(result, column)
    if column not in result.units:
        raise ZizhuError(unknown("column", column, list(result.units), f"run {result.run.id}"))
    opened: Explanation = module.explain(inputs, result, key, column, top)
    return opened


def _coverage(result: Result, position: str) -> Explanation:
    if not position.isdigit() or int(position) >= len(result.coverage):
        valid = [str(i) for i in range(len(result.coverage))]
        raise ZizhuError(unknown("coverage", position, valid, f"run {result.run.id}"))
    found = result.coverage[int(position)]
    if found.share is None:
        raise CannotAnswer(Problem("the share is not known", found.what, "a known share", found.statement))
    return Explanation(
        result.coverage_ref(int(position)),
        found.share,
        "share seen",
        f"Coverage of {found.what}{' (assumed)' if found.assumed else ''}. {found.statement}",
        (),
        0.0,
        result.run.inputs,
    )


def _of_explanation(workspace: Workspace, opened: Explanation, run: Run) -> Opened:
    return Opened(
        opened.ref,
        opened.sentence,
        opened.value,
        opened.unit,
        opened.parts,
        opened.remainder,
        sources_of(workspace, opened.inputs),
        run,
    )


def _open_table(workspace: Workspace, rest: str, top: int) -> Opened:
    place, _, key = rest.partition("#")
    name, digest = _table_parts(place)
    table = workspace.read(name, digest)
    ref = f"table:{rest}"
    if table.meta.flags.get("kind") == "mrio":
        return _open_flow(workspace, ref, key, top)
    values = key.split(",")
    if len(values) != len(table.meta.key):
        raise ZizhuError(
            Problem(
                f"key {key!r}", f"table {name}", f"{','.join(table.meta.key)}", "Give one value a key column."
            )
        )
    frame = _rows_of(table, values)
    if frame.is_empty():
        raise ZizhuError(
            Problem(f"no row {key!r}", f"table {name}", "a key of the table", "Check the reference.")
        )
    if frame.height > 1:
        return _open_bloc(workspace, ref, table, frame, top)
    row = frame.row(0, named=True)
    fields = tuple(
        (f"{c} ({table.meta.units[c]})" if c in table.meta.units else c, str(v)) for c, v in row.items()
    )
    return Opened(
        ref,
        f"A row of {table.meta.title}.",
        None,
        "",
        (),
        0.0,
        sources_of(workspace, (table.meta.ref,)),
        None,
        fields,
    )


def _rows_of(table: Table, values: list[str]) -> pl.DataFrame:
    """The row with this key; in a trade table the code of a group stands for all its members."""
    keyed = dict(zip(table.meta.key, values, strict=True))
    year = keyed.get("year", "")
    frame = table.frame
    for column, value in keyed.items():
        text = pl.col(column).cast(pl.String)
        is_group = column in TRADERS and value in groups.groups() and year.isdigit()
        frame = frame.filter(text.is_in(groups.members(value, int(year))) if is_group else text == value)
    return frame


def _open_bloc(workspace: Workspace, ref: Ref, table: Table, frame: pl.DataFrame, top: int) -> Opened:
    """Flows of a bloc's members, added up."""
    total = float(frame["value_usd"].sum())
    largest = frame.sort("value_usd", *table.meta.key, descending=[True] + [False] * len(table.meta.key))
    parts = tuple(
        Part(
            f"{table.meta.ref}#{','.join(str(r[k]) for k in table.meta.key)}",
            f"{r['exporter']} to {r['importer']}",
            float(r["value_usd"]),
            r["value_usd"] / total if total else 0.0,
        )
        for r in largest.head(top).iter_rows(named=True)
    )
    unit = table.meta.units["value_usd"].partition(",")[0]
    remainder = total - sum(p.value for p in parts)
    sources = sources_of(workspace, (table.meta.ref,))
    return Opened(ref, f"Flows of {table.meta.title}.", total, unit, parts, remainder, sources)


def _open_flow(workspace: Workspace, ref: Ref, key: str, top: int) -> Opened:
    name, digest = _table_parts(ref.partition(":")[2].partition("#")[0])
    mrio = load_mrio(workspace, name, digest)
    seller, _, buyer = key.partition(",")
    cells = [(s, seller) for s in select(mrio, seller).index]
    if not buyer:
        value = float(sum(mrio.value_added[i] for i, _ in cells))
        sentence = f"What {seller} adds to its inputs in {mrio.title} (a residual: see the table's notes)."
        return Opened(ref, sentence, value, mrio.unit, (), 0.0, sources_of(workspace, (mrio.ref,)))
    sells, buys = select(mrio, seller), select(mrio, buyer)
    flows = mrio.Z[sells.index][:, buys.index].astype(float) * sells.part[:, None] * buys.part
    value = float(flows.sum())
    pairs = sorted(
        (
            (float(flows[i, j]), int(s), int(b))
            for i, s in enumerate(sells.index)
            for j, b in enumerate(buys.index)
        ),
        key=lambda f: (-f[0], f[1], f[2]),
    )[:top]
    parts = tuple(
        Part(
            mrio.cell_ref(mrio.nodes.label(s), mrio.nodes.label(b)),
            f"{mrio.nodes.label(s)} to {mrio.nodes.label(b)}",
            f,
            f / value,
        )
        for f, s, b in pairs
        if f > 0
    )
    parts = parts if flows.size > 1 else ()
    remainder = value - sum(p.value for p in parts) if parts else 0.0
    sentence = f"Sales of intermediate inputs from {seller} to {buyer} in {mrio.title}."
    return Opened(ref, sentence, value, mrio.unit, parts, remainder, sources_of(workspace, (mrio.ref,)))


def _open_fact(workspace: Workspace, rest: str, top: int) -> Opened:
    if rest in plan_sectors():
        return open_plan_sector(plan_sectors()[rest], top)
    fact = _fact(rest)
    fields = tuple((k, str(v)) for k, v in fact.model_dump().items() if v not in ("", None))
    value = getattr(fact, "value", None)
    return Opened(
        f"fact:{rest}",
        f"{type(fact).__name__} {rest} of the register.",
        value,
        getattr(fact, "unit", ""),
        (),
        0.0,
        sources_of(workspace, (f"fact:{rest}",)),
        None,
        fields,
    )


def plan_sectors() -> Mapping[str, plans.PlanSector]:
    """Plan sectors by the id under which `fact:` finds them, such as MIC2025.next_gen_it."""
    return {f"{p.plan}.{p.slug}": p for p in plans.all_plan_sectors()}


def open_plan_sector(found: plans.PlanSector, top: int) -> Opened:
    """A plan sector opened into the shares of industries that belong to it."""
    rows = plans.crosswalk(found.plan, found.number)[:top]
    parts = tuple(
        Part(
            f"fact:{found.plan}.{found.slug}",
            f"{r.icio_code}: {r.basis}, {r.note}".rstrip(", "),
            r.share,
            None,
        )
        for r in rows
    )
    sentence = f"{found.label} ({found.plan}). {plans.resolution_sentence(found)}"
    fields = (("band", found.band), ("source", found.source), ("note", found.note))
    return Opened(
        f"fact:{found.plan}.{found.slug}",
        sentence,
        found.resolution,
        "share of output",
        parts,
        0.0,
        (),
        None,
        fields,
    )


def _fact(fact_id: str) -> Fact:
    if fact_id not in facts():
        raise ZizhuError(unknown("fact", fact_id, list(facts()), "register"))
    return facts()[fact_id]


def _table_parts(place: str) -> tuple[str, str | None]:
    name, _, digest = place.partition("@")
    return name, digest or None


def _open_document(workspace: Workspace, rest: str, top: int) -> Opened:
    del workspace, top
    raise CannotAnswer(
        Problem(f"doc:{rest}", "reference", "a run, table or fact", "Documents are not read by this version.")
    )


_OPENERS: Mapping[str, Callable[[Workspace, str, int], Opened]] = {
    "run": _open_run,
    "table": _open_table,
    "fact": _open_fact,
    "doc": _open_document,
}
