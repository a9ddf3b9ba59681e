"""What moves the band over years: which set of elasticities, and the errors of the estimates within a set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from zizhu.stress.ensemble.between import between
from zizhu.stress.ensemble.drivers import ENOUGH
from zizhu.stress.ensemble.runs import Runs
from zizhu.stress.years.measures import WELFARE
from zizhu.stress.years.model import Years
from zizhu.stress.years.thetas import SET
from zizhu.tables.leontief import Index, Vector

ERRORS = "errors of elasticities"
WHAT = {
    SET: "which set of trade elasticities: the variance between the sets",
    ERRORS: "the error of each estimate: the variance within the sets",
}


class OfSet(NamedTuple):
    """A set with the world's welfare lost in its draws: their mean and standard deviation."""

    title: str
    mean: float
    deviation: float


def least(model: Years) -> int:
    """Draws below which there is nothing to say; sets that cannot be told apart by any number are one."""
    return ENOUGH * max(len(model.elastic.names), 2) + 1


def explained(model: Years, runs: Runs) -> dict[str, float]:
    """The share of the spread of the world's loss of welfare that each of WHAT explains; not a number for a set that is
    not told apart from chance.
    """
    if len(np.unique(_sets(model))) < 2:
        return {SET: float("nan"), ERRORS: 1.0}
    share = between(_sets(model), _lost(runs))
    return {SET: share, ERRORS: 1.0 - np.nan_to_num(share)}


def by_set(model: Years, runs: Runs) -> Iterator[OfSet]:
    """What the draws of each set lose."""
    chosen, lost = _sets(model), _lost(runs)
    for k, title in enumerate(model.elastic.titles):
        if (own := lost[chosen == k]).size:
            yield OfSet(title, float(own.mean()), float(own.std()))


def _sets(model: Years) -> Index:
    return np.array([model.elastic.chosen(draw) for draw in model.values[1:]], dtype=np.intp)


def _lost(runs: Runs) -> Vector:
    """The world's loss of welfare of every draw (M,)."""
    return runs.all(WELFARE, lambda a: a.sum(axis=1))[1:]
