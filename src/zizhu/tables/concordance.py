"""Trade flows from one product classification to another, with weights where a code has several targets.

The weights are fractions of whole numbers and values are split in whole USD by the largest remainder, so that a
conversion conserves every flow to the dollar.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from zizhu.vocab.problems import Problem, ZizhuError

PAIR = ("source", "target")
_LARGEST = 10**17
"""USD up to which a value times a weight fits in 128 bits."""


@dataclass(frozen=True)
class Converted:
    """Flows in the other classification, and what could not be said for certain.

    `frame` has the columns of the flows, summed by all that is not a value; `unmapped` the flows whose code is no
    source. `total_usd` = value of `frame` + value of `unmapped`; `ambiguous_usd` went to one of several targets.
    """

    frame: pl.DataFrame
    unmapped: pl.DataFrame
    total_usd: int
    ambiguous_usd: int


def weights(pairs: pl.DataFrame, trade: pl.DataFrame | None = None) -> pl.DataFrame:
    """Share of each target in every source code: w_st = V_t / sum of V_u over the targets u of s.

    `pairs` has source and target; `trade` has hs6 (target codes) and value_usd, of any number of rows, V_t being
    their sum. Without trade in any target of a source, its targets have equal shares.

    Columns: source, target, part, whole (whole numbers), weight = part / whole, basis (single: one target; trade;
    equal), targets (their number). Sorted by source and target; the weights of a source add up to 1.
    Raises ZizhuError for repeated pairs, missing codes and negative values.
    """
    _check(pairs, trade)
    value = (
        trade.group_by(pl.col("hs6").alias("target")).agg(pl.col("value_usd").sum().alias("part"))
        if trade is not None
        else pl.DataFrame(schema={"target": pl.String, "part": pl.Int64})
    )
    several = pl.len().over("source")
    traded = pl.col("part").sum().over("source") > 0
    return (
        pairs.select(PAIR)
        .join(value, on="target", how="left")
        .with_columns(pl.col("part").fill_null(0), several.alias("targets").cast(pl.Int64))
        .with_columns(
            pl.when(several == 1)
            .then(pl.lit("single"))
            .when(traded)
            .then(pl.lit("trade"))
            .otherwise(pl.lit("equal"))
            .alias("basis")
        )
        .with_columns(
            pl.when(pl.col("basis") == "trade").then("part").otherwise(1).cast(pl.Int64).alias("part")
        )
        .with_columns(pl.col("part").sum().over("source").alias("whole"))
        .select(
            *PAIR, "part", "whole", (pl.col("part") / pl.col("whole")).alias("weight"), "basis", "targets"
        )
        .sort(PAIR)
    )


def convert(flows: pl.DataFrame, shares: pl.DataFrame, revision: str) -> Converted:
    """The flows in the classification of the targets of `shares` (made by `weights`).

    `flows` has hs6, value_usd (whole USD, not negative) and any other columns, which are kept; quantity_t, if there,
    is split by the weights and summed over the flows that have one; `revision`, if there, becomes `revision`.
    Each flow is split in whole USD: floor(value w_t), and one more for the largest remainders (the smaller code
    first among equals), so that its parts add up to it. Parts of less than a dollar are left out with their tons.
    Raises ZizhuError for values that are negative, missing or beyond 1e17 USD.
    """
    _check_values(flows)
    known = flows.with_row_index("flow").join(
        shares.rename({"source": "hs6"}), on="hs6", how="inner", maintain_order="left"
    )
    unmapped = flows.join(shares, left_on="hs6", right_on="source", how="anti", maintain_order="left")
    split = _split(known)
    measures = [c for c in ("value_usd", "quantity_t") if c in flows.columns]
    keys = [c for c in flows.columns if c not in measures]
    named = split.with_columns(pl.col("target").alias("hs6"))
    if "revision" in keys:
        named = named.with_columns(pl.lit(revision).alias("revision"))
    sums = [pl.col("value_usd").sum()]
    if "quantity_t" in measures:
        tons = pl.col("quantity_t")
        sums.append(pl.when(tons.count() > 0).then(tons.sum()))
    ambiguous = split.filter(pl.col("targets") > 1)["value_usd"].sum()
    frame = named.group_by(keys).agg(sums).filter(pl.col("value_usd") > 0)
    return Converted(
        frame.select(flows.columns).sort(keys), unmapped, int(flows["value_usd"].sum()), int(ambiguous)
    )


def reversed_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    """The same concordance read in the other direction: source and target change places."""
    return pairs.select(source="target", target="source").sort(PAIR)


def _split(known: pl.DataFrame) -> pl.DataFrame:
    """Each flow's value in whole USD and its tons, a row a target; exact in 128-bit whole numbers."""
    product = pl.col("value_usd").cast(pl.Int128) * pl.col("part").cast(pl.Int128)
    whole = pl.col("whole").cast(pl.Int128)
    split = known.with_columns(
        (product // whole).cast(pl.Int64).alias("floor"), (product % whole).alias("rest")
    )
    left = pl.col("value_usd") - pl.col("floor").sum().over("flow")
    # rest / whole has one denominator within a flow, so that the rests themselves can be ranked
    place = pl.col("rest").rank("ordinal", descending=True).over("flow", order_by="target")
    value = (pl.col("floor") + (place <= left).cast(pl.Int64)).alias("value_usd")
    tons = [pl.col("quantity_t") * pl.col("weight")] if "quantity_t" in known.columns else []
    return split.with_columns(value, *tons)


def _check(pairs: pl.DataFrame, trade: pl.DataFrame | None) -> None:
    where, problems = "concordance", []
    missing = sum(pairs[c].null_count() for c in PAIR)
    if missing:
        problems.append(Problem(f"{missing} codes are missing", where, "a source and a target", "Drop them."))
    repeated = pairs.height - pairs.select(PAIR).n_unique()
    if repeated:
        problems.append(Problem(f"{repeated} pairs repeat", where, "every pair once", "Drop the repeated."))
    if trade is not None and trade.height and not trade["value_usd"].fill_null(-1).min() >= 0:  # type: ignore[operator]
        problems.append(Problem("a value below zero or missing", "weights", "USD", "Drop such flows."))
    if problems:
        raise ZizhuError(problems)


def _check_values(flows: pl.DataFrame) -> None:
    bad = flows.filter(~pl.col("value_usd").is_between(0, _LARGEST).fill_null(value=False)).height
    if bad:
        remedy = "Drop flows without a value."
        raise ZizhuError(Problem(f"{bad} values are no USD", "flows to convert", "0 to 1e17 USD", remedy))
