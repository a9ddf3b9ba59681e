"""Maps: the projection against its definition and against Vega's, classes, arcs, and networks at their places."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import FIGURES, figure, ref

from zizhu.show import theme
from zizhu.show.marks.choropleth import cuts
from zizhu.show.marks.flows import curve
from zizhu.show.marks.maps import World, equal_earth
from zizhu.show.render import render
from zizhu.show.spec import PHONE, WIDE, spec
from zizhu.vocab.places import outlines, places
from zizhu.vocab.problems import ZizhuError

SVG = "{http://www.w3.org/2000/svg}"
LARGE = ("USA", "BRA", "RUS", "AUS", "DEU", "ZAF", "IND", "KAZ")


def test_the_map_is_twice_as_wide_as_high() -> None:
    """The aspect ratio that the authors of the projection give, 2.05458 : 1."""
    assert equal_earth(180, 0)[0] / equal_earth(0, 90)[1] == pytest.approx(2.05458, rel=1e-5)


@given(st.floats(-179, 179), st.floats(-89, 89))
def test_areas_keep_their_proportion(longitude: float, latitude: float) -> None:
    step = 1e-4
    (x0, y0), (x1, y1) = (equal_earth(longitude, latitude + d) for d in (-step, step))
    east, west = (equal_earth(longitude + d, latitude)[0] for d in (step, -step))
    # by degrees: the derivative of y by longitude is zero
    area = (east - west) * (y1 - y0) / (2 * math.radians(step)) ** 2
    assert area == pytest.approx(math.cos(math.radians(latitude)), rel=1e-4, abs=1e-6)
    assert math.isfinite(x0 + x1)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_outlines_lie_where_the_marks_of_the_same_country_do(width: int) -> None:
    rows = [{"c": c, "n": c, "v": float(i + 1), "r": ref(c)} for i, c in enumerate(LARGE)]
    drawn = figure("choropleth", rows, {"place": "c", "name": "n", "value": "v", "ref": "r"}, unit="t")
    _, down = spec(drawn, width=width)["layer"][0]["projection"]["translate"]
    world = World(width, down - World(width, 0.0).at(0, 0)[1])
    found = 0
    for path in ET.fromstring(render(drawn, width=width)).iter(f"{SVG}path"):
        named = re.match(r"([A-Z]{3}): ", path.get("aria-label", ""))
        if named:
            xs, ys = zip(*re.findall(r"(-?[\d.]+),(-?[\d.]+)", path.get("d", "")), strict=True)
            x, y = world.of(places()[named[1]])
            assert min(map(float, xs)) < x < max(map(float, xs)), named[1]
            assert min(map(float, ys)) < y < max(map(float, ys)), named[1]
            found += 1
    assert found == len(LARGE)


def test_a_page_of_maps_gets_the_outlines_by_their_address() -> None:
    inside = spec(FIGURES["choropleth"])
    outside = spec(FIGURES["choropleth"], outlines="/somewhere")
    assert inside["layer"][0]["data"]["values"] == outlines()
    assert outside["layer"][0]["data"]["url"] == "/somewhere"
    assert inside["layer"][0]["projection"] == outside["layer"][0]["projection"]
    assert inside["layer"][0]["projection"]["type"] == "equalEarth"


def test_every_outline_is_a_place_and_says_so() -> None:
    drawn = {g["id"] for g in outlines()["objects"]["countries"]["geometries"] if "id" in g}
    assert drawn == {code for code, place in places().items() if place.outlined}
    assert {"SGP", "MLT", "HKG"} <= places().keys() - drawn


@given(st.lists(st.floats(-1e12, 1e12).filter(lambda v: v == 0 or abs(v) > 1e-9), min_size=1, max_size=40))
def test_classes_are_few_and_none_of_them_is_empty_at_the_ends(values: list[float]) -> None:
    limits = cuts(values)
    assert limits == sorted(set(limits))
    assert len(limits) < len(theme.CLASSES)
    assert all(min(values) < limit <= max(values) for limit in limits)


def test_values_of_several_orders_of_magnitude_have_round_limits() -> None:
    assert cuts([0.0, 0.0004, 0.012, 0.047]) == [0.001, 0.002, 0.005, 0.01, 0.02]
    assert cuts([3.0, 4.0, 5.0]) == [3.5, 4.0, 4.5, 5.0]
    assert cuts([7.0]) == []


def test_only_countries_with_a_value_link_and_the_own_country_is_apart() -> None:
    root = ET.fromstring(render(FIGURES["choropleth"]))
    linked = {a[0].get("aria-label", "").partition(":")[0] for a in root.iter(f"{SVG}a")}
    valued = [r for r in FIGURES["choropleth"].rows if r["v"] is not None]
    assert linked - {""} == {r["n"] for r in valued}
    china = next(p for p in root.iter(f"{SVG}path") if p.get("aria-label", "").startswith("China"))
    assert china.get("fill") == theme.SERIES[1]


@given(st.tuples(*[st.floats(0, 700)] * 4))
def test_an_arc_joins_its_ends_and_stays_on_the_map(ends: tuple[float, float, float, float]) -> None:
    start, end = ends[:2], ends[2:]
    track = curve(start, end, 0.0)
    assert track[0] == pytest.approx(start)
    assert track[-1] == pytest.approx(end)
    assert min(y for _, y in track) >= -1e-9
    # a bow towards the north: no point is south of the chord
    middle = track[len(track) // 2]
    assert middle[1] <= (start[1] + end[1]) / 2 + 1e-9


def test_arcs_are_as_wide_as_their_values() -> None:
    widths: dict[str, float] = {}
    for layer in spec(FIGURES["flows"])["layer"]:
        if layer["mark"].get("type") == "line" and layer["mark"].get("opacity") != 0:
            widths |= {row["detail"]: row["size"] for row in layer["data"]["values"]}
    values = sorted((r["v"] for r in FIGURES["flows"].rows), reverse=True)
    for i, value in enumerate(values):
        expected = max(0.8, widths["0"] * value / values[0])
        assert widths[str(i)] == pytest.approx(expected, abs=0.06)


def test_a_network_is_drawn_to_one_scale() -> None:
    layers = spec(FIGURES["network"])["layer"]
    dots = {
        row["aria"].partition("; Section")[0]: (row["x"], row["y"])
        for layer in layers
        for row in layer["data"]["values"]
        if "; Section" in str(row.get("aria"))
    }
    nodes = [r for r in FIGURES["network"].rows if "x" in r]
    a, b, c = nodes[0], nodes[1], nodes[2]

    def ratio(one: dict[str, float], other: dict[str, float]) -> float:
        (x0, y0), (x1, y1) = dots[str(one["n"])], dots[str(other["n"])]
        return math.hypot(x1 - x0, y1 - y0) / math.hypot(other["x"] - one["x"], other["y"] - one["y"])

    assert ratio(dict(a), dict(b)) == pytest.approx(ratio(dict(b), dict(c)), rel=2e-3)


def test_a_place_that_is_not_on_the_map_and_a_node_without_one_are_refused() -> None:
    with pytest.raises(ZizhuError, match=r"'ROW' in column 'c'"):
        spec(
            figure(
                "choropleth", [{"c": "ROW", "n": "Rest", "v": 1.0}], {"place": "c", "name": "n", "value": "v"}
            )
        )
    rows = [{"k": "a", "x": 0.0, "y": 0.0}, {"k": "a", "t": "b"}]
    with pytest.raises(ZizhuError, match="'b' has no place"):
        spec(figure("network", rows, {"node": "k", "x": "x", "y": "y", "to": "t"}))
