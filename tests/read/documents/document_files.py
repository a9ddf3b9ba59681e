"""Documents made in the tests: PDF by reportlab, DOCX by python-docx, in sentences of the tests' own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

from docx import Document as Word
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

SENTENCES = (
    "The Brazilian ministry of mines said that it would support four nickel refineries by 2031.",
    "India's scheme for battery cells set aside 181 billion rupees, of which a third had been paid out by March 2024.",
    "Chilean lithium output rose by 7 percent last year, while well-known rivals in Argentina doubled theirs.",
    "Officials in Jakarta expect that downstream processing will employ 120,000 people before the decade ends.",
    "Norway's parliament approved a fund of 60 million kroner for hydrogen trucks on 14 June 2023.",
    "A Korean maker of cathodes plans to source at least half of its precursors outside the region.",
    "Vietnam's roadmap foresees that locally designed chips will reach a tenth of the home market.",
)


def paragraphs(count: int) -> list[str]:
    """Paragraphs of three sentences, each with its number so that none is like another."""
    return [
        " ".join(f"{SENTENCES[(3 * n + k) % len(SENTENCES)][:-1]} (case {3 * n + k})." for k in range(3))
        for n in range(count)
    ]


def pdf(texts: Sequence[str], columns: int = 1, running: bool = True, password: str = "") -> bytes:
    """Justified text in columns, with a running header, a footer and page numbers."""
    out, (width, height), margin, gap = io.BytesIO(), A4, 56, 20
    each = (width - 2 * margin - (columns - 1) * gap) / columns

    def edges(canvas: Canvas, document: BaseDocTemplate) -> None:
        if running:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(margin, height - 30, "Review of Strategies")
            canvas.drawRightString(width - margin, height - 30, "Volume 7")
            canvas.drawCentredString(width / 2, 25, f"Page {document.page}")

    frames = [
        Frame(margin + n * (each + gap), 50, each, height - 100, leftPadding=0, rightPadding=0)
        for n in range(columns)
    ]
    encrypt = StandardEncryption(password, strength=128) if password else None
    made = BaseDocTemplate(
        out, pagesize=A4, pageTemplates=[PageTemplate(frames=frames, onPage=edges)], encrypt=encrypt
    )
    style = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, alignment=4, spaceAfter=6)
    made.build([Paragraph(escape(text, quote=False), style) for text in texts])
    return out.getvalue()


def drawn(pages: Sequence[Sequence[tuple[float, float, str]]]) -> bytes:
    """Pages of (x, y, words), set in 10 points."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for page in pages:
        canvas.setFont("Helvetica", 10)
        for x, y, words in page:
            canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def word(*texts: str, table: Sequence[Sequence[str]] = (), title: str = "") -> bytes:
    """Paragraphs, a table, and a last paragraph."""
    made, out = Word(), io.BytesIO()
    made.core_properties.title = title
    for text in texts:
        made.add_paragraph(text)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        made.add_paragraph("After the table.")
    made.save(out)
    return out.getvalue()
