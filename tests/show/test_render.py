"""The drawing itself: closed colours, links, unique ids, hostile text, and labels that do not collide."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

import pytest
from samples import FIGURES, INDUSTRIES, figure

from zizhu.ledger.models import Figure
from zizhu.show import theme
from zizhu.show.marks.roles import ROLES
from zizhu.show.marks.text import width as width_of
from zizhu.show.render import render
from zizhu.show.spec import PHONE, WIDE, anchor
from zizhu.vocab.problems import CannotAnswer, ZizhuError

SVG = "{http://www.w3.org/2000/svg}"
EVERY = pytest.mark.parametrize("name", FIGURES)
BOTH = pytest.mark.parametrize("width", [WIDE, pytest.param(PHONE, marks=pytest.mark.slow)])
HOSTILE = "</svg><script>alert(1)</script>\"'><img src=x onerror=alert(1)> &lt;b&gt; ]]> \x00\x1b \u202e javascript:x"


@cache
def drawing(name: str, width: int) -> str:
    return render(FIGURES[name], width=width)


def root(name: str, width: int) -> ET.Element:
    return ET.fromstring(drawing(name, width))


class Text(NamedTuple):
    """One line of text and the box of its letters, from the cap height to a little below the baseline."""

    words: str
    left: float
    top: float
    right: float
    bottom: float


def texts(element: ET.Element, x: float = 0.0, y: float = 0.0) -> Iterator[Text]:
    """Every line of text at its place, by the translations above it."""
    moved = re.search(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    if element.tag == f"{SVG}text":
        yield from lines_of(element, x, y)
    for child in element:
        if child.tag != f"{SVG}tspan":
            yield from texts(child, x, y)


def lines_of(element: ET.Element, x: float, y: float) -> Iterator[Text]:
    size = float(element.get("font-size", "").removesuffix("px"))
    spans = element.findall(f"{SVG}tspan")
    down = 0.0
    for words, dy in [(s.text, float(s.get("dy", "0"))) for s in spans] or [(element.text, 0.0)]:
        down += dy
        w = width_of(words or "", size, element.get("font-weight") == "bold")
        start = {"start": 0.0, "middle": w / 2, "end": w}[element.get("text-anchor", "start")]
        if "rotate(270)" in element.get("transform", ""):
            yield Text(words or "", x + down - 0.72 * size, y - w + start, x + down + 0.2 * size, y + start)
        else:
            yield Text(words or "", x - start, y + down - 0.72 * size, x - start + w, y + down + 0.2 * size)


@EVERY
@BOTH
def test_no_label_covers_another(name: str, width: int) -> None:
    drawn = list(texts(root(name, width)))
    assert drawn
    for a, b in combinations(drawn, 2):
        across = min(a.right, b.right) - max(a.left, b.left)
        down = min(a.bottom, b.bottom) - max(a.top, b.top)
        assert across < 0.5 or down < 0.5, (a, b)


@EVERY
@BOTH
def test_every_label_lies_inside_the_drawing(name: str, width: int) -> None:
    element = root(name, width)
    for text in texts(element):
        assert text.left > -1, text
        assert text.right < width + 1, text
        assert text.top > -1, text
        assert text.bottom < float(element.get("height", "0")) + 1, text


@EVERY
@BOTH
def test_nothing_is_cut_off(name: str, width: int) -> None:
    assert "…" not in drawing(name, width)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_long_names_are_written_whole(width: int) -> None:
    words = "".join(t.words for t in texts(root("heatmap", width))).replace(" ", "")
    assert all(name.replace(" ", "") in words for name in INDUSTRIES.values())


@EVERY
@BOTH
def test_colours_are_those_of_the_theme(name: str, width: int) -> None:
    used = {e.get(k) for e in root(name, width).iter() for k in ("fill", "stroke")} - {None, "none"}
    allowed = set(theme.LIGHT.values())
    if FIGURES[name].kind == "heatmap":
        allowed |= {*theme.ramp(), *theme.ramp_below(), theme.CELL_DARK, theme.CELL_LIGHT}
    assert used <= allowed
    assert "gradient" not in drawing(name, width)


@EVERY
def test_every_reference_is_the_link_of_a_mark(name: str) -> None:
    f = FIGURES[name]
    columns = {role: column for role, column in f.encoding.items() if role.split("_")[0] == "ref"}
    value = f.encoding.get("value", f.encoding.get("y", ""))
    refs = {
        row[column]
        for row in f.rows
        for role, column in columns.items()
        if row.get(column) and (role != "ref" or row.get(value, 1) is not None)
    }
    linked = {
        a.get("href")
        for a in root(name, WIDE).iter(f"{SVG}a")
        if a.find(f"{SVG}path") is not None or a.find(f"{SVG}line") is not None
    }
    assert {anchor(r) for r in refs} == linked


@EVERY
def test_every_linked_mark_says_what_it_stands_for(name: str) -> None:
    for link in root(name, WIDE).iter(f"{SVG}a"):
        mark = link[0]
        if mark.tag == f"{SVG}text":
            assert (link.get("tabindex"), link.get("aria-hidden")) == ("-1", "true")
        else:
            label = mark.get("aria-label") or ""
            assert mark.get("role") == "img"
            assert re.search(r": .*\d", label), label
            assert mark.findtext(f"{SVG}title") == label


def test_a_description_reads_like_a_sentence_about_the_number() -> None:
    rows = [{"to": "C26", "from": "from CHN", "v": 0.1234, "r": "run:1#a,v"}]
    f = figure(
        "heatmap", rows, {"row": "to", "column": "from", "value": "v", "ref": "r"}, unit="share of output"
    )
    assert 'aria-label="C26, from CHN: 12.3 %"' in render(f)


@EVERY
@BOTH
def test_the_drawing_names_itself_and_fits_its_page(name: str, width: int) -> None:
    element, f = root(name, width), FIGURES[name]
    assert element.get("width") == str(width)
    assert element.get("viewBox") == f"0 0 {width} {element.get('height')}"
    assert "max-width:100%;height:auto" in (element.get("style") or "")
    assert element.get("aria-label") == f"{f.title}. {f.sentence}"
    linked = element.find(f".//{SVG}a") is not None
    assert element.get("role") == ("graphics-document" if linked else "img")
    assert "http" not in drawing(name, width).replace("http://www.w3.org/2000/svg", "")


@pytest.mark.slow
def test_ids_are_unique_on_a_page_of_many_drawings() -> None:
    ids = [
        e.get("id") for name in FIGURES for w in (WIDE, PHONE) for e in root(name, w).iter() if e.get("id")
    ]
    assert len(ids) == len(set(ids)) == 2 * len(FIGURES)
    assert ET.fromstring(render(FIGURES["strip"], prefix="x1")).get("id") == "x1"


def test_the_same_figure_gives_the_same_bytes() -> None:
    again = Figure.model_validate(FIGURES["lines"].model_dump())
    assert render(again, width=PHONE) == drawing("lines", PHONE)


def poisoned(f: Figure) -> Figure:
    """The figure with hostile text in its words, its settings and every text of its rows."""
    settings = {
        "value_label",
        "reference_label",
        "from_label",
        "to_label",
        "left_label",
        "right_label",
        "x_title",
        "home_label",
        "none_label",
        "size_label",
        "ring_label",
    }
    kept = {"x", "period", "domain", "y_scale"} | {r.name for r in ROLES[f.kind] if r.holds == "place"}
    columns = {f.encoding[r] for r in f.encoding if r not in kept}
    periods = {f.encoding[r] for r in ("x", "period") if r in f.encoding}

    def poison(row: Any) -> dict[str, Any]:
        text = {
            k: f"{HOSTILE} {v}" for k, v in row.items() if isinstance(v, str) and v and k in columns - periods
        }
        return {**row, **text}

    encoding = {r: f"{HOSTILE} {c}" if r in settings else c for r, c in f.encoding.items()}
    more = {"title": HOSTILE.replace("\x00", ""), "sentence": HOSTILE, "unit": f.unit}
    return f.model_copy(update={"rows": tuple(map(poison, f.rows)), "encoding": encoding, **more})


@EVERY
def test_hostile_text_stays_text(name: str) -> None:
    svg = render(poisoned(FIGURES[name]), width=PHONE)
    element = ET.fromstring(svg)
    tags = {e.tag.removeprefix(SVG) for e in element.iter()}
    assert tags <= {"svg", "g", "a", "path", "line", "text", "tspan", "title"}
    assert not any(key.startswith("on") for e in element.iter() for key in e.attrib)
    assert "<script" not in svg
    assert svg.count("</svg>") == 1
    assert all((a.get("href") or "").startswith("#") for a in element.iter(f"{SVG}a"))
    assert "alert(1)" in (element.get("aria-label") or "")
    assert not set("\x00\x1b\u202e") & set(svg)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc"]
)
def test_a_link_that_is_not_an_address_is_refused(address: str) -> None:
    f = figure("bars", [{"c": "a", "v": 1, "r": "fact:T001"}], {"category": "c", "value": "v", "ref": "r"})
    with pytest.raises(ZizhuError, match="a place on the page or a web address"):
        render(f, link=lambda _: address)


def test_links_on_the_page_the_site_and_the_web_are_kept() -> None:
    f = figure("bars", [{"c": "a", "v": 1, "r": "fact:T001"}], {"category": "c", "value": "v", "ref": "r"})
    assert 'href="#t1"' in render(f, link=lambda _: "#t1")
    assert 'href="/trace/fact:T001"' in render(f, link=lambda r: f"/trace/{r}")
    assert 'href="https://example.org/t?a=1&amp;b=2"' in render(
        f, link=lambda _: "https://example.org/t?a=1&b=2"
    )


def test_numbers_are_written_in_one_style() -> None:
    rows = [{"c": "a", "v": 0.742}, {"c": "b", "v": 0.0002}, {"c": "d", "v": -0.031}]
    words = {
        t.words
        for t in texts(
            ET.fromstring(render(figure("bars", rows, {"category": "c", "value": "v"}, unit="share")))
        )
    }
    assert {"74.2 %", "< 0.1 %", "\N{MINUS SIGN}3.1 %"} <= words


def test_close_ends_of_a_dumbbell_keep_their_labels_apart() -> None:
    rows = [{"c": "a", "f": 0.5, "t": 0.5}, {"c": "b", "f": 0.502, "t": 0.5}, {"c": "d", "f": 0.0, "t": 1.0}]
    f = figure("dumbbell", rows, {"category": "c", "from": "f", "to": "t"}, unit="share")
    drawn = list(texts(ET.fromstring(render(f, width=PHONE))))
    assert sum(t.words == "50.0 %" for t in drawn) == 3
    assert all(
        min(a.right, b.right) - max(a.left, b.left) < 0.5 or min(a.bottom, b.bottom) - max(a.top, b.top) < 0.5
        for a, b in combinations(drawn, 2)
    )


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(CannotAnswer, match="a table has no drawing"):
        render(figure("table", [{"a": 1}], {}))
    with pytest.raises(ZizhuError, match="role 'value' is missing"):
        render(figure("bars", [{"a": 1}], {"category": "a"}))


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_text_and_marks_stand_out_on_both_pages(colours: dict[str, str]) -> None:
    paper = colours["paper"]
    for name, colour in colours.items():
        if name in ("ink", "muted") or name.startswith("series"):
            assert theme.contrast(colour, paper) >= 4.5, name
    assert theme.contrast(colours["axis"], paper) >= 3
    assert 1.1 < theme.contrast(colours["grid"], paper) < theme.contrast(colours["context"], paper)


def test_numbers_on_cells_are_legible_on_every_step_of_the_ramp() -> None:
    for ramp in (theme.ramp(), theme.ramp_below()):
        assert min(theme.contrast(theme.text_on(c), c) for c in ramp) >= 4.5
        lightness = [theme.contrast(c, "#000000") for c in ramp]
        assert lightness == sorted(lightness, reverse=True)


def test_the_style_rules_cover_every_colour_in_both_modes_and_in_print() -> None:
    css = theme.css()
    assert theme.LIGHT.keys() == theme.DARK.keys()
    assert len(set(theme.LIGHT.values())) == len(theme.LIGHT)
    for colour in theme.LIGHT.values():
        assert f'[fill="{colour}"]' in css
        assert f'[stroke="{colour}"]' in css
    assert not {*theme.ramp(), *theme.ramp_below(), theme.CELL_DARK, theme.CELL_LIGHT} & set(
        theme.LIGHT.values()
    )
    dark = f"--zz-ink:{theme.DARK['ink']}"
    assert css.count(dark) == 2
    assert "[data-theme=dark] .zizhu-figure{" in css
    assert css.index(f"--zz-ink:{theme.LIGHT['ink']}", css.index("@media print")) > css.rindex(dark)
    assert css.count("{") == css.count("}")


def test_contrast_is_that_of_the_guidelines() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
