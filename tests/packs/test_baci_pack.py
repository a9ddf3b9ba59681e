"""The built-in trade table against published shares and the reference tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from zizhu.store import Table
from zizhu.tables.trade import TRADE_KEY


def share(bought: pl.DataFrame, counted: pl.Expr) -> float:
    return int(bought.filter(counted)["value_usd"].sum()) / int(bought["value_usd"].sum())


def test_types_and_keys(trade: pl.DataFrame, built_in: Callable[[str], Table]) -> None:
    assert dict(trade.schema) == {
        "year": pl.Int16(),
        "exporter": pl.String(),
        "importer": pl.String(),
        "hs6": pl.String(),
        "revision": pl.String(),
        "value_usd": pl.Int64(),
        "quantity_t": pl.Float64(),
    }
    assert trade.height == 1_264_888
    assert trade.select(TRADE_KEY).is_unique().all()
    assert built_in("baci-raw-materials").meta.key == TRADE_KEY
    assert trade.equals(trade.sort(TRADE_KEY))
    assert trade["hs6"].n_unique() == 74
    assert (trade["hs6"].str.len_chars() == 6).all()
    assert trade["revision"].unique().to_list() == ["HS1992"]
    assert built_in("baci-raw-materials").meta.flags["years"] == list(range(1995, 2025))


def test_values_are_positive_and_missing_quantities_are_null(trade: pl.DataFrame) -> None:
    assert (trade["value_usd"] > 0).all()
    assert trade["quantity_t"].null_count() == 61_682
    assert (trade["quantity_t"].drop_nulls() > 0).all()


def test_economies_are_iso3_with_taiwan_and_one_customs_union(trade: pl.DataFrame) -> None:
    economies = pl.concat([trade["exporter"], trade["importer"]]).unique()
    assert economies.filter(~economies.str.contains("^[A-Z]{3}$")).to_list() == ["ZA1"]
    assert "TWN" in economies
    assert "S19" not in economies
    union = trade.filter((pl.col("exporter") == "ZA1") | (pl.col("importer") == "ZA1"))
    assert (union["year"].min(), union["year"].max()) == (1995, 1999)
    assert (trade["exporter"] != trade["importer"]).all()


def test_world_value_2023_in_billion_dollars(trade: pl.DataFrame) -> None:
    total = int(trade.filter(pl.col("year") == 2023)["value_usd"].sum())
    assert total / 1e9 == pytest.approx(3007.1, abs=0.1)


@pytest.mark.parametrize(
    ("hs6", "exporter", "wanted"),
    [("283691", "CHL", 0.9038), ("810510", "COD", 0.9093), ("284690", "MMR", 0.7411)],
    ids=["lithium carbonate", "cobalt mattes", "rare-earth compounds"],
)
def test_where_china_buys(trade: pl.DataFrame, hs6: str, exporter: str, wanted: float) -> None:
    bought = trade.filter((pl.col("year") == 2023) & (pl.col("importer") == "CHN") & (pl.col("hs6") == hs6))
    assert share(bought, pl.col("exporter") == exporter) == pytest.approx(wanted, abs=5e-4)


@pytest.mark.parametrize(("importer", "outside"), [("CHN", 0.2317), ("ITA", 0.4756)])
def test_imports_from_outside_the_input_output_table(
    trade: pl.DataFrame, nodes: pl.DataFrame, importer: str, outside: float
) -> None:
    bought = trade.filter((pl.col("year") == 2022) & (pl.col("importer") == importer))
    seen = share(bought, ~pl.col("exporter").is_in(nodes["iso3"].unique().to_list()))
    assert seen == pytest.approx(outside, abs=5e-4)


def test_rows_equal_the_reference(trade: pl.DataFrame, shared: Path) -> None:
    folder = shared / "baci_rawmaterials"
    codes = pl.read_parquet(folder / "countries.parquet")
    iso3 = dict(codes.select("code", "iso3").iter_rows()) | {490: "TWN"}
    reference = pl.read_parquet(folder / "trade.parquet").select(
        "year",
        pl.col("exporter", "importer").replace_strict(iso3, return_dtype=pl.String),
        "hs6",
        value_usd=(pl.col("value_kusd") * 1000).round().cast(pl.Int64),
        quantity_t="tonnes",
    )
    assert trade.drop("revision").equals(reference.sort(TRADE_KEY))
