"""The specification of every kind: what it refuses, and that what it draws is what the rows say."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from samples import FIGURES, figure, ref

from examples import examples
from zizhu.ledger.models import Figure
from zizhu.show import theme
from zizhu.show.marks.roles import ROLES
from zizhu.show.spec import PHONE, VEGA_LITE, WIDE, anchor, spec
from zizhu.vocab.problems import CannotAnswer, ZizhuError

BOTH = pytest.mark.parametrize("width", [WIDE, pytest.param(PHONE, marks=pytest.mark.slow)])
EVERY = pytest.mark.parametrize("name", FIGURES)


def layers(drawn: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    """The rows of all layers with one type of mark, in every view."""
    views = drawn.get("concat", [drawn])
    found = [layer for view in views for layer in view["layer"] if layer["mark"]["type"] == mark]
    return [row for layer in found for row in layer["data"]["values"]]


def written(drawn: dict[str, Any]) -> list[str]:
    """All texts, wrapped ones joined by spaces."""
    return [t if isinstance(t := row["text"], str) else " ".join(t) for row in layers(drawn, "text")]


def said(error: pytest.ExceptionInfo[ZizhuError]) -> str:
    return str(error.value)


def bars(*rows: dict[str, Any], **encoding: str) -> Figure:
    return figure("bars", list(rows), {"category": "c", "value": "v"} | encoding)


@EVERY
@BOTH
def test_every_sample_compiles_without_a_warning(
    name: str, width: int, capfd: pytest.CaptureFixture[str]
) -> None:
    drawn = vl_convert.vegalite_to_svg(spec(FIGURES[name], width=width), VEGA_LITE, show_warnings=True)
    assert capfd.readouterr().err == ""
    assert f'width="{width}"' in drawn[:300]


def test_the_engine_does_warn_of_what_it_drops(capfd: pytest.CaptureFixture[str]) -> None:
    drawn = spec(FIGURES["bars_plain"])
    drawn["layer"][0]["encoding"]["colour"] = {"field": "x"}
    vl_convert.vegalite_to_svg(drawn, VEGA_LITE, show_warnings=True)
    assert "colour" in capfd.readouterr().err


@EVERY
def test_a_specification_is_plain_json_and_says_what_it_shows(name: str) -> None:
    drawn = spec(FIGURES[name])
    assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn
    assert drawn["usermeta"]["sentence"] == FIGURES[name].sentence
    assert drawn["background"] is None
    assert FIGURES[name].sentence not in written(drawn)


@BOTH
def test_the_numbers_of_small_bars_of_a_group_do_not_touch(width: int) -> None:
    """Figures are about 0.72 of their size high; between those of neighbouring bars paper is to be seen."""
    parts = {"large": 0.9, "small": 0.011, "smaller": 0.009, "least": 0.001}
    rows = [{"c": c, "g": g, "v": v} for c in ("CHN", "DEU") for g, v in parts.items()]
    drawn = spec(
        figure("bars", rows, {"category": "c", "value": "v", "group": "g"}, unit="share"), width=width
    )
    layers = [layer for layer in drawn["layer"] if layer["mark"]["type"] == "text"]
    found = sorted(
        (row["y"], layer["mark"]["fontSize"])
        for layer in layers
        for row in layer["data"]["values"]
        if str(row["text"]).endswith("%")
    )
    assert len(found) == len(rows)
    assert all(b - a >= 0.72 * size + 3 for (a, size), (b, _) in pairwise(found))


def test_the_samples_cover_every_kind_that_is_drawn() -> None:
    assert {f.kind for f in FIGURES.values()} == set(ROLES)


def test_a_table_has_no_drawing() -> None:
    with pytest.raises(CannotAnswer, match="a table has no drawing"):
        spec(figure("table", [{"a": 1}], {}))


@pytest.mark.parametrize("width", [0, 100, 5000])
def test_a_width_that_no_page_has_is_refused(width: int) -> None:
    with pytest.raises(ZizhuError, match="280 to 1600 pixels"):
        spec(FIGURES["bars"], width=width)


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    strange = FIGURES["bars"].model_copy(update={"kind": "bar"})
    with pytest.raises(ZizhuError, match=r"unknown kind of figure 'bar'.*Nearest: bars"):
        spec(strange)


def test_all_faults_of_a_figure_are_told_at_once() -> None:
    rows = [{"row": "a", "value": "much"}, {"row": None, "value": float("nan")}]
    wrong = figure("heatmap", rows, {"row": "row", "value": "value", "facte": "row", "domain": "9 1"})
    with pytest.raises(ZizhuError) as error:
        spec(wrong)
    for part in (
        "unknown role of heatmap 'facte'",
        "Nearest: facet",
        "role 'column' is missing",
        "domain '9 1'",
        "'much' in column 'value'",
        "nan in column 'value'",
        "None in column 'row'",
    ):
        assert part in said(error)
    assert len(error.value.problems) == 6


def test_a_missing_column_is_told_with_the_nearest() -> None:
    with pytest.raises(ZizhuError, match=r"unknown column 'valeu'.*Nearest: value"):
        spec(figure("bars", [{"name": "a", "value": 1}], {"category": "name", "value": "valeu"}))


def test_no_rows_and_no_numbers_are_refused() -> None:
    with pytest.raises(ZizhuError, match="it has no rows"):
        spec(bars())
    with pytest.raises(ZizhuError, match="column 'v' is empty"):
        spec(bars({"c": "a", "v": None}))


@pytest.mark.parametrize("name", FIGURES)
def test_every_required_role_is_required(name: str) -> None:
    f = FIGURES[name]
    for role in ROLES[f.kind]:
        if role.required:
            without = f.model_copy(
                update={"encoding": {k: v for k, v in f.encoding.items() if k != role.name}}
            )
            with pytest.raises(ZizhuError, match=f"role '{role.name}' is missing"):
                spec(without)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        (
            figure("heatmap", [{"r": "a", "c": "b", "v": 1}] * 2, {"row": "r", "column": "c", "value": "v"}),
            "2 rows for a, b",
        ),
        (figure("slope", [{"p": 2001, "s": "a", "v": 1}], {"period": "p", "series": "s", "value": "v"}), "1 periods"),
        (
            figure(
                "slope",
                [{"p": 2001, "s": "a", "v": 1}, {"p": 2002, "s": "a", "v": 1}, {"p": 2002, "s": "b", "v": 1}],
                {"period": "p", "series": "s", "value": "v"},
            ),
            "'b' has one period",
        ),
        (bars({"c": "a", "v": 1, "l": 0}, lower="l"), "half an interval"),
        (
            figure(
                "strip",
                [{"v": 1, "s": "a", "r": 1}, {"v": 2, "s": "b", "r": 2}],
                {"value": "v", "speaker": "s", "reference": "r"},
            ),
            "2 reference values",
        ),
        (
            figure("ledger", [{"c": "a", "l": -1, "r": 1}], {"category": "c", "left": "l", "right": "r"}),
            "not negative",
        ),
        (figure("lines", [{"x": "soon", "y": 1}], {"x": "x", "y": "y"}), "a number or a period such as 2019"),
        (figure("lines", [{"x": 1, "y": 5}], {"x": "x", "y": "y", "domain": "0 1"}), "the domain leaves out 1 values"),
        (
            figure(
                "small_multiples",
                [{"p": "a", "x": 1, "y": 5}],
                {"panel": "p", "x": "x", "y": "y", "y_scale": "own"},
            ),
            "unknown y_scale",
        ),
        (bars({"c": "a", "v": True}), "a finite number"),
        (bars({"c": "a", "v": 1, "h": "yes"}, accent="h"), "true, false or nothing"),
        (bars({"c": " \x00", "v": 1}), "not blank"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_from_a_drawing_is_refused(wrong: Figure, match: str) -> None:
    with pytest.raises(ZizhuError, match=match):
        spec(wrong)


def test_sources_that_disagree_are_two_points_on_one_basis() -> None:
    rows = [{"c": "a", "v": 5, "m": None}, {"c": "a", "v": 3, "m": "brand"}, {"c": "a", "v": 4, "m": "brand"}]
    assert len([p for p in layers(spec(bars(*rows, mark="m")), "point") if p.get("aria")]) == 2


def test_bars_start_at_zero_and_end_at_their_values() -> None:
    drawn = spec(bars({"c": "a", "v": 10}, {"c": "b", "v": -20}))
    assert [(r["x"], r["x2"]) for r in layers(drawn, "rect")] == [(0, 10), (0, -20)]
    domain = drawn["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain == [-20, 10]


def test_accent_colours_what_is_meant_and_greys_the_rest() -> None:
    drawn = spec(bars({"c": "a", "v": 1, "h": True}, {"c": "b", "v": 1, "h": False}, accent="h"))
    assert [r["fill"] for r in layers(drawn, "rect")] == [theme.ACCENT, theme.CONTEXT]


def test_estimates_carry_a_star_and_say_so() -> None:
    drawn = spec(bars({"c": "a", "v": 10.5, "e": True}, {"c": "b", "v": 2.0}, estimated="e"))
    assert {"10.5 %*", "2.0 %", "* estimated"} <= set(written(drawn))
    assert [r["aria"] for r in layers(drawn, "rect")] == ["a: 10.5 % (estimated)", "b: 2.0 %"]


def test_a_missing_bar_says_no_data() -> None:
    assert "no data" in written(spec(bars({"c": "a", "v": 1}, {"c": "b", "v": None})))


def test_darker_cells_are_larger_and_their_text_is_legible() -> None:
    rows = [{"r": "a", "c": str(i), "v": i} for i in range(0, 101, 5)]
    drawn = spec(figure("heatmap", rows, {"row": "r", "column": "c", "value": "v"}))
    cells = [r for r in layers(drawn, "rect") if r.get("aria")]
    ramp = theme.ramp()
    places = [ramp.index(r["fill"]) for r in cells]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, len(ramp) - 1)


def test_cells_below_zero_have_other_colours_and_zero_is_the_lightest_of_the_scale() -> None:
    rows = [{"r": "a", "c": str(v), "v": v} for v in (-2.0, 0.0, 4.0)]
    drawn = spec(figure("heatmap", rows, {"row": "r", "column": "c", "value": "v"}))
    below, zero, above = (r["fill"] for r in layers(drawn, "rect") if r.get("aria"))
    assert below == theme.ramp_below()[len(theme.ramp_below()) // 2]
    assert (zero, above) == (theme.ramp()[0], theme.ramp()[-1])


def test_facets_stand_abreast_on_a_wide_page_and_stacked_on_a_phone() -> None:
    f = FIGURES["heatmap_facets"]
    heads = {"imports, from abroad", "exports, to abroad"}

    def at(width: int, axis: str) -> set[float]:
        return {r[axis] for r in layers(spec(f, width=width), "text") if str(r["text"]) in heads}

    assert (len(at(WIDE, "x")), len(at(WIDE, "y"))) == (2, 1)
    assert (len(at(PHONE, "x")), len(at(PHONE, "y"))) == (1, 2)


def test_many_columns_are_stacked_on_a_phone_and_very_many_leave_their_numbers_to_the_tooltip() -> None:
    f = FIGURES["heatmap_wide"]
    heads = [r["y"] for r in layers(spec(f, width=PHONE), "text") if r["text"] in ("Japan", "Brazil")]
    assert heads[0] != heads[1]
    assert "21.6" in written(spec(f, width=PHONE))
    rows = [{"r": "a", "c": f"column {i}", "v": 20.5 + i, "e": i == 3} for i in range(30)]
    many = spec(
        figure("heatmap", rows, {"row": "r", "column": "c", "value": "v", "estimated": "e"}), width=PHONE
    )
    assert "23.5*" not in written(many)
    assert "*" in written(many)
    assert any(r.get("aria") == "a, column 3: 23.5 % (estimated)" for r in layers(many, "rect"))


def test_a_gap_in_the_data_is_a_gap_in_the_line_and_a_forecast_is_dotted() -> None:
    rows = [{"x": 2000 + i, "y": None if i == 3 else float(i), "f": i >= 6} for i in range(8)]
    drawn = spec(figure("lines", rows, {"x": "x", "y": "y", "forecast": "f"}))
    by_style = {
        "strokeDash" in layer["mark"]: layer["data"]["values"]
        for layer in drawn["layer"]
        if layer["mark"]["type"] == "line"
    }
    assert {r["x"] for r in by_style[True]} == {2005, 2006, 2007}
    segments: dict[str, list[float]] = {}
    for row in by_style[False]:
        segments.setdefault(row["detail"], []).append(row["x"])
    assert sorted(segments.values()) == [[2000, 2001], [2001, 2002], [2004, 2005]]


def test_events_and_turning_points_are_drawn_and_named() -> None:
    drawn = spec(FIGURES["lines"])
    assert {"joins the WTO", "chip export controls", "turning point", "slower"} <= set(written(drawn))
    assert any(r.get("aria") == "China, 2007, turning point: 16.9 %" for r in layers(drawn, "point"))


def test_more_than_five_series_are_grey_unless_one_is_meant() -> None:
    rows = [{"x": x, "y": float(s), "s": f"s{s}"} for s in range(6) for x in (2000, 2001)]
    drawn = spec(figure("lines", rows, {"x": "x", "y": "y", "series": "s"}))
    assert {r["stroke"] for r in layers(drawn, "line")} == {theme.CONTEXT}


def series(*names: str, weeks: int = 3) -> list[dict[str, Any]]:
    """Lines of families: `a` and its variant `a.x`, which is dashed."""
    return [
        {"x": x, "y": s + x / 10, "s": name, "f": name.partition(".")[0], "d": "." in name}
        for s, name in enumerate(names)
        for x in range(weeks)
    ]


FAMILIES = {"x": "x", "y": "y", "series": "s", "family": "f", "dashed": "d"}


def test_a_family_has_one_colour_and_what_is_dashed_is() -> None:
    names = ("a", "a.x", "b", "c", "d", "e", "e.x", "f")
    drawn = spec(figure("lines", series(*names), FAMILIES))
    found = {
        ("strokeDash" in layer["mark"], row["stroke"])
        for layer in drawn["layer"]
        if layer["mark"]["type"] == "line"
        for row in layer["data"]["values"]
    }
    plain = {(False, colour) for colour in (*theme.SERIES, theme.CONTEXT)}
    assert found == plain | {(True, theme.SERIES[0]), (True, theme.SERIES[4])}


@pytest.mark.parametrize("kind", ["lines", "small_multiples"])
def test_what_is_beside_is_a_hollow_point_and_no_part_of_the_line(kind: str) -> None:
    points = [{"x": 2019 + k, "y": float(y), "s": "China", "p": "p"} for k, y in enumerate((1, 2, 4))]
    beside = [
        {"x": 2020, "y": 9.0, "s": "China", "p": "p", "b": said} for said in ("first", "second", "second")
    ]
    encoding = {"x": "x", "y": "y", "series": "s", "beside": "b", "panel": "p"}
    encoding = encoding if kind == "small_multiples" else {k: v for k, v in encoding.items() if k != "panel"}
    drawn = spec(figure(kind, points + beside, encoding))
    hollow = [r for r in layers(drawn, "point") if r.get("fill") == theme.PAPER and r["y"] == 9.0]
    assert [r["aria"].rpartition("p, ")[2] for r in hollow] == [
        "first, 2020: 9 %",
        "second, 2020: 9 %",
        "second, 2020: 9 %",
    ]
    assert 9.0 not in {r["y"] for r in layers(drawn, "line")}


@BOTH
def test_names_stand_in_a_key_and_not_at_the_line_ends_where_they_are_told_to(width: int) -> None:
    names = tuple(f"a scenario with a name {k}" for k in range(5))
    ends = spec(figure("lines", series(*names), FAMILIES), width=width)
    keyed = spec(figure("lines", series(*names), FAMILIES | {"key": "above"}), width=width)
    assert set(names) <= set(written(keyed))
    assert not any(text.startswith(names) and text not in names for text in written(keyed))
    assert not set(names) & set(written(ends))
    assert keyed["padding"]["right"] < ends["padding"]["right"]
    assert keyed["padding"]["top"] > ends["padding"]["top"]
    rows = [row for row in layers(keyed, "text") if row["text"] in names]
    assert len({(row["x"], row["y"]) for row in rows}) == len(names)


def test_panels_of_their_own_scale_have_digits_of_their_own() -> None:
    rows = [{"p": p, "x": x, "y": y * x} for p, y in (("large", 40.0), ("small", 0.04)) for x in range(3)]
    encoding = {"panel": "p", "x": "x", "y": "y"}
    own = written(spec(figure("small_multiples", rows, encoding | {"y_scale": "independent"}, unit="USD")))
    assert {"80", "0.0800"} <= set(own)
    assert "<0.1" not in own


def test_panels_share_a_scale_or_have_their_own() -> None:
    def domains(name: str) -> set[tuple[float, ...]]:
        views = spec(FIGURES[name])["concat"]
        found = [
            layer["encoding"]["y"]["scale"]["domain"]
            for v in views
            for layer in v["layer"]
            if layer["mark"]["type"] == "line"
        ]
        return {tuple(domain) for domain in found}

    assert len(domains("small_multiples")) == 1
    assert len(domains("small_multiples_own")) > 3
    assert spec(FIGURES["small_multiples"], width=WIDE)["columns"] == 3
    assert spec(FIGURES["small_multiples"], width=PHONE)["columns"] == 1


def test_the_ledger_sets_losses_left_and_risks_right_on_one_scale() -> None:
    drawn = spec(FIGURES["ledger"])
    assert [r["x2"] for r in layers(drawn, "rect")][:2] == [-18234.0, 25110.0]
    scale = drawn["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert scale[0] == -scale[1]
    assert any(r["aria"].endswith("25,110 million USD, 6.2 % of its inputs") for r in layers(drawn, "rect"))


def test_a_gauge_of_several_units_scales_each_row_to_itself() -> None:
    drawn = spec(FIGURES["gauge"])
    bars_drawn = [r for r in layers(drawn, "rect") if r.get("fill") == theme.ACCENT and r.get("aria")]
    robots = next(r for r in bars_drawn if r["aria"].startswith("Industrial robots"))
    assert robots["x2"] == pytest.approx(52.3 / 70)
    assert "no matching series; target \N{GREATER-THAN OR EQUAL TO} 70 %" in written(drawn)
    assert "axis" not in json.dumps(drawn["layer"]) or '"values": [0' not in json.dumps(drawn["layer"])


def test_claims_of_weak_sources_are_hollow() -> None:
    drawn = spec(FIGURES["strip"])
    dots = {r["aria"].split(",")[0]: r["fill"] for r in layers(drawn, "point") if r.get("aria")}
    assert dots["South China Morning Post"] == theme.PAPER
    assert dots["MERICS"] == theme.ACCENT


def test_links_default_to_places_on_the_page_and_can_be_chosen() -> None:
    assert anchor(ref("CHN", "C26")) == "#run:ab12%23CHN%7CC26,value"
    f = bars({"c": "a", "v": 1, "r": "fact:T001"}, ref="r")
    assert layers(spec(f), "rect")[0]["href"] == "#fact:T001"
    assert layers(spec(f, link=lambda r: f"/trace/{r}"), "rect")[0]["href"] == "/trace/fact:T001"


NAMES = st.text(min_size=1, max_size=60).filter(lambda t: t.isprintable() and t.strip())
VALUES = st.floats(-1e6, 1e6) | st.integers(-5, 5) | st.none()
KINDS: dict[str, dict[str, str]] = {
    "bars": {"category": "a", "value": "v", "group": "b", "reference": "c"},
    "dumbbell": {"category": "a", "from": "c", "to": "d"},
    "heatmap": {"row": "a", "column": "b", "value": "v"},
    "lines": {"x": "i", "y": "v", "series": "b", "mark": "a"},
    "gauge": {"category": "a", "value": "v", "target": "c", "verdict": "b", "unit": "b"},
    "small_multiples": {"panel": "a", "x": "i", "y": "v", "series": "b"},
    "ledger": {"category": "a", "left": "p", "right": "p"},
    "strip": {"value": "c", "speaker": "a", "row": "b"},
}


@examples(60)
@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(
        st.tuples(NAMES, NAMES, VALUES, st.floats(-1e3, 1e3), st.floats(0, 1e6)), min_size=1, max_size=12
    ),
    st.sampled_from([WIDE, PHONE, 500]),
    st.sampled_from(["percent", "share of output", "million USD"]),
)
def test_any_sound_figure_is_drawn_in_its_page(
    kind: str, drawn_rows: list[Any], width: int, unit: str
) -> None:
    rows = [
        {"a": f"{a} {i}", "b": b, "v": v if i else 1.0, "c": c, "d": c / 2, "p": p, "i": i}
        for i, (a, b, v, c, p) in enumerate(drawn_rows)
    ]
    kept = [rows[0], *(r for r in rows[1:] if kind not in ("lines",) or r["v"] is not None)]
    encoding = KINDS[kind]
    if len({r["c"] for r in kept}) > 1 and kind == "strip":
        encoding = {k: v for k, v in encoding.items() if k != "reference"}
    drawn = spec(figure(kind, kept, encoding, unit=unit), width=width)
    svg = vl_convert.vegalite_to_svg(drawn, VEGA_LITE)
    assert svg.startswith("<svg")
    assert f'width="{width}"' in svg[:300]


def test_the_value_of_a_year_stands_over_its_number_and_the_end_of_a_year_between_two() -> None:
    rows = [{"x": 2023, "y": 47.0}, {"x": 2024, "y": 57.0}, {"x": 2025.5, "event": "the end of 2025"}]
    drawn = spec(figure("lines", rows, {"x": "x", "y": "y", "event": "event"}), width=WIDE)
    axis = next(a for layer in drawn["layer"] if (a := layer["encoding"]["x"].get("axis")))
    assert axis["values"] == [2023, 2024, 2025]
    assert not axis["ticks"]
    between = [r for r in _rows(drawn) if r.get("x") == r.get("x2") and r.get("y2", 0) - r.get("y", 0) == 4]
    at = {round(r["x"] / drawn["width"] * 2.5 + 2023, 2) for r in between}
    assert at == {2023.5, 2024.5, 2025.5}


def test_points_within_years_are_told_by_quarters_unless_they_are_said_to_be_of_years() -> None:
    rows = [{"x": "2024-07", "y": 1.0}, {"x": "2025", "y": 2.0}]
    for more, years in (({}, False), ({"x_of": "years"}, True)):
        drawn = spec(figure("lines", rows, {"x": "x", "y": "y"} | more), width=WIDE)
        axis = next(a for layer in drawn["layer"] if (a := layer["encoding"]["x"].get("axis")))
        assert ("labelExpr" not in axis) == years


def _rows(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for layer in drawn["layer"] for row in layer["data"]["values"]]
