"""Tables of observations for tests of backtests, in a workspace of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from zizhu.sources.readers import observations
from zizhu.store import Workspace

Row = tuple[str, str, int | str, float, str]


def walks(entities: int, years: int = 25, drift: float = 0.05, seed: int = 0) -> list[Row]:
    """Geometric walks in kt and shares in percent, an entity at a time."""
    rng, found = np.random.default_rng(seed), list[Row]()
    for k in range(entities):
        x = rng.normal(drift, 0.1, (2, years)).cumsum(axis=1)
        level, share = 50 * np.exp(x[0]), 100 / (1 + np.exp(1 - x[1]))
        for t in range(years):
            found.append((f"place {k}", "output", 2000 + t, round(float(level[t]), 6), "kt"))
            found.append((f"place {k}", "share", 2000 + t, round(float(share[t]), 6), "percent"))
    return found


def stored(folder: Path, rows: Iterable[Row], name: str = "own", **more: object) -> Workspace:
    """A workspace with a table of these rows; `more` are columns that differ from the usual ones."""
    told = [(i, e, str(p), float(v), u) for e, i, p, v, u in rows]
    frame = pl.DataFrame(told, schema=["indicator", "entity", "period", "value", "unit"], orient="row")
    usual: dict[str, object] = {"lower": None, "upper": None, "status": "reported", "vintage": "2025"}
    usual |= {"source": "test", "published": ""}
    columns = {c: v if isinstance(v, pl.Series) else pl.lit(v) for c, v in (usual | more).items()}
    frame = frame.with_columns(**columns).select(pl.col(c).cast(t) for c, t in observations.SCHEMA.items())
    workspace = Workspace(folder / "ws")
    described = {
        "title": "Invented series",
        "units": dict.fromkeys(("value", "lower", "upper"), "as the column unit says"),
        "sources": ("test",),
        "flags": {"kind": "indicator"},
    }
    workspace.commit(name, frame, observations.KEY, described)
    return workspace
