"""Lines over time: reading them from rows, and drawing them on a sheet with their bands, events and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil, floor, hypot
from typing import Any, NamedTuple

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.place import Box, spread
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import is_calendar, ranged, widened, year_ticks
from zizhu.show.marks.sheet import Label, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, width, wrap

Row = Mapping[str, Any]

_YEAR_SPACE = 46.0
_NUMBER_SPACE = 34
_QUARTER_SPACE = 64.0
_SHORT_SPAN = 2.5
_LINE: Mark = {"type": "line", "strokeWidth": 2, "strokeJoin": "round", "strokeCap": "round"}
_DOTS: Mark = _LINE | {"strokeDash": [2, 4]}
_DASHES: Mark = _LINE | {"strokeDash": [7, 4]}
_BAND_OPACITY = 0.16
_HIT = 110
_SAMPLE = 4.0
_AWAY = (5.0, 10.0, 18.0, 28.0, 40.0)
_BESIDE = 9.0
_MARK_SHARE = 0.6
_SHIFTS = (0.5, 0.0, 1.0, 0.25, 0.75)
YEARS = "years"
"""The setting `x_of` of points that are years, or days that lie half a year further left on their axis."""


@dataclass(frozen=True)
class Point:
    """One row of a curve that has a value."""

    x: float
    y: float
    row: Row
    rank: int
    """Its place among all rows of the curve: a gap in the ranks is a gap in the line."""


@dataclass(frozen=True)
class Curve:
    """One series: its name, colour and points in order of time."""

    name: str
    colour: str
    points: tuple[Point, ...]
    dashed: bool = False

    @property
    def last(self) -> Point:
        """The latest point."""
        return self.points[-1]


@dataclass(frozen=True)
class Happening:
    """A dated event to be marked by a vertical rule."""

    x: float
    label: str


def read_curves(data: Data, rows: Iterable[Row]) -> list[Curve]:
    """The series among `rows`, those in grey first, so that the coloured ones are drawn above them."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        if not (data.text(row, "event") or data.text(row, "beside")):
            by_name.setdefault(data.text(row, "series"), []).append(row)
    curves = []
    for name, own in by_name.items():
        ordered = sorted(own, key=lambda row: data.period(row, "x"))
        points = tuple(
            Point(data.period(row, "x"), y, row, rank)
            for rank, row in enumerate(ordered)
            if (y := data.number(row, "y")) is not None
        )
        if points:
            dashed = any(data.flag(row, "dashed") for row in own)
            curves.append(Curve(name, _colour(data, name, own), points, dashed))
    return sorted(curves, key=lambda curve: curve.colour != theme.CONTEXT)


def read_events(data: Data, rows: Iterable[Row]) -> list[Happening]:
    """The events among `rows` in order of time, each once."""
    found = {Happening(data.period(r, "x"), label) for r in rows if (label := data.text(r, "event"))}
    return sorted(found, key=lambda event: (event.x, event.label))


def _colour(data: Data, name: str, rows: Sequence[Row]) -> str:
    if data.has("accent"):
        return theme.ACCENT if any(data.flag(row, "accent") for row in rows) else theme.CONTEXT
    if family := next((f for row in rows if (f := data.text(row, "family"))), ""):
        return theme.series(data.distinct("family").index(family))
    names = data.distinct("series") or [""]
    return (
        theme.SERIES[names.index(name)]
        if len(names) <= len(theme.SERIES) and name in names
        else theme.CONTEXT
    )


def text_colour(curve: Curve) -> str:
    """The colour of a curve's label: its own, but legible where the curve is grey."""
    return theme.MUTED if curve.colour == theme.CONTEXT else curve.colour


class Across(NamedTuple):
    """The horizontal range, and whether it counts whole years.

    A value of a year stands in the middle of it, at the number of the year, which ends half a year further right.
    """

    low: float
    high: float
    yearly: bool

    @property
    def ends(self) -> tuple[float, float]:
        """Where it begins and ends."""
        return self.low, self.high

    @property
    def is_short(self) -> bool:
        """Whether it is told by quarters."""
        return not self.yearly and is_calendar(self.ends) and self.high - self.low < _SHORT_SPAN


def read_across(data: Data) -> Across:
    """The range of all rows: of years where every point is of one, or where `x_of` says so."""
    points = [data.period(row, "x") for row in data.rows if not data.text(row, "event")]
    low, high = widened([data.period(row, "x") for row in data.rows], zero=False)
    whole = is_calendar((low, high)) and all(x == floor(x) for x in points)
    return Across(low, high, whole or data.setting("x_of") == YEARS)


def period_axis(across: Across, room: float) -> Mark:
    """The horizontal axis: years, quarters of a short span of years, or plain numbers."""
    low, high, yearly = across
    axis: Mark = {"orient": "bottom", "domain": True, "grid": False, "ticks": True, "tickSize": 4}
    if not is_calendar((low, high)):
        at = ranged(low, high, max(1, int(room / _NUMBER_SPACE))).ticks()
        return axis | {"values": at, "format": parts.tick_format(at, Numbers("", 0))}
    if not across.is_short:
        years = year_ticks(low, high, max(1, int(room / _YEAR_SPACE)))
        apart = yearly and _is_every_year(years)
        below = axis["tickSize"] + 2  # as far down as with ticks
        return (
            axis
            | {"values": years, "format": "d", "ticks": not apart}
            | ({"labelPadding": below} if apart else {})
        )
    at = [quarter / 4 for quarter in range(ceil(low * 4 - 1e-6), floor(high * 4 + 1e-6) + 1)]
    step = -(-len(at) // max(1, int(room / _QUARTER_SPACE))) or 1
    quarter = "['Jan','Apr','Jul','Oct'][round((datum.value % 1) * 4) % 4]"
    return axis | {
        "values": at[::step],
        "labelExpr": f"{quarter} + ' ' + format(floor(datum.value + 0.01), 'd')",
    }


def _is_every_year(years: Sequence[float]) -> bool:
    return all(b - a == 1 for a, b in pairwise(years))


def draw_ends_of_years(sheet: Sheet, across: Across) -> None:
    """Ticks between the years that are named, where all of them are."""
    axis = sheet.x_axis
    if axis is None or axis["ticks"]:
        return
    ends = [year + 0.5 for year in axis["values"] if year + 0.5 <= across.high]
    ticks = [{"x": sheet.x(x), "x2": sheet.x(x), "y": sheet.bottom, "y2": sheet.bottom + 4} for x in ends]
    sheet.draw({"type": "rule", "strokeWidth": 1}, [tick | {"stroke": theme.AXIS} for tick in ticks])


def period_overhang(across: Across) -> float:
    """How far the first or last label of the horizontal axis may reach beyond it."""
    return width("Jan 2000" if across.is_short else "2000", theme.SMALL) / 2 + 2


def draw_curves(sheet: Sheet, data: Data, curves: Sequence[Curve], numbers: Numbers, about: str = "") -> None:
    """Bands, lines (dotted where they are forecasts), end points, and an unseen target on every linked point."""
    bands, dots, hits = [], [], []
    solid: list[Mark] = []
    dashed: list[Mark] = []
    dotted: list[Mark] = []
    for i, curve in enumerate(curves):
        style: Mark = {"stroke": curve.colour}
        for k, run in enumerate(_runs(curve.points)):
            lows = [(p, data.number(p.row, "lower"), data.number(p.row, "upper")) for p in run]
            spans = [{"x": p.x, "y": a, "y2": b} for p, a, b in lows if a is not None and b is not None]
            bands += [s | {"fill": curve.colour, "detail": f"{i}.{k}"} for s in spans]
            for j, (a, b) in enumerate(pairwise(run)):
                target = dotted if data.flag(b.row, "forecast") else dashed if curve.dashed else solid
                target += [style | {"x": p.x, "y": p.y, "detail": f"{i}.{k}.{j}"} for p in (a, b)]
        for point in curve.points:
            name = ", ".join(filter(None, (about, curve.name, period_text(data, point.row))))
            aria = f"{name}: {data.words(point.row, point.y, numbers)}"
            href = data.href(point.row)
            spot: Mark = {"x": point.x, "y": point.y, "fill": curve.colour, "href": href, "aria": aria}
            if point is curve.last or len(curve.points) == 1:
                dots.append(spot | {"stroke": curve.colour})
            elif href:
                hits.append(spot | {"stroke": theme.PAPER})
    sheet.draw({"type": "area", "opacity": _BAND_OPACITY}, bands, "xy")
    sheet.draw(_LINE, solid, "xy")
    sheet.draw(_DASHES, dashed, "xy")
    sheet.draw(_DOTS, dotted, "xy")
    sheet.draw(parts.DOT | {"size": _HIT, "opacity": 0}, hits, "xy")
    sheet.draw(parts.DOT | {"size": 34, "strokeWidth": 0}, dots, "xy")


def draw_beside(sheet: Sheet, data: Data, rows: Iterable[Row], numbers: Numbers, about: str = "") -> None:
    """A small hollow point for every row that is `beside` the curves: another release or source of a period."""
    spots = []
    for row in rows:
        said, y = data.text(row, "beside"), data.number(row, "y")
        if said and y is not None:
            name = ", ".join(filter(None, (about, said, period_text(data, row))))
            aria = f"{name}: {data.words(row, y, numbers)}"
            spots.append({"x": data.period(row, "x"), "y": y, "href": data.href(row), "aria": aria})
    marks = [spot | {"fill": theme.PAPER, "stroke": theme.MUTED} for spot in spots]
    sheet.draw(parts.DOT | {"size": 26, "strokeWidth": 1.2}, marks, "xy")


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """The points between gaps."""
    return [[p for _, p in run] for _, run in groupby(enumerate(points), key=lambda ip: ip[1].rank - ip[0])]


def period_text(data: Data, row: Row) -> str:
    """The period as the row gives it, whole numbers without a decimal point."""
    return data.text(row, "x").removesuffix(".0")


def end_labels(sheet: Sheet, curves: Sequence[Curve], labels: Sequence[Label]) -> None:
    """Write one label a curve at the right, moved apart where they would meet, with a leader to a moved one."""
    sizes = [label.box().bottom - label.box().top + 1 for label in labels]
    wanted = [sheet.y(curve.last.y) for curve in curves]
    placed = spread(wanted, sizes, sheet.margins.top - 6, sheet.bottom + 6)
    leaders = []
    for curve, label, y, want in zip(curves, labels, placed, wanted, strict=True):
        end = sheet.x(curve.last.x)
        if abs(y - want) > sizes[0] / 3 or label.x - end > 16:
            leaders.append({"x": end + 4, "x2": label.x - 2, "y": want, "y2": y, "stroke": theme.AXIS})
        sheet.write(replace(label, y=y))
    sheet.draw({"type": "rule", "strokeWidth": 0.7}, leaders)


def draw_marks(sheet: Sheet, data: Data, curves: Sequence[Curve], numbers: Numbers, about: str = "") -> None:
    """Ring every point that has a `mark` and set its label where it covers least."""
    rings, leaders = [], []
    inked = [spot for curve in curves for spot in _samples(sheet, curve)]
    for curve in curves:
        for point in curve.points:
            mark = data.text(point.row, "mark")
            if mark:
                name = ", ".join(filter(None, (about, curve.name, period_text(data, point.row), mark)))
                aria = f"{name}: {data.words(point.row, point.y, numbers)}"
                ring: Mark = {"x": point.x, "y": point.y, "fill": theme.PAPER, "stroke": curve.colour}
                rings.append(ring | {"href": data.href(point.row), "aria": aria})
                x, y = sheet.x(point.x), sheet.y(point.y)
                label = settled(sheet, mark, x, y, text_colour(curve), inked)
                if label:
                    sheet.write(label)
                    leaders += _leader(label.box(), x, y)
    sheet.draw({"type": "rule", "strokeWidth": 0.7}, leaders)
    sheet.draw(parts.DOT | {"size": 50, "strokeWidth": 2}, rings, "xy")


def _leader(box: Box, x: float, y: float) -> list[Mark]:
    """A thin line from a point to its label, unless the label stands beside it."""
    near_x, near_y = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
    if hypot(near_x - x, near_y - y) < _BESIDE:
        return []
    return [{"x": x, "y": y, "x2": near_x, "y2": near_y, "stroke": theme.AXIS}]


def settled(
    sheet: Sheet, text: str, x: float, y: float, colour: str, inked: Sequence[tuple[float, float]]
) -> Label | None:
    """A small label near (x, y) where it covers the fewest points of `inked`.

    None when every place near it is taken by another label; the mark's description still holds the text.
    """
    lines = wrap(text, _MARK_SHARE * (sheet.right - sheet.margins.left), theme.SMALL)
    wide, half = block_width(lines, theme.SMALL), len(lines) * line_height(theme.SMALL) / 2
    choices = []
    for away in _AWAY:
        for up in (-1, 1):
            for part in _SHIFTS:
                left = min(max(x - part * wide, sheet.margins.left), sheet.width - wide)
                choices.append(Label(left, y + up * (away + half), lines, theme.SMALL, colour=colour))
        choices.append(Label(x + away + 4, y, lines, theme.SMALL, colour=colour))
        choices.append(Label(x - away - 4, y, lines, theme.SMALL, "right", colour))
    reach = wide + 2 * half + _AWAY[-1]
    near = [(a, b) for a, b in inked if abs(a - x) < reach and abs(b - y) < reach]
    taken = [label.box() for label in sheet.labels()]
    room = Box(sheet.margins.left, sheet.margins.top, sheet.width, sheet.bottom)
    free = [
        label
        for label in choices
        if room.contains(label.box()) and not any(label.box().overlap(box) for box in taken)
    ]
    return min(free, key=lambda label: _covered(label, near), default=None)


def _covered(label: Label, inked: Iterable[tuple[float, float]]) -> int:
    """How many points of `inked` lie under a label."""
    box = label.box()
    return sum(box.holds(a, b) for a, b in inked)


def _samples(sheet: Sheet, curve: Curve) -> list[tuple[float, float]]:
    spots = []
    for a, b in pairwise(curve.points):
        x, y, x2, y2 = sheet.x(a.x), sheet.y(a.y), sheet.x(b.x), sheet.y(b.y)
        count = int(max(abs(x2 - x), abs(y2 - y)) / _SAMPLE) + 1
        spots += [(x + (x2 - x) * i / count, y + (y2 - y) * i / count) for i in range(count + 1)]
    return spots


def draw_reference(sheet: Sheet, data: Data, curves: Sequence[Curve]) -> None:
    """A dashed horizontal rule at the reference value, with its label where it covers least."""
    line = parts.single_reference(data, [point.row for curve in curves for point in curve.points])
    if line is None:
        return
    y = sheet.y(line)
    rule = {"x": sheet.margins.left, "x2": sheet.right, "y": y, "y2": y, "stroke": theme.MUTED}
    sheet.draw(parts.DASHED, [rule])
    inked = [spot for curve in curves for spot in _samples(sheet, curve)]
    inked += [(x, y) for x in range(int(sheet.margins.left), int(sheet.right), int(_SAMPLE))]
    text = parts.reference_text(data, line)
    along = sheet.right - sheet.margins.left
    options = [
        label
        for share in (0.02, 0.25, 0.5, 0.75)
        if (label := settled(sheet, text, sheet.margins.left + share * along, y, theme.MUTED, inked))
    ]
    if options:
        sheet.write(min(options, key=lambda label: _covered(label, inked)))
