from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from zizhu.sources.carriers.baci_raw_materials import read
from zizhu.sources.carriers.recipe import Recipe
from zizhu.tables.trade import TRADE_KEY
from zizhu.vocab.problems import ZizhuError

Flow = tuple[str, str, str, int, str, str]
CODES = [("276", "DEU"), ("280", "DEU"), ("490", "S19"), ("156", "CHN"), ("842", "USA")]
RECIPE = Recipe.model_validate(
    {
        "parameters": {
            "table": "trade",
            "flows": "baci_trade",
            "countries": "codes",
            "revision": "HS1992",
            "recode": {"S19": "TWN"},
        },
        "tables": {
            "trade": {
                "title": "t",
                "key": list(TRADE_KEY),
                "units": {"value_usd": "USD", "quantity_t": "t"},
                "sources": ["s"],
            }
        },
    }
)


def raw(folder: Path, flows: Sequence[Flow]) -> Path:
    path = folder / "baci.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE codes (country_code TEXT, country_iso3 TEXT)")
        file.executemany("INSERT INTO codes VALUES (?, ?)", CODES)
        file.execute("CREATE TABLE baci_trade (t TEXT, i TEXT, j TEXT, k INTEGER, v TEXT, q TEXT)")
        file.executemany("INSERT INTO baci_trade VALUES (?, ?, ?, ?, ?, ?)", flows)
    return path


def test_thousand_dollars_become_whole_dollars_and_blank_tons_stay_unknown(tmp_path: Path) -> None:
    flows: list[Flow] = [
        ("1995", "490", "156", 250410, "    0.001", "   "),
        ("2023", "842", "276", 250410, "1234567.891", " 12.5"),
    ]
    table = read(raw(tmp_path, flows), RECIPE)["trade"]
    assert table.frame.rows() == [
        (1995, "TWN", "CHN", "250410", "HS1992", 1, None),
        (2023, "USA", "DEU", "250410", "HS1992", 1_234_567_891, 12.5),
    ]
    assert table.describe.flags["years"] == [1995, 2023]


def test_a_product_code_keeps_its_leading_zero(tmp_path: Path) -> None:
    table = read(raw(tmp_path, [("2000", "842", "156", 71210, "1", "1")]), RECIPE)["trade"]
    assert table.frame["hs6"].to_list() == ["071210"]


def test_two_codes_of_one_country_may_follow_each_other(tmp_path: Path) -> None:
    flows: list[Flow] = [("1990", "280", "842", 250410, "1", "1"), ("1991", "276", "842", 250410, "2", "1")]
    assert read(raw(tmp_path, flows), RECIPE)["trade"].frame["exporter"].to_list() == ["DEU", "DEU"]


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        (
            ("1990", "280", "842", 250410, "1", "1"),
            r"2 rows share a key, first \(1990, '250410', 'DEU', 'USA'\)",
        ),
        (("1990", "999", "842", 250410, "1", "1"), "1 rows without a known exporter"),
        (("1990", "842", "999", 250410, "1", "1"), "1 rows without a known importer"),
        (("1990", "842", "156", 250410, "n/a", "1"), "1 values are no numbers, first 'n/a'"),
        (("1990", "842", "156", 250410, "1", "NaN"), "1 values are no numbers, first 'NaN'"),
        (("1990", "842", "156", 250410, "0", "1"), "1 values are not positive"),
        (("19x0", "842", "156", 250410, "1", "1"), "1 values are no numbers, first '19x0'"),
    ],
)
def test_flows_that_cannot_be_right_are_refused(tmp_path: Path, flow: Flow, message: str) -> None:
    with pytest.raises(ZizhuError, match=message):
        read(raw(tmp_path, [("1990", "276", "842", 250410, "1", "1"), flow]), RECIPE)
