"""Concordances as the UN and WITS publish them: the two columns of codes are found, whatever stands around them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl
import pytest
import xlsxwriter

from zizhu.sources.catalogue import entry
from zizhu.sources.files.archive import Member, members
from zizhu.sources.readers import hs_concordance
from zizhu.sources.reading import Request, SourceTable
from zizhu.tables.concordance import convert, weights
from zizhu.vocab.problems import ZizhuError

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "test" / "concordance"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
Rows = Sequence[Sequence[object]]


def workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A minimal workbook: text as inline strings, numbers as numbers."""

    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' if value != "" else "<c/>"

    names = list(enumerate(sheets, start=1))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
            for n, _ in names
        )
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{parts}</Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(f'<sheet name="{s}" sheetId="{n}" r:id="r{n}"/>' for n, s in names)
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        linked = "".join(
            f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n, _ in names
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{linked}</Relationships>',
        )
        for n, name in names:
            rows = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in sheets[name])
            file.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>',
            )
    return path


def plain(path: Path) -> Member:
    """The file as it is: a workbook is a zip, and its members are no tables."""
    return Member(path.name, path.stat().st_size, str(path), lambda: path.open("rb"))


def tables(*given: Path | Member) -> dict[str, SourceTable]:
    held = tuple(g if isinstance(g, Member) else plain(g) for g in given)
    made = next(hs_concordance.read(Request(entry("hs-concordances"), held)))
    assert all(isinstance(t, SourceTable) for t in made.values())
    return dict(made)  # type: ignore[arg-type]


def refused(*given: Path) -> str:
    with pytest.raises(ZizhuError) as caught:
        tables(*given)
    return str(caught.value)


CONVERSIONS: Rows = [
    ["From HS 2022", "To HS 2017", "", ""],
    ["010121", "010121", "", ""],
    ["854142", "854140", "", ""],
    ["854143", "854140", "", ""],
]
CORRELATIONS: Rows = [
    ["Between", "", ""],
    ["HS 2022", "HS 2017", "Relationship"],
    ["010121", "010121", "1:1"],
    ["854142", "854140", "n:n"],
    ["854142", "854150", "n:n"],
    ["854943", "n/a", ""],
]


def test_both_sheets_of_a_workbook_of_the_un_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", {"Notes": [["text"]], "a Conversions": CONVERSIONS, "b": CORRELATIONS}
    )
    made = tables(path)
    assert list(made) == ["hs2022-hs2017-conversion", "hs2022-hs2017-correlation"]
    assert made["hs2022-hs2017-conversion"].frame.rows() == [
        ("010121", "010121", None),
        ("854142", "854140", None),
        ("854143", "854140", None),
    ]
    correlation = made["hs2022-hs2017-correlation"]
    assert correlation.frame.rows() == [
        ("010121", "010121", "1:1"),
        ("854142", "854140", "n:n"),
        ("854142", "854150", "n:n"),
    ]
    assert correlation.describe.flags == {
        "kind": "concordance",
        "source": "HS2022",
        "target": "HS2017",
        "many_to_many": True,
    }
    assert correlation.describe.notes == ("1 codes without a counterpart are left out.",)


def test_codes_that_are_numbers_in_a_workbook_keep_their_zeros(tmp_path: Path) -> None:
    rows: Rows = [["HS 2012", "HS 2007"], [10121, 10110.0], ["0102.21", "010210"]]
    (made,) = tables(workbook(tmp_path / "t.xlsx", {"x": rows})).values()
    assert made.frame.select("source", "target").rows() == [("010121", "010110"), ("010221", "010210")]


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        ("HS 2017 Product Code,HS 2017 Product Description,HS 1988/92 Product Code,Other", "hs2017-hs1992"),
        ("HS 2012 Product Code,D,HS 2002 Product Code,D", "hs2012-hs2002"),
        ("HS6_6d,D,HS0_6d,D", "hs2022-hs1992"),
        ("HS2022,D,HS2017,D", "hs2022-hs2017"),
        ("H3,D,H1,D", "hs2007-hs1996"),
        ("From HS 2017,D,To HS 2012,D", "hs2017-hs2012"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_are_found_by_the_revisions_that_they_name(
    titles: str, name: str, delimiter: str, tmp_path: Path
) -> None:
    text = f'{titles}\n010121,"Maté, pure",010111,x\n'.replace('"Maté, pure"', "Maté").replace(",", delimiter)
    (tmp_path / "t.csv").write_bytes(text.encode("cp1252"))
    made = tables(tmp_path / "t.csv")
    assert list(made) == [f"{name}-conversion"]
    assert made[f"{name}-conversion"].frame.row(0)[:2] == ("010121", "010111")


def test_wits_publishes_zips(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "Concordance_H5_to_H0.zip", "w") as file:
        file.writestr(
            "JobID-88_Concordance_H5_to_H0.CSV",
            "HS 2017 Product Code,HS 1988/92 Product Code\n1,2\n010121,010111",
        )
    with pytest.raises(ZizhuError, match="line 2: '1' is no code"):
        tables(*members(tmp_path / "Concordance_H5_to_H0.zip"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n", "no concordance; expected two columns of codes"),
        ("HS2022,HS2022\n010121,010121\n", "no concordance"),
        ("HS2022,HS2017\n", "no pairs"),
        (
            "HS2022,HS2017\n010121,horse\nx,010121\n",
            "line 2: 'horse' is no code (2 such cells; then 'x' in line 3)",
        ),
        ("HS2022,HS2017\n010121,1.5e5\n", "'1.5e5' is no code"),
        ('HS2022,HS2017\n"010121', "no pairs"),
    ],
)
def test_what_is_no_concordance_is_refused(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(content)
    assert message in refused(tmp_path / "t.csv")


def test_damaged_and_hostile_workbooks_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "b.xls").write_bytes(b"\xd0\xcf\x11\xe0 and no more")
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"\0" * 50_000_000)
    said = refused(tmp_path / "a.xlsx", tmp_path / "b.xls", tmp_path / "c.xlsx")
    assert "a.xlsx: no workbook that can be read" in said
    assert "b.xls: no workbook that can be read" in said
    assert "that unpack to 50,000,000" in said


def test_a_cell_far_from_the_table_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "far.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["HS 2022", "HS 2017"])
        sheet.write(1_048_575, 16_383, "x")
    assert "cells as far as XFD1048576" in refused(tmp_path / "far.xlsx")


def test_tables_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("HS2022,HS2017\n010121,010121\n")
    (tmp_path / "b.csv").write_text("HS2022,HS2017\n010121,010129\n")
    assert "two tables hs2022-hs2017-conversion that differ" in refused(
        tmp_path / "a.csv", tmp_path / "b.csv"
    )


@pytest.mark.parametrize(("table", "name"), [("hs6_hs0", "hs2022-hs1992"), ("hs4_hs0", "hs2012-hs1992")])
def test_a_whole_concordance_is_read_from_a_workbook_and_converts(
    table: str, name: str, tmp_path: Path
) -> None:
    if not SHARED.is_dir():
        pytest.skip("needs the concordances under ../shared")
    newer, older = table.upper().split("_")
    held = pl.read_parquet(SHARED / f"{table}.parquet").select(f"{newer}_6d", f"{older}_6d").unique()
    path = workbook(tmp_path / "t.xlsx", {"x": [held.columns, *held.rows()]})
    (found,) = tables(path).values()
    assert found.frame.select(pl.all().exclude("relationship")).rows() == sorted(held.rows())
    flows = found.frame.select(hs6="source", value_usd=pl.lit(1_000_003, pl.Int64)).unique("hs6")
    made = convert(flows, weights(found.frame), "HS1992")
    assert made.frame["value_usd"].sum() == flows["value_usd"].sum()
    assert next(iter(tables(path))).startswith(name)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_is_read_up_to_a_bound(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"t.{ending}").write_bytes(b"HS 2017,HS 2012\n010121,010121\n")
    monkeypatch.setattr(hs_concordance, "LARGEST", 20)
    assert "more than 20 bytes" in refused(tmp_path / f"t.{ending}")


@pytest.mark.parametrize(
    "name",
    [
        "HS 2012 to HS 2007 Correlation and conversion tables.xls",
        "HS1996 to HS1992 - Correlation and conversion tables (3).xls",
        "HS2022toHS2017ConversionAndCorrelationTables(1).xlsx",
    ],
)
def test_the_names_of_the_producer_and_of_second_downloads_are_known(name: str) -> None:
    assert entry("hs-concordances").files[0].matches(name)
