"""Figures of bilateral trade: lines and small multiples of shares by year."""

from __future__ import annotations

from typing import Any

import polars as pl

from zizhu.depend.turning import turning_point
from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.tables.around import around
from zizhu.vocab import names, products

PARTNERS = 5
SIDES = {"export_share": "world exports", "import_share": "world imports"}


def suppliers(result: Result) -> Figure:
    """Lines of the shares of the largest partners of the last year; one panel a product when there are several."""
    last = result.frame.filter(pl.col("year") == result.frame["year"].max())
    lead = last.group_by("partner").agg(pl.col("value_usd").sum())
    chosen = lead.sort("value_usd", "partner", descending=[True, False])["partner"].head(PARTNERS)
    shown = result.frame.filter(pl.col("partner").is_in(chosen.implode())).sort("hs6", "partner", "year")
    rows: list[dict[str, Any]] = [
        {
            "product": products.label(r["hs6"]),
            "year": r["year"],
            "share": r["share"],
            "partner": names.name(r["partner"]),
            "ref": result.ref(r, "share"),
        }
        for r in shown.iter_rows(named=True)
    ]
    rows += _years_without_trade(shown)
    several = result.frame["hs6"].n_unique() > 1
    encoding = {"x": "year", "y": "share", "series": "partner", "ref": "ref"}
    return Figure(
        kind="small_multiples" if several else "lines",
        title=result.basis,
        sentence="Shares of the largest partners by year.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding=encoding | ({"panel": "product"} if several else {}),
        sources=result.run.inputs,
        notes=around(result, len(chosen), lead.height, "partners, the largest of the last year"),
    )


def _years_without_trade(shown: pl.DataFrame) -> list[dict[str, Any]]:
    """Zero shares for the years in which a partner has no flow, so that no line is drawn across them."""
    years = shown.select("hs6", "year").unique()
    pairs = shown.select("hs6", "partner").unique().join(years, on="hs6")
    missing = pairs.join(shown, on=["hs6", "partner", "year"], how="anti").sort("hs6", "partner", "year")
    return [
        {
            "product": products.label(r["hs6"]),
            "year": r["year"],
            "share": 0.0,
            "partner": names.name(r["partner"]),
            "ref": None,
        }
        for r in missing.iter_rows(named=True)
    ]


def position(result: Result) -> Figure:
    """Small multiples of the shares of world exports and world imports by product."""
    turns = {str(key[0]): turning_point(path) for key, path in result.frame.group_by("hs6")}
    rows: list[dict[str, Any]] = []
    for r in result.frame.sort("hs6", "year").iter_rows(named=True):
        turn = turns[r["hs6"]]
        rows += [
            {
                "product": products.label(r["hs6"]),
                "year": r["year"],
                "share": r[column],
                "side": side,
                "mark": "turning point"
                if turn and turn.year == r["year"] and column == "import_share"
                else None,
                "ref": result.ref(r, column),
            }
            for column, side in SIDES.items()
        ]
    return Figure(
        kind="small_multiples",
        title="Share of world exports and imports",
        sentence=f"{names.name(result.frame['reporter'][0])}: share of world exports and of world imports by product.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={
            "panel": "product",
            "x": "year",
            "y": "share",
            "series": "side",
            "mark": "mark",
            "ref": "ref",
        },
        sources=result.run.inputs,
        notes=result.notes,
    )
