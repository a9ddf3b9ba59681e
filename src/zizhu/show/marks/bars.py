"""Horizontal bars, with points of other bases beneath them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.parts import Key, Keys, Names
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import Range, ranged, widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet, joined
from zizhu.show.marks.text import Numbers, line_height, width, wrap

_DOTS = 13.0
_BETWEEN = 9.0
_NO_DATA = "no data"
_WIDE = 640.0
"""From this width in pixels on panels stand two abreast."""
_GAP = (24.0, 20.0)
POINTS = (
    ("circle", theme.INK, theme.INK),
    ("diamond", theme.PAPER, theme.INK),
    ("triangle-up", theme.MUTED, theme.MUTED),
    ("square", theme.PAPER, theme.MUTED),
)
"""Shape, fill and stroke of the points, in order of appearance."""

Row = Mapping[str, Any]


@dataclass
class _Entry:
    """One category: its bars, its points and its place."""

    name: str
    bars: list[Row] = field(default_factory=list)
    dots: list[Row] = field(default_factory=list)
    top: float = 0.0
    height: float = 0.0

    @property
    def thickness(self) -> float:
        """The height of a bar: one of several has that of its number, so that numbers do not touch."""
        return theme.BAR if len(self.bars) < 2 else line_height(self.size)

    @property
    def size(self) -> float:
        """The size of the numbers."""
        return theme.BODY if len(self.bars) < 2 else theme.SMALL

    @property
    def drawn(self) -> float:
        return max(1, len(self.bars)) * self.thickness + (_DOTS if self.dots else 0.0)

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def bars(data: Data, page: float) -> Mark:
    """Category x value, one bar a group; rows with a `mark` are points beneath. Panels have scales of their own."""
    panels = data.distinct("panel")
    if panels:
        return _panelled([data.section("panel", name) for name in panels], panels, page)
    keys = Keys(_keys(data), page)
    plan = _plan(data, page, keys.height)
    sheet = _drawn(data, page, plan, keys.height)
    keys.draw(sheet)
    return sheet.spec()


def _panelled(sections: list[Data], titles: list[str], page: float) -> Mark:
    """Panels of one size in a grid, two abreast on a wide page, each under its title and its axis."""
    columns = 2 if page >= _WIDE and len(sections) > 1 else 1
    outer = (page - (columns - 1) * _GAP[0]) / columns
    blocks = [wrap(title, outer, theme.BODY, bold=True) for title in titles]
    head = max(map(len, blocks)) * line_height(theme.BODY) + 4
    keys = Keys(_keys(sections[0]), page)
    plans = [_plan(one, outer, head) for one in sections]
    sides = {
        side: max(getattr(p.margins, side) for p in plans) for side in ("left", "top", "right", "bottom")
    }
    plans = [_plan(one, outer, head, Margins(**sides)) for one in sections]
    tall = max(plan.height for plan in plans)
    sheets = []
    for one, plan, block in zip(sections, plans, blocks, strict=True):
        sheet = _drawn(one, outer, replace(plan, height=tall), head)
        sheet.write(Label(0, len(block) * line_height(theme.BODY) / 2, block, bold=True))
        sheets.append(sheet)
    keys.draw(sheets[0], -keys.height)
    m, rows = plans[0].margins, -(-len(sheets) // columns)
    frame = {"x": -m.left, "x2": page - m.left, "y": -m.top - keys.height}
    frame["y2"] = frame["y"] + keys.height + rows * sheets[0].height + (rows - 1) * _GAP[1]
    gap = (m.left + m.right + _GAP[0], m.top + m.bottom + _GAP[1])
    return joined([sheet.view() for sheet in sheets], columns, gap, frame)


@dataclass(frozen=True)
class _Plan:
    """Where everything of one set of bars goes."""

    entries: list[_Entry]
    names: Names
    numbers: Numbers
    margins: Margins
    along: Range
    axis: bool
    height: float


def _plan(data: Data, page: float, head: float, least: Margins | None = None) -> _Plan:
    """The bars under `head` pixels of keys or titles, in margins of at least `least`."""
    numbers = Numbers.of(data.numbers("value"), data.unit)
    entries = _entries(data)
    names = Names.fit([e.name for e in entries], page)
    with_axis = bool(data.has("mark") or data.has("lower"))
    top = head + (parts.AXIS_LINE if with_axis else 0) + parts.reference_height(data, page)
    end = _stack(entries, names, top + 4)
    margins = _margins(data, numbers, names, page, top)
    if least is not None:
        margins = replace(margins, left=max(margins.left, least.left), right=max(margins.right, least.right))
    ends = widened(data.numbers("value", "lower", "upper", "reference"), zero=True)
    along = ranged(*ends, 1)
    if with_axis:
        along, margins = parts.fitted(page, margins, ends, numbers)
    return _Plan(entries, names, numbers, margins, along, with_axis, end + parts.note_height(data))


def _drawn(data: Data, page: float, plan: _Plan, head: float) -> Sheet:
    sheet = Sheet(page, plan.height, plan.margins, plan.along.ends)
    if plan.axis:
        sheet.x_axis = parts.value_axis(plan.along, plan.numbers, "top")
    _draw_bars(sheet, data, plan.entries, plan.numbers)
    _draw_points(sheet, data, plan.entries, plan.numbers)
    _draw_reference(sheet, data, plan.entries, plan.numbers, head)
    sheet.write(*(plan.names.label(e.name, e.middle) for e in plan.entries))
    end = plan.height - parts.note_height(data)
    sheet.write(*parts.star_note(data, page, end + parts.KEY_LINE / 2))
    return sheet


def _entries(data: Data) -> list[_Entry]:
    entries = {name: _Entry(name) for name in data.distinct("category")}
    for row in data.rows:
        entry = entries[data.text(row, "category")]
        (entry.dots if data.text(row, "mark") else entry.bars).append(row)
    return list(entries.values())


def _stack(entries: list[_Entry], names: Names, top: float) -> float:
    for entry in entries:
        entry.top, entry.height = top, max(entry.drawn, names.height(entry.name)) + _BETWEEN
        top += entry.height
    return top


def _margins(data: Data, numbers: Numbers, names: Names, page: float, top: float) -> Margins:
    """Room for the value labels beyond the longest bars, on either side."""
    texts: dict[bool, list[float]] = {True: [16.0], False: [0.0]}
    for row in data.rows:
        value = data.number(row, "value")
        if not data.text(row, "mark"):
            text = _value_text(data, row, numbers)
            texts[value is None or value >= 0].append(width(text, theme.BODY) + 8)
    left = names.column + parts.GAP + max(texts[False])
    return Margins(left, top, min(max(texts[True]), page / 3), parts.note_height(data))


def _value_text(data: Data, row: Row, numbers: Numbers) -> str:
    value = data.number(row, "value")
    return _NO_DATA if value is None else numbers.short(value) + data.star(row)


def _fill(data: Data, row: Row) -> str:
    if data.has("accent"):
        return theme.ACCENT if data.flag(row, "accent") else theme.CONTEXT
    groups, group = data.distinct("group"), data.text(row, "group")
    if not groups:
        return theme.ACCENT
    return theme.series(groups.index(group)) if group else theme.CONTEXT


def _keys(data: Data) -> list[Key]:
    keys = [Key(group, "bar", theme.series(i)) for i, group in enumerate(data.distinct("group"))]
    if not keys and data.setting("value_label"):
        keys = [Key(data.setting("value_label"), "bar", theme.ACCENT)]
    if data.has("lower"):
        keys.append(Key("interval", "line", theme.INK))
    for i, mark in enumerate(data.distinct("mark")):
        keys.append(Key(mark, *POINTS[i % len(POINTS)]))
    if data.has("reference") and parts.single_reference(data) is None:
        keys.append(Key(data.setting("reference_label", "reference"), "tick", theme.INK))
    return keys


def _draw_bars(sheet: Sheet, data: Data, entries: list[_Entry], numbers: Numbers) -> None:
    rects, whiskers = [], []
    for entry in entries:
        y = entry.middle - entry.drawn / 2
        for row in entry.bars:
            value, href = data.number(row, "value"), data.href(row)
            middle = y + entry.thickness / 2
            if value is not None:
                about = ", ".join(filter(None, (entry.name, data.text(row, "group"))))
                aria = f"{about}: {data.words(row, value, numbers)}"
                box: Mark = {"x": 0, "x2": value, "y": y + 0.5, "y2": y + entry.thickness - 0.5}
                rects.append(box | {"fill": _fill(data, row), "href": href, "aria": aria})
            low, high = data.number(row, "lower"), data.number(row, "upper")
            if low is not None and high is not None:
                whiskers.append({"x": low, "x2": high, "y": middle, "y2": middle, "stroke": theme.INK})
            label = _value_label(sheet, data, row, numbers, middle)
            sheet.write(replace(label, size=entry.size))
            y += entry.thickness
    sheet.draw({"type": "rect"}, rects, "x")
    sheet.draw({"type": "rule", "strokeWidth": 1.5}, whiskers, "x")
    zero = {
        "x": 0,
        "x2": 0,
        "y": entries[0].top,
        "y2": entries[-1].top + entries[-1].height,
        "stroke": theme.AXIS,
    }
    sheet.draw({"type": "rule", "strokeWidth": 1}, [zero], "x")


def _value_label(sheet: Sheet, data: Data, row: Row, numbers: Numbers, y: float) -> Label:
    value, text, href = data.number(row, "value"), _value_text(data, row, numbers), data.href(row)
    if value is None:
        return Label(sheet.x(0) + 5, y, (text,), colour=theme.MUTED)
    if value < 0:
        low = data.number(row, "lower")
        return Label(
            sheet.x(value if low is None else min(low, value)) - 5, y, (text,), align="right", href=href
        )
    high = data.number(row, "upper")
    return Label(sheet.x(value if high is None else max(high, value)) + 5, y, (text,), href=href)


def _draw_points(sheet: Sheet, data: Data, entries: list[_Entry], numbers: Numbers) -> None:
    marks = data.distinct("mark")
    dots, threads = [], []
    for entry in entries:
        y = entry.middle + entry.drawn / 2 - _DOTS / 2 + 1
        known = sorted(v for row in entry.dots if (v := data.number(row, "value")) is not None)
        threads += [{"x": a, "x2": b, "y": y, "y2": y, "stroke": theme.CONTEXT} for a, b in pairwise(known)]
        for row in entry.dots:
            value, mark = data.number(row, "value"), data.text(row, "mark")
            if value is not None:
                shape, fill, stroke = POINTS[marks.index(mark) % len(POINTS)]
                aria = f"{entry.name}, {mark}: {data.words(row, value, numbers)}"
                dot: Mark = {"x": value, "y": y, "shape": shape, "fill": fill, "stroke": stroke}
                dots.append(dot | {"href": data.href(row), "aria": aria})
    sheet.draw({"type": "rule", "strokeWidth": 1}, threads, "x")
    sheet.draw(parts.DOT, dots, "x")


def _draw_reference(sheet: Sheet, data: Data, entries: list[_Entry], numbers: Numbers, top: float) -> None:
    line = parts.single_reference(data)
    if line is not None:
        parts.draw_reference(sheet, data, line, top, entries[-1].top + entries[-1].height, numbers)
        return
    rules = []
    for entry in entries:
        for row in entry.bars:
            value = data.number(row, "reference")
            if value is not None:
                half = entry.drawn / 2 + 2
                aria = f"{entry.name}, {data.setting('reference_label', 'reference')}: {numbers.full(value)}"
                span: Mark = {"x": value, "x2": value, "y": entry.middle - half, "y2": entry.middle + half}
                rules.append(span | {"stroke": theme.INK, "aria": aria})
    sheet.draw({"type": "rule", "strokeWidth": 2}, rules, "x")
