"""A figure as a picture that stands alone: the drawing, and around it what a page would say of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any, NamedTuple

from zizhu.ledger.models import Figure
from zizhu.show import theme
from zizhu.show.marks.text import line_height, printable, wrap
from zizhu.show.render import render
from zizhu.show.spec import WIDE, spec

_SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 16.0
TITLE = 16.0
DENSITY = 2.0


class Line(NamedTuple):
    """One line of text with its look, and the place of its baseline."""

    text: str
    size: float
    colour: str
    bold: bool
    y: float


def alone(figure: Figure) -> str:
    """The SVG of a figure on white paper: title and sentence above, unit, basis, notes and sources below.

    The same figure gives the same bytes. Raises what `zizhu.show.render.render` raises.
    """
    drawing = ET.fromstring(render(figure))
    wide, high = (float(drawing.attrib[side]) for side in ("width", "height"))
    above, top = _set(_head(figure), wide, MARGIN)
    below, bottom = _set(_foot(figure), wide, top + high)
    page = ET.Element(f"{_SVG}svg", _page(drawing, wide + 2 * MARGIN, bottom + MARGIN))
    ET.SubElement(page, f"{_SVG}rect", {"width": "100%", "height": "100%", "fill": theme.PAPER})
    for line in (*above, *below):
        page.append(_text(line))
    drawing.attrib |= {"x": f"{MARGIN:g}", "y": f"{top:g}"}
    page.append(drawing)
    return ET.tostring(page, encoding="unicode")


def pixels(figure: Figure) -> bytes:
    """The picture of a figure as a PNG, `DENSITY` pixels to each of the SVG's.

    Its letters are those of the machine that draws it. Raises what `zizhu.show.render.render` raises.
    """
    import vl_convert

    return vl_convert.svg_to_png(alone(figure), scale=DENSITY)


def titled(figure: Figure) -> dict[str, Any]:
    """The Vega-Lite specification of a figure with its title and sentence above it, as tools elsewhere show them.

    Raises what `zizhu.show.spec.spec` raises.
    """
    drawn = spec(figure)
    lines = {"text": (figure.title, TITLE, True), "subtitle": (figure.sentence, theme.BODY, False)}
    texts = {k: wrap(printable(said), WIDE, size, bold) for k, (said, size, bold) in lines.items()}
    high = sum(len(texts[k]) * line_height(size) for k, (_, size, _) in lines.items()) + TITLE
    title = {k: list(text) for k, text in texts.items()} | {
        "anchor": "start",
        "frame": "bounds",
        "offset": TITLE / 2,
        "color": theme.INK,
        "subtitleColor": theme.INK,
        "fontSize": TITLE,
        "lineHeight": line_height(TITLE),
        "subtitleFontSize": theme.BODY,
        "subtitleLineHeight": line_height(theme.BODY),
        "subtitlePadding": TITLE / 4,
        "limit": 0,
    }
    around = drawn["padding"]
    # a view of a size of its own needs room for the title; several views side by side make it themselves
    return drawn | {"title": title, "padding": around and around | {"top": around["top"] + high}}


def _head(figure: Figure) -> list[tuple[str, float, str, bool]]:
    return [(figure.title, TITLE, theme.INK, True), (figure.sentence, theme.BODY, theme.INK, False)]


def _foot(figure: Figure) -> list[tuple[str, float, str, bool]]:
    """Unit and basis in one line, a line a note, and the tables behind the figure without their digests."""
    tables = dict.fromkeys(s.partition(":")[2].partition("@")[0] or s for s in figure.sources)
    told = [f"Unit: {figure.unit}. Basis: {figure.basis}.", *figure.notes]
    if tables:
        told.append(f"Tables: {', '.join(tables)}.")
    return [(said, theme.SMALL, theme.MUTED, False) for said in told]


def _set(texts: list[tuple[str, float, str, bool]], wide: float, y: float) -> tuple[list[Line], float]:
    """The texts on lines of at most `wide` pixels from `y` down, and where the next thing may start."""
    lines = []
    for text, size, colour, bold in texts:
        for piece in wrap(printable(text), wide, size, bold):
            y += line_height(size)
            lines.append(Line(piece, size, colour, bold, y))
        y += size / 3
    return lines, y + MARGIN / 2


def _page(drawing: ET.Element, width: float, height: float) -> dict[str, str]:
    """The words and the font of the drawing, on a page of its own size."""
    kept = ("role", "aria-label", "font-family")
    size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
    return size | {"style": "max-width:100%;height:auto"} | {k: drawing.attrib[k] for k in kept}


def _text(line: Line) -> ET.Element:
    look = {"x": f"{MARGIN:g}", "y": f"{line.y:g}", "font-size": f"{line.size:g}", "fill": line.colour}
    made = ET.Element(f"{_SVG}text", look | ({"font-weight": "bold"} if line.bold else {}))
    made.text = line.text
    return made
