"""Tables made from tables of the workspace, kept with what was done: calibrated, in another revision, reconciled.

The table that one is made from stays as it is. The new one names it in its notes and keeps its sources and the files
that it was read from; what was noted of it may not hold any more and is the new one's history. What changed, and the
weights and margins behind it, are tables of their own beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from zizhu.store import Table, Workspace
from zizhu.store.meta import Meta
from zizhu.tables.calibrate import Calibrated, Needs, calibrate
from zizhu.tables.concordance import convert, reversed_pairs, weights
from zizhu.tables.final_demand import NOTE as ESTIMATED
from zizhu.tables.final_demand import built_in_odds, with_estimated_final
from zizhu.tables.load import load_mrio
from zizhu.tables.mirror import reconcile
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import REPORTED, TRADE_COLUMNS, TRADE_KEY
from zizhu.vocab.problems import Problem, ZizhuError

Tell = Callable[[str], None]
CONCORDANCE = "concordance"


class Made(NamedTuple):
    """The tables that were made, the one asked for first, and what was done to it in a sentence."""

    metas: tuple[Meta, ...]
    said: str


def keep_calibrated(
    workspace: Workspace, name: str, needs: Needs, keep_negative: bool = False, estimate: bool = False
) -> Made:
    """`NAME-calibrated` with its parts, and `NAME-calibrated-changes` with every cell that differs.

    `estimate` adds estimated final demand by destination to a table that lacks it. Raises what `calibrate` raises,
    and ZizhuError for a table that needs no change.
    """
    table, mrio = workspace.read(name), load_mrio(workspace, name)
    given = with_estimated_final(mrio, built_in_odds()) if estimate else mrio
    done = calibrate(given, needs, keep_negative)
    if done.changes.is_empty() and not estimate:
        raise ZizhuError(
            Problem(
                "nothing to change", f"table {name}", f"a table that {needs} cannot take", "Use it as it is."
            )
        )
    made = f"{name}-calibrated"
    said = f"Calibrated from {mrio.ref} for {needs}: {done.changes.height:,} cells changed, listed in {made}-changes."
    with workspace.batch() as batch:
        parts = {"nodes": batch.add(f"{made}-nodes", *_nodes(workspace, table, done.mrio, said))}
        if done.mrio.final is not None:
            parts["final"] = batch.add(f"{made}-final", *_final(table, done.mrio, done.mrio.final, said))
        if done.changes.height:
            parts["changes"] = batch.add(f"{made}-changes", *_changes(table, done, said))
        title = f"{table.meta.title}, calibrated for {needs.replace('_', ' ')}"
        flows = _describe(table, title, table.meta.units, *_notes_on_flows(made, mrio, done), said) | {
            "shape": table.meta.shape,
            "parts": {role: part.ref for role, part in parts.items()},
            "flags": _flags(table, done.mrio),
        }
        first = batch.add(made, table.frame, (), flows)
    return Made((first, *parts.values()), said)


def _flags(table: Table, mrio: MRIO) -> dict[str, Any]:
    return {
        **table.meta.flags,
        "balanced": True,
        "has_final_by_destination": mrio.final is not None,
        "final_is_estimated": mrio.flags.final_is_estimated,
        "derived": True,
    }


def _notes_on_flows(made: str, given: MRIO, done: Calibrated) -> Iterator[str]:
    """What holds of the calibrated table: its axes, what is as it was, what is estimated or was let be."""
    yield f"Row = seller, column = buyer, in the order of {made}-nodes."
    yield f"The flows between industries are those of {given.ref}, none of them changed."
    yield "Output is what industries and final demand buy; value added is what output leaves of all inputs."
    if done.mrio.flags.final_is_estimated:
        yield ESTIMATED
    if done.flagged:
        yield f"Value added below 0 was kept: {', '.join(done.flagged)}."


def keep_converted(
    workspace: Workspace, name: str, concordance: str, weigh_by: str | None, tell: Tell = lambda _: None
) -> Made:
    """`NAME-in-REVISION`: a trade table in the codes of the target of a concordance, and its weights beside it.

    Codes with several targets are split by the trade that `weigh_by` (a trade table in the target's codes) has in
    them, else equally. Raises ZizhuError for tables of other kinds or revisions.
    """
    table, pairs = workspace.read(name), workspace.read(concordance)
    target, listed = _check_concordance(table, pairs, workspace.read(weigh_by) if weigh_by else None)
    shares = weights(listed, _by_product(workspace, weigh_by) if weigh_by else None)
    made = f"{name}-in-{target.casefold()}"
    totals = dict.fromkeys(("total", "ambiguous", "unmapped"), 0)

    def parts() -> Iterator[pl.DataFrame]:
        for year in _years(workspace, name):
            tell(f"{year}")
            done = convert(_of_year(workspace, name, year).select(TRADE_COLUMNS), shares, target)
            totals["total"] += done.total_usd
            totals["ambiguous"] += done.ambiguous_usd
            totals["unmapped"] += int(done.unmapped["value_usd"].sum())
            yield done.frame.with_columns(pl.col("year").cast(pl.Int16))

    said = f"Converted from {table.meta.ref} by {pairs.meta.ref}{f', weights from {weigh_by}' if weigh_by else ''}."
    units = {c: u for c, u in table.meta.units.items() if c in TRADE_COLUMNS}
    described = _describe(table, f"{table.meta.title}, in {target}", units, said)
    described["flags"] = {**table.meta.flags, "revision": target, "derived": True}
    with workspace.batch() as batch:
        first = batch.add_parts(made, parts(), TRADE_KEY, described)
        kept = _describe(
            pairs, f"Weights of {made}", {"weight": "share of the code", "targets": "codes"}, said
        )
        beside = batch.add(
            f"{made}-weights",
            shares.drop("part", "whole"),
            ("source", "target"),
            kept | {"flags": {"kind": "weights"}},
        )
    return Made((first, beside), f"{said} {_certainty(totals)}")


def keep_reconciled(workspace: Workspace, name: str, tell: Tell = lambda _: None) -> Made:
    """`NAME-reconciled`: one figure a flow out of what both sides report, with the table of every step beside it.

    Raises ZizhuError for a table that does not keep both reports apart.
    """
    table = workspace.read(name)
    revision = _one_revision(table)
    made = f"{name}-reconciled"
    steps: dict[str, list[pl.DataFrame]] = {"factors": [], "discrepancies": [], "reliability": []}

    def parts() -> Iterator[pl.DataFrame]:
        for year in _years(workspace, name):
            tell(f"{year}")
            done = reconcile(_of_year(workspace, name, year))
            for step, kept in steps.items():
                kept.append(getattr(done, step))
            yield done.flows.with_columns(pl.col("year").cast(pl.Int16))

    said = f"Reconciled from {table.meta.ref}: each flow is a mixture of both reports by their reliability."
    described = _describe(table, f"{table.meta.title}, reconciled", _FLOW_UNITS, said)
    flags = {**table.meta.flags, "kind": "trade", "revision": revision, "derived": True}
    with workspace.batch() as batch:
        metas = [batch.add_parts(made, parts(), TRADE_KEY, described | {"flags": flags})]
        for step, frames in steps.items():
            key, units = _STEPS[step]
            kept = _describe(table, f"{table.meta.name}: {step}", units, said) | {"flags": {"kind": "step"}}
            metas.append(batch.add(f"{made}-{step}", pl.concat(frames), key, kept))
    return Made(tuple(metas), said)


_USD = "USD, current prices"
_FLOW_UNITS = dict.fromkeys(
    ("exporter_report", "importer_report", "importer_report_fob", "value_usd"), _USD
) | {
    "exporter_reliability": "0 to 1",
    "importer_reliability": "0 to 1",
    "weight": "share of the exporter's report",
    "quantity_t": "metric tons",
}
_STEPS: Mapping[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "factors": (("year", "exporter"), {"margin": "CIF / FOB - 1", "pairs": "flows"}),
    "discrepancies": (("year", "exporter", "importer"), {"usd": _USD, "discrepancy": "|x - m| / (x + m)"}),
    "reliability": (
        ("year", "reporter"),
        {"partners": "partners", "usd": _USD, "discrepancy": "|x - m| / (x + m)", "reliability": "0 to 1"},
    ),
}

Kept = tuple[pl.DataFrame, tuple[str, ...], dict[str, Any]]
"""A frame, its key and its description, as a batch takes them."""


def _describe(table: Table, title: str, units: Mapping[str, str], *notes: str) -> dict[str, Any]:
    """A description with the sources and files of `table`, these notes, and what was said of `table` as history."""
    said = (f"{table.meta.name}@{table.meta.short}: {note}" for note in table.meta.notes)
    return {
        "title": title,
        "units": dict(units),
        "sources": table.meta.sources,
        "origin": table.meta.origin,
        "notes": notes,
        "history": (*table.meta.history, *said),
    }


def _nodes(workspace: Workspace, table: Table, mrio: MRIO, said: str) -> Kept:
    name, _, digest = table.meta.parts["nodes"].removeprefix("table:").partition("@")
    held = workspace.read(name, digest)
    columns = {"output": mrio.x, "residual": mrio.x - mrio.Z.sum(axis=0, dtype=float)}
    columns |= {"final_plus_row_sales": mrio.sales_elsewhere}
    columns |= {"value_added": mrio.value_added} if "value_added" in held.meta.columns else {}
    frame = held.frame.sort("idx").with_columns(pl.Series(c, v) for c, v in columns.items())
    noted = "Residual = output - intermediate inputs. Rows and columns add up to output."
    described = _describe(held, held.meta.title, held.meta.units, noted, said)
    return frame, ("idx",), described | {"flags": held.meta.flags}


def _final(table: Table, mrio: MRIO, final: np.ndarray[Any, np.dtype[np.float64]], said: str) -> Kept:
    unit = next(iter(table.meta.units.values()))
    flags = {
        "kind": "mrio-final",
        "years": list(mrio.flags.years),
        "buyers": list(mrio.nodes.countries),
        "categories": ["all"],
    }
    state = "estimated" if mrio.flags.final_is_estimated else "calibrated"
    notes = ["Axes: seller in the order of the nodes, buying country, and all categories in one.", said]
    if mrio.flags.final_is_estimated:
        notes.insert(0, ESTIMATED)
    title = f"{table.meta.name}: final demand by destination, {state}"
    described = _describe(table, title, {"v": unit}, *notes)
    frame = pl.DataFrame({"v": np.ascontiguousarray(final).ravel()})
    return frame, (), described | {"shape": (*final.shape, 1), "flags": flags}


def _changes(table: Table, done: Calibrated, said: str) -> Kept:
    unit = next(iter(table.meta.units.values()))
    counts = done.changes.group_by("part", "reason").len().sort("part", "reason")
    told = (f"{part}, {rows:,} cells: {reason}." for part, reason, rows in counts.iter_rows())
    title = f"{table.meta.name}: cells that were changed"
    described = _describe(table, title, {"before": unit, "after": unit}, *told, said)
    key = ("part", "seller", "buyer", "category")
    return done.changes, key, described | {"flags": {"kind": "changes"}}


def _years(workspace: Workspace, name: str) -> list[int]:
    return workspace.query(f'SELECT DISTINCT year FROM "{name}"')["year"].sort().to_list()


def _of_year(workspace: Workspace, name: str, year: int) -> pl.DataFrame:
    return workspace.query(f'SELECT * FROM "{name}" WHERE year = :year', year=year)


def _by_product(workspace: Workspace, name: str) -> pl.DataFrame:
    return workspace.query(f'SELECT hs6, SUM(value_usd) AS value_usd FROM "{name}" GROUP BY hs6')


def _one_revision(table: Table) -> str:
    """The revision of a table of reports; raises ZizhuError for a table of another kind or in several revisions."""
    if table.meta.flags.get("kind") != REPORTED:
        raise ZizhuError(_kind(table, REPORTED, "`zizhu data add un-comtrade` makes one."))
    held = table.meta.flags.get("revision", "")
    revisions = held if isinstance(held, list) else [held]
    if len(revisions) != 1:
        what, where = f"reports in {', '.join(revisions)}", f"table {table.meta.name}"
        remedy = "Add the reports of one revision only: a year's reports are compared code by code."
        raise ZizhuError(Problem(what, where, "one revision", remedy))
    return str(revisions[0])


def _check_concordance(table: Table, pairs: Table, weigh: Table | None) -> tuple[str, pl.DataFrame]:
    """The revision that the concordance leads to from the table's, and its pairs, read in that direction.

    Raises ZizhuError for tables that do not fit together.
    """
    if pairs.meta.flags.get("kind") != CONCORDANCE:
        raise ZizhuError(_kind(pairs, CONCORDANCE, "`zizhu data add hs-concordances` makes one."))
    source, target = (str(pairs.meta.flags.get(side)) for side in ("source", "target"))
    listed = pairs.frame
    if table.meta.flags.get("revision") == target:
        source, target, listed = target, source, reversed_pairs(pairs.frame)
    problems = [
        Problem(f"{t.meta.name} is in {held}", "revision", wanted, "Name tables of these revisions.")
        for t, wanted in ((table, source), *([(weigh, target)] if weigh else []))
        if (held := t.meta.flags.get("revision")) != wanted
    ]
    if problems:
        raise ZizhuError(problems)
    return target, listed


def _kind(table: Table, wanted: str, remedy: str) -> Problem:
    what = f"a table of kind {table.meta.flags.get('kind')!r}"
    return Problem(what, f"table {table.meta.name}", f"one of kind {wanted!r}", remedy)


def _certainty(totals: Mapping[str, int]) -> str:
    whole = totals["total"] or 1
    return (
        f"{100 * totals['ambiguous'] / whole:.1f} % of the value went to one of several codes by weights, "
        f"{100 * totals['unmapped'] / whole:.1f} % has a code that the concordance lacks and is left out."
    )
