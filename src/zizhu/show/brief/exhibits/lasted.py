"""Beside exhibit i: the same control over years, what it costs once prices and trade have moved."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Grid, Line, line
from zizhu.show.format import amount, percent
from zizhu.stress import run
from zizhu.stress.periods import ALL
from zizhu.stress.rows import WELFARE
from zizhu.stress.scenario.shocks import YEARS
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer
from zizhu.vocab.sectors import TOTAL

DRAWS = 3
"""Draws of elasticities: an equilibrium each, which shows that they matter and not by how much."""
DIGITS, FIGURES = 4, 3
ESTIMATED = " To whom final sales go is an estimate: this says who gains and who loses, and of what size."


def grids(desk: Desk, like: Answer, countries: Sequence[str]) -> tuple[Grid, ...]:
    """Welfare of `countries`, of who loses most and of the world, under the scenario of an answer over years; none if
    that is refused."""
    said = like.inputs.params.scenario
    params = run.Params(scenario=said.model_copy(update={"horizons": (YEARS,), "draws": DRAWS}))
    desk.hold(run, params, run.on_the_ground_of(like.inputs, params))
    try:
        answer = desk.ask(run.METHOD, params)
    except CannotAnswer:
        return ()
    unit, years = answer.result.units["loss"], said.years
    return (
        Grid(
            ("Country", f"Years: welfare lost ({unit} a year)", "Band", "Of income"),
            (False, True, True, True),
            tuple(_cells(desk, answer, c) for c in _shown(answer, countries)),
            "As if it stayed, in a new equilibrium: prices, wages and suppliers have changed, and who sells under "
            f"licence keeps the rent. Below zero is a gain. Trade deficits: closure {years.closure}. Elasticities: "
            f"{answer.inputs.years.elastic.titles[0]}; the band holds {DRAWS} draws of all sets and of their errors."
            f"{ESTIMATED if answer.inputs.years.world.estimated else ''}",
        ),
    )


def _shown(answer: Answer, countries: Sequence[str]) -> tuple[str, ...]:
    """Those of `countries` that the table knows, the one that loses most money, and the world."""
    lost = answer.result.frame.filter(pl.col("measure") == WELFARE, pl.col("country") != WORLD)
    order = lost.sort("loss", "country", descending=[True, False])["country"].to_list()
    known = [c for c in countries if c in set(order)]
    return (*dict.fromkeys((*known, order[0])), WORLD)


def _cells(desk: Desk, answer: Answer, country: str) -> tuple[Line, ...]:
    row = answer.row(measure=WELFARE, country=country, sector=TOTAL, period=ALL)
    money = {c: desk.number(answer, row, c, amount(row[c], FIGURES)) for c in ("loss", "lower", "upper")}
    return (
        line(names.name(country)),
        line(money["loss"]),
        line(money["lower"], " to ", money["upper"]),
        line(desk.number(answer, row, "of_baseline", percent(row["of_baseline"], DIGITS))),
    )
