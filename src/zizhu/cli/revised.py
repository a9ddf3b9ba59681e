"""What a command put in the place of what was there: said in a line, or value by value."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zizhu.vocab.problems import CannotAnswer, ZizhuError

if TYPE_CHECKING:
    import polars as pl

    from zizhu.store import Workspace
    from zizhu.store.meta import Meta
    from zizhu.tables.revisions import Revisions

DIGITS = 12
"""Significant digits of a value: a revision may be in the last that its producer prints."""

NUMBERS = ("before", "after", "change")


def current(ws: Workspace) -> dict[str, Meta]:
    """The description of the current version of every table that can be read."""
    found = {}
    for name in ws.names():
        try:
            found[name] = ws.read(name).meta
        except ZizhuError:
            continue
    return found


def told(meta: Meta) -> str:
    """A version for people: its number, edition, when it was added, its rows."""
    origin = meta.origin
    editions = sorted({s.edition for s in origin.cited if s.edition}) if origin else []
    parts = [meta.short, f"edition {', '.join(editions)}" if editions else ""]
    parts += [f"added {origin.added}" if origin else "", f"{meta.rows:,} rows"]
    return ", ".join(p for p in parts if p)


def replaced(before: Mapping[str, Meta], made: Sequence[Meta]) -> list[str]:
    """A line for each table that was here already: what it was, that it is kept, and how to see it."""
    lines = []
    for meta in made:
        old = before.get(meta.name)
        if old is None:
            continue
        seen = f"`zizhu data info {old.name}@{old.short}`"
        if old.version == meta.version:
            lines.append(f"{meta.name}: is here already, nothing new.")
        elif old.digest == meta.digest:
            lines.append(
                f"{meta.name}: the same values, described anew; answers before cite {seen} as they did."
            )
        else:
            lines.append(f"{meta.name}: replaces {told(old)}; the earlier version is kept: {seen}.")
    return lines


def show(ws: Workspace, before: Mapping[str, Meta], made: Sequence[Meta]) -> None:
    """Print what changed in every table that was here already: totals, the largest revisions, rows withdrawn."""
    from zizhu.cli.output import console
    from zizhu.tables.revisions import CHANGED, WITHDRAWN, Revisions, compare

    page = console()
    for old, new in _revised(before, made):
        try:
            compared, sums = compare(ws, old, new), Revisions()
        except CannotAnswer as error:
            page.print(f"{new.name}: {error.problems[0].what}.", markup=False)
            continue
        for _ in compared.listed(sums):
            pass
        page.print(f"{new.name}: {_totals(sums)}.", markup=False)
        for what, frame, count in (
            (CHANGED, sums.largest, sums.changed),
            (WITHDRAWN, sums.gone, sums.withdrawn),
        ):
            if frame.height:
                alike = [c for c in frame.columns if frame[c].n_unique() == 1 and c not in NUMBERS]
                page.print(_heading(what, frame.select(alike), count, frame.height), markup=False)
                page.print(_table(what, frame, alike))


def emit(ws: Workspace, before: Mapping[str, Meta], made: Sequence[Meta]) -> None:
    """Write one JSON document: every table with its versions and totals, every value that changed or was withdrawn.

    Rows are written as they are found: a large table may have more of them than memory holds.
    """
    out = sys.stdout
    pairs = {new.name: old for old, new in _revised(before, made)}
    out.write('{"tables": [')
    for i, meta in enumerate(made):
        was = before.get(meta.name)
        head = {"table": meta.name, "version": meta.version, "before": was.version if was else None}
        out.write(f"{',' if i else ''}\n {json.dumps(head, ensure_ascii=False)[:-1]}")
        if meta.name in pairs:
            _emit_rows(ws, pairs[meta.name], meta)
        out.write("}")
    out.write("\n]}\n")


def _emit_rows(ws: Workspace, old: Meta, new: Meta) -> None:
    from zizhu.tables.revisions import Revisions, compare

    out = sys.stdout
    try:
        compared, sums = compare(ws, old, new), Revisions()
    except CannotAnswer as error:
        out.write(f', "not_compared": {json.dumps(error.problems[0].what, ensure_ascii=False)}')
        return
    columns: list[str] = []
    for frame in compared.listed(sums):
        if not columns:
            columns = frame.columns
            out.write(f', "columns": {json.dumps(columns)}, "units": {json.dumps(compared.units)}, "rows": [')
        else:
            out.write(",")
        rows = (json.dumps(row, ensure_ascii=False, default=str) for row in frame.iter_rows())
        out.write(",".join(f"\n  {row}" for row in rows))
    out.write("]" if columns else ', "columns": [], "units": {}, "rows": []')
    totals = {k: getattr(sums, k) for k in ("changed", "added", "withdrawn", "reworded")}
    out.write(f", {json.dumps(totals)[1:-1]}")


def _revised(before: Mapping[str, Meta], made: Sequence[Meta]) -> list[tuple[Meta, Meta]]:
    """The tables of which there was another version with other data."""
    pairs = ((before[meta.name], meta) for meta in made if meta.name in before)
    return [(old, new) for old, new in pairs if old.digest != new.digest]


def _totals(sums: Revisions) -> str:
    others = "".join(f"; another {column} in {rows:,}" for column, rows in sums.reworded.items())
    rows = "row" if sums.changed == 1 else "rows"
    return f"{sums.changed:,} {rows} revised, {sums.added:,} new, {sums.withdrawn:,} withdrawn{others}"


def _heading(what: str, alike: pl.DataFrame, count: int, shown: int) -> str:
    """What the rows are, and what they have in common."""
    from zizhu.tables.revisions import CHANGED

    said = "Largest revisions" if what == CHANGED else "Withdrawn"
    common = [f"{c} {alike[c][0]}" for c in alike.columns if c != "what" and alike[c][0]]
    more = [f"{shown} of {count:,} rows; --json lists all"] if count > shown else []
    return f"{said} ({'; '.join([*common, *more])}):"


def _table(what: str, frame: pl.DataFrame, alike: Sequence[str]) -> Any:
    """The rows as a table, without the columns that are alike in all of them."""
    from rich.markup import escape
    from rich.table import Table

    from zizhu.tables.revisions import CHANGED

    numbers = NUMBERS if what == CHANGED else NUMBERS[:1]
    shown = [c for c in frame.columns if c not in ("what", *alike, *NUMBERS)]
    table = Table(box=None, header_style="bold")
    for c in (*shown, *numbers):
        table.add_column(escape(c), justify="right" if c in numbers else "left", no_wrap=c in numbers)
    for row in frame.iter_rows(named=True):
        words = [str(row[c]) for c in shown] + [_number(row[c], c == "change") for c in numbers]
        table.add_row(*map(escape, words))
    return table


def _number(value: float | None, signed: bool) -> str:
    from zizhu.show.format import minus

    return "not known" if value is None else minus(f"{value:{'+' if signed else ''},.{DIGITS}g}")
