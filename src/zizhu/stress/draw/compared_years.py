"""The figure of several scenarios over years: welfare lost by country, a bar a scenario, with bands."""

from __future__ import annotations

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.draw.losses import Drawn, drawn_as, most
from zizhu.stress.rows import WELFARE
from zizhu.tables.around import around
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD

COUNTRIES = 6
DRAWN = "countries: those of the largest losses and gains in money"


def figure(result: Result) -> Figure:
    """Those that lose or gain most money in any scenario, those that lose first; what is shared is income."""
    found = result.frame.filter(
        pl.col("measure") == WELFARE, pl.col("country") != WORLD, pl.col("of_baseline").is_not_null()
    )
    size = found.group_by("country").agg(pl.col("loss").abs().max().alias("size"), pl.col("loss").max())
    largest = size.sort("size", "country", descending=[True, False]).head(COUNTRIES)
    shown = largest.sort("loss", "country", descending=[True, False])["country"].to_list()
    rows = found.filter(pl.col("country").is_in(shown))
    drawn = drawn_as(rows, result)
    titles = {s["id"]: s["title"] for s in result.run.params["scenarios"]}
    own = titles if len(set(titles.values())) == len(titles) else {i: i for i in titles}
    order = [i for i in titles if i in set(rows["scenario"])]
    return Figure(
        kind="bars",
        title="Scenarios side by side, over years",
        sentence=_costliest(found, own, drawn),
        unit=drawn.unit if drawn.value == "loss" else "share of income",
        basis=result.basis,
        rows=tuple(
            {
                "country": names.name(country),
                "scenario": own[r["scenario"]],
                "loss": r[drawn.value],
                "lower": r[drawn.lower],
                "upper": r[drawn.upper],
                "ref": result.ref(r, drawn.value),
            }
            for country in shown
            for scenario in order
            for r in rows.filter(country=country, scenario=scenario).iter_rows(named=True)
        ),
        encoding={
            "category": "country",
            "value": "loss",
            "group": "scenario",
            "lower": "lower",
            "upper": "upper",
            "ref": "ref",
        },
        sources=result.run.inputs,
        notes=around(result, len(shown), found["country"].n_unique(), DRAWN),
    )


def _costliest(found: pl.DataFrame, called: dict[str, str], drawn: Drawn) -> str:
    """Whom which scenario costs most money, where all of them are bounds of one kind."""
    worst, up = most(found), "Welfare lost in a new equilibrium of trade; below zero it is a gain."
    if found["bound"].n_unique() > 1:
        return f"Bounds of different kinds are not ranked. {up}"
    if worst["loss"] <= 0:
        return f"No country loses. {up}"
    what = f"{names.the(worst['country'])}, {drawn.full(worst, 'income')}"
    return f"What costs a country most money is '{called[worst['scenario']]}': {what}. {up}"
