"""Actual values against their targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.parts import Key, Keys
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import ranged, widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, wrap

Row = Mapping[str, Any]

_TRACK = 18.0
_THICK = 8.0
_BETWEEN = 12.0
_NUMBERS = ("value", "target", "target_high", "lower", "upper")
_MISSING = "no matching series"


@dataclass(frozen=True)
class _Gauge:
    """One row: what it measures, how its numbers are written, and what is said beside it."""

    row: Row
    name: tuple[str, ...]
    numbers: Numbers
    said: tuple[str, ...]
    verdict: tuple[str, ...]
    span: tuple[float, float]
    """The values at the ends of an axis of its own; (0, 1) on a common axis."""

    def at(self, value: float) -> float:
        """A value on the axis."""
        return (value - self.span[0]) / (self.span[1] - self.span[0])

    @property
    def name_height(self) -> float:
        return len(self.name) * line_height(theme.BODY)

    @property
    def said_height(self) -> float:
        return len(self.said) * line_height(theme.BODY) + len(self.verdict) * line_height(theme.SMALL)

    @property
    def said_width(self) -> float:
        return max(block_width(self.said, theme.BODY), block_width(self.verdict, theme.SMALL))


def gauge(data: Data, page: float) -> Mark:
    """Category with the actual value as a bar and the target as a tick or a band.

    Rows of one unit share an axis; rows of several units are each drawn to their own scale, without an axis.
    """
    narrow = parts.is_narrow(page)
    common = len({_unit(data, row) for row in data.rows}) == 1
    gauges = [_read(data, row, page, common) for row in data.rows]
    keys = Keys(_keys(data), page)
    top = keys.height + (parts.AXIS_LINE if common else 0)
    left = 10.0 if narrow else max(block_width(g.name, theme.BODY) for g in gauges) + parts.GAP
    right = 22.0 if narrow else max(g.said_width for g in gauges) + parts.GAP + 8
    along, margins = ranged(0.0, 1.0, 1), Margins(left, top, right)
    if common:
        ends = widened(data.numbers(*_NUMBERS), zero=True)
        along, margins = parts.fitted(page, margins, ends, gauges[0].numbers)
    sheet = Sheet(page, top, margins, along.ends)
    if common:
        sheet.x_axis = parts.value_axis(along, gauges[0].numbers, "top")
    keys.draw(sheet)
    tracks, end = [], top + 6
    for g in gauges:
        track, end = _write(sheet, data, g, end, narrow)
        tracks.append(track)
    sheet.height = end
    _draw(sheet, data, gauges, tracks)
    return sheet.spec()


def _unit(data: Data, row: Row) -> str:
    return data.text(row, "unit") or data.unit


def _values(data: Data, row: Row) -> list[float]:
    return [v for role in _NUMBERS if (v := data.number(row, role)) is not None]


def _read(data: Data, row: Row, page: float, common: bool) -> _Gauge:
    values = _values(data, row)
    numbers = Numbers.of(data.numbers(*_NUMBERS) if common else values, _unit(data, row))
    wide = page if parts.is_narrow(page) else page * 0.3
    value = data.number(row, "value")
    actual = _MISSING if value is None else numbers.short(value) + data.star(row)
    if numbers.word and not common and value is not None:
        actual += f" {numbers.word}"
    return _Gauge(
        row,
        wrap(data.text(row, "category"), wide, theme.BODY),
        numbers,
        wrap(f"{actual}; target {_target(data, row, numbers.unit)}", wide, theme.BODY),
        wrap(verdict, wide, theme.SMALL) if (verdict := data.text(row, "verdict")) else (),
        (0.0, 1.0) if common else widened(values, zero=True),
    )


def _target(data: Data, row: Row, unit: str) -> str:
    low, high = data.value(row, "target"), data.number(row, "target_high")
    numbers = Numbers.of([low] if high is None else [low, high], unit)
    if high is None:
        return parts.compared(data.text(row, "comparator"), numbers.short(low))
    return f"{numbers.bare(low)}\N{EN DASH}{numbers.short(high)}"


def _keys(data: Data) -> list[Key]:
    keys = [Key("actual", "bar", theme.ACCENT), Key("target", "tick", theme.INK)]
    if data.has("target_high"):
        keys.append(Key("target range", "bar", theme.SHADE))
    if data.has("lower"):
        keys.append(Key("interval", "line", theme.MUTED))
    if data.has("estimated"):
        keys.append(Key("estimated", "star", theme.MUTED))
    return keys


def _write(sheet: Sheet, data: Data, g: _Gauge, top: float, narrow: bool) -> tuple[float, float]:
    """Write one row's words below `top`; returns the middle of its track and where the row ends."""
    href = data.href(g.row)
    if narrow:
        track = top + g.name_height + _TRACK / 2 + 2
        said, x, end = track + _TRACK / 2 + 3, 0.0, track + _TRACK / 2 + 3 + g.said_height
        sheet.write(Label(0, top + g.name_height / 2, g.name, backed=True))
    else:
        height = max(_TRACK, g.name_height, g.said_height)
        track, said, x, end = (
            top + height / 2,
            top + (height - g.said_height) / 2,
            sheet.right + 8,
            top + height,
        )
        sheet.write(Label(0, track, g.name))
    down = len(g.said) * line_height(theme.BODY)
    muted = data.number(g.row, "value") is None
    sheet.write(
        Label(
            x, said + down / 2, g.said, colour=theme.MUTED if muted else theme.INK, href=href, backed=narrow
        )
    )
    if g.verdict:
        middle = said + down + len(g.verdict) * line_height(theme.SMALL) / 2
        sheet.write(Label(x, middle, g.verdict, theme.SMALL, colour=theme.MUTED, backed=narrow))
    return track, end + _BETWEEN


def _draw(sheet: Sheet, data: Data, gauges: list[_Gauge], tracks: list[float]) -> None:
    bands, bars, ticks, spans, zeros = [], [], [], [], []
    for g, y in zip(gauges, tracks, strict=True):
        track = {"y": y - _TRACK / 2, "y2": y + _TRACK / 2}
        value, low, high, lower, upper = (data.number(g.row, role) for role in _NUMBERS)
        name, link = data.text(g.row, "category"), data.href(g.row, "ref_target")
        about = f"{name}, target: {_target(data, g.row, g.numbers.unit)} {g.numbers.word}".rstrip()
        if low is not None and high is not None:
            band = {"x": g.at(low), "x2": g.at(high), "fill": theme.SHADE, "href": link, "aria": about}
            bands.append(track | band)
        for edge in (low, high):
            if edge is not None:
                tick = {"x": g.at(edge), "x2": g.at(edge), "stroke": theme.INK, "href": link, "aria": about}
                ticks.append(track | tick)
        if value is not None:
            bar: Mark = {"x": g.at(0), "x2": g.at(value), "y": y - _THICK / 2, "y2": y + _THICK / 2}
            aria = f"{name}: {data.words(g.row, value, g.numbers)}"
            bars.append(bar | {"fill": theme.ACCENT, "href": data.href(g.row), "aria": aria})
        if lower is not None and upper is not None:
            spans.append({"x": g.at(lower), "x2": g.at(upper), "y": y, "y2": y, "stroke": theme.MUTED})
        zeros.append(track | {"x": g.at(0), "x2": g.at(0), "stroke": theme.AXIS})
    sheet.draw({"type": "rect"}, bands, "x")
    sheet.draw({"type": "rect"}, bars, "x")
    sheet.draw({"type": "rule", "strokeWidth": 1.5}, spans, "x")
    sheet.draw({"type": "rule", "strokeWidth": 1}, zeros, "x")
    sheet.draw({"type": "rule", "strokeWidth": 2}, ticks, "x")
