"""The rows of a stress run: losses by horizon, measure, country, industry and period, with their bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.stress.ensemble.runs import Runs, Spread
from zizhu.stress.periods import A_YEAR, ALL, LEAST, lasting, quarters, shorter_than_a_year, steps
from zizhu.stress.quarters import MOVED, Ends
from zizhu.stress.scenario.model import DEFAULT, Scenario
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS, YEARS
from zizhu.stress.scenario.spans import DAYS, told
from zizhu.stress.weeks import least_stock
from zizhu.tables.content import country_indicator
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.threads import one_thread
from zizhu.vocab.groups import WORLD
from zizhu.vocab.sectors import TOTAL

if TYPE_CHECKING:
    from zizhu.ledger.result import Result

KEY = ("horizon", "measure", "country", "sector", "period")
OUTPUT, UNMET = "output", "final demand not met"
SALES, THROUGH, FIRST = "lost sales", "passes through", "first-tier shortage"
SHORTAGE, GAINED = "shortage", "gained sales"
WELFARE, REAL_WAGE, REAL_OUTPUT = "welfare", "real wage", "real output"
REAL_EXPORTS, REAL_IMPORTS = "real exports", "real imports"
TERMS_OF_TRADE, VOLUME_OF_TRADE = "terms of trade", "volume of trade"
FIRST_ORDER = "terms of trade, first order"
LISTED = (
    (WEEKS, OUTPUT, "Weeks, output lost against the table"),
    (WEEKS, UNMET, "Weeks, final demand for what a country sells that is not met, wherever the buyers are"),
    (QUARTERS, SALES, "Quarters (a year at full size), sender's side: output no longer called for"),
    (
        QUARTERS,
        THROUGH,
        "Quarters (a year at full size), receiver's side if inputs replace each other: what passes through",
    ),
    (
        QUARTERS,
        FIRST,
        "Quarters (a year at full size), receiver's side, first tier: what stops, and output that lacks it",
    ),
    (
        QUARTERS,
        SHORTAGE,
        "Quarters (a year at full size), Leontief production, every input essential, all tiers: a bound of the model, "
        "no forecast",
    ),
    (QUARTERS, GAINED, "Quarters (a year at full size): sales gained by those who deliver instead"),
    (YEARS, WELFARE, "Years (a new equilibrium): welfare lost a year, exact equivalent variation"),
    (YEARS, REAL_WAGE, "Years: earnings lost at the prices of final spending, before taxes on trade"),
    (YEARS, REAL_OUTPUT, "Years: output lost, at prices of the table"),
    (YEARS, REAL_EXPORTS, "Years: exports lost, at prices of the table"),
    (YEARS, REAL_IMPORTS, "Years: imports lost, at prices of the table"),
    (YEARS, TERMS_OF_TRADE, "Years: welfare lost by the terms of trade, along the shock"),
    (YEARS, VOLUME_OF_TRADE, "Years: welfare lost by the volume of taxed imports, along the shock"),
)
"""The listings for people: horizon, measure and title."""
MONEY, SHARES = ("baseline", "loss", "lower", "upper"), ("of_baseline", "of_lower", "of_upper")
PICKED = {SALES: "sales", THROUGH: "through", FIRST: "first", SHORTAGE: "shortage", GAINED: "gained"}
"""The measures of the quarterly model and their fields of `Losses`."""
TELLING = 1 / 3
"""Share of the world's output above which what Leontief production would stop is left out of the listings: it tells of
the model and not of the shock."""
NUMBERS = (*MONEY[1:], *SHARES)
FEW = 8
"""Steps below which the length of a step shows in what a shock costs."""
Values = NDArray[np.floating]


class Line(NamedTuple):
    """What rows are about."""

    horizon: str
    measure: str
    period: str


def units(mrio: MRIO) -> dict[str, str]:
    """The unit of every number."""
    return dict.fromkeys(MONEY, mrio.unit) | dict.fromkeys(SHARES, "share of the baseline")


def together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rows, sorted by their key, with shares of the baseline."""
    shares = [
        pl.when(pl.col("baseline") > 0).then(pl.col(a) / pl.col("baseline")).alias(b)
        for a, b in zip(MONEY[1:], SHARES, strict=True)
    ]
    return pl.concat(frames).with_columns(*shares).sort(KEY)


def weekly(mrio: MRIO, scenario: Scenario, runs: Runs) -> pl.DataFrame:
    """What is lost against the table, see `Weeks.batch`.

    Output of industries and countries in all and by quarter of the run, of countries by step, and final demand of
    countries' products that is not met, in all.
    """
    output, final = (values * scenario.step / DAYS["year"] for values in (mrio.x, final_sales(mrio)))
    whole = Line(WEEKS, OUTPUT, ALL)
    found = [
        _industries(mrio, whole, output * scenario.steps, runs.spread("nodes")),
        _countries(mrio, whole, output * scenario.steps, runs.spread("nodes", lambda a: totals(mrio, a))),
        _countries(
            mrio,
            Line(WEEKS, UNMET, ALL),
            final * scenario.steps,
            runs.spread("unmet", lambda a: totals(mrio, a)),
        ),
    ]
    nodes, countries = runs.spread("quarters"), runs.spread("quarters", lambda a: totals(mrio, a))
    for q, (period, span) in enumerate(quarters(scenario).items()):
        found.append(_industries(mrio, Line(WEEKS, OUTPUT, period), output * len(span), _at(nodes, q)))
        found.append(_countries(mrio, Line(WEEKS, OUTPUT, period), output * len(span), _at(countries, q)))
    by_step = runs.spread("countries", with_world)
    for t, period in enumerate(steps(scenario)):
        found.append(_countries(mrio, Line(WEEKS, OUTPUT, period), output, _at(by_step, t)))
    return pl.concat(found)


def final_sales(mrio: MRIO) -> Vector:
    """What every node sells to final buyers in a year (n,)."""
    return np.asarray(np.maximum(mrio.x - mrio.Z.sum(axis=1, dtype=float), 0.0))


def quarterly(mrio: MRIO, scenario: Scenario, ends: Ends) -> pl.DataFrame:
    """Both sides over a year at full size; the band holds the mild and the severe end of what is uncertain."""
    found, spread = [], _between if scenario.draws and _moved(scenario) else without_band
    for measure, name in PICKED.items():
        runs = np.stack([getattr(one, name) for one in ends])
        line = Line(QUARTERS, measure, A_YEAR)
        found.append(_industries(mrio, line, mrio.x, spread(runs)))
        found.append(_countries(mrio, line, mrio.x, spread(totals(mrio, runs))))
    return pl.concat(found)


def _moved(scenario: Scenario) -> list[str]:
    """What is drawn of that which moves the quarterly answer."""
    return [n for n in MOVED if n in scenario.drawn]


def _between(runs: Values) -> Spread:
    """The first of the runs, and the least and the largest of all."""
    return Spread(runs[0], runs.min(axis=0), runs.max(axis=0))


def without_band(runs: Values) -> Spread:
    """The first of the runs, with a band that is no number."""
    none = np.full(runs.shape[1:], np.nan)
    return Spread(runs[0], none, none)


def _at(values: Spread, k: int) -> Spread:
    return Spread(*(v[k] for v in values))


def totals(mrio: MRIO, values: Values) -> Matrix:
    """Values (..., n) of industries by country and, last, in all (..., C + 1)."""
    of = country_indicator(mrio.nodes.country_index, len(mrio.nodes.countries))
    with one_thread():
        return with_world(np.asarray(values, dtype=float) @ of)


def with_world(values: Values) -> Matrix:
    """Values (..., C) of countries and, last, in all (..., C + 1)."""
    return np.concatenate([values, values.sum(axis=-1, keepdims=True)], axis=-1, dtype=float)


def _industries(mrio: MRIO, line: Line, baseline: Vector, values: Spread) -> pl.DataFrame:
    """A row for each industry that makes something."""
    found = frame_of(line, mrio.nodes.country, mrio.nodes.sector, baseline, values)
    return found.filter(pl.col("baseline") > 0)


def _countries(mrio: MRIO, line: Line, baseline: Vector, values: Spread) -> pl.DataFrame:
    """A row for each country and the world: `baseline` (n,) of industries, `values` (C + 1,)."""
    who = (*mrio.nodes.countries, WORLD)
    return frame_of(line, who, (TOTAL,) * len(who), totals(mrio, baseline), values)


def frame_of(
    line: Line, country: Sequence[str], sector: Sequence[str], baseline: Vector, values: Spread
) -> pl.DataFrame:
    """A row for each country and sector; a band that is no number is none."""
    return pl.DataFrame(
        {"country": country, "sector": sector, "baseline": baseline}
        | {"loss": values.central, "lower": values.lower, "upper": values.upper},
        schema_overrides=dict.fromkeys(MONEY, pl.Float64),
    ).select(
        pl.lit(line.horizon).alias("horizon"),
        pl.lit(line.measure).alias("measure"),
        "country",
        "sector",
        pl.lit(line.period).alias("period"),
        pl.col(MONEY).fill_nan(None),
    )


def end_of_band(row: Mapping[str, Any], column: str) -> str:
    """What an end of the band of a row is in words: bands are widened to hold the central run."""
    upper = column in ("upper", "of_upper")
    if row["horizon"] == QUARTERS:
        most = "largest" if upper else "least"
        return f"the {most} of the answers at the central values, the mild and the severe end of what is uncertain"
    if row["upper" if upper else "lower"] == row["loss"]:
        side = "above" if upper else "below"
        return f"the central run, which ends the band: at most 5 per cent of the draws lie {side} it"
    return f"{'95' if upper else '5'} per cent of the draws lie below"


def notes(scenario: Scenario, mrio: MRIO) -> Iterator[str]:
    """What the numbers are and are not."""
    if WEEKS in scenario.horizons:
        yield (
            "Weeks: losses of output against a table that stands still; prices do not move, and no one builds a plant. "
            "What the world loses is net of what some gain, so that a country may lose more than the world."
        )
    if QUARTERS in scenario.horizons and lasting(scenario) >= LEAST:
        yield from _quarterly_notes(scenario)
    short = [
        s for s in scenario.shocks if WEEKS in s.acts and s.duration and s.duration < FEW * scenario.step
    ]
    if WEEKS in scenario.horizons and short:
        yield (
            f"{', '.join(s.label for s in short)}: shorter than {FEW} steps of {told(scenario.step)}. Orders follow "
            "one step later, so that a short shock lasts up to a step longer than said: `step: 1 day` is closer."
        )
    drawn = ", ".join(n.replace("_", " ") for n in scenario.drawn)
    if WEEKS in scenario.horizons and scenario.draws and drawn:
        yield (
            f"Weeks: the band holds nine of ten of {scenario.draws} draws of {drawn} (`zizhu stress fields` has their "
            f"ranges), and the central run.{_leaking(scenario)} The error of the table is not in it."
        )
    held = (scenario.central("stocks"), *(v for k, v in scenario.stocks.items() if k != DEFAULT))
    if WEEKS in scenario.horizons and min(held) < least_stock(scenario):
        yield f"Stocks are taken to last {told(least_stock(scenario))} at least: the step of the model, and a day."
    if not mrio.flags.has_rest_of_world:
        yield f"Countries outside {mrio.inside} neither lack nor replace anything."


def _quarterly_notes(scenario: Scenario) -> Iterator[str]:
    yield (
        "Quarters: a year at full size, once stocks are gone; lost sales and the receiver's side are never added. What "
        "passes through is lost if other inputs serve instead. The first-tier shortage is what those who stop do not "
        "make, and what their users cannot make without it, after others have stepped in. Leontief production takes "
        "every input for as essential as the scenario says through all tiers, final customers giving way first: what "
        "the model can lose at most, no forecast, and many times as large."
    )
    for span, names in shorter_than_a_year(scenario).items():
        times = DAYS["year"] / span
        yield (
            f"Quarters: {', '.join(names)} {'holds' if len(names) == 1 else 'hold'} for {told(span)}; the year at full "
            f"size is {times:.3g} times as long."
        )
    moved = ", ".join(n.replace("_", " ") for n in _moved(scenario))
    if scenario.draws and moved:
        yield (
            f"Quarters: the band runs from the mild to the severe end of: {moved}.{_leaking(scenario)} The error of "
            "the table is not in it."
        )


def _leaking(scenario: Scenario) -> str:
    """What it means that shocks are drawn smaller than the central run has them."""
    (low, _), central = scenario.band("shock_size"), scenario.central("shock_size")
    if "shock_size" not in scenario.drawn or low >= central:
        return ""
    return f" Shocks may leak: up to {1 - low / central:.0%} of each, none at the central values."


def bound_notes(frame: pl.DataFrame) -> Iterator[str]:
    """What is left out of the listings, see `unlisted`."""
    for row in frame.filter(unlisted(), country=WORLD).iter_rows(named=True):
        band = "" if row["of_lower"] is None else f" ({row['of_lower']:.0%} to {row['of_upper']:.0%})"
        yield (
            f"Not listed: Leontief production with every input essential, all tiers. It would stop "
            f"{row['of_baseline']:.0%}{band} of the world's output, which is a bound of the model and no forecast; the "
            f"rows `{SHORTAGE}` have it."
        )


def unlisted(*by: str) -> pl.Expr:
    """The rows of the bound of the model, where it stops too much of the world to say anything; `by` scenario."""
    bound = pl.col("measure") == SHORTAGE
    of_world = pl.when(bound & (pl.col("country") == WORLD)).then("of_baseline").max()
    return bound & ((of_world.over(by) if by else of_world) > TELLING).fill_null(False)


def listed(result: Result) -> list[tuple[str, pl.DataFrame, tuple[str, ...]]]:
    """The answer for people, as title, rows and columns: who loses most and who gains, by horizon and measure."""
    frame = result.frame.filter(pl.col("period").is_in([ALL, A_YEAR]), ~unlisted())
    found: list[tuple[str, pl.DataFrame, tuple[str, ...]]] = []
    for horizon, measure, what in LISTED:
        rows = frame.filter(pl.col("horizon") == horizon, pl.col("measure") == measure, pl.col("loss") != 0)
        total, nodes = pl.col("sector") == TOTAL, rows.filter(pl.col("sector") != TOTAL)
        countries = rows.filter(total).sort(pl.col("country") != WORLD, -pl.col("loss"), "country")
        found.append((what, countries, ("country", *NUMBERS)))
        if measure in (OUTPUT, FIRST, REAL_OUTPUT):
            most = nodes.filter(pl.col("loss") > 0).sort(-pl.col("loss"), "country", "sector")
            found.append((f"{what}, by industry", most, ("country", "sector", *NUMBERS)))
        if measure in (OUTPUT, REAL_OUTPUT):
            gains = nodes.filter(pl.col("loss") < 0).sort("loss", "country", "sector")
            title = f"{horizon.capitalize()}, who makes more than in the table"
            found.append((title, gains, ("country", "sector", *NUMBERS)))
        if measure == WELFARE:
            gains = countries.filter(pl.col("loss") < 0).sort("loss", "country")
            found.append(("Years, who gains welfare", gains, ("country", *NUMBERS)))
    return [one for one in found if one[1].height]


def by_scenario(result: Result) -> list[tuple[str, pl.DataFrame, tuple[str, ...]]]:
    """The world's losses by scenario, then by horizon and measure each country in all scenarios side by side."""
    frame = result.frame.filter(pl.col("period").is_in([ALL, A_YEAR]), ~unlisted("scenario"))
    order = {measure: place for place, (_, measure, _) in enumerate(LISTED)}
    found: list[tuple[str, pl.DataFrame, tuple[str, ...]]] = [
        (
            "The world, net of what some gain",
            frame.filter(pl.col("country") == WORLD).sort(
                pl.col("measure").replace_strict(order), "bound", "scenario"
            ),
            ("horizon", "measure", "scenario", "bound", *NUMBERS),
        )
    ]
    for horizon, measure, what in LISTED:
        rows = frame.filter(
            pl.col("horizon") == horizon, pl.col("measure") == measure, pl.col("country") != WORLD
        ).filter(pl.col("loss").abs().max().over("country") > 0)
        most = pl.col("of_baseline").abs().max().over("country")
        found.append(
            (what, rows.sort(-most, "country", "scenario"), ("country", "scenario", "bound", *NUMBERS))
        )
    return [one for one in found if one[1].height]
