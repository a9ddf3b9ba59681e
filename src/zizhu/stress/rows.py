"""The rows of a stress run: losses by horizon, measure, country, industry and period, with their bands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.stress.ensemble.band import band
from zizhu.stress.periods import ALL, quarters, steps
from zizhu.stress.quarters import Losses, Quarters
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS
from zizhu.stress.scenario.spans import DAYS
from zizhu.tables.leontief import Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab.groups import WORLD
from zizhu.vocab.sectors import TOTAL

if TYPE_CHECKING:
    from zizhu.ledger.result import Result
    from zizhu.stress.ensemble.executor import Arrays

KEY = ("horizon", "measure", "country", "sector", "period")
OUTPUT, UNMET = "output", "final demand not met"
SALES, THROUGH, FIRST = "lost sales", "passes through", "first-tier shortage"
SHORTAGE, GAINED = "shortage", "gained sales"
LISTED = (
    (WEEKS, OUTPUT, "Weeks, output lost against the table"),
    (WEEKS, UNMET, "Weeks, final demand not met"),
    (QUARTERS, SALES, "Quarters, sender's side: output no longer called for"),
    (QUARTERS, THROUGH, "Quarters, receiver's side if inputs replace each other: output that passes through"),
    (QUARTERS, FIRST, "Quarters, receiver's side, first tier: output that lacks what stops"),
    (QUARTERS, SHORTAGE, "Quarters, receiver's side at most: every input needed, all tiers"),
    (QUARTERS, GAINED, "Quarters: sales gained by those who deliver instead"),
)
"""The listings for people: horizon, measure and title."""
SHARES = ("of_baseline", "of_lower", "of_upper")
PICKED: tuple[tuple[str, Callable[[Losses], Vector]], ...] = (
    (SALES, lambda of: of.sales),
    (THROUGH, lambda of: of.through),
    (FIRST, lambda of: of.first),
    (SHORTAGE, lambda of: of.shortage),
    (GAINED, lambda of: of.gained),
)
NUMBERS = ("loss", "lower", "upper", *SHARES)
Values = NDArray[np.floating]


class Measured(NamedTuple):
    """A measure over columns (c,): its value in the table, at the central values, and the ends of its band."""

    baseline: Values
    loss: Values
    lower: Values
    upper: Values


def units(mrio: MRIO) -> dict[str, str]:
    """The unit of every number."""
    return dict.fromkeys(("baseline", "loss", "lower", "upper"), mrio.unit) | dict.fromkeys(
        SHARES, "share of output"
    )


def together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rows, sorted by their key, with shares of the baseline."""
    shares = [
        pl.when(pl.col("baseline") > 0).then(pl.col(a) / pl.col("baseline")).alias(b)
        for a, b in zip(("loss", "lower", "upper"), SHARES, strict=True)
    ]
    return pl.concat(frames).with_columns(*shares).sort(KEY)


def weekly(mrio: MRIO, scenario: Scenario, runs: Arrays) -> pl.DataFrame:
    """Output lost against the table: by step for countries, by quarter of the run for industries, and in all."""
    share = scenario.length / DAYS["year"] / scenario.steps
    found = [
        *_by_node(mrio, WEEKS, OUTPUT, ALL, _summed(mrio.x * share * scenario.steps, runs["nodes"])),
        *_by_country(mrio, WEEKS, OUTPUT, ALL, mrio.x * share * scenario.steps, runs["nodes"]),
        *_by_country(mrio, WEEKS, UNMET, ALL, _final(mrio) * share * scenario.steps, runs["unmet"]),
    ]
    for q, (period, span) in enumerate(quarters(scenario).items()):
        base, lost = mrio.x * share * len(span), runs["quarters"][:, q]
        found += [*_by_node(mrio, WEEKS, OUTPUT, period, _summed(base, lost))]
        found += [*_by_country(mrio, WEEKS, OUTPUT, period, base, lost)]
    output = _totals(mrio, mrio.x) * share
    for t, period in enumerate(steps(scenario)):
        found += _countries(mrio, WEEKS, OUTPUT, period, output, _world(runs["countries"][:, t]))
    return pl.concat(found)


def _final(mrio: MRIO) -> Vector:
    return np.asarray(np.maximum(mrio.x - mrio.Z.sum(axis=1, dtype=float), 0.0))


def quarterly(mrio: MRIO, model: Quarters) -> pl.DataFrame:
    """Both sides over a year at full size; the band runs from the mild to the severe end of what is uncertain."""
    central, mild, severe = model.central, model.mild, model.severe
    found = []
    for measure, pick in PICKED:
        runs = np.stack([pick(one) for one in (central, mild, severe)])
        ends = np.sort(runs[1:], axis=0)
        values = Measured(mrio.x, runs[0], ends[0], ends[1])
        found += [*_by_node(mrio, QUARTERS, measure, ALL, values)]
        totals = [_totals(mrio, v) for v in (runs[0], *runs[1:])]
        low, high = np.sort(np.stack(totals[1:]), axis=0)
        found += [_frame(mrio, QUARTERS, measure, ALL, Measured(_totals(mrio, mrio.x), totals[0], low, high))]
    return pl.concat(found)


def _summed(baseline: Values, runs: Values) -> Measured:
    """Central run (row 0) and band of the draws (the other rows; the central run alone where there are none)."""
    low, high = band(runs[1:] if len(runs) > 1 else runs)
    return Measured(baseline, runs[0], low, high)


def _totals(mrio: MRIO, values: Values) -> Vector:
    """Values (n,) by country and, last, in all (C + 1,)."""
    by_country = np.bincount(mrio.nodes.country_index, values, len(mrio.nodes.countries))
    return _with_world(np.asarray(by_country, dtype=float))


def _with_world(by_country: Vector) -> Vector:
    return np.append(by_country, by_country.sum())


def _world(by_country: Values) -> Values:
    """Runs (M, C) with a column of the whole table (M, C + 1)."""
    return np.column_stack([by_country, by_country.sum(axis=1)])


def _by_country(
    mrio: MRIO, horizon: str, measure: str, period: str, baseline: Values, runs: Values
) -> Iterator[pl.DataFrame]:
    summed = np.stack([_totals(mrio, run) for run in runs])
    yield from _countries(mrio, horizon, measure, period, _totals(mrio, baseline), summed)


def _countries(
    mrio: MRIO, horizon: str, measure: str, period: str, baseline: Values, runs: Values
) -> Iterator[pl.DataFrame]:
    yield _frame(mrio, horizon, measure, period, _summed(baseline, runs))


def _frame(mrio: MRIO, horizon: str, measure: str, period: str, values: Measured) -> pl.DataFrame:
    who = [*mrio.nodes.countries, WORLD]
    return _rows(horizon, measure, period, who, [TOTAL] * len(who), values)


def _by_node(mrio: MRIO, horizon: str, measure: str, period: str, values: Measured) -> Iterator[pl.DataFrame]:
    who, what = list(mrio.nodes.country), list(mrio.nodes.sector)
    yield _rows(horizon, measure, period, who, what, values).filter(pl.col("baseline") > 0)


def _rows(
    horizon: str, measure: str, period: str, country: list[str], sector: list[str], values: Measured
) -> pl.DataFrame:
    size = len(country)
    return pl.DataFrame(
        {
            "horizon": [horizon] * size,
            "measure": [measure] * size,
            "country": country,
            "sector": sector,
            "period": [period] * size,
            **{k: np.asarray(v, dtype=float) for k, v in values._asdict().items()},
        }
    )


def notes(scenario: Scenario, mrio: MRIO) -> Iterator[str]:
    """What the numbers are and are not."""
    yield (
        "Weeks: losses of output against a table that stands still; prices do not move, and no one builds a plant. "
        "Quarters: a year at full size, once stocks are gone; lost sales and the receiver's side are never added. What "
        "passes through is lost if other inputs serve instead. The first-tier shortage is what the users of what stops "
        "cannot make; the shortage at most adds all tiers, every input needed as the scenario says and final customers "
        "giving way first: it can be many times as large."
    )
    drawn = ", ".join(n.replace("_", " ") for n in scenario.drawn)
    if scenario.draws and drawn:
        yield (
            f"The band holds nine of ten of {scenario.draws} draws of: {drawn} (`zizhu stress fields` has their "
            "ranges). It does not hold the error of the table."
        )
    if not mrio.flags.has_rest_of_world:
        yield f"Countries outside {mrio.inside} neither lack nor replace anything."


def listed(result: Result) -> list[tuple[str, pl.DataFrame, tuple[str, ...]]]:
    """The answer for people, as title, rows and columns: who loses most and who gains, by horizon and measure."""
    frame = result.frame.filter(pl.col("period") == ALL)
    found: list[tuple[str, pl.DataFrame, tuple[str, ...]]] = []
    for horizon, measure, what in LISTED:
        rows = frame.filter(pl.col("horizon") == horizon, pl.col("measure") == measure, pl.col("loss") != 0)
        total, nodes = pl.col("sector") == TOTAL, rows.filter(pl.col("sector") != TOTAL)
        countries = rows.filter(total).sort(pl.col("country") != WORLD, -pl.col("loss"), "country")
        found.append((what, countries, ("country", *NUMBERS)))
        if measure in (OUTPUT, FIRST):
            most = nodes.filter(pl.col("loss") > 0).sort(-pl.col("loss"), "country", "sector")
            found.append((f"{what}: industries", most, ("country", "sector", *NUMBERS)))
        if measure == OUTPUT:
            gains = nodes.filter(pl.col("loss") < 0).sort("loss", "country", "sector")
            found.append(("Who makes more than in the table", gains, ("country", "sector", *NUMBERS)))
    return [one for one in found if one[1].height]


def by_scenario(result: Result) -> list[tuple[str, pl.DataFrame, tuple[str, ...]]]:
    """The world's losses by scenario, and the countries that lose most."""
    frame = result.frame.filter(pl.col("period") == ALL)
    world = frame.filter(pl.col("country") == WORLD)
    countries = frame.filter(pl.col("country") != WORLD, pl.col("measure").is_in([OUTPUT, FIRST, SALES]))
    most = countries.sort(-pl.col("of_baseline"), *KEY[:3], "scenario")
    shown = ("scenario", "horizon", "measure")
    return [
        ("The world", world, (*shown, *NUMBERS)),
        ("Countries that lose most", most, (*shown, "country", *NUMBERS)),
    ]
