"""Text: encodings, exact layers, kinds of files, languages, days and heads of messages."""

from __future__ import annotations

import hashlib

import pytest
from document_files import paragraphs

from zizhu.read.documents.language import language_of
from zizhu.read.documents.opened import from_text, opened
from zizhu.read.documents.published import edtf_of
from zizhu.vocab.problems import ZizhuError

SIMPLIFIED = "巴西矿业部门表示，到二〇三一年将支持四座镍冶炼厂。各州政府应当加大对企业技术创新的投入。"
TRADITIONAL = "經濟部宣布新的產業發展計畫，目標在十年以內將關鍵零組件的自製率提高，並擴大對中小企業的補助。"
WESTERN = (
    "The ministry’s plan — “a step forward” — costs €3 billion. Naïve critics objected to the café subsidies."
)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\u2028"], ids=["lf", "crlf", "cr", "ls"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
def test_the_layer_is_the_exact_text(mark: str, ends: str) -> None:
    text = mark + ends.join(paragraphs(3)) + ends
    found = opened(text.encode(), "a.txt")
    assert found.text == text
    assert found.layer.sha256 == found.id == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "utf-16"),
        (TRADITIONAL, "big5"),
        (WESTERN, "cp1252"),
        (WESTERN, "utf-16-le"),
        (WESTERN, "utf-16-be"),
        (WESTERN, "utf-32"),
        ("Sales rose by 5 percent.", "utf-16-le"),
        ("Sales rose by 5 percent.", "utf-16-be"),
    ],
)
def test_encodings_are_recognised_and_a_guess_is_said(text: str, encoding: str) -> None:
    found = opened(text.encode(encoding), "a.txt")
    assert found.text.lstrip("\ufeff") == text
    assert bool(found.notes) == (encoding not in ("utf-16", "utf-32"))
    assert all("does not say" in note for note in found.notes)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", "an empty file", id="empty"),
        pytest.param(b" \n\t", "an empty file", id="blank"),
        pytest.param(b"words \x00 words", "NUL", id="nul"),
        pytest.param(SIMPLIFIED.encode()[:-1], "damaged UTF-8", id="cut"),
        pytest.param(SIMPLIFIED.encode() + b"\xed\xa0\x80", "damaged UTF-8", id="surrogate"),
        pytest.param("\ufeffab".encode("utf-16-le") + b"\x00\xd8", "not utf-16-le", id="half"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"0" * 99, "a picture", id="png"),
        pytest.param(b"PK\x03\x04" + b"xl/workbook.xml" * 9, "a workbook", id="xlsx"),
        pytest.param(b"PK\x03\x04" + b"notes.txt" * 9, "a zip archive", id="zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "Office", id="doc"),
        pytest.param(b"{\\rtf1 words}", "RTF", id="rtf"),
        pytest.param(b"<?xml version='1.0'?><feed><a>x</a></feed>", "XML", id="xml"),
        pytest.param(
            b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x", "MIME", id="mime"
        ),
    ],
)
def test_what_is_no_document_is_refused_with_the_way_out(data: bytes, says: str) -> None:
    with pytest.raises(ZizhuError, match=says) as caught:
        opened(data, "odd.bin")
    (problem,) = caught.value.problems
    assert problem.where == "odd.bin"
    assert problem.remedy.endswith(".")


def test_text_that_was_decoded_wrongly_before_is_kept_and_said() -> None:
    text = "Itâ€™s the ministryâ€™s plan, saidÂ the cafÃ© owner."
    found = opened(text.encode(), "a.txt")
    assert found.text == text
    assert "read as Windows-1252" in found.notes[0]


def test_content_is_believed_before_the_name() -> None:
    assert opened(b"%PDF is a format, says this text.", "a.pdf").media == "text/plain"
    assert opened(b"<html><body><p>Some words of a page.</p></body></html>", "a.txt").media == "text/html"
    assert opened(b"a < b and c > d, as <p> says", "a.txt").media == "text/plain"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The plan was published in May and it is to end with the decade.", "en"),
        ("Der Plan wurde im Mai veröffentlicht und soll mit dem Jahrzehnt enden.", "de"),
        ("Le plan a été publié en mai et doit se terminer avec la décennie.", "fr"),
        ("El plan se publicó en mayo y debe terminar con la década.", "es"),
        ("План был опубликован в мае и должен завершиться к концу этого года.", "ru"),
        (SIMPLIFIED, "zh"),
        (TRADITIONAL, "zh"),
        (f"{SIMPLIFIED} BYD CATL Tesla GDP", "zh"),
        ("政府は半導体の国内生産を三倍にする計画を発表した。", "ja"),
        ("정부는 반도체 생산을 세 배로 늘리는 계획을 발표했다.", "ko"),
        ("12 345 67,8 %", "und"),
        ("Xqzt vrrk plmo wwyt zzsd", "und"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language
    assert opened(text.encode(), "a.txt").language == language


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Thursday, May 4, 2023", "2023-05-04"),
        ("Published: 4 May 2023 | 5 min read", "2023-05-04"),
        ("*Northern Institute for Trade Policy. Published on 4 May 2023*", "2023-05-04"),
        ("By Ana Silva, May 2023", "2023-05"),
        ("2023年5月4日", "2023-05-04"),
        ("发布时间：2023-05-04 10:22 来源：新华社", "2023-05-04"),
        ("Ministers met on 4 May 2023 to agree on a fund for smelters, rails and ports in the north.", None),
        ("Strategy 2030", None),
        ("Ministry of Industry and Trade, Lisbon — 14 October 2025", "2025-10-14"),
        ("we expect that the plant will then be opened — 14 October 2025", None),
    ],
)
def test_the_day_in_the_head_of_a_text(line: str, day: str | None) -> None:
    found = opened(f"A heading\n{line}\n\n{paragraphs(1)[0]}".encode(), "a.txt").published
    assert (found.edtf if found else None) == day
    if found:
        assert line[:30] in found.evidence
        assert 0.5 < found.confidence < 1


def test_what_is_given_goes_before_what_is_stated_and_a_bad_day_is_refused() -> None:
    text = "From: Ana Silva <ana@example.org>\nDate: Thu, 4 May 2023 10:00:00 +0000\nSubject: Ore\n\nwords and the plan"
    found = opened(text.encode(), "a.txt", language="pt", published="2021-02", publisher="Us", title="Mine")
    assert (found.language, found.publisher, found.title) == ("pt", "Us", "Mine")
    assert found.published is not None
    assert (found.published.edtf, found.published.confidence) == ("2021-02", 1.0)
    with pytest.raises(ZizhuError, match="someday"):
        opened(text.encode(), "a.txt", published="someday")


@pytest.mark.parametrize(
    "said",
    [
        "2024-11-21",
        "2024-11-21T08:30:00+08:00",
        "20241121",
        "D:20241121080000",
        "Thu, 21 Nov 2024 08:30:00 +0800",
        "21 November 2024",
    ],
)
def test_days_as_fields_write_them(said: str) -> None:
    assert edtf_of(said) == "2024-11-21"


@pytest.mark.parametrize("said", ["", "soon", "0000-00-00", "99999999", "2024-13-01"])
def test_no_day_is_made_of_what_is_none(said: str) -> None:
    assert edtf_of(said) == ""


def test_the_head_of_a_message_is_read_and_the_text_stays() -> None:
    text = (
        "From: Ana Silva <ana@example.org>\nSent: Thursday, May 4, 2023 10:00 AM\nTo: all\nSubject: Nickel plan\n\n"
        "See below.\n\n> Output will double.\n> It will.\n\n-- \nAna\n"
    )
    found = from_text(text)
    assert found.text == text
    assert (found.publisher, found.title) == ("Ana Silva", "Nickel plan")
    assert found.published is not None
    assert found.published.edtf == "2023-05-04"
    assert found.notes[0].startswith("2 lines from line 8 quote")
    assert found.notes[1] == "a signature begins at line 11"


def test_a_text_that_begins_with_a_colon_has_no_head() -> None:
    assert from_text("Subject: matters of the state\n\nwords of the plan").title == ""


@pytest.mark.parametrize(
    "paste", ["", "  \n", "half \ud800", "nul \0"], ids=["empty", "blank", "surrogate", "nul"]
)
def test_a_paste_that_is_no_text_is_refused(paste: str) -> None:
    with pytest.raises(ZizhuError, match="pasted text"):
        from_text(paste)


@pytest.mark.parametrize(
    ("text", "name", "day", "evidence"),
    [
        (
            "Ports grow\n\nLIMA, March 5, 2024 (Andes Wire) — Ports grew by 5 percent.",
            "a.txt",
            "2024-03-05",
            "dateline",
        ),
        (
            "QUITO, March 5 (Andes Wire) -- Ports grew.\n\n© 2024 Andes Wire",
            "a.txt",
            "2024-03-05",
            "copyright 2024",
        ),
        (
            "本报利马3月5日电（记者李四）港口增长。\n版权所有 © 2022-2024 某报",
            "a.txt",
            "2024-03-05",
            "copyright 2024",
        ),
        ("Ports grew.", "https://example.org/news/2024/03/05/ports.html", "2024-03-05", "address"),
        ("Ports grew.", "http://example.org/art/202403/t20240305_12.html", "2024-03-05", "address"),
    ],
    ids=["dateline", "copyright", "chinese", "address", "day-in-address"],
)
def test_a_day_in_a_dateline_or_address(text: str, name: str, day: str, evidence: str) -> None:
    found = opened(text.encode(), name).published
    assert found is not None
    assert found.edtf == day
    assert evidence in found.evidence
    assert found.confidence < 0.8


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("QUITO, March 5 (Andes Wire) -- Ports grew by 4 percent in 2023.", "a.txt"),
        ("By March 5, 2024 - a year late - the port was open.", "a.txt"),
        ("港口在3月5日电力不足。版权所有 2024", "a.txt"),
        ("Ports grew.", "https://example.org/2030/agenda.html"),
        ("Ports grew.", "/home/2024/03/05/ports.txt"),
    ],
    ids=["no-year", "sentence", "electricity", "no-month", "folder"],
)
def test_what_only_looks_like_a_dateline(text: str, name: str) -> None:
    assert opened(text.encode(), name).published is None
