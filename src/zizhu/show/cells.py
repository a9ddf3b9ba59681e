"""Opening cells of stored tables: rows, flows added up, and the parts of an input-output table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from zizhu.ledger.models import Ref
from zizhu.ledger.result import Part, largest
from zizhu.show.format import amount
from zizhu.show.opened import Opened, sources_of, table_parts
from zizhu.store import Table, Workspace
from zizhu.tables.axes import Axes, load_axes, owner
from zizhu.tables.leontief import Matrix
from zizhu.tables.load import load_final, load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, select, whole_countries_of
from zizhu.vocab import groups, names
from zizhu.vocab.problems import Problem, ZizhuError, unknown

TRADERS = ("exporter", "importer")


def open_table(workspace: Workspace, rest: str, top: int) -> Opened:
    place, _, key = rest.partition("#")
    name, digest = table_parts(place)
    table = workspace.read(name, digest)
    ref = f"table:{rest}"
    opener = _PARTS.get(str(table.meta.flags.get("kind")))
    if opener is not None:
        return opener(workspace, ref, key, top)
    values = key.split(",")
    frame = _rows_of(table, values) if len(values) == len(table.meta.key) else pl.DataFrame()
    if frame.is_empty():
        raise ZizhuError(_no_row(table, key))
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


def _no_row(table: Table, key: str) -> Problem:
    """What is wrong with a key that no row has, with one that a row has."""
    columns = table.meta.key
    first = pl.scan_parquet(table.path, glob=False).select(columns).head(1).collect()
    example = f", such as {','.join(map(str, first.row(0)))}" if first.height else ""
    return Problem(
        f"no row {key!r}" if key.count(",") + 1 == len(columns) else f"key {key!r}",
        f"table {table.meta.name}",
        f"{','.join(columns)}{example}",
        f"Give one value a key column; `zizhu data info {table.meta.name}` tells about the table.",
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
                table.meta.row_ref(r),
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


@dataclass(frozen=True)
class Sales:
    """Sales (k, m) from `sellers` to `buyers`, `values` in `unit`: cells of the table `ref`."""

    ref: Ref
    unit: str
    axes: Axes
    sellers: Sequence[str]
    buyers: Sequence[str]
    values: Matrix

    def opened(self, workspace: Workspace, ref: Ref, sentence: str, top: int) -> Opened:
        """The sales added up, with their `top` largest cells; one cell alone has no parts."""
        value = float(self.values.sum())
        order = np.argsort(-np.abs(self.values), axis=None, kind="stable")
        places = order[: top if self.values.size > 1 else 0]
        cells = zip(*np.unravel_index(places, self.values.shape), strict=True)
        parts = tuple(self._part(s, b, value) for s, b in cells if self.values[s, b])
        rest = value - sum(p.value for p in parts) if parts else 0.0
        left_out = int(np.count_nonzero(self.values)) - len(parts) if parts else 0
        behind = sources_of(workspace, (self.ref,))
        return Opened(ref, sentence, value, self.unit, parts, rest, behind, left_out=left_out)

    def _part(self, s: int, b: int, value: float) -> Part:
        seller, buyer, sold = self.sellers[s], self.buyers[b], float(self.values[s, b])
        label = f"{self.axes.told(seller)} to {self.axes.told(buyer)}"
        return Part(f"{self.ref}#{seller},{buyer}", label, sold, sold / value if value else 0.0)


def _open_flow(workspace: Workspace, ref: Ref, key: str, top: int) -> Opened:
    """What an industry adds, or what it sells to industries, or to final demand where the buyer is a category of it."""
    name, digest = table_parts(ref.partition(":")[2].partition("#")[0])
    axes = load_axes(workspace, name, digest)
    seller, _, buyer = key.partition(",")
    if not seller:
        raise ZizhuError(_no_cell(axes, key, "COUNTRY[:INDUSTRY] or SELLER,BUYER", axes.nodes.label(0)))
    category = buyer.partition(":")[2]
    if category in axes.categories and category not in axes.nodes.sectors:
        return _open_final(workspace, f"{axes.final}#{key}", key, top)
    mrio = load_mrio(workspace, name, digest)
    if not buyer:
        return _open_node(workspace, ref, mrio, axes, select(mrio, seller), top)
    sells, buys = select(mrio, seller), select(mrio, buyer)
    flows = mrio.Z[sells.index][:, buys.index].astype(float) * sells.part[:, None] * buys.part
    labels = mrio.nodes.labels(sells.index), mrio.nodes.labels(buys.index)
    said = f"Sales of intermediate inputs from {axes.told(seller)} to {axes.told(buyer)} in {mrio.title}."
    opened = Sales(mrio.ref, mrio.unit, axes, *labels, flows).opened(workspace, ref, said, top)
    return replace(opened, fields=_to_final(mrio, sells, buyer))


def _to_final(mrio: MRIO, sells: Selection, buyer: str) -> tuple[tuple[str, str], ...]:
    """What goes beside inputs to the final demand of a buyer that is a country or a group, where it is known."""
    if ":" in buyer or mrio.final is None:
        return ()
    sold = mrio.final[sells.index][:, list(whole_countries_of(mrio, buyer))].sum(axis=1)
    return ((f"and to final demand there ({mrio.unit})", amount(float(sells.part @ sold), 5)),)


def _open_final(workspace: Workspace, ref: Ref, key: str, top: int) -> Opened:
    """What industries sell to final demand: to that of a country or group, in one of its categories or in all."""
    held = workspace.read(*table_parts(ref.partition(":")[2].partition("#")[0]))
    of = owner(workspace, held, "final")
    axes = load_axes(workspace, of.name, of.digest)
    seller, who, kinds = _final_key(axes, key)
    mrio = load_mrio(workspace, of.name, of.digest)
    buyers = [mrio.nodes.countries[i] for i in whole_countries_of(mrio, who)]
    final = load_final(workspace, workspace.read(of.name, of.digest), mrio.n).of(buyers, kinds)
    sells = select(mrio, seller)
    sold = (final[sells.index] * sells.part[:, None, None]).reshape(len(sells.index), -1)
    labels = mrio.nodes.labels(sells.index), [f"{b}:{k}" for b in buyers for k in kinds]
    what = kinds[0] if len(kinds) == 1 else "all categories"
    said = f"Sales from {axes.told(seller)} to final demand ({what}) of {names.told(who)}: {held.meta.title}."
    return Sales(held.meta.ref, mrio.unit, axes, *labels, sold).opened(workspace, ref, said, top)


def _final_key(axes: Axes, key: str) -> tuple[str, str, list[str]]:
    """Seller, buying country or group, and categories of final demand; raises ZizhuError for other keys."""
    seller, _, buyer = key.partition(",")
    who, _, category = buyer.partition(":")
    if not seller or not who:
        example = f"{axes.nodes.label(0)},{axes.buyers[0]}:{axes.categories[0]}"
        raise ZizhuError(_no_cell(axes, key, "SELLER,COUNTRY[:CATEGORY]", example))
    if category and category not in axes.categories:
        raise ZizhuError(unknown("category", category, axes.categories, f"final demand, {key}"))
    return seller, who, [category] if category else list(axes.categories)


def _no_cell(axes: Axes, key: str, expected: str, example: str) -> Problem:
    return Problem(
        f"key {key!r}" if key else "no key",
        f"table {axes.meta.name}",
        f"{expected} after #, such as {example}",
        f"`zizhu data show {axes.meta.name}` lists countries, industries and final demand.",
    )


def _open_node(workspace: Workspace, ref: Ref, mrio: MRIO, axes: Axes, of: Selection, top: int) -> Opened:
    """What an industry, or several, adds to its inputs, with its output and what becomes of it."""
    added = of.part * mrio.value_added[of.index]
    value = float(added.sum())
    nodes = zip(mrio.nodes.labels(of.index), of.part, added, strict=True) if len(of.index) > 1 else ()
    each = ((n, f"{'' if part == 1 else f'{part:.4g} of '}{axes.told(n)}", float(v)) for n, part, v in nodes)
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
        f"What {axes.told(of.code)} adds to its inputs in {mrio.title}{residual}.",
        value,
        mrio.unit,
        parts,
        value - sum(p.value for p in parts) if parts else 0.0,
        sources_of(workspace, (mrio.ref,)),
        fields=tuple((f"{k} ({mrio.unit})", amount(float(of.part @ v), 5)) for k, v in totals.items()),
        left_out=left_out,
    )


_PARTS: Mapping[str, Callable[[Workspace, Ref, str, int], Opened]] = {
    "mrio": _open_flow,
    "mrio-final": _open_final,
}
