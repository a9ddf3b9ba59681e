"""When a trader changed sides in a product: from exporter to importer, or the other way."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

STEADY, LEAST = 3, 0.01


class Turn(NamedTuple):
    """The first year on the present side, and which side that is."""

    year: int
    became: str


def turning_point(path: pl.DataFrame) -> Turn | None:
    """The year from which the larger of two shares has stayed the larger to the end, if it was the smaller before.

    `path` has year, export_share and import_share of one product. A side that was kept for less than STEADY
    years, or with less than LEAST of world trade, is noise and no turn.
    """
    path = path.sort("year")
    importer = (path["import_share"] > path["export_share"]).to_list()
    if not importer or all(side == importer[-1] for side in importer):
        return None
    last_other = max(i for i, side in enumerate(importer) if side != importer[-1])
    side = path["import_share" if importer[-1] else "export_share"]
    if len(importer) - last_other - 1 < STEADY or side[-1] < LEAST:
        return None
    return Turn(int(path["year"][last_other + 1]), "importer" if importer[-1] else "exporter")
