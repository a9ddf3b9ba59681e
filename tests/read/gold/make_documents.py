"""Set the text layers as the HTML, PDF and DOCX files that a reader would be handed.

Run `python tests/read/gold/make_documents.py` after a change of a text layer; the same text gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from docx import Document as Word
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

HERE = Path(__file__).parent
COLUMNS = {"o02_power_without_a_grid": 2, "h03_japan_manufacturing_white_paper": 2}
RUNNING = {  # left and right of the header
    "o02_power_without_a_grid": ("Institute for Open Industry", "Policy Paper 14"),
    "h03_japan_manufacturing_white_paper": ("White Paper 2026", "Part I, Chapter 2"),
    "h06_central_bank_box_marine_scheme": ("Bulletin, August 2026", "Chapter III"),
    "h09_hunan_statistical_bulletin": ("湖南统计", "2026年第3期"),
}
FURNITURE = {
    "en": {
        "nav": ["Home", "Topics", "Archive 1998-2026", "Subscribe for €4.90"],
        "cookies": "We and our 87 partners use cookies. You can withdraw consent within 30 days.",
        "related": ["Steel output up 3.2% in May", "10 laws to watch in 2027", "Opinion: the 5% trap"],
        "foot": "Copyright 2026. All rights reserved. Tel. +32 2 555 01 18.",
    },
    "zh": {
        "nav": ["首页", "产经", "证券", "2025年度专题"],
        "cookies": "本网站使用Cookie，7日内有效。",
        "related": ["沪指收涨0.42%", "5月全国CPI同比上涨0.6%", "十大券商看后市"],
        "foot": "版权所有 1999-2026 赣新网备 36010802号",
    },
}


def blocks(text: str) -> list[str]:
    return [block for block in text.strip().split("\n\n") if block]


def is_heading(block: str) -> bool:
    return "\n" not in block and len(block) < 70 and block[-1] not in ".:。：”"


def html(text: str, meta: dict[str, str]) -> bytes:
    """An article between menus, a cookie notice, teasers and a footer."""
    around = FURNITURE[meta["language"]]
    title, *rest = blocks(text)
    body = "\n".join(f"<h2>{escape(b)}</h2>" if is_heading(b) else f"<p>{escape(b)}</p>" for b in rest)
    menu = "".join(f'<li><a href="#">{escape(item)}</a></li>' for item in around["nav"])
    teasers = "".join(f'<li><a href="#">{escape(item)}</a></li>' for item in around["related"])
    page = f"""<!DOCTYPE html>
<html lang="{meta["language"]}">
<head><meta charset="utf-8"><title>{escape(title)} | {escape(meta["publisher"])}</title>
<meta property="article:published_time" content="{meta["published"]}"></head>
<body>
<div class="cookie-banner" role="dialog">{escape(str(around["cookies"]))}</div>
<nav><ul>{menu}</ul></nav>
<main><article>
<h1>{escape(title)}</h1>
{body}
</article></main>
<aside class="related"><ul>{teasers}</ul></aside>
<footer>{escape(str(around["foot"]))}</footer>
</body></html>
"""
    return page.encode()


def pdf(text: str, meta: dict[str, str], stem: str) -> bytes:
    """Justified text in one or two columns under a running header and over a page number."""
    chinese = meta["language"] == "zh"
    font = "STSong-Light" if chinese else "Times-Roman"
    if chinese:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    out, (width, height), margin, gap = io.BytesIO(), A5, 44, 16
    count = COLUMNS.get(stem, 1)
    each = (width - 2 * margin - (count - 1) * gap) / count

    def edges(canvas: Canvas, document: BaseDocTemplate) -> None:
        left, right = RUNNING[stem]
        canvas.setFont(font, 8)
        canvas.drawString(margin, height - 34, left)
        canvas.drawRightString(width - margin, height - 34, right)
        canvas.drawCentredString(width / 2, 28, str(document.page + 40))

    frames = [
        Frame(margin + n * (each + gap), 180, each, height - 235, leftPadding=0, rightPadding=0)
        for n in range(count)
    ]
    made = BaseDocTemplate(
        out,
        pagesize=A5,
        pageTemplates=[PageTemplate(frames=frames, onPage=edges)],
        invariant=1,
        title=meta["title"],
    )
    style = ParagraphStyle(
        "body",
        fontName=font,
        fontSize=10,
        leading=13,
        alignment=4,
        spaceAfter=7,
        wordWrap="CJK" if chinese else None,
    )
    made.build([Paragraph(escape(line, quote=False), style) for b in blocks(text) for line in b.split("\n")])
    return out.getvalue()


def docx(text: str) -> bytes:
    """Headings, paragraphs, bullets and a footer; entries of the archive carry one fixed date."""
    word = Word()
    title, *rest = blocks(text)
    word.add_heading(title, 0)
    for block in rest:
        if is_heading(block):
            word.add_heading(block, 1)
            continue
        for line in block.split("\n"):
            word.add_paragraph(line.removeprefix("- "), "List Bullet" if line.startswith("- ") else None)
    word.sections[0].footer.paragraphs[0].text = "For internal use until release. File 7/2"
    loose, fixed = io.BytesIO(), io.BytesIO()
    word.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(
                zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED
            )
    return fixed.getvalue()


def main(splits: Sequence[str] = ("open", "held")) -> None:
    for split in splits:
        folder = HERE / split / "documents"
        for stem, meta in json.loads((HERE / split / "documents.json").read_text("utf-8")).items():
            text = (folder / f"{stem}.txt").read_bytes().decode("utf-8")
            layouts: dict[str, Callable[[], bytes]] = {
                "html": lambda text=text, meta=meta: html(text, meta),
                "pdf": lambda text=text, meta=meta, stem=stem: pdf(text, meta, stem),
                "docx": lambda text=text: docx(text),
            }
            if meta["layout"] in layouts:
                (folder / meta["file"]).write_bytes(layouts[meta["layout"]]())


if __name__ == "__main__":
    main()
