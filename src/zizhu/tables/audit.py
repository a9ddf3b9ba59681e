"""The audit of a table before a number leaves it: bytes, digest, signs, balances, empty nodes, unit values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from zizhu.store import Table, Workspace
from zizhu.store.digest import digest
from zizhu.tables.leontief import Index, Vector
from zizhu.tables.load import TRADE_COLUMNS, load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.outliers import FACTOR, SHARE, outliers
from zizhu.vocab.problems import ZizhuError

ROUNDING = 1e-6
"""Relative gap of a balance that float32 or printed tables leave even without loss."""
NAMED = 5


@dataclass(frozen=True)
class Finding:
    """One result of the audit. `fault` = the table must not be used; neither fault nor fine = worth knowing."""

    table: str
    what: str
    fault: bool = False
    fine: bool = False


def check_table(workspace: Workspace, name: str) -> list[Finding]:
    """Verify a stored table and audit what it holds. Damage is a finding, an unknown name a ZizhuError."""
    table = workspace.read(name)
    try:
        found = _stored(table)
        if table.meta.flags.get("kind") == "mrio":
            found += [replace(f, table=name) for f in audit(load_mrio(workspace, name))]
        elif set(TRADE_COLUMNS) <= set(table.meta.columns):
            found += _trade(table)
    except ZizhuError as error:
        return [Finding(name, str(p), fault=True) for p in error.problems]
    return found


def _stored(table: Table) -> list[Finding]:
    made = digest(table.frame, table.meta.key)
    if made != table.meta.digest:
        return [Finding(table.meta.name, f"digest {made}, recorded as {table.meta.digest}", fault=True)]
    return [Finding(table.meta.name, f"{table.meta.rows:,} rows, digest {made[:12]} verified", fine=True)]


def audit(mrio: MRIO) -> list[Finding]:
    """Signs, balances and empty nodes of an input-output table.

    Rows: Z1 + sales elsewhere = x. Columns: 1'Z + value added = x. A gap is a fault when it exceeds the loss
    the table declares and, in a row, what the row sells to columns that are marked as estimated.
    """
    findings = _signs(mrio)
    if any(f.fault for f in findings):
        return findings
    rows = mrio.Z.sum(axis=1, dtype=float) + mrio.sales_elsewhere
    columns = mrio.Z.sum(axis=0, dtype=float) + mrio.value_added
    estimated = np.array([mrio.nodes.label(i) in mrio.estimated for i in range(mrio.n)])
    guessed = mrio.Z[:, estimated].sum(axis=1, dtype=float)
    findings += [_balance(mrio, "row", rows, guessed), _balance(mrio, "column", columns, mrio.x * estimated)]
    over = np.flatnonzero(mrio.v < -(mrio.flags.relative_error + ROUNDING))
    if over.size:
        findings.append(_named(mrio, over, "inputs above output", fault=True))
    empty = np.flatnonzero(mrio.x == 0)
    if empty.size:
        findings.append(_named(mrio, empty, "without output: their coefficients are set to 0"))
    return findings


def _signs(mrio: MRIO) -> list[Finding]:
    findings = []
    held = (mrio.Z, mrio.x, mrio.value_added, mrio.sales_elsewhere)
    if not all(np.isfinite(part).all() for part in held):
        findings.append(Finding(mrio.ref, "cells that are not finite numbers", fault=True))
    elif mrio.Z.min() < 0:
        bad = np.argwhere(mrio.Z < 0)
        i, j = bad[0]
        where = f"{mrio.nodes.label(int(i))} to {mrio.nodes.label(int(j))}"
        findings.append(Finding(mrio.ref, f"{len(bad)} negative flows, first {where}", fault=True))
    if (mrio.x < 0).any():
        findings.append(_named(mrio, np.flatnonzero(mrio.x < 0), "with negative output", fault=True))
    return findings


def _balance(mrio: MRIO, side: str, total: Vector, estimated: Vector) -> Finding:
    gap = np.abs(total - mrio.x)
    allowed = (mrio.flags.relative_error + ROUNDING) * np.maximum(np.abs(mrio.x), np.abs(total)) + estimated
    bad = np.flatnonzero(gap > allowed)
    if bad.size and mrio.flags.balanced:
        worst = bad[np.argsort(-gap[bad], kind="stable")]
        return _named(
            mrio, worst, f"whose {side} does not add up (largest gap {gap[bad].max():,.3g} {mrio.unit})", True
        )
    if bad.size:
        return _named(mrio, bad, f"whose {side} does not add up, as the table states of itself")
    marked = f" ({', '.join(mrio.estimated)} are estimated)" if mrio.estimated else ""
    return Finding(
        mrio.ref, f"{side}s add up to output, largest gap {gap.max():,.3g} {mrio.unit}{marked}", fine=True
    )


def _named(mrio: MRIO, nodes: Index, what: str, fault: bool = False) -> Finding:
    names = ", ".join(mrio.nodes.label(int(i)) for i in nodes[:NAMED])
    more = f" and {nodes.size - NAMED} more" if nodes.size > NAMED else ""
    return Finding(mrio.ref, f"{nodes.size} nodes {what}: {names}{more}", fault=fault)


def _trade(table: Table) -> list[Finding]:
    frame, name = table.frame, table.meta.name
    negative = frame.filter((pl.col("value_usd") < 0) | (pl.col("quantity_t") < 0)).height
    own = frame.filter(pl.col("exporter") == pl.col("importer")).height
    unweighed = frame["quantity_t"].null_count()
    findings = [
        Finding(
            name,
            f"{frame['year'].n_unique()} years, {frame['hs6'].n_unique()} products",
            fine=True,
        )
    ]
    if negative or own:
        findings.append(
            Finding(name, f"{negative} negative flows, {own} flows of a country to itself", fault=True)
        )
    if unweighed:
        findings.append(Finding(name, f"{unweighed:,} flows without tonnes: unit values leave them out"))
    return findings + _off_price(table)


def _off_price(table: Table) -> list[Finding]:
    """The flows that carry weight at a unit value far from the product's, the worst of them named."""
    found = outliers(table.frame)
    if found.is_empty():
        return []
    worst = "; ".join(_told(flow) for flow in found.head(NAMED).iter_rows(named=True))
    more = f"; and {found.height - NAMED:,} more" if found.height > NAMED else ""
    what = (
        f"{found.height:,} flows of {SHARE * 100:g} % or more of a year's world trade in their product have a "
        f"unit value more than {FACTOR:g} times off the product's median: value, tonnes or code may be wrong. "
        f"Largest: {worst}{more}"
    )
    return [Finding(table.meta.name, what)]


def _told(flow: dict[str, Any]) -> str:
    return (
        f"{flow['exporter']} to {flow['importer']}, HS {flow['hs6']}, {flow['year']}, {flow['unit_value']:,.0f} USD/t "
        f"against {flow['median']:,.0f} ({flow['share'] * 100:.0f} % of world trade)"
    )
