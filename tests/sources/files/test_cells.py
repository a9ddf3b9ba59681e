"""Cells of texts and workbooks: their values to the last digit, and the place of every cell that is wrong."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from sources.observing import member
from zizhu.sources.files import cells, workbook
from zizhu.sources.files.cells import Table, letters, text_table
from zizhu.vocab.problems import ZizhuError


def book(fill: Callable[[Any, Any], None], name: str = "Data", **options: Any) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, **options}) as made:
        fill(made, made.add_worksheet(name))
    return held.getvalue()


def table_of(rows: list[list[Any]], header: int = 1) -> Table:
    def fill(_: Any, sheet: Any) -> None:
        for i, cells_ in enumerate(rows):
            sheet.write_row(i, 0, cells_)

    return workbook.workbook(member("b.xlsx", book(fill))).sheet("Data").table(header, "a, b")


def text(content: str | bytes) -> Table:
    return text_table(member("t.csv", content), lambda head: "a" in head, "the column a")


def test_a_text_table_begins_at_its_header_and_keeps_the_numbers_of_its_rows() -> None:
    table = text('title,x\n\n"a","b",\n"x, y","1",\n" z ","",\n')
    assert table.frame.to_dict(as_series=False) == {"a": ["x, y", "z"], "b": ["1", ""]}
    assert table.numbers("b").to_list() == [1.0, None]
    with pytest.raises(ZizhuError, match=r"^t\.csv, row 4, column a: 'x, y' is no number"):
        table.numbers("a")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_byte_order_marks_and_line_ends(delimiter: str) -> None:
    table = text(("\ufeff" + "a,b\r\n1,é\r\n").replace(",", delimiter).encode())
    assert table.frame.rows() == [("1", "é")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "an empty file"),
        ("  \n", "an empty file"),
        ("x,y\n1,2\n", "no row with the names of the columns"),
        ("a,\rb\n1,2\n", "no row with the names of the columns"),
        ("a,b\n", "no rows"),
        ("a,b\n1,2\n3\n", "row 3: 1 cells"),
        ("a,b\n1,2\n3,4,5\n", "row 3: 3 cells"),
        ("a,b\n1,2\n3,", None),
        ("a,a\n1,2\n", "two columns 'a'"),
        (b"a,b\n1,\xff\n", "row 2: byte 6 is not UTF-8"),
    ],
)
def test_texts_of_another_form_are_refused_with_the_row(content: str | bytes, words: str | None) -> None:
    if words is None:
        assert text(content).frame.height == 2
        return
    with pytest.raises(ZizhuError, match=words):
        text(content)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("1,5", "decimal comma"),
        ("n/k", "Mend the cell"),
        ("=1+1", "formula"),
        ("#N/A", "an error of the workbook"),
        ("2020-01-01", "made a date"),
        ("inf", "Mend"),
        ("nan", "Mend"),
        ("1e999", "Mend"),
    ],
)
def test_text_among_numbers_is_told_with_row_column_and_a_hint(cell: str, hint: str) -> None:
    with pytest.raises(ZizhuError, match=hint) as caught:
        text(f'a,b\nx,1\ny,"{cell}"\n').numbers("b")
    assert "t.csv, row 3, column b" in str(caught.value)


def test_one_cause_is_one_problem_with_its_count_and_its_first_three_cells() -> None:
    with pytest.raises(ZizhuError) as caught:
        text("a;b;c\n" + "".join(f"{i},5;{i};{i},25\n" for i in range(50)) + "x;y;#N/A\n").all_numbers("abc")
    assert [p.what for p in caught.value.problems] == [
        "'0,5' is no number: a decimal comma, or one between thousands (100 such cells; "
        "then '1,5' in row 3, column a; '2,5' in row 4, column a)",
        "'x' is no number (2 such cells; then 'y' in row 52, column b)",
        "'#N/A' is no number but an error of the workbook",
    ]
    assert [p.where for p in caught.value.problems] == [
        "t.csv, row 2, column a",
        "t.csv, row 52, column a",
        "t.csv, row 52, column c",
    ]


def test_rows_of_another_length_are_one_problem() -> None:
    with pytest.raises(ZizhuError) as caught:
        text("a,b\n" + "1,2,3\n" * 40)
    (problem,) = caught.value.problems
    assert problem.what == "3 cells (40 such rows; then 3 cells in row 3; 3 cells in row 4)"
    assert problem.where == "t.csv, row 2"


def test_signs_at_odd_places_are_said() -> None:
    with pytest.raises(
        ZizhuError, match=r"row 3, column b: '17621\.682,97' is no number: its points and commas"
    ):
        text('a,b\nx,1\ny,"17621.682,97"\n').numbers("b")


def test_a_text_beyond_the_bound_is_refused() -> None:
    with pytest.raises(ZizhuError, match="more than 10 bytes"):
        cells.text_of(member("t.csv", b"x" * 11), largest=10)


def test_missing_columns_come_at_once() -> None:
    with pytest.raises(ZizhuError) as caught:
        text("a,b\n1,2\n").require(["a", "c", "d"])
    assert [p.what for p in caught.value.problems] == ["no column 'c'", "no column 'd'"]


def test_numbers_of_a_workbook_keep_all_digits() -> None:
    numbers = [1 / 3, 1e-12, 123456789.123456, 1e21, -0.0, 2018.0, 1.7e308]
    got = table_of([["a"], *([n] for n in numbers)]).numbers("a")
    assert got.to_list() == pytest.approx(numbers, rel=1e-15)


@examples(40)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_cell_gives_the_number_that_its_digits_name(number: float) -> None:
    content = book(lambda _, sheet: sheet.write(0, 0, "a") or sheet.write(1, 0, 1))
    held = zipfile.ZipFile(io.BytesIO(content))
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as made:
        for part in held.namelist():
            body = held.read(part)
            made.writestr(
                part, body.replace(b"<v>1</v>", f"<v>{number!r}</v>".encode()) if "sheet1" in part else body
            )
    table = workbook.workbook(member("b.xlsx", changed.getvalue())).sheet("Data").table(1, "a")
    assert struct.pack("d", table.numbers("a")[0]) == struct.pack("d", number)


def test_every_kind_of_cell() -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_string(1, 1, "=cmd|' /C calc'!A0")
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")
        sheet.write_boolean(2, 1, True)
        sheet.write_datetime(3, 0, datetime(2020, 3, 1), made.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_datetime(
            3, 1, datetime(2020, 3, 1, 12), made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
        sheet.write_number(4, 0, 5, made.add_format({"num_format": '0.00" days"'}))
        sheet.write_rich_string(4, 1, "bo", made.add_format({"bold": True}), "ld")
        sheet.write_formula(5, 0, "=A1", None, "")
        sheet.write(7, 1, "last")

    held = workbook.workbook(member("b.xlsx", book(fill))).sheet("Data")
    assert held.rows[1:] == (
        ("2", "=cmd|' /C calc'!A0"),
        ("#N/A", "TRUE"),
        ("2020-03-01", "2020-03-01T12:00:00"),
        ("5", "bold"),
        ("=A1",),
        (),
        ("", "last"),
    )


def test_the_value_that_a_formula_showed_is_read_and_one_without_is_refused() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=6*7", None, 42)
        sheet.write_formula(1, 1, "=6*7", None, "")

    table = workbook.workbook(member("b.xlsx", book(fill))).sheet("Data").table(1, "a, b")
    assert table.numbers("a").to_list() == [42.0]
    with pytest.raises(ZizhuError, match="Open the workbook in Excel and save it") as caught:
        table.numbers("b")
    assert "b.xlsx, sheet Data, row 2, column B (b)" in str(caught.value)


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.write_datetime(0, 0, datetime(2020, 3, 1), made.add_format({"num_format": 14}))

    content = book(fill, date_1904=True)
    assert workbook.workbook(member("b.xlsx", content)).sheet("Data").rows == (("2020-03-01",),)


def test_a_merged_header_an_empty_sheet_and_a_wrong_sheet_are_told() -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 1, "merged")
        sheet.write_row(1, 0, ["a", "b"])
        sheet.write_row(2, 0, [1, 2])
        made.add_worksheet("Empty")

    held = workbook.workbook(member("b.xlsx", book(fill)))
    with pytest.raises(ZizhuError, match="sheet Data, row 1: merged cells A1:B1"):
        held.sheet("Data").table(1, "a, b")
    assert held.sheet("Data").table(2, "a, b").numbers("b").to_list() == [2.0]
    with pytest.raises(ZizhuError, match="sheet Empty, row 1: no names"):
        held.sheet("Empty").table(1, "a, b")
    with pytest.raises(ZizhuError, match=r"no sheet 'Other'.*'Data', 'Empty'"):
        held.sheet("Other")
    with pytest.raises(ZizhuError, match="no rows"):
        held.sheet("Data").table(3, "a, b")


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 an old .xls"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(ZizhuError, match="workbook"):
        workbook.workbook(member("b.xlsx", content))


def with_part(content: bytes, part: str, body: bytes) -> bytes:
    held, made = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in held.namelist():
            archive.writestr(name, body if name == part else held.read(name))
    return made.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        b"<worksheet>",
        b"",
        b'<?xml version="1.0" encoding="x"?><worksheet/>',
        b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>",
    ],
)
def test_hostile_and_damaged_sheets_are_refused(body: bytes) -> None:
    content = with_part(book(lambda _, sheet: sheet.write(0, 0, "a")), "xl/worksheets/sheet1.xml", body)
    with pytest.raises(ZizhuError):
        workbook.workbook(member("b.xlsx", content)).sheet("Data").table(1, "a")


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    content = with_part(
        book(lambda _, sheet: sheet.write(0, 0, "a")), "xl/worksheets/sheet1.xml", b" " * 30_000_000
    )
    with pytest.raises(ZizhuError, match="unpack to"):
        workbook.workbook(member("b.xlsx", content))


@pytest.mark.parametrize("size", [10, 100, 1000, 3000])
def test_a_workbook_that_was_cut_is_refused(size: int) -> None:
    content = book(lambda _, sheet: sheet.write_column(0, 0, ["a", *range(500)]))
    with pytest.raises(ZizhuError):
        workbook.workbook(member("b.xlsx", content[:size])).sheet("Data")


def test_letters_of_columns() -> None:
    assert [letters(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
