"""CEPII's BACI trade flows of raw materials, from the SQLite file of a carrier package."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from zizhu.sources.carriers.recipe import Recipe, require
from zizhu.sources.files.sqlite import columns, numbers
from zizhu.sources.reading import SourceTable
from zizhu.tables.trade import TRADE_KEY

USD_A_THOUSAND = 1000


def read(raw: Path, recipe: Recipe) -> dict[str, SourceTable]:
    """The trade table: year, exporter, importer, hs6, revision, value_usd (USD), quantity_t (tons or null).

    `raw` is a SQLite file with the flows (t year, i exporter, j importer, k product, v thousand USD, q tons,
    blank = not known) and the country codes. Several codes may stand for one ISO3 (Germany, Belgium, Sudan).
    Raises ZizhuError when a code is not in the country table, a value is not a number, or two codes of
    one ISO3 meet in a key.
    """
    settings, where = recipe.parameters, str(raw)
    codes = columns(raw, settings["countries"], ("country_code", "country_iso3"))
    iso3 = {code: settings["recode"].get(iso, iso) for code, iso in codes.iter_rows()}
    text = columns(raw, settings["flows"], ("t", "i", "j", "k", "v", "q"))
    value = numbers(text["v"], (), where) * USD_A_THOUSAND
    flows = text.select(
        year=numbers(text["t"], (), where).cast(pl.Int16),
        exporter=_economy("i", iso3),
        importer=_economy("j", iso3),
        hs6=pl.col("k").str.zfill(6),
        revision=pl.lit(str(settings["revision"])),
        value_usd=value.round().cast(pl.Int64),
        quantity_t=numbers(text["q"], ("",), where),
    )
    _check(flows, where)
    name = str(settings["table"])
    return {name: SourceTable(flows, recipe.tables[name]).with_years(flows["year"])}


def _economy(column: str, iso3: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(iso3, default=None, return_dtype=pl.String)


def _check(flows: pl.DataFrame, where: str) -> None:
    for column in ("exporter", "importer", "value_usd"):
        lost = flows[column].null_count()
        require(lost == 0, f"{lost} rows without a known {column}", where, f"a known {column} in every row")
    twice = flows.filter(flows.select(TRADE_KEY).is_duplicated())
    first = twice.select(TRADE_KEY).row(0) if twice.height else ()
    require(
        not twice.height, f"{twice.height} rows share a key, first {first}", where, "one row for each key"
    )
    worthless = flows.filter(pl.col("value_usd") <= 0).height
    require(not worthless, f"{worthless} values are not positive", where, "positive values")
