"""World Mining Data: one sheet a commodity, the Total left out and checked, names of countries and marks mapped."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from sources.observing import SHARED, entry, one, request, values
from zizhu.sources.readers import world_mining
from zizhu.vocab.problems import ZizhuError

WMD = entry("world-mining-data")
FILE = "6.4. Production_of_Mineral_Raw_Materials_of_individual_Countries_by_Minerals.xlsx"
REAL = SHARED / "data" / "test" / "mining" / "world_mining_data.parquet"
HEADER = ("Country", "unit", "2020", "2021", "2022", "2023", "2024", "data source")


def published(sheets: Mapping[str, Sequence[Sequence[Any]]], header: Sequence[Any] = HEADER) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, f"Production of {name}")
            sheet.write_row(1, 0, header)
            for i, row in enumerate(rows, start=2):
                sheet.write_row(i, 0, row)
    return held.getvalue()


GALLIUM = [
    ("China", "kg", "290000", "420000", "605000", "606000", "750000", "r"),
    ("Korea, South", "kg", 2000, 2000, 2000, 3000, "", "e"),
    ("Congo, D.R.", "kg", 0, 0, 0, 0, 1, "p"),
    ("Kosovo", "kg", 8, "-", 8, 8, 8, "r"),
    ("French Guiana", "kg", 1, 1, 1, 1, 1, "r"),
    ("Total", "kg", 292009, 422001, 607009, 609009, 900000, ""),
]


def test_a_workbook_by_minerals() -> None:
    sheets = {
        "Gallium": GALLIUM,
        "Steam Coal ": [("China", "metr. t", 5, 5, 5, 5, 5, "r"), ("Total", "metr. t", 5, 5, 5, 5, 5, "")],
    }
    name, table = one(world_mining.read, request(WMD, {FILE: published(sheets)}, edition="2026"))
    assert name == "world-mining-data"
    found = values(table.frame)
    assert found["production|Gallium", "CHN", "2024"] == 750000
    assert found["production|Gallium", "KOR", "2023"] == 3000
    assert found["production|Gallium", "COD", "2024"] == 1
    assert found["production|Gallium", "GUF", "2020"] == 1
    assert found["production|Gallium", "Kosovo", "2024"] == 8
    assert found["production|Steam Coal", "CHN", "2020"] == 5
    assert len(found) == 5 + 4 + 5 + 4 + 5 + 5
    assert not any("Total" in e for _, e, _ in found)
    status = dict(table.frame.select("entity", "status").unique().iter_rows())
    assert (status["KOR"], status["COD"], status["CHN"]) == ("derived", "reported", "reported")
    assert set(table.frame["vintage"]) == {"2026"}
    told = " ".join(table.describe.notes)
    assert "Gallium 2024 (83% of it)." in told
    assert "Kosovo" in told
    assert dict(table.frame.select("indicator", "unit").unique().iter_rows()) == {
        "production|Gallium": "kg",
        "production|Steam Coal": "metr. t",
    }


def test_an_edition_with_words_for_marks_and_parts_of_a_country() -> None:
    header = ("Country", "unit", "2011", "2012", "Sources of data")
    rows = [
        ("Chile", "kg", 5, 6, "provisional"),
        ("Russia, Asia", "kg", 10, 20, "reported"),
        ("Russia, Europe", "kg", 1, "", "estimate"),
        ("Turkey", "kg", 3, 4, "reported"),
        ("Total", "kg", 19, 30, ""),
    ]
    rhenium = [("Russia, Asia", "kg", "-", 7, "reported"), ("Total", "kg", "", 7, "")]
    content = published({"Gold": rows, "Rhenium": rhenium}, header)
    _, table = one(world_mining.read, request(WMD, {FILE.replace(" ", ""): content}, edition="2014"))
    assert values(table.frame) == {
        ("production|Gold", "CHL", "2011"): 5,
        ("production|Gold", "CHL", "2012"): 6,
        ("production|Gold", "RUS", "2011"): 11,
        ("production|Gold", "RUS", "2012"): 20,
        ("production|Gold", "TUR", "2011"): 3,
        ("production|Gold", "TUR", "2012"): 4,
        ("production|Rhenium", "RUS", "2012"): 7,
    }
    status = dict(table.frame.filter(indicator="production|Gold").select("entity", "status").iter_rows())
    assert status == {"CHL": "reported", "RUS": "derived", "TUR": "reported"}
    told = " ".join(table.describe.notes)
    assert "Parts that are added to one country: Russia, Asia; Russia, Europe." in told
    assert "differ from the printed total" not in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (published({"Gallium": []}), "sheet Gallium: no rows"),
        (
            published({"Gallium": GALLIUM}, header=("Group", *HEADER[1:])),
            "sheet Gallium, row 2: no column 'Country'",
        ),
        (
            published({"Gallium": GALLIUM}, header=("Country", "unit", "a", "b", "c", "d", "e", "f")),
            "no years",
        ),
        (
            published({"Gallium": [("China", "kg", "1,5", 1, 1, 1, 1, "r")]}),
            r"row 3, column C \(2020\): '1,5'.*decimal comma",
        ),
        (published({"Gallium": [("China", "kg", "=cmd|x!A", 1, 1, 1, 1, "r")]}), "is no number"),
        (
            published({"Gallium": [("China", "kg", 1, 1, 1, 1, 1, "x")]}),
            r"column H \(data source\): 'x' is no known mark",
        ),
        (published({"Gallium": [("China", "", 1, 1, 1, 1, 1, "r")]}), "without indicator, entity or unit"),
        (b"a,b\n", "no Excel workbook"),
    ],
)
def test_other_workbooks_are_refused_with_their_cells(content: bytes, words: str) -> None:
    with pytest.raises(ZizhuError, match=words):
        one(world_mining.read, request(WMD, {FILE: content}))


def test_faults_of_all_sheets_come_at_once() -> None:
    bad = [("China", "kg", "x", 1, 1, 1, 1, "r")]
    with pytest.raises(ZizhuError) as caught:
        one(world_mining.read, request(WMD, {FILE: published({"A": bad, "B": bad, "C": GALLIUM})}))
    assert [p.where.split(", ")[1] for p in caught.value.problems] == ["sheet A", "sheet B"]


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="needs ../shared with the production of minerals")
def test_real_production_written_as_published_comes_back_equal() -> None:
    real = pl.read_parquet(REAL)
    years = [str(y) for y in range(2018, 2025)]
    sheets: dict[str, list[Sequence[Any]]] = {}
    # a row has one mark for all years: the marks of a country that changes stand in rows of their own file
    marks = real.group_by("commodity", "country", "unit").agg(
        pl.col("year"), pl.col("production"), pl.col("source_flag").last()
    )
    for row in marks.sort("commodity", "country").iter_rows(named=True):
        held = dict(zip(row["year"], row["production"], strict=True))
        cells = [held.get(int(y), "") for y in years]
        sheets.setdefault(row["commodity"][:31], []).append(
            (row["country"], row["unit"], *cells, row["source_flag"])
        )
    for name, rows in sheets.items():
        sums = [sum(r[2 + i] or 0 for r in rows) for i in range(len(years))]
        sheets[name] = [*rows, ("Total", rows[0][1], *sums, "")]
    content = published(sheets, ("Country", "unit", *years, "data source"))
    _, table = one(world_mining.read, request(WMD, {FILE: content}, edition="2026"))
    theirs = real.filter(pl.col("production").is_not_null()).select(
        indicator="production|" + pl.col("commodity").str.slice(0, 31),
        # codes of the trade table in the shared copy, for what has no ISO code or none there
        entity=pl.col("iso3").replace({"R20": "Kosovo", "S19": "TWN"}),
        period=pl.col("year").cast(pl.String),
        value="production",
        unit="unit",
    )
    mine = table.frame.select(theirs.columns)
    order = ["indicator", "entity", "period"]
    assert mine.height == theirs.height
    assert mine.drop("value").sort(order).equals(theirs.drop("value").sort(order))
    gap = (mine.sort(order)["value"] - theirs.sort(order)["value"]).abs() / theirs.sort(order)["value"].clip(
        1
    )
    assert gap.max() <= 2e-15  # the test's writer keeps 16 digits
    total = table.frame.filter(indicator="production|Gallium", period="2024")
    china = total.filter(entity="CHN")["value"][0] / total["value"].sum()
    assert china == pytest.approx(0.987, abs=5e-4)
