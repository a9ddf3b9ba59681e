"""PDF text that nobody sees is left out and told; text that only looks like it stays."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from zizhu.read.documents.opened import opened

_PICTURE = b"P6 1 1 255 \x80\x90\xa0"


def _white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 450, "Hidden line of 90 tonnes.")


def _white_on_blue(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0, 0, 0.5)
    canvas.rect(40, 440, 300, 30, fill=1, stroke=0)
    _white(canvas)


def _white_in_a_frame(canvas: Canvas) -> None:
    canvas.rect(40, 440, 300, 30, fill=0, stroke=1)
    _white(canvas)


def _clear(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    canvas.drawString(50, 450, "Hidden line of 90 tonnes.")


def _tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(50, 450, "Hidden line of 90 tonnes.")


def _small(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 4)
    canvas.drawString(50, 450, "Hidden line of 90 tonnes.")


def _beyond(canvas: Canvas) -> None:
    canvas.drawString(50, 650, "Hidden line of 90 tonnes.")


def _cropped(canvas: Canvas) -> None:
    canvas.setCropBox((0, 460, 400, 595))
    canvas.drawString(50, 440, "Hidden line of 90 tonnes.")


def _unpainted(canvas: Canvas) -> None:
    words = canvas.beginText(50, 450)
    words.setTextRenderMode(3)
    words.textOut("Hidden line of 90 tonnes.")
    words.setTextRenderMode(0)
    canvas.drawText(words)


def _scanned(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(io.BytesIO(_PICTURE)), 40, 430, 300, 60)
    _unpainted(canvas)


def notes_and_text(draw: Callable[[Canvas], None]) -> tuple[str, str]:
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=A5, invariant=1)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(50, 500, "The first line says 40 tonnes.")
    canvas.saveState()
    draw(canvas)
    canvas.restoreState()
    canvas.save()
    found = opened(data.getvalue(), "a.pdf", language="en")
    return "; ".join(found.notes), found.text


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (_white, "white"),
        (_white_in_a_frame, "white"),
        (_clear, "transparent"),
        (_tiny, "too small"),
        (_beyond, "outside"),
        (_cropped, "outside"),
        (_unpainted, "not painted"),
    ],
)
def test_what_nobody_sees_is_left_out_and_told(draw: Callable[[Canvas], None], reason: str) -> None:
    notes, text = notes_and_text(draw)
    assert text.strip() == "The first line says 40 tonnes."
    assert reason in notes
    assert "page 1" in notes


@pytest.mark.parametrize("draw", [_white_on_blue, _small])
def test_what_is_seen_stays(draw: Callable[[Canvas], None]) -> None:
    notes, text = notes_and_text(draw)
    assert "90 tonnes" in text
    assert not notes


def test_what_was_recognised_on_a_scan_stays_and_is_told() -> None:
    notes, text = notes_and_text(_scanned)
    assert "90 tonnes" in text
    assert "recognised" in notes
