"""Characters of a PDF page that nobody sees: white or transparent, too small, outside of the crop box, not painted.

White is hidden only where nothing was painted beneath. What is not painted (text render mode 3) but stands on a picture
is what a program recognised on a scan: it is kept, and told.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from itertools import repeat
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

SHOWN, WHITE, TINY, OUTSIDE, UNPAINTED, RECOGNISED = range(6)
REASONS = {
    WHITE: "white or transparent",
    TINY: "too small to read",
    OUTSIDE: "outside of the page",
    UNPAINTED: "not painted",
}
"""Why characters are left out, in words."""
PALE = 245
"""Red, green and blue from which a colour is white, of 255."""
FAINT = 12
"""Opacity up to which a colour is none, of 255."""
SMALLEST = 1.5
"""Points that the widest and the highest character of a run reach where it can be read."""
EDGE = 1.0
"""Points that the middle of a character may lie outside of the crop box."""
_INVISIBLE = 3
"""FPDF_TEXTRENDERMODE_INVISIBLE; the mode that only clips (7) paints as little."""
_CLIPS = 7

Floats = NDArray[np.float32]
Reasons = NDArray[np.uint8]
Box = tuple[float, float, float, float]


class _Sheet(Protocol):
    """A page of pypdfium2."""

    def get_cropbox(self) -> Box: ...
    def get_objects(self, filter: Any = None, max_depth: int = 15) -> Iterator[Any]: ...


def hidden(page: _Sheet, text_page: Any, boxes: Floats) -> Reasons:
    """Why each character is not seen, `SHOWN` where it is. boxes (characters, 4): left, bottom, right, top."""
    why = np.zeros(len(boxes), dtype=np.uint8)
    if not len(boxes):
        return why
    owners = _owners(text_page, len(boxes))
    painted: list[tuple[int, Box]] | None = None
    order = np.argsort(owners, kind="stable")
    first = np.concatenate(([0], np.flatnonzero(np.diff(owners[order])) + 1))
    sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    tiny = np.maximum.reduceat(sizes[order], first) < SMALLEST
    for k, owner in enumerate(owners[order[first]].tolist()):
        reason = _of_run(owner, bool(tiny[k])) if owner else SHOWN
        if reason == SHOWN:
            continue
        at = order[first[k] : first[k + 1] if k + 1 < len(first) else None]
        if reason in (WHITE, UNPAINTED):
            painted = _painted(page) if painted is None else painted
            under = _on(boxes[at], [box for kind, box in painted if reason == WHITE or kind == _picture()])
            why[at] = np.where(under, SHOWN if reason == WHITE else RECOGNISED, reason)
        else:
            why[at] = reason
    out = _outside(boxes, page.get_cropbox()) & (owners != 0)
    return np.where(out, np.uint8(OUTSIDE), why)


def _owners(text_page: Any, count: int) -> NDArray[np.uint64]:
    """The address of the text object that each character is of; 0 for those that PDFium makes up."""
    ask, page = _asking(), ctypes.cast(text_page.raw, ctypes.c_void_p).value
    return np.fromiter(map(ask, repeat(page), range(count)), dtype=np.uint64, count=count)


@cache
def _asking() -> Any:
    """FPDFText_GetTextObject by addresses."""
    import pypdfium2.raw as pdfium

    kind = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int)
    return kind(ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0)


def _of_run(owner: int, tiny: bool) -> int:
    """Why the characters of one text object are not seen, before what lies beneath is looked at."""
    import pypdfium2.raw as pdfium

    held = ctypes.cast(owner, pdfium.FPDF_PAGEOBJECT)
    if pdfium.FPDFTextObj_GetTextRenderMode(held) in (_INVISIBLE, _CLIPS):
        return UNPAINTED
    if tiny:
        return TINY
    return WHITE if _pale(held) else SHOWN


def _pale(held: Any) -> bool:
    """Whether an object is filled with white, or hardly at all."""
    import pypdfium2.raw as pdfium

    red, green, blue, opacity = (ctypes.c_uint(0) for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(held, red, green, blue, opacity):
        return False
    return opacity.value <= FAINT or min(red.value, green.value, blue.value) >= PALE


def _painted(page: _Sheet) -> list[tuple[int, Box]]:
    """What is painted on a page beside text, with the kind of each and its box; forms count whole."""
    import pypdfium2.raw as pdfium

    kinds = (pdfium.FPDF_PAGEOBJ_PATH, _picture(), pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_FORM)
    found = []
    for held in page.get_objects(filter=kinds, max_depth=1):
        if held.type != pdfium.FPDF_PAGEOBJ_PATH or (_filled(held.raw) and not _pale(held.raw)):
            found.append((held.type, held.get_bounds()))
    return found


def _filled(held: Any) -> bool:
    import pypdfium2.raw as pdfium

    mode, stroke = ctypes.c_int(0), ctypes.c_int(0)
    return bool(pdfium.FPDFPath_GetDrawMode(held, mode, stroke)) and mode.value != pdfium.FPDF_FILLMODE_NONE


def _picture() -> int:
    import pypdfium2.raw as pdfium

    return int(pdfium.FPDF_PAGEOBJ_IMAGE)


def _on(boxes: Floats, painted: list[Box]) -> NDArray[np.bool_]:
    """Whether the middle of each character lies on something that is painted."""
    found = np.zeros(len(boxes), dtype=bool)
    for box in painted:
        found |= ~_outside(boxes, box)
    return found


def _outside(boxes: Floats, box: Box) -> NDArray[np.bool_]:
    """Whether the middle of each character lies outside of a box, by more than can be chance."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    left, bottom, right, top = box
    return np.asarray(
        (x < left - EDGE) | (x > right + EDGE) | (y < bottom - EDGE) | (y > top + EDGE), dtype=bool
    )
