"""Measuring, wrapping and writing text; scales and periods."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from zizhu.show.marks.scale import (
    Range,
    decimals,
    level,
    position,
    ranged,
    read_domain,
    rounded,
    widened,
    year_ticks,
)
from zizhu.show.marks.text import Numbers, printable, width, wrap

WORDS = st.lists(st.text("abcdefghij-/", min_size=1, max_size=14), min_size=1, max_size=9).map(" ".join)
FINITE = st.floats(-1e9, 1e9).map(lambda v: round(v, 3))


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "Computer, electronic and optical products",
        "74.2 % (1,234 GW) \N{MINUS SIGN}0.5",
        "Île-de-France, São Paulo, Łódź",
        "WMW @ fjord",
    ],
)
def test_widths_agree_with_those_of_the_engines_own_font(text: str, bold: bool) -> None:
    many = text * 8
    mark = {"type": "text", "font": "Liberation Sans", "fontSize": 12, "limit": 0, "align": "left"}
    mark |= {"fontWeight": "bold"} if bold else {}
    spec = {
        "data": {"values": [{"t": many}]},
        "width": 1,
        "height": 1,
        "padding": 0,
        "mark": mark,
        "encoding": {"text": {"field": "t"}, "x": {"value": 0}},
        "config": {"view": {"stroke": None}},
    }
    drawn = vl_convert.vegalite_to_svg(spec, "6.4")
    measured = float(re.search(r'width="([\d.]+)"', drawn)[1])
    if bold:
        assert measured * 0.99 <= width(many, 12, bold) <= measured * 1.12
    else:
        assert width(many, 12) == pytest.approx(measured, rel=0.01)


@given(WORDS, st.floats(20, 300))
def test_wrapping_keeps_every_letter_and_the_limit(text: str, limit: float) -> None:
    lines = wrap(text, limit, 12)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, 12) <= limit + 1e-6 for line in lines)


@given(WORDS, st.floats(100, 300))
def test_wrapping_takes_no_more_lines_than_filling_each_in_turn(text: str, limit: float) -> None:
    count, line = 1, ""
    for word in re.findall(r"[^ /-]*[/-]+ *|[^ /-]+ *", text):
        if line and width((line + word).rstrip(), 12) > limit:
            count, line = count + 1, ""
        line += word
    assert len(wrap(text, limit, 12)) <= count


def test_wrapping_makes_lines_even_and_leaves_the_sign_with_its_number() -> None:
    assert wrap("Basic pharmaceutical products and pharmaceutical preparations", 260, 12) == (
        "Basic pharmaceutical products",
        "and pharmaceutical preparations",
    )
    assert wrap("European Union 17.1 %", 96, 12) == ("European", "Union 17.1 %")
    assert len(wrap("中国制造二〇二五的十个重点领域", 60, 12)) == 3


@pytest.mark.parametrize(
    ("values", "unit", "written"),
    [
        ([0.742, 0.1], "share of output", ["74.2 %", "10.0 %"]),
        ([0.0138, 0.0049], "share", ["1.38 %", "0.49 %"]),
        ([74.2, 0.01], "percent", ["74.2 %", "< 0.1 %"]),
        ([40.0, 70.0], "%", ["40 %", "70 %"]),
        ([12345.6, -0.2], "million USD", ["12,346", ">\N{MINUS SIGN}1"]),
        ([182.4, 3.26], "bn USD", ["182.4", "3.3"]),
        ([3.14159], "ratio", ["3.14"]),
        ([-2.5, 1.25], "percent", ["\N{MINUS SIGN}2.50 %", "1.25 %"]),
        ([0.0], "percent", ["0 %"]),
    ],
)
def test_numbers_have_sensible_digits(values: list[float], unit: str, written: list[str]) -> None:
    numbers = Numbers.of(values, unit)
    assert [numbers.short(v) for v in values] == written


def test_a_line_that_ends_just_below_zero_ends_about_there() -> None:
    shares, money = Numbers("share", 1), Numbers("million USD", 1)
    assert shares.closing(-0.0001) == "\N{ALMOST EQUAL TO} 0 %"
    assert money.closing(-0.01) == "\N{ALMOST EQUAL TO} 0"
    assert [shares.closing(v) for v in (-0.001, 0.0, 0.0001)] == [
        shares.short(v) for v in (-0.001, 0.0, 0.0001)
    ]


def test_full_numbers_name_their_unit() -> None:
    assert Numbers.of([1200.0], "GW").full(1200) == "1,200 GW"
    assert Numbers.of([33.0], "count").full(33) == "33"
    assert Numbers.of([0.123], "share of output").full(0.123) == "12.3 %"


def test_text_is_stripped_of_what_a_drawing_cannot_hold() -> None:
    assert printable("a\x00b\u202ec\n d\ud800") == "abc d"


@given(FINITE, FINITE, st.integers(2, 8))
def test_a_rounded_range_holds_the_values_and_ends_on_ticks(a: float, b: float, count: int) -> None:
    low, high = widened([a, b], zero=False)
    along = rounded(low, high, count)
    ticks = along.ticks()
    assert along.low <= low + 1e-8 * along.step
    assert along.high >= high - 1e-8 * along.step
    assert ticks[0] == pytest.approx(along.low)
    assert ticks[-1] == pytest.approx(along.high)
    assert len(ticks) <= count + 3
    steps = {round((t2 - t1) / along.step, 6) for t1, t2 in pairwise(ticks)}
    assert steps <= {1.0}


def test_values_that_hardly_differ_still_make_a_range() -> None:
    assert widened([5.0, 5.0 + 1e-14], zero=False) == (4.0, 6.0)
    assert rounded(*widened([1e-12, 3e-12], zero=False), 4).ends == (1e-12, 3e-12)
    assert widened([0.0], zero=True) == (0.0, 1.0)


def test_an_axis_starts_at_zero_unless_its_values_lie_high() -> None:
    assert level([10, 40], 5).ends == (0, 40)
    assert level([96, 99], 5).low > 90
    assert level([-5, 40], 5).low <= -5
    assert level([-40, -10], 5).high == 0


def test_values_that_pass_zero_by_little_take_no_whole_step() -> None:
    along = level([-0.5, 40], 5)
    assert along.ends == (-0.5, 40)
    assert along.ticks() == [0, 10, 20, 30, 40]
    assert level([-40, 0.5], 5).ends == (-40, 0.5)
    assert level([-5, 40], 5).low == -10
    assert ranged(0, 100, 5) == Range(0, 100, 20)


@pytest.mark.parametrize(
    ("period", "years"),
    [
        (2019, 2019.0),
        ("2019", 2019.0),
        ("2019Q3", 2019.5),
        ("2019-Q3", 2019.5),
        ("2019H2", 2019.5),
        ("2019-07", 2019.5),
        ("2019-07-01", 2019.5),
        (12.5, 12.5),
    ],
)
def test_periods_are_read_as_years(period: object, years: float) -> None:
    assert position(period) == pytest.approx(years)


@pytest.mark.parametrize("period", ["soon", "", None, True, math.inf, "2019/07", [2019]])
def test_what_is_no_period_is_refused(period: object) -> None:
    assert position(period) is None


@given(st.integers(1950, 2020), st.integers(1, 60), st.integers(1, 12))
def test_year_ticks_are_whole_years_and_not_too_many(first: int, span: int, count: int) -> None:
    years = year_ticks(first, first + span, count)
    assert len(years) <= count
    assert all(first <= y <= first + span and y == int(y) for y in years)


def test_decimals_and_domains() -> None:
    assert decimals([0.0, 0.25, 1.0]) == 2
    assert decimals([10, 20]) == 0
    assert read_domain("0 100") == (0.0, 100.0)
    assert [read_domain(t) for t in ("100 0", "0", "a b", "0 nan", "0 inf")] == [None] * 5
