"""The rows of the horizon of years, in the form of all others: losses a year, in money of the table."""

from __future__ import annotations

import numpy as np
import polars as pl

from zizhu.stress import rows
from zizhu.stress.ensemble.runs import Runs, Spread
from zizhu.stress.periods import ALL
from zizhu.stress.rows import Line, frame_of, with_world
from zizhu.stress.scenario.shocks import YEARS
from zizhu.stress.years import measures
from zizhu.stress.years.model import Years
from zizhu.stress.years.split import Split, terms
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.groups import WORLD
from zizhu.vocab.sectors import TOTAL

OF_COUNTRIES = {
    rows.WELFARE: measures.WELFARE,
    rows.REAL_WAGE: measures.WAGE,
    rows.FIRST_ORDER: measures.FIRST_ORDER,
}
OF_INDUSTRIES = {
    rows.REAL_OUTPUT: measures.OUTPUT,
    rows.REAL_EXPORTS: measures.EXPORTS,
    rows.REAL_IMPORTS: measures.IMPORTS,
}
"""The measures and the arrays of `measures.losses`."""


def yearly(model: Years, runs: Runs, split: Split) -> pl.DataFrame:
    """What is lost in the new equilibrium, see `measures.losses`, and the split of it, which has no band.

    Where final sales are estimated, welfare alone: the rest of the answer is beyond what the estimate is for.
    """
    before = measures.baselines(model.base)
    found = [_whole(model, rows.WELFARE, before[measures.WELFARE], runs.spread(measures.WELFARE, with_world))]
    if model.world.estimated:
        return pl.concat(found)
    for measure, name in OF_COUNTRIES.items():
        if measure != rows.WELFARE:
            found.append(_whole(model, measure, before[name], runs.spread(name, with_world)))
    for measure, name in OF_INDUSTRIES.items():
        total = runs.spread(name, lambda a: with_world(a.sum(axis=2)))
        found.append(_whole(model, measure, before[name].sum(axis=1), total))
        found.append(_industries(model, measure, before[name], runs.spread(name)))
    for term, lost in terms(split).items():
        none = np.full(len(lost) + 1, np.nan)
        central = Spread(with_world(lost), none, none)
        found.append(_whole(model, term.replace("_", " "), before[measures.WELFARE], central))
    return pl.concat(found)


def _whole(model: Years, measure: str, baseline: Vector, values: Spread) -> pl.DataFrame:
    """A row for each country and the world: `baseline` (N,), `values` (N + 1,)."""
    who = (*model.countries, WORLD)
    return frame_of(Line(YEARS, measure, ALL), who, (TOTAL,) * len(who), with_world(baseline), values)


def _industries(model: Years, measure: str, baseline: Matrix, values: Spread) -> pl.DataFrame:
    """A row for each industry that has something to lose: all (N, J)."""
    country = [c for c in model.countries for _ in model.sectors]
    flat = Spread(*(v.ravel() for v in values))
    found = frame_of(
        Line(YEARS, measure, ALL), country, model.sectors * len(model.countries), baseline.ravel(), flat
    )
    return found.filter(pl.col("baseline") > 0)
