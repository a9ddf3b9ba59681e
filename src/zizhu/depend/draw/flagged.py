"""Figures of dependency flags: products by definition, with the probability of each flag."""

from __future__ import annotations

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.vocab import names, products

MOST = 20


def flags(result: Result) -> Figure:
    """A heat map of the products that are most probably flagged, in all definitions together, of the first importer."""
    importer = result.frame["importer"][0]
    own = result.frame.filter(pl.col("importer") == importer)
    total = pl.col("probability").sum().over("hs6")
    order = own.with_columns(total.alias("total")).sort(
        "total", "hs6", "preset", descending=[True, False, False]
    )
    shown = order["hs6"].unique(maintain_order=True).head(MOST)
    rows = [
        {
            "product": products.label(r["hs6"]),
            "preset": r["preset"],
            "probability": r["probability"],
            "ref": result.ref(r, "probability"),
        }
        for r in order.filter(pl.col("hs6").is_in(shown.implode())).iter_rows(named=True)
    ]
    return Figure(
        kind="heatmap",
        title="Probability of a dependency flag",
        sentence=f"{names.name(importer)}: probability of a flag by product and definition.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"row": "product", "column": "preset", "value": "probability", "ref": "ref"},
        sources=result.run.inputs,
    )
