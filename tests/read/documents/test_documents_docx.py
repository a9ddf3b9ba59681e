"""DOCX: order, what is left out, and archives that are not what they seem."""

from __future__ import annotations

import io
import zipfile

import pytest
from document_files import word

from zizhu.read.documents.opened import opened
from zizhu.vocab.problems import CannotAnswer, ZizhuError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(body: str, **other: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", body)
        for name, content in other.items():
            made.writestr(name, content)
    return out.getvalue()


def test_paragraphs_and_tables_come_in_order() -> None:
    data = word("Output rose.", "产量增长。", table=[["year", "tonnes"], ["2021", "5"]], title="Ore")
    found = opened(data, "a.docx")
    assert found.text == "Output rose.\n产量增长。\nyear\ttonnes\n2021\t5\nAfter the table."
    assert found.layer.name == "docx-text"
    assert found.title == "Ore"
    assert found.published is None, "the day of the template of the program that wrote it"


def test_deleted_and_hidden_words_and_codes_of_fields_are_left_out() -> None:
    body = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>It grew</w:t></w:r><w:del><w:r>"
        "<w:delText>not</w:delText><w:t>GONE</w:t></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>GONE</w:t></w:r><w:r><w:instrText>GONE</w:instrText></w:r><w:r><w:tab/>"
        "<w:t>by 4</w:t><w:noBreakHyphen/><w:t>5 %.</w:t></w:r></w:p></w:body></w:document>"
    )
    found = opened(archive(body), "a.docx")
    assert found.text == "It grew\tby 4\u20115 %."
    assert found.notes == ("1 tracked deletions were left out",)


def test_entities_are_not_expanded_and_none_is_fetched() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE d [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = (
        f"{bomb}<w:document {W}><w:body><w:p><w:r><w:t>words &l8;&f;</w:t></w:r></w:p></w:body></w:document>"
    )
    try:
        text = opened(archive(body), "a.docx").text
    except ZizhuError as error:
        text = str(error)
    assert "root:" not in text
    assert len(text) < 1_000


def test_an_archive_that_swells_is_refused() -> None:
    with pytest.raises(ZizhuError, match="unpack to"):
        opened(archive(f"<w:document {W}>{' ' * (64 << 20)}</w:document>"), "a.docx")


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        pytest.param(word("words")[:-200], ZizhuError, "cut short", id="cut"),
        pytest.param(archive("<w:document"), ZizhuError, "damaged", id="no xml"),
        pytest.param(word(), CannotAnswer, "no text", id="empty"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, error: type[ZizhuError], says: str) -> None:
    with pytest.raises(error, match=says):
        opened(data, "a.docx")
