"""A figure as an SVG for a page: drawn by Vega through vl-convert, without a browser or a network."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from hashlib import blake2b

from zizhu.ledger.models import Figure, Ref
from zizhu.show import theme
from zizhu.show.marks.text import printable
from zizhu.show.spec import VEGA_LITE, WIDE, anchor, spec

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
# Vega resolves relative links against this address unless it is told another.
_BASE = "https://vega.github.io/vega-datasets/"
_DECIMALS = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_URL = re.compile(r"url\(#([^)]+)\)")
_DROPPED = ("class", "role", "aria-roledescription", "pointer-events", "font-family", "stroke-miterlimit")

ET.register_namespace("", _SVG.strip("{}"))


def render(
    figure: Figure, *, width: int = WIDE, prefix: str = "", link: Callable[[Ref], str] = anchor
) -> str:
    """The SVG of a figure, `width` pixels wide and scaled down where there is less room.

    `prefix` is the drawing's id and starts every id inside it; left empty, it is made from the drawing, so that
    several can share a page. `link` turns a reference into the address of its trace. The same figure gives the
    same bytes. Raises ZizhuError with all faults of the figure and CannotAnswer for a table, which is not drawn.
    """
    # Starting the engine costs about a second, so that only drawing pays for it.
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(spec(figure, width=width, link=link), VEGA_LITE, allowed_base_urls=[])
    root = ET.fromstring(drawn)
    name = prefix or "f" + blake2b(f"{figure.title} {drawn}".encode(), digest_size=6).hexdigest()
    _clean(root, name)
    _head(root, figure, name)
    return ET.tostring(root, encoding="unicode")


def _head(root: ET.Element, figure: Figure, name: str) -> None:
    """Id, size, words and font of the whole drawing. With links inside it is a document: an image has no parts."""
    linked = root.find(f".//{_SVG}a") is not None
    width, height, view = (root.attrib[k] for k in ("width", "height", "viewBox"))
    root.attrib.clear()
    root.attrib |= {
        "id": name,
        "class": theme.FIGURE_CLASS,
        "viewBox": view,
        "width": width,
        "height": height,
        "style": "max-width:100%;height:auto;overflow:visible",
        "role": "graphics-document" if linked else "img",
        "aria-label": printable(f"{figure.title}. {figure.sentence}"),
        "font-family": theme.FONT,
    }


def _clean(element: ET.Element, prefix: str) -> None:
    """Make ids unique, shorten numbers, mend links, name the marks and drop what draws nothing."""
    attributes = dict(element.attrib)
    element.attrib.clear()
    for key, value in attributes.items():
        if key == _LINK:
            element.set("href", value.removeprefix(_BASE))
        elif key == "id":
            element.set("id", f"{prefix}-{value}")
        elif key not in _DROPPED and (key, value) != ("opacity", "1"):
            element.set(key, _URL.sub(rf"url(#{prefix}-\1)", _DECIMALS.sub(_short, value)))
    if "aria-label" in attributes:
        element.set("aria-label", attributes["aria-label"])
        element.set("role", "img")
        ET.SubElement(element, f"{_SVG}title").text = attributes["aria-label"]
    for child in list(element):
        _clean(child, prefix)
        if _draws_nothing(child):
            element.remove(child)
    if element.tag == f"{_SVG}a" and element.find(f"{_SVG}text") is not None:
        # The mark beside the number carries the same link for the keyboard and for readers.
        element.attrib |= {"tabindex": "-1", "aria-hidden": "true"}


def _draws_nothing(element: ET.Element) -> bool:
    """Whether it is an empty group, or a panel's outline without a colour."""
    if element.tag == f"{_SVG}g":
        return len(element) == 0
    if element.tag != f"{_SVG}path":
        return False
    return element.get("display") == "none" or not ({"fill", "stroke"} & set(element.attrib))


def _short(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")
