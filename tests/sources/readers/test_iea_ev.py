"""The Global EV Data Explorer: every row of its long sheet, forecasts marked, repeated rows left out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from sources.observing import SHARED, entry, from_zip, one, request, values
from zizhu.sources.files.archive import members
from zizhu.sources.readers import iea_ev
from zizhu.sources.reading import Request
from zizhu.vocab.problems import ZizhuError

IEA = entry("iea-gevo")
FILE = "EVDataExplorer2025.xlsx"
REAL = SHARED / "data" / "test" / "energy_ev" / "iea_ev2025.parquet"
NOTES = "Data\n\nIEA analysis\n\nVersion\n\nThis is version 1.2, published 25th of July 2025\n"
HEADER = (*iea_ev.COLUMNS, "Aggregate group")
ROWS = [
    ("China", "Historical", "EV sales", "Cars", "BEV", 2024, "Vehicles", 6400000, "Other"),
    ("Turkiye", "Historical", "EV stock share", "Cars", "EV", 2024, "percent", 0.93, "Other"),
    ("World", "Projection-STEPS", "EV sales", "Cars", "BEV", 2030, "Vehicles", 29000000, "_World"),
    ("EU27", "Historical", "EV sales", "Cars", "BEV", 2024, "Vehicles", 1500000, "EU27"),
    ("India", "Projection-STEPS", "Battery demand", "Trucks", "EV", 2030, "GWh", 2, "Other"),
    ("India", "Projection-STEPS", "Battery demand", "Trucks", "EV", 2030, "GWh", 2, "Other"),
    ("Rest of the world", "Historical", "EV sales", "Cars", "BEV", 2024, "Vehicles", 1, "Other"),
]


def published(
    rows: Sequence[Sequence[Any]],
    sheet: str = "GEVO_EV_2025",
    header: Sequence[str] = HEADER,
    notes: str = NOTES,
) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        main = book.add_worksheet(sheet)
        main.write_row(0, 0, header)
        for i, row in enumerate(rows, start=1):
            main.write_row(i, 0, row)
        book.add_worksheet("Notes").write(0, 0, notes)
    return held.getvalue()


def test_the_workbook_of_the_explorer() -> None:
    name, table = one(iea_ev.read, request(IEA, {FILE: published(ROWS)}))
    assert name == "iea-gevo"
    assert values(table.frame) == {
        ("EV sales|Cars|BEV|Historical", "CHN", "2024"): 6400000,
        ("EV stock share|Cars|EV|Historical", "TUR", "2024"): 0.93,
        ("EV sales|Cars|BEV|Projection-STEPS", "World", "2030"): 29000000,
        ("EV sales|Cars|BEV|Historical", "EU27", "2024"): 1500000,
        ("Battery demand|Trucks|EV|Projection-STEPS", "IND", "2030"): 2,
        ("EV sales|Cars|BEV|Historical", "Rest of the world", "2024"): 1,
    }
    assert dict(table.frame.select("period", "status").unique().iter_rows()) == {
        "2024": "reported",
        "2030": "forecast",
    }
    assert set(table.frame["vintage"]) == {"2025-07-25"}
    told = " ".join(table.describe.notes)
    for words in ("two significant digits", "2 rows are projections", "1 rows repeat", "3 of 6 entities"):
        assert words in told
    assert table.describe.flags["version"] == "1.2"


def test_the_workbook_lies_on_the_disk_or_in_an_archive(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(published(ROWS))
    held = Request(IEA, members(tmp_path / FILE))
    packed = from_zip(IEA, tmp_path / "a.zip", {FILE: published(ROWS)})
    assert one(iea_ev.read, held)[1].frame.equals(one(iea_ev.read, packed)[1].frame)


def test_a_workbook_that_states_no_date_takes_that_of_the_edition() -> None:
    _, table = one(iea_ev.read, request(IEA, {FILE: published(ROWS, notes="none")}, edition="2025-05-14"))
    assert set(table.frame["vintage"]) == {"2025-05-14"}


def test_an_earlier_release_in_text_with_its_own_names() -> None:
    rows = [",".join(("region", *HEADER[1:8])), *(",".join(map(str, r[:8])) for r in ROWS)]
    _, table = one(iea_ev.read, request(IEA, {"IEA-EV-data.csv": "\n".join(rows)}, edition="2024-04"))
    assert table.frame.height == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (published(ROWS, sheet="Data"), "no sheet 'GEVO_EV_<year>'.*'Data', 'Notes'"),
        (published([]), "no rows"),
        (published(ROWS, header=("country", *HEADER[1:])), "no column 'region_country'"),
        (published(ROWS, header=("year", *HEADER[1:])), "two columns 'year'"),
        (
            published([(*ROWS[0][:7], "6,4", "Other")]),
            r"sheet GEVO_EV_2025, row 2, column H \(value\): '6,4'.*decimal comma",
        ),
        (published([(*ROWS[0][:5], "2024e", *ROWS[0][6:])]), r"row 2, column F \(year\): '2024e' is no year"),
        (published([(ROWS[0][0], "Scenario X", *ROWS[0][2:])]), "categories 'Scenario X'"),
        (published([ROWS[0], (*ROWS[0][:7], 5, "Other")]), "share indicator"),
        (b"PK not a workbook", "cannot be read"),
    ],
)
def test_other_workbooks_are_refused_with_their_cells(content: bytes, words: str) -> None:
    with pytest.raises(ZizhuError, match=words):
        one(iea_ev.read, request(IEA, {FILE: content}))


@pytest.mark.skipif(not REAL.is_file(), reason="needs ../shared with the observations of the explorer")
@pytest.mark.slow
def test_the_real_explorer_written_as_published_comes_back_equal() -> None:
    real = (
        pl.read_parquet(REAL)
        .with_columns(
            pl.col("indicator")
            .str.split("|")
            .list.to_struct(fields=["parameter", "mode", "powertrain", "category"])
        )
        .unnest("indicator")
    )
    rows = real.select(
        "entity", "category", "parameter", "mode", "powertrain", pl.col("period").cast(pl.Int64), "unit", "value",
        pl.lit("Other"),
    ).rows()  # fmt: skip
    _, table = one(iea_ev.read, request(IEA, {FILE: published(rows)}))
    assert table.frame.height == real.height == 16_423
    assert (
        table.frame.filter(status="forecast").height
        == real.filter(category="Projection-STEPS").height
        == 1_808
    )
    # the shared table keeps the names of the source, of which these are others in the vocabulary
    indicator = pl.concat_str("parameter", "mode", "powertrain", "category", separator="|")
    mine = table.frame.select("indicator", "period", "value", "unit").sort(pl.all())
    theirs = real.select(indicator.alias("indicator"), "period", "value", "unit").sort(pl.all())
    assert mine.drop("value").equals(theirs.drop("value"))
    gap = (mine["value"] - theirs["value"]).abs() / theirs["value"].abs().clip(1e-300)
    assert gap.max() <= 2e-15  # the test's writer keeps 16 digits
    assert table.frame["entity"].n_unique() == real["entity"].n_unique() == 63
    china = table.frame.filter(entity="CHN", status="reported")
    assert china.height == real.filter(entity="China", category="Historical").height


def test_patterns_of_the_catalogue_know_the_files() -> None:
    for name in (
        FILE,
        "EV Data Explorer 2025.xlsx",
        "IEA_EVData_Explorer_2025.xlsx",
        "IEA-EV-data.csv",
        "GEVO_EV_2025_main.csv",
    ):
        assert any(f.matches(name) for f in IEA.files), name
