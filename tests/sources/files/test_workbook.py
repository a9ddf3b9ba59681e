"""Workbooks that a person or another program wrote badly: refused with the cell, and never given too much memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from sources.observing import member
from zizhu.sources.files import workbook
from zizhu.vocab.problems import ZizhuError


def book(rows: str) -> bytes:
    """A workbook whose one sheet has these rows, in XML."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as made:
        made.add_worksheet("Data").write(0, 0, 1)
    whole, changed = zipfile.ZipFile(held), io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as out:
        for part in whole.namelist():
            body = whole.read(part)
            if part == "xl/worksheets/sheet1.xml":
                start, end = body.index(b"<sheetData>") + 11, body.index(b"</sheetData>")
                body = body[:start] + rows.encode() + body[end:]
            out.writestr(part, body)
    return changed.getvalue()


def rows_of(rows: str) -> tuple[tuple[str, ...], ...]:
    return workbook.workbook(member("b.xlsx", book(rows))).sheet("Data").rows


def test_cells_stand_where_their_names_say_or_one_after_the_other() -> None:
    assert rows_of('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>') == (("1", "", "3"),)
    assert rows_of("<row><c><v>1</v></c><c><v>2</v></c></row>") == (("1", "2"),)
    assert rows_of('<row r="1"><c r="A1"><v>1</v></c><extLst><ext/></extLst></row>') == (("1",),)


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ('<c r="C1"><v>3</v></c><c r="A1"><v>1</v></c>', "A1"),
        ('<c r="A1"><v>3</v></c><c r="A1"><v>1</v></c>', "A1"),
        ('<c r="A7"><v>3</v></c>', "A7"),
        ('<c r="nonsense"><v>3</v></c>', "nonsense"),
        ('<c r="XFE1"><v>3</v></c>', "XFE1"),
        ('<c r="ZZZ1"><v>3</v></c>', "ZZZ1"),
        ('<c r="XFD1"><v>3</v></c><c><v>3</v></c>', ""),
    ],
)
def test_cells_out_of_their_place_are_refused(row: str, cell: str) -> None:
    with pytest.raises(ZizhuError, match=rf"sheet Data, row 1: a cell '{cell}'; expected .* to XFD1"):
        rows_of(f'<row r="1">{row}</row>')


def test_a_few_cells_far_away_do_not_take_the_memory() -> None:
    far = book("".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, 4001)))
    assert len(far) < 60_000
    tracemalloc.start()
    with pytest.raises(ZizhuError, match="more than 16,777,216 cells"):
        workbook.workbook(member("b.xlsx", far)).sheet("Data")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 << 20


def test_a_far_row_counts_as_wide_as_the_widest() -> None:
    with pytest.raises(ZizhuError, match="cells"):
        rows_of('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>')
