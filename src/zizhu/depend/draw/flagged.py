"""Figures of dependency flags: products by definition, with the probability of each flag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.tables.around import around
from zizhu.vocab import names, products

MOST = 20


def flags(result: Result) -> Figure:
    """A heat map of the products that are most probably flagged, in all definitions and by all importers together.

    Columns are definitions; of several importers they are the importers, each in every definition.
    """
    importers = result.frame["importer"].unique(maintain_order=True).to_list()
    presets = result.frame["preset"].n_unique()
    total = pl.col("probability").sum().over("hs6")
    order = result.frame.with_columns(total.alias("total")).sort(
        "total", "hs6", "preset", "importer", descending=[True, False, False, False]
    )
    shown = order["hs6"].unique(maintain_order=True).head(MOST)
    rows = [
        {
            "product": products.label(r["hs6"]),
            "column": _column(r, len(importers), presets),
            "probability": r["probability"],
            "ref": result.ref(r, "probability"),
        }
        for r in order.filter(pl.col("hs6").is_in(shown.implode())).iter_rows(named=True)
    ]
    return Figure(
        kind="heatmap",
        title="Probability of a dependency flag",
        sentence=f"{' and '.join(map(names.name, importers))}: probability of a flag by product and definition.",
        unit=result.units["probability"],
        basis=result.basis,
        rows=tuple(rows),
        encoding={"row": "product", "column": "column", "value": "probability", "ref": "ref"},
        sources=result.run.inputs,
        notes=around(result, len(shown), order["hs6"].n_unique(), "products, those flagged most probably"),
    )


def _column(row: Mapping[str, Any], importers: int, presets: int) -> str:
    if importers == 1:
        return str(row["preset"])
    return names.name(row["importer"]) + (f", {row['preset']}" if presets > 1 else "")
