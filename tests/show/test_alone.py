"""A figure as a picture of its own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from samples import FIGURES

from zizhu.show.alone import MARGIN, alone
from zizhu.show.marks.text import width

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


def test_the_same_figure_gives_the_same_bytes() -> None:
    name = next(iter(FIGURES))
    assert alone(FIGURES[name]) == alone(FIGURES[name])
