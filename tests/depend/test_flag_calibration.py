"""Chances of next year's flags against what came: the last three years hidden, on the built-in raw materials.

For each of the years 2022 to 2024 the chance is made from the six years before it; nothing of the year itself or later
is read. Importers are the 24 largest in 2021 and the European Union.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

from zizhu.depend.concentration import rule
from zizhu.depend.concentration.forecast import Ahead, next_year
from zizhu.depend.concentration.measures import observed
from zizhu.depend.concentration.presets import presets
from zizhu.depend.flag_flows import Reader, Window
from zizhu.store import Workspace
from zizhu.tables.load import load_trade

HIDDEN = (2022, 2023, 2024)
HISTORY, LONGEST, DRAWS = 6, 3, 500
ALLOWED = 0.1
"""How far the frequency of a tenth may lie from its mean chance."""

pytestmark = pytest.mark.slow


@cache
def forecasts() -> pl.DataFrame:
    """preset, who, chance, came (flagged in the hidden year) and bare (flagged in the year before)."""
    baci = load_trade(Workspace(), "baci-raw-materials")
    largest = baci.ask(
        'SELECT importer, SUM(value_usd) AS usd FROM "baci-raw-materials" WHERE year = 2021 '
        "GROUP BY importer ORDER BY usd DESC LIMIT 24"
    )["importer"]
    years = tuple(range(HIDDEN[0] - HISTORY, HIDDEN[-1] + 1))
    reader = Reader(baci, Window(baci.products, years, len(baci.products)))
    world = reader.world("CHN", reader.touching(["CHN"]))
    parts = []
    for importer in (*largest, "EU27"):
        touching = reader.touching([importer])
        seen = reader.world(importer, touching) if importer == "EU27" else world
        flows = reader.traded(importer, seen, touching)
        measures = {n: v.reshape(len(baci.products), -1) for n, v in observed(flows).items()}
        parts += [of_year(measures, years.index(year), importer) for year in HIDDEN]
    return pl.concat(parts)


def of_year(measures: dict[str, np.ndarray], hidden: int, importer: str) -> pl.DataFrame:
    past = {n: v[:, hidden - HISTORY : hidden] for n, v in measures.items()}
    names = sorted({c.measure for p in presets().values() for c in p.cuts})
    ahead, frames = Ahead.of(past, names, DRAWS, np.random.default_rng(hidden)), []
    for preset in presets().values():
        chance = next_year(ahead, past, preset.cuts, preset.years, preset.at_least)
        ended = rule.windowed(rule.margin(measures, preset.cuts), preset.years, preset.at_least) > 1
        end = hidden - preset.years + 1
        frame = pl.DataFrame({"chance": chance, "came": ended[:, end], "bare": ended[:, end - 1]})
        held = np.isfinite(measures["imports_usd"][:, hidden]) & np.isfinite(chance)
        frames.append(
            frame.filter(held).with_columns(pl.lit(preset.id).alias("preset"), pl.lit(importer).alias("who"))
        )
    return pl.concat(frames).with_columns(pl.col("came", "bare").cast(pl.Float64))


def test_tenths_of_chances_come_as_often_as_they_say() -> None:
    tenths = (
        forecasts()
        .group_by((pl.col("chance") * 10).floor().clip(0, 9).alias("tenth"))
        .agg(pl.len(), pl.col("chance", "came").mean())
        .sort("tenth")
    )
    assert tenths.height == 10
    assert tenths["len"].min() > 100  # type: ignore[operator]
    apart = (tenths["came"] - tenths["chance"]).abs()
    assert apart.max() < ALLOWED, tenths  # type: ignore[operator]


@pytest.mark.parametrize("preset", list(presets()))
def test_a_chance_tells_more_than_the_flag_of_the_year_before(preset: str) -> None:
    own = forecasts().filter(preset=preset)
    brier = ((own["chance"] - own["came"]) ** 2).mean()
    bare = ((own["bare"] - own["came"]) ** 2).mean()
    base = (own["came"].mean() - own["came"]) ** 2  # type: ignore[operator]
    assert brier < 0.85 * bare, (brier, bare)  # type: ignore[operator]
    assert brier < base.mean()
