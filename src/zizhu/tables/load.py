"""From stored tables to `MRIO` and `Trade`: shapes and flags are checked, nothing is computed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.store import Table, Workspace
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.mrio import MRIO, Flags, Nodes
from zizhu.tables.trade import TRADE_COLUMNS, Trade
from zizhu.vocab.problems import Problem, ZizhuError, unknown

Cells = NDArray[np.floating[Any]]
TRADE = "trade"
NODE_COLUMNS = ("idx", "iso3", "sector", "output", "residual", "final_plus_row_sales")


def load_mrio(workspace: Workspace, name: str, digest: str | None = None) -> MRIO:
    """The input-output table of that name.

    Raises ZizhuError when it is not one, when its parts do not fit together, or when its bytes are damaged.
    """
    table = workspace.read(name, digest)
    return workspace.once(f"flows {table.meta.ref}", lambda: _mrio(workspace, table))


def _mrio(workspace: Workspace, table: Table) -> MRIO:
    name = table.meta.name
    flags = flags_of(table)
    nodes = stored_nodes(part_of(workspace, table, "nodes"))
    n = nodes.height
    if table.meta.shape != (n, n):
        raise ZizhuError(
            Problem(
                f"shape {table.meta.shape} with {n} nodes",
                f"table {name}",
                f"({n}, {n})",
                "Commit the flows and the nodes of one table together.",
            )
        )
    column = table.meta.columns
    named = named_nodes(nodes)
    final = (
        load_final(workspace, table, n)
        if flags.has_final_by_destination and "final" in table.meta.parts
        else None
    )
    return MRIO(
        ref=table.meta.ref,
        title=table.meta.title,
        unit=table.meta.units[next(iter(column))].partition(",")[0],
        nodes=named,
        Z=table.frame[next(iter(column))].to_numpy().reshape(n, n),
        x=nodes["output"].to_numpy(),
        value_added=nodes["value_added" if "value_added" in nodes.columns else "residual"].to_numpy(),
        sales_elsewhere=nodes["final_plus_row_sales"].to_numpy(),
        final=None if final is None else final.by_country(named.countries),
        flags=flags,
        estimated=_estimated(nodes),
        sources=table.meta.sources,
        notes=table.meta.notes,
        primary=_primary(nodes),
        imports=nodes["imports"].to_numpy() if "imports" in nodes.columns else None,
    )


@dataclass(frozen=True)
class Final:
    """Final demand by destination: `values` (n, C, F) of sellers, buying countries and categories."""

    values: Cells
    buyers: tuple[str, ...]
    categories: tuple[str, ...]

    def of(self, buyers: Sequence[str], categories: Sequence[str]) -> NDArray[np.float64]:
        """The values (n, buyers, categories) of some of both."""
        who, what = (
            [held.index(v) for v in of] for held, of in ((self.buyers, buyers), (self.categories, categories))
        )
        return np.asarray(self.values[:, who][:, :, what], dtype=float)

    def by_country(self, countries: tuple[str, ...]) -> Matrix:
        """The sum over categories (n, C) with the buyers in the order of `countries`.

        Raises ZizhuError where the buyers are not these countries.
        """
        if set(self.buyers) != set(countries):
            apart = sorted(set(self.buyers) ^ set(countries))
            raise ZizhuError(
                Problem(
                    f"{', '.join(apart[:5])} in only one of nodes and final demand",
                    "final demand",
                    "the same countries in both",
                    "Commit the flows, the nodes and the final demand of one table together.",
                )
            )
        order = [self.buyers.index(c) for c in countries]
        return np.asarray(self.values.sum(axis=2, dtype=float)[:, order])


def _primary(nodes: pl.DataFrame) -> Vector | None:
    """What columns pay besides flows and value added, summed; None where nodes tell nothing apart."""
    told = [c for c in ("taxes", "imports", "other_inputs") if c in nodes.columns]
    return nodes.select(pl.sum_horizontal(told)).to_series().to_numpy() if told else None


def load_final(workspace: Workspace, table: Table, n: int) -> Final:
    """Final demand by category of an input-output table with n nodes.

    Raises ZizhuError for a table that has none, and where buyers repeat or the axes do not fit the nodes.
    """
    held = part_of(workspace, table, "final")
    buyers, categories = (tuple(held.meta.flags.get(axis, ())) for axis in ("buyers", "categories"))
    if held.meta.shape != (n, len(buyers), len(categories)) or len(set(buyers)) != len(buyers):
        raise ZizhuError(
            Problem(
                f"shape {held.meta.shape} with {len(set(buyers))} buyers and {len(categories)} categories",
                f"table {held.meta.name}",
                f"({n}, buyers, categories), every buyer once",
                "Commit the flows, the nodes and the final demand of one table together.",
            )
        )
    return Final(
        held.frame[next(iter(held.meta.columns))].to_numpy().reshape(held.meta.shape), buyers, categories
    )


def part_of(workspace: Workspace, table: Table, role: str) -> Table:
    """The table that `table` names as one of its parts."""
    if role not in table.meta.parts:
        raise ZizhuError(
            Problem(
                f"no {role}", f"table {table.meta.name}", f"a table with its {role}", "Choose another table."
            )
        )
    name, _, digest = table.meta.parts[role].removeprefix("table:").partition("@")
    return workspace.read(name, digest)


def load_trade(workspace: Workspace, name: str, digest: str | None = None) -> Trade:
    """The trade table of that name.

    Raises ZizhuError when it is of another kind, when columns are missing, or when its bytes are damaged.
    """
    table = workspace.read(name, digest)
    if table.meta.flags.get("kind", TRADE) != TRADE:
        raise ZizhuError(_no_trade(workspace, table))
    _require_columns(table, TRADE_COLUMNS)
    return workspace.once(f"trade {table.meta.ref}", lambda: _trade(workspace, table))


def _trade(workspace: Workspace, table: Table) -> Trade:
    meta = table.meta
    table.check_quickly()
    revision = str(meta.flags.get("revision", ""))
    return Trade(meta.ref, meta.title, workspace.pinned([meta.ref]).query, meta.key, meta.sources, revision)


def _no_trade(workspace: Workspace, table: Table) -> Problem:
    """What is wrong with a table of another kind; names the trade tables whose description can be read."""
    known = []
    for name in workspace.names():
        with suppress(ZizhuError):
            if workspace.read(name).meta.flags.get("kind") == TRADE:
                known.append(name)
    return Problem(
        f"a table of kind {table.meta.flags['kind']!r}",
        f"table {table.meta.name}",
        f"a trade table (kind {TRADE!r})",
        f"Trade tables here: {', '.join(known) or 'none'}.",
    )


def flags_of(table: Table) -> Flags:
    """What an input-output table states about itself; raises ZizhuError for a table of another kind."""
    raw: dict[str, Any] = dict(table.meta.flags)
    kind = raw.pop("kind", None)
    if kind != "mrio" or "nodes" not in table.meta.parts:
        raise ZizhuError(
            Problem(
                f"a table of kind {kind!r}",
                f"table {table.meta.name}",
                "an input-output table (kind 'mrio') with its nodes",
                "`zizhu data list` shows the kind of every table.",
            )
        )
    raw["relative_error"] = raw.pop("lossy_relative_error", 0.0)
    known = [f.name for f in fields(Flags)]
    where = f"flags of table {table.meta.name}"
    problems = [unknown("flag", name, known, where) for name in raw if name not in known]
    needed = [f.name for f in fields(Flags) if f.default is MISSING]
    problems += [
        Problem(f"no {name}", where, "what the table states about itself", "Commit it again with this flag.")
        for name in needed
        if name not in raw or (name == "years" and not raw[name])
    ]
    if problems:
        raise ZizhuError(problems)
    return Flags(**raw | {"years": tuple(raw["years"])})


def named_nodes(nodes: pl.DataFrame) -> Nodes:
    """The nodes of a table by name, from their stored form."""
    columns = ("iso3", "sector", "whole", "section")
    return Nodes(*(tuple(nodes[c]) if c in nodes.columns else () for c in columns))


def stored_nodes(table: Table) -> pl.DataFrame:
    """The nodes of a table with their totals, in order; raises ZizhuError where columns or nodes are missing."""
    _require_columns(table, NODE_COLUMNS)
    frame = table.frame.sort("idx")
    if not np.array_equal(frame["idx"].to_numpy(), np.arange(frame.height)):
        raise ZizhuError(
            Problem("gaps in idx", f"table {table.meta.name}", "0, 1, ..., n - 1", "Commit it again.")
        )
    return frame


def _estimated(nodes: pl.DataFrame) -> tuple[str, ...]:
    if "value_added_estimated" not in nodes.columns:
        return ()
    marked = nodes.filter(pl.col("value_added_estimated"))
    return tuple(marked["iso3"] + ":" + marked["sector"])


def _require_columns(table: Table, wanted: tuple[str, ...]) -> None:
    missing = [c for c in wanted if c not in table.meta.columns]
    if missing:
        raise ZizhuError(
            Problem(
                f"no column {c!r}",
                f"table {table.meta.name}",
                f"columns {', '.join(wanted)}",
                "Map the table first.",
            )
            for c in missing
        )
