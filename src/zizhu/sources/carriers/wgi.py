"""One dimension of the World Bank's Worldwide Governance Indicators, from a carrier's SQLite file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from zizhu.sources.carriers.recipe import Recipe, require
from zizhu.sources.files.sqlite import columns, numbers
from zizhu.sources.reading import SourceTable

CODE = "Code"


def read(raw: Path, recipe: Recipe) -> dict[str, SourceTable]:
    """The estimates in rows: iso3, year, estimate (z-score), edition_block (the edition's years).

    `raw` is a SQLite file with one row a country and one column a year; missing estimates are spelled as the
    recipe says. Of a code that the recipe says is written twice the first row is dropped.
    Raises ZizhuError when another code stands twice, a year belongs to no block, or a text is no number.
    """
    settings, where = recipe.parameters, str(raw)
    sheet = _one_row_a_code(columns(raw, settings["sheet"]), settings["drop_first_of"], where)
    years = [c for c in sheet.columns if c.isdigit()]
    rows = sheet.unpivot(years, index=CODE, variable_name="year", value_name="estimate")
    estimates = rows.select(
        iso3=CODE,
        year=pl.col("year").cast(pl.Int16),
        estimate=numbers(rows["estimate"], settings["missing"], where),
        edition_block=pl.col("year").replace_strict(_block_of(years, settings["blocks"], where)),
    ).drop_nulls("estimate")
    name = str(settings["table"])
    return {name: SourceTable(estimates, recipe.tables[name]).with_years(estimates["year"])}


def _one_row_a_code(sheet: pl.DataFrame, written_twice: Sequence[str], where: str) -> pl.DataFrame:
    first = pl.col(CODE).is_in(list(written_twice)) & pl.col(CODE).is_first_distinct()
    kept = sheet.filter(~first)
    twice = kept.filter(kept[CODE].is_duplicated())[CODE].unique().sort().to_list()
    require(not twice, f"codes {twice} stand in several rows", where, "one row for each code")
    return kept


def _block_of(years: Sequence[str], blocks: Sequence[tuple[int, int]], where: str) -> dict[str, str]:
    found = {y: f"{a}-{b}" for y in years for a, b in blocks if a <= int(y) <= b}
    lost = [y for y in years if y not in found]
    require(not lost, f"the years {lost} are in no edition", where, f"years within {list(blocks)}")
    return found
