"""Marks of notes and exponents are no digits of the number before them, and what is struck out is not said."""

from __future__ import annotations

import io

import pytest

from zizhu.read.documents.opened import opened
from zizhu.read.quantities import numbers


def values(text: str) -> list[float | None]:
    return [number.value for number in numbers(text, "en")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("The share rose to 28<sup>12</sup> percent.", "28¹² percent"),
        ('The share rose to 28<sup><a href="#n3">3</a></sup> percent.', "28 percent"),
        ('The share rose to 28<a href="#n3"><sup>[3]</sup></a> percent.', "28 percent"),
        ("It rose by 5 percent.<sup>3</sup> Sales fell.", "5 percent. Sales fell"),
        ("It grew to 10<sup>6</sup> tonnes on 30 km<sup>2</sup>.", "10⁶ tonnes on 30 km²"),
        ("It is <del>40</del> <s>45</s> <b style='text-decoration: line-through'>8</b> 50 percent.", "is 50 percent"),
        ("On the 5<sup>th</sup> of May", "5th of May"),
    ],
    ids=["note", "link in it", "link around it", "behind a sentence", "exponents", "struck out", "letters"],
)  # fmt: skip
def test_a_page(line: str, says: str) -> None:
    page = f"<html><body><article><p>Report on ore and metal.</p><p>{line}</p></article></body></html>"
    found = opened(page.encode(), "a.html").text
    assert says in " ".join(found.split())
    assert not {2812, 283, 106, 40, 45, 8} & set(values(found))


def test_a_docx() -> None:
    docx = pytest.importorskip("docx")
    made, out = docx.Document(), io.BytesIO()
    line = made.add_paragraph("The share rose from 20")
    line.add_run("7").font.superscript = True
    line.add_run(" to ")
    line.add_run("45 ").font.strike = True
    line.add_run("50 percent.")
    line.add_run("8").font.superscript = True
    made.save(out)
    assert opened(out.getvalue(), "a.docx").text == "The share rose from 20⁷ to 50 percent."


def test_a_pdf() -> None:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    out = io.BytesIO()
    made = canvas.Canvas(out)
    at = 72.0
    for words, size, up in [
        ("The share was 28", 12, 0),
        ("12", 7, 5),
        (" percent, on 30 km", 12, 0),
        ("2", 7, 5),
        (".", 12, 0),
        ("4", 7, 5),
        (" CO", 12, 0),
        ("2", 7, -2),
        (" fell.", 12, 0),
    ]:
        made.setFont("Helvetica", size)
        made.drawString(at, 600 + up, words)
        at += made.stringWidth(words, "Helvetica", size)
    made.save()
    text = opened(out.getvalue(), "a.pdf").text
    assert " ".join(text.split()).replace(" .", ".") == "The share was 28¹² percent, on 30 km². CO2 fell."


def test_fractions_are_not_read_as_what_stands_below_their_line() -> None:
    assert values("It rose 1/2 percent, 3 1/2 percent and 3¹/2 percent.") == []
