"""Cells far from a table are told before any room is made for all that lies between."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from sources.observing import member
from zizhu.sources.files import sheets
from zizhu.sources.files.extent import require_near
from zizhu.vocab.problems import ZizhuError

FAR = (1_048_575, 16_383)


def book(*cells: tuple[int, int]) -> bytes:
    """A workbook with a number in each of these cells."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as file:
        sheet = file.add_worksheet()
        for row, column in cells:
            sheet.write_number(row, column, 1)
    return made.getvalue()


def changed(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with its sheet changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if "sheet1" in name else part)
    return made.getvalue()


def test_one_far_cell_is_refused_before_it_is_read() -> None:
    far = member("t.xlsx", book((0, 0), FAR))
    with pytest.raises(ZizhuError, match=r"as far as XFD1048576: 1,048,576 rows of 16,384 columns"):
        sheets.grid(far, 1, 1)
    with pytest.raises(ZizhuError, match="as far as XFD1048576"):
        list(sheets.texts(far))


def test_a_cell_counts_where_it_is_and_not_where_the_sheet_says() -> None:
    lying = changed(book((0, 0), FAR), lambda part: part.replace(b"A1:XFD1048576", b"A1:B2"))
    with pytest.raises(ZizhuError, match="as far as XFD1048576"):
        require_near(lying, "t.xlsx")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'r="D4"', b"r='XFD1048576'"),
        (b'r="D4"', b'r = "XFD1048576"'),
        (b'r="D4"', b'r="xfd1048576"'),
        (b'r="D4"', b'r="XFD0001048576"'),
        (b'r="D4"', b'r="AAAAAA100"'),
    ],
)
def test_names_that_excel_would_not_write_count_too(before: bytes, after: bytes) -> None:
    with pytest.raises(ZizhuError, match="cells as far as"):
        require_near(changed(book((0, 0), (3, 3)), lambda part: part.replace(before, after)), "t.xlsx")


def test_a_blank_cell_with_a_format_is_not_far() -> None:
    blank = b'<c r="XFD1048576" s="1"/></row></sheetData>'
    content = changed(book((0, 0), (3, 3)), lambda part: part.replace(b"</row></sheetData>", blank))
    require_near(content, "t.xlsx")
    (named,) = sheets.texts(member("t.xlsx", content))
    assert len(named[1]) == 4


def test_every_cell_of_a_large_sheet_is_looked_at() -> None:
    # several pieces of text, the farthest in one of the middle
    cells = [(r, c) for r in range(300) for c in range(120)] + [(150, 900)]
    content = book(*sorted(cells))
    require_near(content, "t.xlsx", most=300 * 901)
    with pytest.raises(ZizhuError, match="300 rows of 901 columns"):
        require_near(content, "t.xlsx", most=300 * 901 - 1)


def _record(kind: int, content: bytes) -> bytes:
    return bytes((kind & 0x7F | 0x80, kind >> 7, len(content))) + content


def test_a_binary_sheet_says_how_far_it_goes() -> None:
    def binary(row: int, column: int) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as file:
            dimension = struct.pack("<4I", 0, row, 0, column)
            sheet = _record(129, b"") + _record(147, b"xyz") + _record(148, dimension) + _record(145, b"")
            file.writestr("xl/worksheets/sheet1.bin", sheet)
            file.writestr("xl/printerSettings/printerSettings1.bin", _record(148, b"\xff" * 16))
        return made.getvalue()

    require_near(binary(2_000, 2_000), "t.xlsb")
    with pytest.raises(ZizhuError, match=r"t\.xlsb, xl/worksheets/sheet1\.bin: cells as far as XFD1048576"):
        require_near(binary(*FAR), "t.xlsb")
