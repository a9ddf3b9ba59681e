"""Figures of balances: self-sufficiency by basis, trade balance by product and year."""

from __future__ import annotations

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.vocab import names, products

MOST = 9
"""Panels of products."""


def sufficiency(result: Result) -> Figure:
    """Lines of self-sufficiency by year, a line a basis and a panel a product."""
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
    return Figure(
        kind="small_multiples",
        title="Self-sufficiency",
        sentence=f"{names.name(result.frame['reporter'][0])}: production over use, by product and basis.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"panel": "product", "x": "year", "y": "ratio", "series": "basis", "ref": "ref"},
        sources=result.run.inputs,
    )


def stages(result: Result) -> Figure:
    """Lines of the mean trade balance index by year, a panel a product, those most traded in the last year."""
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
    return Figure(
        kind="small_multiples",
        title="From import to export",
        sentence=f"{names.name(result.frame['reporter'][0])}: trade balance of the products traded most; -1 imports "
        "alone, 1 exports alone.",
        unit="index",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"panel": "product", "x": "year", "y": "balance", "ref": "ref"},
        sources=result.run.inputs,
    )


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
    )
