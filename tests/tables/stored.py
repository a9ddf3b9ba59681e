"""Small tables as a user would store them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from zizhu.store import Workspace, query
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade

FLAGS: dict[str, Any] = {
    "kind": "mrio",
    "years": [2022],
    "has_final_by_destination": False,
    "has_rest_of_world": True,
    "balanced": True,
    "value_added_is_residual": False,
    "lossy_relative_error": 1e-6,
}
MONEY = "million USD, current prices"


def workspace(root: Path) -> Workspace:
    """A workspace of its own, with nothing built in."""
    return Workspace(root=root / "mine", builtin=root / "none")


def node_frame(mrio: MRIO) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "idx": range(mrio.n),
            "iso3": mrio.nodes.country,
            "sector": mrio.nodes.sector,
            "output": mrio.x,
            "residual": mrio.value_added,
            "final_plus_row_sales": mrio.sales_elsewhere,
        }
    )


def store_nodes(
    space: Workspace,
    nodes: pl.DataFrame,
    name: str = "small-nodes",
    sources: tuple[str, ...] = ("test",),
) -> str:
    """Commit the nodes of a table; returns their reference."""
    described = {
        "title": "Nodes",
        "sources": sources,
        "units": {c: MONEY for c in ("output", "residual", "final_plus_row_sales") if c in nodes.columns},
    }
    return f"table:{name}@{space.commit(name, nodes, ('idx',), described)}"


def store_flows(
    space: Workspace,
    mrio: MRIO,
    nodes: str | None,
    flags: Mapping[str, Any] = FLAGS,
    sources: tuple[str, ...] = ("test",),
) -> str:
    """Commit the flows of a table as `small`; returns their digest."""
    described = {
        "title": "A small table",
        "sources": sources,
        "units": {"v": MONEY},
        "shape": (mrio.n, mrio.n),
        "flags": dict(flags),
        "parts": {"nodes": nodes} if nodes else {},
    }
    return space.commit("small", pl.DataFrame({"v": mrio.Z.reshape(-1)}), (), described)


def store(
    space: Workspace, mrio: MRIO, flags: Mapping[str, Any] = FLAGS, sources: tuple[str, ...] = ("test",)
) -> str:
    """Commit a table with its nodes; returns the digest of the flows. Numbers open where the sources are registered."""
    nodes = store_nodes(space, node_frame(mrio), sources=sources)
    return store_flows(space, mrio, nodes, flags, sources)


Flow = tuple[int, str, str, str, int, float | None]


def trade(*flows: Flow) -> Trade:
    """A trade table of rows (year, exporter, importer, hs6, USD, tonnes or None)."""
    columns = {
        "year": pl.Int16(),
        "exporter": pl.String(),
        "importer": pl.String(),
        "hs6": pl.String(),
        "value_usd": pl.Int64(),
        "quantity_t": pl.Float64(),
    }
    frame = pl.DataFrame(list(flows), schema=columns, orient="row")
    return Trade(
        ref=f"table:trade@{'0' * 32}",
        title="Test trade",
        ask=partial(_answer, frame.with_columns(pl.lit("HS92").alias("revision"))),
        sources=("test",),
    )


def _answer(frame: pl.DataFrame, sql: str, **params: Any) -> pl.DataFrame:
    """What the store would answer, without a file."""
    return pl.SQLContext(trade=frame).execute(query._bind(query._tokens(sql), params)).collect()
