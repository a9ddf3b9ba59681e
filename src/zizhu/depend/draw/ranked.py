"""Figures of rankings: bars of the countries with the highest index, the one that was asked for in the accent."""

from __future__ import annotations

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.tables.around import around

SHOWN = 20


def complexity(result: Result) -> Figure:
    """Bars of the highest ECI; of a country that was asked for, its rank is said and its bar is among them."""
    countries = result.frame.filter(pl.col("of") == "country").sort("rank", "code")
    asked = str(result.run.params.get("country") or "")
    mine = countries.filter(pl.col("code") == asked)
    shown = countries.head(SHOWN)
    if mine.height and asked not in shown["code"]:
        shown = pl.concat([shown.head(SHOWN - 1), mine])
    rows = tuple(
        {
            "country": f"{r['rank']} {r['name']}",
            "eci": r["eci"],
            "asked": r["code"] == asked,
            "ref": result.ref(r, "eci"),
        }
        for r in shown.iter_rows(named=True)
    )
    first = countries.row(0, named=True)
    sentence = f"{first['name']} has the highest economic complexity of {countries.height} countries."
    for r in mine.iter_rows(named=True):
        sentence = f"{r['name']} has rank {r['rank']} of {countries.height} in economic complexity."
    return Figure(
        kind="bars",
        title="Economic complexity index",
        sentence=sentence,
        unit=result.units["eci"],
        basis=result.basis,
        rows=rows,
        encoding={"category": "country", "value": "eci", "ref": "ref"}
        | ({"accent": "asked"} if asked else {}),
        sources=result.run.inputs,
        notes=around(result, shown.height, countries.height, "countries"),
    )
