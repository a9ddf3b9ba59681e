"""What changed between two versions of a table: values revised, rows new, rows that are there no more.

Rows are compared by key. Of observations with vintages the latest of each is compared, so that a revision is one
changed value and not a row more; of a dense array the cells, under the names of its axes. Both versions are read in
key order a block at a time, so memory is that of a few blocks whatever the table.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs

from zizhu.store import Table, Workspace
from zizhu.store.meta import Meta
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

BLOCK = 1 << 20
"""Rows of either version that are held at once."""
TOP = 10
SAME = 1e-12
"""Relative difference of two numbers that a digest takes for one."""
VINTAGE = "vintage"
OF_A_RELEASE = (VINTAGE, "source", "published")
"""Columns of observations that every release changes."""
CHANGED, WITHDRAWN = "changed", "withdrawn"
CELL = "cell"
NODES = "mrio-nodes"


@dataclass
class Revisions:
    """The sums of a comparison, and its largest changes.

    `added` and `withdrawn` are rows; `changed` rows with another number; `reworded` rows with another text, by column.
    `largest` and `gone` hold at most TOP rows of `listed`.
    """

    added: int = 0
    withdrawn: int = 0
    changed: int = 0
    reworded: dict[str, int] = field(default_factory=dict)
    largest: pl.DataFrame = field(default_factory=pl.DataFrame)
    gone: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True)
class Compared:
    """Two versions of one table: key columns by which rows are told apart, and those whose text is compared."""

    old: Table
    new: Table
    key: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def units(self) -> dict[str, str]:
        """The units of the numbers."""
        return {c: self.new.meta.units[c] for c in self.numbers}

    def listed(self, sums: Revisions) -> Iterator[pl.DataFrame]:
        """Every changed number and every withdrawn row, block by block: key, what, column, unit, before, after, change.

        A withdrawn row stands there once, with its first number. When all are read, `sums` are complete.
        """
        weigh = _Weigher(self)
        for old, new in _aligned(_blocks(self, self.old), _blocks(self, self.new), self.key):
            weigh.add(old, new)
            if old.equals(new):
                continue
            found = self._named(self._differences(old, new, sums))
            if found.height:
                weigh.keep(found)
                yield found
        sums.largest, sums.gone = weigh.largest(), weigh.gone

    def _differences(self, old: pl.DataFrame, new: pl.DataFrame, sums: Revisions) -> pl.DataFrame:
        renamed = {c: f"new:{c}" for c in (*self.numbers, *self.texts)}
        both = old.with_columns(old=True).join(
            new.rename(renamed).with_columns(new=True), on=list(self.key), how="full", coalesce=True
        )
        sums.added += both["old"].null_count()
        gone, kept = both.filter(pl.col("new").is_null()), both.drop_nulls(["old", "new"])
        sums.withdrawn += gone.height
        other = {c: _other(c) for c in self.numbers}
        sums.changed += kept.filter(pl.any_horizontal(*other.values(), pl.lit(False))).height
        for c in self.texts:
            if count := kept.filter(pl.col(c).ne_missing(pl.col(renamed[c]))).height:
                sums.reworded[c] = sums.reworded.get(c, 0) + count
        first = self.numbers[0] if self.numbers else ""
        parts = [self._rows(gone, WITHDRAWN, first, None)]
        parts += [self._rows(kept.filter(other[c]), CHANGED, c, renamed[c]) for c in self.numbers]
        return pl.concat(parts).sort(*self.key, "column")

    def _rows(self, found: pl.DataFrame, what: str, column: str, after: str | None) -> pl.DataFrame:
        before = pl.col(column).cast(float) if column else pl.lit(None, dtype=pl.Float64)
        then = pl.col(after).cast(float) if after else pl.lit(None, dtype=pl.Float64)
        return found.select(
            *self.key,
            what=pl.lit(what),
            column=pl.lit(column),
            unit=pl.col("unit") if "unit" in self.texts else pl.lit(self.units.get(column, "")),
            before=before,
            after=then,
            change=then - before,
        )

    def _named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of a dense array with the names of their axes for the number of their cell."""
        if not self.names:
            return rows
        places = np.unravel_index(rows[CELL].to_numpy(), [len(labels) for _, labels in self.names])
        axes = [
            pl.Series(axis, np.array(labels, dtype=object)[place].tolist(), dtype=pl.String)
            for (axis, labels), place in zip(self.names, places, strict=True)
        ]
        return pl.DataFrame(axes).hstack(rows.drop(CELL))


class _Weigher:
    """The largest changes of each series, and what share of it they are.

    A series is what is in one unit or, where the key has indicators, one of them: sizes of several series are compared
    as shares of what each adds up to.
    """

    def __init__(self, compared: Compared) -> None:
        self._units = compared.units
        self._by = [c for c in ("indicator",) if c in compared.key]
        self._sums: dict[tuple[str, ...], float] = {}
        self._kept = pl.DataFrame()
        self.gone = pl.DataFrame()

    def add(self, *blocks: pl.DataFrame) -> None:
        """Count what the series add up to, in either version."""
        for block in blocks:
            sizes = [pl.col(c).cast(float).abs().sum() for c in self._units]
            summed = block.group_by(self._by).agg(sizes) if self._by else block.select(sizes)
            for row in summed.iter_rows(named=True):
                for c, unit in self._units.items():
                    series = (unit, *(row[b] for b in self._by))
                    self._sums[series] = self._sums.get(series, 0.0) + row[c]

    def keep(self, found: pl.DataFrame) -> None:
        """Keep the first withdrawn rows, and of each series the largest changes."""
        self.gone = pl.concat([self.gone, found.filter(pl.col("what") == WITHDRAWN)], how="diagonal").head(
            TOP
        )
        changed = pl.concat([self._kept, found.filter(pl.col("what") == CHANGED)], how="diagonal")
        if changed.height:
            by_size = changed.sort(
                pl.col("change").abs(), descending=True, nulls_last=True, maintain_order=True
            )
            self._kept = by_size.group_by("column", *self._by, maintain_order=True).head(TOP)

    def largest(self) -> pl.DataFrame:
        """The largest changes of all series."""
        if self._kept.is_empty():
            return self._kept
        series = self._kept.select("column", *self._by).rows()
        whole = pl.Series([self._sums[(self._units[column], *rest)] for column, *rest in series])
        order = pl.select((self._kept["change"].abs() / whole).alias("share"))["share"]
        ranked = self._kept.with_columns(order.alias("share"))
        return (
            ranked.sort("share", descending=True, nulls_last=True, maintain_order=True)
            .drop("share")
            .head(TOP)
        )


def compare(workspace: Workspace, old: Meta, new: Meta) -> Compared:
    """Two versions of a table, ready to be read against each other.

    Raises CannotAnswer for versions whose rows cannot be told apart in the same way: another key, or other axes.
    """
    before, after = workspace.read(old.name, old.version), workspace.read(new.name, new.version)
    if old.key != new.key or bool(old.shape) != bool(new.shape):
        raise _apart(new, f"the key is {', '.join(new.key)} and was {', '.join(old.key)}")
    if not new.key or new.flags.get("kind") == NODES:
        return _of_cells(workspace, before, after)
    key = new.key[:-1] if new.key[-1] == VINTAGE and len(new.key) > 1 else new.key
    left_out = {*new.key, *(OF_A_RELEASE if key != new.key else ())}
    numbers, texts = _columns(old, new, left_out)
    return Compared(before, after, key, numbers, texts)


def _columns(old: Meta, new: Meta, left_out: Container[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers and the texts that both versions have."""
    shared = [c for c in new.columns if c in old.columns and c not in left_out]
    numbers = tuple(c for c in shared if c in new.units and c in old.units)
    return numbers, tuple(c for c in shared if c not in numbers)


def _of_cells(workspace: Workspace, old: Table, new: Table) -> Compared:
    before, after = (_axes(workspace, t.meta) for t in (old, new))
    if before != after:
        lost = [
            n for (_, a), (_, b) in zip(before, after, strict=False) for n in dict.fromkeys(a) if n not in b
        ]
        told = f", {', '.join(lost[:5])} missing among them" if lost else ""
        raise _apart(new.meta, f"industries, countries or categories are others than before{told}")
    return Compared(old, new, (CELL,), *_columns(old.meta, new.meta, new.meta.key), after)


def _axes(workspace: Workspace, meta: Meta) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The axes of a dense array or a table of nodes with their labels; numbers where no table says what they are."""
    if meta.flags.get("kind") == NODES:
        return (("node", _labels(workspace.read(meta.name, meta.version))),)
    whole = meta if "nodes" in meta.parts else _whole_of(workspace, meta)
    nodes = _nodes_of(workspace, whole) if whole is not None else ()
    n = meta.shape[0]
    if len(nodes) != n:
        return tuple((f"axis {i}", tuple(map(str, range(size)))) for i, size in enumerate(meta.shape))
    if meta.shape == (n, n):
        return ("seller", nodes), ("buyer", nodes)
    flags = (tuple(map(str, meta.flags.get(axis, ()))) for axis in ("buyers", "categories"))
    return ("seller", nodes), *zip(("buyer", "category"), flags, strict=True)


def _whole_of(workspace: Workspace, part: Meta) -> Meta | None:
    """The table that names this version of a final demand as its part."""
    with suppress(ZizhuError):
        held = workspace.versions(part.name.removesuffix("-final"))
        return next((m for m in held if m.parts.get("final") == part.ref), None)
    return None


def _nodes_of(workspace: Workspace, whole: Meta) -> tuple[str, ...]:
    name, _, version = whole.parts["nodes"].removeprefix("table:").partition("@")
    return _labels(workspace.read(name, version))


def _labels(nodes: Table) -> tuple[str, ...]:
    return tuple(f"{c}:{s}" for c, s in nodes.frame.sort("idx").select("iso3", "sector").iter_rows())


def _blocks(compared: Compared, table: Table) -> Iterator[pl.DataFrame]:
    """The rows in key order, one a key: the latest vintage of observations."""
    scanned = pl.scan_parquet(table.path, glob=False)
    columns = (*compared.key, *compared.numbers, *compared.texts)
    held = pl.DataFrame()
    for start in range(0, table.meta.rows, BLOCK):
        part = scanned.slice(start, BLOCK)
        if compared.names:
            part = part.with_row_index(CELL, start)
        block = part.select(columns).with_columns(
            cs.integer().cast(pl.Int64),
            cs.float().cast(float),
            (cs.categorical() | cs.enum()).cast(pl.String),
        )
        rows = pl.concat([held, block.collect()], how="diagonal")
        if compared.key == table.meta.key or compared.names:
            yield rows
            continue
        latest = rows.unique(list(compared.key), keep="last", maintain_order=True)
        held = latest.tail(1)  # its later vintages may be in the next block
        yield latest.head(-1)
    if held.height:
        yield held


def _aligned(
    old: Iterator[pl.DataFrame], new: Iterator[pl.DataFrame], key: Sequence[str]
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Blocks of both that hold all rows between the same keys."""
    a, b = _next(old), _next(new)
    while a is not None and b is not None:
        end = min(a.select(key).row(-1), b.select(key).row(-1))
        left, right = _up_to(a, key, end), _up_to(b, key, end)
        yield a.head(left), b.head(right)
        a = a.slice(left) if left < a.height else _next(old)
        b = b.slice(right) if right < b.height else _next(new)
    while a is not None:
        yield a, a.clear()
        a = _next(old)
    while b is not None:
        yield b.clear(), b
        b = _next(new)


def _next(blocks: Iterator[pl.DataFrame]) -> pl.DataFrame | None:
    return next((b for b in blocks if b.height), None)


def _up_to(frame: pl.DataFrame, key: Sequence[str], end: tuple[Any, ...]) -> int:
    """How many rows, in key order, have no key above `end`."""
    within = pl.lit(True)
    for column, value in reversed([*zip(key, end, strict=True)]):
        within = (pl.col(column) < value) | ((pl.col(column) == value) & within)
    return int(frame.select(within.sum()).item())


def _other(column: str) -> pl.Expr:
    """Whether a number is another than it was, beyond what a digest sees; known and not known are different."""
    old, new = pl.col(column).cast(float), pl.col(f"new:{column}").cast(float)
    apart = (new - old).abs() > SAME * pl.max_horizontal(old.abs(), new.abs())
    return apart.fill_null(False) | (old.is_null() != new.is_null())


def _apart(meta: Meta, why: str) -> CannotAnswer:
    remedy = "Open both versions with `zizhu data info`; the earlier one is kept."
    return CannotAnswer(Problem(f"values are not compared: {why}", f"table {meta.name}", "one form", remedy))
