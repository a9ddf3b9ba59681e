"""Writes `packs/policy/pooled_radii.csv`: how far forecasts of world trade in raw materials were off, by n and h.

The second opinion of `zizhu track show` reaches as far. Scores are those of `zizhu.track.path.conformal`: errors of the
median of the mixture in mean annual changes of the window, one window of every length in every product.

    python tools/pool_radii.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl

from zizhu.store import Workspace
from zizhu.track.path import backtest, conformal, mixture
from zizhu.track.path.transforms import scaled

TABLE = "baci-raw-materials"
OUT = Path(__file__).parents[1] / "src/zizhu/packs/policy/pooled_radii.csv"


def windows(ws: Workspace) -> backtest.Windows:
    """Windows of the value of world exports of every product, on logarithms."""
    total = pl.col("value_usd").sum().cast(pl.Float64)
    by_year = ws.read(TABLE).frame.group_by("hs6", "year").agg(total).sort("hs6", "year")
    series = [
        scaled(rows["value_usd"].to_numpy(), "log")
        for _, rows in by_year.group_by("hs6", maintain_order=True)
        if rows["year"].diff().drop_nulls().eq(1).all()
    ]
    return backtest.windows(series, [TABLE] * len(series))


def main() -> None:
    """Write the table."""
    of = windows(Workspace())
    ahead = np.arange(1.0, of.after.shape[1] + 1)
    median = mixture.quantile(mixture.predicted(of.x, ahead), 0.5)
    found = conformal.radii(conformal.scores(of.after, median, of.unit), of.n)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("points", "years", "radius", "windows", "unit", "source"))
        for (n, h), radius in sorted(found.items()):
            rows.writerow(
                (n, h, f"{radius:.4f}", int((of.n == n).sum()), "mean annual changes", f"table:{TABLE}")
            )


if __name__ == "__main__":
    main()
