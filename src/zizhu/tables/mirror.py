"""One figure for a flow that its exporter and its importer report differently, in steps that can be inspected.

The steps are those of the Growth Lab's atlas: CIF to FOB by exporter, the discrepancy of the two reports, the
reliability of every reporter, a mixture by reliability. What they do not specify is a field of `Settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from zizhu.vocab.problems import Problem, ZizhuError

CELL = ("year", "hs6", "revision", "exporter", "importer")
_WHERE = "mirror reconciliation"


@dataclass(frozen=True)
class Settings:
    """What the method leaves open.

    `cap`: highest CIF margin, as a fraction of FOB (Growth Lab: 20 %). `plausible`: reports that differ by more than
    this factor say nothing about freight. `least_pairs`: two-sided flows below which an exporter has the margin of
    the world. `least_partners`, `least_usd`: a reporter with fewer is not judged (Growth Lab: 10 partners, 10,000
    USD) and has the reliability of the `fallback` quantile of those that are. `sharpness`: the odds of two reports
    are exp(sharpness x difference of reliability), so that 20 gives 88 : 12 for a tenth; the method leaves it open,
    and 20 came nearest to the truth in generated worlds. `tolerance`: change
    of any reliability at which the iteration ends, after `most_steps` at the latest.
    """

    cap: float = 0.20
    plausible: float = 2.0
    least_pairs: int = 10
    least_partners: int = 10
    least_usd: int = 10_000
    fallback: float = 0.10
    sharpness: float = 20.0
    tolerance: float = 1e-10
    most_steps: int = 500


@dataclass(frozen=True)
class Reconciled:
    """The reconciled flows and the table of every step.

    `flows`: year, exporter, importer, hs6, revision, exporter_report, importer_report, importer_report_fob (USD,
    null where there is none), exporter_reliability, importer_reliability (0 to 1, null where never two-sided),
    weight (of the exporter's report, 0 to 1), value_usd, quantity_t, status (both, exporter only, importer only).
    `factors`: year, exporter, margin (CIF / FOB - 1), pairs, basis (own, world, none).
    `discrepancies`: year, exporter, importer, usd, discrepancy (value-weighted |x - m| / (x + m)).
    `reliability`: year, reporter, partners, usd, discrepancy (plain mean), reliability, basis (judged, fallback).
    `steps`: iterations until the reliabilities stood still.
    """

    flows: pl.DataFrame
    factors: pl.DataFrame
    discrepancies: pl.DataFrame
    reliability: pl.DataFrame
    steps: int


def reconcile(reports: pl.DataFrame, settings: Settings = Settings()) -> Reconciled:
    """Reconcile what exporters and importers report, a year at a time.

    `reports`: year, reporter, partner, flow (import, export), hs6, revision, value_usd, quantity_t, valuation;
    imports are CIF unless `valuation` is FOB. Raises ZizhuError for years with several HS revisions, repeated reports,
    values that are not positive and flows of other names.
    """
    _check(reports)
    both = pair(reports)
    factors = margins(both, settings)
    free = without_freight(both, factors)
    apart = discrepancies(free)
    trust, steps = reliabilities(apart, settings)
    return Reconciled(mixed(free, trust, settings), factors, apart, trust, steps)


def pair(reports: pl.DataFrame) -> pl.DataFrame:
    """The two reports of each flow side by side; null where a side says nothing.

    Columns: CELL, exporter_report, exporter_t, importer_report, importer_t, cif (whether the import is CIF).
    """
    tons = pl.col("quantity_t")
    out = reports.filter(pl.col("flow") == "export").select(
        *("year", "hs6", "revision"),
        exporter="reporter",
        importer="partner",
        exporter_report="value_usd",
        exporter_t=tons,
    )
    into = reports.filter(pl.col("flow") == "import").select(
        *("year", "hs6", "revision"),
        exporter="partner",
        importer="reporter",
        importer_report="value_usd",
        importer_t=tons,
        cif=pl.col("valuation").fill_null("CIF") != "FOB",
    )
    return out.join(into, on=CELL, how="full", coalesce=True).sort(CELL)


def margins(both: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The CIF margin of each exporter and year: c = exp(sum w ln(m / x) / sum w) - 1, held between 0 and `cap`.

    m and x are the importer's CIF and the exporter's FOB report, w = min(x, m), over two-sided flows that differ by
    at most the factor `plausible`; a geometric mean, so that errors in both directions cancel. Exporters with less
    than `least_pairs` such flows have the margin of the world in that year (0 where there is none).
    Columns: year, exporter, margin, pairs, basis. A row for every exporter.
    """
    ratio = pl.col("importer_report") / pl.col("exporter_report")
    told = both.filter(pl.col("cif") & ratio.is_between(1 / settings.plausible, settings.plausible))
    weight = pl.min_horizontal("exporter_report", "importer_report").cast(pl.Float64)
    mean = ((weight * ratio.log()).sum() / weight.sum()).exp() - 1
    capped = mean.clip(0, settings.cap).alias("margin")
    own = told.group_by("year", "exporter").agg(capped, pl.len().cast(pl.Int64).alias("pairs"))
    world = told.group_by("year").agg(capped.alias("world"))
    enough = pl.col("pairs") >= settings.least_pairs
    return (
        both.select("year", "exporter")
        .unique()
        .join(own, on=["year", "exporter"], how="left")
        .join(world, on="year", how="left")
        .with_columns(pl.col("pairs").fill_null(0))
        .select(
            *("year", "exporter"),
            pl.when(enough).then("margin").otherwise(pl.col("world").fill_null(0.0)).alias("margin"),
            "pairs",
            pl.when(enough)
            .then(pl.lit("own"))
            .when(pl.col("world").is_not_null())
            .then(pl.lit("world"))
            .otherwise(pl.lit("none"))
            .alias("basis"),
        )
        .sort("year", "exporter")
    )


def without_freight(both: pl.DataFrame, factors: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `importer_report_fob` (whole USD): CIF reports divided by 1 + margin of the exporter."""
    free = pl.col("importer_report") / (1 + pl.col("margin"))
    return (
        both.join(factors.select("year", "exporter", "margin"), on=["year", "exporter"], how="left")
        .with_columns(
            pl.when("cif")
            .then(pl.max_horizontal(free.round(), pl.lit(1.0)).cast(pl.Int64))
            .otherwise("importer_report")
            .alias("importer_report_fob")
        )
        .drop("margin")
        .sort(CELL)
    )


def discrepancies(free: pl.DataFrame) -> pl.DataFrame:
    """How far two countries' reports of their two-sided flows are apart: sum |x - m| / sum (x + m), 0 to 1.

    Columns: year, exporter, importer, usd (x + m), discrepancy.
    """
    x, m = pl.col("exporter_report"), pl.col("importer_report_fob")
    return (
        free.drop_nulls(["exporter_report", "importer_report_fob"])
        .group_by("year", "exporter", "importer")
        .agg((x + m).sum().alias("usd"), (x - m).abs().sum().alias("apart"))
        .select("year", "exporter", "importer", "usd", (pl.col("apart") / pl.col("usd")).alias("discrepancy"))
        .sort("year", "exporter", "importer")
    )


def reliabilities(apart: pl.DataFrame, settings: Settings) -> tuple[pl.DataFrame, int]:
    """The reliability of every reporter and year, and the steps it took.

    r_i = 1 - sum_p v_ip exp(s r_p) d_ip / sum_p v_ip exp(s r_p), over partners p, exports and imports together;
    v = USD reported by both, d = discrepancy, s = `sharpness`: a partner that is not reliable itself says little
    about i. From r = 1 on, each step goes half of the way. Reporters that are not judged have the `fallback`
    quantile of those that are (1/2 where none is), and a weight as such.
    Columns: year, reporter, partners, usd, discrepancy, reliability, basis.
    """
    sides = pl.concat(
        [
            apart.select("year", "usd", "discrepancy", reporter=side, partner=other)
            for side, other in (("exporter", "importer"), ("importer", "exporter"))
        ]
    ).sort("year", "reporter", "partner")
    d, usd = pl.col("discrepancy"), pl.col("usd").cast(pl.Float64)
    trust = (
        sides.group_by("year", "reporter")
        .agg(
            pl.col("partner").n_unique().cast(pl.Int64).alias("partners"),
            pl.col("usd").sum(),
            ((usd * d).sum() / usd.sum()).alias("discrepancy"),
        )
        .with_columns(
            ((pl.col("partners") >= settings.least_partners) & (pl.col("usd") >= settings.least_usd)).alias(
                "judged"
            ),
            pl.lit(1.0).alias("reliability"),
        )
        .sort("year", "reporter")
    )
    steps, change = 0, 1.0 if trust.height else 0.0
    while change > settings.tolerance and steps < settings.most_steps:
        after = _step(sides, trust, settings)
        change = float((after["reliability"] - trust["reliability"]).abs().max())  # type: ignore[arg-type]
        trust, steps = after, steps + 1
    basis = pl.when("judged").then(pl.lit("judged")).otherwise(pl.lit("fallback")).alias("basis")
    return trust.with_columns(basis).drop("judged"), steps


def _step(sides: pl.DataFrame, trust: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    known = trust.select("year", partner="reporter", theirs="reliability")
    weight = pl.col("usd").cast(pl.Float64) * (settings.sharpness * (pl.col("theirs") - 1)).exp()
    seen = (
        sides.join(known, on=["year", "partner"], how="left", maintain_order="left")
        .group_by("year", "reporter", maintain_order=True)
        .agg((1 - (weight * pl.col("discrepancy")).sum() / weight.sum()).alias("seen"))
    )
    half = (pl.col("reliability") + pl.col("seen")) / 2
    judged = pl.col("reliability").filter("judged").quantile(settings.fallback, "linear").over("year")
    return (
        trust.join(seen, on=["year", "reporter"], how="left", maintain_order="left")
        .with_columns(half.alias("reliability"))
        .with_columns(
            pl.when("judged").then("reliability").otherwise(judged.fill_null(0.5)).alias("reliability")
        )
        .drop("seen")
    )


def mixed(free: pl.DataFrame, trust: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The final flows: value = w x + (1 - w) m, w = exp(s r_x) / (exp(s r_x) + exp(s r_m)), in whole USD.

    A flow that one side reports keeps that side's value (imports without freight). Reporters without any two-sided
    flow have no reliability (null). Tons are those of the side with the larger weight, else of the other.
    """
    known = trust.select("year", "reporter", "reliability")
    x, m = pl.col("exporter_report"), pl.col("importer_report_fob")
    odds = settings.sharpness * (pl.col("importer_reliability") - pl.col("exporter_reliability"))
    weight = pl.when(m.is_null()).then(1.0).when(x.is_null()).then(0.0).otherwise(1 / (1 + odds.exp()))
    status = (
        pl.when(m.is_null())
        .then(pl.lit("exporter only"))
        .when(x.is_null())
        .then(pl.lit("importer only"))
        .otherwise(pl.lit("both"))
    )
    for side in ("exporter", "importer"):
        named = known.rename({"reporter": side, "reliability": f"{side}_reliability"})
        free = free.join(named, on=["year", side], how="left")
    # from m on, so that equal reports give their value exactly
    value = (m + (pl.col("weight") * (x - m)).round().cast(pl.Int64)).alias("value_usd")
    exporter_first = pl.coalesce("exporter_t", "importer_t")
    tons = (
        pl.when(pl.col("weight") >= 0.5)
        .then(exporter_first)
        .otherwise(pl.coalesce("importer_t", "exporter_t"))
    )
    return (
        free.with_columns(weight.alias("weight"), status.alias("status"))
        .with_columns(pl.coalesce(value, x, m).alias("value_usd"), tons.alias("quantity_t"))
        .select(
            *("year", "exporter", "importer", "hs6", "revision"),
            *("exporter_report", "importer_report", "importer_report_fob"),
            *("exporter_reliability", "importer_reliability", "weight", "value_usd", "quantity_t", "status"),
        )
        .sort(CELL)
    )


def _check(reports: pl.DataFrame) -> None:
    problems: list[Problem] = []
    several = reports.group_by("year").agg(pl.col("revision").unique().sort()).sort("year")
    for year, held in several.filter(pl.col("revision").list.len() > 1).iter_rows():
        what = f"{year} is reported in {', '.join(map(str, held))}"
        remedy = "Give the reports of one revision: in two, the two reports of a flow do not meet."
        problems.append(Problem(what, _WHERE, "one HS revision a year", remedy))
    key = ("year", "reporter", "partner", "flow", "hs6", "revision")
    repeated = reports.height - reports.select(key).n_unique()
    other = reports.filter(~pl.col("flow").is_in(["import", "export"])).height
    worthless = reports.filter(~(pl.col("value_usd") > 0).fill_null(value=False)).height
    selves = reports.filter(pl.col("reporter") == pl.col("partner")).height
    for count, what, expected in (
        (repeated, "reports repeat", "one report of a flow by each side"),
        (other, "reports are neither import nor export", "import or export"),
        (worthless, "values are not positive", "positive values"),
        (selves, "reports are of trade with oneself", "trade between two economies"),
    ):
        if count:
            problems.append(Problem(f"{count} {what}", _WHERE, expected, "Leave them out."))
    if problems:
        raise ZizhuError(problems)
