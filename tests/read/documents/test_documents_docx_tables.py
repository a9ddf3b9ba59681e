"""Tables of DOCX files written by hand, element by element, and the rows that a reader of the page sees."""

from __future__ import annotations

import io
import zipfile

import pytest

from zizhu.read.documents.opened import opened

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BEGINS, GOES_ON, TWO = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'


def para(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, form: str = "") -> str:
    return f"<w:tc><w:tcPr>{form}</w:tcPr>{text if text.startswith('<') else para(text)}</w:tc>"


def row(*cells: str, form: str = "") -> str:
    return (
        f"<w:tr><w:trPr>{form}</w:trPr>{''.join(c if c.startswith('<') else cell(c) for c in cells)}</w:tr>"
    )


def boxed(inner: str, tag: str = "sdt") -> str:
    return (
        f"<w:{tag}><w:sdtContent>{inner}</w:sdtContent></w:{tag}>"
        if tag == "sdt"
        else f"<w:{tag}>{inner}</w:{tag}>"
    )


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def lines(*rows: str) -> list[str]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        body = f"{para('Before')}{table(*rows)}{para('After')}"
        archive.writestr("word/document.xml", f"<w:document {SPACE}><w:body>{body}</w:body></w:document>")
    first, *found, last = opened(out.getvalue(), "a.docx", language="en").text.split("\n")
    assert (first, last) == ("Before", "After")
    return found


INNER = cell(para("Steel") + table(row("inner a", "1 GW"), row("inner b", "2 GW")) + para("mills"))


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        (
            [row(cell("North", BEGINS), "2025", "40 t"), row(cell("", GOES_ON), "2030", "50 t")],
            ["North\t2025\t40 t", "North\t2030\t50 t"],
        ),
        (
            [row("Ore", cell("40 t", BEGINS)), row("Salt", cell("", GOES_ON))],
            ["Ore\t40 t", "Salt"],
        ),
        (
            [row("Aim", cell("Years", TWO), "Unit"), row("Ore", "1", "2", "t")],
            ["Aim\tYears\t\tUnit", "Ore\t1\t2\tt"],
        ),
        ([row(INNER, "60")], ["Steel mills\t60", "inner a\t1 GW", "inner b\t2 GW"]),
        ([boxed(row("boxed", "7")), row(boxed(cell("cell")), "8")], ["boxed\t7", "cell\t8"]),
        ([boxed(row("added", "7"), "ins"), boxed(row("own", "8"), "customXml")], ["added\t7", "own\t8"]),
        ([row("stays", "7"), row("gone", "8", form="<w:del/>")], ["stays\t7"]),
        (
            [row("head", form="<w:tblHeader/>"), row("late", form='<w:gridBefore w:val="1"/>')],
            ["head", "\tlate"],
        ),
    ],
    ids=["downwards", "figure", "across", "inner", "boxed", "added", "deleted", "head"],
)
def test_rows_are_those_of_the_page(rows: list[str], seen: list[str]) -> None:
    assert lines(*rows) == seen


def test_a_span_that_no_table_has_is_bounded() -> None:
    assert len(lines(row("a", cell("b", '<w:gridSpan w:val="999999999"/>'), "c"))[0]) < 1000
