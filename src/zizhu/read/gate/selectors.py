"""The evidence of a claim: a span with its words and those around it, the number in it, and its place on a page."""

from __future__ import annotations

from zizhu.ledger.claims import CONTEXT, Alignment, Box, Selector
from zizhu.read.model import Document, Layer, Page, Span


def selector(document: Document, span: Span, status: Alignment, value: Span | None = None) -> Selector:
    """The selector of `span`; `value` is the number's span. On several pages, the box is that on the first."""
    layer = document.layer
    on_pages = boxes(layer, span)
    quote = {
        "exact": layer.text[span.start : span.end],
        "prefix": layer.text[max(0, span.start - CONTEXT) : span.start],
        "suffix": layer.text[span.end : span.end + CONTEXT],
    }
    return Selector.model_validate(  # at once: a record of its own for each part takes twice as long
        {
            "source": document.id,
            "sha256": layer.sha256,
            "layer": layer.name,
            "quote": quote,
            "position": span._asdict(),
            "value_position": value and value._asdict(),
            "pdf": on_pages[0] if on_pages else None,
            "status": status,
        }
    )


def boxes(layer: Layer, span: Span) -> tuple[Box, ...]:
    """For each page that a span touches, the box around its characters; none where the layer keeps no boxes."""
    found = (_on_page(page, span) for page in layer.pages)
    return tuple(box for box in found if box is not None)


def _on_page(page: Page, span: Span) -> Box | None:
    start, end = max(span.start, page.span.start), min(span.end, page.span.end)
    if start >= end or page.boxes is None:
        return None
    drawn = [
        b for b in page.boxes[start - page.span.start : end - page.span.start] if b[2] > b[0] and b[3] > b[1]
    ]
    if not drawn:
        return None
    left, bottom, right, top = zip(*drawn, strict=True)
    return Box(page=page.number, bbox=(min(left), min(bottom), max(right), max(top)))
