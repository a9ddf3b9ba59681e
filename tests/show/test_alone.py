"""A figure as a picture of its own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
import vl_convert
from samples import FIGURES

from zizhu.show.alone import MARGIN, alone, titled
from zizhu.show.marks.text import width
from zizhu.show.spec import VEGA_LITE, spec

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", FIGURES)
def test_a_picture_says_title_sentence_unit_and_basis_inside_its_page(name: str) -> None:
    figure = FIGURES[name]
    page = ET.fromstring(alone(figure))
    wide, high = (float(page.attrib[side]) for side in ("width", "height"))
    lines = page.findall(f"{SVG}text")
    said = " ".join(str(line.text) for line in lines)
    for words in (figure.title, figure.sentence, f"Unit: {figure.unit}. Basis: {figure.basis}."):
        assert re.sub(r"\s+", "", words) in re.sub(r"\s+", "", said)
    drawing = page.find(f"{SVG}svg")
    assert drawing is not None
    top, height = float(drawing.attrib["y"]), float(drawing.attrib["height"])
    for line in lines:
        size, y = float(line.attrib["font-size"]), float(line.attrib["y"])
        assert y + size / 3 <= top or y - size >= top + height - 1
        assert MARGIN + width(str(line.text), size, "font-weight" in line.attrib) <= wide
        assert 0 < y < high


def tops(element: ET.Element, y: float = 0.0) -> Iterator[tuple[str, float]]:
    """Every text of a drawing with the place of its baseline on the page."""
    for x_and_y in re.findall(r"translate\([^,]+,([^)]+)\)", element.get("transform", "")):
        y += float(x_and_y)
    if element.tag == f"{SVG}text":
        yield "".join(element.itertext()), y
    for child in element:
        yield from tops(child, y)


@pytest.mark.parametrize("name", FIGURES)
def test_a_specification_of_its_own_has_a_title_and_a_sentence_above_all_else(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    figure, plain = FIGURES[name], spec(FIGURES[name])
    drawn = titled(figure)
    assert " ".join(drawn["title"]["text"]) == figure.title
    assert " ".join(drawn["title"]["subtitle"]) == figure.sentence
    assert "title" not in plain
    assert {k: v for k, v in drawn.items() if k not in ("title", "padding")} == {
        k: v for k, v in plain.items() if k != "padding"
    }
    page = ET.fromstring(vl_convert.vegalite_to_svg(drawn, VEGA_LITE, show_warnings=True))
    assert capfd.readouterr().err == ""
    found = list(tops(page))
    heading = [y for text, y in found if text in (*drawn["title"]["text"], *drawn["title"]["subtitle"])]
    others = [y for text, y in found if text not in (*drawn["title"]["text"], *drawn["title"]["subtitle"])]
    assert 10 < min(heading) < max(heading) < min(others)


def test_the_same_figure_gives_the_same_bytes() -> None:
    name = next(iter(FIGURES))
    assert alone(FIGURES[name]) == alone(FIGURES[name])
