"""When a trader changed sides in a product: from exporter to importer, or the other way."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import polars as pl

STEADY, LEAST = 3, 0.01
DEFINITION = (
    "A turning point is the first year from which the larger of the two shares has stayed the larger; "
    "a side taken for a single year does not count."
)


class Turn(NamedTuple):
    """The first year on the present side, and which side that is."""

    year: int
    became: str


def turning_point(path: pl.DataFrame) -> Turn | None:
    """The first year from which the larger share has stayed the larger; a side taken for a single year does not count.

    `path` has year, export_share and import_share of one product. There is no turn when the last year itself is
    such a single year, when the present side was kept for less than STEADY years, or with less than LEAST of
    world trade.
    """
    path = path.sort("year")
    importer = (path["import_share"] > path["export_share"]).to_list()
    runs = [list(run) for _, run in groupby(range(len(importer)), key=importer.__getitem__)]
    if not runs or len(runs[-1]) == 1:
        return None
    lasting = [run for run in runs if len(run) > 1]
    others = [run for run in lasting if importer[run[0]] != importer[-1]]
    if not others:
        return None
    start = next(run[0] for run in lasting if run[0] > others[-1][0])
    side = path["import_share" if importer[-1] else "export_share"]
    if len(importer) - start < STEADY or side[-1] < LEAST:
        return None
    return Turn(int(path["year"][start]), "importer" if importer[-1] else "exporter")
