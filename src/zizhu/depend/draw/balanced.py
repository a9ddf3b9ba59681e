"""Figures of balances: self-sufficiency by basis, trade balance by product and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.tables.around import around
from zizhu.vocab import names, products

MOST = 9
"""Panels of products."""
FEW = 3
"""Years that are bars side by side: a line needs more points."""


def sufficiency(result: Result) -> Figure:
    """Self-sufficiency over the years: a panel a product, a line a basis; bars where the years are few."""
    shown = result.frame["product"].unique(maintain_order=True).head(MOST)
    rows = [
        {
            "product": products.label(r["product"]),
            "year": r["year"],
            "ratio": r["self_sufficiency"],
            "basis": r["basis"],
            "ref": result.ref(r, "self_sufficiency"),
        }
        for r in result.frame.filter(result.frame["product"].is_in(shown.implode())).iter_rows(named=True)
        if r["self_sufficiency"] is not None
    ]
    return _over_years(
        Figure(
            kind="small_multiples",
            title="Self-sufficiency",
            sentence=f"{names.name(result.frame['reporter'][0])}: production over use, by product and basis",
            unit="share",
            basis=result.basis,
            rows=tuple(rows),
            encoding={"panel": "product", "x": "year", "y": "ratio", "series": "basis", "ref": "ref"},
            sources=result.run.inputs,
            notes=around(result, len(shown), result.frame["product"].n_unique(), "products"),
        )
    )


def stages(result: Result) -> Figure:
    """The mean trade balance index over the years, a panel a product, those most traded in the last year."""
    traded = pl.col("exports_usd") + pl.col("imports_usd")
    last = result.frame.filter(pl.col("year") == pl.col("year").max())
    shown = last.sort(traded, "hs6", descending=[True, False], nulls_last=True)["hs6"].head(MOST)
    rows = [
        {
            "product": products.label(r["hs6"]),
            "year": r["year"],
            "balance": r["mean_balance"],
            "ref": result.ref(r, "mean_balance"),
        }
        for r in shown.to_frame()
        .join(result.frame, on="hs6", maintain_order="left_right")
        .iter_rows(named=True)
        if r["mean_balance"] is not None
    ]
    return _over_years(
        Figure(
            kind="small_multiples",
            title="From import to export",
            sentence=f"{names.name(result.frame['reporter'][0])}: trade balance of the products traded most; -1 is "
            "imports alone, 1 exports alone",
            unit="index",
            basis=result.basis,
            rows=tuple(rows),
            encoding={"panel": "product", "x": "year", "y": "balance", "ref": "ref"},
            sources=result.run.inputs,
            notes=around(result, len(shown), last.height, "products, those traded most in the last year"),
        )
    )


def _over_years(lines: Figure) -> Figure:
    """The figure, its sentence ended; of few years as bars, one a year, by panel and series."""
    years = sorted({r["year"] for r in lines.rows})
    if len(years) > FEW:
        return lines.model_copy(update={"sentence": f"{lines.sentence}."})
    encoding = {"category": "name", "value": lines.encoding["y"], "ref": "ref"}
    if len(years) > 1:
        encoding["group"] = "year"
    when = f", in {years[0]}" if len(years) == 1 else ""
    rows = _bars(lines, years)
    told = {"kind": "bars", "sentence": f"{lines.sentence}{when}.", "rows": rows, "encoding": encoding}
    return lines.model_copy(update=told)


def _bars(lines: Figure, years: Sequence[int]) -> tuple[Mapping[str, Any], ...]:
    """A row for every line and year, without a value where the line has none."""
    panel, y, series = (lines.encoding.get(role, "") for role in ("panel", "y", "series"))
    several = len({r.get(series) for r in lines.rows}) > 1
    order = {name: k for k, name in enumerate(dict.fromkeys(r[panel] for r in lines.rows))}
    held = {(order[r[panel]], r.get(series, ""), r["year"]): r for r in lines.rows}
    drawn = [
        (f"{list(order)[at]}, {one}" if several else list(order)[at], year, held.get((at, one, year), {}))
        for at, one in sorted({key[:2] for key in held})
        for year in years
    ]
    return tuple({"name": n, "year": str(t), y: r.get(y), "ref": r.get("ref")} for n, t, r in drawn)


def risk(result: Result) -> Figure:
    """Bars of the supply risk score by product, largest first."""
    rows = [
        {"product": products.label(r["hs6"]), "score": r["score"], "ref": result.ref(r, "score")}
        for r in result.frame.sort("score", "hs6", descending=[True, False]).iter_rows(named=True)
    ]
    return Figure(
        kind="bars",
        title="Geopolitical supply risk",
        sentence=f"{names.name(result.frame['importer'][0])}: concentration of production times the risk of imports.",
        unit="index",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "product", "value": "score", "ref": "ref"},
        sources=result.run.inputs,
        notes=result.notes,
    )
