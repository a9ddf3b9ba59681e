"""Charts of Our World in Data: the CSV with and without its metadata, entities without codes, long and daily series."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.observing import SHARED, entry, from_zip, one, request, values
from sources.serving import Answer, serving
from zizhu.sources.readers import owid
from zizhu.vocab.problems import ZizhuError

OWID = entry("owid")
REAL = SHARED / "data" / "test" / "energy_ev" / "owid_energy_co2.parquet"
LONG = "Solar photovoltaic module price"


def chart(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def column(**changes: Any) -> dict[str, Any]:
    return {
        "titleShort": "Module price",
        "titleLong": "Module price - IRENA",
        "unit": "constant 2023 US$ per watt",
        "type": "Numeric",
        "shortName": "cost",
        "lastUpdated": "2024-11-12",
        "citationShort": "IRENA (2024), with minor processing by Our World in Data",
        **changes,
    }


def metadata(**columns: dict[str, Any]) -> str:
    about = {
        "title": "Solar panel prices",
        "originalChartUrl": "https://ourworldindata.org/grapher/solar-pv-prices",
    }
    return json.dumps({"chart": about, "columns": columns, "dateDownloaded": "2025-01-31"})


VALUES = ("Entity", "Code", "Year", "x")
ROWS = [
    ("China", "CHN", 2020, 0.25),
    ("World", "OWID_WRL", 2020, 0.3),
    ("High-income countries", "", 2020, 0.5),
    ("Taiwan", "TWN", 2020, ""),
]


def test_a_chart_with_its_metadata(tmp_path: Path) -> None:
    files = {
        "solar-pv-prices.csv": chart(("Entity", "Code", "Year", LONG), ROWS),
        "solar-pv-prices.metadata.json": metadata(**{LONG: column()}),
        "readme.md": "# read me",
    }
    name, table = one(owid.read, from_zip(OWID, tmp_path / "a.zip", files))
    assert name == "owid-solar-pv-prices"
    assert values(table.frame) == {
        ("cost", "CHN", "2020"): 0.25,
        ("cost", "OWID_WRL", "2020"): 0.3,
        ("cost", "High-income countries", "2020"): 0.5,
    }
    assert table.frame.select("unit", "vintage", "published").unique().rows() == [
        ("constant 2023 US$ per watt", "2024-11-12", "2024-11-12")
    ]
    assert table.describe.title == "Our World in Data, Solar panel prices"
    assert any(n.startswith("Cite: IRENA (2024)") for n in table.describe.notes)
    assert any("2 of 3 entities" in n for n in table.describe.notes)


def test_short_names_of_columns_find_their_metadata_and_words_are_left_out() -> None:
    header = ("entity", "code", "year", "cost", "region")
    rows = [("China", "CHN", 2020, 1.5, "Asia"), ("Fiji", "FJI", 2020, 2.5, "")]
    about = metadata(x=column(lastUpdated=""), region=column(type="Categorical", shortName="region"))
    _, table = one(owid.read, request(OWID, {"a.csv": chart(header, rows), "a.metadata.json": about}))
    assert set(table.frame["indicator"]) == {"cost"}
    assert table.frame.select("vintage", "published").unique().rows() == [("2025-01-31", "")]
    assert "Columns of words are left out: region." in table.describe.notes


def test_without_metadata_units_are_not_stated_and_the_edition_is_the_vintage() -> None:
    rows = [("China", "CHN", 2020, 1.5, "Asia")]
    content = chart(("Entity", "Code", "Year", LONG, "Region"), rows)
    _, table = one(owid.read, request(OWID, {"a.csv": content}, edition="2025-02-01"))
    assert table.frame.select("indicator", "unit", "vintage").rows() == [(LONG, "not stated", "2025-02-01")]


def test_days_and_years_before_our_calendar() -> None:
    daily = chart(("Entity", "Code", "Day", "cases"), [("China", "CHN", "2020-01-22", 5)])
    _, table = one(owid.read, request(OWID, {"a.csv": daily}, edition="2025"))
    assert table.frame["period"].to_list() == ["2020-01-22"]
    ancient = chart(
        ("Entity", "Code", "Year", "people"), [("World", "OWID_WRL", y, 1) for y in (-10000, 0, 900, 1800)]
    )
    _, table = one(owid.read, request(OWID, {"a.csv": ancient}, edition="2025"))
    assert table.frame["period"].to_list() == ["1800"]
    assert "3 rows of years before 1000 are left out." in table.describe.notes


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.metadata.json": metadata()}, "no CSV"),
        ({"a.csv": ""}, "an empty file"),
        ({"a.csv": "Country,Year,x\nChina,2020,1\n"}, "no row with the names"),
        ({"a.csv": chart(("Entity", "Code", "Year"), ROWS[:1])}, "row 2: 4 cells"),
        ({"a.csv": chart(("Entity", "Code", "Year"), [("China", "CHN", 2020)])}, "no column of values"),
        ({"a.csv": chart(VALUES, [("China", "CHN", 2020, 1), ("Fiji", "FJI", 2020, "1,5")])}, "row 3, column x: '1,5'"),
        ({"a.csv": chart(VALUES, [("China", "CHN", 2020, "words")])}, "no column of values"),
        ({"a.csv": chart(VALUES, [("China", "CHN", "20x", 1)])}, "'20x' is no year"),
        ({"a.csv": chart(VALUES, [*ROWS[:1] * 2, ("China", "CHN", 2020, 9)])}, "share indicator"),
        ({"a.csv": chart(VALUES, ROWS), "a.metadata.json": "{"}, "no JSON"),
        ({"a.csv": chart(VALUES, ROWS), "a.metadata.json": "[]"}, "no columns"),
    ],
)  # fmt: skip
def test_other_files_are_refused_with_their_cells(files: dict[str, str], words: str) -> None:
    with pytest.raises(ZizhuError, match=words):
        one(owid.read, request(OWID, files))


def test_a_hostile_name_of_an_entity_stays_text() -> None:
    content = chart(("Entity", "Code", "Year", "x"), [("=cmd|' /C calc'!A0", "", 2020, 1)])
    _, table = one(owid.read, request(OWID, {"a.csv": content}, edition="2025"))
    assert table.frame["entity"].to_list() == ["=cmd|' /C calc'!A0"]


def test_csv_and_metadata_of_a_chart_are_downloaded_with_short_names(tmp_path: Path) -> None:
    content = chart(("Entity", "Code", "Year", "cost"), ROWS)
    with serving(Answer(content.encode()), Answer(metadata(cost=column()).encode())) as site:
        url = site.url("/grapher/{chart}{ending}?v=1&csvType=full&useColumnShortNames=true")
        got = owid.download("solar-pv-prices", tmp_path, url)
    assert [g.path.name for g in got] == ["solar-pv-prices.csv", "solar-pv-prices.metadata.json"]
    assert [a.partition("?")[0] for a, _ in site.asked] == [f"/grapher/{g.path.name}" for g in got]
    files = {g.path.name: g.path.read_bytes() for g in got}
    assert one(owid.read, request(OWID, files))[1].frame.height == 3
    with pytest.raises(ZizhuError, match="is no chart"):
        owid.download("../x", tmp_path, url)


@pytest.mark.skipif(not REAL.is_file(), reason="needs ../shared with the charts of energy and carbon")
def test_real_charts_written_as_published_come_back_equal() -> None:
    real = pl.read_parquet(REAL)
    assert real.height == 65_498
    read = 0
    for indicator in real["indicator"].unique().sort():
        mine = real.filter(pl.col("indicator") == indicator, pl.col("period").str.contains(r"^\d{4}$"))
        rows = [(e, "", p, repr(v)) for e, p, v in mine.select("entity", "period", "value").iter_rows()]
        files = {
            "c.csv": chart(("Entity", "Code", "Year", "x"), rows),
            "c.metadata.json": metadata(x=column(shortName=indicator, unit=mine["unit"][0])),
        }
        _, table = one(owid.read, request(OWID, files))
        columns = ["indicator", "period", "value", "unit"]
        assert table.frame.select(columns).sort(pl.all()).equals(mine.select(columns).sort(pl.all()))
        assert table.frame["entity"].n_unique() == mine["entity"].n_unique()
        read += table.frame.height
    assert read == real.filter(pl.col("value").is_not_null()).height


def test_a_download_of_what_a_map_shows() -> None:
    """The map adds the column `time`, and a row without year and value for every entity that has none."""
    header = ("Entity", "Code", "Year", LONG, "time")
    rows = [
        ("China", "", "", "", 1738),
        ("China", "CHN", 2023, 0.25, 2023),
        ("World", "OWID_WRL", 2022, 0.3, 2023),
    ]
    files = {"a.csv": chart(header, rows), "a.metadata.json": metadata(**{LONG: column()})}
    wanted = {("cost", "CHN", "2023"): 0.25, ("cost", "OWID_WRL", "2022"): 0.3}
    _, table = one(owid.read, request(OWID, files))
    assert values(table.frame) == wanted
    _, bare = one(owid.read, request(OWID, {"a.csv": files["a.csv"]}))
    assert values(bare.frame) == {(LONG, *key[1:]): v for key, v in wanted.items()}
    _, own = one(
        owid.read, request(OWID, {"a.csv": chart((*header[:3], "time"), [("China", "CHN", 2023, 8)])})
    )
    assert values(own.frame) == {("time", "CHN", "2023"): 8}
    lost = chart(header, [*rows, ("Chad", "TCD", "", 0.5, 2023)])
    with pytest.raises(ZizhuError, match="row 5, column year: '' is no year"):
        one(owid.read, request(OWID, {"a.csv": lost}))
