"""Flows that matter and whose unit value is hardly that of the product: value, tonnes or code may be wrong.

A table of trade is made from declarations, and a few of them put iron ore under tin or kilograms under tonnes.
The unit value shows that something is unusual, not what: the value of a flow found here may still be right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from zizhu.tables.trade import TRADE_KEY, Direction

FACTOR = 20.0
"""Least distance from the median: prices and grades of one product seldom differ by more."""
SHARE = 0.005
"""Least share of world trade: half the trade of a country that has one per cent of the world's."""
SCORE = 3.5 / 0.6745
"""Least distance in median absolute deviations (Iglewicz and Hoaglin 1993, modified z-score above 3.5)."""
WINDOW = 5
"""Years of the running median: one flow can be the median of its own year, not of five."""
FEWEST = 15
"""Fewest flows of a product and year; below lie the years after a code was abolished, which have no price."""
SETTLED = 10
"""Years of a pair's trade that make an unusual unit value its usual one: another grade, year after year."""


def outliers(frame: pl.DataFrame) -> pl.DataFrame:
    """The flows whose unit value lies far off and that carry a share of world trade, largest share first.

    `frame` has the columns of a trade table. Far off: by more than FACTOR, and by more than SCORE median absolute
    deviations of the product's log unit values, from the median of the product and year (weighted by value,
    running over WINDOW years); and, where the pair has SETTLED years of trade in the product, by more than FACTOR
    from the pair's own median distance. Columns: those of TRADE_KEY, value_usd (USD), quantity_t (tonnes),
    unit_value and median (USD per tonne), factor (how many times off, above 1), share (of world trade of the
    product and year).
    """
    listed = pl.Enum(frame["hs6"].unique().sort())  # numbers are grouped and joined faster than text
    placed = _placed(frame.with_columns(pl.col("hs6").cast(listed)))
    spread = _weighted_median(placed.with_columns(pl.col("off").abs()), "off", "share", ["hs6"])
    limit = pl.max_horizontal(pl.lit(math.log(FACTOR)), SCORE * pl.col("spread"))
    far = (
        placed.filter(pl.col("share") >= SHARE)
        .join(spread.rename({"off": "spread"}), on="hs6")
        .filter(pl.col("off").abs() > limit)
    )
    return (
        far.join(_settled(placed, far), on=["exporter", "importer", "hs6"], how="left")
        .filter((pl.col("off") - pl.col("usual")).abs().fill_null(math.inf) > math.log(FACTOR))
        .with_columns(pl.col("off").abs().exp().alias("factor"), pl.col("hs6").cast(pl.String))
        .select(*TRADE_KEY, "value_usd", "quantity_t", "unit_value", "median", "factor", "share")
        .sort("share", *TRADE_KEY, descending=[True, *(False for _ in TRADE_KEY)])
    )


def resting_on_outliers(
    frame: pl.DataFrame,
    found: pl.DataFrame,
    members: Sequence[str],
    direction: Direction,
    hs6: str,
    year: int,
) -> float:
    """Share (0 to 1, by value) of a reporter's trade in a product and year that rests on flows `found`.

    `frame` is a trade table, `found` what `outliers` gives of it, `members` the countries of the reporter; trade
    inside a bloc is left out. 0 where the reporter has no trade.
    """
    own, other = ("importer", "exporter") if direction == "imports" else ("exporter", "importer")
    mine = frame.filter(
        pl.col("hs6") == hs6,
        pl.col("year") == year,
        pl.col(own).is_in(list(members)),
        ~pl.col(other).is_in(list(members)),
        pl.col("value_usd") > 0,
    )
    total = float(mine["value_usd"].sum())
    return float(mine.join(found, on=TRADE_KEY, how="semi")["value_usd"].sum()) / total if total else 0.0


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """The flows with a unit value, their share of world trade, and the log distance `off` from the median."""
    each = ["hs6", "year"]
    flows = frame.select(*TRADE_KEY, "value_usd", "quantity_t").filter(pl.col("value_usd") > 0)
    weighed = pl.col("quantity_t").is_finite() & (pl.col("quantity_t") > 0)
    priced = flows.filter(weighed).with_columns(
        (pl.col("value_usd") / pl.col("quantity_t")).alias("unit_value")
    )
    running = pl.col("unit_value").rolling_median(WINDOW, center=True, min_samples=1).over("hs6")
    years = (
        flows.group_by(each)
        .agg(pl.col("value_usd").sum().alias("world"), weighed.sum().alias("priced"))
        .filter(pl.col("priced") >= FEWEST)
        .join(_weighted_median(priced, "unit_value", "value_usd", each), on=each)
        .sort(each)
        .select(*each, "world", running.alias("median"))
    )
    return priced.join(years, on=each).with_columns(
        (pl.col("value_usd") / pl.col("world")).alias("share"),
        (pl.col("unit_value") / pl.col("median")).log().alias("off"),
    )


def _settled(placed: pl.DataFrame, far: pl.DataFrame) -> pl.DataFrame:
    """The usual log distance of the pairs among `far` that have SETTLED years of trade in the product."""
    pair = ["exporter", "importer", "hs6"]
    return (
        placed.join(far, on=pair, how="semi")
        .group_by(pair)
        .agg(pl.col("off").median().alias("usual"), pl.len().alias("years"))
        .filter(pl.col("years") >= SETTLED)
        .drop("years")
    )


def _weighted_median(frame: pl.DataFrame, value: str, weight: str, by: Sequence[str]) -> pl.DataFrame:
    """The value at which half of the weight of each group is reached; groups are sorted one by one, which is faster."""
    reached = pl.col(weight).sort_by(value).cum_sum() * 2 >= pl.col(weight).sum()
    return frame.group_by(by).agg(pl.col(value).sort().get(reached.arg_max()))
