"""Opening a reference: a number of a run, a cell of a table, or a fact of the register.

Nothing about a single number is stored. A run's number is made again from the run's record on the tables it
names, its digest is compared, and the verb's `explain` splits it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from zizhu.depend import domestic, exposure, position, suppliers
from zizhu.ledger import register
from zizhu.ledger.facts import Fact, facts
from zizhu.ledger.models import Ref, Run, Source
from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.store import Table, Workspace
from zizhu.stress import what_if
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, select
from zizhu.track import assessed, judged
from zizhu.vocab import groups, names, plans
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

TRADERS = ("exporter", "importer")

METHODS: Mapping[str, ModuleType] = {
    module.METHOD: module for module in (assessed, domestic, exposure, judged, position, suppliers, what_if)
}


@dataclass(frozen=True)
class Opened:
    """A reference opened: what it says, its parts and the sources behind them.

    `left_out` counts the parts that are not shown.
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


def trace(workspace: Workspace, ref: Ref, top: int = 20) -> Opened:
    """Open any reference. Raises ZizhuError for one that is malformed, unknown, or no longer reproduces."""
    kind, _, rest = ref.partition(":")
    if kind not in _OPENERS or not rest:
        raise ZizhuError(
            Problem(
                f"cannot read {ref if len(ref) <= 80 else f'{ref[:80]}...'!r}",
                "reference",
                "run:<id>#<key>,<column>, table:<name>@<digest>#<key> or fact:<id>",
                "References are printed by every command and carried by every number of the brief.",
            )
        )
    return _OPENERS[kind](workspace, rest, top)


def sources_of(workspace: Workspace, inputs: tuple[Ref, ...]) -> tuple[Source, ...]:
    """The sources behind tables and facts, each once, in order of appearance."""
    ids: list[str] = []
    cited: dict[str, Source] = {}
    for ref in inputs:
        kind, _, rest = ref.partition(":")
        if kind == "table":
            name, digest = _table_parts(rest.partition("#")[0])
            meta = workspace.read(name, digest).meta
            ids += meta.sources
            cited |= {s.id: s for s in (meta.origin.cited if meta.origin else ())}
        elif kind == "fact":
            ids.append(_fact(rest).source)
    known = {**register.sources(), **cited}
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
        return result.covered(column)
    if column not in result.units:
        raise ZizhuError(unknown("column", column, list(result.units), f"run {result.run.id}"))
    opened: Explanation = module.explain(inputs, result, key, column, top)
    return opened


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
        left_out=opened.left_out,
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
    """The row with this key; in a trade table a group stands for its members and WLD for everybody else.

    Members are those of the row's year, or of another one in `EU@2024`.
    """
    keyed = dict(zip(table.meta.key, values, strict=True))
    sides = {c: _members(keyed[c], keyed.get("year", "")) for c in TRADERS if c in keyed}
    frame = table.frame
    for column, value in keyed.items():
        text = pl.col(column).cast(pl.String)
        if column not in sides:
            frame = frame.filter(text == value)
        elif sides[column] == (groups.WORLD,):
            inside = [code for side in sides.values() for code in side]
            frame = frame.filter(~text.is_in(inside))
        else:
            frame = frame.filter(text.is_in(sides[column]))
    return frame


def _members(code: str, year: str) -> tuple[str, ...]:
    """The traders that a code stands for in a reference."""
    group, _, when = code.upper().partition("@")
    if group not in groups.groups() or not (when or year).isdigit():
        return (code,)
    return groups.members(group, int(when or year))


def _open_bloc(workspace: Workspace, ref: Ref, table: Table, frame: pl.DataFrame, top: int) -> Opened:
    """Flows of a bloc's members, added up."""
    total, units = float(frame["value_usd"].sum()), table.meta.units
    parts, left_out = largest(
        (
            Part(
                f"{table.meta.ref}#{','.join(str(r[k]) for k in table.meta.key)}",
                f"{names.told(r['exporter'])} to {names.told(r['importer'])}",
                float(r["value_usd"]),
                r["value_usd"] / total if total else 0.0,
            )
            for r in frame.iter_rows(named=True)
        ),
        top,
    )
    tonnes, unknown_ones = f"{frame['quantity_t'].sum():,.10g}", frame["quantity_t"].null_count()
    known = f"{tonnes}, not known for {unknown_ones} of the flows" if unknown_ones else tonnes
    return Opened(
        ref,
        f"{frame.height:,} flows of {table.meta.title}, added up.",
        total,
        units["value_usd"].partition(",")[0],
        parts,
        total - sum(p.value for p in parts),
        sources_of(workspace, (table.meta.ref,)),
        fields=((f"quantity_t ({units['quantity_t']})", known),),
        left_out=left_out,
    )


def _open_flow(workspace: Workspace, ref: Ref, key: str, top: int) -> Opened:
    name, digest = _table_parts(ref.partition(":")[2].partition("#")[0])
    mrio = load_mrio(workspace, name, digest)
    seller, _, buyer = key.partition(",")
    if not buyer:
        return _open_node(workspace, ref, mrio, select(mrio, seller), top)
    sells, buys = select(mrio, seller), select(mrio, buyer)
    flows = mrio.Z[sells.index][:, buys.index].astype(float) * sells.part[:, None] * buys.part
    value = float(flows.sum())
    sellers, buyers = mrio.nodes.labels(sells.index), mrio.nodes.labels(buys.index)
    order = np.argsort(-flows, axis=None, kind="stable")[: top if flows.size > 1 else 0]
    parts = tuple(
        Part(
            mrio.cell_ref(sellers[s], buyers[b]),
            f"{names.told(sellers[s])} to {names.told(buyers[b])}",
            float(flows[s, b]),
            float(flows[s, b]) / value,
        )
        for s, b in zip(*np.unravel_index(order, flows.shape), strict=True)
        if flows[s, b] > 0
    )
    return Opened(
        ref,
        f"Sales of intermediate inputs from {names.told(seller)} to {names.told(buyer)} in {mrio.title}.",
        value,
        mrio.unit,
        parts,
        value - sum(p.value for p in parts) if parts else 0.0,
        sources_of(workspace, (mrio.ref,)),
        left_out=int(np.count_nonzero(flows > 0)) - len(parts) if parts else 0,
    )


def _open_node(workspace: Workspace, ref: Ref, mrio: MRIO, of: Selection, top: int) -> Opened:
    """What an industry, or several, adds to its inputs, with its output and what becomes of it."""
    added = of.part * mrio.value_added[of.index]
    value = float(added.sum())
    nodes = zip(mrio.nodes.labels(of.index), of.part, added, strict=True) if len(of.index) > 1 else ()
    each = ((n, n if part == 1 else f"{part:.4g} of {n}", float(v)) for n, part, v in nodes)
    parts, left_out = largest((Part(f"{mrio.ref}#{n}", label, v, v / value) for n, label, v in each), top)
    totals = {
        "output": mrio.x[of.index],
        "intermediate inputs": mrio.Z[:, of.index].sum(axis=0, dtype=float),
        **({} if mrio.primary is None else {"taxes less subsidies and other inputs": mrio.primary[of.index]}),
        "sales of intermediate inputs": mrio.Z[of.index].sum(axis=1, dtype=float),
        "final sales and sales outside the table": mrio.sales_elsewhere[of.index],
    }
    residual = " (a residual: see the table's notes)" if mrio.flags.value_added_is_residual else ""
    return Opened(
        ref,
        f"What {of.code} adds to its inputs in {mrio.title}{residual}.",
        value,
        mrio.unit,
        parts,
        value - sum(p.value for p in parts) if parts else 0.0,
        sources_of(workspace, (mrio.ref,)),
        fields=tuple((f"{k} ({mrio.unit})", f"{of.part @ v:,.6g}") for k, v in totals.items()),
        left_out=left_out,
    )


def _open_fact(workspace: Workspace, rest: str, top: int) -> Opened:
    sector, _, industry = rest.rpartition(".")
    if rest in plan_sectors():
        return open_plan_sector(plan_sectors()[rest], top)
    if sector in plan_sectors() and industry in _industries(plan_sectors()[sector]):
        return _open_industry(plan_sectors()[sector], industry)
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
