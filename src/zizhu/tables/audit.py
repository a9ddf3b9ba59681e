"""The audit of a table before a number leaves it: bytes and digest, then what a table of its kind can have wrong.

Each kind has its audit: `audit_mrio` and, across the years of one producer, `audit_family`; `audit_trade`;
`audit_series` for what is observed by entity and year. Findings come ranked by their weight in results.
"""

from __future__ import annotations

from dataclasses import replace

from zizhu.store import Table, Workspace
from zizhu.store.digest import digest, digest_of_file
from zizhu.tables import audit_family, audit_series, audit_trade
from zizhu.tables.audit_mrio import audit
from zizhu.tables.finding import Finding, ranked
from zizhu.tables.load import load_mrio
from zizhu.tables.trade import TRADE_COLUMNS
from zizhu.vocab.problems import ZizhuError

LARGE = 5_000_000
"""Rows from which a digest is made from the file, a column at a time: large tables are stored in key order."""

__all__ = ["Finding", "audit", "check_table"]


def check_table(workspace: Workspace, name: str) -> list[Finding]:
    """Verify a stored table and audit what it holds, the heaviest finding first.

    Damage is a finding, an unknown name a ZizhuError.
    """
    if name not in workspace.names():
        workspace.read(name)
    try:
        table = workspace.read(name)
        found = [_stored(table), *_content(workspace, table)]
    except ZizhuError as error:
        return [Finding(name, str(p), fault=True, weight=1.0) for p in error.problems]
    return ranked(replace(f, table=name) for f in found)


def _stored(table: Table) -> Finding:
    table.check_bytes()
    made = _digest(table)
    if made != table.meta.digest:
        what = f"digest {made}, recorded as {table.meta.digest}"
        return Finding(table.meta.name, what, fault=True, weight=1.0)
    return Finding(table.meta.name, f"{table.meta.rows:,} rows, digest {made[:12]} verified", fine=True)


def _digest(table: Table) -> str:
    if table.meta.rows < LARGE or not table.meta.key:
        return digest(table.frame, table.meta.key)
    import polars as pl

    counted = (
        pl.scan_parquet(table.path, glob=False).select(pl.all().null_count()).collect(engine="streaming")
    )
    return digest_of_file(table.path, table.meta.key, {c: counted[c].item() > 0 for c in counted.columns})


def _content(workspace: Workspace, table: Table) -> list[Finding]:
    meta = table.meta
    if meta.flags.get("kind") == "mrio":
        mrio = load_mrio(workspace, meta.name)
        return [*audit(mrio), *audit_family.findings(workspace, meta, mrio)]
    if set(TRADE_COLUMNS) <= set(meta.columns) or audit_trade.is_reported(meta):
        return audit_trade.findings(workspace, meta)
    if audit_series.is_series(meta):
        return audit_series.findings(table)
    return []
